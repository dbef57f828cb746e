"""The small picture in which the back is followed, and how its pixels lie to those of the frame."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import Gray, reduce_picture
from trainer.perception.observation import HandPair

Array = NDArray[np.float64]
Mask = NDArray[np.uint8]

HALVE: Array = np.array([[0.5, 0.0, -0.25], [0.0, 0.5, -0.25], [0.0, 0.0, 1.0]])
"""From the reduced picture to half of it; the middle of a pixel lies at whole coordinates."""
DOUBLE: Array = np.array([[2.0, 0.0, 0.5], [0.0, 2.0, 0.5], [0.0, 0.0, 1.0]])
"""Back again."""
_LONGER_SIDE = 160


@dataclass(frozen=True, eq=False)
class ReducedView:
    """A reduced picture and what the hands hide of it.

    Attributes
    ----------
    picture : ndarray of float32, shape (rows, columns)
        See `trainer.back.alignment.reduce_picture`.
    covered : ndarray of uint8, shape (rows, columns), or None
        Non-zero where a hand or forearm lies; None without hands.
    """

    picture: Gray
    covered: Mask | None

    @cached_property
    def half(self) -> "ReducedView":
        """The same at half the size."""
        covered = None if self.covered is None else halved_mask(self.covered)
        return ReducedView(halved(self.picture), covered)

    @property
    def uncovered(self) -> NDArray[np.bool_]:
        """Which pixels no hand hides, shape (rows, columns)."""
        if self.covered is None:
            return np.ones(self.picture.shape, dtype=bool)
        free: NDArray[np.bool_] = self.covered == 0
        return free

    @property
    def detail(self) -> float:
        """Root mean square change from pixel to pixel, grey levels: small in the dark and out of focus."""
        down, across = np.diff(self.picture, axis=0), np.diff(self.picture, axis=1)
        return float(np.sqrt(np.square(down).mean() + np.square(across).mean()))


@dataclass(frozen=True, eq=False)
class Reduction:
    """From the pixels of a frame to those of its reduced picture.

    Attributes
    ----------
    factor : float
        Reduced pixels per pixel of the frame.
    size : tuple of int
        Width and height of the reduced picture.
    matrix : ndarray, shape (3, 3)
        Takes pixels of the frame to reduced ones.
    """

    factor: float
    size: tuple[int, int]
    matrix: Array

    @classmethod
    def of(cls, image_size: tuple[int, int]) -> Self:
        """Return the reduction of frames of a width and height."""
        width, height = image_size
        factor = min(1.0, _LONGER_SIDE / max(width, height))
        # Area averaging puts the middle of a reduced pixel in the middle of the pixels it stands for.
        matrix = np.diag([factor, factor, 1.0])
        matrix[:2, 2] = 0.5 * (factor - 1.0)
        return cls(factor, (round(width * factor), round(height * factor)), matrix)

    def view(self, image: NDArray[np.uint8], hands: HandPair) -> ReducedView:
        """Reduce an RGB picture, shape (height, width, 3), and the hands in it."""
        picture = reduce_picture(image, self.size)
        return ReducedView(picture, hands_mask(hands, (picture.shape[0], picture.shape[1]), self.factor))

    def points(self, points_px: Array) -> Array:
        """Return pixels of the frame, shape (n, 2), in reduced pixels."""
        result: Array = points_px * self.factor + self.matrix[0, 2]
        return result

    def full_motion(self, motion: Array) -> Array:
        """Return a motion of the reduced picture, shape (3, 3), as one of the frame."""
        result: Array = np.linalg.inv(self.matrix) @ motion @ self.matrix
        return result


def moved(points: Array, motion: Array) -> Array:
    """Return points, shape (n, 2), after an affine motion, shape (3, 3)."""
    result: Array = points @ motion[:2, :2].T + motion[:2, 2]
    return result


def halved(picture: Gray) -> Gray:
    """Return a picture at half its size."""
    size = (picture.shape[1] // 2, picture.shape[0] // 2)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def halved_mask(mask: Mask) -> Mask:
    """Return a mask at half its size."""
    size = (mask.shape[1] // 2, mask.shape[0] // 2)
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def hands_mask(hands: HandPair, shape: tuple[int, int], factor: float) -> NDArray[np.uint8] | None:
    """Return a mask, 255 where hands and forearms cover the reduced picture; None without hands.

    Parameters
    ----------
    hands : HandPair
        In pixels of the full picture.
    shape : tuple of int
        Rows and columns of the reduced picture.
    factor : float
        Reduced pixels per full pixel.
    """
    if hands.left is None and hands.right is None:
        return None
    mask = np.zeros(shape, np.uint8)
    for observation in (hands.left, hands.right):
        if observation is None:
            continue
        points = np.clip(observation.keypoints * factor, -1e3, 1e4)
        hull = cv2.convexHull(np.ascontiguousarray(points, dtype=np.float32)).astype(np.int32)
        palm = float(np.hypot(*(points[9] - points[0])))
        cv2.fillConvexPoly(mask, hull, 255)
        cv2.polylines(mask, [hull], True, 255, max(2, round(0.6 * palm)))
        # The forearm continues from the knuckles through the wrist.
        elbow = points[0] + 4.5 * (points[0] - points[9])
        start, end = [(int(p[0]), int(p[1])) for p in (points[0], elbow)]
        cv2.line(mask, start, end, 255, max(2, round(1.2 * palm)))
    return mask
