"""Knowledge tests: the banks of questions that were used, and who answered what, before and after the training."""

import secrets
from typing import TYPE_CHECKING, cast

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library import messages
from trainer.library.clean_text import title_text
from trainer.library.database import UNNAMED_ACTOR, Repository, record_audit, utc_now
from trainer.library.records import BankRecord, SittingRecord, TestPhase
from trainer.library.tables import Person, QuestionBankRow, TestSitting

if TYPE_CHECKING:
    from trainer.cohort import knowledge

PHASES: tuple[TestPhase, ...] = ("pre", "post")


class QuestionBanks(Repository):
    """Banks of questions as they were used."""

    def add(self, bank: "knowledge.QuestionBank", *, actor: str = UNNAMED_ACTOR) -> BankRecord:
        """Keep a bank of questions as it is now; the same one again is the same record.

        Raises
        ------
        PijatError
            When another bank has this name and version: what was answered must stay what was asked.
        """
        from trainer.cohort.bank_file import bank_document

        content = bank_document(bank)
        with self.database.writing() as db:
            found = db.scalar(
                select(QuestionBankRow).where(
                    QuestionBankRow.name == bank.id, QuestionBankRow.version == bank.version
                )
            )
            if found is not None:
                if found.content != content:
                    raise PijatError(
                        Text(
                            f"Soal {bank.id} versi {bank.version} sudah ada dengan isi lain: naikkan versinya.",
                            f"Expected a new version of the questions {bank.id}, got {bank.version} with other "
                            "content: raise its version.",
                        ),
                        "conflict",
                    )
                return _bank(found)
            row = QuestionBankRow(name=bank.id, version=bank.version, content=content, created_at=utc_now())
            db.add(row)
            db.flush()
            record_audit(db, actor, "add questions", f"bank:{row.id}")
            return _bank(row)

    def list(self) -> tuple[BankRecord, ...]:
        """Return all banks that were kept, newest first."""
        with self.database.reading() as db:
            return tuple(
                _bank(row) for row in db.scalars(select(QuestionBankRow).order_by(QuestionBankRow.id.desc()))
            )

    def get(self, bank_id: int) -> BankRecord:
        """Return a bank; raise PijatError when there is none of that id."""
        with self.database.reading() as db:
            return _bank(_bank_row(db, bank_id))


class KnowledgeTests(Repository):
    """Who answered what, before and after the training."""

    def start(
        self,
        person_id: int,
        bank_id: int,
        phase: TestPhase,
        *,
        seed: int | None = None,
        protocol_id: str | None = None,
        actor: str = UNNAMED_ACTOR,
    ) -> SittingRecord:
        """Begin a knowledge test; one that was begun and not finished goes on.

        Parameters
        ----------
        person_id, bank_id : int
            Who, and of which questions.
        phase : {"pre", "post"}
            Before or after the training.
        seed : int, optional
            Of the order of the questions; by default drawn.
        protocol_id : str, optional
            Leave out questions about other protocols.
        actor : str
            Who hands out the test, for the audit.

        Raises
        ------
        PijatError
            When it was finished already, or the test after the training was begun before the one before it.
        """
        if phase not in PHASES:
            raise PijatError(
                Text(
                    f'Pilih tes sebelum ("pre") atau sesudah ("post") pelatihan, bukan "{str(phase)[:40]}".',
                    f'Expected the test before ("pre") or after ("post"), got "{str(phase)[:40]}".',
                )
            )
        from trainer.cohort.bank_file import bank_from_document
        from trainer.cohort.knowledge import draw_sheet

        try:
            with self.database.writing() as db:
                if db.get(Person, person_id) is None:
                    raise messages.unknown(messages.PERSON, person_id)
                bank = bank_from_document(dict(_bank_row(db, bank_id).content))
                others = {row.phase: row for row in db.scalars(_of(person_id, bank_id))}
                if phase in others:
                    if others[phase].finished_at is not None:
                        raise _sat_already(phase)
                    return _sitting(db, others[phase])
                if phase == "pre" and "post" in others:
                    raise PijatError(
                        Text(
                            "Tes sebelum pelatihan tidak dapat dimulai: tes sesudahnya sudah dimulai.",
                            "Expected the test before the training first, but the one after it was begun.",
                        ),
                        "conflict",
                    )
                drawn = secrets.randbits(31) if seed is None else seed
                row = TestSitting(
                    person_id=person_id,
                    bank_id=bank_id,
                    phase=phase,
                    seed=drawn,
                    protocol_id=protocol_id,
                    started_at=utc_now(),
                    finished_at=None,
                    answers={},
                    correct=0,
                    total=len(draw_sheet(bank, drawn, protocol_id).questions),
                )
                db.add(row)
                db.flush()
                record_audit(db, actor, "start test", f"person:{person_id}", sitting=row.id, phase=phase)
                return _sitting(db, row)
        except IntegrityError as error:  # begun twice in the same moment
            raise _sat_already(phase) from error

    def answer(self, sitting_id: int, question_id: str, option_id: str | None) -> SittingRecord:
        """Record one answer at once (None takes it back), so that a half-filled test is not lost.

        Raises
        ------
        PijatError
            When the test is finished, or has no such question or option.
        """
        with self.database.writing() as db:
            row = _open_sitting(db, sitting_id)
            answers = {key: value for key, value in row.answers.items() if key != question_id}
            if option_id is not None:
                answers[question_id] = option_id
            _mark(db, row, answers)
            row.answers = answers
            db.flush()
            return _sitting(db, row)

    def finish(self, sitting_id: int, *, actor: str = UNNAMED_ACTOR) -> SittingRecord:
        """Mark a test and close it; what was not answered counts as not correct, and is told apart when shown."""
        with self.database.writing() as db:
            row = _open_sitting(db, sitting_id)
            row.correct, row.total = _mark(db, row, row.answers)
            row.finished_at = utc_now()
            db.flush()
            record_audit(db, actor, "finish test", f"person:{row.person_id}", sitting=row.id)
            return _sitting(db, row)

    def get(self, sitting_id: int) -> SittingRecord:
        """Return a knowledge test; raise PijatError when there is none of that id."""
        with self.database.reading() as db:
            return _sitting(db, _sitting_row(db, sitting_id))

    def list(
        self, *, person_id: int | None = None, group_id: int | None = None, bank_id: int | None = None
    ) -> tuple[SittingRecord, ...]:
        """Return knowledge tests in the order they were begun: a person's, a group's, those of a bank, or all."""
        query = select(TestSitting, Person.code).join(Person).order_by(TestSitting.started_at, TestSitting.id)
        if person_id is not None:
            query = query.where(TestSitting.person_id == person_id)
        if group_id is not None:
            query = query.where(Person.group_id == group_id)
        if bank_id is not None:
            query = query.where(TestSitting.bank_id == bank_id)
        with self.database.reading() as db:
            return tuple(_sitting_record(row, code) for row, code in db.execute(query))


