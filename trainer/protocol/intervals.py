"""Sets of time as sorted, disjoint intervals ``(start_s, end_s)``."""

from collections.abc import Iterable
from itertools import pairwise

Interval = tuple[float, float]


def union(intervals: Iterable[Interval], bridge_s: float = 0.0) -> list[Interval]:
    """Join overlapping intervals, and those at most `bridge_s` apart."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if end < start:
            continue
        if joined and start <= joined[-1][1] + bridge_s:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def intersection(first: list[Interval], second: list[Interval]) -> list[Interval]:
    """Return what two sets share."""
    shared = []
    i = j = 0
    while i < len(first) and j < len(second):
        start, end = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if end > start:
            shared.append((start, end))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return shared


def difference(first: list[Interval], second: list[Interval]) -> list[Interval]:
    """Return what of the first set is not in the second.

    Examples
    --------
    >>> difference([(0.0, 10.0)], [(2.0, 3.0), (9.0, 12.0)])
    [(0.0, 2.0), (3.0, 9.0)]
    """
    left = []
    for start, end in first:
        for other_start, other_end in second:
            if other_end <= start or other_start >= end:
                continue
            if other_start > start:
                left.append((start, other_start))
            start = max(start, other_end)
        if start < end:
            left.append((start, end))
    return left


def length_s(intervals: Iterable[Interval]) -> float:
    """Return the total length in seconds."""
    return sum(end - start for start, end in intervals)


def gaps(intervals: list[Interval]) -> list[Interval]:
    """Return the stretches between the intervals."""
    return [(a[1], b[0]) for a, b in pairwise(intervals)]
