"""Turning a stored picture upright, from the display matrix that phones write."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Orientation:
    """How a stored picture is turned for display: transposed first, then flipped.

    Attributes
    ----------
    transpose : bool
        Swap rows and columns.
    flip_x, flip_y : bool
        Then mirror left-right, top-bottom.
    """

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return width and height in pixels after turning."""
        return (height, width) if self.transpose else (width, height)

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the upright picture, contiguous in memory.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            As stored.
        """
        if not (self.transpose or self.flip_x or self.flip_y):
            return np.ascontiguousarray(image)
        import cv2  # an order of magnitude faster here than numpy's strided copies

        turned = cv2.transpose(image) if self.transpose else image
        if self.flip_x or self.flip_y:
            turned = cv2.flip(turned, -1 if self.flip_x and self.flip_y else 1 if self.flip_x else 0)
        return np.asarray(turned, dtype=np.uint8)


def orientation_of(matrix: bytes | None) -> Orientation:
    """Read a display matrix.

    Parameters
    ----------
    matrix : bytes or None
        Nine native int32 in row order, ``a b u / c d v / x y w``, where a stored point (x, y) is displayed at
        ``(a x + c y, b x + d y)`` (ISO/IEC 14496-12, 6.2.2; libavutil/display.h). Any angle is taken to the
        nearest quarter turn.

    Returns
    -------
    Orientation
        The identity for None or a matrix that is no rotation.
    """
    if matrix is None or len(matrix) < 36:
        return Orientation()
    a, b, _, c, d, *_ = (int(value) for value in np.frombuffer(matrix[:36], dtype=np.int32))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, a < 0, d < 0)
    return Orientation(True, c < 0, b < 0)
