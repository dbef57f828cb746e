"""Read real people's fingertip trajectories with the recogniser's kind of features, grouped by run.

    python -m scripts.evaluate_fingertips ../shared/strokes/point_history.csv

The file holds sliding windows of 16 fingertip positions labelled stop, clockwise, counter-clockwise or move (see
NOTICE for its source and licence; it is used in place and not part of this repository). Protocol:

1. The aspect ratio is undone (960 x 540), so that circles are circles.
2. Consecutive rows that share 15 of their 16 points are one run; every run has one label.
3. Five folds, stratified by label and grouped by run (seed 0): no run, and so no point, is in training and test.
4. Accuracy is the share of windows labelled right, over all windows of the left-out runs.

Two readings: each window alone, and each run as a whole (mean log-probability of its windows), the way the recogniser
reads a stroke: with context.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser

KINDS = ("stop", "clockwise", "counter-clockwise", "move")
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of a moving fingertip: positions (n, 16, 2) in heights of the image, label and run of each."""

    points: Floats
    labels: NDArray[np.int64]
    runs: NDArray[np.int64]


def read(path: Path, aspect: float = 960 / 540) -> Windows:
    """Read the table, undo its aspect ratio and find the runs."""
    table = np.loadtxt(path, delimiter=",")
    points = table[:, 1:].reshape(len(table), 16, 2)
    moved_on = points[:-1, 1:] - points[:-1, 1:2]
    goes_on = np.abs(moved_on - points[1:, :-1]).max((1, 2)) < 1e-6
    runs = np.concatenate([[0], np.cumsum(~goes_on)])
    return Windows(points * [aspect, 1.0], table[:, 0].astype(int), runs)


def describe(points: Floats) -> Floats:
    """Return what a stroke is told by, window by window: how far, how straight, how round, which way, when."""
    step = np.diff(points, axis=1)
    speed = np.hypot(step[..., 0], step[..., 1])
    heading = np.arctan2(step[..., 1], step[..., 0])
    turn = (np.diff(heading, axis=1) + np.pi) % (2 * np.pi) - np.pi
    weight = np.minimum(speed[:, 1:], speed[:, :-1])
    length = speed.sum(1)
    net = np.hypot(*(points[:, -1] - points[:, 0]).T)
    area = 0.5 * (points[:, :-1, 0] * points[:, 1:, 1] - points[:, 1:, 0] * points[:, :-1, 1]).sum(1)
    centred = points - points.mean(1, keepdims=True)
    axes = np.linalg.eigvalsh(np.einsum("nti,ntj->nij", centred, centred) / points.shape[1])
    moving = weight > 0.004
    columns = [
        length,
        (turn * weight).sum(1) / (weight.sum(1) + 1e-4),
        (turn * moving).sum(1),
        np.abs(turn * moving).sum(1),
        np.ptp(points[..., 0], axis=1),
        np.ptp(points[..., 1], axis=1),
        net,
        net / (length + 1e-3),
        area,
        area / (length**2 + 1e-4),
        *np.sqrt(np.maximum(axes, 0)).T,
        speed.max(1),
        np.median(speed, 1),
        speed[:, -1],
    ]
    for first, last in ((0, 5), (5, 10), (10, 15)):
        part = slice(first, min(last, 14))
        columns.append(speed[:, first:last].sum(1))
        columns.append((turn[:, part] * weight[:, part]).sum(1) / (weight[:, part].sum(1) + 1e-4))
    return np.column_stack(columns)


def rule(points: Floats) -> Floats:
    """Return 0 or 1 for each class by two thresholds: path length, then signed turning."""
    facts = describe(points)
    length, turning = facts[:, 0], facts[:, 2]
    kind = np.where(length < 0.1, 0, np.where(turning > 1.8, 1, np.where(turning < -1.8, 2, 3)))
    return np.eye(4)[kind]


def models(seed: int) -> dict[str, Any]:
    """Return untrained scikit-learn classifiers by name."""
    from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
        "gradient boosting": HistGradientBoostingClassifier(
            max_iter=200, learning_rate=0.06, random_state=seed
        ),
        "extra trees": ExtraTreesClassifier(400, min_samples_leaf=2, random_state=seed, n_jobs=1),
    }


def run_context(probabilities: Floats, runs: NDArray[np.int64]) -> Floats:
    """Return for every window what its whole run says."""
    out = np.empty_like(probabilities)
    for run in np.unique(runs):
        same = runs == run
        out[same] = np.log(probabilities[same] + 1e-3).mean(0)
    return out


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=0, help="of the folds and the models (default 0)")
    parser.add_argument("--steps", type=int, default=800, help="training steps of the network (default 800)")
    args = parser.parse_args()
    from sklearn.model_selection import StratifiedGroupKFold

    from scripts.common.fingertip_network import network_probabilities

    windows = read(args.file)
    facts = describe(windows.points)
    print(
        f"{len(windows.labels)} windows in {windows.runs[-1] + 1} runs; "
        + ", ".join(f"{kind} {int((windows.labels == k).sum())}" for k, kind in enumerate(KINDS))
    )
    every: dict[str, Floats] = {}
    folds = list(
        StratifiedGroupKFold(5, shuffle=True, random_state=args.seed).split(
            facts, windows.labels, windows.runs
        )
    )
    for train, test in folds:
        found: dict[str, Floats] = {"rule": rule(windows.points[test])}
        for name, model in models(args.seed).items():
            found[name] = model.fit(facts[train], windows.labels[train]).predict_proba(facts[test])
        found["temporal network"] = network_probabilities(
            windows.points[train], windows.labels[train], windows.points[test], args.seed, args.steps
        )
        found["boosting + extra trees"] = 0.5 * (found["gradient boosting"] + found["extra trees"])
        found["network + extra trees"] = 0.5 * (found["temporal network"] + found["extra trees"])
        for name, probabilities in found.items():
            every.setdefault(name, np.zeros((len(windows.labels), 4)))[test] = probabilities
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print("| model | window alone | by fold | whole run | by fold |\n|---|---|---|---|---|")
    for name, probabilities in every.items():
        cells = []
        for reading in (probabilities, run_context(probabilities, windows.runs)):
            right = reading.argmax(1) == windows.labels
            cells += [f"{right.mean():.1%}", " ".join(f"{right[test].mean():.1%}" for _, test in folds)]
        print(f"| {name} | " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
