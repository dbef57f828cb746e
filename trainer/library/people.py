"""People who take part."""

import re
from enum import Enum
from pathlib import Path
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library import messages
from trainer.library.clean_text import name_text, note_text, optional_name
from trainer.library.database import UNNAMED_ACTOR, Repository, record_audit, utc_now
from trainer.library.deletion import delete_person
from trainer.library.paging import page_bounds
from trainer.library.person_export import PersonExport, export_person
from trainer.library.records import DeletionReceipt, Page, PersonRecord, Role
from trainer.library.searching import holds
from trainer.library.tables import Person, SessionRow, StudyGroup

ROLES: tuple[Role, ...] = ("trainee", "mother", "facilitator")
CODE_LIMIT = 40


class Unchanged(Enum):
    """Stands for a field that an update leaves as it is, where None means none."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


class People(Repository):
    """People who take part."""

    def list(
        self,
        group_id: int | None = None,
        search: str = "",
        page: int = 1,
        per_page: int = 50,
        *,
        role: Role | None = None,
        active: bool | None = None,
    ) -> Page[PersonRecord]:
        """Return people by code, those of a group or of a name or code that holds `search`."""
        offset, limit = page_bounds(page, per_page)
        wanted = select(Person.id)
        if group_id is not None:
            wanted = wanted.where(Person.group_id == group_id)
        if search.strip():
            sqlite = self.database.location.database is not None
            wanted = wanted.where(holds(search, sqlite, Person.code, Person.name))
        if role is not None:
            wanted = wanted.where(Person.role == role)
        if active is not None:
            wanted = wanted.where(Person.active == active)
        with self.database.reading() as db:
            total = db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
            ids = db.scalars(wanted.order_by(Person.code).offset(offset).limit(limit)).all()
            rows = db.execute(_people().where(Person.id.in_(ids)).order_by(Person.code))
            people = tuple(_record(*row) for row in rows)
        return Page(people, total, page, per_page)

    def get(self, person_id: int) -> PersonRecord:
        """Return a person.

        Raises
        ------
        PijatError
            When there is none of that id.
        """
        with self.database.reading() as db:
            return _get(db, person_id)

    def find(self, code: str) -> PersonRecord:
        """Return the person of that code, upper and lower case alike; raise PijatError when there is none."""
        with self.database.reading() as db:
            found = db.scalar(_with_code(code))
            if found is None:
                raise PijatError(
                    Text(
                        f'Tidak ada peserta berkode "{code[:CODE_LIMIT]}": lihat daftarnya di meja fasilitator.',
                        f'Expected the code of a person in the library, got "{code[:CODE_LIMIT]}": '
                        "the desk lists them.",
                    ),
                    "missing",
                )
            return _get(db, found)

    def add(
        self,
        *,
        code: str | None = None,
        role: Role = "trainee",
        name: str | None = None,
        group_id: int | None = None,
        note: str = "",
        actor: str = UNNAMED_ACTOR,
    ) -> PersonRecord:
        """Add a person.

        Parameters
        ----------
        code : str, optional
            The pseudonym; by default the next free one, ``P-0001`` on.
        role : {"trainee", "mother", "facilitator"}
            What they are here.
        name : str, optional
            Better left out: the code is enough.
        group_id : int, optional
            Their group.
        note : str
            Anything else.
        actor : str
            Who adds them, for the audit.

        Raises
        ------
        PijatError
            When the code is taken, or a text is empty or too long.
        """
        _check_role(role)
        wanted = name_text(code, messages.CODE_OF_PERSON, CODE_LIMIT) if code is not None else None
        named, remark = optional_name(name, messages.NAME_OF_PERSON), note_text(note)
        while True:
            try:
                with self.database.writing() as db:
                    if wanted is not None:
                        _check_free(db, wanted)
                    _check_group(db, group_id)
                    person = Person(
                        code=wanted or _next_code(db),
                        role=role,
                        name=named,
                        group_id=group_id,
                        active=True,
                        created_at=utc_now(),
                        note=remark,
                    )
                    db.add(person)
                    db.flush()
                    record_audit(db, actor, "add person", f"person:{person.id}")
                    return _get(db, person.id)
            except IntegrityError:
                # Another program took the code in between: a chosen one is said to be taken, a counted one counts on.
                continue

    def change(
        self,
        person_id: int,
        *,
        code: str | Unchanged = UNCHANGED,
        role: Role | Unchanged = UNCHANGED,
        name: str | Unchanged | None = UNCHANGED,
        group_id: int | Unchanged | None = UNCHANGED,
        active: bool | Unchanged = UNCHANGED,
        note: str | Unchanged = UNCHANGED,
        actor: str = UNNAMED_ACTOR,
    ) -> PersonRecord:
        """Change what is known of a person; what is not given stays. Raises as `add`."""
        with self.database.writing() as db:
            person = person_row(db, person_id)
            if code is not UNCHANGED:
                wanted = name_text(code, messages.CODE_OF_PERSON, CODE_LIMIT)
                _check_free(db, wanted, but=person_id)
                person.code = wanted
            if role is not UNCHANGED:
                _check_role(role)
                person.role = role
            if name is not UNCHANGED:
                person.name = optional_name(name, messages.NAME_OF_PERSON)
            if group_id is not UNCHANGED:
                _check_group(db, group_id)
                person.group_id = group_id
            if active is not UNCHANGED:
                person.active = active
            if note is not UNCHANGED:
                person.note = note_text(note)
            db.flush()
            record_audit(db, actor, "change person", f"person:{person_id}")
            return _get(db, person_id)

    def delete(self, person_id: int, *, actor: str = UNNAMED_ACTOR) -> DeletionReceipt:
        """Delete a person wholly; see `trainer.library.deletion.delete_person`."""
        return delete_person(self.database, person_id, actor)

    def export(self, person_id: int, out_dir: str | Path, *, actor: str = UNNAMED_ACTOR) -> PersonExport:
        """Write all that the library holds of a person; see `trainer.library.person_export.export_person`."""
        return export_person(self.database, person_id, Path(out_dir), actor)


def _people() -> Select[Person, str | None, int]:
    sessions = (
        select(func.count()).where(SessionRow.person_id == Person.id).correlate(Person).scalar_subquery()
    )
    return select(Person, StudyGroup.name, sessions).outerjoin(StudyGroup, StudyGroup.id == Person.group_id)


def _get(db: Session, person_id: int) -> PersonRecord:
    row = db.execute(_people().where(Person.id == person_id)).first()
    if row is None:
        raise _unknown(person_id)
    return _record(*row)


def person_row(db: Session, person_id: int) -> Person:
    """Return a person's row; raise PijatError when there is none of that id."""
    person = db.get(Person, person_id)
    if person is None:
        raise _unknown(person_id)
    return person


