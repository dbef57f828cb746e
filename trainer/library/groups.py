"""Groups of participants, and the facilitators who grade."""

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library import messages
from trainer.library.clean_text import name_text, note_text
from trainer.library.database import UNNAMED_ACTOR, Repository, record_audit, utc_now
from trainer.library.people import CODE_LIMIT
from trainer.library.records import FacilitatorRecord, GroupRecord
from trainer.library.tables import Facilitator, Person, StudyGroup


class Groups(Repository):
    """Groups of participants."""

    def list(self) -> tuple[GroupRecord, ...]:
        """Return all groups by name, with how many people each has."""
        with self.database.reading() as db:
            rows = db.execute(_groups().order_by(StudyGroup.name))
            return tuple(_record(*row) for row in rows)

    def add(self, name: str, description: str = "", *, actor: str = UNNAMED_ACTOR) -> GroupRecord:
        """Add a group.

        Raises
        ------
        PijatError
            When the name is taken, empty or too long.
        """
        named, text = name_text(name, messages.NAME_OF_GROUP), note_text(description, messages.DESCRIPTION)
        try:
            with self.database.writing() as db:
                _check_free(db, named)
                group = StudyGroup(name=named, description=text, created_at=utc_now())
                db.add(group)
                db.flush()
                record_audit(db, actor, "add group", f"group:{group.id}")
                return _record(group, 0)
        except IntegrityError as error:  # another program was first
            raise _taken(named) from error

    def change(
        self, group_id: int, name: str, description: str | None = None, *, actor: str = UNNAMED_ACTOR
    ) -> GroupRecord:
        """Change a group's name, and its description where one is given. Raises as `add`."""
        named = name_text(name, messages.NAME_OF_GROUP)
        try:
            with self.database.writing() as db:
                group = _row(db, group_id)
                _check_free(db, named, but=group_id)
                group.name = named
                if description is not None:
                    group.description = note_text(description, messages.DESCRIPTION)
                db.flush()
                record_audit(db, actor, "rename group", f"group:{group_id}")
                return _record(*db.execute(_groups().where(StudyGroup.id == group_id)).one())
        except IntegrityError as error:
            raise _taken(named) from error

    def delete(self, group_id: int, *, actor: str = UNNAMED_ACTOR) -> None:
        """Delete a group; its people stay, without a group."""
        with self.database.writing() as db:
            db.delete(_row(db, group_id))
            record_audit(db, actor, "delete group", f"group:{group_id}")


class Facilitators(Repository):
    """Who grades."""

    def list(self, *, active: bool | None = None) -> tuple[FacilitatorRecord, ...]:
        """Return who grades, by code; only those still (or no longer) active if asked."""
        with self.database.reading() as db:
            query = select(Facilitator).order_by(Facilitator.code)
            if active is not None:
                query = query.where(Facilitator.active == active)
            return tuple(_facilitator(row) for row in db.scalars(query))

    def add(self, code: str, name: str, *, actor: str = UNNAMED_ACTOR) -> FacilitatorRecord:
        """Add somebody who grades.

        Raises
        ------
        PijatError
            When the code is taken, or a text is empty or too long.
        """
        short, named = (
            name_text(code, messages.CODE_OF_FACILITATOR, CODE_LIMIT),
            name_text(name, messages.NAME_OF_FACILITATOR),
        )
        taken = PijatError(
            Text(
                f'Kode "{short}" sudah dipakai fasilitator lain: pilih kode lain.',
                f'Expected a new code, got "{short}", which another facilitator has: choose another.',
            ),
            "conflict",
        )
        try:
            with self.database.writing() as db:
                if db.scalar(select(Facilitator.id).where(func.lower(Facilitator.code) == func.lower(short))):
                    raise taken
                row = Facilitator(code=short, name=named, created_at=utc_now(), active=True)
                db.add(row)
                db.flush()
                record_audit(db, actor, "add facilitator", f"facilitator:{row.id}")
                return _facilitator(row)
        except IntegrityError as error:
            raise taken from error


def _groups() -> Select[StudyGroup, int]:
    people = (
        select(func.count()).where(Person.group_id == StudyGroup.id).correlate(StudyGroup).scalar_subquery()
    )
    return select(StudyGroup, people)


def _row(db: Session, group_id: int) -> StudyGroup:
    group = db.get(StudyGroup, group_id)
    if group is None:
        raise messages.unknown(messages.GROUP, group_id)
    return group


def _check_free(db: Session, name: str, but: int | None = None) -> None:
    taken = db.scalar(select(StudyGroup.id).where(func.lower(StudyGroup.name) == func.lower(name)))
    if taken is not None and taken != but:
        raise _taken(name)


def _taken(name: str) -> PijatError:
    return PijatError(
        Text(
            f'Nama "{name}" sudah dipakai kelompok lain: pilih nama lain.',
            f'Expected a new name, got "{name}", which another group has: choose another.',
        ),
        "conflict",
    )


def _record(group: StudyGroup, people: int) -> GroupRecord:
    return GroupRecord(group.id, group.name, group.description, group.created_at, people)


def _facilitator(row: Facilitator) -> FacilitatorRecord:
    return FacilitatorRecord(row.id, row.code, row.name, row.created_at, row.active)
