"""Which predicted event answers which true one."""

from collections.abc import Sequence

import numpy as np

from trainer.evaluation.segmental import DetectionCounts
from trainer.evaluation.timeline import TimedEvent

MIN_OVERLAP = 0.1
"""Least intersection over union at which two events of one label are taken for the same stroke."""


def match_by_overlap(
    predicted: Sequence[TimedEvent], truth: Sequence[TimedEvent], min_overlap: float = MIN_OVERLAP
) -> list[tuple[int, int]]:
    """Pair events of equal label one to one so that the summed overlap is greatest.

    Parameters
    ----------
    predicted, truth : sequence of TimedEvent
        Of one hand.
    min_overlap : float
        Least intersection over union of a pair, above 0 and at most 1.

    Returns
    -------
    list of (int, int)
        Indices into `predicted` and `truth`, in order of the truth.
    """
    from scipy.optimize import linear_sum_assignment

    if not predicted or not truth:
        return []
    gain = np.array([[p.overlap(t) if p.label == t.label else 0.0 for t in truth] for p in predicted])
    gain[gain < min_overlap] = 0.0
    rows, columns = linear_sum_assignment(gain, maximize=True)
    pairs = [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if gain[r, c] > 0]
    return sorted(pairs, key=lambda pair: pair[1])


def onset_counts(
    predicted: Sequence[TimedEvent], truth: Sequence[TimedEvent], tolerance_s: float
) -> DetectionCounts:
    """Count events found: right label and an onset within the tolerance, one prediction to one true event.

    The pairing is a largest bipartite matching, as for note onsets in music [1]_; labels and an onset collar
    are the event-based condition of sound event detection [2]_, without a condition on the offset.

    Parameters
    ----------
    predicted, truth : sequence of TimedEvent
        Of one hand.
    tolerance_s : float
        Greatest distance of the onsets in seconds.

    References
    ----------
    .. [1] C. Raffel et al., "mir_eval: a transparent implementation of common MIR metrics", ISMIR 2014.
    .. [2] A. Mesaros, T. Heittola and T. Virtanen, "Metrics for polyphonic sound event detection",
       Applied Sciences 6(6):162, 2016.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    found = 0
    if predicted and truth:
        near = np.array(
            [
                [p.label == t.label and abs(p.onset_s - t.onset_s) <= tolerance_s + 1e-9 for t in truth]
                for p in predicted
            ]
        )
        found = int((maximum_bipartite_matching(csr_matrix(near), perm_type="column") >= 0).sum())
    return DetectionCounts(found, len(predicted) - found, len(truth) - found)