def _unknown(person_id: int) -> PijatError:
    return messages.unknown(messages.PERSON, person_id)


def _record(person: Person, group: str | None, sessions: int) -> PersonRecord:
    return PersonRecord(
        id=person.id,
        code=person.code,
        role=person.role,  # type: ignore[arg-type]
        name=person.name,
        group_id=person.group_id,
        group_name=group,
        active=person.active,
        created_at=person.created_at,
        note=person.note,
        sessions=sessions,
    )


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise PijatError(
            Text(
                f'Pilih salah satu peran ({", ".join(ROLES)}), bukan "{role[:CODE_LIMIT]}".',
                f'Expected one of {", ".join(ROLES)} as role, got "{role[:CODE_LIMIT]}".',
            )
        )


def _check_group(db: Session, group_id: int | None) -> None:
    if group_id is not None and db.get(StudyGroup, group_id) is None:
        raise messages.unknown(messages.GROUP, group_id)


def _check_free(db: Session, code: str, but: int | None = None) -> None:
    taken = db.scalar(_with_code(code))
    if taken is not None and taken != but:
        raise PijatError(
            Text(
                f'Kode "{code}" sudah dipakai peserta lain: pilih kode lain.',
                f'Expected a new code, got "{code}", which another person has: choose another.',
            ),
            "conflict",
        )


def _with_code(code: str) -> Select[int]:
    return select(Person.id).where(func.lower(Person.code) == func.lower(code.strip()))


def _next_code(db: Session) -> str:
    # Only codes of this form count on; the longer of two numbers is the greater one.
    codes = db.scalars(select(Person.code).where(Person.code.like("P-%")))
    numbers = [int(found[1]) for code in codes if (found := re.fullmatch(r"P-(\d{1,9})", code))]
    return f"P-{max(numbers, default=0) + 1:04d}"
