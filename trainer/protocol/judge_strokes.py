"""Judging the strokes of a step: circles, passes, and how far along the spine they reach."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from trainer.language import Text
from trainer.perception.observation import HANDS, Hand
from trainer.protocol import intervals
from trainer.protocol.facts import Facts
from trainer.protocol.faults import Fault
from trainer.protocol.judgement import (
    Criterion,
    Judgement,
    Level,
    bounded_level,
    evidence_of,
    in_time,
    judge_place,
    judge_range,
    judge_together,
    known_and_unknown_s,
    level_of_share,
    measure,
    sort_by_place,
    time_of,
    unseen_hands,
    unsure_where,
)
from trainer.protocol.model import CirclesCheck, CoverageCheck, PassesCheck, Range
from trainer.protocol.placed_strokes import Stroke
from trainer.strokes.event import StrokeType

_CYCLE_SLACK = 0.25
"""Part of a revolution by which a count may fall short."""
_RATE_SIGMA_HZ = 0.03
_FASTEST_HZ = 2.0
_LEAST_RADIUS_SIGMA_CM = 0.1
SHORTEST_PASS_CM = 4.0
"""Shorter moves along the spine are no pass."""


def cycles_of(stroke: Stroke) -> float:
    """Revolutions of a circular stroke; from rate and duration where the count is missing."""
    if stroke.event.cycles is not None:
        return stroke.event.cycles
    return (stroke.event.rate_hz or 0.0) * stroke.event.duration_s


def judge_circles(check: CirclesCheck, facts: Facts) -> Judgement:
    """Judge small circles in the regions."""
    unseen, seen = unseen_hands(facts, both=check.both_thumbs)
    if unseen:
        return Judgement(unseen=unseen, extra_measures=seen)
    circles = facts.of(StrokeType.CIRCULAR_PRESSURE)
    placed = sort_by_place(facts, circles, check.regions)
    place = judge_place(placed, check.minimum_inside_share, facts.hidden_s)
    unsure = unsure_where(*known_and_unknown_s(placed), facts.hidden_s)
    if circles and unsure:
        return Judgement((place,), unseen=unsure, extra_measures=seen)
    good = [*placed.inside, *placed.unknown, *placed.cut]
    together = judge_together(circles, facts, check.minimum_balance, both_thumbs=check.both_thumbs)
    rate, off_rate = judge_range(
        circles,
        [s.event.rate_hz for s in circles],
        [_RATE_SIGMA_HZ] * len(circles),
        check.rate_hz,
        (Fault.CIRCLES_TOO_SLOW, Fault.CIRCLES_TOO_FAST),
        ("rate", Text("Kecepatan putaran", "Rate of the circles"), "Hz"),
        facts.hidden_s,
    )
    relative = facts.protocol.judging.radius_relative_sigma
    radius, off_radius = judge_range(
        circles,
        [s.event.radius_cm for s in circles],
        [max(_LEAST_RADIUS_SIGMA_CM, relative * (s.event.radius_cm or 0.0)) for s in circles],
        check.radius_cm,
        (Fault.CIRCLES_TOO_SMALL, Fault.CIRCLES_TOO_WIDE),
        ("radius", Text("Jari-jari lingkaran", "Radius of the circles"), "cm"),
        facts.hidden_s,
    )
    criteria = (
        _amount_of_circles(check, facts, circles, good, place, together),
        place,
        together,
        rate,
        radius,
    )
    wrong = {id(s) for s in (*placed.outside, *placed.avoid, *off_rate, *off_radius)}
    evidence = evidence_of((s for s in circles if id(s) in wrong), "fault")
    evidence += evidence_of((s for s in circles if id(s) not in wrong), "supports")
    return Judgement(criteria, in_time(evidence), extra_measures=seen)


def _amount_of_circles(
    check: CirclesCheck,
    facts: Facts,
    circles: Sequence[Stroke],
    good: Sequence[Stroke],
    place: Criterion,
    together: Criterion,
) -> Criterion:
    count = {side: float(sum(cycles_of(s) for s in good if s.side == side)) for side in HANDS}
    span = Range(check.minimum_cycles, None)
    measures = (
        measure(
            "cycles_left",
            Text("Putaran di sisi kiri", "Circles on the left side"),
            count["left"],
            "x",
            0.25,
            span,
        ),
        measure(
            "cycles_right",
            Text("Putaran di sisi kanan", "Circles on the right side"),
            count["right"],
            "x",
            0.25,
            span,
        ),
    )
    needed = check.minimum_cycles - _CYCLE_SLACK
    least = _fewest(count, needed, check.both_thumbs, together)
    if least is None:
        return Criterion(None, (), measures)
    if least >= needed:
        return Criterion(Level.MET, (), measures)
    rate = check.rate_hz.maximum or _FASTEST_HZ
    unseen = _by_side(
        {hand: rate * intervals.length_s(facts.hidden(hand)) for hand in HANDS}, check.both_thumbs
    )
    most = _fewest({side: count[side] + unseen[side] for side in HANDS}, needed, check.both_thumbs, together)
    if most is None or most >= needed:
        return Criterion(None, (), measures)
    if sum(cycles_of(s) for s in circles) + max(unseen.values()) < 1:
        return Criterion(Level.NOT_MET, (Fault.MISSING,), measures)
    level = level_of_share(most, check.minimum_cycles, check.minimum_cycles / 2)
    # Circles in the wrong place, or of one thumb alone, are the root; calling them too few too would confuse.
    explained = bool(place.faults) or Fault.ONE_THUMB_IDLE in together.faults
    return Criterion(level, () if explained else (Fault.TOO_FEW,), measures)


def _by_side(hidden: Mapping[Hand, float], both_thumbs: bool) -> dict[Hand, float]:
    """Return how much hidden hands may have done on each side: with both thumbs each on its own, else either on any."""
    return {side: hidden[side] if both_thumbs else sum(hidden.values()) for side in HANDS}


def _fewest(
    count: Mapping[Hand, float], needed: float, both_thumbs: bool, together: Criterion
) -> float | None:
    """Return the count of the lesser side, or the greater where both hands were seen to work together.

    Then what is missing on one side was hidden from the camera, not left out. None when one side has enough, the
    other has not, and the hands were seen too little at the same time to tell why.
    """
    if both_thumbs and together.level == Level.MET:
        return max(count.values())
    if both_thumbs and together.level is None and min(count.values()) < needed <= max(count.values()):
        return None
    return min(count.values())


def is_pass(stroke: Stroke) -> bool:
    """Whether a recognised pass is long enough to count at all."""
    known = np.isfinite(stroke.travel_cm)
    long = abs(stroke.travel_cm) if known else (stroke.event.length_cm or SHORTEST_PASS_CM)
    return long >= SHORTEST_PASS_CM


def passes_of(check: PassesCheck, facts: Facts, *, blamed: bool = True) -> tuple[list[Stroke], list[Stroke]]:
    """Return the passes in the asked direction and those against it, the latter sure enough to be blamed for.

    Circles that travel the whole way asked for, as fast as a pass, are passes at the same time.
    """
    down, up = StrokeType.DOWNWARD_PASS, StrokeType.UPWARD_PASS
    wanted, against = (down, up) if check.direction == "caudal" else (up, down)
    sign = 1 if check.direction == "caudal" else -1
    right = [s for s in facts.passes if s.event.trial_type == wanted and is_pass(s)]
    travelling = [
        s
        for s in facts.of(StrokeType.CIRCULAR_PRESSURE)
        if sign * s.travel_cm >= max(SHORTEST_PASS_CM, (check.speed_cm_s.minimum or 0.0) * s.event.duration_s)
        and not _beyond(s.start_caudal_cm, check.start_caudal_cm, s.sigma_cm)
        and not _beyond(s.end_caudal_cm, check.end_caudal_cm, s.sigma_cm)
    ]
    right = sorted(right + travelling, key=lambda s: s.interval)
    least = facts.protocol.judging.fault_confidence if blamed else 0.0
    wrong = [s for s in facts.passes if s.event.trial_type == against and s.event.confidence >= least]
    return right, [stroke for stroke in wrong if is_pass(stroke)]


def judge_passes(check: PassesCheck, facts: Facts) -> Judgement:
    """Judge long strokes along the spine."""
    unseen, seen = unseen_hands(facts, both=check.both_thumbs)
    if unseen:
        return Judgement(unseen=unseen, extra_measures=seen)
    right, against = passes_of(check, facts)
    placed = sort_by_place(facts, right, check.regions)
    # What was lost of passes that are cut may have lain anywhere, as what was hidden.
    hidden_s = facts.passes_hidden_s(placed.cut) + time_of(_rests(facts))
    place = judge_place(placed, check.minimum_inside_share, hidden_s)
    unsure = unsure_where(*known_and_unknown_s(placed), hidden_s)
    direction = _direction(right, against, sum(facts.passes_hidden(hand) for hand in HANDS))
    if right and unsure:
        # Most of them the wrong way is wrong wherever they lie.
        known = direction.level == Level.NOT_MET
        return Judgement((direction, place), unseen=None if known else unsure, extra_measures=seen)
    good = [*placed.inside, *placed.unknown, *placed.cut]
    # Direction has its own criterion: here any pass shows that the hand works, also one too unsure to blame.
    working = [*right, *passes_of(check, facts, blamed=False)[1], *_rests(facts)]
    together = judge_together(working, facts, check.minimum_balance, both_thumbs=check.both_thumbs)
    extent, short = _extent(check, facts, good)
    speed, off_speed = judge_range(
        [s for s in right if s.event.trial_type != StrokeType.CIRCULAR_PRESSURE],
        [_speed(s) for s in right if s.event.trial_type != StrokeType.CIRCULAR_PRESSURE],
        [0.5 for s in right if s.event.trial_type != StrokeType.CIRCULAR_PRESSURE],
        check.speed_cm_s,
        (Fault.PASS_TOO_SLOW, Fault.PASS_TOO_FAST),
        ("speed", Text("Kecepatan usapan", "Speed of the stroke"), "cm/s"),
        hidden_s,
    )
    amount = _amount_of_passes(check, facts, right, against, good, place, together)
    wrong = {id(s) for s in (*placed.outside, *placed.avoid, *short, *off_speed, *against)}
    evidence = evidence_of((s for s in (*right, *against) if id(s) in wrong), "fault")
    evidence += evidence_of((s for s in right if id(s) not in wrong), "supports")
    return Judgement(
        (amount, direction, place, together, extent, speed), in_time(evidence), extra_measures=seen
    )


def _rests(facts: Facts) -> list[Stroke]:
    """Return what is too short to count as a pass, but may be the rest of one of which a part was hidden."""
    return [stroke for stroke in facts.passes if not is_pass(stroke) and facts.is_cut(stroke)]


def _speed(stroke: Stroke) -> float | None:
    if stroke.event.speed_cm_s is not None:
        return stroke.event.speed_cm_s
    return abs(stroke.travel_cm) / stroke.event.duration_s if stroke.event.duration_s > 0 else None


def _direction(right: Sequence[Stroke], against: Sequence[Stroke], hidden: int) -> Criterion:
    total = len(right) + len(against)
    if not total:
        return Criterion(None, essential=False)
    share = len(against) / total
    shown = measure(
        "against_share",
        Text("Usapan ke arah yang salah", "Strokes in the wrong direction"),
        100 * share,
        "%",
        None,
        Range(None, 20),
    )
    level = bounded_level(len(right), total, hidden, 0.8, 0.5)
    faults = () if level is None or level == Level.MET else (Fault.WRONG_DIRECTION,)
    return Criterion(level, faults, (shown,))


def _extent(check: PassesCheck, facts: Facts, passes: Sequence[Stroke]) -> tuple[Criterion, list[Stroke]]:
    measured = [s for s in passes if np.isfinite(s.travel_cm) and not facts.is_cut(s)]
    hidden = sum(facts.passes_hidden(hand) for hand in HANDS) + len(passes) - len(measured)
    if not measured:
        return Criterion(None, essential=False), []
    start = measure(
        "start_level",
        Text("Awal usapan di bawah C7", "Start of the stroke below C7"),
        float(np.median([s.start_caudal_cm for s in measured])),
        "cm",
        float(np.median([s.sigma_cm for s in measured])),
        check.start_caudal_cm,
    )
    end = measure(
        "end_level",
        Text("Akhir usapan di bawah C7", "End of the stroke below C7"),
        float(np.median([s.end_caudal_cm for s in measured])),
        "cm",
        float(np.median([s.sigma_cm for s in measured])),
        check.end_caudal_cm,
    )
    short = [
        s
        for s in measured
        if _beyond(s.start_caudal_cm, check.start_caudal_cm, s.sigma_cm)
        or _beyond(s.end_caudal_cm, check.end_caudal_cm, s.sigma_cm)
    ]
    whole = len(measured) - len(short)
    level = bounded_level(whole, len(measured), hidden, 0.6, 0.25)
    if level is None or level == Level.MET:
        return Criterion(level, (), (start, end)), short
    travelled = float(np.median([abs(s.travel_cm) for s in measured]))
    if hidden or travelled >= _needed_cm(check) / 2:
        level = Level.PARTLY
    return Criterion(level, (Fault.PASS_TOO_SHORT,), (start, end)), short


def _needed_cm(check: PassesCheck) -> float:
    above, below = check.start_caudal_cm, check.end_caudal_cm
    if check.direction == "cranial":
        above, below = below, above
    return (below.minimum or 0.0) - (above.maximum or 0.0)


def _beyond(value: float, span: Range, sigma: float) -> bool:
    return (span.minimum is not None and value + sigma < span.minimum) or (
        span.maximum is not None and value - sigma > span.maximum
    )


def _amount_of_passes(
    check: PassesCheck,
    facts: Facts,
    right: Sequence[Stroke],
    against: Sequence[Stroke],
    good: Sequence[Stroke],
    place: Criterion,
    together: Criterion,
) -> Criterion:
    count = {side: float(sum(s.side == side for s in good)) for side in HANDS}
    span = Range(check.minimum_passes, None)
    measures = (
        measure(
            "passes_left",
            Text("Usapan di sisi kiri", "Strokes on the left side"),
            count["left"],
            "x",
            None,
            span,
        ),
        measure(
            "passes_right",
            Text("Usapan di sisi kanan", "Strokes on the right side"),
            count["right"],
            "x",
            None,
            span,
        ),
    )
    least = _fewest(count, check.minimum_passes, check.both_thumbs, together)
    if least is None:
        return Criterion(None, (), measures)
    if least >= check.minimum_passes:
        return Criterion(Level.MET, (), measures)
    rests = Counter(stroke.event.hand for stroke in _rests(facts))
    unseen = _by_side({hand: facts.passes_hidden(hand) + rests[hand] for hand in HANDS}, check.both_thumbs)
    possible = {side: count[side] + unseen[side] for side in HANDS}
    most = _fewest(possible, check.minimum_passes, check.both_thumbs, together)
    if most is None or most >= check.minimum_passes:
        return Criterion(None, (), measures)
    if not right and most < 1:
        # Strokes the other way round are the root; the direction's own criterion names them.
        return Criterion(Level.NOT_MET, () if against else (Fault.MISSING,), measures)
    level = Level.PARTLY if most >= 1 else Level.NOT_MET
    explained = bool(place.faults or together.faults or (against and not right))
    return Criterion(level, () if explained else (Fault.TOO_FEW,), measures)


def judge_coverage(check: CoverageCheck, facts: Facts) -> Judgement:
    """Judge how far along the spine the strokes reach on each side."""
    unseen, seen = unseen_hands(facts, both=False)
    if unseen:
        return Judgement(unseen=unseen, extra_measures=seen)
    strokes = facts.of(*check.strokes)
    placed = sort_by_place(facts, strokes, check.regions)
    place = judge_place(placed, check.minimum_inside_share, facts.hidden_s)
    unsure = unsure_where(*known_and_unknown_s(placed), facts.hidden_s)
    if strokes and unsure:
        return Judgement((place,), unseen=unsure, extra_measures=seen)
    evidence = evidence_of((*placed.outside, *placed.avoid), "fault") + evidence_of(placed.inside, "supports")
    reach = _reach(check, [*placed.inside, *placed.unknown, *placed.cut], bool(strokes), bool(place.faults))
    if reach.level != Level.MET and facts.hidden_s > 0:
        reach = Criterion(None, (), reach.measures)
    return Judgement((reach, place), in_time(evidence), extra_measures=seen)


def _reach(check: CoverageCheck, strokes: Sequence[Stroke], any_stroke: bool, misplaced: bool) -> Criterion:
    needed = check.to_caudal_cm - check.from_caudal_cm
    covered: dict[str, float] = {}
    measures = []
    for side, label in (
        ("left", Text("sisi kiri", "left side")),
        ("right", Text("sisi kanan", "right side")),
    ):
        levels = [
            (float(s.path_cm[:, 1].min()) - s.sigma_cm, float(s.path_cm[:, 1].max()) + s.sigma_cm)
            for s in strokes
            if s.side == side and len(s.path_cm)
        ]
        top, bottom = (min(a for a, _ in levels), max(b for _, b in levels)) if levels else (np.inf, -np.inf)
        covered[side] = max(0.0, min(bottom, check.to_caudal_cm) - max(top, check.from_caudal_cm))
        measures.append(
            measure(
                f"reach_{side}",
                Text(f"Panjang yang dipijat, {label.id}", f"Length massaged, {label.en}"),
                covered[side],
                "cm",
                None,
                Range(needed, None),
            )
        )
    share = min(covered.values()) / needed
    if share >= 0.999:
        return Criterion(Level.MET, (), tuple(measures))
    if not any_stroke:
        return Criterion(Level.NOT_MET, (Fault.MISSING,), tuple(measures))
    if min(covered.values()) == 0 and max(covered.values()) >= 0.999 * needed:
        return Criterion(Level.NOT_MET, (Fault.ONE_THUMB_IDLE,), tuple(measures))
    level = Level.PARTLY if share >= 0.5 else Level.NOT_MET
    return Criterion(level, () if misplaced and share == 0 else (Fault.NOT_COVERED,), tuple(measures))
