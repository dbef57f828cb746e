"""Measure how well the checklist names known faults: per-fault precision and recall.

Composite and single errors, after the manner of CPR-Coach (Wang et al., CVPR 2024): simulated demonstrations
without a fault, with each fault alone, and with each pair of faults that can occur together. Each one goes
through the same filter, recogniser and scorer as a session of `pijat analyze`; ``--true-strokes`` leaves the
recogniser out, to tell its errors from the scorer's.
"""

import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from scripts.common.arguments import argument_parser
from scripts.stroke_simulator.faults import (
    ENTAILED,
    FAULTS,
    IMPOSSIBLE,
    SHORT_MINUTES,
    FaultName,
    SimulatedDemonstration,
    simulate_demonstration,
)
from trainer.back.trajectory import build_track
from trainer.perception.observation import HANDS
from trainer.protocol.demonstration import Demonstration
from trainer.protocol.library import builtin
from trainer.protocol.model import DurationCheck, Protocol, Range
from trainer.protocol.score import Verdict
from trainer.protocol.scoring import score
from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.recogniser import recognise


@dataclass(frozen=True)
class Outcome:
    """One demonstration: what was wrong, and what the checklist said."""

    true: frozenset[str]
    named: frozenset[str]
    not_observed: int


def main() -> int:
    """Run the experiment and print its tables."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--correct", type=int, default=120, help="demonstrations without a fault")
    parser.add_argument("--single", type=int, default=30, help="demonstrations of each single fault")
    parser.add_argument("--pair", type=int, default=6, help="demonstrations of each pair of faults")
    parser.add_argument(
        "--severity", type=float, default=0.6, help="scale of the tracker's noise and dropouts"
    )
    parser.add_argument(
        "--bias", type=float, default=0.4, metavar="CM", help="constant error of position, SD per axis"
    )
    parser.add_argument(
        "--true-strokes", action="store_true", help="score the true strokes, without the recogniser"
    )
    parser.add_argument("--slow-moves", action="store_true", help="lifted hands move as slowly as in a pass")
    parser.add_argument(
        "--no-palm", action="store_true", help="bare positions: the camera does not say how large hands look"
    )
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument(
        "--show", action="store_true", help="print each demonstration that was judged wrongly"
    )
    args = parser.parse_args()
    protocol = short_protocol()
    began = time.monotonic()
    outcomes = []
    for number, faults in enumerate(plan(args.correct, args.single, args.pair)):
        demo = simulate_demonstration(
            (args.seed, number),
            faults,
            args.severity,
            args.bias,
            slow_moves=args.slow_moves,
            with_palm=not args.no_palm,
        )
        outcome = assess(demo, protocol, true_strokes=args.true_strokes)
        outcomes.append(outcome)
        sys.stdout.flush()
        if args.show and judged(outcome.named, outcome.true) != outcome.true:
            sys.stdout.write(f"# {number}: {sorted(outcome.true)} named {sorted(outcome.named)}\n")
    sys.stdout.write(
        table(outcomes) + f"\n{len(outcomes)} demonstrations, {time.monotonic() - began:.0f} s\n"
    )
    return 0


def short_protocol() -> Protocol:
    """Return technique A with the duration of the experiment."""
    protocol = builtin("tegalagung-2022")
    check = DurationCheck(Range(SHORT_MINUTES, 4.0), "whole", 20.0)
    steps = tuple(replace(step, check=check) if step.id == "duration" else step for step in protocol.steps)
    return replace(protocol, steps=steps)


def plan(correct: int, single: int, pair: int) -> Iterator[tuple[FaultName, ...]]:
    """Yield the faults of every demonstration."""
    yield from itertools.repeat((), correct)
    for fault in FAULTS:
        yield from itertools.repeat((fault,), single)
    for both in itertools.combinations(FAULTS, 2):
        if frozenset(both) not in IMPOSSIBLE:
            yield from itertools.repeat(both, pair)


def assess(demo: SimulatedDemonstration, protocol: Protocol, *, true_strokes: bool) -> Outcome:
    """Score one demonstration and gather the faults that any item names."""
    tracks = {}
    for hand in HANDS:
        raw, seen = demo.raw_cm[hand], demo.seen[hand]
        unknown = np.full(len(seen), np.nan)
        status = np.where(seen, "detected", "missing")
        sigma = np.where(seen, demo.sigma_cm, np.nan)
        tracks[hand] = build_track(
            hand,
            demo.time_s[hand],
            unknown,
            unknown,
            raw[:, 0],
            raw[:, 1],
            sigma,
            status,
            palm_cm=demo.palm_cm[hand],
        )
    events = (
        tuple(_true_event(demo, i) for i in range(len(demo.strokes)))
        if true_strokes
        else recognise(tracks).events
    )
    scored = score(protocol, Demonstration(events, tracks, 0.0, demo.end_s))
    named = {fault for item in scored.items for fault in item.faults}
    blind = sum(item.verdict == Verdict.NOT_OBSERVED and item.id in ("f", "g", "h") for item in scored.items)
    return Outcome(demo.faults, frozenset(named), blind)


def _true_event(demo: SimulatedDemonstration, index: int) -> StrokeEvent:
    stroke = demo.strokes[index]
    action, hand = stroke.action, stroke.hand
    inside = (demo.time_s[hand] >= stroke.onset_s) & (demo.time_s[hand] < stroke.onset_s + stroke.duration_s)
    lateral, caudal = demo.true_cm[hand][inside].mean(axis=0)
    down = action.end_caudal_cm > action.caudal_cm
    kind = {
        "circle": StrokeType.CIRCULAR_PRESSURE,
        "hold": StrokeType.STATIC_HOLD,
        "other": StrokeType.OTHER,
        "pass": StrokeType.DOWNWARD_PASS if down else StrokeType.UPWARD_PASS,
    }[action.kind]
    circle = action.kind == "circle"
    return StrokeEvent(
        stroke.onset_s,
        stroke.duration_s,
        kind,
        hand,
        lateral_cm=float(lateral),
        caudal_cm=float(caudal),
        cycles=action.rate_hz * stroke.duration_s if circle else None,
        rate_hz=action.rate_hz if circle else None,
        radius_cm=action.radius_cm if circle else None,
    )


def judged(named: frozenset[str], true: frozenset[str]) -> frozenset[str]:
    """Return the faults of the experiment that were named, without those that are entailed by true ones."""
    excused = {other for fault in true for other in ENTAILED.get(fault, ())}
    return frozenset(named) & (frozenset(FAULTS) - (excused - true))


def table(outcomes: list[Outcome]) -> str:
    """Return precision and recall per fault, and false alarms on demonstrations without a fault."""
    lines = [
        "| fault | precision | recall | single recall | in pairs recall | true | named |",
        "|" + "---|" * 7,
    ]
    for fault in FAULTS:
        rows = [(fault in o.true, fault in judged(o.named, o.true), len(o.true)) for o in outcomes]
        hit = sum(t and n for t, n, _ in rows)
        named, true = sum(n for _, n, _ in rows), sum(t for t, _, _ in rows)
        alone, paired = [n for t, n, k in rows if t and k == 1], [n for t, n, k in rows if t and k == 2]
        lines.append(
            f"| {fault} | {_share(hit, named)} | {_share(hit, true)} | {_share(sum(alone), len(alone))} "
            f"| {_share(sum(paired), len(paired))} | {true} | {named} |"
        )
    clean = [o for o in outcomes if not o.true]
    alarms = Counter(fault for o in clean for fault in o.named)
    without = sum(not o.named for o in clean)
    lines += [
        "",
        f"Without a fault: {without} of {len(clean)} demonstrations were given none; false alarms "
        + (", ".join(f"{fault} {count}" for fault, count in alarms.most_common()) or "none")
        + ".",
        f"Steps f, g or h not observed in {sum(o.not_observed > 0 for o in outcomes)} of {len(outcomes)}.",
    ]
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


if __name__ == "__main__":
    raise SystemExit(main())
