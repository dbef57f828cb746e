"""A thumb's path over the back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.perception.observation import Hand


@dataclass(frozen=True, eq=False)
class ThumbTrack:
    """One thumb's path, one entry per frame.

    Attributes
    ----------
    hand : {"left", "right"}
        The practitioner's hand.
    time_s : ndarray of float, shape (n,)
        Strictly increasing seconds; spacing may vary.
    lateral_cm_raw, caudal_cm_raw : ndarray of float, shape (n,)
        As mapped from this frame alone; NaN where the thumb was not seen or not mapped.
    lateral_cm, caudal_cm : ndarray of float, shape (n,)
        Filtered and bridged; NaN where missing.
    sigma_cm : ndarray of float, shape (n,)
        Standard deviation per axis in cm; NaN where missing.
    status : ndarray of str, shape (n,)
        Values of `trainer.perception.observation.Status`.
    image_x, image_y : ndarray of float, shape (n,)
        Contact point in pixels; NaN where not seen.
    palm_cm : ndarray of float, shape (n,), or None
        Length of the palm, measured as if it lay on the skin: a lifted hand measures longer. NaN where the hand was
        not detected; None where nobody measured it, as in a trajectory of bare positions.
    """

    hand: Hand
    time_s: NDArray[np.float64]
    lateral_cm_raw: NDArray[np.float64]
    caudal_cm_raw: NDArray[np.float64]
    lateral_cm: NDArray[np.float64]
    caudal_cm: NDArray[np.float64]
    sigma_cm: NDArray[np.float64]
    status: NDArray[np.str_]
    image_x: NDArray[np.float64]
    image_y: NDArray[np.float64]
    palm_cm: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.time_s)
