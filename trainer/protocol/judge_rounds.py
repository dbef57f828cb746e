"""Judging how often the sequence of circles and passes was repeated."""

from trainer.language import Text
from trainer.perception.observation import HANDS
from trainer.protocol import intervals
from trainer.protocol.facts import Facts
from trainer.protocol.faults import Fault
from trainer.protocol.judge_strokes import cycles_of, judge_circles, judge_passes, passes_of
from trainer.protocol.judgement import STOPPED, Criterion, Judgement, Level, in_time, measure, unseen_hands
from trainer.protocol.model import CirclesCheck, PassesCheck, RoundsCheck
from trainer.protocol.placed_strokes import Stroke
from trainer.protocol.rounds import Part, Rounds, count_rounds
from trainer.protocol.score import Evidence
from trainer.strokes.event import StrokeType


def _parts(check: RoundsCheck, facts: Facts, side: str, *, anywhere: bool, any_direction: bool) -> list[Part]:
    circles = facts.protocol.step(check.circles_step).check
    passes = facts.protocol.step(check.passes_step).check
    if not (isinstance(circles, CirclesCheck) and isinstance(passes, PassesCheck)):
        return []

    allowed = ("inside", "unknown", "cut")

    def fits(stroke: Stroke, regions: tuple[str, ...]) -> bool:
        if anywhere and stroke.side is None:
            # On the spinous line itself: from behind, each hand works the side of its own name.
            return stroke.event.hand == side
        return stroke.side == side and (anywhere or facts.place(stroke, regions) in allowed)

    right, against = passes_of(passes, facts, blamed=False)
    passing = [s for s in right + (against if any_direction else []) if fits(s, passes.regions)]
    turning = [s for s in facts.of(StrokeType.CIRCULAR_PRESSURE) if fits(s, circles.regions)]
    travelling = {id(s) for s in passing}
    parts = [Part(s.interval, cycles_of(s), id(s) in travelling) for s in turning]
    parts += [
        Part(s.interval, 0.0, True) for s in passing if s.event.trial_type != StrokeType.CIRCULAR_PRESSURE
    ]
    return parts


def _count(
    check: RoundsCheck, facts: Facts, *, anywhere: bool = False, any_direction: bool = False
) -> dict[str, Rounds]:
    return {
        side: count_rounds(
            _parts(check, facts, side, anywhere=anywhere, any_direction=any_direction), check.minimum_cycles
        )
        for side in ("left", "right")
    }


def judge_rounds(check: RoundsCheck, facts: Facts) -> Judgement:
    """Judge how many rounds were finished on both sides.

    A stroke that lies wrong does not count towards a round, unless such strokes are so few that the step itself is
    forgiven for them: one pass out of the area, or one that only one hand was seen to do, undoes no round.
    """
    unseen, seen = unseen_hands(facts, both=True)
    if unseen:
        return Judgement(unseen=unseen, extra_measures=seen)
    wrong, decided = _faults_of_steps(check, facts)
    misplaced = wrong & {Fault.ON_SPINE, Fault.WRONG_REGION}
    against = wrong & {Fault.WRONG_DIRECTION}
    uneven = wrong & {Fault.ONE_THUMB_IDLE, Fault.UNEVEN_SIDES}
    # What the steps are forgiven is forgiven here, but only where what was seen of them decides that it is.
    sides = _count(check, facts, anywhere=decided and not misplaced, any_direction=decided and not against)
    number = {side: len(rounds.done) for side, rounds in sides.items()}
    reached, span = (max if decided and not uneven else min)(number.values()), check.rounds
    # A round takes both hands.
    hidden = min(facts.rounds_hidden(hand) for hand in HANDS)
    measures = tuple(
        measure(f"rounds_{side}", label, number[side], "x", None, span)
        for side, label in (
            ("left", Text("Ulangan di sisi kiri", "Rounds on the left side")),
            ("right", Text("Ulangan di sisi kanan", "Rounds on the right side")),
        )
    )
    evidence = in_time(
        Evidence(start, end, None, "supports")
        for start, end in intervals.union([interval for rounds in sides.values() for interval in rounds.done])
    )
    minimum = span.minimum or 0
    if reached >= minimum:
        too_many = span.maximum is not None and reached > span.maximum
        if span.maximum is not None and not too_many and reached + hidden > span.maximum:
            return Judgement((Criterion(None, (), measures),), evidence, extra_measures=seen)
        criterion = (
            Criterion(Level.PARTLY, (Fault.TOO_MANY_ROUNDS,), measures)
            if too_many
            else Criterion(Level.MET, (), measures)
        )
        return Judgement((criterion,), evidence, extra_measures=seen)
    if facts.demonstration.stopped_s is not None:
        return Judgement((Criterion(None, (), measures),), evidence, STOPPED, seen)
    if not decided or reached + hidden >= minimum:
        return Judgement((Criterion(None, (), measures),), evidence, extra_measures=seen)
    faults = _why_few_rounds(check, facts, misplaced, against, uneven)
    level = Level.PARTLY if reached >= 1 else Level.NOT_MET
    return Judgement((Criterion(level, faults, measures),), evidence, extra_measures=seen)


def _faults_of_steps(check: RoundsCheck, facts: Facts) -> tuple[set[Fault], bool]:
    """Return the faults of the steps, and whether enough of them was seen to know."""
    found: set[Fault] = set()
    decided = True
    for name in (check.circles_step, check.passes_step):
        part = facts.protocol.step(name).check
        judgement = None
        if isinstance(part, CirclesCheck):
            judgement = judge_circles(part, facts)
        elif isinstance(part, PassesCheck):
            judgement = judge_passes(part, facts)
        if judgement:
            found |= {fault for criterion in judgement.criteria for fault in criterion.faults}
            blind = any(c.level is None and c.essential for c in judgement.criteria)
            decided = decided and judgement.unseen is None and not blind
    return found, decided


def _why_few_rounds(
    check: RoundsCheck, facts: Facts, misplaced: set[Fault], against: set[Fault], uneven: set[Fault]
) -> tuple[Fault, ...]:
    """Name the root: when rounds are missing because strokes lie wrong, that is the fault, not the number."""
    minimum = check.rounds.minimum or 0

    def reached(*, anywhere: bool = True, any_direction: bool = True, one_side: bool = True) -> bool:
        counts = [
            len(r.done) for r in _count(check, facts, anywhere=anywhere, any_direction=any_direction).values()
        ]
        return (max(counts) if one_side else min(counts)) >= minimum

    if reached():
        return (
            *(against if against and not reached(any_direction=False) else ()),
            *(sorted(misplaced) if misplaced and not reached(anywhere=False) else ()),
            *({Fault.ONE_THUMB_IDLE} if uneven and not reached(one_side=False) else ()),
        ) or tuple(sorted(misplaced | against | uneven))
    # Circles after the last finished round, with no pass to end them, are a demonstration broken off.
    loose = _count(check, facts, anywhere=True, any_direction=True).values()
    unfinished = (max if uneven else min)(r.open_cycles for r in loose) >= check.minimum_cycles
    if unfinished and any(rounds.done for rounds in loose):
        return (Fault.STOPPED_HALF_WAY,)
    return (Fault.TOO_FEW_ROUNDS,)
