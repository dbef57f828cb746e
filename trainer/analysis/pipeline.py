"""The one pipeline that live practice and recorded video share: a frame in, both thumbs on the back out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from trainer.back.frame import BACK_LANDMARKS, BackMap
from trainer.capture.frame import Frame
from trainer.perception.observation import HANDS, Hand, HandObservation, HandPair, Status

if TYPE_CHECKING:
    from trainer.back.following import BackFollower
    from trainer.perception.tracker import HandTracker

Box = tuple[float, float, float, float]
_ROI_HELD_S = 1.0
_ACROSS_CM = 9.0
"""From behind, each hand works the side of its own name. What seems to be one this far on the other side is another
thing (an ear, an elbow, a child's hand) or bears the wrong name: where that thumb is was not seen."""


@dataclass(frozen=True, eq=False)
class ThumbSighting:
    """Where one thumb touches, in one frame.

    Attributes
    ----------
    image_px : tuple of float
        Contact point in raw pixels.
    back_cm : tuple of float
        ``lateral_cm, caudal_cm``; NaN when the point is not on the mapped back.
    sigma_cm : float
        Standard deviation per axis in cm of the pixel and the map together; NaN when not mapped.
    status : Status
        `Status.DETECTED` or `Status.TRACKED`.
    palm_cm : float
        Length of the palm in cm, measured as if it lay on the skin there: a lifted hand measures longer. NaN when
        not mapped or not detected.
    """

    image_px: tuple[float, float]
    back_cm: tuple[float, float]
    sigma_cm: float
    status: Status
    palm_cm: float = np.nan


@dataclass(frozen=True, eq=False)
class FrameResult:
    """All that one frame says.

    Attributes
    ----------
    index, time_s
        As in the frame.
    hands : HandPair
        Landmarks in raw pixels.
    back : BackMap or None
        The map of this frame; None while the back is not found or lost.
    back_px : ndarray of float, shape (len(BACK_LANDMARKS), 2), or None
        Where the map puts the landmarks of the back, in pixels.
    thumbs : mapping of hand to ThumbSighting
        Only hands that were seen.
    """

    index: int
    time_s: float
    hands: HandPair
    back: BackMap | None
    back_px: NDArray[np.float64] | None
    thumbs: Mapping[Hand, ThumbSighting]


class Pipeline:
    """Hands and back of one stream; frames go in once and in order.

    Parameters
    ----------
    hands : HandTracker
        Follows the hands; closed with the pipeline.
    back : BackFollower or None
        Follows the back; None when it was never found, and then no thumb is mapped.
    """

    def __init__(self, hands: HandTracker, back: BackFollower | None) -> None:
        self._hands = hands
        self._back = back
        self._roi: Box | None = None
        self._roi_s = -math.inf

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the hand tracker."""
        self._hands.close()

    def follow(self, back: BackFollower | None) -> None:
        """Map thumbs with another registration of the back from the next frame on; None for none."""
        self._back = back
        if back is None:
            self._roi = None

    def process(self, frame: Frame) -> FrameResult:
        """Analyse the next frame.

        Parameters
        ----------
        frame : Frame
            Raw (never mirrored); later than the one before.
        """
        if frame.time_s - self._roi_s > _ROI_HELD_S:
            # Where a back was that is lost says nothing about where hands may be now.
            self._roi = None
        hands = self._hands.update(frame, self._roi)
        back = self._back.update(frame, hands) if self._back is not None else None
        marks = None if back is None else landmark_pixels(back)
        if marks is not None:
            self._roi, self._roi_s = _box(marks), frame.time_s
        thumbs = locate({hand: seen for hand in HANDS if (seen := hands.get(hand)) is not None}, back)
        return FrameResult(frame.index, frame.time_s, hands, back, marks, thumbs)


def locate(seen: Mapping[Hand, HandObservation], back: BackMap | None) -> dict[Hand, ThumbSighting]:
    """Put the hands' contact points on the back, with the pixel's and the map's uncertainty together."""
    if not seen:
        return {}
    points = np.array([hand.contact_px for hand in seen.values()], dtype=float)
    if back is None:
        places, map_sigmas = np.full((len(seen), 2), np.nan), np.full(len(seen), np.nan)
        scales = map_sigmas
    else:
        places, map_sigmas = back.to_back(points)
        scales = back.cm_per_px(points)
    sigmas = np.hypot([hand.contact_sigma_px for hand in seen.values()] * scales, map_sigmas)
    return {
        name: _sighting(name, hand, point, place, sigma, scale)
        for (name, hand), point, place, sigma, scale in zip(
            seen.items(), points.tolist(), places.tolist(), sigmas.tolist(), scales.tolist(), strict=True
        )
    }


def _sighting(
    name: Hand,
    hand: HandObservation,
    point: list[float],
    place: list[float],
    sigma_cm: float,
    cm_per_px: float,
) -> ThumbSighting:
    (x, y), (lateral, caudal) = point, place
    across = lateral > _ACROSS_CM if name == "left" else lateral < -_ACROSS_CM
    if across or not all(map(math.isfinite, (lateral, caudal, sigma_cm))):
        return ThumbSighting((x, y), (np.nan, np.nan), np.nan, hand.status)
    return ThumbSighting((x, y), (lateral, caudal), sigma_cm, hand.status, hand.palm_px * cm_per_px)


def landmark_pixels(back: BackMap) -> NDArray[np.float64]:
    """Return where a map puts `BACK_LANDMARKS`, shape (n, 2) in pixels; NaN beyond the modelled back."""
    return back.to_image(back.size_ratio * _atlas_places())


@cache
def _atlas_places() -> NDArray[np.float64]:
    """Return the places of `BACK_LANDMARKS` in atlas cm, shape (n, 2): the same for every frame."""
    from trainer.back.atlas import load_atlas

    places = load_atlas().landmarks
    return np.array([places[name].at for name in BACK_LANDMARKS])


def _box(points: NDArray[np.float64]) -> Box | None:
    finite = points[np.isfinite(points).all(axis=1)]
    if len(finite) < 3:
        return None
    (x0, y0), (x1, y1) = finite.min(axis=0), finite.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)
