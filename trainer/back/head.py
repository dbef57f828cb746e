"""Where the recipient's head is at most, from the landmarks of her back."""

import numpy as np
from numpy.typing import NDArray

from trainer.back.frame import BACK_LANDMARKS

_CENTRE = 0.95
"""Of the head, beyond C7 along the spine, in lengths from C7 to T7."""
_HALF = 0.95
"""Half the side of the square, in the same lengths: hair and a turned head have room in it."""


def head_box(back_px: NDArray[np.floating]) -> tuple[float, float, float, float] | None:
    """Return a generous square beyond C7, ``x0, y0, x1, y1`` in pixels; None where C7 or T7 is not known.

    Parameters
    ----------
    back_px : ndarray of float, shape (12, 2)
        `BACK_LANDMARKS` in pixels, NaN for those that are not known.
    """
    neck, middle = back_px[BACK_LANDMARKS.index("C7")], back_px[BACK_LANDMARKS.index("T7")]
    length = float(np.hypot(*(neck - middle)))
    if not np.isfinite(length) or length < 1.0:
        return None
    centre = neck + (neck - middle) * _CENTRE
    x, y, half = float(centre[0]), float(centre[1]), _HALF * length
    return x - half, y - half, x + half, y + half
