"""From class probabilities to strokes that last as long as strokes do."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.strokes.features import Kind
from trainer.strokes.grid import GRID_HZ


@dataclass(frozen=True)
class DurationModel:
    """What is known about how long each class lasts, and how far to trust single samples.

    Attributes
    ----------
    shortest_s : tuple of float
        By class; shorter segments cost `short_cost` per missing fraction.
    short_cost : float
        Nats for a segment of no length.
    switch_cost : float
        Nats for every boundary.
    sample_weight : float
        Neighbouring samples say much the same, so each counts less than one.
    longest_s : float
        Segments are searched up to this long; longer strokes are joined from several at no cost.
    """

    shortest_s: tuple[float, ...] = (0.12, 0.9, 0.9, 0.8, 0.8, 0.7, 0.9)
    short_cost: float = 6.0
    switch_cost: float = 1.0
    sample_weight: float = 0.35
    longest_s: float = 6.0


@dataclass(frozen=True)
class DecodedSegment:
    """Samples `start` to `stop` (exclusive) of one class."""

    start: int
    stop: int
    kind: Kind


def decode(probabilities: NDArray[np.floating], model: DurationModel | None = None) -> list[DecodedSegment]:
    """Find the most probable sequence of segments (explicit-duration Viterbi search).

    Parameters
    ----------
    probabilities : ndarray, shape (n, 7)
        Of each sample, in the order of `Kind`.
    model : DurationModel, optional
        Knowledge about durations.

    Returns
    -------
    list of DecodedSegment
        Covering all samples; neighbours differ in class.

    Notes
    -----
    A hidden semi-Markov model (S.-Z. Yu, "Hidden semi-Markov models", Artificial Intelligence 174, 2010) with the
    search of its section 3; time O(n D K) with D the longest segment, memory O(n K).
    """
    model = model or DurationModel()
    n, k = probabilities.shape
    if n == 0:
        return []
    score = model.sample_weight * np.log(np.maximum(probabilities, 1e-6)).astype(float)
    total = np.vstack([np.zeros(k), np.cumsum(score, 0)])
    longest = min(n, round(model.longest_s * GRID_HZ))
    length_s = np.arange(1, longest + 1)[:, None] / GRID_HZ
    lasting = -model.short_cost * np.maximum(0, 1 - length_s / np.array(model.shortest_s))
    lasting = lasting[::-1]  # Row j belongs to a segment that starts j samples after the oldest start.
    # entered[t, c]: best score of everything before t given that c starts at t, less what c would earn up to t.
    entered = np.full((n + 1, k), -np.inf)
    entered[0] = 0.0
    origin = np.zeros((n + 1, k), np.int32)
    previous = np.zeros((n + 1, k), np.int8)
    columns = np.arange(k)
    for t in range(1, n + 1):
        oldest = max(0, t - longest)
        window = entered[oldest:t] + lasting[longest - (t - oldest) :]
        best = window.argmax(0)
        ended = window[best, columns] + total[t]
        origin[t] = oldest + best
        # Whatever ends best, and the best of another class for the class that ends best itself.
        first = int(ended.argmax())
        begin = np.full(k, ended[first] - model.switch_cost)
        previous[t] = first
        begin[first] = ended[first]  # A long stroke goes on, in another segment that is joined to it below.
        entered[t] = begin - total[t]
    kind = int(ended.argmax())
    segments: list[DecodedSegment] = []
    t = n
    while t > 0:
        start = int(origin[t, kind])
        if segments and segments[-1].kind == kind:
            segments[-1] = DecodedSegment(start, segments[-1].stop, Kind(kind))
        else:
            segments.append(DecodedSegment(start, t, Kind(kind)))
        kind, t = int(previous[start, kind]), start
    return segments[::-1]
