"""Mothers' outcomes, before and after the massage."""

import datetime as dt
from typing import cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library import messages
from trainer.library.clean_text import note_text
from trainer.library.database import UNNAMED_ACTOR, Repository, record_audit, utc_now
from trainer.library.home_care import EARLIEST
from trainer.library.people import person_row
from trainer.library.records import OutcomeKind, OutcomePhase, OutcomeRecord
from trainer.library.tables import OutcomeRow, Person

_PHASES = {"before": Text("sebelum pijat", "before"), "after": Text("sesudah pijat", "after")}
_CLOCKS_DIFFER = dt.timedelta(minutes=5)


class Outcomes(Repository):
    """Mothers' outcomes."""

    def add(
        self,
        person_id: int,
        kind: OutcomeKind,
        phase: OutcomePhase,
        measured_at: dt.datetime,
        value: float,
        *,
        note: str = "",
        actor: str = UNNAMED_ACTOR,
    ) -> OutcomeRecord:
        """Record a mother's outcome.

        Parameters
        ----------
        person_id : int
            The mother.
        kind : {"milk_ml", "fluency", "latch", "comfort"}
            What was measured; `trainer.cohort.outcomes.SCALES` says in which unit.
        phase : {"before", "after"}
            The massage.
        measured_at : datetime
            With its zone; not in the future.
        value : float
            In the unit of the kind.
        note : str
            Anything else.
        actor : str
            Who records it, for the audit.

        Raises
        ------
        PijatError
            When the value or time is impossible, what is called "after" came before the first "before", or the
            same was measured at the same time already.
        """
        from trainer.cohort.outcomes import SCALES

        _check_outcome(kind, phase, measured_at, value)
        remark = note_text(note)
        taken = PijatError(
            Text(
                f"Ukuran itu ({SCALES[kind].name.id}, {_PHASES[phase].id}) pada waktu itu sudah dicatat.",
                f"Expected a new measurement, but {kind} {phase} was recorded for that time already.",
            ),
            "conflict",
        )
        try:
            with self.database.writing() as db:
                code = person_row(db, person_id).code
                _check_order(db, person_id, kind, phase, measured_at)
                row = OutcomeRow(
                    person_id=person_id,
                    kind=kind,
                    phase=phase,
                    measured_at=measured_at,
                    value=float(value),
                    note=remark,
                )
                db.add(row)
                db.flush()
                record_audit(db, actor, "add outcome", f"person:{person_id}", entry=row.id, kind=kind)
                return _outcome(row, code)
        except IntegrityError as error:
            raise taken from error

    def delete(self, outcome_id: int, *, actor: str = UNNAMED_ACTOR) -> None:
        """Delete a measurement that was a mistake."""
        with self.database.writing() as db:
            row = db.get(OutcomeRow, outcome_id)
            if row is None:
                raise messages.unknown(messages.OUTCOME, outcome_id)
            db.delete(row)
            record_audit(db, actor, "delete outcome", f"person:{row.person_id}", entry=outcome_id)

    def list(
        self, *, person_id: int | None = None, group_id: int | None = None, kind: OutcomeKind | None = None
    ) -> tuple[OutcomeRecord, ...]:
        """Return outcomes by code and time: a person's, a group's, one kind, or all."""
        query = (
            select(OutcomeRow, Person.code)
            .join(Person)
            .order_by(Person.code, OutcomeRow.measured_at, OutcomeRow.id)
        )
        if person_id is not None:
            query = query.where(OutcomeRow.person_id == person_id)
        if group_id is not None:
            query = query.where(Person.group_id == group_id)
        if kind is not None:
            query = query.where(OutcomeRow.kind == kind)
        with self.database.reading() as db:
            return tuple(_outcome(row, code) for row, code in db.execute(query))


def _check_outcome(kind: str, phase: str, measured_at: dt.datetime, value: float) -> None:
    from trainer.cohort.outcomes import SCALES, check_value

    if kind not in SCALES:
        raise PijatError(
            Text(
                f'Pilih ukuran dari daftar ({", ".join(SCALES)}), bukan "{kind[:40]}".',
                f'Expected one of {", ".join(SCALES)} as outcome, got "{kind[:40]}".',
            )
        )
    if phase not in ("before", "after"):
        raise PijatError(
            Text(
                f'Pilih sebelum (before) atau sesudah (after) pijat, bukan "{phase[:40]}".',
                f'Expected "before" or "after" the massage, got "{phase[:40]}".',
            )
        )
    if measured_at.tzinfo is None:
        raise PijatError(
            Text(
                "Tulis waktu pengukuran dengan zona waktunya.",
                "Expected the time of the measurement with its zone, got one without.",
            )
        )
    if measured_at > utc_now() + _CLOCKS_DIFFER:
        raise PijatError(
            Text(
                f"Waktu pengukuran {measured_at.isoformat(timespec='minutes')} belum terjadi: periksa tanggal "
                "dan jamnya.",
                f"Expected a measurement up to now, got one of {measured_at.isoformat(timespec='minutes')}.",
            )
        )
    if measured_at.date() < EARLIEST:
        raise PijatError(
            Text(
                f"Tulis waktu pengukuran sejak {EARLIEST.isoformat()}, bukan {measured_at.date().isoformat()}.",
                f"Expected a measurement since {EARLIEST.isoformat()}, got {measured_at.date().isoformat()}.",
            )
        )
    check_value(kind, value)


def _check_order(db: Session, person_id: int, kind: str, phase: str, measured_at: dt.datetime) -> None:
    """Hold that the first measurement before lies before every one after, wherever there are both."""
    times = {
        name: list(
            db.scalars(
                select(OutcomeRow.measured_at).where(
                    OutcomeRow.person_id == person_id, OutcomeRow.kind == kind, OutcomeRow.phase == name
                )
            )
        )
        for name in ("before", "after")
    }
    times[phase].append(measured_at)
    if times["before"] and times["after"] and min(times["after"]) < min(times["before"]):
        raise PijatError(
            Text(
                "Pengukuran sesudah pijat harus lebih akhir daripada yang sebelum: periksa tanggalnya.",
                "Expected the measurement after the massage to be later than the one before it, got them reversed: "
                "look at the dates.",
            )
        )


def _outcome(row: OutcomeRow, code: str) -> OutcomeRecord:
    kind, phase = cast(OutcomeKind, row.kind), cast(OutcomePhase, row.phase)
    return OutcomeRecord(row.id, row.person_id, code, kind, phase, row.measured_at, row.value, row.note)
