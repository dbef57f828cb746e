"""Follow both of the practitioner's hands through a stream of frames."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from trainer.capture.frame import Frame
from trainer.errors import PijatError
from trainer.language import Text, number
from trainer.perception.contact import ContactModel
from trainer.perception.flow import FlowPictures, patch_points
from trainer.perception.landmarker import Detection, HandLandmarker
from trainer.perception.observation import HANDS, Hand, HandObservation, HandPair, Status
from trainer.perception.plausibility import UsualSize, plausible
from trainer.perception.second_look import Box, CropWindow, Ration, crop_target
from trainer.perception.sides import Expected, SideAssigner, hidden_share, merge_duplicates, separation

_SAME_PLACE = 0.5  # in hand sizes: mean landmark distance under which a lost hand is on the other one
_HIDDEN = 0.4  # share of a lost hand's points under the other hand from which on it is no longer followed
_STUCK_S = 0.2  # seconds with an implausible hand after which the landmarker is made to search anew
_REMEMBERED_S = 3.0  # after being lost, a hand that comes back near its place keeps its name for so long
_SPREAD_PER_S = 0.3  # hand sizes by which the place of a hand that is not detected becomes less certain
_OTHER: dict[Hand, Hand] = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class TrackerSettings:
    """What the tracker may be told; goes into ``session.json``.

    Attributes
    ----------
    detection, presence : float
        MediaPipe's thresholds to accept a palm and to keep a hand.
    second_looks : float
        Extra looks per frame, at most, over a long stretch.
    flow_s : float
        Seconds that a hand may be followed by flow alone.
    likeness : float
        Correlation with the hand's last detected picture, below which flow has lost it.
    flow_sigma : float
        Growth of the contact's standard deviation while followed by flow, in hand sizes per root second.
    flow_side_px : float
        Longer side of the grey picture used for flow, in pixels.
    """

    detection: float = 0.4
    presence: float = 0.4
    second_looks: float = 0.12
    flow_s: float = 1.2
    likeness: float = 0.5
    flow_sigma: float = 0.1
    flow_side_px: float = 640.0


@dataclass(frozen=True, eq=False)
class _Followed:
    """A hand as last known: where, how large, and since when it has not been detected."""

    keypoints: NDArray[np.float64]
    size: float
    score: float
    seen_s: float
    contact: NDArray[np.float64]
    sigma: float
    velocity: NDArray[np.float64]  # pixels per second
    portrait: NDArray[np.float32] | None = None  # what it looked like when last detected, once it is lost


class HandTracker:
    """Both hands, frame after frame, causally: the live trainer and the file analysis use the same one.

    One instance per stream; `update` is called with frames in order.  Must be closed (context manager).

    Parameters
    ----------
    model : bytes
        A ``hand_landmarker.task`` bundle.
    settings : TrackerSettings, optional
        Thresholds and budgets.

    Attributes
    ----------
    model_sha256 : str
        Of the bundle in use, hexadecimal, for the session's record.

    Raises
    ------
    PijatError
        When MediaPipe, the system's GL libraries or a model are missing or broken.
    """

    def __init__(self, model: bytes, settings: TrackerSettings | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self.model_sha256 = hashlib.sha256(model).hexdigest()
        self._contact = ContactModel()
        detection, presence = self.settings.detection, self.settings.presence
        self._main = HandLandmarker(model, detection=detection, presence=presence)
        try:
            self._second = HandLandmarker(model, detection=detection, presence=presence)
        except BaseException:
            self._main.close()
            raise
        self._sides = SideAssigner()
        self._crop = CropWindow()
        self._ration = Ration(self.settings.second_looks)
        self._flow = FlowPictures(self.settings.flow_side_px)
        self._followed: dict[Hand, _Followed] = {}
        self._lost: dict[Hand, _Followed] = {}
        self._usual = UsualSize()
        self._time_s = -math.inf
        self._stuck_since_s: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the landmarkers; closing twice is harmless."""
        self._main.close()
        self._second.close()

    def update(self, frame: Frame, roi_px: Box | None = None) -> HandPair:
        """Look at the next frame.

        Parameters
        ----------
        frame : Frame
            Raw; later than the one before.
        roi_px : (x0, y0, x1, y1), optional
            Bounding box of the recipient's back in raw pixels, where known.

        Returns
        -------
        HandPair
            In raw pixels; ``None`` for a hand not seen.

        Raises
        ------
        PijatError
            When the frame is not later than the one before.
        """
        if frame.time_s <= self._time_s:
            raise PijatError(
                Text(
                    "Waktu gambar mundur dari {before} ke {got} detik: muat ulang halaman ini.",
                    "Expected a frame after {before} s, got one at {got} s: feed frames in order, and use one "
                    "tracker per stream.",
                ).fill(before=number(self._time_s, 3), got=number(frame.time_s, 3))
            )
        detections = self._look(frame, roi_px)
        assigned = self._sides.assign(detections, self._expected(frame.time_s))
        if self._sides.weigh(assigned):
            assigned = {_OTHER[hand]: detection for hand, detection in assigned.items()}
            self._followed = {_OTHER[hand]: state for hand, state in self._followed.items()}
            self._lost = {_OTHER[hand]: state for hand, state in self._lost.items()}
        pair = self._settle(assigned, frame)
        self._flow.keep(frame.image)
        self._time_s = frame.time_s
        return pair

    def _look(self, frame: Frame, roi: Box | None) -> list[Detection]:
        """Detect in the crop, and in the whole frame when a hand is missing and the ration allows."""
        height, width = frame.image.shape[:2]
        known = [state.keypoints for state in self._followed.values()]
        sizes = [state.size for state in self._followed.values()]
        window = self._crop.update(crop_target(roi, known, max(sizes, default=None)), width, height)
        raw = self._main.detect(frame.image, frame.time_s, window)
        found = merge_duplicates(plausible(raw, self._usual, roi, frame.time_s))
        self._ration.tick(len(found))
        if len(found) == len(HANDS):
            self._stuck_since_s = None
            return found
        self._loosen(frame.time_s, clinging=len(raw) > len(found))
        if window is None or not self._ration.may_look():
            return found
        raw = self._second.detect(frame.image, frame.time_s, None)
        more = plausible(raw, self._usual, roi, frame.time_s)
        together = merge_duplicates([*found, *more])
        self._ration.spend(found_more=len(together) > len(found))
        return together

    def _loosen(self, time_s: float, *, clinging: bool) -> None:
        """Make the landmarker search anew when it holds on to what is no hand of ours.

        MediaPipe clings to what it follows, and follows two at most: a false or doubled hand keeps the true one out
        for good.
        """
        if not clinging:
            self._stuck_since_s = None
        elif self._stuck_since_s is None:
            self._stuck_since_s = time_s
        elif time_s - self._stuck_since_s >= _STUCK_S:
            self._main.forget()
            self._second.forget()
            self._stuck_since_s = None

    def _expected(self, time_s: float) -> dict[Hand, Expected]:
        """Say where the followed hands should be by now, and those lost a moment ago."""
        step = min(time_s - self._time_s, 0.2)
        self._lost = {h: state for h, state in self._lost.items() if time_s - state.seen_s < _REMEMBERED_S}
        expected = {}
        for hand, state in (self._lost | self._followed).items():
            moved = step * state.velocity if hand in self._followed else 0.0
            spread = min(1.0, _SPREAD_PER_S * (time_s - state.seen_s))
            expected[hand] = Expected(state.keypoints + moved, state.size, spread, hand in self._followed)
        return expected

    def _settle(self, assigned: Mapping[Hand, Detection], frame: Frame) -> HandPair:
        """Take over what was detected, follow by flow what was not."""
        contacts, sigmas = self._contact.locate(
            [item.keypoints for item in assigned.values()], list(assigned)
        )
        followed: dict[Hand, _Followed] = {}
        seen: dict[Hand, HandObservation] = {}
        for (hand, item), contact, sigma in zip(assigned.items(), contacts, sigmas.tolist(), strict=True):
            size = item.size
            velocity = self._velocity(hand, item, frame.time_s)
            followed[hand] = _Followed(
                item.keypoints, size, item.label_score, frame.time_s, contact, sigma, velocity
            )
            seen[hand] = _observation(hand, followed[hand], Status.DETECTED)
        self._usual.learn(frame.time_s, [item.size for item in assigned.values()])
        for hand, state in self._followed.items():
            if hand in assigned:
                continue
            moved = self._follow(state, frame)
            if moved is None:
                self._lost[hand] = state
                continue
            if any(_slid_onto(moved, item) for item in assigned.values()):
                self._sides.forget(hand)
                continue
            followed[hand] = moved
            seen[hand] = _observation(hand, moved, Status.TRACKED)
        self._followed = followed
        self._lost = {hand: state for hand, state in self._lost.items() if hand not in followed}
        return HandPair(left=seen.get("left"), right=seen.get("right"))

    def _velocity(self, hand: Hand, item: Detection, time_s: float) -> NDArray[np.float64]:
        before = self._followed.get(hand)
        if before is None or before.seen_s < self._time_s:
            return np.zeros(2)
        offset = (item.keypoints - before.keypoints).mean(axis=0)
        return np.asarray(offset / (time_s - self._time_s), dtype=np.float64)

    def _follow(self, state: _Followed, frame: Frame) -> _Followed | None:
        if frame.time_s - state.seen_s > self.settings.flow_s:
            return None
        portrait = state.portrait
        if portrait is None:
            portrait = self._flow.portrait(state.keypoints, state.size)
        shift = self._flow.follow(frame.image, state.keypoints, state.size)
        if shift is None or portrait is None:
            return None
        step = max(frame.time_s - self._time_s, 1e-3)
        growth = self.settings.flow_sigma * state.size * math.sqrt(step)
        keypoints = state.keypoints + shift.offset
        likeness = self._flow.likeness(portrait, keypoints, state.size)
        if likeness < self.settings.likeness:
            return None
        return replace(
            state,
            keypoints=keypoints,
            portrait=portrait,
            contact=state.contact + shift.offset,
            sigma=math.hypot(state.sigma, growth, 0.2 * shift.spread),
            velocity=shift.offset / step,
        )


def _slid_onto(state: _Followed, other: Detection) -> bool:
    """Tell whether flow has taken a lost hand's picture onto the other hand, or the other hand hides it."""
    if separation(state.keypoints, other.keypoints) < _SAME_PLACE * state.size:
        return True
    return hidden_share(patch_points(state.keypoints), other.keypoints, other.size) > _HIDDEN


def _observation(hand: Hand, state: _Followed, status: Status) -> HandObservation:
    return HandObservation(
        hand=hand,
        keypoints=state.keypoints,
        score=state.score,
        status=status,
        contact_px=state.contact,
        contact_sigma_px=state.sigma,
        # Flow says where the hand went, not how large it has become.
        palm_px=state.size if status is Status.DETECTED else math.nan,
    )
