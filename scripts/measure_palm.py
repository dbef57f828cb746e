"""Measure how well the palm's apparent size tells a lifted hand from a touching one, on rendered clips.

    python -m scripts.measure_palm --sessions SCRATCH --clips CLIP_FOLDER...

``--sessions`` is where ``python -m scripts.evaluate CLIPS --out SCRATCH`` left its sessions. Per hand: spread of the
logarithm of the size while touching (all of it, between strokes, and from frame to frame), how much larger it is
when more than 4 cm up, and the area under the ROC curve of that against touching. The simulator's ranges
(`scripts/stroke_simulator/palm.py`) contain what this found.
"""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser
from trainer.session.tables import tracks_from_frame
from trainer.strokes.palm import reference

TOUCHING_CM, HIGH_CM = 0.3, 4.0


def ranking(low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """Return the share of pairs in which the value of `high` is the larger one (area under the ROC curve)."""
    order = np.sort(low)
    return float(np.mean(np.searchsorted(order, high) / len(order))) if len(low) and len(high) else np.nan


def row(log_size: NDArray[np.float64], lift: NDArray[np.float64], segment: NDArray[np.int64]) -> list[float]:
    """Return the five figures of one hand."""
    touching = np.isfinite(log_size) & (lift < TOUCHING_CM)
    high = np.isfinite(log_size) & (lift > HIGH_CM)
    strokes = [
        log_size[touching & (segment == k)] for k in np.unique(segment[touching & (segment >= 0)]).tolist()
    ]
    means = [float(np.mean(part)) for part in strokes if len(part) > 7]
    steps = np.concatenate([np.diff(part) for part in strokes if len(part) > 7] or [np.empty(0)])
    return [
        float(np.std(log_size[touching])) if touching.any() else np.nan,
        float(np.std(means)) if len(means) > 1 else np.nan,
        float(1.4826 * np.median(np.abs(steps)) / np.sqrt(2)) if len(steps) else np.nan,
        float(np.median(log_size[high])) if high.any() else np.nan,
        ranking(log_size[touching], log_size[high]),
    ]


def main() -> int:
    """Do what the command line asks for."""
    import pandas as pd

    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--sessions", type=Path, required=True)
    parser.add_argument("--clips", type=Path, nargs="+", required=True)
    args = parser.parse_args()
    print(
        "| hand | touching, sd | between strokes | frame to frame | high up, median | AUC |\n|" + "---|" * 6
    )
    for clip in args.clips:
        truth = json.loads((clip / "truth.json").read_text(encoding="utf-8"))["frames"]
        table = pd.read_parquet(args.sessions / clip.name / "thumbs.parquet")
        for hand, track in tracks_from_frame(table).items():
            frames = np.sort(table.loc[table["hand"] == hand, "frame"].to_numpy())
            real = [truth[k]["hands"].get(hand, {}) for k in frames]
            lift = np.array([entry.get("lift_cm", np.nan) for entry in real], dtype=float)
            segment = np.array([entry.get("segment", -1) for entry in real], dtype=np.int64)
            palm = np.full(len(track), np.nan) if track.palm_cm is None else track.palm_cm
            figures = row(np.log(palm / reference(palm)), lift, segment)
            print(f"| {clip.name} {hand} | " + " | ".join(f"{value:.3f}" for value in figures) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