def _mark(db: Session, row: TestSitting, answers: dict[str, str]) -> tuple[int, int]:
    """Return how many of how many are right; raise PijatError for an answer that the sheet does not have."""
    from trainer.cohort.bank_file import bank_from_document
    from trainer.cohort.knowledge import draw_sheet, mark_sheet

    bank = bank_from_document(dict(_bank_row(db, row.bank_id).content))
    mark = mark_sheet(draw_sheet(bank, row.seed, row.protocol_id), answers)
    return mark.correct, mark.total


def _of(person_id: int, bank_id: int) -> Select[TestSitting]:
    return select(TestSitting).where(TestSitting.person_id == person_id, TestSitting.bank_id == bank_id)


def _sat_already(phase: str) -> PijatError:
    when = Text("sebelum", "before") if phase == "pre" else Text("sesudah", "after")
    text = Text(
        "Tes {when} pelatihan sudah diselesaikan peserta ini: setiap orang satu kali saja.",
        "Expected one test {when} the training a person, but this one was taken already.",
    )
    return PijatError(text.fill(when=when), "conflict")


def _bank_row(db: Session, bank_id: int) -> QuestionBankRow:
    row = db.get(QuestionBankRow, bank_id)
    if row is None:
        raise messages.unknown(messages.QUESTIONS, bank_id)
    return row


def _sitting_row(db: Session, sitting_id: int) -> TestSitting:
    row = db.get(TestSitting, sitting_id, with_for_update=True)
    if row is None:
        raise messages.unknown(messages.TEST, sitting_id)
    return row


def _open_sitting(db: Session, sitting_id: int) -> TestSitting:
    row = _sitting_row(db, sitting_id)
    if row.finished_at is not None:
        raise PijatError(
            Text(
                "Tes ini sudah selesai: jawabannya tetap.",
                "This test is finished: its answers stay as they are.",
            ),
            "conflict",
        )
    return row


def _bank(row: QuestionBankRow) -> BankRecord:
    return BankRecord(row.id, row.name, row.version, row.content, row.created_at)


def _sitting(db: Session, row: TestSitting) -> SittingRecord:
    code = db.scalar(select(Person.code).where(Person.id == row.person_id))
    return _sitting_record(row, title_text(code or ""))


def _sitting_record(row: TestSitting, code: str) -> SittingRecord:
    return SittingRecord(
        id=row.id,
        person_id=row.person_id,
        person_code=code,
        bank_id=row.bank_id,
        phase=cast(TestPhase, row.phase),
        seed=row.seed,
        protocol_id=row.protocol_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        answers=dict(row.answers),
        correct=row.correct,
        total=row.total,
    )
