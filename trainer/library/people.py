"""People and what they consented to."""

import re
from enum import Enum
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.library.base import UNNAMED_ACTOR, Store, utc_now
from trainer.library.clean_text import name_text, note_text, optional_name
from trainer.library.paging import page_bounds
from trainer.library.records import ConsentKind, ConsentRecord, Consents, Page, PersonRecord, Role
from trainer.library.searching import holds
from trainer.library.tables import Consent, Person, SessionRow, StudyGroup

ROLES: tuple[Role, ...] = ("trainee", "mother", "facilitator")
CONSENT_KINDS: tuple[ConsentKind, ...] = ("video", "research")
CODE_LIMIT = 40


class Unchanged(Enum):
    """Stands for a field that an update leaves as it is, where None means none."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


class People(Store):
    """People and their consents."""

    def list_people(
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
            sqlite = self.location.database is not None
            wanted = wanted.where(holds(search, sqlite, Person.code, Person.name))
        if role is not None:
            wanted = wanted.where(Person.role == role)
        if active is not None:
            wanted = wanted.where(Person.active == active)
        with self.reading() as db:
            total = db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
            ids = db.scalars(wanted.order_by(Person.code).offset(offset).limit(limit)).all()
            rows = db.execute(_people().where(Person.id.in_(ids)).order_by(Person.code))
            people = tuple(_record(*row) for row in rows)
        return Page(people, total, page, per_page)

    def get_person(self, person_id: int) -> PersonRecord:
        """Return a person.

        Raises
        ------
        PijatError
            When there is none of that id.
        """
        with self.reading() as db:
            return _get(db, person_id)

    def find_person(self, code: str) -> PersonRecord:
        """Return the person of that code, upper and lower case alike; raise PijatError when there is none."""
        with self.reading() as db:
            found = db.scalar(_with_code(code))
            if found is None:
                raise PijatError(
                    f'Expected the code of a person in the library, got "{code[:CODE_LIMIT]}": '
                    "the desk lists them."
                )
            return _get(db, found)

    def add_person(
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
        wanted = name_text(code, "a person's code", CODE_LIMIT) if code is not None else None
        named, remark = optional_name(name, "a person's name"), note_text(note)
        while True:
            try:
                with self.writing() as db:
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
                    self.record_audit(db, actor, "add person", f"person:{person.id}")
                    return _get(db, person.id)
            except IntegrityError:
                # Another program took the code in between: a chosen one is said to be taken, a counted one counts on.
                continue

    def update_person(
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
        """Change what is known of a person; what is not given stays. Raises as `add_person`."""
        with self.writing() as db:
            person = _row(db, person_id)
            if code is not UNCHANGED:
                wanted = name_text(code, "a person's code", CODE_LIMIT)
                _check_free(db, wanted, but=person_id)
                person.code = wanted
            if role is not UNCHANGED:
                _check_role(role)
                person.role = role
            if name is not UNCHANGED:
                person.name = optional_name(name, "a person's name")
            if group_id is not UNCHANGED:
                _check_group(db, group_id)
                person.group_id = group_id
            if active is not UNCHANGED:
                person.active = active
            if note is not UNCHANGED:
                person.note = note_text(note)
            db.flush()
            self.record_audit(db, actor, "change person", f"person:{person_id}")
            return _get(db, person_id)

    def record_consent(
        self, person_id: int, kind: ConsentKind, given: bool, recorded_by: str, *, actor: str | None = None
    ) -> ConsentRecord:
        """Record that a person agreed, or no longer agrees, to a use of their data; the newest word counts."""
        if kind not in CONSENT_KINDS:
            raise PijatError(f'Expected one of {", ".join(CONSENT_KINDS)} as kind of consent, got "{kind}".')
        recorder = name_text(recorded_by, "who records the consent")
        with self.writing() as db:
            _row(db, person_id)
            row = Consent(
                person_id=person_id, kind=kind, given=given, recorded_at=utc_now(), recorded_by=recorder
            )
            db.add(row)
            db.flush()
            word = "give consent" if given else "withdraw consent"
            self.record_audit(db, actor or recorder, word, f"person:{person_id}", kind=kind)
            return _consent(row)

    def consents_of(self, person_id: int) -> Consents:
        """Return what a person consents to now, and all that was recorded, newest first."""
        with self.reading() as db:
            _row(db, person_id)
            rows = db.scalars(
                select(Consent)
                .where(Consent.person_id == person_id)
                .order_by(Consent.recorded_at.desc(), Consent.id.desc())
            )
            history = tuple(_consent(row) for row in rows)
        newest = {record.kind: record.given for record in reversed(history)}
        return Consents(newest.get("video"), newest.get("research"), history)


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


def _row(db: Session, person_id: int) -> Person:
    person = db.get(Person, person_id)
    if person is None:
        raise _unknown(person_id)
    return person


def _unknown(person_id: int) -> PijatError:
    return PijatError(f"Expected a person of the library, got number {person_id}: reload the list of people.")


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


def _consent(row: Consent) -> ConsentRecord:
    kind: ConsentKind = "video" if row.kind == "video" else "research"
    return ConsentRecord(row.id, row.person_id, kind, row.given, row.recorded_at, row.recorded_by)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise PijatError(f'Expected one of {", ".join(ROLES)} as role, got "{role[:CODE_LIMIT]}".')


def _check_group(db: Session, group_id: int | None) -> None:
    if group_id is not None and db.get(StudyGroup, group_id) is None:
        raise PijatError(
            f"Expected a group of the library, got number {group_id}: reload the list of groups."
        )


def _check_free(db: Session, code: str, but: int | None = None) -> None:
    taken = db.scalar(_with_code(code))
    if taken is not None and taken != but:
        raise PijatError(f'Expected a new code, got "{code}", which another person has: choose another.')


def _with_code(code: str) -> Select[int]:
    return select(Person.id).where(func.lower(Person.code) == func.lower(code.strip()))


def _next_code(db: Session) -> str:
    # Only codes of this form count on; the longer of two numbers is the greater one.
    codes = db.scalars(select(Person.code).where(Person.code.like("P-%")))
    numbers = [int(found[1]) for code in codes if (found := re.fullmatch(r"P-(\d{1,9})", code))]
    return f"P-{max(numbers, default=0) + 1:04d}"
