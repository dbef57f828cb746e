"""When each revolution of a circular stroke began and ended, from the thumb's path itself."""

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from trainer.strokes.event import StrokeType

if TYPE_CHECKING:
    import pandas as pd

MAX_GAP_S = 0.2
"""Longest stretch without a position across which the angle is still followed, in seconds."""


class TimedStroke(Protocol):
    """A stroke with its bounds in whole milliseconds."""

    @property
    def start_ms(self) -> int:
        """Onset."""

    @property
    def end_ms(self) -> int:
        """End."""

    @property
    def text(self) -> str:
        """Entry of the stroke catalogue."""


def revolution_intervals(
    stroke: TimedStroke, thumbs: "pd.DataFrame", hand: str
) -> list[tuple[int, int, int]]:
    """Return the full revolutions of a circular stroke.

    Parameters
    ----------
    stroke : TimedStroke
        Any stroke; those that are not circular have no revolutions.
    thumbs : DataFrame
        Columns as in ``thumbs.parquet``.
    hand : {"left", "right"}
        The practitioner's hand.

    Returns
    -------
    list of (int, int, int)
        Number (from 1), start and end in milliseconds. Where the thumb was lost for more than `MAX_GAP_S` the
        count starts anew behind the gap, for nobody saw how often it went round within.
    """
    if stroke.text != StrokeType.CIRCULAR_PRESSURE:
        return []
    track = thumbs[thumbs["hand"] == hand]
    time_s = track["time_s"].to_numpy(dtype=np.float64)
    inside = (time_s >= stroke.start_ms / 1000 - 5e-4) & (time_s <= stroke.end_ms / 1000 + 5e-4)
    path = track.loc[inside, ["lateral_cm", "caudal_cm"]].to_numpy(dtype=np.float64)
    known = np.isfinite(path).all(axis=1)
    turns: list[tuple[int, int, int]] = []
    moments, points = time_s[inside][known], path[known]
    if len(points) < 3:
        return []
    angles = np.arctan2(*(points - _circle_centre(points)).T[::-1])
    breaks = np.flatnonzero(np.diff(moments) > MAX_GAP_S) + 1
    for piece_s, piece in zip(np.split(moments, breaks), np.split(angles, breaks), strict=True):
        crossings = full_turns(piece_s, np.unwrap(piece))
        turns += [
            (len(turns) + k + 1, round(start * 1000), round(end * 1000))
            for k, (start, end) in enumerate(pairwise(crossings))
        ]
    return [(n, max(a, stroke.start_ms), min(b, stroke.end_ms)) for n, a, b in turns]


def full_turns(time_s: NDArray[np.float64], angle: NDArray[np.float64]) -> list[float]:
    """Return the start of the first revolution and the moment each full one was completed.

    Parameters
    ----------
    time_s : ndarray of float, shape (n,)
        Seconds, increasing.
    angle : ndarray of float, shape (n,)
        Unwrapped angle in radians, either sense.

    Returns
    -------
    list of float
        Seconds; empty when no revolution was completed.

    Examples
    --------
    >>> t = np.linspace(0, 2.5, 101)
    >>> [round(float(x), 3) for x in full_turns(t, -2 * np.pi * t)]
    [0.0, 1.0, 2.0]
    """
    if len(time_s) < 2:
        return []
    # A thumb that trembles back must not complete a turn twice, so the furthest angle so far counts.
    travelled = np.maximum.accumulate((angle - angle[0]) * (np.sign(angle[-1] - angle[0]) or 1.0))
    whole = int((travelled[-1] + 1e-9) // (2 * np.pi))
    if whole == 0:
        return []
    marks = 2 * np.pi * np.arange(1, whole + 1)
    return [float(time_s[0]), *(float(t) for t in np.interp(marks, travelled, time_s))]


def _circle_centre(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centre of the least-squares circle (Kasa 1976); a partial turn does not shift it."""
    system = np.column_stack([2 * points, np.ones(len(points))])
    solution, *_ = np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)
    return np.asarray(solution[:2], dtype=np.float64)
