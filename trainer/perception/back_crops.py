"""Squares cut out of a picture for the back-landmark network, and the way back.

A square is described by the similarity that maps the picture's pixels into it, shape (2, 3).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_C7, _T12 = 0, 3
_SHRINK_BELOW = 0.7
"""Under this scale a picture is shrunk by area first, since a warp alone would alias."""


@dataclass(frozen=True)
class CropView:
    """One way to look at a crop.

    Attributes
    ----------
    margin : float
        Side of the square over the extent of the landmarks.
    turn : float
        Radians from the upright position.
    mirrored : bool
        Whether the network sees it mirrored.
    """

    margin: float
    turn: float
    mirrored: bool


def similarity(scale: float, angle: float, centre: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Scale and turn about `centre` (px), which comes to lie in the middle of the square of `side` px."""
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    matrix = np.array([[c, -s, 0.0], [s, c, 0.0]])
    matrix[:, 2] = side / 2 - matrix[:, :2] @ centre
    return matrix


def whole(width: int, height: int, angle: float, side: int) -> NDArray[np.float64]:
    """Letterbox a picture of that size, turned by `angle` radians."""
    return similarity(side / max(width, height), angle, np.array([width / 2, height / 2]), side)


def crop(points: NDArray[np.float64], margin: float, side: int, turn: float = 0.0) -> NDArray[np.float64]:
    """Put the landmarks, shape (12, 2) in px, upright and large into the square."""
    lo, hi = points.min(0), points.max(0)
    extent = max(float((hi - lo).max()), 4.0)
    spine = points[_T12] - points[_C7]
    angle = float(np.arctan2(spine[0], spine[1])) + turn
    return similarity(side / (extent * margin), angle, (lo + hi) / 2, side)


def scale_of(matrix: NDArray[np.float64]) -> float:
    """Return pixels of the square per pixel of the picture."""
    return float(np.hypot(matrix[0, 0], matrix[1, 0]))


def to_picture(points: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map points of the square, shape (n, 2), back into the picture."""
    return np.asarray((points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T, np.float64)


def warp(image: NDArray[np.uint8], matrix: NDArray[np.float64], side: int) -> NDArray[np.uint8]:
    """Cut the square out of an RGB picture; black where there is none."""
    import cv2

    scale, matrix = scale_of(matrix), matrix.copy()
    if scale < _SHRINK_BELOW:
        height, width = image.shape[:2]
        small = (max(8, round(width * scale * 1.25)), max(8, round(height * scale * 1.25)))
        image = np.asarray(cv2.resize(image, small, interpolation=cv2.INTER_AREA), np.uint8)
        matrix[:, :2] = matrix[:, :2] @ np.diag([width / small[0], height / small[1]])
    size = (side, side)
    return np.asarray(
        cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(0, 0, 0)), np.uint8
    )
