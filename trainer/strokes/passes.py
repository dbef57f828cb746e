"""Passes along the spine: how far and how fast."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_END_S = 0.12
"""Sightings this near to an end say where it is."""

_LEAST_CM = 3.0
"""Shorter ways are too near to the noise to tell where they begin."""
_STILL_CM, _REST_S = 0.4, 0.5
"""A thumb that has not gone this far for this long rests before its pass, or after it."""


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


def moving_part(time_s: Floats, position_cm: Floats, onset_s: float, end_s: float) -> tuple[float, float]:
    """Return when a pass really starts and ends: a thumb that rests before or after it is not passing yet.

    Parameters
    ----------
    time_s, position_cm : ndarray, shape (n,) and (n, 2)
        The filtered path inside the stroke, finite.
    onset_s, end_s : float
        As recognised; only moved inwards.
    """
    if len(time_s) < 6:
        return onset_s, end_s
    first, last = np.median(position_cm[:3], axis=0), np.median(position_cm[-3:], axis=0)
    way = last - first
    length = float(np.hypot(*way))
    if length < _LEAST_CM:
        return onset_s, end_s
    progress = (position_cm - first) @ way / length
    started = np.flatnonzero(progress < _STILL_CM)
    arrived = np.flatnonzero(progress > length - _STILL_CM)
    if not len(started) or not len(arrived) or arrived[0] - started[-1] < 3:
        return onset_s, end_s
    begins, ends = float(time_s[started[-1]]), float(time_s[arrived[0]])
    # A pass may well begin slowly; only a rest that nobody would call a beginning is cut off.
    return (
        begins if begins - onset_s > _REST_S else onset_s,
        ends if end_s - ends > _REST_S else end_s,
    )


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
