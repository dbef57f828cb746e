"""Make body_mesh.npz from MakeHuman's CC0 data; the renderer's only input that is not in this repository.

    git clone --bare --depth 1 https://github.com/makehumancommunity/makehuman
    python -m scripts.build_body_mesh makehuman.git body_mesh.npz

Only data is read (base mesh, joints, weights, macro targets, all CC0), none of MakeHuman's code. Output,
about 1 MB: centimetres; x to the figure's left, y up, z forward.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser

DECIMETRES_TO_CM = 10.0
BONES_PER_VERTEX = 8
_MACRO = "macrodetails/"
_FEMALE = "universal-female-young-"
BODIES = {
    "recipient": [("caucasian-female-young", 1.0), (_FEMALE + "averagemuscle-averageweight", 1.0)],
    "pract_f": [
        ("caucasian-female-young", 1.0),
        (_FEMALE + "averagemuscle-averageweight", 0.7),
        (_FEMALE + "minmuscle-averageweight", 0.3),
    ],
    "pract_m": [("caucasian-male-young", 1.0), ("universal-male-young-averagemuscle-averageweight", 1.0)],
    "pract_heavy": [
        ("african-female-young", 1.0),
        (_FEMALE + "averagemuscle-averageweight", 0.5),
        (_FEMALE + "averagemuscle-maxweight", 0.5),
    ],
}
"""Bodies as weighted macro targets on the base mesh."""


class Source:
    """Files below ``makehuman/data`` of a clone, bare or not."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository

    def read(self, path: str) -> str:
        """Return a file's text at HEAD."""
        command = ["git", "-C", str(self._repository), "show", f"HEAD:makehuman/data/{path}"]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    def target(self, name: str, n: int) -> NDArray[np.float64]:
        """Return a macro target as offsets of all vertices."""
        offsets = np.zeros((n, 3))
        for line in self.read(f"targets/{_MACRO}{name}.target").splitlines():
            words = line.split()
            if len(words) == 4 and words[0].isdigit():
                offsets[int(words[0])] = [float(w) for w in words[1:]]
        return offsets


def read_base(source: Source) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the vertices and the quads of the group ``body``."""
    vertices, faces, group = [], [], ""
    for line in source.read("3dobjs/base.obj").splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            vertices.append([float(w) for w in words[1:4]])
        elif words[0] == "g":
            group = words[1]
        elif words[0] == "f" and group == "body":
            faces.append([int(corner.split("/")[0]) - 1 for corner in words[1:]])
    quads = np.array(faces)
    if quads.ndim != 2 or quads.shape[1] != 4:
        raise SystemExit(
            "Expected a body of quads in base.obj, found other faces: is this MakeHuman's repository?"
        )
    return np.array(vertices), quads


def bone_order(bones: dict[str, Any]) -> list[str]:
    """List the bones, parents first."""
    names: list[str] = []

    def add(bone: str) -> None:
        if bone in names:
            return
        if bones[bone]["parent"]:
            add(bones[bone]["parent"])
        names.append(bone)

    for bone in bones:
        add(bone)
    return names


def main() -> None:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("makehuman", type=Path, help="clone of github.com/makehumancommunity/makehuman")
    parser.add_argument("out", type=Path, nargs="?", default=Path("body_mesh.npz"))
    args = parser.parse_args()
    source = Source(args.makehuman)
    base, faces = read_base(source)
    skeleton = json.loads(source.read("rigs/default.mhskel"))
    weights = json.loads(source.read("rigs/default_weights.mhw"))["weights"]
    names = bone_order(skeleton["bones"])
    parents = [skeleton["bones"][b]["parent"] for b in names]
    count = int(faces.max()) + 1
    dense = np.zeros((count, len(names)), np.float32)
    for bone, pairs in weights.items():
        for i, w in pairs:
            if i < count:
                dense[i, names.index(bone)] = w
    dense[dense.sum(1) == 0, 0] = 1
    dense /= dense.sum(1, keepdims=True)
    strongest = np.argsort(-dense, 1)[:, :BONES_PER_VERTEX]
    kept = np.take_along_axis(dense, strongest, 1)
    out: dict[str, Any] = {
        "F": faces.astype(np.int32),
        "bones": np.array(names),
        "parent": np.array([names.index(p) if p else -1 for p in parents]),
        "wi": strongest.astype(np.uint8),
        "ww": (kept / kept.sum(1, keepdims=True)).astype(np.float16),
    }
    for body, recipe in BODIES.items():
        v = base + sum(w * source.target(name, len(base)) for name, w in recipe)
        out[f"V_{body}"] = (v[:count] * DECIMETRES_TO_CM).astype(np.float32)
        for end in ("head", "tail"):
            joints = [skeleton["joints"][skeleton["bones"][b][end]] for b in names]
            out[f"{end}_{body}"] = np.array([v[j].mean(0) * DECIMETRES_TO_CM for j in joints], np.float32)
        sys.stderr.write(f"{body}: {np.ptp(out[f'V_{body}'][:, 1]):.0f} cm tall\n")
    np.savez_compressed(args.out, **out)
    sys.stderr.write(f"{args.out}: {args.out.stat().st_size} bytes, {count} vertices, {len(names)} bones\n")


if __name__ == "__main__":
    main()
