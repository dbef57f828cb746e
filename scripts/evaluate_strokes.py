"""Measure the stroke recogniser on simulated people it never saw, and on tracks of rendered clips.

    python -m scripts.evaluate_strokes --persons 60
    python -m scripts.evaluate_strokes --persons 0 --sessions SCRATCH --clips ../shared/clips/dev/*

``--sessions`` is where ``python -m scripts.evaluate CLIPS --out SCRATCH`` left its sessions; their thumb tracks are
read again with the model, so that a new model is measured without looking at the videos again.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from scripts.common.arguments import argument_parser
from scripts.common.stroke_evaluation import (
    Unit,
    evaluate,
    hold_against_truth,
    recorded_units,
    simulated_units,
)
from trainer.evaluation.compare import Comparison, pool
from trainer.evaluation.table import json_figures, markdown_table, text_table
from trainer.perception.observation import Status
from trainer.strokes.event import StrokeEvent
from trainer.strokes.network import load_network
from trainer.strokes.streaming import StreamingRecogniser


def live(unit: Unit, model: Path | None) -> tuple[Comparison, float, float]:
    """Push a hand's unsmoothed positions frame by frame; return figures, milliseconds a push, longest delay."""
    track, recogniser = unit.track, StreamingRecogniser(unit.track.hand, model)
    events: list[StrokeEvent] = []
    delays: list[float] = []
    begun = time.process_time()
    palm = np.full(len(track), np.nan) if track.palm_cm is None else track.palm_cm
    frames = zip(track.time_s, track.lateral_cm_raw, track.caudal_cm_raw, palm, track.sigma_cm, strict=True)
    for moment, lateral, caudal, size, sigma in frames:
        status = Status.DETECTED if np.isfinite(lateral) else Status.MISSING
        answer = recogniser.push(
            float(moment), float(lateral), float(caudal), status, float(size), float(sigma)
        )
        events += answer.finished
        delays.append(float(moment - answer.time_s))
    cost = (time.process_time() - begun) / len(track) * 1000
    found = hold_against_truth(unit, [*events, *recogniser.finish()])
    return found, cost, float(np.max(delays[len(delays) // 4 :]))


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--model", type=Path, help="an ONNX stroke model (default: the shipped one)")
    parser.add_argument(
        "--persons", type=int, default=60, help="simulated people, 40 s and two hands each (default 60)"
    )
    parser.add_argument("--sessions", type=Path, help="where scripts/evaluate.py left its sessions")
    parser.add_argument("--clips", type=Path, nargs="*", default=[], help="their clip folders")
    parser.add_argument("--each", action="store_true", help="a row for each hand of each clip")
    parser.add_argument("--live", action="store_true", help="measure the live reading instead")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    network = load_network(args.model)
    if args.live:
        units = [*simulated_units(range(args.persons))]
        if args.sessions:
            units += recorded_units(args.sessions, args.clips)
        comparisons, costs, delays = zip(*(live(unit, args.model) for unit in units), strict=True)
        print(text_table([(f"{len(units)} hands, live", pool(comparisons).summary())]))
        print(f"{np.mean(costs):.2f} ms of processor time a push, answers at most {max(delays):.2f} s behind")
        return 0
    rows = []
    if args.persons:
        found = evaluate(simulated_units(range(args.persons)), network)
        rows.append((f"{args.persons} simulated people", pool(part for _, part in found).summary()))
    if args.sessions:
        found = evaluate(recorded_units(args.sessions, args.clips), network)
        if args.each:
            rows += [(name, part.summary()) for name, part in found]
        rows.append((f"{len(found)} hands of rendered clips", pool(part for _, part in found).summary()))
    if args.json:
        print(json.dumps({name: json_figures(figures) for name, figures in rows}, indent=1))
    else:
        print(markdown_table(rows) if args.markdown else text_table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
