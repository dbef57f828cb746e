"""Draw the views of the grid, and ask of each which contacts any camera there could see."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from scripts.camera_places.cells import DENSE_PLACES, DRAWN_PLACES, POSES, SIZE, Cell
from scripts.render.hands import ORIENTATION
from scripts.render.hands import POSES as HAND_POSES
from scripts.render.renderer import Renderer
from scripts.render.scene import Scene
from scripts.render.truth import HAND_TOLERANCE_CM, back_places, back_truth, hand_truth

FPS = 10
STILL_FRAMES = 10
"""How long each still is held: the program looks at recordings, not at single pictures."""
NOISE = 1.5
THUMB_TIP = 4


def hands_at(place: tuple[float, float], pose: str) -> dict[str, dict[str, Any]]:
    """Return both hands at a place and its mirror image, in the form that `Scene.draw` takes."""
    lateral, down = place
    hand = {"down": down, "lift": 0.0, "pose": HAND_POSES[pose], "ori": ORIENTATION[pose]}
    return {"right": hand | {"lat": lateral}, "left": hand | {"lat": -lateral}}


def visible_contacts(scene: Scene) -> tuple[int, int]:
    """Return how many thumb tips of the dense places any camera there could see, and of how many."""
    seen = asked = 0
    for i, place in enumerate(DENSE_PLACES):
        _, placed = scene.draw(hands_at(place, POSES[i % len(POSES)]), 0.0, 0, depth_only=True)
        for hand in placed.values():
            _, away = scene.occluded(hand["landmarks"], HAND_TOLERANCE_CM)
            seen, asked = seen + int(not away[THUMB_TIP]), asked + 1
    return seen, asked


def render_cell(cell: Cell, out: Path, renderer: Renderer | None) -> Renderer:
    """Write OUT/<cell>/clip.mp4 and truth.json: the back without hands, then each drawn place, a second each.

    Returns
    -------
    Renderer
        To reuse for the next view.
    """
    import av

    scene = Scene(cell.specification(), renderer)
    folder = out / cell.name
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(cell.number)
    frames: list[dict[str, Any]] = []
    with av.open(str(folder / "clip.mp4"), "w") as target:
        stream = target.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"crf": "20", "preset": "veryfast"}
        for number, place in enumerate((None, *DRAWN_PLACES)):
            hands = {} if place is None else hands_at(place, POSES[(number + cell.number) % len(POSES)])
            image, placed = scene.draw(hands, 0.0, number)
            row = back_truth(scene, 0.0) | {"hands": {}}
            for side, hand in placed.items():
                own = hand_truth(scene, hand, hands[side]["lat"], hands[side]["down"], 0.0)
                row["hands"][side] = own | {"label": "rest", "segment": number - 1}
            for _ in range(STILL_FRAMES):
                noisy = image + generator.normal(0.0, NOISE, image.shape)
                frame = av.VideoFrame.from_ndarray(np.clip(noisy, 0, 255).astype(np.uint8), format="rgb24")
                for packet in stream.encode(frame):
                    target.mux(packet)
                frames.append({"t": len(frames) / FPS} | row)
        for packet in stream.encode():
            target.mux(packet)
    seen, asked = visible_contacts(scene)
    rests = [
        {"label": "rest", "start_s": float(i), "eff_start_s": float(i), "end_s": i + 1.0}
        for i in range(1, len(DRAWN_PLACES) + 1)
    ]
    truth = {
        "name": cell.name,
        "fps": FPS,
        "size": list(SIZE),
        "back_landmark_names": list(scene.recipient.landmarks()),
        "back_cm": back_places(),
        "segments": {"left": rests, "right": rests},
        "any_camera": {"visible": seen, "contacts": asked},
        "spec": cell.specification(),
        "frames": frames,
    }
    (folder / "truth.json").write_text(json.dumps(truth, separators=(",", ":")), encoding="utf-8")
    return scene.renderer
