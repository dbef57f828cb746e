"""Render randomised pictures of backs with their landmarks, for training and testing the back-landmark model.

    PIJAT_BODY_MESH=body_mesh.npz python -m scripts.render_back_landmarks OUT --seed 0 --scenes 1000

writes OUT/<seed>_<view>.jpg, OUT/<seed>_<view>_near.png (white: not the room) and OUT/labels_<first seed>.jsonl, one
line a picture. About 0.25 s of one
core a picture with a software driver. Seeds below 900000 are for training, from there on for testing.
"""

import json
import os
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from scripts.common.arguments import argument_parser
from trainer.perception.back_landmarks import LANDMARKS


def main() -> None:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0, help="of the first scene")
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--views", type=int, default=8, help="pictures of each scene")
    parser.add_argument("--mix", choices=["wide", "close"], default="wide", help="see render/recipe.py")
    parser.add_argument("--negatives", action="store_true", help="only scenes that show no back")
    parser.add_argument("--body-mesh", type=Path, default=None, help="instead of PIJAT_BODY_MESH")
    args = parser.parse_args()
    if args.body_mesh:
        os.environ["PIJAT_BODY_MESH"] = str(args.body_mesh)
    # the mesh is read when first needed, so these come after the environment is set
    from scripts.render import recipe
    from scripts.render.mesh import unit
    from scripts.render.renderer import Renderer
    from scripts.render.scene import Scene

    args.out.mkdir(parents=True, exist_ok=True)
    mix = recipe.MIXES[args.mix]
    renderers: dict[tuple[int, int], Renderer] = {}
    began, count = time.monotonic(), 0
    with (args.out / f"labels_{args.seed}.jsonl").open("a") as labels:
        for seed in range(args.seed, args.seed + args.scenes):
            spec, rng = recipe.scene(seed, args.negatives, mix), np.random.default_rng([seed, 1])
            size = (int(spec["size"][0]), int(spec["size"][1]))
            if size not in renderers:
                renderers[size] = Renderer(*size, shadow=1024)
            renderers[size].context.__enter__()
            scene, hands = Scene(spec, renderers[size]), {}
            for view in range(args.views if spec["kind"] in ("back", "front") else args.views // 2):
                camera = recipe.camera(rng, spec, mix)
                scene.aim(camera)
                if view % 3 == 2:
                    scene.illuminate(recipe.light(rng))
                if view % 2 == 0:
                    hands = recipe.hands(rng, spec)
                scene.light["shadow"] = view % 2 == 0 or view % 3 == 2  # else as in the last picture
                try:
                    image, _ = scene.draw(hands, 0.0, view)
                except (ValueError, FloatingPointError) as error:  # a hand off the map of the back
                    sys.stderr.write(f"scene {seed}, view {view} left out: {error}\n")
                    continue
                where = scene.recipient.landmarks()
                points, hidden = scene.occluded(np.array([where[name] for name in LANDMARKS]), 2.0)
                ahead = scene.project(np.array([where[name] for name in LANDMARKS]))[1]
                middle, normal = scene.recipient.at(0, 12), scene.recipient.at(0, 12, "normal")
                facing = float(normal @ unit(scene.camera["eye"] - middle))
                name, r = f"{seed:06d}_{view}.jpg", spec["recipient"]
                cv2.imwrite(str(args.out / name), image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
                near = scene.near().astype(np.uint8) * 255
                cv2.imwrite(str(args.out / f"{seed:06d}_{view}_near.png"), near)
                row = {
                    "file": name,
                    "kind": spec["kind"],
                    "px": [[round(float(c), 2) for c in p] for p in points],
                    "occ": [int(h) for h in hidden],
                    "behind": bool((ahead < 5).any()),
                    "facing": round(facing, 3),
                    "view": round(float(np.rad2deg(np.arccos(np.clip(facing, -1, 1)))), 1),
                    "az": round(camera["az"], 1),
                    "el": round(camera["el"], 1),
                    "tone": r["tone"],
                    "back": r["back"],
                    "posture": r["posture"],
                    "hands": len(hands),
                    "torso": spec["practitioner"]["torso"],
                    "hair": bool(r.get("long_hair")),
                    "size": spec["size"],
                }
                labels.write(json.dumps(row) + "\n")
                count += 1
            labels.flush()
            if seed % 10 == 0:
                each = (time.monotonic() - began) / max(count, 1)
                sys.stderr.write(f"scene {seed}, {count} pictures, {each:.2f} s each\n")


if __name__ == "__main__":
    main()
