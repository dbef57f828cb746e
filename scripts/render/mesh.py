"""The body mesh: loading, bone rotations, skinning, subdivision, normals."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
X_AXIS = np.array([1.0, 0.0, 0.0])
Y_AXIS = np.array([0.0, 1.0, 0.0])
Z_AXIS = np.array([0.0, 0.0, 1.0])


class MeshData:
    """What scripts/build_body_mesh.py wrote: vertices of four bodies, joints, weights, faces."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise SystemExit(
                f"Expected the body mesh at {path}, found no file: build it with scripts/build_body_mesh.py "
                "(datasets/back_landmarks/README.md) and name it in PIJAT_BODY_MESH or with --body-mesh."
            )
        with np.load(path) as data:
            self._data: dict[str, NDArray[Any]] = {key: data[key] for key in data.files}
        self.names = [str(name) for name in self._data["bones"]]
        self.index = {name: i for i, name in enumerate(self.names)}
        self.parent = self._data["parent"]
        self.faces = self._data["F"]
        self.bone_of = self._data["wi"].astype(int)
        weight = self._data["ww"].astype(np.float32)
        self.weight = weight / weight.sum(1, keepdims=True)
        self.dense_weight = np.zeros((len(self.weight), len(self.names)), np.float32)
        np.put_along_axis(self.dense_weight, self.bone_of, self.weight, 1)

    def get(self, prefix: str, body: str) -> Array:
        """Return ``V``, ``head`` or ``tail`` of a body in cm."""
        return np.asarray(self._data[f"{prefix}_{body}"], np.float64)


@cache
def mesh_data() -> MeshData:
    """Return the mesh named by the environment variable PIJAT_BODY_MESH (read once)."""
    return MeshData(Path(os.environ.get("PIJAT_BODY_MESH", "body_mesh.npz")))


def unit(v: ArrayLike) -> Array:
    """Scale vectors (last axis) to length one."""
    a = np.asarray(v, np.float64)
    return np.asarray(a / np.linalg.norm(a, axis=-1, keepdims=True))


def rotation(axis: ArrayLike, degrees: float) -> Array:
    """Rotation matrix about an axis."""
    a, t = unit(axis), np.deg2rad(degrees)
    k = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
    return np.asarray(np.eye(3) + np.sin(t) * k + (1 - np.cos(t)) * k @ k)


def swing(a: ArrayLike, b: ArrayLike) -> Array:
    """Shortest rotation that takes direction `a` to direction `b`."""
    a, b = unit(a), unit(b)
    c = np.cross(a, b)
    s = float(np.linalg.norm(c))
    d = float(a @ b)
    if s < 1e-9:
        return np.eye(3) if d > 0 else rotation(X_AXIS if abs(a[0]) < 0.9 else Y_AXIS, 180)
    return rotation(c / s, float(np.rad2deg(np.arctan2(s, d))))


def twist_degrees(r: Array, axis: ArrayLike) -> float:
    """Signed angle of the part of a rotation that turns about `axis`."""
    q0 = 1 + np.trace(r)
    v = np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]])
    return float(np.rad2deg(2 * np.arctan2(v @ unit(axis), q0))) if q0 > 1e-6 else 180.0


class Body:
    """One body at rest: vertices and joints.

    Parameters
    ----------
    mix : str or dict of str to float
        A body of the mesh file, or weights to blend several by.
    scale : float or three floats
        Factors for x, y, z.
    """

    def __init__(self, mix: str | dict[str, float], scale: ArrayLike = 1.0) -> None:
        self.data = mesh_data()
        shares = mix if isinstance(mix, dict) else {mix: 1.0}
        factor = np.asarray(scale, np.float64) * np.ones(3)
        total = sum(shares.values())
        blend = {
            p: sum((w / total * self.data.get(p, n) for n, w in shares.items()), np.zeros(3)) * factor
            for p in ("V", "head", "tail")
        }
        self.vertices, self.head, self.tail = blend["V"], blend["head"], blend["tail"]

    def pose(self, local: dict[str, Array], root: ArrayLike = (0, 0, 0)) -> tuple[Array, Array]:
        """Chain local rotations (each about its bone's head, in rest axes) to rotations and shifts."""
        n = len(self.data.names)
        r, t = np.zeros((n, 3, 3)), np.zeros((n, 3))
        for i, bone in enumerate(self.data.names):
            turn, up = local.get(bone), int(self.data.parent[i])
            rp, tp = (np.eye(3), np.asarray(root, np.float64)) if up < 0 else (r[up], t[up])
            if turn is None:
                r[i], t[i] = rp, tp
            else:
                r[i], t[i] = rp @ turn, rp @ (self.head[i] - turn @ self.head[i]) + tp
        return r, t

    def skin(self, r: Array, t: Array, ids: NDArray[np.intp] | None = None) -> Array:
        """Linear-blend skinning of all vertices, or of some."""
        v, bones, weights = self.vertices, self.data.bone_of, self.data.weight
        if ids is not None:
            v, bones, weights = v[ids], bones[ids], weights[ids]
        a = np.einsum("vk,vkij->vij", weights, r[bones])
        b = np.einsum("vk,vkj->vj", weights, t[bones])
        return np.asarray(np.einsum("vij,vj->vi", a, v) + b)

    def joint(self, bone: str, r: Array, t: Array) -> Array:
        """Where a bone's head lies in a pose."""
        i = self.data.index[bone]
        return np.asarray(r[i] @ self.head[i] + t[i])

    def rest_head(self, bone: str) -> Array:
        """Where a bone's head lies at rest."""
        return np.asarray(self.head[self.data.index[bone]])


