"""Follow both of the practitioner's hands through a stream of frames."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from trainer.capture.frame import Frame
from trainer.perception import flow
from trainer.perception.contact import ContactModel
from trainer.perception.landmarker import Detection, HandLandmarker
from trainer.perception.observation import HANDS, Hand, HandObservation, HandPair, Status
from trainer.perception.second_look import Box, CropWindow, Ration, crop_target
from trainer.perception.sides import Expected, SideAssigner, merge_duplicates, separation


@dataclass(frozen=True)
class TrackerSettings:
    """What the tracker may be told.

    Attributes
    ----------
    detection, presence : float
        MediaPipe's thresholds to accept a palm and to keep a hand.
    second_looks : float
        Extra looks per frame, at most, over a long stretch.
    flow_s : float
        Seconds that a hand may be followed by flow alone.
    flow_sigma : float
        Growth of the contact's standard deviation while followed by flow, in hand sizes per root second.
    flow_side_px : float
        Longer side of the grey picture used for flow, in pixels.
    """

    detection: float = 0.4
    presence: float = 0.4
    second_looks: float = 0.12
    flow_s: float = 1.5
    flow_sigma: float = 0.12
    flow_side_px: float = 640.0


@dataclass(frozen=True, eq=False)
class _Followed:
    keypoints: NDArray[np.float64]
    size: float
    score: float
    seen_s: float  # when it was last detected
    contact: NDArray[np.float64]
    sigma: float


class HandTracker:
    """Both hands, frame after frame, causally: the live trainer and the file analysis use the same one.

    One instance per stream; `update` is called with frames in order.  Must be closed (context manager).

    Parameters
    ----------
    model : bytes
        A ``hand_landmarker.task`` bundle.
    settings : TrackerSettings, optional
        Thresholds and budgets.
    """

    def __init__(self, model: bytes, settings: TrackerSettings | None = None) -> None:
        self.settings = settings or TrackerSettings()
        detection, presence = self.settings.detection, self.settings.presence
        self._main = HandLandmarker(model, detection=detection, presence=presence)
        try:
            self._other = HandLandmarker(model, detection=detection, presence=presence)
        except BaseException:
            self._main.close()
            raise
        self._contact = ContactModel()
        self._sides = SideAssigner()
        self._crop = CropWindow()
        self._ration = Ration(self.settings.second_looks)
        self._followed: dict[Hand, _Followed] = {}
        self._usual_size: float | None = None
        self._grey: NDArray[np.uint8] | None = None
        self._time_s = -math.inf

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the landmarkers; closing twice is harmless."""
        self._main.close()
        self._other.close()

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
        """
        image = frame.image
        height, width = image.shape[:2]
        picture, scale = flow.grey(image, self.settings.flow_side_px)
        moved = self._follow(picture, scale, frame.time_s)
        expected = {
            hand: Expected(state.keypoints, state.size, spread=min(1.0, 0.5 * (frame.time_s - state.seen_s)))
            for hand, state in moved.items()
        }
        target = crop_target(roi_px, [state.keypoints for state in moved.values()], self._usual_size)
        window = self._crop.update(target, width, height)
        detections = self._plausible(self._main.detect(image, frame.time_s, window), roi_px, image)
        self._ration.tick()
        if len(detections) < len(HANDS) and window is not None and self._ration.may_look():
            more = self._plausible(self._other.detect(image, frame.time_s, None), roi_px, image)
            together = merge_duplicates([*detections, *more])
            self._ration.spend(found_more=len(together) > len(detections))
            detections = together
        assigned = self._sides.assign(detections, expected)
        pair = self._settle(assigned, moved, frame.time_s)
        self._grey = picture
        self._time_s = frame.time_s
        return pair

    def _follow(self, picture: NDArray[np.uint8], scale: float, time_s: float) -> dict[Hand, _Followed]:
        moved: dict[Hand, _Followed] = {}
        for hand, state in self._followed.items():
            if self._grey is None or time_s - state.seen_s > self.settings.flow_s:
                continue
            shift = flow.follow(self._grey, picture, scale, state.keypoints, state.size)
            if shift is None:
                continue
            step = self.settings.flow_sigma * state.size * math.sqrt(max(time_s - self._time_s, 0.0))
            moved[hand] = replace(
                state,
                keypoints=state.keypoints + shift.offset,
                contact=state.contact + shift.offset,
                sigma=math.hypot(state.sigma, step, 0.3 * shift.spread),
            )
        return moved

    def _plausible(
        self, detections: list[Detection], roi: Box | None, image: NDArray[np.uint8]
    ) -> list[Detection]:
        kept = []
        for detection in merge_duplicates(detections):
            size = detection.size
            if self._usual_size is not None and not 0.4 < size / self._usual_size < 2.2:
                continue
            if roi is not None:
                side = max(roi[2] - roi[0], roi[3] - roi[1])
                if not 0.08 * side < size < 1.2 * side:
                    continue
                x, y = detection.keypoints.mean(axis=0)
                if not (
                    roi[0] - 0.6 * side < x < roi[2] + 0.6 * side
                    and roi[1] - 0.6 * side < y < roi[3] + 0.6 * side
                ):
                    continue
            kept.append(detection)
        return kept

    def _settle(
        self, assigned: dict[Hand, Detection], moved: dict[Hand, _Followed], time_s: float
    ) -> HandPair:
        if self._sides.weigh(assigned):
            other: dict[Hand, Hand] = {"left": "right", "right": "left"}
            assigned = {other[hand]: detection for hand, detection in assigned.items()}
            moved = {other[hand]: state for hand, state in moved.items()}
        contacts, sigmas = self._contact.locate(
            [item.keypoints for item in assigned.values()], list(assigned)
        )
        located = dict(zip(assigned, zip(contacts, sigmas.tolist(), strict=True), strict=True))
        seen: dict[Hand, HandObservation] = {}
        followed: dict[Hand, _Followed] = {}
        for hand in HANDS:
            detection = assigned.get(hand)
            if detection is not None:
                size = detection.size
                followed[hand] = _Followed(
                    detection.keypoints, size, detection.label_score, time_s, *located[hand]
                )
                self._usual_size = size if self._usual_size is None else 0.97 * self._usual_size + 0.03 * size
                seen[hand] = _observation(hand, followed[hand], Status.DETECTED)
                continue
            state = moved.get(hand)
            if state is None:
                self._sides.forget(hand)
                continue
            rivals = [item for item in assigned.values()]
            if any(separation(state.keypoints, item.keypoints) < 0.35 * state.size for item in rivals):
                continue  # its picture has slid onto the other hand
            followed[hand] = state
            seen[hand] = _observation(hand, state, Status.TRACKED)
        self._followed = followed
        return HandPair(left=seen.get("left"), right=seen.get("right"))


def _observation(hand: Hand, state: _Followed, status: Status) -> HandObservation:
    return HandObservation(
        hand=hand,
        keypoints=state.keypoints,
        score=state.score,
        status=status,
        contact_px=state.contact,
        contact_sigma_px=state.sigma,
    )
