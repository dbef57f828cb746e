"""Hair and clothes with shapes of their own, from wardrobe.npz (scripts/build_wardrobe.py), if there is one."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.render.mesh import Array, Normals, subdivide
from scripts.render.recipient import REFERENCE_SCALE, Recipient

_FINE = 5000
"""Shapes of more vertices than this are drawn as they are, others subdivided once."""


@cache
def _wardrobe() -> dict[str, NDArray[Any]]:
    path = os.environ.get("PIJAT_WARDROBE")
    if not path or not Path(path).is_file():
        return {}
    with np.load(path) as data:
        return {key: data[key] for key in data.files}


def names(kind: str) -> list[str]:
    """Return the shapes there are of a kind, ``hair`` or ``clothes``; none without the file."""
    data = _wardrobe()
    return [str(name) for name in data[kind]] if data else []


class Shape:
    """One shape, fitted to the recipient and posed with her.

    Attributes
    ----------
    rest, vertices, normals : ndarray, shape (n, 3)
        At rest, posed, and the posed normals.
    faces : ndarray of int, shape (m, 4)
    uv : ndarray, shape (n, 2)
        Place on the texture that belongs to it.
    hidden : ndarray of int
        Vertices of the body (before subdivision) that lie under it.
    """

    def __init__(self, who: Recipient, name: str) -> None:
        data, posture = _wardrobe(), who.posture
        mix = posture.mix if isinstance(posture.mix, dict) else {posture.mix: 1.0}
        total = sum(mix.values())
        rest: Array = sum(
            (w / total * data[f"{name}_V_{body}"].astype(np.float64) for body, w in mix.items()), np.zeros(3)
        ) * (REFERENCE_SCALE * np.asarray(posture.scale, np.float64))
        bones, weights = data[f"{name}_wi"].astype(int), data[f"{name}_ww"].astype(np.float64)
        turn = np.einsum("vk,vkij->vij", weights, who.r[bones])
        shift = np.einsum("vk,vkj->vj", weights, who.t[bones])
        posed = np.einsum("vij,vj->vi", turn, rest) + shift
        faces, uv = data[f"{name}_F"], data[f"{name}_uv"].astype(np.float64)
        if len(rest) <= _FINE and (faces[:, 2] != faces[:, 3]).all():
            step, faces = subdivide(len(rest), faces, 1)
            rest, posed, uv = step @ rest, step @ posed, step @ uv
        self.rest, self.vertices, self.faces, self.uv = rest, posed, faces, uv
        self.normals = Normals(len(posed), faces)(posed)
        self.hidden = data[f"{name}_hidden"]
