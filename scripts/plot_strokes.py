"""Draw how the stroke recogniser holds up, and whether its probabilities are honest, on simulated people.

    python -m scripts.plot_strokes --out docs/img --persons 10

Writes strokes-robustness.svg (F1@50 and frame accuracy against frame rate, jitter, dropout and view angle),
strokes-reliability.svg (confidence against how often it was right), and strokes-curves.json with the numbers.
"""

import dataclasses
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser
from scripts.common.stroke_evaluation import evaluate, read_unit, simulated_units, truth_kinds
from scripts.stroke_simulator.camera import Camera, random_camera
from trainer.evaluation.compare import pool
from trainer.strokes.features import features
from trainer.strokes.grid import to_grid
from trainer.strokes.network import StrokeNetwork, load_network

Change = Callable[[Camera, float], Camera]


def reference(rng: np.random.Generator) -> Camera:
    """Return a usual camera (what rendered clips show in the middle of their range) in a random direction."""
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.tan(np.radians(30)) * np.array([np.cos(angle), np.sin(angle)])
    camera = random_camera(rng)
    palm = dataclasses.replace(
        camera.palm, distance_cm=110.0, gain=1.2, held=0.03, white=0.012, slow=0.025, lost=0.0, known=True
    )
    return dataclasses.replace(
        camera,
        fps=25.0,
        ray_slope=slope,
        warp=np.eye(2),
        white_cm=0.1,
        slow_cm=0.15,
        slow_tau_s=0.6,
        stretch=np.ones(2),
        outliers=0.002,
        drop_rate_hz=0.1,
        drop_mean_s=0.2,
        lift_hides=0.3,
        filter_s=0.0,
        bridge_s=0.6,
        palm=palm,
    )


def tilted(camera: Camera, degrees: float) -> Camera:
    """Return the camera with its line of sight so far from the normal of the skin; jitter grows with it."""
    direction = camera.ray_slope / np.hypot(*camera.ray_slope)
    tangent = np.tan(np.radians(degrees))
    return dataclasses.replace(
        camera,
        ray_slope=tangent * direction,
        stretch=1 + np.abs(direction) * (1 / np.cos(np.radians(degrees)) - 1),
    )


AXES: dict[str, tuple[str, tuple[float, ...], Change]] = {
    "frame rate": (
        "frames a second",
        (8, 10, 12, 15, 20, 25, 30, 60),
        lambda c, v: dataclasses.replace(c, fps=v),
    ),
    "jitter": (
        "cm from frame to frame",
        (0.02, 0.05, 0.1, 0.2, 0.3, 0.45),
        lambda c, v: dataclasses.replace(c, white_cm=v),
    ),
    "dropout": (
        "share of frames unseen",
        (0.0, 0.05, 0.1, 0.2, 0.3, 0.45),
        lambda c, v: dataclasses.replace(c, drop_rate_hz=v / (1 - v) / 0.25, drop_mean_s=0.25),
    ),
    "view": ("degrees from the normal of the skin", (0, 15, 30, 45, 60, 68), tilted),
}


def _changed(change: Change, value: float) -> Callable[[np.random.Generator], Camera]:
    return lambda rng: change(reference(rng), value)


def curves(network: StrokeNetwork, persons: int) -> dict[str, list[dict[str, float]]]:
    """Return accuracy and F1 along every axis, the other errors at their usual size."""
    out: dict[str, list[dict[str, float]]] = {}
    for name, (_, values, change) in AXES.items():
        out[name] = []
        for value in values:
            units = simulated_units(range(persons), 30.0, camera=_changed(change, value))
            figures = pool(part for _, part in evaluate(units, network)).summary()
            keys = ("frame_accuracy", "f1_50", "circles_counted_within_one", "rate_error_p95_hz")
            out[name].append({"value": value, **{key: float(figures[key]) for key in keys}})
            print(name, out[name][-1], file=sys.stderr, flush=True)
    return out


def reliability(network: StrokeNetwork, persons: int) -> dict[str, list[list[float]]]:
    """Return (confidence, share right, number) in tenths: of samples, and of events (by overlap of at least a half)."""
    samples, events = [], []
    for unit in simulated_units(range(100, 100 + persons), 30.0):
        grid = to_grid(unit.track)
        probabilities = network.probabilities(features(grid))
        truth = truth_kinds(unit, grid.time_s)
        samples.append(np.stack([probabilities.max(1), probabilities.argmax(1) == truth], 1))
        real = unit.truth.hands[unit.track.hand].events
        for event in read_unit(unit, network):
            overlap = [
                max(0.0, min(event.end_s, t.end_s) - max(event.onset_s, t.onset_s))
                / (max(event.end_s, t.end_s) - min(event.onset_s, t.onset_s))
                for t in real
                if t.label == event.trial_type
            ]
            events.append([event.confidence, float(max(overlap, default=0.0) >= 0.5)])
    return {"samples": _binned(np.concatenate(samples)), "events": _binned(np.array(events))}


def _binned(pairs: NDArray[np.float64]) -> list[list[float]]:
    place = np.minimum((pairs[:, 0] * 10).astype(int), 9)
    return [
        [*pairs[place == k].mean(0).tolist(), int((place == k).sum())]
        for k in range(10)
        if (place == k).any()
    ]


def draw_robustness(found: dict[str, list[dict[str, float]]], path: Path) -> None:
    """Draw `curves`."""
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 4, figsize=(13, 3.2), sharey=True)
    for panel, (name, (label, _, _)) in zip(panels, AXES.items(), strict=True):
        x = [row["value"] for row in found[name]]
        for key, mark, text in (
            ("f1_50", "o-", "F1@50"),
            ("frame_accuracy", "s--", "frame accuracy"),
            ("circles_counted_within_one", "^:", "circles counted within 1"),
        ):
            panel.plot(x, [row[key] for row in found[name]], mark, markersize=4, linewidth=1.5, label=text)
        panel.set(title=name, xlabel=label, ylim=(0.4, 1.0))
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("share")
    panels[0].legend(fontsize=8, loc="lower right")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def draw_reliability(found: dict[str, list[list[float]]], path: Path) -> None:
    """Draw `reliability`."""
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(8, 3.8), sharey=True)
    for panel, (name, rows) in zip(panels, found.items(), strict=True):
        confidence, right, number = np.array(rows).T
        panel.plot([0, 1], [0, 1], color="0.6", linewidth=1)
        panel.plot(confidence, right, "o-", linewidth=1.5)
        for x, y, n in zip(confidence, right, number, strict=True):
            panel.annotate(
                f"{int(n)}", (x, y), textcoords="offset points", xytext=(4, -9), fontsize=7, color="0.4"
            )
        panel.set(title=name, xlabel="confidence", xlim=(0, 1), ylim=(0, 1), aspect="equal")
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("share right")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--persons", type=int, default=10)
    parser.add_argument("--model", type=Path)
    args = parser.parse_args()
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "pijat"
    network = load_network(args.model)
    robust, reliable = curves(network, args.persons), reliability(network, 3 * args.persons)
    args.out.mkdir(parents=True, exist_ok=True)
    numbers = json.dumps({"robustness": robust, "reliability": reliable}, indent=1)
    (args.out / "strokes-curves.json").write_text(numbers + "\n", encoding="utf-8")
    draw_robustness(robust, args.out / "strokes-robustness.svg")
    draw_reliability(reliable, args.out / "strokes-reliability.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
