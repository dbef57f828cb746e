"""Render a whole session to a clip with ground truth.

    PIJAT_BODY_MESH=body_mesh.npz python -m scripts.render_clip SPEC.json OUT [--frames N] [--png EVERY]

writes OUT/clip.mp4 and OUT/truth.json. The specification is described in
datasets/back_landmarks/README.md; samples lie in datasets/back_landmarks/specs/. About 0.4 s a 640x480
frame on one core with a software driver.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from scripts.common.arguments import argument_parser

COORDINATES = (
    "lateral_cm: along the skin from the spinous line, + = recipient right; down_cm: below C7 along the spinous "
    "line; directions cw/ccw as seen by someone looking at the back"
)


def main() -> None:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("spec", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--frames", type=int, help="only the first so many")
    parser.add_argument("--png", type=int, default=0, help="also write every n-th frame as a PNG")
    parser.add_argument("--codec", default="libx264")
    parser.add_argument("--truth-only", action="store_true", help="draw nothing, write truth.json only")
    parser.add_argument("--body-mesh", type=Path, default=None, help="instead of PIJAT_BODY_MESH")
    args = parser.parse_args()
    if args.body_mesh:
        os.environ["PIJAT_BODY_MESH"] = str(args.body_mesh)
    import av

    # the mesh is read when first needed, so these come after the environment is set
    from scripts.render import timeline as tl
    from scripts.render.hands import HAND_LANDMARKS, HandPose
    from scripts.render.scene import Scene
    from scripts.render.truth import back_places, back_truth, hand_truth

    spec = json.loads(args.spec.read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    fps = spec["fps"]
    whole = round(spec["duration_s"] * fps)
    n = min(args.frames or whole, whole)
    scene = Scene(spec)
    rng = np.random.default_rng(spec.get("seed", 0) + 5)
    segments = tl.expand(spec["strokes"])
    sides = [side for side in ("left", "right") if side not in spec.get("absent_hands", [])]
    lines = {side: tl.timeline(segments[side], side, whole + 2, fps, rng) for side in sides}
    style = np.array(spec.get("hand_style", [0, 0, 0]), float)
    sway = {
        side: np.stack([tl.smooth_noise(rng, whole, fps, 1.0, 0.8) for _ in range(3)], 1) for side in sides
    }
    shake = np.stack([tl.smooth_noise(rng, whole, fps, 0.4, scene.shake_cm) for _ in range(3)], 1)
    still, names = dict(scene.camera), list(scene.recipient.landmarks())
    width, height = spec["size"]
    container = stream = None
    if not args.truth_only:
        container = av.open(str(args.out / "clip.mp4"), "w", format="mp4")
        stream = container.add_stream(args.codec, rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if args.codec == "libx264":
            stream.options = {"crf": str(spec.get("crf", 20)), "preset": "veryfast"}
    frames, previous, began = [], None, time.monotonic()
    memory = spec.get("light", {}).get("temporal", 0.0)
    for i in range(n):
        t = i / fps
        scene.camera = dict(still)
        scene.camera["eye"] = still["eye"] + shake[i]
        scene.camera["target"] = still["target"] + 0.6 * shake[i]
        hands = {
            side: {
                "lat": line["lat"][i],
                "down": line["down"][i],
                "lift": line["lift"][i],
                "pose": HandPose.from_vector(line["pose"][i]),
                "ori": tuple(line["ori"][i] + style),
                "sway": sway[side][i],
            }
            for side, line in lines.items()
        }
        image, placed = scene.draw(hands, t, i, args.truth_only)
        if image is not None and memory and previous is not None:  # a noise filter that smears motion
            image = (image * (1 - memory) + previous * memory).astype(np.uint8)
        previous = image
        row: dict[str, Any] = {"t": round(t, 4)} | back_truth(scene, t) | {"hands": {}}
        for side, line in lines.items():
            own = hand_truth(scene, placed[side], line["lat"][i], line["down"][i], line["lift"][i])
            row["hands"][side] = own | {"label": line["label"][i], "segment": int(line["segment"][i])}
        frames.append(row)
        if container is None or stream is None:
            continue
        for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
            container.mux(packet)
        if args.png and i % args.png == 0:
            cv2.imwrite(str(args.out / f"f{i:05d}.png"), image[:, :, ::-1])
    if container is not None and stream is not None:
        for packet in stream.encode():
            container.mux(packet)
        container.close()
    where = scene.recipient.landmarks()
    truth = {
        "name": spec.get("name"),
        "crf": spec.get("crf", 20),
        "fps": fps,
        "size": [width, height],
        "n_frames": n,
        "coords": COORDINATES,
        "hand_landmark_names": HAND_LANDMARKS,
        "back_landmark_names": names,
        "back_cm": back_places(),
        "biacromial_cm": round(float(np.linalg.norm(where["left_acromion"] - where["right_acromion"])), 1),
        "segments": segments,
        "spec": spec,
        "render_s_per_frame": round((time.monotonic() - began) / max(n, 1), 3),
        "frames": frames,
    }
    (args.out / "truth.json").write_text(json.dumps(truth, separators=(",", ":")))
    sys.stderr.write(f"{spec.get('name')}: {n} frames, {truth['render_s_per_frame']} s a frame\n")


if __name__ == "__main__":
    main()
