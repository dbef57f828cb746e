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
from trainer.strokes.decoder import DecodedSegment
from trainer.strokes.features import TURNS, Kind
from trainer.strokes.grid import GRID_HZ, Grid

Floats = NDArray[np.float64]
_HEARD = 0.15
"""Probability of no stroke from which on a moment is looked into."""
_SHORTEST_S = 0.75
"""Neither part is shorter."""
_APART_S = 0.15
"""Sightings this near to the moment speak for neither part."""
_ALIKE_S = 0.15
"""Sightings this near in time err alike and count as one."""
ENOUGH = 30.0
"""Twice the logarithm of the likelihood ratio that the second circle must bring; chosen on simulated people."""


def split_circles(
    track: ThumbTrack, grid: Grid, probabilities: NDArray[np.float32], segments: Sequence[DecodedSegment]
) -> list[DecodedSegment]:
    """Return the segments, circles that are two with the moment between them cut out.

    Parameters
    ----------
    track : ThumbTrack
        Whose sightings decide.
    grid : Grid
        The clock of the segments, n samples.
    probabilities : ndarray, shape (n, 7)
        Of each sample.
    segments : sequence of DecodedSegment
        As decoded.
    """
    out: list[DecodedSegment] = []
    waiting = list(segments)[::-1]
    while waiting:
        segment = waiting.pop()
        moment = _moment(track, grid, probabilities, segment) if segment.kind in TURNS else None
        if moment is None:
            out.append(segment)
        else:
            start, stop = moment
            out.append(DecodedSegment(segment.start, start, segment.kind))
            out.append(DecodedSegment(start, stop, Kind.NONE))
            waiting.append(DecodedSegment(stop, segment.stop, segment.kind))
    return out


def _moment(
    track: ThumbTrack, grid: Grid, probabilities: NDArray[np.float32], segment: DecodedSegment
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


def _are_two(track: ThumbTrack, grid: Grid, segment: DecodedSegment, at_s: float) -> bool:
    begin, end = float(grid.time_s[segment.start]), float(grid.time_s[segment.stop - 1])
    evidence = evidence_for_two(track, TURNS[segment.kind], (begin, at_s - _APART_S), (at_s + _APART_S, end))
    return evidence is not None and evidence > ENOUGH


def evidence_for_two(
    track: ThumbTrack, clockwise: bool, first_s: tuple[float, float], second_s: tuple[float, float]
) -> float | None:
    """Return how much better two circles explain two stretches of a track than one does.

    Parameters
    ----------
    track : ThumbTrack
        Whose sightings decide.
    clockwise : bool
        The sense of both.
    first_s, second_s : tuple of float
        From when to when, in seconds.

    Returns
    -------
    float or None
        Twice the logarithm of the likelihood ratio; None when there are too few sightings to tell.
    """
    raw = np.stack([track.lateral_cm_raw, track.caudal_cm_raw], 1)
    inside = np.isfinite(raw).all(1) & (track.time_s >= first_s[0]) & (track.time_s <= second_s[1])
    time, position = track.time_s[inside], raw[inside]
    parts = (time <= first_s[1], time >= second_s[0])
    both = parts[0] | parts[1]
    whole = fit_circle(time[both], position[both], clockwise)
    fits = [fit_circle(time[part], position[part], clockwise) for part in parts]
    if whole is None or fits[0] is None or fits[1] is None:
        return None
    one = np.concatenate([_errors(whole, time[part], position[part]) for part in parts])
    two = np.concatenate(
        [_errors(fit, time[part], position[part]) for fit, part in zip(fits, parts, strict=True) if fit]
    )
    seen_s = first_s[1] - first_s[0] + second_s[1] - second_s[0]
    independent = min(len(two), seen_s / _ALIKE_S)
    return float(independent * np.log(one.mean() / max(two.mean(), 1e-4)))


def _errors(fit: CircleFit, time: Floats, position: Floats) -> Floats:
    return np.asarray(((position - fit.position(time)) ** 2).sum(1))
