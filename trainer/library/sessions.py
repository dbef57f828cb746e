"""The list of sessions, one of them opened, and whose it is."""

from pathlib import Path
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from trainer.errors import PijatError, UsageError
from trainer.language import Text
from trainer.library import messages
from trainer.library.database import UNNAMED_ACTOR, Repository, record_audit
from trainer.library.deletion import delete_video
from trainer.library.digest import VIDEO_SUFFIXES
from trainer.library.grading_rows import gradings_of
from trainer.library.paging import page_bounds
from trainer.library.records import (
    MeasureRecord,
    Page,
    SessionDetail,
    SessionFilter,
    SessionRecord,
    SessionState,
    VerdictRecord,
    VerdictWord,
    VideoConsent,
)
from trainer.library.searching import case_blind, holds
from trainer.library.tables import (
    Consent,
    Grading,
    MeasureRow,
    Person,
    SessionFile,
    SessionRow,
    StudyGroup,
    VerdictRow,
)

_EVERYTHING = SessionFilter()


class Sessions(Repository):
    """Sessions as they were imported; `trainer.library.importing` brings them in."""

    def list(self, filters: SessionFilter = _EVERYTHING) -> Page[SessionRecord]:
        """Return the sessions that pass the filters, a page of them.

        Raises
        ------
        UsageError
            When there is no such page or order.
        """
        offset, limit = page_bounds(filters.page, filters.per_page)
        sqlite = self.database.location.database is not None
        matching = _matching(filters, sqlite)
        ordered = matching.order_by(*_order(filters, sqlite)).offset(offset).limit(limit)
        with self.database.reading() as db:
            # First only the ids: what the list shows beside them is looked up for one page, not for all.
            if filters.search.strip():
                # Every title is looked at in any case: count on the way.
                found_ids = db.execute(ordered.add_columns(func.count().over())).all()
                ids, totals = [row[0] for row in found_ids], [row[1] for row in found_ids]
            else:
                ids, totals = list(db.scalars(ordered)), []
            total = totals[0] if totals else _count(db, matching)
            found = {record.id: record for record in self._records(db, SessionRow.id.in_(ids))}
        return Page(tuple(found[number] for number in ids), total, filters.page, filters.per_page)

    def open(self, session_id: int) -> SessionDetail:
        """Return a session with the camera's verdicts and measures and all gradings.

        Raises
        ------
        PijatError
            When there is none of that id.
        """
        with self.database.reading() as db:
            record = self._record(db, session_id)
            verdicts = db.scalars(
                select(VerdictRow).where(VerdictRow.session_id == session_id).order_by(VerdictRow.position)
            ).all()
            place = {row.item_id: row.position for row in verdicts}
            measures = db.scalars(select(MeasureRow).where(MeasureRow.session_id == session_id)).all()
            names = db.scalars(
                select(SessionFile.name)
                .where(SessionFile.session_id == session_id)
                .order_by(SessionFile.name)
            ).all()
            gradings = gradings_of(db, Grading.session_id == session_id)
        video = next((name for name in names if name.lower().endswith(VIDEO_SUFFIXES)), None)
        shown = record.folder / video if video is not None and record.video_consent != "refused" else None
        return SessionDetail(
            record=record,
            folder=record.folder,
            video=shown,
            verdicts=tuple(
                VerdictRecord(
                    row.item_id,
                    cast(VerdictWord, row.verdict),
                    row.points,
                    row.max_points,
                    row.to_be_confirmed,
                    row.by_camera,
                )
                for row in verdicts
            ),
            measures=tuple(
                MeasureRecord(row.item_id, row.name, row.value, row.sigma, row.unit)
                for row in sorted(measures, key=lambda row: (place.get(row.item_id, 0), row.position))
            ),
            gradings=gradings,
        )

    def get(self, session_id: int) -> SessionRecord:
        """Return one session as the list shows it; raise PijatError when there is none of that id."""
        with self.database.reading() as db:
            return self._record(db, session_id)

    def assign(self, session_id: int, person_id: int | None, *, actor: str = UNNAMED_ACTOR) -> SessionRecord:
        """Say whose demonstration a session is (None: nobody's); their attempts are counted anew by time."""
        with self.database.writing() as db:
            row = db.get(SessionRow, session_id)
            if row is None:
                raise _unknown(session_id)
            if person_id is not None and db.get(Person, person_id) is None:
                raise messages.unknown(messages.PERSON, person_id)
            before, row.person_id, row.attempt = row.person_id, person_id, None
            db.flush()
            for owner in {before, person_id} - {None}:
                number_attempts(db, cast(int, owner), row.protocol_id)
            subject = f"session:{session_id}"
            record_audit(db, actor, "assign session", subject, person=person_id, before=before)
            return self._record(db, session_id)

    def delete_video(self, session_id: int, *, actor: str = UNNAMED_ACTOR) -> tuple[Path, ...]:
        """Delete the videos of a session; see `trainer.library.deletion.delete_video`."""
        return delete_video(self.database, session_id, actor)

    def protocols(self) -> tuple[tuple[str, int], ...]:
        """Return the ids of the protocols of all sessions, each with how many sessions it has."""
        with self.database.reading() as db:
            counted = select(SessionRow.protocol_id, func.count()).group_by(SessionRow.protocol_id)
            rows = db.execute(counted.order_by(SessionRow.protocol_id))
            return tuple((name, count) for name, count in rows)

    def _record(self, db: Session, session_id: int) -> SessionRecord:
        found = self._records(db, SessionRow.id == session_id)
        if not found:
            raise _unknown(session_id)
        return found[0]

    def _records(self, db: Session, wanted: ColumnElement[bool]) -> tuple[SessionRecord, ...]:
        begun = (
            select(func.count()).where(Grading.session_id == SessionRow.id).correlate(SessionRow)
        ).scalar_subquery()
        signed = (
            select(func.count())
            .where(Grading.session_id == SessionRow.id, Grading.signed_at.is_not(None))
            .correlate(SessionRow)
        ).scalar_subquery()
        query = (
            select(SessionRow, Person, StudyGroup.name, video_consent_given(), begun, signed)
            .outerjoin(Person, Person.id == SessionRow.person_id)
            .outerjoin(StudyGroup, StudyGroup.id == Person.group_id)
            .where(wanted)
        )
        rows = db.execute(query)
        return tuple(self._from_row(*row) for row in rows)

    def _from_row(
        self,
        row: SessionRow,
        person: Person | None,
        group: str | None,
        consent: bool | None,
        begun: int,
        signed: int,
    ) -> SessionRecord:
        allowed: VideoConsent = "unknown" if consent is None else "given" if consent else "refused"
        return SessionRecord(
            id=row.id,
            uid=row.uid,
            folder=self.database.folder_path(row.folder),
            title=row.title,
            person_id=row.person_id,
            person_code=person.code if person else None,
            person_name=person.name if person else None,
            group_id=person.group_id if person else None,
            group_name=group,
            attempt=row.attempt,
            protocol_id=row.protocol_id,
            protocol_version=row.protocol_version,
            protocol_hash=row.protocol_hash,
            recorded_at=row.recorded_at,
            duration_s=row.duration_s,
            complete=row.complete,
            percent=row.percent,
            passed=row.passed,
            has_video=row.has_video,
            video_consent=allowed,
            state=cast(SessionState, row.state),
            checked_at=row.checked_at,
            imported_at=row.imported_at,
            gradings=begun,
            signed=signed,
        )


