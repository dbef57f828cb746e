"""Fit the few constants of the mean back (`surface` in calibration/atlas.yaml) to posed CC0 bodies.

    PIJAT_BODY_MESH=body_mesh.npz python -m scripts.fit_back_surface

The mesh is made by scripts/build_body_mesh.py from MakeHuman's CC0 data. Four adults sit and lean forward by 10 to 35
degrees, their trunks rounded by 15 to 30; one set of slope coefficients is fitted to all their backs at once, each back
placed and tilted freely, and what is left is printed per body with where the acromia lie.
"""

import sys

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from scripts.common.arguments import argument_parser
from scripts.render.recipient import Posture, Recipient
from trainer.back.atlas import load_atlas
from trainer.back.surface import BackSurface

Array = NDArray[np.float64]
POSTURES = (
    Posture(lean=18, flex=22),
    Posture(lean=10, flex=15),
    Posture(lean=35, flex=30),
    Posture(lean=18, flex=22, mix="pract_f"),
    Posture(lean=18, flex=22, mix="pract_m"),
    Posture(lean=18, flex=22, mix="pract_heavy"),
)
HALF_WIDTH_CM = 12.5
SPAN_CM = (-3.0, 34.0)


def sampled(who: Recipient, origin_cm: float) -> tuple[Array, Array, Array]:
    """Back coordinates and points ``right, down, in`` of a posed back, and its acromia, roughly upright."""
    down, lateral = who.grid_down, who.grid_lateral
    middle = np.argmin(np.abs(lateral))
    origin = who.grid[np.argmin(np.abs(down - origin_cm)), middle]
    axis = who.grid[np.argmin(np.abs(down - origin_cm - 6)), middle]
    axis = axis - who.grid[np.argmin(np.abs(down - origin_cm + 6)), middle]
    axis /= np.linalg.norm(axis)
    right = np.array([-1.0, 0.0, 0.0])
    inward = np.cross(right, axis)
    frame = np.array([right, axis, inward])
    rows = np.flatnonzero((down >= SPAN_CM[0]) & (down <= SPAN_CM[1]))[::2]
    columns = np.flatnonzero(np.abs(lateral) <= HALF_WIDTH_CM)[::2]
    grid = (who.grid[np.ix_(rows, columns)] - origin) @ frame.T
    at = np.stack(np.meshgrid(lateral[columns], down[rows]), axis=-1)
    known = np.isfinite(grid).all(axis=2)
    marks = who.landmarks()
    acromia = np.array([marks["left_acromion"], marks["right_acromion"]])
    return at[known], grid[known], (acromia - origin) @ frame.T


def placed(points: Array, place: Array) -> Array:
    """Tilt points in the sagittal plane and shift them down and in."""
    cos, sin = np.cos(place[2]), np.sin(place[2])
    tilted = np.stack(
        [points[:, 0], cos * points[:, 1] - sin * points[:, 2], sin * points[:, 1] + cos * points[:, 2]], 1
    )
    return np.asarray(tilted + np.array([0.0, place[0], place[1]]))


def main() -> int:
    """Fit, and print what is left."""
    argument_parser(__file__, __doc__).parse_args()
    constants = load_atlas().surface
    data = [sampled(Recipient(posture), constants.origin_caudal_cm) for posture in POSTURES]

    def back(x: Array) -> BackSurface:
        return BackSurface(constants, np.concatenate([[0.0], x[:3]]), x[3:12].reshape(3, 3))

    def residual(x: Array) -> Array:
        surface = back(x)
        parts = [
            (placed(surface.points(at), x[12 + 3 * i : 15 + 3 * i]) - seen).ravel()
            for i, (at, seen, _) in enumerate(data)
        ]
        return np.concatenate(parts)

    start = np.zeros(12 + 3 * len(data))
    start[:3], start[3:12] = constants.spine[1:], constants.section.ravel()
    fit = least_squares(residual, start)
    sys.stdout.write(f"spine: {np.round(fit.x[:3], 3).tolist()} (after 0.0)\n")
    sys.stdout.write(f"section: {np.round(fit.x[3:12].reshape(3, 3), 3).tolist()}\n")
    surface = back(fit.x)
    for posture, i, (at, seen, acromia) in zip(POSTURES, range(len(data)), data, strict=True):
        place = fit.x[12 + 3 * i : 15 + 3 * i]
        error = placed(surface.points(at), place) - seen
        rms = np.sqrt((error**2).mean(axis=0))
        shown = ", ".join(f"{value:.2f}" for value in rms)
        back_turn = placed(acromia - np.array([0.0, place[0], place[1]]), np.array([0.0, 0.0, -place[2]]))[1]
        right, down, inward = back_turn
        sys.stdout.write(
            f"{posture.mix} lean {posture.lean:g} flex {posture.flex:g}: rms right, down, in {shown} cm; right "
            f"acromion right {right:.1f}, down {down:.1f}, out {-inward:.1f}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
