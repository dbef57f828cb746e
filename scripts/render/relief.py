"""Bones and muscles that show through the skin: the base mesh has hardly any.

Heights in cm over the smooth back, as a function of where on the back; `scale` brings other bodies to the
reference body's levels, so that the relief stays on the landmarks.
"""

import numpy as np

from scripts.render.mesh import Array

RELIEF = ("furrow", "erector", "c7", "spinous", "border", "angle", "spine", "rib")
"""Names of the amplitudes: spinal furrow, erector columns, vertebra prominens, spinous processes, medial
border, inferior angle and spine of the scapula, ribs."""


def _to_segment(a: Array, d: Array, p: tuple[float, float], q: tuple[float, float]) -> tuple[Array, Array]:
    start, along = np.array(p), np.array(q) - np.array(p)
    u = np.clip(((a - start[0]) * along[0] + (d - start[1]) * along[1]) / (along @ along), 0, 1)
    x = a - start[0] - u * along[0]
    return np.hypot(x, d - start[1] - u * along[1]), x


def height(lateral: Array, down: Array, amplitude: dict[str, float], scale: tuple[float, float]) -> Array:
    """Height of the relief, cm.

    Parameters
    ----------
    lateral, down : ndarray
        Back coordinates, cm.
    amplitude : dict
        One height in cm for each name of `RELIEF`.
    scale : (float, float)
        Breadth and length of this body over the reference body.
    """
    a, d = np.abs(lateral) / scale[0], down / scale[1]

    def window(low: float, high: float, soft: float) -> Array:
        return np.asarray(1 / (1 + np.exp(-(d - low) / soft)) / (1 + np.exp((d - high) / soft)))

    out = -amplitude["furrow"] * np.exp(-((a / 1.5) ** 2)) * window(4, 42, 1.5)
    out += amplitude["erector"] * np.exp(-(((a - 3.4) / 1.9) ** 2)) * window(10, 42, 3)
    out += amplitude["c7"] * np.exp(-((a / 1.3) ** 2) - (d / 1.3) ** 2)
    beads = 0.5 + 0.5 * np.cos(2 * np.pi * d / 2.5)
    out += amplitude["spinous"] * np.exp(-((a / 0.9) ** 2)) * beads * window(-1, 40, 1)
    r, x = _to_segment(a, d, (7, 6.5), (9, 17.5))
    out += amplitude["border"] * (np.exp(-((r / 1.5) ** 2)) - 0.5 * np.exp(-((r / 2.6) ** 2)) * (x < 0))
    out += amplitude["angle"] * np.exp(-(((a - 9) / 1.8) ** 2) - ((d - 17.2) / 1.8) ** 2)
    r, _ = _to_segment(a, d, (7, 7), (15.5, 0.5))
    out += amplitude["spine"] * np.exp(-((r / 1.4) ** 2))
    waves = np.cos(2 * np.pi * (d - 0.4 * a) / 3.3)
    out += amplitude["rib"] * waves * window(11, 32, 2) / (1 + np.exp(-(a - 4.5)))
    return np.asarray(out)


def fade(lateral: Array, down: Array) -> Array:
    """1 on the back, falling to 0 towards its edges, so that the relief has no steps."""
    side = np.clip((15.5 - np.abs(lateral)) / 3, 0, 1)
    return np.asarray(side * np.clip((down + 7) / 4, 0, 1) * np.clip((44 - down) / 4, 0, 1))
