"""Scoring a demonstration against a protocol: from what was seen to verdicts with their evidence."""

from dataclasses import replace

from trainer.language import Text
from trainer.protocol.demonstration import Demonstration
from trainer.protocol.facts import Facts, gather
from trainer.protocol.faults import DEFAULT_MESSAGES, FAULT_RANK, Fault
from trainer.protocol.judge_rounds import judge_rounds
from trainer.protocol.judge_session import (
    judge_avoid,
    judge_duration,
    judge_order,
    judge_strokes_only,
)
from trainer.protocol.judge_strokes import judge_circles, judge_coverage, judge_passes
from trainer.protocol.judgement import (
    NOT_MEASURED,
    STOPPED,
    WAITS,
    WELL_DONE,
    Criterion,
    Judgement,
    Level,
    evidence_of,
    in_time,
    measure,
    too_hidden,
)
from trainer.protocol.model import (
    AvoidCheck,
    Check,
    CirclesCheck,
    CoverageCheck,
    DurationCheck,
    HandShapeCheck,
    OrderCheck,
    PassesCheck,
    PostureCheck,
    Protocol,
    RoundsCheck,
    Step,
    StrokesOnlyCheck,
)
from trainer.protocol.ratings import BEST_RATING, added_up, points_of_rating, rating_of_verdict
from trainer.protocol.score import ItemScore, Score, Verdict

_AFTER_STOP_S = 2.0
_VERDICTS = {Level.MET: Verdict.MET, Level.PARTLY: Verdict.PARTLY_MET, Level.NOT_MET: Verdict.NOT_MET}


def score(protocol: Protocol, demonstration: Demonstration) -> Score:
    """Score a demonstration.

    Force is never judged, what was not seen is `Verdict.NOT_OBSERVED`, strokes the recogniser is unsure of
    cost nothing, and items for the facilitator wait to be confirmed.
    """
    facts = gather(protocol, demonstration)
    items = [_score_step(step, protocol, facts) for step in protocol.steps]
    if demonstration.stopped_s is not None:
        items.append(_score_stop(protocol, facts))
    unrated = Score(
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_hash=protocol.hash,
        protocol_title=protocol.title,
        items=(),
        points=0.0,
        max_points=0.0,
        percent=None,
        pass_mark_percent=protocol.pass_mark_percent,
        passed=None,
        not_observed=(),
        advice=(),
    )
    return added_up(unrated, items)


def judge(check: Check, facts: Facts) -> Judgement:
    """Judge one check."""
    match check:
        case CirclesCheck():
            return judge_circles(check, facts)
        case PassesCheck():
            return judge_passes(check, facts)
        case CoverageCheck():
            return judge_coverage(check, facts)
        case RoundsCheck():
            return judge_rounds(check, facts)
        case DurationCheck():
            return judge_duration(check, facts)
        case OrderCheck():
            return judge_order(check, facts)
        case AvoidCheck():
            return judge_avoid(check, facts)
        case StrokesOnlyCheck():
            return judge_strokes_only(check, facts)
        case PostureCheck():
            return _judge_posture(check, facts)
        case HandShapeCheck():
            return _judge_hand_shape(check, facts)


def _judge_posture(check: PostureCheck, facts: Facts) -> Judgement:
    seen = facts.demonstration.posture
    if seen is None or seen.observed < facts.protocol.judging.minimum_observed:
        return Judgement(unseen=NOT_MEASURED)
    shown = measure(
        "lean", Text("Condong ke depan", "Lean forward"), seen.lean_deg, "deg", seen.sigma_deg, check.lean_deg
    )
    low = -float("inf") if check.lean_deg.minimum is None else check.lean_deg.minimum
    high = float("inf") if check.lean_deg.maximum is None else check.lean_deg.maximum
    if low <= seen.lean_deg <= high:
        return Judgement((Criterion(Level.MET, (), (shown,)),))
    near = low - seen.sigma_deg <= seen.lean_deg <= high + seen.sigma_deg
    return Judgement((Criterion(Level.PARTLY if near else Level.NOT_MET, (Fault.WRONG_POSTURE,), (shown,)),))


def _judge_hand_shape(check: HandShapeCheck, facts: Facts) -> Judgement:
    seen = facts.demonstration.hand_shape
    if seen is None or seen.observed < facts.protocol.judging.minimum_observed:
        return Judgement(unseen=NOT_MEASURED)
    share = seen.fist_thumb_forward_share
    shown = measure(
        "fist_share",
        Text("Kedua tangan mengepal, ibu jari ke depan", "Both hands as fists, thumbs forward"),
        100 * share,
        "%",
        100 * seen.sigma,
    )
    if share >= check.minimum_share:
        return Judgement((Criterion(Level.MET, (), (shown,)),))
    level = Level.PARTLY if share + seen.sigma >= check.minimum_share / 2 else Level.NOT_MET
    return Judgement((Criterion(level, (Fault.WRONG_HAND_SHAPE,), (shown,)),))


