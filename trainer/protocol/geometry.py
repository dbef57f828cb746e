"""Polygons on the back: validity, overlap, and how far inside or outside a point lies. All lengths in cm."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Polygon = Sequence[tuple[float, float]]


def area(polygon: Polygon) -> float:
    """Return the enclosed area in cm2 (shoelace formula)."""
    x, y = np.asarray(polygon, dtype=float).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _cross(o: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _edges(polygon: Polygon) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [(polygon[i], polygon[(i + 1) % len(polygon)]) for i in range(len(polygon))]


def _touches(
    p: tuple[float, float], q: tuple[float, float], r: tuple[float, float], s: tuple[float, float]
) -> bool:
    """Whether the closed segments pq and rs share a point."""

    def on(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
        return (
            _cross(a, b, c) == 0
            and min(a[0], b[0]) <= c[0] <= max(a[0], b[0])
            and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
        )

    d1, d2, d3, d4 = _cross(r, s, p), _cross(r, s, q), _cross(p, q, r), _cross(p, q, s)
    if d1 * d2 < 0 and d3 * d4 < 0:
        return True
    return on(r, s, p) or on(r, s, q) or on(p, q, r) or on(p, q, s)


def crosses_itself(polygon: Polygon) -> bool:
    """Whether two edges that are not neighbours meet, or two neighbours lie on each other."""
    edges = _edges(polygon)
    n = len(edges)
    for i in range(n):
        for j in range(i + 1, n):
            neighbours = j == i + 1 or (i == 0 and j == n - 1)
            if not neighbours:
                if _touches(*edges[i], *edges[j]):
                    return True
                continue
            first, second = (edges[i], edges[j]) if j == i + 1 else (edges[j], edges[i])
            a, b, c = first[0], first[1], second[1]
            if _cross(a, b, c) == 0 and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0:
                return True
    return False


def _intervals(polygon: Polygon, y: float) -> list[tuple[float, float]]:
    """Return the stretches of the horizontal line at `y` inside the polygon."""
    crossings = sorted(
        a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in _edges(polygon)
        if (a[1] > y) != (b[1] > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def overlap_cm2(first: Polygon, second: Polygon) -> float:
    """Return the area that two simple polygons share, in cm2; a common edge shares nothing.

    The plane is cut into horizontal slabs at every corner and every crossing of edges; inside a slab all
    edges are straight and keep their order, so that the width at half height gives the slab's area exactly.
    """
    levels = {corner[1] for corner in (*first, *second)}
    for a, b in _edges(first):
        for c, d in _edges(second):
            denominator = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
            if denominator:
                t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / denominator
                if 0 <= t <= 1:
                    levels.add(a[1] + t * (b[1] - a[1]))
    total = 0.0
    for low, high in pairwise(sorted(levels)):
        middle = (low + high) / 2
        for left, right in _intervals(first, middle):
            for other_left, other_right in _intervals(second, middle):
                total += max(0.0, min(right, other_right) - max(left, other_left)) * (high - low)
    return total


def signed_distance_cm(points_cm: NDArray[np.float64], polygon: Polygon) -> NDArray[np.float64]:
    """Return how deep points lie in a polygon.

    Parameters
    ----------
    points_cm : ndarray, shape (n, 2)
        ``lateral_cm, caudal_cm``.
    polygon : sequence of (float, float)
        Corners in the same frame.

    Returns
    -------
    ndarray, shape (n,)
        Distance to the nearest edge in cm, positive inside, negative outside; NaN for NaN.
    """
    points = np.asarray(points_cm, dtype=float).reshape(-1, 2)
    corners = np.asarray(polygon, dtype=float)
    following = np.roll(corners, -1, axis=0)
    edge = following - corners
    offset = points[:, None, :] - corners[None, :, :]
    along = np.clip((offset * edge).sum(-1) / np.maximum((edge**2).sum(-1), 1e-12), 0.0, 1.0)
    distance = np.linalg.norm(offset - along[..., None] * edge, axis=-1).min(axis=1)
    x, y = points[:, :1], points[:, 1:]
    straddles = (corners[None, :, 1] > y) != (following[None, :, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = corners[:, 0] + (y - corners[:, 1]) / np.where(edge[:, 1] == 0, np.nan, edge[:, 1]) * edge[:, 0]
        inside = (straddles & (x < at)).sum(axis=1) % 2 == 1
    return np.asarray(np.where(np.isnan(points).any(axis=1), np.nan, np.where(inside, distance, -distance)))
