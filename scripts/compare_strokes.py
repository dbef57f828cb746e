"""Compare the temporal network with a rule and with scikit-learn models, on the same people and by the same decoder.

    python -m scripts.compare_strokes --sessions SCRATCH --clips ../shared/clips/dev/*

All models read the same features and are decoded, measured and scored by the same code; the scikit-learn models see
windows of up to 3 s and what the same windows say 0.8 s earlier and later. People are never split: the models are
trained on some simulated people and measured on others, and on rendered clips if given.
"""

import pickle
import sys
import time
from pathlib import Path

import numpy as np

from scripts.common.arguments import argument_parser
from scripts.common.stroke_evaluation import (
    TRAINING,
    Reader,
    Unit,
    evaluate,
    recorded_units,
    simulated_units,
    truth_kinds,
)
from scripts.common.stroke_models import Rule, Windowed, sklearn_models, windowed
from trainer.evaluation.compare import pool
from trainer.strokes.features import MIRRORED_KINDS, features, mirrored
from trainer.strokes.grid import to_grid
from trainer.strokes.network import load_network


def lessons(persons: int, samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return windowed features and classes of random samples of simulated people, half of them mirrored."""
    rng = np.random.default_rng(seed)
    rows, kinds = [], []
    each = samples // (2 * persons)
    for unit in simulated_units(range(persons), part=TRAINING):
        grid = to_grid(unit.track)
        found, truth = features(grid), truth_kinds(unit, grid.time_s)
        if rng.random() < 0.5:
            found, truth = mirrored(found), np.array(MIRRORED_KINDS)[truth]
        chosen = rng.choice(len(truth), min(each, len(truth)), replace=False)
        rows.append(windowed(found)[chosen])
        kinds.append(truth[chosen])
    return np.concatenate(rows), np.concatenate(kinds)


def cost_ms(reader: Reader, unit: Unit) -> float:
    """Return milliseconds of processor time for each frame of 25 a second, features included."""
    grid = to_grid(unit.track)
    begun = time.process_time()
    for _ in range(3):
        reader.probabilities(features(grid))
    return (time.process_time() - begun) / 3 / len(grid) * 1000


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--train-persons", type=int, default=150)
    parser.add_argument("--samples", type=int, default=60000, help="samples for the scikit-learn models")
    parser.add_argument("--persons", type=int, default=40, help="held-out simulated people")
    parser.add_argument("--sessions", type=Path, help="where scripts/evaluate.py left its sessions")
    parser.add_argument("--clips", type=Path, nargs="*", default=[])
    parser.add_argument("--model", type=Path, help="the network (default: the shipped one)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rows, kinds = lessons(args.train_persons, args.samples, args.seed)
    readers: list[tuple[str, Reader, int]] = [("rule (turning angle)", Rule(), 0)]
    for name, model in sklearn_models(args.seed).items():
        model.fit(rows, kinds)
        readers.append((name, Windowed(model), len(pickle.dumps(model)) // 1024))
        print(f"{name} trained", file=sys.stderr, flush=True)
    network = load_network(args.model)
    readers.append(("temporal network", network, 105))
    simulated = list(simulated_units(range(args.persons)))
    recorded = list(recorded_units(args.sessions, args.clips)) if args.sessions else []
    heading = ["model", "kB", "ms a frame"]
    sets = [("simulated", simulated)] + ([("rendered", recorded)] if recorded else [])
    for name, _ in sets:
        heading += [f"{name}: frame accuracy", "edit", "F1@50", "counted within 1"]
    print("| " + " | ".join(heading) + " |\n|" + "---|" * len(heading))
    for name, reader, size in readers:
        cells = [name, str(size), f"{cost_ms(reader, simulated[0]):.3f}"]
        for _, units in sets:
            figures = pool(part for _, part in evaluate(units, reader)).summary()
            cells += [
                f"{figures[key]:.3f}"
                for key in ("frame_accuracy", "edit", "f1_50", "circles_counted_within_one")
            ]
        print("| " + " | ".join(cells) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
