"""Fit ``models/contact.onnx``: from a hand's shape to the thumb's contact, and how sure that is.

    python -m scripts.fit_contact specs DIR [--count 28]                       # for the renderer
    python -m scripts.fit_contact fit CLIP... --model hand_landmarker.task --out models/contact.onnx
    python -m scripts.fit_contact check CLIP... --model hand_landmarker.task --against models/contact.onnx

``specs`` writes random sessions (views within 66 degrees, skins, clothes, light, hand poses) at 1 frame a
second, so that rendering 20 frames buys 20 different pictures; the renderer turns each into clip.mp4 and
truth.json. ``fit`` looks at every frame with the hand landmarker in a square around the back, keeps hands
that lie on the true one and whose thumb touches, and trains an ensemble of small networks by the Student-t
likelihood of the true contact. The landmarks are shaken (noise, small turns) so that the answer stays
smooth beyond the renderer's hands. It first cross-validates in `FOLDS` groups of clips. ``check`` measures
a model on clips it has not seen.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser
from trainer.capture.video import open_video
from trainer.perception.contact import TIP, ContactModel, hand_axes, hand_shape, hand_size
from trainer.perception.landmarker import HandLandmarker, Window
from trainer.perception.observation import HANDS

MEMBERS = 5
HIDDEN = 24
EPOCHS = 300
NOISE = 0.03  # hand sizes
TURN = 0.1  # radians
TAIL = 5.0  # degrees of freedom of the likelihood
DECAY = 1e-2
FOLDS = 5
LOG_SIGMA = (-4.0, 0.5)
SAME = 0.6


@dataclass(frozen=True, eq=False)
class Samples:
    """Touching hands: `shape` (n, 40), true `offset` from the tip (n, 2) in hand sizes, `size` (n,) in px."""

    shape: NDArray[np.float32]
    offset: NDArray[np.float32]
    size: NDArray[np.float64]


def samples_of(folder: Path, model: bytes, every: int) -> Samples:
    """Look at every n-th frame of a clip."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    shapes, offsets, sizes = [], [], []
    stills = truth["fps"] < 5
    with (
        HandLandmarker(model, detection=0.3, presence=0.3, stills=stills) as landmarker,
        open_video(folder / "clip.mp4") as video,
    ):
        for frame in video:
            if frame.index >= len(truth["frames"]):
                break
            true = truth["frames"][frame.index]
            height, width = frame.image.shape[:2]
            back = np.array(truth["frames"][0]["back"], dtype=np.float64)
            low, high = back.min(axis=0), back.max(axis=0)
            x, y = ((low + high) / 2).tolist()
            window = Window.square((x, y), 1.5 * float((high - low).max()), width, height)
            detections = landmarker.detect(frame.image, frame.time_s, window)
            if frame.index % (1 if stills else every):
                continue
            for item in detections:
                distance = {
                    hand: float(
                        np.median(np.hypot(*(item.keypoints - np.array(true["hands"][hand]["px"])).T))
                    )
                    for hand in HANDS
                }
                hand = min(HANDS, key=lambda name: distance[name])
                if distance[hand] > SAME * item.size or not true["hands"][hand]["contact"]:
                    continue
                away = np.array(true["hands"][hand]["contact_px"]) - item.keypoints[TIP]
                shapes.append(hand_shape(item.keypoints, hand))
                offsets.append(hand_axes(item.keypoints, hand) @ away / hand_size(item.keypoints))
                sizes.append(hand_size(item.keypoints))
    return Samples(
        np.array(shapes, dtype=np.float32).reshape(-1, 40),
        np.array(offsets, dtype=np.float32).reshape(-1, 2),
        np.array(sizes),
    )


