"""One picture and the moment it was taken."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Frame:
    """One raw (never mirrored) frame.

    Attributes
    ----------
    index : int
        Position in the stream, from 0.
    time_s : float
        Seconds since the first frame, from presentation timestamps; strictly increasing.
    image : ndarray of uint8, shape (height, width, 3)
        RGB, upright (rotation metadata already applied), x right, y down.
    """

    index: int
    time_s: float
    image: NDArray[np.uint8]
