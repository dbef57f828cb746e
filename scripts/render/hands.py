"""The practitioner's arms: finger poses, a hand placed by its thumb pad, the elbow solved for."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scripts.render.mesh import (
    Array,
    Body,
    Normals,
    mesh_data,
    rotation,
    subdivide,
    submesh,
    swing,
    twist_degrees,
    unit,
)

HAND_LANDMARKS = ["wrist", "thumb_cmc", "thumb_mcp", "thumb_ip", "thumb_tip"]
HAND_LANDMARKS += [
    f"{f}_{j}" for f in ("index", "middle", "ring", "pinky") for j in ("mcp", "pip", "dip", "tip")
]
ARM_PARTS = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")


@dataclass(frozen=True)
class HandPose:
    """Flexion in degrees: thumb (CMC flexion, CMC abduction, MCP, IP), fingers (MCP, PIP, DIP), adduction."""

    thumb: tuple[float, ...]
    fingers: tuple[tuple[float, ...], ...]
    adduction: tuple[float, ...]

    def vector(self) -> Array:
        """Flatten to 20 numbers."""
        return np.asarray(np.r_[self.thumb, np.ravel(self.fingers), self.adduction], np.float64)

    @classmethod
    def from_vector(cls, v: Array) -> "HandPose":
        """Undo `vector`."""
        return cls(tuple(v[:4]), tuple(tuple(v[4 + 3 * i : 7 + 3 * i]) for i in range(4)), tuple(v[16:20]))


POSES = {
    "fist": HandPose((-2, 4, 6, 4), ((62, 84, 42), (68, 88, 44), (70, 88, 44), (70, 84, 42)), (4, 0, -3, -8)),
    "loose": HandPose(
        (-4, 2, 4, 2), ((38, 62, 30), (46, 68, 34), (50, 70, 34), (52, 66, 32)), (4, 0, -3, -8)
    ),
    "flat": HandPose((-8, -6, 2, -2), ((6, 8, 4), (5, 8, 4), (6, 9, 5), (8, 10, 6)), (6, 0, -5, -12)),
    "relaxed": HandPose(
        (0, 0, 8, 8), ((18, 26, 14), (22, 30, 16), (24, 32, 16), (26, 32, 16)), (4, 0, -4, -9)
    ),
}
ORIENTATION = {"fist": (30, 20, -60), "loose": (30, 28, -70), "flat": (78, 4, -50), "relaxed": (30, 4, -80)}
"""Thumb azimuth towards medial, inclination into the back, roll of the hand about the thumb (degrees):
found by a search for the least penetration and gap on the posed back."""


class Arm:
    """One arm of a body: skin from the upper arm to the fingertips, moved by the thumb pad.

    Parameters
    ----------
    body : Body
        The practitioner.
    side : {"L", "R"}
        Which arm.
    subdivisions : int
        Catmull-Clark steps.
    scale : float
        Size of the practitioner over the mesh's.
    """

    def __init__(self, body: Body, side: str, subdivisions: int = 2, scale: float = 1.0) -> None:
        data = mesh_data()
        self.side, self.body, self.scale = side, body, scale
        self.sign = 1 if side == "R" else -1
        bones = [i for i, b in enumerate(data.names) if b.endswith(f".{side}") and b.startswith(ARM_PARTS)]
        shoulder, elbow = body.rest_head(f"upperarm01.{side}"), body.rest_head(f"lowerarm01.{side}")
        upper = elbow - shoulder
        along = (body.vertices - shoulder) @ upper / (upper @ upper)
        mask = (data.dense_weight[:, bones].sum(1) > 0.5) & (along > 0.10)
        self.ids, faces = submesh(mask, data.faces)
        self.refine, self.faces = subdivide(len(self.ids), faces, subdivisions)
        self.weights = self.refine @ data.dense_weight[self.ids]
        self.rest = self.refine @ body.vertices[self.ids]
        self.normals = Normals(len(self.rest), self.faces)
        self.rest_normals = self.normals(self.rest)
        self._axes()
        self._find_pad()
        self.tips = {k: self._tip(k) for k in range(1, 6)}

    def joint(self, bone: str, end: str = "head") -> Array:
        """Where a bone of this arm begins (or ends) at rest."""
        table = self.body.head if end == "head" else self.body.tail
        return np.asarray(table[mesh_data().index[f"{bone}.{self.side}"]])

    def _axes(self) -> None:
        j = self.joint
        forward = unit(j("finger3-1") - j("wrist"))
        across = j("finger2-1") - j("finger5-1")
        across = unit(unit(across) - forward * (unit(across) @ forward))
        palm = np.cross(across, forward) * self.sign
        self.frame = np.stack([forward, across, palm], 1)
        middle = unit(j("finger1-3") - j("finger1-2"))
        last = unit(j("finger1-3", "tail") - j("finger1-3"))
        self.thumb_axis = unit(np.cross(middle, last))
        self.pad = unit(np.cross(self.thumb_axis, last))
        self.thumb_direction = last
        self.flexion_axis: dict[int, Array] = {}
        for k in range(2, 6):
            d = unit(j(f"finger{k}-2") - j(f"finger{k}-1"))
            e = unit(j(f"finger{k}-3", "tail") - j(f"finger{k}-3"))
            c, ref = np.cross(d, e), np.cross(d, palm)
            self.flexion_axis[k] = unit(unit(ref) + 0.5 * unit(c) * np.sign(c @ ref))

    def _tip(self, finger: int) -> Array:
        head, tail = self.joint(f"finger{finger}-3"), self.joint(f"finger{finger}-3", "tail")
        return np.asarray(head + (tail - head) * 0.93)

    def _find_pad(self) -> None:
        head, tail = self.joint("finger1-3"), self.joint("finger1-3", "tail")
        length, d = float(np.linalg.norm(tail - head)), unit(tail - head)
        u = (self.rest - head) @ d / length
        tip_weight = self.weights[:, mesh_data().index[f"finger1-3.{self.side}"]]
        candidates = np.where((tip_weight > 0.8) & (u > 0.55) & (u < 0.78))[0]
        x = self.rest[candidates] - head
        self.pad_vertex = candidates[np.argmax(x @ self.pad - 1.5 * abs(x @ np.cross(d, self.pad)))]

    def _local(self, pose: HandPose) -> dict[str, Array]:
        side, palm = f".{self.side}", self.frame[:, 2]
        cmc, abduction, mcp, ip = pose.thumb
        out = {
            f"finger1-1{side}": rotation(self.pad, abduction * self.sign) @ rotation(self.thumb_axis, cmc),
            f"finger1-2{side}": rotation(self.thumb_axis, mcp),
            f"finger1-3{side}": rotation(self.thumb_axis, ip),
        }
        for k, (m, p, d) in zip(range(2, 6), pose.fingers, strict=True):
            together = -self.sign * pose.adduction[k - 2] * (1 - min(m, 60) / 60.0)
            out[f"finger{k}-1{side}"] = rotation(self.flexion_axis[k], m) @ rotation(palm, together)
            out[f"finger{k}-2{side}"] = rotation(self.flexion_axis[k], p)
            out[f"finger{k}-3{side}"] = rotation(self.flexion_axis[k], d)
        return out

    def _chain(self, pose: HandPose) -> tuple[Array, Array]:
        """Rotations and shifts of the hand's bones with the wrist at rest."""
        data, local = mesh_data(), self._local(pose)
        r, t = np.tile(np.eye(3), (len(data.names), 1, 1)), np.zeros((len(data.names), 3))
        for i, bone in enumerate(data.names):
            if bone in local:
                up = data.parent[i]
                r[i] = r[up] @ local[bone]
                t[i] = r[up] @ (self.body.head[i] - local[bone] @ self.body.head[i]) + t[up]
        return r, t

    def orient(self, pose: HandPose, n: Array, up: Array, medial: Array, angles: Any) -> Array:
        """Rotation of the hand: thumb `angles[0]` from cranial to medial, `angles[1]` into the back,
        rolled.
        """
        azimuth, inclination, roll = (float(a) for a in angles)
        r, _ = self._chain(pose)
        i = mesh_data().index[f"finger1-3.{self.side}"]
        d, pad = r[i] @ self.thumb_direction, r[i] @ self.pad
        pad = unit(pad - d * (pad @ d))
        base = np.cos(np.deg2rad(azimuth)) * up + np.sin(np.deg2rad(azimuth)) * medial
        base = unit(base - n * (base @ n))
        wanted = np.cos(np.deg2rad(inclination)) * base - np.sin(np.deg2rad(inclination)) * n
        down = unit(-n - wanted * (-n @ wanted))
        down = rotation(wanted, roll) @ down
        a = np.stack([d, pad, np.cross(d, pad)], 1)
        b = np.stack([wanted, down, np.cross(wanted, down)], 1)
        return np.asarray(b @ a.T)

    def place(self, pose: HandPose, hand: Array, target: Array, shoulder: Array, pole: Array) -> Array:
        """Put the thumb pad on `target` with the hand turned by `hand`; solve the elbow; return vertices."""
        data, body, k, side = mesh_data(), self.body, self.scale, f".{self.side}"
        r, t = self._chain(pose)
        row = self.refine[self.pad_vertex]
        pad = row.data @ body.skin(r, t, self.ids[row.indices])
        shift = np.asarray(target) / k - hand @ pad
        rw, tw = hand @ r, (hand @ t.T).T + shift
        wrist, s = hand @ self.joint("wrist") + shift, np.asarray(shoulder) / k
        upper_rest = self.joint("lowerarm01") - self.joint("upperarm01")
        lower_rest = self.joint("wrist") - self.joint("lowerarm01")
        l1, l2 = float(np.linalg.norm(upper_rest)), float(np.linalg.norm(lower_rest))
        v = wrist - s
        d = float(np.linalg.norm(v))
        reach = (l1 + l2) * 0.985
        if d > reach:  # the practitioner leans in
            s, d = wrist - v / d * reach, reach
            v = wrist - s
        v = v / d
        cosine = (l1 * l1 + d * d - l2 * l2) / (2 * l1 * d)
        pole = unit(pole)
        e = unit(pole - v * (pole @ v))
        elbow = s + l1 * (cosine * v + np.sqrt(max(0, 1 - cosine * cosine)) * e)
        du, dl = unit(elbow - s), unit(wrist - elbow)
        ur, lr = unit(upper_rest), unit(lower_rest)
        ru = _triad(du, dl) @ _triad(ur, lr).T if np.linalg.norm(np.cross(du, dl)) > 0.05 else swing(ur, du)
        rl = swing(ru @ lr, dl) @ ru
        twist = twist_degrees(hand @ rl.T, dl)
        upper = data.index["upperarm01" + side]
        upper_shift = s - ru @ body.head[upper]
        keep = [b.endswith(side) and b.startswith(ARM_PARTS) for b in data.names]
        others = [i for i, kept in enumerate(keep) if not kept]
        for bone, turn, head in (
            ("upperarm01", ru, s),
            ("lowerarm01", rotation(dl, 0.25 * twist) @ rl, elbow),
            ("lowerarm02", rotation(dl, 0.75 * twist) @ rl, None),
        ):
            i = data.index[bone + side]
            if head is None:
                head = elbow + dl * ((self.joint("lowerarm02") - self.joint("lowerarm01")) @ lr)
            rw[i], tw[i] = turn, head - turn @ body.head[i]
        i = data.index["upperarm02" + side]
        rw[i], tw[i] = ru, upper_shift
        i = data.index["wrist" + side]
        rw[i], tw[i] = hand, shift
        rw[others], tw[others] = ru, upper_shift
        self.placed = rw, tw
        return np.asarray((self.refine @ body.skin(rw, tw, self.ids)) * k, np.float32)

    def shoulder_now(self) -> Array:
        """Where the shoulder joint came to lie at the last `place`."""
        i = mesh_data().index[f"upperarm01.{self.side}"]
        r, t = self.placed
        return np.asarray((r[i] @ self.body.head[i] + t[i]) * self.scale)

    def landmarks(self) -> Array:
        """Return the 21 hand landmarks of the last `place`, MediaPipe's order, cm."""
        r, t = self.placed

        def now(bone: str, x: Array) -> Array:
            i = mesh_data().index[f"{bone}.{self.side}"]
            return np.asarray(r[i] @ x + t[i])

        out = [now("wrist", self.joint("wrist"))]
        for finger in range(1, 6):
            for part in (1, 2, 3):
                out.append(now(f"finger{finger}-{part}", self.joint(f"finger{finger}-{part}")))
            out.append(now(f"finger{finger}-3", self.tips[finger]))
        return np.array(out) * self.scale


def _triad(x: Array, y: Array) -> Array:
    z = unit(np.cross(x, y))
    return np.stack([x, np.cross(z, x), z], 1)
