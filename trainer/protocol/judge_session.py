"""Judging the session as a whole: duration, order, places to avoid, and strokes that do not fit."""

from itertools import pairwise

import numpy as np

from trainer.language import Text
from trainer.perception.observation import HANDS
from trainer.protocol import intervals
from trainer.protocol.facts import Facts
from trainer.protocol.faults import Fault
from trainer.protocol.geometry import signed_distance_cm
from trainer.protocol.judge_strokes import cycles_of, is_pass
from trainer.protocol.judgement import (
    STOPPED,
    UNEXPLAINED,
    UNSURE_WHERE,
    Criterion,
    Judgement,
    Level,
    evidence_of,
    in_time,
    level_of_share,
    measure,
    time_of,
    unseen_hands,
    unsure_where,
)
from trainer.protocol.model import (
    AvoidCheck,
    CirclesCheck,
    DurationCheck,
    OrderCheck,
    Range,
    StrokesOnlyCheck,
)
from trainer.protocol.placed_strokes import Stroke
from trainer.protocol.score import Evidence, Measure
from trainer.strokes.event import StrokeType

_BRIDGE_S = 6.0
"""Moving on to the next spot takes less; such a gap still counts as massage."""
_ORDER_SLACK_S = 1.0
_HIDES_A_STROKE_S = 0.9
_LEAST_OTHER_S = 0.7
_LEAST_CLEAR = 0.8
"""Share of the stroke time that must lie clear of a place to avoid before it can be said that it was avoided."""
_LEAST_EXPLAINED = 0.7
"""Share of the movement on the back that recognised strokes must explain before it can be said that nothing else was
done."""
_LEAST_WHOLE_S = 1.0
"""A shorter stroke in a place to avoid counts only with its share of the time."""


def judge_duration(check: DurationCheck, facts: Facts) -> Judgement:
    """Judge how long the massage lasted; resting hands and long gaps are no massage."""
    unseen, seen = unseen_hands(facts, both=False)
    working = [s for s in facts.all_strokes if s.event.trial_type != StrokeType.STATIC_HOLD]
    spells = intervals.union((s.interval for s in working), bridge_s=_BRIDGE_S)
    sets = {"whole": spells}
    labels = {"whole": Text("Lama pijat", "Time massaged")}
    if check.scope == "per_side":
        sets = {
            side: intervals.union((s.interval for s in working if s.side == side), bridge_s=_BRIDGE_S)
            for side in ("left", "right")
        }
        labels = {
            "left": Text("Lama pijat sisi kiri", "Time massaged, left side"),
            "right": Text("Lama pijat sisi kanan", "Time massaged, right side"),
        }
    minutes = {name: intervals.length_s(spell) / 60 for name, spell in sets.items()}
    measures = tuple(
        measure(f"minutes_{name}", labels[name], minutes[name], "min", None, check.minutes) for name in sets
    )
    least, most = min(minutes.values()), max(minutes.values())
    minimum, maximum = check.minutes.minimum or 0.0, check.minutes.maximum
    if unseen:
        return Judgement((Criterion(None, (), measures),), unseen=unseen, extra_measures=seen)
    hidden = _most_more_min(facts, spells)
    if least < minimum <= least + hidden or (maximum is not None and most <= maximum < most + hidden):
        return Judgement((Criterion(None, (), measures),), extra_measures=seen)
    if facts.demonstration.stopped_s is not None and least < minimum:
        return Judgement((Criterion(None, (), measures),), unseen=STOPPED, extra_measures=seen)
    evidence = [Evidence(start, end, None, "supports") for start, end in spells]
    if least < minimum:
        amount = _too_short(check, facts, spells, least, most, measures)
    elif maximum is not None and most > maximum:
        amount = Criterion(Level.PARTLY, (Fault.TOO_LONG,), measures)
    else:
        amount = Criterion(Level.MET, (), measures)
    criteria = [amount]
    pause = _longest_pause(facts, spells)
    if pause is not None:
        idle_s, gap = pause
        shown = measure(
            "longest_pause",
            Text("Jeda terlama", "Longest pause"),
            idle_s,
            "s",
            None,
            Range(None, check.maximum_pause_s),
        )
        if idle_s > check.maximum_pause_s:
            criteria.append(Criterion(Level.PARTLY, (Fault.LONG_PAUSE,), (shown,), essential=False))
            evidence.append(Evidence(*gap, None, "fault"))
        else:
            unannounced = intervals.intersection(intervals.gaps(spells), facts.massage)
            whole = max((end - start for start, end in unannounced), default=0.0)
            level = Level.MET if whole <= check.maximum_pause_s else None
            criteria.append(Criterion(level, (), (shown,), essential=level is None))
    return Judgement(tuple(criteria), in_time(evidence), extra_measures=seen)


