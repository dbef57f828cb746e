"""Render what gets before the lens when it should not: the pictures that scripts.prepend_intruder puts into clips.

    PIJAT_BODY_MESH=body_mesh.npz python -m scripts.render_intruders tests/data/intruders

writes hand.jpg (a large hand at the lens), back.jpg (a bare back close by), face.jpg, cloth.jpg (a patterned
cloth) and table.jpg (an empty table), 640x480. datasets/back_landmarks/README.md says where the mesh comes from.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from scripts.common.arguments import argument_parser

if TYPE_CHECKING:
    from scripts.render.renderer import Renderer

SIZE = (640, 480)
JPEG_QUALITY = 80
CLOTH_POINTS = 320
SCENES: dict[str, dict[str, Any]] = {
    "hand": {
        "seed": 31,
        "camera": {"az": -20, "el": 55, "dist": 27, "fovy": 50, "look_down": 6, "look_right": 2},
        "recipient": {"visible": False, "furnished": True},
        "practitioner": {"skin": "tan", "sleeve": 1.3, "shirt": (0.4, 0.1, 0.1)},
    },
    "back": {
        "seed": 32,
        "camera": {"az": -12, "el": 30, "dist": 44, "fovy": 48, "look_down": 15, "roll": 12},
        "recipient": {"skin": "light", "hair": "brown"},
    },
    "face": {
        "seed": 33,
        "camera": {"bone": "head", "az": 168, "el": 4, "dist": 52, "fovy": 42},
        "recipient": {
            "skin": "medium",
            "hair": "black",
            "lean": 2,
            "flex": 2,
            "head_nod": 0,
            "posture": "standing",
        }
        | {"arms": "sides", "back": "shirt", "cloth": (0.5, 0.3, 0.25)},
        "light": {"az": 150, "el": 45},
    },
    "table": {
        "seed": 34,
        "camera": {"az": 20, "el": 28, "dist": 130, "fovy": 45, "look_down": 10},
        "recipient": {"visible": False, "furnished": True},
    },
}
"""The scenes, as datasets/back_landmarks/README.md describes a specification."""


def picture(spec: dict[str, Any], hands: dict[str, Any], renderer: "Renderer | None" = None) -> Any:
    """Return one scene's picture, RGB."""
    from scripts.render.scene import Scene

    image, _ = Scene({"size": SIZE} | spec, renderer).draw(hands)
    return image


def hand_before_the_lens() -> dict[str, Any]:
    """Return an open right hand, reached out, a palm's width from the lens."""
    from scripts.render.hands import POSES

    pose = {"lat": 3.0, "down": 8.0, "lift": 6.0, "pose": POSES["flat"], "ori": (78, 4, -50)}
    return {"right": pose}


def cloth() -> Any:
    """Return a printed cloth that fills the picture, folded a little, RGB."""
    from scripts.render.mesh import Normals, triangles
    from scripts.render.scene import Scene
    from scripts.render.shapes import CLOTH, grid_quads, pack, wobble

    scene = Scene({"size": SIZE, "seed": 35, "recipient": {"visible": False, "furnished": False}})
    u, v = np.meshgrid(np.linspace(-45, 45, CLOTH_POINTS), np.linspace(-36, 36, CLOTH_POINTS))
    flat = np.stack([u, v, np.zeros_like(u)], 2).reshape(-1, 3)
    eye, target = scene.camera["eye"], scene.camera["target"]
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, (0, 1, 0))
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    depth = 48 + 3.5 * wobble(flat, 4, 0.12)
    points = eye + flat[:, :1] * right + flat[:, 1:2] * up + depth[:, None] * forward
    # A print of rosettes in rows, brown and indigo on cream.
    x, y = flat[:, 0] / 4.5, flat[:, 1] / 4.5
    cell = np.hypot(x - np.round(x), (y + 0.5 * (np.round(x) % 2)) % 1 - 0.5)
    petals = 0.30 + 0.07 * np.cos(6 * np.arctan2((y + 0.5 * (np.round(x) % 2)) % 1 - 0.5, x - np.round(x)))
    colour = np.tile(np.array([0.62, 0.5, 0.3]), (len(flat), 1))
    colour[cell < petals] = (0.2, 0.09, 0.04)
    colour[cell < 0.13] = (0.05, 0.07, 0.2)
    faces = grid_quads(CLOTH_POINTS, CLOTH_POINTS)
    normals = Normals(len(points), faces)(points)
    normals *= np.sign(-(normals @ forward))[:, None]
    material = [0.9, 0.0, CLOTH, 0.2]
    scene.renderer.set_mesh("sheet", pack(points, normals, flat, colour, material), triangles(faces))
    return scene.draw({})[0]


def main() -> None:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--body-mesh", type=Path, default=None, help="instead of PIJAT_BODY_MESH")
    args = parser.parse_args()
    if args.body_mesh:
        os.environ["PIJAT_BODY_MESH"] = str(args.body_mesh)
    args.out.mkdir(parents=True, exist_ok=True)
    pictures = {
        name: picture(spec, hand_before_the_lens() if name == "hand" else {}) for name, spec in SCENES.items()
    }
    pictures["cloth"] = cloth()
    for name, image in pictures.items():
        cv2.imwrite(
            str(args.out / f"{name}.jpg"), image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        )


if __name__ == "__main__":
    main()
