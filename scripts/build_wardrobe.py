"""Make wardrobe.npz from MakeHuman's CC0 hair and clothes: shapes the renderer puts on its figures if it has them.

    git clone --bare --depth 1 https://github.com/makehumancommunity/makehuman
    git clone --bare --depth 1 https://github.com/makehumancommunity/makehuman-assets
    python -m scripts.build_wardrobe makehuman.git makehuman-assets.git wardrobe.npz

Only shapes are read (CC0 since September 2020); the pictures that belong to them are not needed. Each is fitted to
the bodies of body_mesh.npz and takes its skinning weights from the places of the body it hangs on. Output, about 2 MB:
centimetres, as in body_mesh.npz.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.build_body_mesh import BODIES, BONES_PER_VERTEX, DECIMETRES_TO_CM, Source, bone_order, read_base
from scripts.common.arguments import argument_parser

HAIR = (
    "afro01",
    "bob01",
    "bob02",
    "braid01",
    "long01",
    "ponytail01",
    "short01",
    "short02",
    "short03",
    "short04",
)
CLOTHES = tuple(f"male_casualsuit{k:02d}" for k in range(1, 7))
CLOTHES += ("female_casualsuit01", "female_casualsuit02", "female_sportsuit01", "female_elegantsuit01")
CLOTHES += ("male_elegantsuit01", "male_worksuit01")


@dataclass(frozen=True)
class Fit:
    """How a shape hangs on the base mesh: per vertex three of its vertices, their shares, an offset; which of the
    base mesh's vertices give the offset's scale; which vertices of the body it hides.
    """

    vertex: NDArray[np.int64]
    share: NDArray[np.float64]
    offset: NDArray[np.float64]
    scales: dict[int, tuple[int, int, float]]
    hidden: NDArray[np.int64]

    def place(self, base: NDArray[np.float64]) -> NDArray[np.float64]:
        """Put the shape on a body's vertices."""
        factor = np.ones(3)
        for axis, (a, b, length) in self.scales.items():
            factor[axis] = abs(base[a, axis] - base[b, axis]) / length
        return np.asarray((base[self.vertex] * self.share[..., None]).sum(1) + self.offset * factor)


def _text(assets: Path, path: str) -> list[str]:
    done = subprocess.run(
        ["git", "-C", str(assets), "show", f"HEAD:base/{path}"], capture_output=True, check=True
    )
    return done.stdout.decode().splitlines()


def read_fit(lines: list[str]) -> Fit:
    """Read a .mhclo file."""
    rows: list[list[float]] = []
    scales: dict[int, tuple[int, int, float]] = {}
    hidden: list[int] = []
    part = ""
    for line in lines:
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0][0].isalpha():
            if words[0] in ("verts", "weights", "delete_verts"):
                part = words[0]
            if words[0] in ("x_scale", "y_scale", "z_scale"):
                scales["xyz".index(words[0][0])] = int(words[1]), int(words[2]), float(words[3])
        elif part == "verts":
            numbers = [float(w) for w in words]
            rows.append(numbers if len(numbers) == 9 else [numbers[0]] * 3 + [1.0, 0, 0, 0, 0, 0])
        elif part == "delete_verts":
            spans = line.replace(" - ", "-").split()
            for span in spans:
                ends = [int(e) for e in span.split("-")]
                hidden += range(ends[0], ends[-1] + 1)
    table = np.array(rows)
    return Fit(table[:, :3].astype(int), table[:, 3:6], table[:, 6:9], scales, np.array(hidden, int))


def read_shape(lines: list[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return faces of an .obj as quads (a triangle repeats its last corner), and a texture place per vertex."""
    places, quads, count = [], [], 0
    pairs: list[tuple[int, int]] = []
    for line in lines:
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            count += 1
        elif words[0] == "vt":
            places.append([float(w) for w in words[1:3]])
        elif words[0] == "f":
            corners = [[int(c) if c else 0 for c in w.split("/")] for w in words[1:]]
            pairs += [(c[0] - 1, c[1] - 1) for c in corners if len(c) > 1 and c[1]]
            ids = [c[0] - 1 for c in corners]
            quads.append((ids + ids[-1:])[:4])
    uv = np.zeros((count, 2))
    for vertex, place in pairs:
        uv[vertex] = places[place]
    return np.array(quads), uv


def main() -> None:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("makehuman", type=Path, help="clone of github.com/makehumancommunity/makehuman")
    parser.add_argument("assets", type=Path, help="clone of github.com/makehumancommunity/makehuman-assets")
    parser.add_argument("out", type=Path, nargs="?", default=Path("wardrobe.npz"))
    args = parser.parse_args()
    source = Source(args.makehuman)
    base, _ = read_base(source)
    names = bone_order(json.loads(source.read("rigs/default.mhskel"))["bones"])
    weights = json.loads(source.read("rigs/default_weights.mhw"))["weights"]
    dense = np.zeros((len(base), len(names)), np.float32)
    for bone, pairs in weights.items():
        for i, w in pairs:
            dense[i, names.index(bone)] = w
    dense /= np.maximum(dense.sum(1, keepdims=True), 1e-6)
    bodies = {
        body: base + sum(w * source.target(name, len(base)) for name, w in recipe)
        for body, recipe in BODIES.items()
    }
    out: dict[str, Any] = {"hair": np.array(HAIR), "clothes": np.array(CLOTHES)}
    for folder, shapes in (("hair", HAIR), ("clothes", CLOTHES)):
        for name in shapes:
            fit = read_fit(_text(args.assets, f"{folder}/{name}/{name}.mhclo"))
            faces, uv = read_shape(_text(args.assets, f"{folder}/{name}/{name}.obj"))
            if len(uv) != len(fit.vertex):
                raise SystemExit(f"Expected {len(uv)} vertices in {name}.mhclo, got {len(fit.vertex)}.")
            skin = (dense[fit.vertex] * np.maximum(fit.share, 0)[..., None]).sum(1)
            skin[skin.sum(1) == 0, 0] = 1
            strongest = np.argsort(-skin, 1)[:, :BONES_PER_VERTEX]
            kept = np.take_along_axis(skin, strongest, 1)
            out[f"{name}_F"], out[f"{name}_uv"] = faces.astype(np.int32), uv.astype(np.float16)
            out[f"{name}_hidden"] = fit.hidden[fit.hidden < 13380].astype(np.int32)
            out[f"{name}_wi"] = strongest.astype(np.uint8)
            out[f"{name}_ww"] = (kept / kept.sum(1, keepdims=True)).astype(np.float16)
            for body, vertices in bodies.items():
                out[f"{name}_V_{body}"] = (fit.place(vertices) * DECIMETRES_TO_CM).astype(np.float32)
            sys.stderr.write(f"{name}: {len(uv)} vertices, hides {len(fit.hidden)}\n")
    np.savez_compressed(args.out, **out)
    sys.stderr.write(f"{args.out}: {args.out.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
