"""Where the thumbs spent their time: smooth areas that hold a quarter, half, three quarters, 95 % of it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHARES: tuple[float, ...] = (0.95, 0.75, 0.5, 0.25)
"""Share of the time that lies within each drawn area, widest first."""
_CELL_CM = 0.25
_NARROWEST_CM, _WIDEST_CM = 0.45, 2.0


@dataclass(frozen=True)
class DensityContour:
    """The smallest area that holds `share` of the time: closed loops of points in cm, filled even-odd."""

    share: float
    loops: tuple[tuple[tuple[float, float], ...], ...]


def areas(
    lateral_cm: NDArray[np.float64],
    caudal_cm: NDArray[np.float64],
    weight: NDArray[np.float64],
    sigma_cm: float | None,
    window: tuple[float, float, float, float],
) -> list[DensityContour]:
    """Highest-density areas of positions.

    Positions are spread by their uncertainty (a Gaussian kernel): the picture is as blurred as they are.

    Parameters
    ----------
    lateral_cm, caudal_cm, weight : ndarray, shape (n,)
        Positions and the seconds spent at each.
    sigma_cm : float or None
        Typical standard deviation of a position; drawn no narrower than 0.45 cm, no wider than 2 cm.
    window : (float, float, float, float)
        Left, top, right, bottom in cm; positions outside are left out.

    Returns
    -------
    list of DensityContour
        Widest first; empty when there is nothing in the window.
    """
    left, top, right, bottom = window
    columns, rows = math.ceil((right - left) / _CELL_CM), math.ceil((bottom - top) / _CELL_CM)
    grid, _, _ = np.histogram2d(
        caudal_cm,
        lateral_cm,
        bins=(rows, columns),
        weights=weight,
        range=((top, top + rows * _CELL_CM), (left, left + columns * _CELL_CM)),
    )
    if grid.sum() <= 0:
        return []
    width = min(max(sigma_cm or 0.0, _NARROWEST_CM), _WIDEST_CM) / _CELL_CM
    smooth = _blur(np.pad(grid, 1), width)
    descending = np.sort(smooth, axis=None)[::-1]
    held = np.cumsum(descending) / descending.sum()
    found = []
    for share in SHARES:
        level = float(descending[min(int(np.searchsorted(held, share)), len(held) - 1)])
        loops = tuple(
            # a grid value stands for the middle of its cell, and the grid was padded by one cell
            tuple((left + (x - 0.5) * _CELL_CM, top + (y - 0.5) * _CELL_CM) for x, y in loop)
            for loop in level_loops(smooth, level)
        )
        found.append(DensityContour(share, loops))
    return found


def level_loops(grid: NDArray[np.float64], level: float) -> list[list[tuple[float, float]]]:
    """Closed lines along which a grid crosses `level` (marching squares, Lorensen and Cline 1987 in 2-D).

    Parameters
    ----------
    grid : ndarray, shape (rows, columns)
        Taken as 0 outside, so that every line closes.
    level : float
        Above 0.

    Returns
    -------
    list of list of (float, float)
        Loops of (column, row) positions.
    """
    padded = np.pad(grid, 1)
    above = padded >= level
    cases = above[:-1, :-1] * 8 + above[:-1, 1:] * 4 + above[1:, 1:] * 2 + above[1:, :-1] * 1
    neighbours: dict[tuple[int, int, int], list[tuple[int, int, int]]] = {}
    for r, c in zip(*np.nonzero((cases > 0) & (cases < 15)), strict=True):
        row, column = int(r), int(c)
        sides = {
            "t": (0, row, column),
            "b": (0, row + 1, column),
            "l": (1, row, column),
            "r": (1, row, column + 1),
        }
        for segment in _SEGMENTS[int(cases[row, column])]:
            first, second = sides[segment[0]], sides[segment[1]]
            neighbours.setdefault(first, []).append(second)
            neighbours.setdefault(second, []).append(first)
    loops = []
    while neighbours:
        start = next(iter(neighbours))
        loop, here = [], start
        while here in neighbours:
            loop.append(_crossing(padded, here, level))
            onward = neighbours.pop(here)
            here = next((edge for edge in onward if edge in neighbours), start)
        loops.append(loop)
    return loops


_SEGMENTS: dict[int, tuple[str, ...]] = {
    1: ("lb",), 2: ("br",), 3: ("lr",), 4: ("tr",), 5: ("lt", "br"), 6: ("tb",), 7: ("lt",),
    8: ("lt",), 9: ("tb",), 10: ("lb", "tr"), 11: ("tr",), 12: ("lr",), 13: ("br",), 14: ("lb",),
}  # fmt: skip
"""Which sides (top, bottom, left, right) of a cell the line joins, by which of its corners lie above."""


def _crossing(grid: NDArray[np.float64], edge: tuple[int, int, int], level: float) -> tuple[float, float]:
    along, row, column = edge
    first = float(grid[row, column])
    second = float(grid[row + 1, column] if along else grid[row, column + 1])
    share = 0.5 if first == second else min(1.0, max(0.0, (level - first) / (second - first)))
    x, y = (column, row + share) if along else (column + share, row)
    return x - 1.0, y - 1.0


def _blur(grid: NDArray[np.float64], width_cells: float) -> NDArray[np.float64]:
    reach = math.ceil(3 * width_cells)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width_cells) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(grid, reach)
    for axis in (0, 1):
        padded = np.apply_along_axis(np.convolve, axis, padded, kernel, mode="same")
    return padded[reach:-reach, reach:-reach]