def _most_more_min(facts: Facts, spells: list[intervals.Interval]) -> float:
    """Return how many minutes more the massage may have lasted, had both hands worked while one was hidden."""
    hidden = intervals.union(_hidden(facts))
    longer = intervals.union([*spells, *hidden], bridge_s=_BRIDGE_S)
    return (intervals.length_s(longer) - intervals.length_s(spells)) / 60


def _too_short(
    check: DurationCheck,
    facts: Facts,
    spells: list[intervals.Interval],
    least: float,
    most: float,
    measures: tuple[Measure, ...],
) -> Criterion:
    minimum = check.minutes.minimum or 0.0
    level = level_of_share(least, minimum, minimum / 2)
    if check.scope == "per_side" and most >= minimum and least < minimum / 4:
        return Criterion(level, (Fault.ONE_THUMB_IDLE,), measures)
    idle_s = facts.end_s - spells[-1][1] if spells else 0.0
    if idle_s > check.maximum_pause_s:
        kept_on = least + idle_s / 60 >= minimum
        return Criterion(
            level,
            (Fault.STOPPED_HALF_WAY,) if kept_on else (Fault.STOPPED_HALF_WAY, Fault.TOO_SHORT),
            measures,
        )
    return Criterion(level, (Fault.TOO_SHORT,), measures)


def _longest_pause(facts: Facts, spells: list[intervals.Interval]) -> tuple[float, intervals.Interval] | None:
    """Return the longest stretch between two spells of massage in which the hands were seen idle, and where.

    A hand that is hidden for longer than a stroke takes may be at work; announced pauses are none.
    """
    gaps = intervals.gaps(spells)
    if not gaps:
        return None
    hidden = intervals.union(_hidden(facts))
    idle = intervals.difference(intervals.intersection(gaps, facts.massage), hidden)
    if not idle:
        return 0.0, gaps[0]
    longest = max(idle, key=lambda gap: gap[1] - gap[0])
    return longest[1] - longest[0], longest


def judge_order(check: OrderCheck, facts: Facts) -> Judgement:
    """Judge whether the steps first appear in order."""
    unseen, seen = unseen_hands(facts, both=False)
    if unseen:
        return Judgement(unseen=unseen, extra_measures=seen)
    by_step = [_strokes_of_step(facts, name) for name in check.steps]
    present = [strokes for strokes in by_step if strokes]
    if len(present) < 2:
        only_one = Text(
            "Urutan belum dapat dinilai: gerakannya belum semuanya dilakukan.",
            "The order could not be judged: not all of the movements were done.",
        )
        return Judgement(unseen=only_one, extra_measures=seen)
    firsts = [_begins_s(strokes) for strokes in present]
    # A hand that was not seen to begin may have begun unseen, and late.
    begun = all(len({s.event.hand for s in strokes}) == len(HANDS) for strokes in present)
    if any(start < max(firsts) or not begun for start, _ in _hidden(facts)):
        hidden = Text(
            "Urutan tidak dapat dinilai: tangan tidak terlihat sebelum kedua gerakan dimulai.",
            "The order could not be judged: a hand was out of sight before both movements had begun.",
        )
        return Judgement(unseen=hidden, extra_measures=seen)
    too_early_s = max(0.0, *(earlier - later for earlier, later in pairwise(firsts)))
    wrong = too_early_s > _ORDER_SLACK_S
    too_early = measure(
        "step_too_early",
        Text("Langkah yang didahulukan dari gilirannya", "A step begun before its turn, by"),
        too_early_s,
        "s",
        None,
        Range(None, _ORDER_SLACK_S),
    )
    if not wrong:
        return Judgement((Criterion(Level.MET, (), (too_early,)),), extra_measures=seen)
    sequence = sorted((s.event.onset_s, rank) for rank, strokes in enumerate(present) for s in strokes)
    mended = any(first < second for (_, first), (_, second) in pairwise(sequence))
    # A part that was hidden may have mended it.
    level = Level.PARTLY if mended or facts.unseen_s > _HIDES_A_STROKE_S else Level.NOT_MET
    early = [s for strokes in present[1:] for s in strokes if s.event.onset_s < firsts[0]]
    return Judgement(
        (Criterion(level, (Fault.WRONG_ORDER,), (too_early,)),),
        in_time(evidence_of(early, "fault")),
        extra_measures=seen,
    )


