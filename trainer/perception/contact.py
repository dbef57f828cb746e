"""Where the thumb's pad meets the skin, from the thumb's landmarks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PAST_TIP = 0.0  # provisional: of the last thumb bone's length beyond the tip


def contact_point(keypoints: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the contact point in pixels, shape (2,), for landmarks in pixels, shape (21, 2)."""
    ip, tip = keypoints[3], keypoints[4]
    return np.asarray(tip + _PAST_TIP * (tip - ip), dtype=np.float64)


def contact_sigma(keypoints: NDArray[np.float64], size: float) -> float:
    """Return the standard deviation of `contact_point` per axis in pixels."""
    return 0.08 * size