def train(samples: list[Samples], seed: int) -> dict[str, NDArray[np.float32]]:
    """Train one member; returns its weights."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    shape = torch.tensor(np.vstack([item.shape for item in samples]))
    offset = torch.tensor(np.vstack([item.offset for item in samples]))
    mean, deviation = shape.mean(0), shape.std(0) + 0.02
    layers = [torch.nn.Linear(40, HIDDEN), torch.nn.Linear(HIDDEN, HIDDEN), torch.nn.Linear(HIDDEN, 3)]
    network = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1], torch.nn.Tanh(), layers[2])
    optimiser = torch.optim.AdamW(network.parameters(), lr=4e-3, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS)
    for _ in range(EPOCHS):
        for batch in torch.split(torch.randperm(len(shape)), 256):
            count = len(batch)
            turn = torch.randn(count) * TURN
            rotation = torch.stack(
                [torch.stack([turn.cos(), -turn.sin()], 1), torch.stack([turn.sin(), turn.cos()], 1)], 1
            )
            shaken = (shape[batch] + NOISE * torch.randn(count, 40)).reshape(count, 20, 2)
            seen = torch.einsum("nij,nkj->nki", rotation, shaken).reshape(count, 40)
            wanted = torch.einsum("nij,nj->ni", rotation, offset[batch])
            answer = network(((seen - mean) / deviation).clamp(-4, 4))
            log_sigma = answer[:, 2].clamp(*LOG_SIGMA)
            squared = ((answer[:, :2] - wanted) ** 2).sum(1) * torch.exp(-2 * log_sigma)
            loss = (2 * log_sigma + (TAIL + 2) / 2 * torch.log1p(squared / TAIL)).mean()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
        schedule.step()
    weights = {"mean": mean, "deviation": deviation}
    for k, layer in enumerate(layers):
        weights[f"w{k}"], weights[f"b{k}"] = layer.weight.detach().T, layer.bias.detach()
    # The likelihood's scale made a standard deviation.
    weights["b2"] = weights["b2"] + torch.tensor([0.0, 0.0, 0.5 * np.log(TAIL / (TAIL - 2))])
    return {name: value.numpy().astype(np.float32) for name, value in weights.items()}


def to_onnx(members: list[dict[str, NDArray[np.float32]]], path: Path, notes: dict[str, str]) -> None:
    """Write the members side by side as one network: shape (n, 40) -> votes (n, members, 3)."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from scipy.linalg import block_diag

    first = members[0]
    low = np.array(LOG_SIGMA[0] + 0.25, dtype=np.float32)
    tensors = {
        "mean": first["mean"],
        "deviation": first["deviation"],
        "w0": np.hstack([member["w0"] for member in members]),
        "b0": np.concatenate([member["b0"] for member in members]),
        "w1": block_diag(*[member["w1"] for member in members]).astype(np.float32),
        "b1": np.concatenate([member["b1"] for member in members]),
        "w2": block_diag(*[member["w2"] for member in members]).astype(np.float32),
        "b2": np.concatenate([member["b2"] for member in members]),
        "least": np.tile(np.array([-9.0, -9.0, low], dtype=np.float32), len(members)),
        "most": np.tile(np.array([9.0, 9.0, LOG_SIGMA[1]], dtype=np.float32), len(members)),
        "minus4": np.float32(-4.0),
        "plus4": np.float32(4.0),
        "votes_shape": np.array([-1, len(members), 3], dtype=np.int64),
    }
    steps: list[tuple[str, list[str], str]] = [
        ("Sub", ["shape", "mean"], "centred"),
        ("Div", ["centred", "deviation"], "scaled"),
        ("Clip", ["scaled", "minus4", "plus4"], "x"),
        ("Gemm", ["x", "w0", "b0"], "h0"),
        ("Tanh", ["h0"], "t0"),
        ("Gemm", ["t0", "w1", "b1"], "h1"),
        ("Tanh", ["h1"], "t1"),
        ("Gemm", ["t1", "w2", "b2"], "h2"),
        ("Max", ["h2", "least"], "h3"),
        ("Min", ["h3", "most"], "h4"),
        ("Reshape", ["h4", "votes_shape"], "votes"),
    ]
    graph = helper.make_graph(
        [helper.make_node(kind, inputs, [output]) for kind, inputs, output in steps],
        "contact",
        [helper.make_tensor_value_info("shape", TensorProto.FLOAT, ["n", 40])],
        [helper.make_tensor_value_info("votes", TensorProto.FLOAT, ["n", len(members), 3])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, notes)
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())


def measure(model: Path, samples: dict[str, Samples]) -> list[tuple[str, float, float, float, float, float]]:
    """Return per clip: median and p95 error in px and in hundredths of a hand, rms normalised error."""
    contact = ContactModel(model)
    figures = []
    pooled: list[NDArray[np.float64]] = []
    for name, item in samples.items():
        if not len(item.size):
            continue
        offset, sigma = contact.offsets(item.shape)
        error = np.hypot(*(offset - item.offset).T)
        pooled.append(np.column_stack([error * item.size, 100 * error, error / sigma]))
        figures.append(_row(name, pooled[-1]))
    figures.append(_row("all", np.vstack(pooled)))
    return figures


def _row(name: str, table: NDArray[np.float64]) -> tuple[str, float, float, float, float, float]:
    px, hundredths, normalised = table.T
    return (
        name,
        float(np.median(px)),
        float(np.percentile(px, 95)),
        float(np.median(hundredths)),
        float(np.percentile(hundredths, 95)),
        float(np.sqrt(np.mean(normalised**2) / 2)),
    )


def show(figures: list[tuple[str, float, float, float, float, float]]) -> None:
    """Print the figures of each clip."""
    print("clip      px med  px p95  size% med  size% p95  nres", flush=True)
    for name, *values in figures:
        print(name.ljust(9) + "  ".join(f"{value:6.2f}" for value in values), flush=True)


