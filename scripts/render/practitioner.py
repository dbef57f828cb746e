"""The practitioner: two arms with skin, nails and sleeves, where the shoulders are, and perhaps a torso."""

from typing import Any

import numpy as np

from scripts.render.dressing import HAIR_RGB, named_rgb
from scripts.render.hands import ARM_PARTS, Arm
from scripts.render.mesh import (
    X_AXIS,
    Y_AXIS,
    Array,
    Body,
    Normals,
    mesh_data,
    rotation,
    subdivide,
    submesh,
    triangles,
    unit,
)
from scripts.render.recipient import Recipient
from scripts.render.shapes import CLOTH, HAIR, SKIN, Part, blotches, ellipsoid, pack, smoothstep

SKIN_RGB = {
    "light": (0.70, 0.44, 0.33),
    "fair_pink": (0.72, 0.41, 0.33),
    "medium": (0.52, 0.285, 0.18),
    "olive": (0.47, 0.29, 0.175),
    "tan": (0.36, 0.175, 0.10),
    "brown": (0.225, 0.105, 0.06),
    "dark": (0.105, 0.05, 0.032),
}
"""Linear albedo of skin tones."""
_HEAD_PARTS = (
    "neck",
    "head",
    "special",
    "eye",
    "jaw",
    "oris",
    "orbic",
    "lev",
    "ocu",
    "temp",
    "ris",
    "tongue",
)
_CLOTH = np.array([0.85, 0, CLOTH, 0.2])


