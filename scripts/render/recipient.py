"""The recipient: seated, standing or prone, with a coordinate map of the back and its landmarks."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.spatial import cKDTree

from scripts.render import relief
from scripts.render.mesh import (
    X_AXIS,
    Y_AXIS,
    Z_AXIS,
    Array,
    Body,
    body_normals,
    mesh_data,
    rotation,
    subdivide,
    swing,
    triangles,
    unit,
)

LEVEL_CM = {"C7": 0, "T1": 2.2, "T2": 4.6, "T3": 7.0, "T4": 9.5, "T5": 12.1, "T6": 14.8, "T7": 17.5}
LEVEL_CM |= {"T8": 20, "T9": 22.5, "T10": 25, "T11": 27.5, "T12": 30}
"""Spinous processes below C7 along the back of the reference body."""
LATERAL_CM = {"scapula_inferior_angle": 9.0, "scapula_spine_root": 7.0, "rib_angle": 6.5}
REFERENCE_SCALE = 1.05
SEATED_ARMS = {
    "table": ((0.62, -0.62, 0.62), (-0.80, -0.12, 0.60)),
    "sides": ((0.22, -1, 0.12), (0.05, -0.9, 0.35)),
    "lap": ((0.3, -0.9, 0.3), (-0.55, -0.4, 0.75)),
    "hug": ((0.35, -0.55, 0.75), (-0.95, 0.1, 0.25)),
    "forward": ((0.3, -0.35, 0.9), (-0.1, -0.1, 1.0)),
    "neck": ((0.60, 0.70, 0.38), (-0.90, -0.25, -0.33)),
    "loins": ((0.50, -0.75, -0.45), (-0.85, -0.40, -0.15)),
    "hip": ((0.60, -0.75, -0.20), (-0.60, -0.60, 0.50)),
    "overhead": ((0.35, 0.90, 0.10), (-0.25, 0.95, 0.05)),
    "aside": ((0.95, -0.20, 0.10), (0.70, -0.60, 0.30)),
}
"""Directions of upper arm and forearm for the left; x is mirrored for the right."""
PRONE_ARMS = {
    "sides": ((0.28, -0.05, -1), (0.1, -0.02, -1)),
    "up": ((0.95, -0.1, 0.35), (-0.55, 0, 0.9)),
    "hang": ((0.75, -0.65, 0.15), (0.05, -1, 0.1)),
    "head": ((0.9, -0.1, 0.6), (-0.85, 0, 0.5)),
}
HIP_HEIGHT_CM = {"seated": 52, "prone": 82, "standing": 88}
ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
_SPINE = (("spine05", 0.2), ("spine04", 0.2), ("spine03", 0.25), ("spine02", 0.2), ("spine01", 0.15))


@dataclass(frozen=True)
class Posture:
    """How the recipient is built and sits; angles in degrees.

    ``mix`` and ``scale`` are those of `render.mesh.Body`; ``lean`` tips the whole trunk, ``flex`` rounds it,
    ``head_nod`` bows the head; ``arms`` names what both arms do, or what the left and the right do; ``relief``
    holds the amplitudes of `render.relief` or is None.
    """

    lean: float = 18
    flex: float = 22
    head_turn: float = 0
    mix: str | dict[str, float] = "recipient"
    scale: tuple[float, float, float] = (1, 1, 1)
    posture: str = "seated"
    arms: str | tuple[str, str] = "table"
    arm_jitter: Any = field(default_factory=lambda: np.zeros((2, 2, 3)))
    relief: dict[str, float] | None = None
    head_nod: float = 34


class Recipient:
    """The posed recipient.

    `at` reads the map of the back: where a (lateral, down) lies, its normal, and its directions.
    """

    def __init__(self, posture: Posture, subdivisions: int = 1) -> None:
        data = mesh_data()
        self.posture = posture
        self.body = Body(posture.mix, REFERENCE_SCALE * np.asarray(posture.scale, np.float64))
        self._pose()
        coarse = self.body.skin(self.r, self.t)
        self.coarse = coarse
        s, self.faces = subdivide(len(coarse), data.faces, subdivisions)
        self._refine = s
        self.vertices, self.rest = s @ coarse, s @ self.body.vertices
        self._normals = body_normals(len(self.vertices), self.faces)
        self.normals = self._normals(self.vertices)
        self._weights = s @ data.dense_weight
        reference = Body("recipient", REFERENCE_SCALE)

        def between(body: Body, a: str, b: str) -> float:
            return float(np.linalg.norm(body.rest_head(a) - body.rest_head(b)))

        self.breadth = between(self.body, "upperarm01.L", "upperarm01.R")
        self.breadth /= between(reference, "upperarm01.L", "upperarm01.R")
        self.length = between(self.body, "neck01", "root") / between(reference, "neck01", "root")
        self._map_back()
        if posture.relief:
            self._raise_relief(posture.relief)

    def _pose(self) -> None:
        p, body, names = self.posture, self.body, mesh_data().index
        local = {"root": rotation(X_AXIS, p.lean)}
        for bone, share in _SPINE:
            local[bone] = rotation(X_AXIS, p.flex * share)
        nod = p.head_nod / 34.0
        for bone, degrees in (("neck01", 14), ("neck02", 8), ("neck03", 6)):
            local[bone] = rotation(X_AXIS, degrees * nod)
        local["head"] = rotation(X_AXIS, 6 * nod) @ rotation(Y_AXIS, p.head_turn)
        for side, sign in (("L", 1), ("R", -1)):
            if p.posture == "seated":
                local[f"upperleg01.{side}"] = rotation(Y_AXIS, sign * 14) @ rotation(X_AXIS, -(86 + p.lean))
                local[f"lowerleg01.{side}"] = rotation(X_AXIS, 88)
            else:
                straight = -p.lean if p.posture == "standing" else 88 - p.lean
                local[f"upperleg01.{side}"] = rotation(X_AXIS, straight)
        table = PRONE_ARMS if p.posture == "prone" else SEATED_ARMS
        arms = [table[name] for name in ((p.arms, p.arms) if isinstance(p.arms, str) else p.arms)]
        for (side, sign), (upper, _) in zip((("L", 1), ("R", -1)), arms, strict=True):
            # an arm raised above the shoulder takes the collar bone along
            raised = 0.0 if p.posture == "prone" else 22 * float(np.clip(upper[1] + 0.15, 0, 1))
            lift = rotation(Z_AXIS, sign * (2 + raised))
            local[f"clavicle.{side}"] = rotation(Y_AXIS, -sign * 12) @ lift
        r, t = body.pose(local)
        jitter = np.asarray(p.arm_jitter, np.float64)
        for k, (side, sign) in enumerate((("L", 1), ("R", -1))):
            for part, bone in enumerate((f"upperarm01.{side}", f"lowerarm01.{side}")):
                aim = (np.asarray(arms[k][part]) + jitter[k, part]) * [sign, 1, 1]
                i = names[bone]
                parent = r[mesh_data().parent[i]]
                local[bone] = swing(body.tail[i] - body.head[i], parent.T @ unit(aim))
                r, t = body.pose(local)
        hip = 0.5 * (body.joint("upperleg01.L", r, t) + body.joint("upperleg01.R", r, t))
        self.r, self.t = body.pose(local, np.array([0, HIP_HEIGHT_CM[p.posture], 0]) - hip)

    def weight_of(self, prefixes: tuple[str, ...] | list[str]) -> Array:
        """Return the summed skinning weight of the bones whose names begin so, per vertex."""
        picked = [i for i, name in enumerate(mesh_data().names) if name.startswith(tuple(prefixes))]
        return np.asarray(self._weights[:, picked].sum(1))

    def share_of(self, coarse: NDArray[Any]) -> Array:
        """How much each vertex is made of these vertices of the body before subdivision, 0 to 1."""
        mask = np.zeros(len(self.coarse))
        mask[coarse] = 1.0
        return np.asarray(self._refine @ mask)

    def joint(self, bone: str) -> Array:
        """Where a bone's head lies now."""
        return self.body.joint(bone, self.r, self.t)

    def _map_back(self) -> None:
        """Lay the grid: the midline by arc length from C7, then out along the skin to both sides."""
        import trimesh

        rest, posed = self.body.vertices, self.coarse
        faces = mesh_data().faces
        floor, tall = rest[:, 1].min(), np.ptp(rest[:, 1])
        rest_normal = body_normals(len(rest), faces)(rest)
        middle = np.where(
            (abs(rest[:, 0]) < 0.02)
            & (rest_normal[:, 2] < -0.2)
            & (rest[:, 1] > floor + 0.50 * tall)
            & (rest[:, 1] < floor + 0.90 * tall)
        )[0]
        middle = middle[np.argsort(-rest[middle, 1])]
        line = posed[middle].copy()
        line[:, 0] = 0
        self.c7_rest_y = floor + 0.842 * tall
        arc = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
        arc = arc - np.interp(-self.c7_rest_y, -rest[middle, 1], arc)
        d = np.arange(max(-9, arc[0]), min(46, arc[-1]), 0.5)
        centre = PchipInterpolator(arc, line)(d)
        tangent = unit(np.gradient(centre, d, axis=0))
        kernel = np.ones(9) / 9
        smooth = [np.convolve(np.pad(tangent[:, c], 4, "edge"), kernel, "valid") for c in range(3)]
        tangent = unit(np.stack(smooth, 1))
        outward = -unit(np.cross(tangent, X_AXIS))
        away = (*ARM_BONES, "upperleg")
        kept = self.faces[(self.weight_of(away)[self.faces] < 0.75).all(1)]
        skin = trimesh.Trimesh(self.vertices, triangles(kept), process=False)
        q = np.arange(-17, 17.01, 0.25)
        self.grid_lateral, self.grid_down = np.arange(-16, 16.01, 0.5), d
        origin = centre[:, None] + q[None, :, None] * -X_AXIS + 14 * outward[:, None]
        ray = np.broadcast_to(-outward[:, None], origin.shape)
        where, which, _ = skin.ray.intersects_location(
            origin.reshape(-1, 3), ray.reshape(-1, 3), multiple_hits=False
        )
        hit = np.full((len(d) * len(q), 3), np.nan)
        hit[which] = where
        self.grid = self._along_skin(hit.reshape(len(d), len(q), 3))
        du = np.gradient(self.grid, d, axis=0)
        dl = np.gradient(self.grid, self.grid_lateral, axis=1)
        n = np.cross(dl, du)
        self.grid_normal = -n / np.linalg.norm(n, axis=2, keepdims=True)
        self.grid_up = -du / np.linalg.norm(du, axis=2, keepdims=True)
        self._acromia()

    def _along_skin(self, hit: Array) -> Array:
        """Re-space rows of skin points by arc length from the spinous line; stop where the skin falls
        away.
        """
        grid = np.full((len(hit), len(self.grid_lateral), 3), np.nan)
        middle = hit.shape[1] // 2
        for i, row in enumerate(hit):
            for sign in (1, -1):
                p = row[middle:] if sign > 0 else row[middle::-1]
                known = ~np.isnan(p[:, 0])
                n = len(p) if known.all() else int(np.argmin(known))
                if n < 3:
                    continue
                p = p[:n]
                step = np.linalg.norm(np.diff(p, axis=0), axis=1)
                gap = np.where(step > 2.0)[0]
                if len(gap):
                    p, step = p[: gap[0] + 1], step[: gap[0]]
                a = np.r_[0, np.cumsum(step)]
                reach = (self.grid_lateral * sign >= 0) & (abs(self.grid_lateral) <= a[-1])
                at = abs(self.grid_lateral[reach])
                grid[i, reach] = np.stack([np.interp(at, a, p[:, k]) for k in range(3)], 1)
        return grid

    def _acromia(self) -> None:
        """Pick the top-of-shoulder vertex above each shoulder joint, in the rest pose."""
        upward = np.where(self._normals(self.rest)[:, 1] > 0.4)[0]
        self.acromion: dict[str, int] = {}
        for side, sign in (("left", 1), ("right", -1)):
            target = self.body.rest_head(f"upperarm01.{side[0].upper()}") + np.array([sign * 0.8, 4.5, -0.5])
            near = np.argmin(np.linalg.norm(self.rest[upward] - target, axis=1))
            self.acromion[side] = int(upward[near])

    def _raise_relief(self, amplitude: dict[str, float]) -> None:
        known = ~np.isnan(self.grid[..., 0])
        down, lateral = np.meshgrid(self.grid_down, self.grid_lateral, indexing="ij")
        scale = (self.breadth, self.length)
        distance, i = cKDTree(self.grid[known]).query(self.vertices, distance_upper_bound=2.5)
        near = np.isfinite(distance)
        i = i[near]
        lat, dwn = lateral[known][i], down[known][i]
        facing = (self.normals[near] * self.grid_normal[known][i]).sum(1) > 0.2
        lift = np.zeros(len(self.vertices))
        lift[near] = relief.height(lat, dwn, amplitude, scale) * relief.fade(lat, dwn) * facing
        lift[near] *= np.clip(2.5 - distance[near], 0, 1)
        self.vertices = self.vertices + self.normals * lift[:, None]
        self.normals = self._normals(self.vertices)
        raised = relief.height(lateral, down, amplitude, scale) * relief.fade(lateral, down)
        self.grid = self.grid + self.grid_normal * raised[..., None]

    def at(self, lateral: float, down: float, what: str = "point") -> Array:
        """Read the map: ``point``, ``normal`` or ``up`` (cranial direction) at a place on the back."""
        table = {"point": self.grid, "normal": self.grid_normal, "up": self.grid_up}[what]
        i = np.clip((down - self.grid_down[0]) / 0.5, 0, len(self.grid_down) - 1.001)
        j = np.clip((lateral - self.grid_lateral[0]) / 0.5, 0, len(self.grid_lateral) - 1.001)
        a, b = int(i), int(j)
        u, v = i - a, j - b
        upper = table[a, b] * (1 - u) * (1 - v) + table[a + 1, b] * u * (1 - v)
        p = upper + table[a, b + 1] * (1 - u) * v + table[a + 1, b + 1] * u * v
        return np.asarray(p) if what == "point" else unit(p)

    def landmarks(self) -> dict[str, Array]:
        """Return back landmarks and four joints, cm in the scene."""
        out = {name: self.at(0, LEVEL_CM[name] * self.length) for name in ("C7", "T3", "T7", "T12")}
        rib = (LEVEL_CM["T5"] + LEVEL_CM["T6"]) / 2
        level = {
            "scapula_inferior_angle": LEVEL_CM["T7"],
            "scapula_spine_root": LEVEL_CM["T3"],
            "rib_angle": rib,
        }
        for side, sign in (("left", -1), ("right", 1)):
            out[f"{side}_acromion"] = self.vertices[self.acromion[side]]
            for name, lateral in LATERAL_CM.items():
                out[f"{side}_{name}"] = self.at(sign * lateral * self.breadth, level[name] * self.length)
            bone = side[0].upper()
            out[f"{side}_hip_joint"] = self.joint(f"upperleg01.{bone}")
            out[f"{side}_shoulder_joint"] = self.joint(f"upperarm01.{bone}")
        return out


def vertex_ids(field: Array, faces: NDArray[Any]) -> NDArray[np.bool_]:
    """Mark the vertices of faces that a scalar field's positive part touches."""
    mask = np.zeros(len(field), bool)
    mask[np.unique(faces[(field > 0)[faces].any(1)])] = True
    return mask