def _score_step(step: Step, protocol: Protocol, facts: Facts) -> ItemScore:
    waiting = step.observer == "facilitator"
    judgement = Judgement(unseen=WAITS) if step.check is None else judge(step.check, facts)
    verdict, faults, minor = _decide(judgement)
    most = step.weight * BEST_RATING[protocol.scale]
    if step.observer == "camera_or_facilitator" and verdict == Verdict.NOT_OBSERVED:
        waiting, judgement = True, replace(judgement, unseen=WAITS)
    return ItemScore(
        id=step.id,
        title=step.title,
        observer="facilitator" if waiting else "camera",
        verdict=verdict,
        to_be_confirmed=waiting,
        points=points_of_rating(
            protocol.scale, rating_of_verdict(protocol.scale, verdict, minor=minor), most
        ),
        max_points=most,
        critical=step.critical,
        measures=tuple(m for c in judgement.criteria for m in c.measures) + judgement.extra_measures,
        evidence=judgement.evidence,
        message=_message(step, verdict, faults, judgement, facts.hidden_s),
        source=step.source,
        faults=tuple(fault.value for fault in faults),
    )


def _decide(judgement: Judgement) -> tuple[Verdict, list[Fault], bool]:
    """Return the verdict, the faults, gravest first, and whether only finer criteria fell short."""
    levels = [(criterion, criterion.level) for criterion in judgement.criteria if criterion.level is not None]
    blind = any(c.level is None and c.essential for c in judgement.criteria)
    lowest = min((level for _, level in levels), default=None)
    # What is wrong is wrong, whatever else was hidden; that all is right takes everything.
    if judgement.unseen is not None or lowest is None or (blind and lowest == Level.MET):
        return Verdict.NOT_OBSERVED, [], False
    ranked = sorted(
        ((level, FAULT_RANK[fault], fault) for criterion, level in levels for fault in criterion.faults),
        key=lambda row: row[:2],
    )
    faults = list(dict.fromkeys(fault for _, _, fault in ranked))
    minor = all(level == Level.MET for criterion, level in levels if criterion.essential)
    return _VERDICTS[lowest], faults, minor


def message_for(step: Step, fault: Fault) -> Text:
    """Return what to do differently about a fault, in the protocol's own words where it has them."""
    return dict(step.messages).get(fault, DEFAULT_MESSAGES[fault])


def _message(
    step: Step, verdict: Verdict, faults: list[Fault], judgement: Judgement, hidden_s: float
) -> Text:
    if verdict == Verdict.NOT_OBSERVED:
        return judgement.unseen or (too_hidden(hidden_s) if hidden_s >= 1.0 else NOT_MEASURED)
    if not faults:
        return (step.praise or WELL_DONE) if verdict == Verdict.MET else step.instruction
    texts = list(dict.fromkeys(message_for(step, fault) for fault in faults[:2]))
    return Text(" ".join(text.id for text in texts), " ".join(text.en for text in texts))


def _score_stop(protocol: Protocol, facts: Facts) -> ItemScore:
    """Add the item that appears only when STOP was pressed: did the massage end at once?"""
    stopped = facts.end_s
    whole = replace(facts, end_s=facts.demonstration.end_s)
    after = [
        s
        for s in whole.strokes
        if s.event.end_s > stopped + _AFTER_STOP_S and s.event.trial_type != "static_hold"
    ]
    verdict, most = Verdict.NOT_MET if after else Verdict.MET, BEST_RATING[protocol.scale]
    source = protocol.stop_rules[0].source if protocol.stop_rules else protocol.source
    return ItemScore(
        id="stop",
        title=Text("Berhenti saat ibu merasa sakit", "Stopping at pain"),
        observer="camera",
        verdict=verdict,
        to_be_confirmed=False,
        points=points_of_rating(
            protocol.scale, rating_of_verdict(protocol.scale, verdict, minor=False), most
        ),
        max_points=most,
        critical=True,
        measures=(measure("stopped", Text("Tombol STOP ditekan", "STOP was pressed"), stopped, "s"),),
        evidence=in_time(evidence_of(after, "fault")),
        message=DEFAULT_MESSAGES[Fault.CONTINUED_AFTER_STOP] if after else STOPPED,
        source=source,
        faults=(Fault.CONTINUED_AFTER_STOP.value,) if after else (),
    )
