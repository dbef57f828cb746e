"""Passes along the spine: how far and how fast."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_END_S = 0.12
"""Sightings this near to an end say where it is."""


@dataclass(frozen=True)
class PassMeasure:
    """A pass in figures: cm, cm/s, and its sense along the spine."""

    length_cm: float
    speed_cm_s: float
    direction: Literal["caudal", "cranial"]


def measure_pass(time_s: Floats, position_cm: Floats, onset_s: float, end_s: float) -> PassMeasure | None:
    """Measure a pass from its sightings, shape (n,) and (n, 2); None when there are too few.

    The extent is that between robust estimates of both ends; wobble on the way adds nothing to it.
    """
    if len(time_s) < 4 or time_s[-1] - time_s[0] < 0.2:
        return None
    start = _end(time_s, position_cm, time_s[0])
    stop = _end(time_s, position_cm, time_s[-1])
    length = float(np.hypot(*(stop - start)))
    duration = max(end_s - onset_s, 1e-9)
    return PassMeasure(length, length / duration, "caudal" if stop[1] >= start[1] else "cranial")


def _end(time: Floats, position: Floats, at: float) -> Floats:
    """Return where the thumb was at one end: a line through the nearest sightings, or their median if there are few."""
    distance = np.abs(time - at)
    near = np.flatnonzero(distance <= _END_S)
    if len(near) < 3:
        near = np.argsort(distance)[:3]
    if len(near) < 4:
        return np.asarray(np.median(position[near], axis=0))
    line = np.polynomial.polynomial.polyfit(time[near] - at, position[near], 1)
    return np.asarray(line[0])
