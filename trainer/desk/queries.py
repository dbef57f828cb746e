"""What only the desk asks of the library's database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trainer.library.store import Library


@dataclass(frozen=True)
class OwnGrading:
    """Where a facilitator is with a session."""

    id: int
    blind: bool
    signed: bool

    @property
    def hides(self) -> bool:
        """Whether the camera's results are kept back still."""
        return self.blind and not self.signed


def own_gradings(
    library: Library, facilitator_id: int | None, session_ids: Collection[int]
) -> dict[int, OwnGrading]:
    """Return a facilitator's gradings of those sessions, by session."""
    from sqlalchemy import select

    from trainer.library.tables import Grading

    if facilitator_id is None or not session_ids:
        return {}
    wanted = select(Grading.session_id, Grading.id, Grading.blind, Grading.signed_at).where(
        Grading.facilitator_id == facilitator_id, Grading.session_id.in_(session_ids)
    )
    with library.database.reading() as db:
        rows = db.execute(wanted).all()
    return {row.session_id: OwnGrading(row.id, row.blind, row.signed_at is not None) for row in rows}


def open_blind_sessions(library: Library, facilitator_id: int | None) -> frozenset[int]:
    """Return the sessions that a facilitator grades blind and has not signed."""
    from sqlalchemy import select

    from trainer.library.tables import Grading

    if facilitator_id is None:
        return frozenset()
    wanted = select(Grading.session_id).where(
        Grading.facilitator_id == facilitator_id, Grading.blind.is_(True), Grading.signed_at.is_(None)
    )
    with library.database.reading() as db:
        return frozenset(db.scalars(wanted))


def seen_sessions(library: Library, facilitator_id: int | None) -> frozenset[int]:
    """Return the sessions whose camera's results a facilitator may know: signed, or graded with the camera."""
    from sqlalchemy import or_, select

    from trainer.library.tables import Grading

    if facilitator_id is None:
        return frozenset()
    wanted = select(Grading.session_id).where(
        Grading.facilitator_id == facilitator_id,
        or_(Grading.blind.is_(False), Grading.signed_at.is_not(None)),
    )
    with library.database.reading() as db:
        return frozenset(db.scalars(wanted))


def newest_change(library: Library) -> int:
    """Return a number that is another one whenever anything in the library was changed: the log's newest row."""
    from sqlalchemy import func, select

    from trainer.library.tables import Audit

    with library.database.reading() as db:
        return db.scalar(select(func.max(Audit.id))) or 0


def verdict_rows(library: Library, session_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the camera's verdicts of those sessions as rows of a table, in the checklists' order."""
    from sqlalchemy import select

    from trainer.library.tables import VerdictRow

    found: list[dict[str, Any]] = []
    with library.database.reading() as db:
        for part in _parts(session_ids):
            wanted = select(VerdictRow).where(VerdictRow.session_id.in_(part))
            for row in db.scalars(wanted.order_by(VerdictRow.session_id, VerdictRow.position)):
                found.append(
                    {
                        "session": row.session_id,
                        "item": row.item_id,
                        "verdict": row.verdict,
                        "points": None if row.verdict == "not_observed" else row.points,
                        "max_points": row.max_points,
                    }
                )
    return found


def grade_rows(library: Library, session_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return every grade ever given in those sessions as rows of a table, with its revision."""
    from sqlalchemy import select

    from trainer.library.tables import Facilitator, Grade, Grading, VerdictRow

    found: list[dict[str, Any]] = []
    with library.database.reading() as db:
        for part in _parts(session_ids):
            wanted = (
                select(Grade, Grading, Facilitator.code, VerdictRow.max_points)
                .join(Grading, Grading.id == Grade.grading_id)
                .join(Facilitator, Facilitator.id == Grading.facilitator_id)
                .outerjoin(
                    VerdictRow,
                    (VerdictRow.session_id == Grading.session_id) & (VerdictRow.item_id == Grade.item_id),
                )
                .where(Grading.session_id.in_(part))
                .order_by(Grading.session_id, Grading.id, Grade.id)
            )
            for grade, grading, code, most in db.execute(wanted):
                found.append(
                    {
                        "session": grading.session_id,
                        "facilitator": code,
                        "blind": grading.blind,
                        "signed_at": grading.signed_at.isoformat() if grading.signed_at else None,
                        "spent_s": grading.spent_s,
                        "item": grade.item_id,
                        "revision": grade.revision,
                        "points": grade.rating,
                        "max_points": most,
                        "decision": grade.decision,
                        "comment": grade.comment,
                        "at": grade.at.isoformat(),
                    }
                )
    return found


def _parts(ids: Sequence[int], size: int = 500) -> list[Sequence[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