class Practitioner:
    """Arms ready to be placed on the recipient's back.

    Parameters
    ----------
    who : Recipient
        Whose back it is.
    spec : dict
        See README.md of datasets/back_landmarks.
    """

    def __init__(self, who: Recipient, spec: dict[str, Any]) -> None:
        self.spec, self.who = spec, who
        self.body = Body(spec.get("body", "pract_f"))
        self.tone = named_rgb(spec.get("skin", "light"), SKIN_RGB)
        self.shirt = np.array(spec.get("shirt", (0.08, 0.12, 0.2)))
        scale, subdivisions = spec.get("scale", 1.0), spec.get("sub", 1)
        self.arms = {name: Arm(self.body, name[0].upper(), subdivisions, scale) for name in ("left", "right")}
        self._skin = {name: self._colours(arm) for name, arm in self.arms.items()}
        self._triangles = {name: triangles(arm.faces) for name, arm in self.arms.items()}
        self._cap = ellipsoid(np.zeros(3), np.ones(3), 16)
        self._stand()

    def _colours(self, arm: Arm) -> tuple[Array, Array, Array, Array]:
        """Colour, material, nails and creases, and where the sleeve is, per vertex of an arm."""
        names, rest, tone = mesh_data().names, arm.rest, self.tone
        hand_bones = [i for i, b in enumerate(names) if b.startswith(("wrist", "finger", "metacarpal"))]
        hand = arm.weights[:, hand_bones].sum(1)
        palm_axis = arm.frame[:, 2]
        dark = tone * 0.55 + np.array([0.62, 0.36, 0.27]) * 0.45
        palm = dark if tone.mean() < 0.25 else tone * np.array([1.06, 0.94, 0.92])
        share = (hand * smoothstep((arm.rest_normals @ palm_axis - 0.05) / 0.6))[:, None]
        colour = np.tile(tone, (len(rest), 1)) * (1 - share) + palm * share
        extra = np.zeros((len(rest), 2))
        for f in range(1, 6):
            for q in (1, 2, 3):
                head, tail = arm.joint(f"finger{f}-{q}"), arm.joint(f"finger{f}-{q}", "tail")
                d2 = ((rest - head) ** 2).sum(1)
                outer = arm.rest_normals @ (-arm.pad if f == 1 else -palm_axis)
                knuckle = np.exp(-d2 / (0.75**2)) * smoothstep(outer * 1.5) * hand
                colour *= 1 + knuckle[:, None] * np.array([-0.04, -0.17, -0.17])
                u = (rest - head) @ unit(tail - head)
                if q > 1:
                    lines = np.clip(np.sin(u * 16.0) * 1.6 - 0.5, 0, 1)
                    crease = np.exp(-d2 / 0.8) * lines * smoothstep((outer - 0.1) * 2) * hand * 0.8
                    extra[:, 1] = np.maximum(extra[:, 1], crease)
            colour *= self._nail(arm, f, hand, extra)
        colour *= blotches(rest, 51)
        shoulder, elbow = arm.joint("upperarm01"), arm.joint("lowerarm01")
        u = (rest - shoulder) @ unit(elbow - shoulder) / np.linalg.norm(elbow - shoulder)
        sleeve = smoothstep((self.spec.get("sleeve", 0.62) - u) / 0.02)
        s = sleeve[:, None]
        colour = colour * (1 - s) + self.shirt * s
        material = np.array([0.5, 1.0, SKIN, 0.9]) * (1 - s) + _CLOTH * s
        if self.spec.get("ring") and arm.side == "L":
            x = rest - arm.joint("finger4-1")
            u = x @ unit(arm.joint("finger4-2") - arm.joint("finger4-1"))
            bones = [i for i, b in enumerate(names) if b.startswith("finger4")]
            colour[(abs(u - 1.6) < 0.22) & (arm.weights[:, bones].sum(1) > 0.6)] = (0.8, 0.6, 0.2)
        return colour, material, extra * (1 - s), sleeve

    def _nail(self, arm: Arm, f: int, hand: Array, extra: Array) -> Array:
        """Write the nail mask of a finger into `extra`; return the flush of its tip as colour factors."""
        rest, palm_axis = arm.rest, arm.frame[:, 2]
        head, tail = arm.joint(f"finger{f}-3"), arm.joint(f"finger{f}-3", "tail")
        d = unit(tail - head)
        if f == 1:
            outer = -arm.pad
        else:
            outer = unit(np.cross(arm.flexion_axis[f], d))
            outer = outer if outer @ palm_axis < 0 else -outer
        x = rest - head
        u = x @ d / np.linalg.norm(tail - head)
        v = abs(x @ np.cross(d, outer))
        half = 0.62 if f == 1 else (0.36 if f == 5 else 0.46)
        oval = np.maximum(v / half, abs(u - 0.80) / 0.30)
        own = arm.weights[:, mesh_data().index[f"finger{f}-3.{arm.side}"]] > 0.5
        mask = own & (arm.rest_normals @ outer > 0.35) & (u > 0.3)
        extra[:, 0] = np.maximum(extra[:, 0], np.where(mask, np.clip(1.5 - oval, 0, 1), 0))
        flush = np.exp(-((rest - tail) ** 2).sum(1) / (0.9**2)) * hand
        return np.asarray(1 + flush[:, None] * np.array([0.0, -0.13, -0.10]))

    def _stand(self) -> None:
        """Set the shoulders and the directions the elbows point to."""
        spec, who = self.spec, self.who
        o, n, up = who.at(0, 12.0), who.at(0, 12.0, "normal"), who.at(0, 12.0, "up")
        right = -X_AXIS
        q = spec.get("shoulder", (17, -8, 42) if spec.get("torso") else (21, -30, 46))
        self.shoulder = {
            side: o + s * q[0] * right + q[1] * up + q[2] * n for side, s in (("right", 1), ("left", -1))
        }
        self.pole = {side: s * 0.75 * right - up + 0.15 * n for side, s in (("right", 1), ("left", -1))}
        if who.posture.posture == "prone":  # beside the table, or at its head
            a = np.deg2rad(spec.get("stand_az", 90))
            toward = np.array([np.sin(a), 0, -np.cos(a)])
            aside = np.cross(Y_AXIS, toward)
            centre = o + toward * 48 + np.array([0, 42, 0])
            self.shoulder = {"right": centre + 17 * aside, "left": centre - 17 * aside}
            low = toward * 0.6 + np.array([0, -0.4, 0])
            self.pole = {"right": low + 0.7 * aside, "left": low - 0.7 * aside}
        if spec.get("shift"):
            self.shoulder = {side: x + spec["shift"] * right for side, x in self.shoulder.items()}

    def torso(self) -> Part:
        """Body and head of the practitioner, standing at the shoulders."""
        spec, body, data, k = self.spec, self.body, mesh_data(), self.spec.get("scale", 1.0)
        bend = {"root": rotation(X_AXIS, spec.get("torso_lean", 22))}
        bend |= {"spine03": rotation(X_AXIS, 8), "neck01": rotation(X_AXIS, 12)}
        r, t = body.pose(bend)
        arm_bones = [i for i, b in enumerate(data.names) if b.startswith(ARM_PARTS)]
        ids, faces = submesh(data.dense_weight[:, arm_bones].sum(1) < 0.6, data.faces)
        refine, faces = subdivide(len(ids), faces, 1)
        middle = 0.5 * (body.joint("upperarm01.L", r, t) + body.joint("upperarm01.R", r, t)) * k
        goal = 0.5 * (self.shoulder["left"] + self.shoulder["right"])
        prone = self.who.posture.posture == "prone"
        yaw = rotation(Y_AXIS, -spec.get("stand_az", 90) if prone else spec.get("yaw", 0))
        rest = refine @ body.vertices[ids]
        v = (refine @ body.skin(r, t, ids) * k) @ yaw.T + goal - yaw @ middle
        v = v + np.asarray(spec.get("torso_offset", (0, 0, 0)), np.float64)
        n = Normals(len(v), faces)(v)
        high = (rest[:, 1] - body.vertices[:, 1].min()) / np.ptp(body.vertices[:, 1])
        head_bones = [i for i, b in enumerate(data.names) if b.startswith(_HEAD_PARTS)]
        head = (refine @ data.dense_weight[ids])[:, head_bones].sum(1)
        skin = ((head > 0.35) | (high > 0.87))[:, None]
        top = rest[:, 1].max()
        rear = (rest[:, 2] < body.rest_head("head")[2] + 1.5) & (rest[:, 1] > top - 20)
        hair = ((head > 0.5) & ((rest[:, 1] > top - 6) | rear))[:, None]
        trousers = np.array(spec.get("trousers", (0.06, 0.06, 0.07)))
        clothes = np.where((high > 0.58)[:, None], self.shirt, trousers)
        hair_rgb = named_rgb(spec.get("hair", "black"), HAIR_RGB)
        colour = np.where(hair, hair_rgb, np.where(skin, self.tone, clothes))
        material = np.where(hair, [0.5, 0, HAIR, 0.6], np.where(skin, [0.5, 1, SKIN, 0.8], _CLOTH))
        v = v + n * np.where(hair, 1.4, np.where(skin, 0, 0.9))
        return pack(v, Normals(len(v), faces)(v), rest, colour, material), triangles(faces)

    def hand(self, side: str, pose: dict[str, Any], breath: Array, lift: float) -> dict[str, Any]:
        """Place one hand; return its parts for drawing, its landmarks and the point of contact.

        Parameters
        ----------
        side : {"left", "right"}
            Which hand.
        pose : dict
            ``lat``, ``down``, ``lift`` (cm), ``pose`` (HandPose), ``ori`` (three angles), optional ``sway``.
        breath : ndarray, shape (3,)
            Where breathing has moved this place, cm.
        lift : float
            Thickness of the cloth under the hand, cm.
        """
        who, arm = self.who, self.arms[side]
        n = who.at(pose["lat"], pose["down"], "normal")
        up = who.at(pose["lat"], pose["down"], "up")
        p = who.at(pose["lat"], pose["down"]) + breath
        medial = np.cross(up, n)
        medial = medial if (medial[0] > 0) == (side == "right") else -medial
        azimuth, inclination, roll = pose["ori"]
        turn = arm.orient(pose["pose"], n, up, medial, (azimuth, inclination, arm.sign * roll))
        indent = pose.get("indent", 0.2) if pose["lift"] < 0.05 else 0.0
        target = p + n * (lift + pose["lift"] - indent)
        shoulder = self.shoulder[side] + pose.get("sway", np.zeros(3))
        v = arm.place(pose["pose"], turn, target, shoulder, self.pole[side])
        colour, material, extra, sleeve = self._skin[side]
        normals = arm.normals(v).astype("f4")
        v = v + normals * (sleeve * 0.7)[:, None]
        cap_v, cap_n, cap_f = self._cap
        radius, centre = self.spec.get("cap", 5.6), arm.shoulder_now()
        rest = cap_v * radius + arm.joint("upperarm01")
        cap = pack(cap_v * radius + centre, cap_n, rest, self.shirt, _CLOTH)
        return {
            "arm": (pack(v, normals, arm.rest, colour, material, extra), self._triangles[side]),
            "cap": (cap, triangles(cap_f)),
            "landmarks": arm.landmarks(),
            "contact": p + n * lift,
        }
