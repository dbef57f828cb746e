"""The back as a curved surface with a few parameters.

The spinous line is a curve in the sagittal plane, known by its slope along its length; every cross-section is
a curve in the plane across it, known by its slope sideways. Both are integrated by length, so that back
coordinates are centimetres along the skin by construction, and extrapolate sensibly.

Space coordinates are ``right, down, in`` (into the body; right-handed) in cm, with the origin on the spinous
line.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.back.atlas import SurfaceConstants

_LEGENDRE = np.polynomial.legendre.leggauss(8)
_NODES, _WEIGHTS = (_LEGENDRE[0] + 1) / 2, _LEGENDRE[1] / 2


@dataclass(frozen=True, eq=False)
class BackSurface:
    """One back.

    Attributes
    ----------
    constants : SurfaceConstants
        The units and the mean.
    spine : ndarray, shape (4,)
        Slope coefficients of the spinous line, radians.
    section : ndarray, shape (3, 3)
        Slope coefficients of the cross-section, radians.
    """

    constants: SurfaceConstants
    spine: NDArray[np.float64]
    section: NDArray[np.float64]

    @classmethod
    def from_modes(cls, constants: SurfaceConstants, modes: NDArray[np.float64]) -> "BackSurface":
        """Return the back that differs from the mean by `modes`, shape (m,), in coefficient units."""
        spine, section = constants.spine.copy(), constants.section.copy()
        for (term, i, j), value in zip(constants.modes, modes, strict=True):
            if term == "spine":
                spine[i] += value
            else:
                section[i, j] += value
        return cls(constants, spine, section)

    def points(self, back_cm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the points of the skin in space.

        Parameters
        ----------
        back_cm : ndarray, shape (n, 2)
            ``lateral_cm, caudal_cm``.

        Returns
        -------
        ndarray, shape (n, 3)
            ``right, down, in`` in cm.
        """
        lateral, caudal = back_cm[:, 0], back_cm[:, 1]
        c = self.constants
        along = caudal - c.origin_caudal_cm
        u = along / c.caudal_unit_cm
        k0, k1, k2, k3 = self.spine
        v = u[:, None] * _NODES
        slope = k0 + v * (k1 + v * (k2 + v * k3))
        down = (np.cos(slope) @ _WEIGHTS) * along
        out = -(np.sin(slope) @ _WEIGHTS) * along
        tilt = k0 + u * (k1 + u * (k2 + u * k3))
        odd = self.section @ np.stack([np.ones_like(u), u, u * u])
        s = (lateral / c.lateral_unit_cm)[:, None] * _NODES
        s2 = s * s
        turn = s * (odd[0][:, None] + s2 * (odd[1][:, None] + s2 * odd[2][:, None]))
        right = (np.cos(turn) @ _WEIGHTS) * lateral
        height = -(np.sin(turn) @ _WEIGHTS) * lateral
        return np.stack([right, down + height * np.sin(tilt), -(out + height * np.cos(tilt))], axis=1)