def _hidden(facts: Facts) -> list[intervals.Interval]:
    return [gap for hand in HANDS for gap in facts.hidden(hand)]


def _begins_s(strokes: list[Stroke]) -> float:
    """Return when a step begins: when every hand that does it has begun; one misread stroke decides nothing."""
    by_hand = {s.event.hand: s.event.onset_s for s in sorted(strokes, key=lambda s: -s.event.onset_s)}
    return max(by_hand.values())


def _strokes_of_step(facts: Facts, step_id: str) -> list[Stroke]:
    check = facts.protocol.step(step_id).check
    if isinstance(check, CirclesCheck):
        return [s for s in facts.of(StrokeType.CIRCULAR_PRESSURE) if cycles_of(s) >= 1]
    return [s for s in facts.of(StrokeType.DOWNWARD_PASS, StrokeType.UPWARD_PASS) if is_pass(s)]


def judge_avoid(check: AvoidCheck, facts: Facts) -> Judgement:
    """Judge that no stroke lies where none may be."""
    unseen, seen = unseen_hands(facts, both=False)
    if unseen:
        return Judgement(unseen=unseen, extra_measures=seen)
    targets = [region.id for region in facts.protocol.regions if region.kind == "target"]
    places = [(facts.place(stroke, targets), stroke) for stroke in facts.strokes]
    unknown = time_of(stroke for place, stroke in places if place in ("unknown", "cut"))
    known = time_of(facts.strokes) - unknown
    cut = time_of(stroke for place, stroke in places if place == "cut")
    if known + unknown == 0:
        nothing = Text("Belum ada pijatan yang terlihat.", "No massage was seen yet.")
        return Judgement(unseen=nothing, extra_measures=seen)
    bad = [stroke for place, stroke in places if place == "avoid"]
    whole = [stroke for stroke in bad if _lies_surely_in(stroke, check, facts)]
    share = time_of(bad) / known if known else 0.0
    shown = (
        measure(
            "avoid_share",
            Text("Bagian waktu di atas tulang belakang", "Share of the time on the spine"),
            100 * share if known else None,
            "%",
            None,
            Range(None, 100 * check.maximum_share),
        ),
        measure(
            "avoid_strokes",
            Text("Gerakan yang jelas di atas tulang belakang", "Strokes surely on the spine"),
            len(whole) if known else None,
            "x",
            None,
            Range(None, 0),
        ),
    )
    hidden = facts.hidden_s
    evidence = in_time(evidence_of(bad, "fault"))
    if whole or time_of(bad) / (known + unknown + hidden) > check.maximum_share:
        much = time_of(bad) / (known + unknown + facts.unseen_s) > 3 * check.maximum_share
        level = Level.NOT_MET if much else Level.PARTLY
        return Judgement((Criterion(level, (Fault.ON_SPINE,), shown),), evidence, extra_measures=seen)
    unsure = unsure_where(known, unknown, hidden)
    if unsure:
        return Judgement((Criterion(None, (), shown),), unseen=unsure, extra_measures=seen)
    clear = time_of(
        stroke
        for place, stroke in places
        if place not in ("unknown", "cut") and _is_clear(stroke, check, facts)
    )
    if clear / (known + unknown + hidden) < _LEAST_CLEAR:
        return Judgement((Criterion(None, (), shown),), unseen=UNSURE_WHERE, extra_measures=seen)
    if not _explained(facts):
        return Judgement((Criterion(None, (), shown),), unseen=UNEXPLAINED, extra_measures=seen)
    decided = (time_of(bad) + cut + hidden) / (known + cut + hidden) <= check.maximum_share
    return Judgement((Criterion(Level.MET if decided else None, (), shown),), evidence, extra_measures=seen)


