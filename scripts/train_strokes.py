"""Train models/strokes.onnx from simulated sessions.

    python -m scripts.train_strokes --out models/strokes.onnx

Everything follows from the seeds: the simulated persons, the first weights, the order of the crops. On the same
processor and the same torch the file comes out bit for bit; elsewhere the probabilities differ by rounding.
"""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser
from scripts.stroke_simulator import SimulatedHand, simulate_session
from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.grid import resample
from trainer.strokes.training.samples import LabelledTrack, labelled_track

TRAINING, VALIDATION, HELD_OUT = 1, 2, 3
"""First word of a simulated person's seed: nobody is in two sets."""


def events_of(hand: SimulatedHand) -> list[StrokeEvent]:
    """Return the truth of a simulated hand as events."""
    return [
        StrokeEvent(
            event.onset_s,
            event.duration_s,
            StrokeType(event.trial_type),
            "left" if hand.hand == "left" else "right",
            cycles=event.cycles,
            rate_hz=event.rate_hz,
            radius_cm=event.radius_cm,
            direction=event.direction,  # type: ignore[arg-type]
            length_cm=event.length_cm,
            source="human",
        )
        for event in hand.events
    ]


def simulated(part: int, persons: int, duration_s: float = 40.0) -> Iterator[LabelledTrack]:
    """Yield both hands of every simulated person of a set."""
    for person in range(persons):
        for hand in simulate_session([part, person], duration_s):
            seen = hand.seen
            grid = resample(seen.time_s, seen.reported_cm, seen.seen, palm_cm=seen.palm_cm)
            name = f"{part}-{person}"
            yield labelled_track(f"{name}-{hand.hand}", name, grid, events_of(hand), live=person % 3 == 0)


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument(
        "--persons", type=int, default=800, help="simulated persons to train on (default 800)"
    )
    parser.add_argument("--steps", type=int, default=5000, help="optimiser steps (default 5000)")
    parser.add_argument("--channels", type=int, default=48, help="of the network (default 48)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    from trainer.strokes.training.export import save_onnx
    from trainer.strokes.training.fit import Recipe, fit, temperatures
    from trainer.strokes.training.net import Shape

    begun = time.monotonic()
    tracks = list(simulated(TRAINING, args.persons))
    hours = sum(len(track.labels) for track in tracks) / 25 / 3600
    print(f"{len(tracks)} tracks, {hours:.1f} h, made in {time.monotonic() - begun:.0f} s", flush=True)
    recipe = Recipe(steps=args.steps, seed=args.seed, shape=Shape(channels=args.channels))
    net = fit(
        tracks,
        recipe,
        report=lambda step, loss: print(
            f"step {step}: loss {loss:.4f}, {time.monotonic() - begun:.0f} s", flush=True
        ),
    )
    held = list(simulated(VALIDATION, 60))
    warm = temperatures(net, held)
    save_onnx(
        net, args.out, warm, {"seed": str(args.seed), "persons": str(args.persons), "steps": str(args.steps)}
    )
    weights = sum(parameter.numel() for parameter in net.parameters())
    digest = hashlib.sha256(args.out.read_bytes()).hexdigest()
    print(
        f"{weights} weights, {args.out.stat().st_size} bytes, temperatures "
        f"{ {name: round(value, 3) for name, value in warm.items()} }, sha256 {digest}"
    )
    correct = np.concatenate(
        [(net_labels(args.out, track) == track.labels)[track.labels >= 0] for track in held]
    )
    print(f"frame accuracy on validation persons {correct.mean():.4f}, {time.monotonic() - begun:.0f} s")
    return 0


def net_labels(path: Path, track: LabelledTrack) -> NDArray[np.int64]:
    """Return the most probable `Kind` of every sample of a track, as the written file reads it."""
    from trainer.strokes.network import load_network

    return np.asarray(load_network(path).probabilities(track.rows).argmax(1), np.int64)


if __name__ == "__main__":
    raise SystemExit(main())