def fit(samples: dict[str, Samples], out: Path) -> None:
    """Cross-validate by clip, then train on all and write the model."""
    names = sorted(samples)
    rows = []
    for fold in range(FOLDS):
        held = names[fold::FOLDS]
        rest = [samples[name] for name in names if name not in held]
        path = out.with_suffix(f".fold{fold}.onnx")
        to_onnx([train(rest, seed) for seed in range(2)], path, {})
        rows.extend(measure(path, {name: samples[name] for name in held})[:-1])
        path.unlink()
    print("cross-validated by clip:")
    show(sorted(rows))
    count = sum(len(item.size) for item in samples.values())
    members = [train([samples[name] for name in names], seed) for seed in range(MEMBERS)]
    to_onnx(
        members, out, {"clips": str(len(names)), "hands": str(count), "made_by": "scripts/fit_contact.py"}
    )
    print(f"trained on {count} hands of {len(names)} clips, written to {out}")


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    jobs = parser.add_subparsers(dest="job", required=True)
    specs = jobs.add_parser("specs", help="write specifications for the renderer")
    specs.add_argument("folder", type=Path)
    specs.add_argument("--count", type=int, default=28)
    specs.add_argument("--first", type=int, default=1)
    for name in ("fit", "check"):
        job = jobs.add_parser(name)
        job.add_argument("clips", nargs="+", type=Path, help="folders with clip.mp4 and truth.json")
        job.add_argument("--model", type=Path, required=True, help="hand_landmarker.task")
        job.add_argument("--every", type=int, default=8, help="of a moving clip take every n-th frame")
        job.add_argument("--out" if name == "fit" else "--against", type=Path, required=True, dest="out")
    args = parser.parse_args()
    if args.job == "specs":
        for number in range(args.first, args.first + args.count):
            args.folder.mkdir(parents=True, exist_ok=True)
            path = args.folder / f"fit_{number}.json"
            path.write_text(json.dumps(specification(number), indent=1), encoding="utf-8")
        return 0
    model = args.model.read_bytes()
    samples = {clip.name: samples_of(clip, model, args.every) for clip in args.clips}
    if args.job == "fit":
        fit(samples, args.out)
    else:
        show(measure(args.out, samples))
    return 0


def specification(number: int) -> dict[str, Any]:
    """Return a random session of 20 pictures, one a second, as the renderer's specification."""
    rng = np.random.default_rng(9000 + number)

    def between(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 3)

    def one_of(*options: Any) -> Any:
        return options[int(rng.integers(len(options)))]

    tones = ("light", "fair_pink", "medium", "olive", "tan", "brown", "dark")
    azimuth = between(-66, 66)
    strokes: list[dict[str, Any]] = []
    time = between(0.2, 0.6)
    while time < 18.0:
        length = between(1.2, 2.4)
        stroke: dict[str, Any] = {
            "hand": one_of("both", "both", "both", "right", "left"),
            "label": one_of("circle", "circle", "rest", "pass_down", "pass_up"),
            "start_s": round(time, 2),
            "end_s": round(time + length, 2),
            "pose": one_of("fist", "loose", "flat", "relaxed"),
        }
        if stroke["label"].startswith("pass"):
            ends = [[between(3, 4.5), between(-1, 3)], [between(3.8, 5.5), between(13, 19)]]
            stroke["from"], stroke["to"] = ends if stroke["label"] == "pass_down" else ends[::-1]
        else:
            stroke["centre"] = [between(2, 7), between(1, 18)]
            stroke |= {"radius_cm": between(0.8, 2.2), "rate_hz": between(0.5, 1.9)}
            stroke["direction"] = one_of("cw", "ccw")
        strokes.append(stroke)
        time += length + between(0.1, 0.4)
    return {
        "name": f"fit_{number}",
        "size": [640, 480],
        "fps": 1,
        "duration_s": 20,
        "seed": 9000 + number,
        "camera": {
            "az": azimuth,
            "el": between(20, 50),
            "dist": between(95, 135),
            "fovy": between(35, 45),
            "roll": between(-5, 5),
            "look_right": between(-5, 5),
        },
        "recipient": {
            "skin": one_of(*tones),
            "hair": one_of("black", "brown", "blond", "grey"),
            "lean": between(14, 30),
            "flex": between(16, 28),
            "back": one_of("bare", "bare", "shirt", "drape"),
            "cloth": [between(0.05, 0.6) for _ in range(3)],
        },
        "practitioner": {
            "body": one_of("pract_f", "pract_m", "pract_heavy"),
            "skin": one_of(*tones),
            "torso": abs(azimuth) >= 48,
            "shirt": [between(0.03, 0.5) for _ in range(3)],
            "sleeve": between(0.4, 0.9),
        },
        "light": {
            "az": between(-60, 60),
            "key": between(0.7, 1.15),
            "fill": between(0.3, 0.7),
            "exposure": between(0.62, 0.95),
            "noise": between(0.003, 0.015),
            "blur": between(0.4, 1.0),
        },
        "room": {"wall": [between(0.2, 0.6) for _ in range(3)], "clutter": int(rng.integers(2, 9))},
        "hand_style": [between(-10, 10), between(-5, 5), between(-10, 10)],
        "crf": int(rng.integers(19, 27)),
        "strokes": [stroke for stroke in strokes if stroke["end_s"] < 19.9],
    }


if __name__ == "__main__":
    sys.exit(main())
