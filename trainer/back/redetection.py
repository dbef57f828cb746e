"""Where landmarks that were detected anew say that the back has gone."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.back.reduction import Reduction, moved

Array = NDArray[np.float64]

_LEAST = 4
"""So many landmarks must agree."""


@dataclass(frozen=True, eq=False)
class Redetection:
    """Landmarks found both in the calibrated frame and in a later one, reduced pixels.

    Attributes
    ----------
    names : tuple of str
        Which.
    reference, seen : ndarray, shape (n, 2)
        There and here.
    sigma_px : float
        Median standard deviation of `seen`.
    """

    names: tuple[str, ...]
    reference: Array
    seen: Array
    sigma_px: float

    def bias(self, motion: Array) -> dict[str, Array]:
        """Return how far each landmark lies from where a motion, shape (3, 3), puts it."""
        return dict(zip(self.names, self.seen - moved(self.reference, motion), strict=True))

    def motion(self, bias: Mapping[str, Array]) -> tuple[Array, float] | None:
        """Return the similarity that most landmarks agree on and its sigma, their bias taken out.

        Parameters
        ----------
        bias : mapping of str to ndarray, shape (2,)
            By how much this detector differs from the calibration; what it lacks has none.

        Returns
        -------
        tuple of ndarray, shape (3, 3), and float; or None
            None when too few agree, or the back would have changed its size beyond belief.
        """
        seen = self.seen - np.array([bias.get(name, np.zeros(2)) for name in self.names])
        similarity, inliers = cv2.estimateAffinePartial2D(
            self.reference, seen, ransacReprojThreshold=max(2.0, 3.0 * self.sigma_px)
        )
        if similarity is None or int(inliers.sum()) < _LEAST:
            return None
        matrix = np.vstack([similarity, [0.0, 0.0, 1.0]])
        if not 0.5 < np.sqrt(abs(np.linalg.det(matrix))) < 2.0:
            return None
        return matrix, self.sigma_px / np.sqrt(int(inliers.sum()) / 2)


def redetection(
    home_px: Mapping[str, tuple[float, float]],
    seen_px: Mapping[str, Array],
    sigma_px: Mapping[str, float] | float,
    reduction: Reduction,
) -> Redetection | None:
    """Pair the landmarks of the calibrated frame with those of another; None when fewer than four are in both.

    Parameters
    ----------
    home_px, seen_px : mapping of str to point
        Pixels of the two frames.
    sigma_px : float or mapping of str to float
        Standard deviations of `seen_px`.
    reduction : Reduction
        Of the frames.
    """
    names = tuple(name for name in seen_px if name in home_px)
    if len(names) < _LEAST:
        return None
    spread = np.array(
        [sigma_px[name] if isinstance(sigma_px, Mapping) else float(sigma_px) for name in names]
    )
    return Redetection(
        names,
        reduction.points(np.array([home_px[name] for name in names])),
        reduction.points(np.array([np.asarray(seen_px[name], dtype=float) for name in names])),
        reduction.factor * float(np.median(spread)),
    )