def _explained(facts: Facts) -> bool:
    """Whether recognised strokes explain most of what the hands were seen to do on the back."""
    share = facts.explained_share
    return share is None or share >= _LEAST_EXPLAINED


def _is_clear(stroke: Stroke, check: AvoidCheck, facts: Facts) -> bool:
    """Whether a stroke was seen whole and lies outside the places to avoid by more than its uncertainty."""
    if facts.is_cut(stroke):
        return False
    points = stroke.path_cm if is_pass(stroke) and len(stroke.path_cm) else np.array([stroke.centre_cm])
    outside = [-signed_distance_cm(points, facts.protocol.region(name).polygon) for name in check.regions]
    return float(np.median(np.min(outside, axis=0))) > stroke.sigma_cm


def _lies_surely_in(stroke: Stroke, check: AvoidCheck, facts: Facts) -> bool:
    """Whether a whole stroke lies in a place to avoid by more than its uncertainty.

    A share of the time forgives what drifts onto the bone for a moment; it must not forgive a stroke made there.
    """
    if stroke.event.duration_s < _LEAST_WHOLE_S or not all(np.isfinite(stroke.centre_cm)):
        return False
    if stroke.event.confidence < facts.protocol.judging.fault_confidence:
        return False
    centre = np.array([stroke.centre_cm])
    depth = max(
        float(signed_distance_cm(centre, facts.protocol.region(name).polygon)[0]) for name in check.regions
    )
    return depth > stroke.sigma_cm


def judge_strokes_only(check: StrokesOnlyCheck, facts: Facts) -> Judgement:
    """Judge that no other strokes are mixed in."""
    unseen, seen = unseen_hands(facts, both=False)
    if unseen:
        return Judgement(unseen=unseen, extra_measures=seen)
    total = time_of(facts.strokes)
    if total == 0:
        nothing = Text("Belum ada pijatan yang terlihat.", "No massage was seen yet.")
        return Judgement(unseen=nothing, extra_measures=seen)
    foreign = [kind for kind in StrokeType if kind not in check.strokes]
    others = [s for s in facts.blamed(*foreign) if s.event.duration_s >= _LEAST_OTHER_S]
    share = time_of(others) / total
    shown = measure(
        "other_share",
        Text("Bagian waktu untuk gerakan lain", "Share of the time on other movements"),
        100 * share,
        "%",
        None,
        Range(None, 100 * check.maximum_share),
    )
    evidence = in_time(evidence_of(others, "fault"))
    hidden = facts.hidden_s
    if time_of(others) / (total + hidden) > check.maximum_share:
        much = time_of(others) / (total + facts.unseen_s) > 3 * check.maximum_share
        level = Level.NOT_MET if much else Level.PARTLY
        return Judgement((Criterion(level, (Fault.OTHER_STROKES,), (shown,)),), evidence, extra_measures=seen)
    if not _explained(facts):
        return Judgement((Criterion(None, (), (shown,)),), unseen=UNEXPLAINED, extra_measures=seen)
    decided = (time_of(others) + hidden) / (total + hidden) <= check.maximum_share
    return Judgement(
        (Criterion(Level.MET if decided else None, (), (shown,)),), evidence, extra_measures=seen
    )
