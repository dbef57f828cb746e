"""What the recogniser looks at: motion in centimetres and seconds, never pixels or frames."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from trainer.strokes.event import StrokeType
from trainer.strokes.grid import GRID_HZ, Grid
from trainer.strokes.palm import reference


class Kind(IntEnum):
    """What the network tells apart; circles by their sense, so that a reversal ends one stroke and starts another."""

    NONE = 0
    CIRCLE_CW = 1
    CIRCLE_CCW = 2
    DOWN = 3
    UP = 4
    HOLD = 5
    OTHER = 6


STROKE_OF_KIND: dict[Kind, StrokeType] = {
    Kind.CIRCLE_CW: StrokeType.CIRCULAR_PRESSURE,
    Kind.CIRCLE_CCW: StrokeType.CIRCULAR_PRESSURE,
    Kind.DOWN: StrokeType.DOWNWARD_PASS,
    Kind.UP: StrokeType.UPWARD_PASS,
    Kind.HOLD: StrokeType.STATIC_HOLD,
    Kind.OTHER: StrokeType.OTHER,
}
TURNS: dict[Kind, bool] = {Kind.CIRCLE_CW: True, Kind.CIRCLE_CCW: False}
"""Whether a circle's class turns clockwise."""
FEATURES: tuple[str, ...] = (
    "lateral_velocity",
    "caudal_velocity",
    "lateral_departure",
    "caudal_departure",
    "lateral",
    "caudal",
    "seen",
    "known",
    "palm",
    "palm_known",
)
_DEPARTURE_S = 0.8
"""Time constant of the running mean from which departures are taken: about one revolution."""


def features(grid: Grid, palm_reference_cm: NDArray[np.float64] | float | None = None) -> NDArray[np.float32]:
    """Return what the network reads, causal sample by sample.

    Velocities (10 cm/s), departures from a running mean (3 cm), position (10 cm from the middle of the region),
    whether the thumb was seen and whether its position is known, how much larger the palm looks than on the skin
    (logarithm, tenths) and whether that is known. Lateral stays signed: the network was shown every motion together
    with its mirror image.

    Parameters
    ----------
    grid : Grid
        n samples.
    palm_reference_cm : float or ndarray, shape (n,), optional
        What the palm measures on the skin, NaN for not known; by default taken from all samples.

    Returns
    -------
    ndarray of float32, shape (10, n)
        In the order of `FEATURES`.
    """
    from scipy.signal import lfilter

    n = len(grid)
    rows = np.zeros((len(FEATURES), n), np.float32)
    if n == 0:
        return rows
    position = grid.position_cm
    step = np.diff(position, axis=0, prepend=position[:1])
    joined = grid.known & np.r_[False, grid.known[:-1]]
    rows[0:2] = np.clip(np.where(joined[:, None], step, 0.0).T * GRID_HZ / 10.0, -6, 6)
    keep = np.exp(-1.0 / (GRID_HZ * _DEPARTURE_S))
    mean, _ = lfilter([1 - keep], [1, -keep], position, axis=0, zi=keep * position[:1])
    rows[2:4] = np.clip((position - mean).T / 3.0, -6, 6)
    rows[4] = np.clip(position[:, 0] / 10.0, -2.5, 2.5)
    rows[5] = np.clip((position[:, 1] - 9.0) / 10.0, -2.5, 2.5)
    rows[6] = grid.seen
    rows[7] = grid.known
    skin = reference(grid.palm_cm) if palm_reference_cm is None else palm_reference_cm
    with np.errstate(invalid="ignore"):
        lift = grid.palm_trust * np.log(grid.palm_cm / skin) / 0.1
    rows[9] = np.isfinite(lift) & (grid.palm_trust > 0)
    rows[8] = np.clip(np.where(rows[9] > 0, lift, 0.0), -3, 5)
    return rows


def mirrored(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the features of the mirror image about the spine."""
    flipped = rows.copy()
    flipped[..., [0, 2, 4], :] *= -1
    return flipped


MIRRORED_KINDS: tuple[int, ...] = (0, 2, 1, 3, 4, 5, 6)
"""Class of the mirror image of each class."""