def video_consent_given() -> ColumnElement[bool | None]:
    """Return the newest word of the session's person on video; NULL where there is none."""
    newest = (
        select(Consent.given)
        .where(Consent.person_id == SessionRow.person_id, Consent.kind == "video")
        .order_by(Consent.recorded_at.desc(), Consent.id.desc())
        .limit(1)
        .correlate(SessionRow)
    )
    return newest.scalar_subquery()


def number_attempts(db: Session, person_id: int, protocol_id: str) -> None:
    """Number a person's demonstrations of a protocol by the time they were recorded, from 1 on."""
    rows = db.scalars(
        select(SessionRow)
        .where(SessionRow.person_id == person_id, SessionRow.protocol_id == protocol_id)
        .order_by(SessionRow.recorded_at, SessionRow.id)
    ).all()
    for number, row in enumerate(rows, start=1):
        if row.attempt != number:
            row.attempt = number
    db.flush()


def _unknown(session_id: int) -> PijatError:
    return messages.unknown(messages.SESSION, session_id)


def _count(db: Session, matching: Select[int]) -> int:
    return db.scalar(select(func.count()).select_from(matching.subquery())) or 0


def _matching(filters: SessionFilter, sqlite: bool) -> Select[int]:
    wanted = select(SessionRow.id)
    if filters.group_id is not None or filters.sort == "person":
        wanted = wanted.outerjoin(Person, Person.id == SessionRow.person_id)
    if filters.search.strip():
        named = aliased(Person)
        people = select(named.id).where(holds(filters.search, sqlite, named.code, named.name))
        wanted = wanted.where(
            or_(holds(filters.search, sqlite, SessionRow.title), SessionRow.person_id.in_(people))
        )
    if filters.group_id is not None:
        wanted = wanted.where(Person.group_id == filters.group_id)
    if filters.person_id is not None:
        wanted = wanted.where(SessionRow.person_id == filters.person_id)
    if filters.protocol_id is not None:
        wanted = wanted.where(SessionRow.protocol_id == filters.protocol_id)
    if filters.state is not None:
        wanted = wanted.where(SessionRow.state == filters.state)
    if filters.graded is not None:
        signed = exists().where(and_(Grading.session_id == SessionRow.id, Grading.signed_at.is_not(None)))
        wanted = wanted.where(signed if filters.graded else ~signed)
    if filters.video_without_consent:
        wanted = wanted.where(SessionRow.has_video, func.coalesce(video_consent_given(), False).is_(False))
    return wanted


def _order(filters: SessionFilter, sqlite: bool) -> tuple[Any, ...]:
    # Where something is lacking it comes last, in both databases; the id makes every order total.
    newest = (SessionRow.recorded_at.desc(), SessionRow.id.desc())
    orders: dict[str, tuple[Any, ...]] = {
        "newest": newest,
        "oldest": (SessionRow.recorded_at.asc(), SessionRow.id.asc()),
        "title": (case_blind(SessionRow.title, sqlite), *newest),
        "person": (case((Person.code.is_(None), 1), else_=0), Person.code, *newest),
        "percent": (case((SessionRow.percent.is_(None), 1), else_=0), SessionRow.percent.desc(), *newest),
    }
    if filters.sort not in orders:
        raise UsageError(
            Text(
                f'Pilih salah satu urutan ({", ".join(orders)}), bukan "{filters.sort}".',
                f'Expected one of {", ".join(orders)} as order, got "{filters.sort}".',
            )
        )
    return orders[filters.sort]
