"""What the grading page knows: items, grades, and the camera's word on each unless it is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trainer.desk.scales import Rules
from trainer.language import Language, Text
from trainer.protocol.ratings import Total, total_of
from trainer.protocol.score import ItemScore
from trainer.report.bullet_svg import describe
from trainer.report.checklist import shown_measures, within
from trainer.report.messages import VERDICT_NAMES
from trainer.report.palette import STROKE_COLOURS
from trainer.strokes.recogniser import UNSURE_BELOW

if TYPE_CHECKING:
    from trainer.desk.demonstration import DemonstrationView
    from trainer.library.records import Decision, GradeRecord, GradingRecord


def total_of_grading(grading: GradingRecord, max_points: Mapping[str, float]) -> Total:
    """Add up a grading; items not observed count for nothing, as in the camera's score."""
    return total_of((g.rating, max_points[g.item_id]) for g in grading.grades if g.item_id in max_points)


def camera_level(item: ItemScore, rules: Rules) -> int | None:
    """Return the camera's rating of an item on the scale; None when it did not see it, or a person has to."""
    if not item.by_camera or item.state in ("not_observed", "to_confirm"):
        return None
    return rules.level_of(item.points, item.max_points)


def decide(item: ItemScore, rules: Rules, level: int | None, *, blind: bool) -> Decision:
    """Return what a rating amounts to: camera confirmed or overridden, ticked by a person, rated, not observed.

    Parameters
    ----------
    item : ItemScore
        The camera's word on it.
    rules : Rules
        The scale.
    level : int or None
        Rating on the scale; None for not observed.
    blind : bool
        Whether the grader does not know the camera's word; then it is neither confirmed nor overridden, and
        nothing in the answer may depend on it.
    """
    if level is None:
        return "not_observed"
    if blind:
        return "ticked" if _only_person(item.id, rules) else "rated"
    camera = camera_level(item, rules)
    if camera is not None:
        return "confirmed" if camera == level else "overridden"
    return "rated" if item.by_camera else "ticked"


def grade_document(grade: GradeRecord, item: ItemScore, rules: Rules) -> dict[str, Any]:
    """Return a grade as the page reads it, its rating on the scale."""
    level = None if grade.rating is None else rules.level_of(grade.rating, item.max_points)
    return {
        "level": level,
        "decision": grade.decision,
        "comment": grade.comment,
        "revision": grade.revision,
    }


def grading_document(
    demonstration: DemonstrationView,
    grading: GradingRecord,
    rules: Rules,
    language: Language,
    *,
    hidden: bool,
) -> dict[str, Any]:
    """Return all that the grading page begins with.

    Parameters
    ----------
    demonstration : DemonstrationView
        What is graded.
    grading : GradingRecord
        As it stands.
    rules : Rules
        The scale.
    language : {"id", "en"}
        Of the texts.
    hidden : bool
        Leave out whatever comes from the camera's judgement.
    """

    def say(text: Text) -> str:
        return text.say(language)

    session_id = grading.session_id
    items = []
    for number, item in enumerate(demonstration.score.items, 1):
        grade = grading.grade(item.id)
        items.append(
            {
                "id": item.id,
                "number": number,
                "title": say(item.title),
                "instruction": say(_instruction(item.id, rules)),
                "critical": item.critical,
                "max_points": item.max_points,
                "person": _only_person(item.id, rules) if hidden else not item.by_camera,
                "camera": None if hidden else _camera(item, rules, say),
                "grade": None if grade is None else grade_document(grade, item, rules),
            }
        )
    return {
        "session": session_id,
        "grading": grading.id,
        # Another library, served later at the same address, counts its gradings from 1 too.
        "mark": f"{grading.id}-{grading.started_at.isoformat()}",
        "version": grading.version,
        "hidden": hidden,
        "blind": grading.blind,
        "signed": grading.signed_at is not None,
        "spent_s": round(grading.spent_s),
        "grader": grading.facilitator_name,
        "levels": [{"level": level, "word": say(word)} for level, word in rules.levels],
        "best": rules.best,
        "duration_s": demonstration.meta.video.duration_s,
        "thumbs": f"/api/sessions/{session_id}/thumbs",
        "timeline": None if hidden else f"/api/sessions/{session_id}/timeline",
        "colours": {} if hidden else STROKE_COLOURS,
        "unsure_below": UNSURE_BELOW,
        "items": items,
    }


def _camera(item: ItemScore, rules: Rules, say: Any) -> dict[str, Any]:
    return {
        "verdict": item.state,
        "word": say(VERDICT_NAMES[item.state]),
        "level": camera_level(item, rules),
        "reason": say(item.message),
        "measures": [
            {"text": f"{say(m.label)}: {say(describe(m))}", "inside": within(m)} for m in shown_measures(item)
        ],
        "evidence": [
            [round(e.start_s, 2), round(e.end_s, 2), e.hand, e.kind == "fault"] for e in item.evidence
        ],
    }


def _only_person(item_id: str, rules: Rules) -> bool:
    step = _step(item_id, rules)
    return step is not None and step.observer == "facilitator"


def _instruction(item_id: str, rules: Rules) -> Text:
    step = _step(item_id, rules)
    return step.instruction if step is not None else Text("", "")


def _step(item_id: str, rules: Rules) -> Any:
    if rules.protocol is None:
        return None
    return next((step for step in rules.protocol.steps if step.id == item_id), None)
