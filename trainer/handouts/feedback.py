"""A session, with a facilitator's grades where there are any, as feedback for the trainee."""

from collections.abc import Mapping
from dataclasses import replace

from trainer.errors import PijatError
from trainer.handouts.model import FacilitatorGrade, Feedback, FeedbackItem, Signature
from trainer.language import Text
from trainer.protocol.model import Protocol, Scale
from trainer.protocol.ratings import RATINGS
from trainer.protocol.score import Verdict
from trainer.report.checklist import Item, read_checklist
from trainer.session.model import Session

_ENOUGH = 0.6
"""Share of the camera items' weight that must have been judged before passing can be said, as in scoring."""
_OPEN = ("not_observed", "to_confirm")


def feedback_of_session(
    session: Session,
    *,
    trainee: str = "",
    group: str = "",
    attempt: int | None = None,
    grades: Mapping[str, FacilitatorGrade] | None = None,
    protocol: Protocol | None = None,
    signature: Signature | None = None,
    comment: str = "",
) -> Feedback:
    """Turn a session into feedback.

    Parameters
    ----------
    session : Session
        As `trainer.session.reader.open_session` returns it.
    trainee, group, attempt : str, str, int
        For the heading.
    grades : mapping of str to FacilitatorGrade, optional
        By item id; they replace the camera's verdicts, and the result is added up again.
    protocol : Protocol, optional
        Of the session; needed for `grades`, whose points are on its scale.
    signature : Signature, optional
        Without it the page is no certificate.
    comment : str
        The facilitator's, on the whole.

    Raises
    ------
    PijatError
        For grades without a protocol, of an unknown item, or off the scale.
    """
    checklist = read_checklist(session.score)
    items = tuple(_of_item(item) for item in checklist.items)
    points, most, percent = checklist.points, checklist.max_points, checklist.percent
    passed = {"passed": True, "not_yet": False}.get(checklist.outcome)
    advice = tuple(item.id for item in checklist.advice)
    if grades:
        items = _graded(items, grades, protocol)
        judged = [item for item in items if item.verdict not in _OPEN]
        points, most = sum(item.points for item in judged), sum(item.max_points for item in judged)
        percent = 100 * points / most if most else None
        passed = _passed(items, percent, checklist.pass_mark_percent)
        advice = _advice(judged)
    video = session.meta.get("video") or {}
    return Feedback(
        trainee=trainee,
        group=group,
        attempt=attempt,
        recorded_at=session.meta.get("created"),
        duration_s=_seconds(video.get("duration_s")),
        protocol_title=checklist.title,
        protocol_id=checklist.protocol_id,
        protocol_version=checklist.protocol_version,
        items=items,
        points=points,
        max_points=most,
        percent=percent,
        pass_mark_percent=checklist.pass_mark_percent,
        passed=passed,
        advice=advice,
        complete=bool(session.meta.get("complete", True)),
        pain=any(item.id == "stop" for item in checklist.items),
        signature=signature,
        comment=comment,
    )


def verdict_of_points(scale: Scale, points: float | None) -> Verdict:
    """Return the verdict that a facilitator's points stand for: the most is met, the least is not met."""
    if points is None:
        return Verdict.NOT_OBSERVED
    steps = [points for points, _ in RATINGS[scale]]
    if points >= steps[-1]:
        return Verdict.MET
    return Verdict.NOT_MET if points <= steps[0] else Verdict.PARTLY_MET


def _of_item(item: Item) -> FeedbackItem:
    return FeedbackItem(
        id=item.id,
        title=item.title,
        message=item.message,
        verdict=item.verdict,
        points=item.points,
        max_points=item.max_points,
        by_facilitator=item.by_facilitator,
        critical=item.critical,
    )


def _graded(
    items: tuple[FeedbackItem, ...], grades: Mapping[str, FacilitatorGrade], protocol: Protocol | None
) -> tuple[FeedbackItem, ...]:
    if protocol is None:
        raise PijatError(
            Text(
                "Nilai fasilitator memerlukan protokolnya: poin dihitung dengan skalanya.",
                "Expected the protocol with a facilitator's grades, got none: points need its scale.",
            )
        )
    known = {item.id for item in items}
    for item_id in grades:
        if item_id not in known:
            raise PijatError(
                Text(
                    f'Butir "{item_id[:60]}" tidak ada dalam sesi ini: nilai butir dari daftar tiliknya.',
                    f'Expected grades of this session\'s items, got one of "{item_id[:60]}".',
                ),
            )
    return tuple(_with_grade(item, grades.get(item.id), protocol) for item in items)


def _with_grade(item: FeedbackItem, grade: FacilitatorGrade | None, protocol: Protocol) -> FeedbackItem:
    if grade is None:
        return item
    steps = [points for points, _ in RATINGS[protocol.scale]]
    if grade.points is not None and not steps[0] <= grade.points <= steps[-1]:
        raise PijatError(
            Text(
                'Beri {low} sampai {high} poin untuk "{item}" (skala {scale}), bukan {got}.',
                'Expected {low} to {high} points for "{item}" (scale {scale}), got {got}.',
            ).fill(low=steps[0], high=steps[-1], item=item.id, scale=protocol.scale, got=float(grade.points))
        )
    verdict = verdict_of_points(protocol.scale, grade.points)
    share = 0.0 if grade.points is None else grade.points / steps[-1]
    return replace(
        item,
        verdict=verdict.value,
        points=item.max_points * share,
        by_facilitator=True,
        comment=grade.comment,
        message=_message(item, verdict, protocol),
    )


def _message(item: FeedbackItem, verdict: Verdict, protocol: Protocol) -> Text:
    """The camera's message stands where the facilitator agrees; else the step's own instruction."""
    if verdict.value == item.verdict:
        return item.message
    if verdict == Verdict.MET:
        return Text("Sudah baik. Pertahankan.", "Well done. Keep it up.")
    if verdict == Verdict.NOT_OBSERVED:
        return Text("Tidak diamati.", "Not observed.")
    try:
        return protocol.step(item.id).instruction
    except KeyError:  # the item that STOP adds is not a step of the protocol
        return item.message


def _passed(items: tuple[FeedbackItem, ...], percent: float | None, mark: float) -> bool | None:
    """As `trainer.protocol.scoring` decides; items that still wait for a facilitator are not camera items."""
    if any(item.critical and item.verdict == "not_met" for item in items):
        return False
    watched = [item for item in items if item.verdict != "to_confirm"]
    wanted = sum(item.max_points for item in watched)
    seen = sum(item.max_points for item in watched if item.verdict != "not_observed")
    if any(item.critical and item.verdict in _OPEN for item in items):
        return None
    if percent is None or (wanted and seen < _ENOUGH * wanted):
        return None
    return percent >= mark


def _advice(judged: list[FeedbackItem]) -> tuple[str, ...]:
    short = [item for item in judged if item.verdict in ("not_met", "partly_met")]
    short.sort(
        key=lambda item: (not (item.critical and item.verdict == "not_met"), item.points - item.max_points)
    )
    return tuple(item.id for item in short[:3])


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
