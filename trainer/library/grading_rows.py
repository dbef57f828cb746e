"""Gradings read from their tables into records."""

from collections import defaultdict
from typing import cast

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from trainer.library.records import Decision, GradeRecord, GradingRecord
from trainer.library.tables import Facilitator, Grade, Grading, VerdictRow


def gradings_of(db: Session, wanted: ColumnElement[bool]) -> tuple[GradingRecord, ...]:
    """Return the gradings that a condition on `Grading` names, in the order they were begun."""
    rows = db.execute(
        select(Grading, Facilitator)
        .join(Facilitator, Facilitator.id == Grading.facilitator_id)
        .where(wanted)
        .order_by(Grading.started_at, Grading.id)
    ).all()
    if not rows:
        return ()
    newest = _newest_grades(db, wanted)
    return tuple(_grading(row, facilitator, newest.get(row.id, [])) for row, facilitator in rows)


def grade_record(grade: Grade, signed: bool) -> GradeRecord:
    """Return a grade; `signed`: whether it was given after the grading was signed."""
    decision = cast(Decision, grade.decision)
    return GradeRecord(grade.item_id, grade.revision, grade.rating, decision, grade.comment, grade.at, signed)


def _newest_grades(db: Session, wanted: ColumnElement[bool]) -> dict[int, list[Grade]]:
    newest = (
        select(Grade.grading_id, Grade.item_id, func.max(Grade.revision).label("revision"))
        .join(Grading, Grading.id == Grade.grading_id)
        .where(wanted)
        .group_by(Grade.grading_id, Grade.item_id)
        .subquery()
    )
    rows = db.execute(
        select(Grade, VerdictRow.position)
        .join(
            newest,
            (Grade.grading_id == newest.c.grading_id)
            & (Grade.item_id == newest.c.item_id)
            & (Grade.revision == newest.c.revision),
        )
        .join(Grading, Grading.id == Grade.grading_id)
        .outerjoin(
            VerdictRow,
            (VerdictRow.session_id == Grading.session_id) & (VerdictRow.item_id == Grade.item_id),
        )
    )
    found: dict[int, list[tuple[int, Grade]]] = defaultdict(list)
    for grade, position in rows:
        found[grade.grading_id].append((position if position is not None else 10_000, grade))
    return {
        number: [grade for _, grade in sorted(grades, key=lambda pair: (pair[0], pair[1].item_id))]
        for number, grades in found.items()
    }


def _grading(row: Grading, facilitator: Facilitator, grades: list[Grade]) -> GradingRecord:
    records = tuple(
        grade_record(grade, row.signed_at is not None and grade.at > row.signed_at) for grade in grades
    )
    return GradingRecord(
        id=row.id,
        session_id=row.session_id,
        facilitator_id=row.facilitator_id,
        facilitator_code=facilitator.code,
        facilitator_name=facilitator.name,
        blind=row.blind,
        started_at=row.started_at,
        signed_at=row.signed_at,
        spent_s=row.spent_s,
        version=row.version,
        grades=records,
        edited_after_signing=any(record.after_signing for record in records),
    )
