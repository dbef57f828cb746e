"""Boxes in rows and the arrows between them, placed so that few arrows cross and none runs through a box.

The method is that of Sugiyama, Tagawa and Toda (1981): an arrow that passes a row takes a place of its own in it, rows
are put in order by the mean of their neighbours, then moved sideways as far as their order allows.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scripts.common.code_map import reached_from

Node = str | tuple[str, str, int]
"""A box by its name, or the place of an arrow (from, to) in a row that it passes."""

_SWEEPS = 24
_BOX_WEIGHT = 8.0


@dataclass(frozen=True)
class Layout:
    """Where everything lies.

    Attributes
    ----------
    centres : mapping of str to float
        The middle of each box, in the unit of the widths.
    paths : mapping of (str, str) to tuple of float
        Where each arrow passes, row by row, from the middle of its first box to that of its last.
    """

    centres: Mapping[str, float]
    paths: Mapping[tuple[str, str], tuple[float, ...]]


def reduced(imports: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the imports that no chain of other imports says already (the transitive reduction).

    Examples
    --------
    >>> {name: sorted(needed) for name, needed in reduced({"c": {"a", "b"}, "b": {"a"}, "a": set()}).items()}
    {'c': ['b'], 'b': ['a'], 'a': []}
    """
    below = {name: reached_from(imports, name) for name in imports}
    return {
        name: {one for one in needed if not any(one in below[other] for other in needed - {one})}
        for name, needed in imports.items()
    }


def place(
    rows: Sequence[Sequence[str]],
    arrows: Iterable[tuple[str, str]],
    *,
    boxes: Mapping[str, float],
    lane: float,
    gap: float,
    width: float,
) -> Layout:
    """Place boxes and arrows.

    Parameters
    ----------
    rows : sequence of sequence of str
        The names of the boxes, row by row from the top.
    arrows : iterable of (str, str)
        From a box to one of a lower row.
    boxes : mapping of str to float
        How wide each box is.
    lane, gap, width : float
        How wide an arrow is where it passes a row; the room between boxes and arrows; all of it.

    Returns
    -------
    Layout
        Every place lies between 0 and `width`.

    Raises
    ------
    ValueError
        When a row does not fit into `width`.
    """
    rank = {name: row for row, names in enumerate(rows) for name in names}
    order: list[list[Node]] = [list(names) for names in rows]
    chains: dict[tuple[str, str], list[Node]] = {}
    for start, end in sorted(arrows):
        passed: list[Node] = [(start, end, row) for row in range(rank[start] + 1, rank[end])]
        for node, row in zip(passed, range(rank[start] + 1, rank[end]), strict=True):
            order[row].append(node)
        chains[start, end] = [start, *passed, end]
    beside: dict[Node, list[Node]] = {node: [] for row in order for node in row}
    above: dict[Node, list[Node]] = {node: [] for row in order for node in row}
    for chain in chains.values():
        for upper, lower in itertools.pairwise(chain):
            beside[upper].append(lower)
            above[lower].append(upper)
    sizes = {node: boxes[node] if isinstance(node, str) else lane for node in beside}
    best = _ordered(order, above, beside)
    centres = _spread(best, above, beside, sizes, gap, width)
    return Layout(
        {node: centre for node, centre in centres.items() if isinstance(node, str)},
        {ends: tuple(centres[node] for node in chain) for ends, chain in chains.items()},
    )


def _ordered(
    order: list[list[Node]], above: Mapping[Node, list[Node]], below: Mapping[Node, list[Node]]
) -> list[list[Node]]:
    """Return the rows in the order, of those met on the way, in which the fewest arrows cross."""
    best, fewest = [list(row) for row in order], _crossings(order, below)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        near = above if down else below
        for row in order if down else reversed(order):
            at = {node: index / max(1, len(other) - 1) for other in order for index, node in enumerate(other)}
            keys = {node: _share(at, near[node], at[node]) for node in row}
            row.sort(key=keys.__getitem__)
        crossings = _crossings(order, below)
        if crossings < fewest:
            best, fewest = [list(row) for row in order], crossings
    return best


def _share(at: Mapping[Node, float], near: Sequence[Node], otherwise: float) -> float:
    return sum(at[node] for node in near) / len(near) if near else otherwise


def _crossings(order: Sequence[Sequence[Node]], below: Mapping[Node, list[Node]]) -> int:
    at = {node: index for row in order for index, node in enumerate(row)}
    count = 0
    for row in order:
        ends = [at[lower] for node in row for lower in sorted(below[node], key=at.__getitem__)]
        count += sum(left > right for i, left in enumerate(ends) for right in ends[i + 1 :])
    return count


def _spread(
    order: Sequence[Sequence[Node]],
    above: Mapping[Node, list[Node]],
    below: Mapping[Node, list[Node]],
    sizes: Mapping[Node, float],
    gap: float,
    width: float,
) -> dict[Node, float]:
    """Return the middle of every node: as near to its neighbours' as the order and the width allow."""
    centres: dict[Node, float] = {}
    for row in order:
        taken = sum(sizes[node] for node in row) + gap * (len(row) - 1)
        if taken > width:
            raise ValueError(
                f"Expected rows of at most {width:g}, got one of {taken:g}: make the boxes narrower."
            )
        left = (width - taken) / 2
        for node in row:
            centres[node] = left + sizes[node] / 2
            left += sizes[node] + gap
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for row in order if down else reversed(order):
            wanted = {}
            for node in row:
                near = (above[node] if down else below[node]) or above[node] or below[node]
                wanted[node] = _mean(centres, near) if near else centres[node]
            centres |= _apart(row, wanted, sizes, gap, width)
    return centres


def _mean(centres: Mapping[Node, float], near: Sequence[Node]) -> float:
    """Return the mean place; boxes count more than arrows on their way, so that what follows each other is in line."""
    weights = [_BOX_WEIGHT if isinstance(node, str) else 1.0 for node in near]
    return sum(weight * centres[node] for weight, node in zip(weights, near, strict=True)) / sum(weights)


def _apart(
    row: Sequence[Node], wanted: Mapping[Node, float], sizes: Mapping[Node, float], gap: float, width: float
) -> dict[Node, float]:
    """Return places near the wanted ones, in this order and clear of each other: the mean of both extremes."""
    pushed: dict[Node, float] = {}
    edge = 0.0
    for node in row:
        pushed[node] = max(wanted[node], edge + sizes[node] / 2)
        edge = pushed[node] + sizes[node] / 2 + gap
    pulled: dict[Node, float] = {}
    edge = width
    for node in reversed(row):
        pulled[node] = min(wanted[node], edge - sizes[node] / 2)
        edge = pulled[node] - sizes[node] / 2 - gap
    return _inside(row, {node: (pushed[node] + pulled[node]) / 2 for node in row}, sizes, gap, width)


def _inside(
    row: Sequence[Node], places: Mapping[Node, float], sizes: Mapping[Node, float], gap: float, width: float
) -> dict[Node, float]:
    """Return the places pushed in from both edges."""
    inside = dict(places)
    edge = width
    for node in reversed(row):
        inside[node] = min(inside[node], edge - sizes[node] / 2)
        edge = inside[node] - sizes[node] / 2 - gap
    edge = 0.0
    for node in row:
        inside[node] = max(inside[node], edge + sizes[node] / 2)
        edge = inside[node] + sizes[node] / 2 + gap
    return inside