def submesh(mask: NDArray[np.bool_], faces: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Keep the faces whose vertices are all in `mask`: (vertex ids, renumbered faces)."""
    kept = faces[mask[faces].all(1)]
    ids = np.unique(kept)
    new = -np.ones(len(mask), int)
    new[ids] = np.arange(len(ids))
    return ids, new[kept]


def _catmull_clark(nv: int, faces: NDArray[Any]) -> tuple[Any, NDArray[Any]]:
    """One Catmull-Clark step of a quad mesh: sparse S with ``V' = S V``, and the new faces."""
    nf = len(faces)
    edges = np.sort(np.stack([faces, np.roll(faces, -1, 1)], 2).reshape(-1, 2), 1)
    ue, inverse, count = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(-1)
    ne = len(ue)
    fi = np.repeat(np.arange(nf), 4)
    face_point = sp.csr_matrix((np.full(nf * 4, 0.25), (fi, faces.reshape(-1))), (nf, nv))
    middle = sp.csr_matrix((np.full(ne * 2, 0.5), (np.repeat(np.arange(ne), 2), ue.reshape(-1))), (ne, nv))
    touches = sp.csr_matrix((np.ones(nf * 4), (inverse, fi)), (ne, nf))
    rim = count != 2
    inner_edge = sp.diags(np.where(rim, 0.0, 0.25)) @ touches @ face_point
    edge_point = sp.diags(np.where(rim, 1.0, 0.5)) @ middle + inner_edge
    valence = np.bincount(faces.reshape(-1), minlength=nv).astype(float)
    vf = sp.csr_matrix((np.ones(nf * 4), (faces.reshape(-1), fi)), (nv, nf))
    ve = sp.csr_matrix((np.ones(ne * 2), (ue.reshape(-1), np.repeat(np.arange(ne), 2))), (nv, ne))
    on_rim = np.zeros(nv, bool)
    on_rim[ue[rim].reshape(-1)] = True
    n = np.maximum(valence, 1)
    inner = sp.diags(1 / n**2) @ vf @ face_point + sp.diags(2 / n**2) @ ve @ middle + sp.diags((n - 3) / n)
    vb = sp.csr_matrix(
        (np.ones(rim.sum() * 2), (ue[rim].reshape(-1), np.repeat(np.where(rim)[0], 2))), (nv, ne)
    )
    outer = sp.diags(np.full(nv, 0.25)) @ vb @ middle + sp.diags(np.full(nv, 0.5))
    vertex_point = sp.diags((~on_rim).astype(float)) @ inner + sp.diags(on_rim.astype(float)) @ outer
    s = sp.vstack([vertex_point, edge_point, face_point]).tocsr()
    ei = inverse.reshape(nf, 4)
    c = nv + ne + np.arange(nf)[:, None]
    quads = np.stack([faces, nv + ei, np.repeat(c, 4, 1), np.roll(nv + ei, 1, 1)], 2).reshape(-1, 4)
    return s, quads


_SUBDIVIDED: dict[tuple[Any, ...], tuple[Any, NDArray[Any]]] = {}


def subdivide(nv: int, faces: NDArray[Any], times: int) -> tuple[Any, NDArray[Any]]:
    """Catmull-Clark `times` over; results are kept, since every scene subdivides the same meshes."""
    fingerprint = int((faces[::7] * np.arange(1, 5)).sum())
    key = (nv, faces.shape, int(faces.sum()), fingerprint, times)
    if key not in _SUBDIVIDED:
        s, f = sp.identity(nv, format="csr"), faces
        for _ in range(times):
            step, f = _catmull_clark(s.shape[0], f)
            s = (step @ s).tocsr()
        _SUBDIVIDED[key] = s.astype(np.float32), f
    return _SUBDIVIDED[key]


def triangles(quads: NDArray[Any]) -> NDArray[Any]:
    """Split quads."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


class Normals:
    """Vertex normals of a quad mesh of fixed topology."""

    def __init__(self, nv: int, faces: NDArray[Any]) -> None:
        self._faces = faces
        corner = (np.ones(faces.size, np.float32), (faces.reshape(-1), np.repeat(np.arange(len(faces)), 4)))
        self._sum = sp.csr_matrix(corner, (nv, len(faces)))

    def __call__(self, v: Array) -> Array:
        """Return unit normals for vertices, shape (nv, 3)."""
        f = self._faces
        n = self._sum @ np.cross(v[f[:, 2]] - v[f[:, 0]], v[f[:, 3]] - v[f[:, 1]])
        return np.asarray(n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9))


_NORMALS: dict[tuple[int, int], Normals] = {}


def body_normals(nv: int, faces: NDArray[Any]) -> Normals:
    """Return `Normals` of the whole body at one subdivision level, made once."""
    key = (nv, len(faces))
    if key not in _NORMALS:
        _NORMALS[key] = Normals(nv, faces)
    return _NORMALS[key]
