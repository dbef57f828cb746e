"""What the recipient wears: trousers, shirts and towels, underwear, hair."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scripts.render.mesh import Array, Normals, mesh_data, triangles
from scripts.render.recipient import ARM_BONES, Recipient, vertex_ids
from scripts.render.shapes import CLOTH, CUT_MARK, HAIR, Part, ellipsoid, grid_quads, pack, smoothstep, wobble
from scripts.render.wardrobe import Shape

HAIR_RGB = {
    "black": (0.012, 0.010, 0.009),
    "brown": (0.05, 0.028, 0.016),
    "blond": (0.35, 0.22, 0.10),
    "grey": (0.28, 0.27, 0.26),
}
HEAD_BONES = ["head", "neck03", "special", "eye", "jaw", "oris", "orbic", "levator", "oculi", "temporalis"]
HEAD_BONES += ["risorius", "tongue", "cheek"]
HAIR_MATERIAL = [0.5, 0, HAIR, 0.8]


def named_rgb(value: Any, table: dict[str, tuple[float, float, float]]) -> Array:
    """Return a colour given by name or as three numbers (linear RGB)."""
    return np.array(table[value] if isinstance(value, str) else value, np.float64)


def _least(*fields: ArrayLike) -> Array:
    return np.asarray(np.minimum.reduce([np.asarray(f, np.float64) for f in fields]))


class Dresser:
    """Cuts garments from offset copies of the skin, along zero lines of scalar fields."""

    def __init__(self, recipient: Recipient, spec: dict[str, Any]) -> None:
        self.recipient, self.spec = recipient, spec
        body = recipient.body.vertices
        self.rest = recipient.rest
        self.height = (self.rest[:, 1] - body[:, 1].min()) / np.ptp(body[:, 1])
        self.arm = recipient.weight_of(ARM_BONES)
        self.forearm = recipient.weight_of(ARM_BONES[1:])
        self.hand = recipient.weight_of(ARM_BONES[2:])
        self.head = recipient.weight_of(HEAD_BONES)
        self.hidden: NDArray[Any] = np.zeros(0, int)
        self.crown_y = float(body[:, 1].max())
        self.side = np.abs(self.rest[:, 0])

    def clothes(self) -> list[Part]:
        """Return trousers, whatever covers the back, underwear, and a cloth held before the chest."""
        r, rest, high = self.spec, self.rest, self.height
        if r.get("suit"):
            return [self._suit()]
        low = _least(r.get("waist", 0.595) - high, (0.5 - self.arm) * 0.3, high - 0.05)
        parts = [self._shell(low, 0.5, r.get("trousers", (0.12, 0.14, 0.2)), folds=0.5, seed=5)]
        back = r.get("back", "bare")
        if back != "bare":
            colour = r.get("cloth", (0.45, 0.5, 0.55))
            offset, seed = 0.25 + r.get("loose", 0.0), int(r.get("fold_seed", 9))
            parts.append(self._shell(self._back_field(back), offset, colour, r.get("folds", 0.2), seed))
        elif r.get("bra"):
            band = _least(0.014 - abs(high - 0.722), (0.4 - self.arm) * 0.1)
            parts.append(self._shell(band, 0.12, r.get("bra_col", (0.02, 0.02, 0.02)), folds=0.02))
        if back == "bare" and r.get("front", True):
            shoulder_z = self.recipient.body.rest_head("upperarm01.L")[2]
            before = (rest[:, 2] - shoulder_z - 1.0 + 0.6 * wobble(rest, 4, 0.15)) / 160
            field = _least(before, high - 0.56, 0.795 - high, (0.5 - self.arm) * 0.1)
            parts.append(self._shell(field, 0.3, r.get("front_col", (0.5, 0.52, 0.55)), folds=0.3, seed=12))
        return parts

    def _suit(self) -> Part:
        """Clothes that have a shape of their own; above the waist one colour, below it another."""
        r, shape = self.spec, Shape(self.recipient, self.spec["suit"])
        self.hidden = shape.hidden
        body = self.recipient.body.vertices
        high = (shape.rest[:, 1] - body[:, 1].min()) / np.ptp(body[:, 1])
        seed = int(r.get("fold_seed", 9))
        above = smoothstep((high - r.get("waist", 0.595)) / 0.004)[:, None]
        colour = np.asarray(r.get("cloth", (0.45, 0.5, 0.55))) * above
        colour = self._patterned(
            colour + np.asarray(r.get("trousers", (0.1, 0.1, 0.1))) * (1 - above), shape.rest, seed
        )
        lift = 0.15 + r.get("folds", 0.2) * (1 + wobble(shape.rest, seed, 0.22))
        v = shape.vertices + shape.normals * lift[:, None]
        normals = Normals(len(v), shape.faces)(v)
        return pack(v, normals, shape.rest, colour, [0.85, 0.0, CLOTH, 0.25]), triangles(shape.faces)

    def _patterned(self, colour: Array, rest: Array, seed: int) -> Array:
        pattern = self.spec.get("pattern")
        if not pattern:
            return colour
        x = rest @ np.asarray(pattern["k"], np.float64).T
        if pattern["kind"] == "print":
            stripe = wobble(rest, seed + 50, float(np.linalg.norm(pattern["k"][0]))) * 1.5
        else:
            stripe = np.prod(np.sin(x), axis=1) if pattern["kind"] == "check" else np.sin(x[:, 0])
        share = pattern["w"] * smoothstep(stripe * 3 + 0.5)[:, None]
        return np.asarray(colour * (1 - share) + np.asarray(pattern["col"]) * share)

    def _back_field(self, back: str) -> Array:
        r, rest, high, side = self.spec, self.rest, self.height, self.side
        c7 = self.recipient.c7_rest_y
        collar = (c7 + r.get("collar", -1.5) + side * 0.1 - rest[:, 1]) / 160
        sleeves = {"short": 0.25 - self.forearm, "none": 0.3 - self.arm, "long": 0.5 - self.hand}
        sleeve = sleeves[r.get("sleeve", "short")] * 0.1
        shirt = _least(high - 0.565, collar, sleeve, 0.2 - self.head)
        if back == "drape":
            return _least(shirt, r.get("drape_top", 0.80) - high)
        if back == "tank":
            inner = r.get("strap_in", 4.5)
            strap = np.minimum((side - inner) / 160, (inner + r.get("strap_w", 4) - side) / 160)
            cover = np.maximum(0.70 - high, strap)
            return _least(high - 0.565, cover, (c7 + 2 - rest[:, 1]) / 160, (0.3 - self.arm) * 0.1)
        if back == "racer":
            # a band, a strip up the spine, and from where it parts two straps to the shoulders
            inner, join = r.get("strap_in", 4.5) + 2.5, r.get("join", 0.75)
            rise = np.clip((high - join) / max(0.825 - join, 0.02), 0, 1)
            strap = (r.get("strap_w", 4) * 0.55 - abs(side - inner * rise)) / 160
            cover = np.maximum(0.725 - high, np.minimum(strap, 0.9 - high))
            return _least(
                high - r.get("hem", 0.565), cover, (c7 + 3 - rest[:, 1]) / 160, (0.3 - self.arm) * 0.1
            )
        if back == "gown":
            opening = np.maximum((side - r.get("gap", 5)) / 160, r.get("gap_low", 0.6) - high)
            return _least(shirt, opening, high - 0.565)
        if back == "shawl":
            return _least(high - r.get("shawl_low", 0.76), (0.25 - self.forearm) * 0.1, 0.2 - self.head)
        if back == "half":
            return _least(shirt, (rest[:, 0] * r.get("half_side", 1) - r.get("half_at", 0)) / 160)
        return shirt

    def _shell(self, field: Array, offset: float, rgb: ArrayLike, folds: float, seed: int = 1) -> Part:
        who = self.recipient
        mask = vertex_ids(field, who.faces)
        faces = who.faces[mask[who.faces].all(1)]
        ids = np.unique(faces)
        new = -np.ones(len(mask), int)
        new[ids] = np.arange(len(ids))
        faces, rest = new[faces], self.rest[ids]
        lift = offset + folds * (1 + wobble(rest, seed, 0.22))
        v = who.vertices[ids] + who.normals[ids] * lift[:, None]
        colour = np.tile(np.asarray(rgb, np.float64), (len(v), 1))
        colour = self._patterned(colour, rest, seed)
        extra = np.c_[field[ids], np.full(len(ids), CUT_MARK)]
        material = [0.85, 0.0, CLOTH, 0.25]
        return pack(v, Normals(len(v), faces)(v), rest, colour, material, extra), triangles(faces)

    def hair(self) -> list[Part]:
        """Return hair on the head, perhaps a bun, perhaps hair down the back."""
        who, r, rest, top = self.recipient, self.spec, self.rest, self.crown_y
        if r.get("hair_shape"):
            return [self._shaped_hair(r["hair_shape"], named_rgb(r.get("hair", "brown"), HAIR_RGB))]
        head = who.body.rest_head("head")
        z = rest[:, 2] - head[2]
        rear = (z < 1.5) & (rest[:, 1] > top - 19) & (rest[:, 1] > top - 12 - 0.9 * (1.5 - z))
        mask = (self.head > 0.5) & ((rest[:, 1] > top - 4.5) | rear)
        rgb = named_rgb(r.get("hair", "brown"), HAIR_RGB)
        faces = who.faces[mask[who.faces].all(1)]
        ids = np.unique(faces)
        new = -np.ones(len(mask), int)
        new[ids] = np.arange(len(ids))
        faces = new[faces]
        v = who.vertices[ids] + who.normals[ids] * (1.0 + 0.35 * wobble(rest[ids], 2, 0.5))[:, None]
        parts = [(pack(v, Normals(len(v), faces)(v), rest[ids], rgb, HAIR_MATERIAL), triangles(faces))]
        if r.get("long_hair"):
            parts.append(self._hanging(r["long_hair"], rgb))
        if r.get("bun", True):
            i = mesh_data().index["head"]
            turn, shift = who.r[i], who.t[i]
            bv, bn, bf = ellipsoid(np.array([0, top - 5.0, head[2] - 9.5]), (4.2, 4.0, 3.6))
            bun = pack((turn @ bv.T).T + shift, (turn @ bn.T).T, bv, rgb, HAIR_MATERIAL)
            parts.append((bun, triangles(bf)))
        return parts

    def _shaped_hair(self, name: str, rgb: Array) -> Part:
        """Strips of hair; their ends are cut in strands, since the pictures that would do so are not read."""
        shape = Shape(self.recipient, name)
        strand = wobble(np.c_[shape.uv * [90.0, 1.5], np.zeros(len(shape.uv))], 3, 1.0)
        low, high = np.percentile(shape.uv[:, 1], [1, 99])
        field = (shape.uv[:, 1] - low) / max(high - low, 1e-3) - 0.06 * (1 + strand)
        extra = np.c_[field, np.full(len(field), CUT_MARK)]
        colour = rgb * (1 + 0.35 * strand)[:, None]
        return pack(shape.vertices, shape.normals, shape.rest, colour, HAIR_MATERIAL, extra), triangles(
            shape.faces
        )

    def _hanging(self, spec: dict[str, float], rgb: Array) -> Part:
        """A sheet of hair along the back's own map: `length` below C7, half `width`, drawn aside by
        `shift`.
        """
        who, rows, columns = self.recipient, 26, 15
        across = np.linspace(-1, 1, columns)
        downs = np.linspace(max(-8, who.grid_down[0] + 0.5), spec["length"], rows)
        p = np.zeros((rows, columns, 3))
        for i, down in enumerate(downs):
            half = spec["width"] * (1 - 0.35 * max(0, down) / max(1, spec["length"]))
            normal = who.at(0, down, "normal")
            for j, u in enumerate(across):
                lateral = spec["shift"] * (i / rows) + half * u
                base = who.at(np.clip(lateral * 0.8 if down < 0 else lateral, -9, 9), down)
                if np.isnan(base).any():
                    base = who.at(0, down)
                body = spec["lift"] * np.exp(-max(0, down) / 6) + 0.7
                strands = 0.5 * np.sqrt(max(0, 1 - u * u)) + 0.3 * np.sin(15 * u + i * 0.3)
                p[i, j] = base + normal * (body + strands)
        faces, v = grid_quads(rows, columns), p.reshape(-1, 3)
        texture = np.c_[np.tile(across, rows) * 6, np.repeat(downs, columns), np.zeros(rows * columns)]
        return pack(v, Normals(len(v), faces)(v), texture, rgb, HAIR_MATERIAL), triangles(faces)
