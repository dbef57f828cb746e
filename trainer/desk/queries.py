"""What only the desk asks of the library's database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    with library.reading() as session:
        rows = session.execute(wanted).all()
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
    with library.reading() as session:
        return frozenset(session.scalars(wanted))


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
    with library.reading() as session:
        return frozenset(session.scalars(wanted))
