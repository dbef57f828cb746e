"""Two circles of the same sense, close together in time, told apart.

A decoder that knows how long strokes last rather reads one circle than two with a moment between them. Where the
network half hears such a moment, the sightings are asked: two circles, each with its own centre, size and rate,
must explain them better than one by more than their greater freedom would by chance.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.back.track import ThumbTrack
from trainer.strokes.circle_fit import CircleFit, fit_circle
from trainer.strokes.decoder import Segment
from trainer.strokes.features import TURNS, Kind
from trainer.strokes.grid import GRID_HZ, Grid

Floats = NDArray[np.float64]
_HEARD = 0.3
"""Probability of no stroke from which on a moment is looked into."""
_SHORTEST_S = 0.75
"""Neither part is shorter."""
_APART_S = 0.15
"""Sightings this near to the moment speak for neither part."""
_ALIKE_S = 0.15
"""Sightings this near in time err alike and count as one."""
_ENOUGH = 30.0
"""Twice the logarithm of the likelihood ratio that the second circle must bring; chosen on simulated people."""


def split_circles(
    track: ThumbTrack, grid: Grid, probabilities: NDArray[np.float32], segments: Sequence[Segment]
) -> list[Segment]:
    """Return the segments, circles that are two with the moment between them cut out.

    Parameters
    ----------
    track : ThumbTrack
        Whose sightings decide.
    grid : Grid
        The clock of the segments, n samples.
    probabilities : ndarray, shape (n, 7)
        Of each sample.
    segments : sequence of Segment
        As decoded.
    """
    out: list[Segment] = []
    waiting = list(segments)[::-1]
    while waiting:
        segment = waiting.pop()
        moment = _moment(track, grid, probabilities, segment) if segment.kind in TURNS else None
        if moment is None:
            out.append(segment)
        else:
            start, stop = moment
            out.append(Segment(segment.start, start, segment.kind))
            out.append(Segment(start, stop, Kind.NONE))
            waiting.append(Segment(stop, segment.stop, segment.kind))
    return out


def _moment(
    track: ThumbTrack, grid: Grid, probabilities: NDArray[np.float32], segment: Segment
) -> tuple[int, int] | None:
    """Return the first moment, as samples, that parts a circle in two; None when it is one."""
    side = round(_SHORTEST_S * GRID_HZ)
    none = probabilities[segment.start : segment.stop, Kind.NONE]
    if len(none) < 2 * side:
        return None
    heard = np.zeros(len(none), bool)
    heard[side:-side] = none[side:-side] > _HEARD
    edges = np.flatnonzero(np.diff(np.r_[False, heard, False].astype(np.int8))).reshape(-1, 2)
    for first, last in edges:
        start, stop = int(segment.start + first), int(segment.start + last)
        if _are_two(track, grid, segment, float(grid.time_s[(start + stop) // 2])):
            return start, stop
    return None


def _are_two(track: ThumbTrack, grid: Grid, segment: Segment, at_s: float) -> bool:
    begin, end = grid.time_s[segment.start], grid.time_s[segment.stop - 1]
    raw = np.stack([track.lateral_cm_raw, track.caudal_cm_raw], 1)
    inside = np.isfinite(raw).all(1) & (track.time_s >= begin) & (track.time_s <= end)
    time, position = track.time_s[inside], raw[inside]
    parts = (time < at_s - _APART_S, time > at_s + _APART_S)
    clockwise = TURNS[segment.kind]
    whole = fit_circle(time, position, clockwise)
    fits = [fit_circle(time[part], position[part], clockwise) for part in parts]
    if whole is None or fits[0] is None or fits[1] is None:
        return False
    one = np.concatenate([_errors(whole, time[part], position[part]) for part in parts])
    two = np.concatenate(
        [_errors(fit, time[part], position[part]) for fit, part in zip(fits, parts, strict=True) if fit]
    )
    independent = min(len(two), (end - begin) / _ALIKE_S)
    return bool(independent * np.log(one.mean() / max(two.mean(), 1e-4)) > _ENOUGH)


def _errors(fit: CircleFit, time: Floats, position: Floats) -> Floats:
    return np.asarray(((position - fit.position(time)) ** 2).sum(1))
