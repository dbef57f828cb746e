"""What the network of the back's landmarks said about one square, and how far it is to be believed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.perception.back_detection import LANDMARKS, BackDetection

MIN_SPAN_PX = 36.0
"""Below this size (the larger of C7-T12 and the shoulders' breadth) a back is too small to measure on."""
_MAX_RELATIVE_SIGMA = 0.15
"""Median sigma of the network (before the doubts of `doubts`) over the C7-T7 length past which a picture is refused
(2.6 cm on an adult): too hidden to use, or not a back at all. With `_MAX_DISAGREEMENT` and `PRESENCE_THRESHOLD` it was
set where unseen renders and the first batch of labelled photographs gave no false answer (docs/results.md).
"""
_MAX_DISAGREEMENT = 0.06
_IN_FRAME_MARGIN = 0.02


@dataclass(frozen=True, eq=False)
class Reading:
    """What the network said about one square, in pixels of the picture."""

    points: NDArray[np.float64]
    sigma: NDArray[np.float64]
    presence: float
    whole: float
    """Mean probability that the landmarks lie inside the square: low when it shows a part of the back."""
    disagreement: float = 0.0
    """Typical distance between views of the same crop over the size of the back."""


def doubts(disagreement: float, presence: float) -> NDArray[np.float64]:
    """Return what the logarithm of sigma grows with: the views' disagreement, and what presence lacks of 1.

    Parameters
    ----------
    disagreement : float
        Typical distance between views over the size of the back.
    presence : float
        The least of the views, 0 to 1.

    Returns
    -------
    ndarray, shape (2,)
        Both about 0 to 1 where the network knows what it sees.
    """
    apart = np.log(max(disagreement, 0.005) / 0.025)
    return np.array([apart, np.log1p((1.0 - min(presence, 1.0)) / 1e-3)])


def doubtfulness(reading: Reading) -> float:
    """Return the stated error over the size of the back, more where it is doubtful or cut."""
    size = float((reading.points.max(0) - reading.points.min(0)).max())
    sure = max(reading.presence * reading.whole**2, 1e-6)
    return float(np.median(reading.sigma)) / max(size, 1e-6) / sure


def _inside(points: NDArray[np.float64], width: int, height: int) -> NDArray[np.bool_]:
    margin = _IN_FRAME_MARGIN * max(width, height)
    low, high = np.array([-margin, -margin]), np.array([width + margin, height + margin])
    return np.asarray(np.all((points >= low) & (points <= high), axis=1))


def usable(reading: Reading, image: NDArray[np.uint8]) -> bool:
    """Whether a reading is sharp, large and whole enough, and its views agree, to be measured on."""
    points = reading.points
    span = max(float(np.linalg.norm(points[0] - points[3])), float(np.linalg.norm(points[4] - points[8])))
    length = max(float(np.linalg.norm(points[0] - points[2])), 0.35 * span)
    inside = _inside(points, image.shape[1], image.shape[0])
    sharp = float(np.median(reading.sigma)) < _MAX_RELATIVE_SIGMA * length
    agreed = reading.disagreement < _MAX_DISAGREEMENT
    return span >= MIN_SPAN_PX and sharp and agreed and int(inside.sum()) >= 5


def detection_of(reading: Reading, image: NDArray[np.uint8], second: bool) -> BackDetection:
    """Return the reading by the landmarks' names."""
    height, width = image.shape[:2]
    inside = _inside(reading.points, width, height)
    named = list(zip(LANDMARKS, reading.points, reading.sigma, inside, strict=True))
    return BackDetection(
        landmarks={name: (float(p[0]), float(p[1])) for name, p, _, seen in named if seen},
        sigma_px={name: float(s) for name, _, s, seen in named if seen},
        presence=reading.presence,
        image_size=(width, height),
        missing=tuple(name for name, _, _, seen in named if not seen),
        second_back=second,
    )


def without(image: NDArray[np.uint8], reading: Reading) -> NDArray[np.uint8]:
    """Paint a found back (and the head above it) over with the picture's mean colour."""
    import cv2

    spine = reading.points[3] - reading.points[0]
    hull = np.concatenate(
        [reading.points, reading.points[:1] - 0.9 * spine, reading.points[3:4] + 0.6 * spine]
    )
    middle = hull.mean(0)
    grown = cv2.convexHull((middle + 1.35 * (hull - middle)).astype(np.int32))
    colour = [float(c) for c in image.reshape(-1, 3).mean(0)]
    return np.asarray(cv2.fillPoly(image.copy(), [grown], colour), np.uint8)
