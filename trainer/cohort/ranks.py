"""Exact distributions of rank statistics, ties included.

Given the ranks (ties share their mean rank), the null hypothesis makes every sign, or every split into groups,
equally likely; the distribution is counted by adding one rank after the other. Textbook tables, which know no ties,
are the special case without ties. Ranks are doubled so that mean ranks are whole numbers.
"""

import numpy as np
from numpy.typing import NDArray

from trainer.cohort.results import Alternative

MOST_SIGNED = 200
"""Differences up to which the signed-rank distribution is counted exactly."""
MOST_SPLIT = 80
"""Values in both groups together up to which the rank-sum distribution is counted exactly."""


def signed_rank_p(ranks: NDArray[np.float64], positive: float, alternative: Alternative) -> float:
    """Return the exact p of a sum of positive ranks.

    Parameters
    ----------
    ranks : ndarray of float, shape (n,)
        Ranks of the absolute differences, n at most `MOST_SIGNED`; no zeros among the differences.
    positive : float
        Sum of the ranks of the positive differences.
    """
    doubled = np.rint(2 * ranks).astype(int)
    probability = np.zeros(int(doubled.sum()) + 1)
    probability[0] = 1.0
    for rank in doubled:
        moved = np.zeros_like(probability)
        moved[rank:] = probability[: len(probability) - rank]
        probability = (probability + moved) / 2
    return _tail(probability, round(2 * positive), alternative)


def rank_sum_p(ranks: NDArray[np.float64], first: int, rank_sum: float, alternative: Alternative) -> float:
    """Return the exact p of a rank sum.

    Parameters
    ----------
    ranks : ndarray of float, shape (n,)
        Ranks of all values together, n at most `MOST_SPLIT`.
    first : int
        Values in the first group.
    rank_sum : float
        Sum of the first group's ranks.
    """
    doubled = np.sort(np.rint(2 * ranks).astype(int))
    longest = int(doubled[len(doubled) - first :].sum())
    ways = np.zeros((first + 1, longest + 1))
    ways[0, 0] = 1.0
    for rank in doubled:
        if rank <= longest:
            ways[1:, rank:] += ways[:-1, : longest + 1 - rank].copy()
    return _tail(ways[first] / ways[first].sum(), round(2 * rank_sum), alternative)


def _tail(probability: NDArray[np.float64], at: int, alternative: Alternative) -> float:
    at_least, at_most = float(probability[at:].sum()), float(probability[: at + 1].sum())
    if alternative == "greater":
        return min(1.0, at_least)
    if alternative == "less":
        return min(1.0, at_most)
    return min(1.0, 2 * min(at_least, at_most))
