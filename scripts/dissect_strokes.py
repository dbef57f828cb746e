"""Say where the recogniser's wrong frames come from: naming, boundaries, or the thumb's track.

    python -m scripts.dissect_strokes --persons 40
    python -m scripts.dissect_strokes --persons 0 --sessions SCRATCH --clips ../shared/clips/dev/*

Three oracles: the same reading of the true paths (clips only), true boundaries with each stretch named as most of it
was read, and the boundaries as read with each stretch named as most of it truly is.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np

from scripts.common.arguments import argument_parser
from scripts.common.stroke_evaluation import VALIDATION, Unit, read_unit, recorded_units, simulated_units
from trainer.evaluation.timeline import TimedEvent, frame_labels
from trainer.evaluation.truth import read_truth
from trainer.perception.observation import HANDS
from trainer.strokes.network import load_network
from trainer.strokes.track_file import track_of

_PALM_CM, _AWAY_CM = 9.0, 100.0
"""A palm, and how far the camera is from it, for the true paths."""


def true_units(clips: Sequence[Path]) -> Iterator[Unit]:
    """Yield both hands of clips as a perfect tracker would see them."""
    for clip in clips:
        truth = read_truth(clip / "truth.json")
        frames = json.loads((clip / "truth.json").read_text())["frames"]
        time = np.array([frame["t"] for frame in frames])
        for hand in HANDS:
            states = [frame["hands"][hand] for frame in frames]
            path = np.array([(state["lateral_cm"], state["down_cm"]) for state in states])
            lift = np.array([state["lift_cm"] for state in states])
            track = replace(track_of(hand, time, path), palm_cm=_PALM_CM * np.exp(lift / _AWAY_CM))
            yield Unit(f"{clip.name} {hand}", clip.name, track, truth)


def renamed(stretches: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the stretches of equal labels, each named as most of it is by `names`."""
    out: list[str] = []
    for _, group in groupby(stretches):
        length = len(list(group))
        out += [Counter(names[len(out) : len(out) + length]).most_common(1)[0][0]] * length
    return out


def dissect(units: Iterator[Unit], model: Path | None) -> str:
    """Return the shares of frames right: as read, with true boundaries, with true names."""
    network = load_network(model)
    right = np.zeros(3)
    frames = 0
    for unit in units:
        time, hand = unit.truth.time_s, unit.track.hand
        assert time is not None
        events = [TimedEvent(str(e.trial_type), e.onset_s, e.end_s) for e in read_unit(unit, network)]
        given = frame_labels(events, time).tolist()
        real = frame_labels(unit.truth.hands[hand].events, time).tolist()
        for k, labels in enumerate((given, renamed(real, given), renamed(given, real))):
            right[k] += sum(a == b for a, b in zip(labels, real, strict=True))
        frames += len(real)
    read, boundaries, names = right / max(frames, 1)
    return f"as read {read:.3f}, true boundaries {boundaries:.3f}, true names {names:.3f}"


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--model", type=Path, help="an ONNX stroke model (default: the shipped one)")
    parser.add_argument("--persons", type=int, default=40, help="simulated people of the validation part")
    parser.add_argument("--sessions", type=Path, help="where scripts/evaluate.py left its sessions")
    parser.add_argument("--clips", type=Path, nargs="*", default=[], help="their clip folders")
    args = parser.parse_args()
    if args.persons:
        people = simulated_units(range(args.persons), part=VALIDATION)
        print(f"simulated people: {dissect(people, args.model)}")
    if args.sessions:
        print(f"clips: {dissect(recorded_units(args.sessions, args.clips), args.model)}")
        print(f"clips, true paths: {dissect(true_units(args.clips), args.model)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
