"""The map between image pixels and the back, as the rest of the program sees it.

Back coordinates are centimetres along the skin: ``lateral_cm`` from the spinous line, positive to the
RECIPIENT's right; ``caudal_cm`` below C7 along the spinous line.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trainer.perception.back_detection import LANDMARKS

BACK_LANDMARKS: tuple[str, ...] = LANDMARKS
"""Back landmarks; left and right are the recipient's."""


class BackMap(Protocol):
    """Registration of one frame: image pixels to back centimetres and back again."""

    @property
    def size_ratio(self) -> float:
        """Real cm on this back per cm of the atlas: what is drawn in the atlas is scaled by it before `to_image`."""
        ...

    def to_back(self, points_px: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Map pixels onto the back.

        Parameters
        ----------
        points_px : ndarray, shape (n, 2)
            Image pixels.

        Returns
        -------
        back_cm : ndarray, shape (n, 2)
            ``lateral_cm, caudal_cm``; NaN where the ray does not meet the modelled back.
        sigma_cm : ndarray, shape (n,)
            Standard deviation of the map itself (not of the pixel) in cm, per axis.
        """
        ...

    def to_image(self, back_cm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map back coordinates, shape (n, 2) in cm, to pixels, shape (n, 2)."""
        ...

    def cm_per_px(self, points_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Local size of a pixel on the skin in cm (root of the area ratio), shape (n,)."""
        ...
