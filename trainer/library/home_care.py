"""Care at home after the training: who was massaged on which day."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library import messages
from trainer.library.clean_text import name_text, note_text
from trainer.library.database import UNNAMED_ACTOR, Repository, record_audit
from trainer.library.people import person_row
from trainer.library.records import HomeCareRecord
from trainer.library.tables import HomeCare, Person

EARLIEST = dt.date(2000, 1, 1)
"""The first day that anything is recorded of: an earlier one is a slip."""


class HomeCareLog(Repository):
    """Massages at home, day by day."""

    def add(
        self,
        person_id: int,
        day: dt.date,
        sessions: int,
        minutes: float | None,
        by_whom: str,
        *,
        pain: bool = False,
        irritation: bool = False,
        note: str = "",
        actor: str = UNNAMED_ACTOR,
    ) -> HomeCareRecord:
        """Record one day's massages at home.

        Parameters
        ----------
        person_id : int
            Who was massaged.
        day : date
            Not in the future.
        sessions : int
            Massages that day; 0 says that there was none.
        minutes : float or None
            All of them together; None when not timed.
        by_whom : str
            Who massaged.
        pain, irritation : bool
            Felt that day.
        note : str
            Anything else.
        actor : str
            Who records it, for the audit.

        Raises
        ------
        PijatError
            When a number or the day is impossible, or that day by that person is recorded already.
        """
        helper, remark = name_text(by_whom, messages.WHO_MASSAGED, 80), note_text(note)
        _check_home_care(day, sessions, minutes, helper)
        try:
            with self.database.writing() as db:
                code = person_row(db, person_id).code
                # Names are compared without regard to case, as people write them.
                taken = db.scalar(
                    select(HomeCare.id).where(
                        HomeCare.person_id == person_id,
                        HomeCare.day == day,
                        func.lower(HomeCare.by_whom) == func.lower(helper),
                    )
                )
                if taken is not None:
                    raise _recorded_already(day)
                row = HomeCare(
                    person_id=person_id,
                    day=day,
                    sessions=sessions,
                    minutes=None if minutes is None else float(minutes),
                    by_whom=helper,
                    pain=pain,
                    irritation=irritation,
                    note=remark,
                )
                db.add(row)
                db.flush()
                record_audit(db, actor, "add home care", f"person:{person_id}", entry=row.id)
                return _home_care(row, code)
        except IntegrityError as error:
            raise _recorded_already(day) from error

    def delete(self, entry_id: int, *, actor: str = UNNAMED_ACTOR) -> None:
        """Delete an entry that was a mistake."""
        with self.database.writing() as db:
            row = db.get(HomeCare, entry_id)
            if row is None:
                raise messages.unknown(messages.HOME_CARE, entry_id)
            db.delete(row)
            record_audit(db, actor, "delete home care", f"person:{row.person_id}", entry=entry_id)

    def list(
        self, *, person_id: int | None = None, group_id: int | None = None
    ) -> tuple[HomeCareRecord, ...]:
        """Return the home-care log by code and day: a person's, a group's, or all of it."""
        query = select(HomeCare, Person.code).join(Person).order_by(Person.code, HomeCare.day, HomeCare.id)
        if person_id is not None:
            query = query.where(HomeCare.person_id == person_id)
        if group_id is not None:
            query = query.where(Person.group_id == group_id)
        with self.database.reading() as db:
            return tuple(_home_care(row, code) for row, code in db.execute(query))


def _check_home_care(day: dt.date, sessions: int, minutes: float | None, by_whom: str) -> None:
    from trainer.cohort.adherence import HomeCareEntry, check_entry

    if day < EARLIEST:
        raise PijatError(
            Text(
                f"Tulis hari sejak {EARLIEST.isoformat()}, bukan {day.isoformat()}.",
                f"Expected a day since {EARLIEST.isoformat()}, got {day.isoformat()}.",
            )
        )
    if isinstance(sessions, bool) or sessions != int(sessions):
        raise PijatError(
            Text(
                f"Tulis berapa kali dipijat dengan bilangan bulat, bukan {sessions}.",
                f"Expected a whole number of massages, got {sessions}.",
            )
        )
    check_entry(
        HomeCareEntry(day, int(sessions), minutes, by_whom), today=dt.datetime.now().astimezone().date()
    )


def _recorded_already(day: dt.date) -> PijatError:
    return PijatError(
        Text(
            f"Hari {day.isoformat()} sudah dicatat untuk peserta ini: hapus dahulu catatan itu.",
            f"Expected a new day, but {day.isoformat()} is recorded for this person already: delete that entry first.",
        ),
        "conflict",
    )


def _home_care(row: HomeCare, code: str) -> HomeCareRecord:
    return HomeCareRecord(
        row.id,
        row.person_id,
        code,
        row.day,
        row.sessions,
        row.minutes,
        row.by_whom,
        row.pain,
        row.irritation,
        row.note,
    )
