"""Boxes, ellipsoids, walls, and the packing of vertices for the renderer."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scripts.render.mesh import Array, unit

SKIN, CLOTH, PLAIN, WALL, HAIR = 0.0, 1.0, 2.0, 2.0, 3.0
"""Kinds of surface the shader knows."""
Part = tuple[NDArray[np.float32], NDArray[Any]]
"""Packed vertices, shape (n, 18), and triangles, shape (m, 3)."""
CUT_MARK = 9.0
"""In the second extra channel: this part is cut where the first is negative (edges of garments)."""


def pack(
    v: ArrayLike,
    n: ArrayLike,
    rest: ArrayLike,
    colour: ArrayLike,
    material: ArrayLike,
    extra: ArrayLike = (0, 0),
) -> NDArray[np.float32]:
    """Join position, normal, rest position (for textures), colour, material and two extra channels.

    ``material`` is roughness, subsurface share, kind, specular strength.
    """
    count = len(np.asarray(v))

    def wide(x: ArrayLike, k: int) -> Any:
        return np.broadcast_to(np.asarray(x, np.float32), (count, k))

    columns = [wide(v, 3), wide(n, 3), wide(rest, 3), wide(colour, 3), wide(material, 4), wide(extra, 2)]
    return np.concatenate(columns, 1).astype(np.float32)


def smoothstep(x: ArrayLike) -> Array:
    """Cubic ease from 0 to 1."""
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def wobble(x: Array, seed: int, frequency: float, terms: int = 6) -> Array:
    """A smooth random function of position, about -1 to 1."""
    rng, out = np.random.default_rng(seed), np.zeros(len(x))
    for i in range(terms):
        k = rng.normal(size=3) * frequency * (1 + i * 0.35)
        out = out + np.sin(x @ k + rng.uniform(0, 6.28)) / (1 + i * 0.5)
    return out / 2.2


def blotches(x: Array, seed: int) -> Array:
    """Uneven colour of skin: factors, shape (n, 3)."""
    light = 1 + 0.10 * wobble(x, seed, 0.25) + 0.06 * wobble(x, seed + 1, 0.9)
    return np.asarray(
        light[:, None] * (1 + wobble(x, seed + 2, 0.5)[:, None] * np.array([0.02, -0.05, -0.05]))
    )


def box(a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, NDArray[Any]]:
    """Return vertices, normals and quads of a box between two corners."""
    lo, hi = np.minimum(a, b), np.maximum(a, b)
    v: list[Array] = []
    n: list[Array] = []
    f: list[list[int]] = []
    for axis in range(3):
        for end in (0, 1):
            i, j = [k for k in range(3) if k != axis]
            normal = np.zeros(3)
            normal[axis] = 1 if end else -1
            f.append([len(v) + k for k in range(4)])
            for u, w in ((0, 0), (1, 0), (1, 1), (0, 1)):
                p = np.zeros(3)
                p[axis], p[i], p[j] = (lo, hi)[end][axis], (lo, hi)[u][i], (lo, hi)[w][j]
                v.append(p)
                n.append(normal)
    return np.array(v), np.array(n), np.array(f)


def ellipsoid(centre: ArrayLike, radii: ArrayLike, n: int = 24) -> tuple[Array, Array, NDArray[Any]]:
    """Return vertices, normals and quads of an ellipsoid."""
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 2 * n), np.linspace(0.02, np.pi - 0.02, n))
    d = np.stack([np.cos(u) * np.sin(v), np.cos(v), np.sin(u) * np.sin(v)], 2).reshape(-1, 3)
    corner = [(i * 2 * n + k) for i in range(n - 1) for k in range(2 * n - 1)]
    f = np.array([[c, c + 1, c + 2 * n + 1, c + 2 * n] for c in corner])
    size = np.asarray(radii, np.float64)
    return d * size + np.asarray(centre, np.float64), unit(d / size), f


def grid_quads(rows: int, columns: int) -> NDArray[Any]:
    """Quads of a regular grid of vertices."""
    i = np.arange(rows * columns).reshape(rows, columns)
    return np.stack([i[:-1, :-1], i[:-1, 1:], i[1:, 1:], i[1:, :-1]], -1).reshape(-1, 4)
