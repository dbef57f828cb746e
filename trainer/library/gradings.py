"""Facilitators' gradings: every word is kept, and no screen overwrites another's unseen.

A grading carries a version that every change raises. Who changes it hands back the version that their screen
shows; when it is no longer the newest, `ConflictError` tells what it is now, and nothing is written.
"""

import datetime as dt
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library import messages
from trainer.library.clean_text import note_text
from trainer.library.database import Repository, record_audit, utc_now
from trainer.library.faults import ConflictError
from trainer.library.grading_checks import check_decision, check_rating, check_spent, check_whole
from trainer.library.grading_rows import grade_record, gradings_of
from trainer.library.records import Decision, GradeRecord, GradingRecord
from trainer.library.tables import Facilitator, Grade, Grading, SessionRow


class Gradings(Repository):
    """Gradings and the history of their grades."""

    def start(self, session_id: int, facilitator_id: int, blind: bool) -> GradingRecord:
        """Begin to grade a session, or go on where this facilitator left off.

        `blind` holds for a grading that begins; one that was begun stays as it was begun.
        """
        try:
            with self.database.writing() as db:
                found = _of_pair(db, session_id, facilitator_id)
                if found is not None:
                    return found
                facilitator = db.get(Facilitator, facilitator_id)
                if facilitator is None or not facilitator.active:
                    raise PijatError(
                        Text(
                            "Tidak ada fasilitator seperti itu yang menilai di sini: pilih siapa Anda.",
                            "Expected a facilitator who grades here, got none: choose who you are.",
                        ),
                        "denied",
                    )
                if db.get(SessionRow, session_id) is None:
                    raise messages.unknown(messages.SESSION, session_id)
                row = Grading(
                    session_id=session_id,
                    facilitator_id=facilitator_id,
                    blind=blind,
                    started_at=utc_now(),
                    signed_at=None,
                    spent_s=0.0,
                    version=1,
                )
                db.add(row)
                db.flush()
                record_audit(db, facilitator.code, "start grading", f"grading:{row.id}", of=session_id)
                return gradings_of(db, Grading.id == row.id)[0]
        except IntegrityError:
            # The same facilitator began it on another screen in the same moment: go on with that one.
            with self.database.reading() as db:
                found = _of_pair(db, session_id, facilitator_id)
            if found is None:
                raise
            return found

    def get(self, grading_id: int) -> GradingRecord:
        """Return a grading with the newest grade of each item; raise PijatError when there is none of that id."""
        with self.database.reading() as db:
            return _get(db, grading_id)

    def save(
        self,
        grading_id: int,
        item_id: str,
        rating: float | None,
        decision: Decision,
        comment: str,
        expected_version: int,
    ) -> GradingRecord:
        """Add a grade of one item; what was said of it before stays in the history.

        Parameters
        ----------
        grading_id : int
            Of `start`.
        item_id : str
            An item of the session's checklist.
        rating : float or None
            Points of the item, 0 to its ``max_points``; None for ``not_observed`` and for nothing else.
        decision : Decision
            How the rating came about.
        comment : str
            Why; may be empty.
        expected_version : int
            `GradingRecord.version` as the screen shows it.

        Returns
        -------
        GradingRecord
            As it is now, with its new version.

        Raises
        ------
        ConflictError
            When it was changed in between; nothing was written.
        PijatError
            When the item or the rating is impossible.
        """
        remark = note_text(comment, messages.COMMENT)
        check_decision(decision)
        with self.database.writing() as db:
            grading = self._take(db, grading_id, expected_version, {})
            check_rating(db, grading.session_id, item_id, rating, decision)
            revision = db.scalar(
                select(func.max(Grade.revision)).where(
                    Grade.grading_id == grading_id, Grade.item_id == item_id
                )
            )
            db.add(
                Grade(
                    grading_id=grading_id,
                    item_id=item_id,
                    revision=(revision or 0) + 1,
                    rating=None if rating is None else float(rating),
                    decision=decision,
                    comment=remark,
                    at=_after(grading.signed_at),
                )
            )
            db.flush()
            saved = _get(db, grading_id)
            word = "change grade after signing" if saved.signed_at else "grade"
            subject = f"grading:{grading_id}"
            record_audit(db, saved.facilitator_code, word, subject, item=item_id, decision=decision)
            return saved

    def sign(self, grading_id: int, expected_version: int, spent_s: float) -> GradingRecord:
        """Sign a grading that is whole; later changes are kept and said.

        Whole is a grading in which every item of the session's checklist has a grade, not observed among them,
        and every overridden verdict of the camera a reason.

        Parameters
        ----------
        grading_id, expected_version : int, int
            As `save`.
        spent_s : float
            Seconds the facilitator spent on it in all.

        Raises
        ------
        ConflictError
            As `save`.
        UnfinishedError
            When it is not whole.
        PijatError
            When it is signed already or nothing was graded.
        """
        check_spent(spent_s)
        with self.database.writing() as db:
            now = _get(db, grading_id)
            if now.version == expected_version and now.signed_at is not None:
                raise PijatError(
                    Text(
                        "Penilaian ini sudah ditandatangani: bila ada yang perlu diubah, ubah nilai butirnya saja.",
                        "This grading is signed already: change single grades if something is to be changed.",
                    ),
                    "conflict",
                )
            if now.version == expected_version:
                check_whole(db, now)
            self._take(db, grading_id, expected_version, {"signed_at": utc_now(), "spent_s": spent_s})
            saved = _get(db, grading_id)
            record_audit(db, saved.facilitator_code, "sign grading", f"grading:{grading_id}")
            return saved

    def record_time(self, grading_id: int, spent_s: float) -> None:
        """Record the seconds spent on a grading so far; it is no change that others must see."""
        check_spent(spent_s)
        with self.database.writing() as db:
            db.execute(
                update(Grading)
                .where(Grading.id == grading_id, Grading.spent_s < spent_s, Grading.signed_at.is_(None))
                .values(spent_s=spent_s)
            )

    def history(self, grading_id: int) -> list[GradeRecord]:
        """Return every grade that was ever given in a grading, oldest first."""
        with self.database.reading() as db:
            signed_at = _get(db, grading_id).signed_at
            rows = db.scalars(select(Grade).where(Grade.grading_id == grading_id).order_by(Grade.id))
            return [grade_record(row, signed_at is not None and row.at > signed_at) for row in rows]

    def _take(self, db: Session, grading_id: int, expected_version: int, values: dict[str, Any]) -> Grading:
        """Raise the version if it is the expected one: the row is then ours until the transaction ends."""
        taken = cast(
            CursorResult[Any],
            db.execute(
                update(Grading)
                .where(Grading.id == grading_id, Grading.version == expected_version)
                .values(version=Grading.version + 1, **values)
                .execution_options(synchronize_session=False)
            ),
        )
        if taken.rowcount != 1:
            current = _get(db, grading_id)
            raise ConflictError(
                Text(
                    "Penilaian ini diubah di layar lain sementara itu: lihat isinya sekarang, lalu simpan lagi.",
                    "This grading was changed on another screen in between: look at what it says now, then save again.",
                ),
                current,
            )
        grading = db.get(Grading, grading_id, populate_existing=True)
        if grading is None:
            raise _unknown(grading_id)
        return grading


def _after(signed_at: dt.datetime | None) -> dt.datetime:
    """Return this instant, after the signature even where somebody set the clock back since."""
    now = utc_now()
    return now if signed_at is None else max(now, signed_at + dt.timedelta(microseconds=1))


def _get(db: Session, grading_id: int) -> GradingRecord:
    db.expire_all()
    found = gradings_of(db, Grading.id == grading_id)
    if not found:
        raise _unknown(grading_id)
    return found[0]


def _of_pair(db: Session, session_id: int, facilitator_id: int) -> GradingRecord | None:
    wanted = (Grading.session_id == session_id) & (Grading.facilitator_id == facilitator_id)
    return next(iter(gradings_of(db, wanted)), None)


def _unknown(grading_id: int) -> PijatError:
    return messages.unknown(messages.GRADING, grading_id)
