"""Facilitators' gradings: every word is kept, and no screen overwrites another's unseen.

A grading carries a version that every change raises. Who changes it hands back the version that their screen
shows; when it is no longer the newest, `ConflictError` tells what it is now, and nothing is written.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text, both, join, number
from trainer.library import messages
from trainer.library.clean_text import note_text
from trainer.library.database import Repository, record_audit, utc_now
from trainer.library.faults import ConflictError, UnfinishedError
from trainer.library.grading_rows import grade_record, gradings_of
from trainer.library.records import Decision, GradeRecord, GradingRecord
from trainer.library.tables import Facilitator, Grade, Grading, SessionRow, VerdictRow
from trainer.protocol.ratings import unfinished

DECISIONS: tuple[Decision, ...] = ("confirmed", "overridden", "ticked", "rated", "not_observed")
_MOST_NAMED = 5
_LONGEST_S = 7 * 24 * 3600.0


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
        if decision not in DECISIONS:
            raise PijatError(
                Text(
                    f'Pilih salah satu putusan ({", ".join(DECISIONS)}), bukan "{str(decision)[:40]}".',
                    f'Expected one of {", ".join(DECISIONS)} as decision, got "{str(decision)[:40]}".',
                )
            )
        with self.database.writing() as db:
            grading = self._take(db, grading_id, expected_version, {})
            _check_rating(db, grading.session_id, item_id, rating, decision)
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
        _check_spent(spent_s)
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
                _check_whole(db, now)
            self._take(db, grading_id, expected_version, {"signed_at": utc_now(), "spent_s": spent_s})
            saved = _get(db, grading_id)
            record_audit(db, saved.facilitator_code, "sign grading", f"grading:{grading_id}")
            return saved

    def record_time(self, grading_id: int, spent_s: float) -> None:
        """Record the seconds spent on a grading so far; it is no change that others must see."""
        _check_spent(spent_s)
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


def _check_rating(
    db: Session, session_id: int, item_id: str, rating: float | None, decision: Decision
) -> None:
    verdict = db.get(VerdictRow, (session_id, item_id))
    if verdict is None:
        raise PijatError(
            Text(
                f'Butir "{item_id[:80]}" tidak ada dalam daftar tilik sesi ini: buka lagi sesinya.',
                f'Expected an item of the session\'s checklist, got "{item_id[:80]}": open the session again.',
            ),
            "missing",
        )
    if (rating is None) != (decision == "not_observed"):
        got = Text("tanpa nilai", "none") if rating is None else number(rating)
        raise PijatError(
            Text(
                'Beri nilai kecuali bila butir tidak terlihat; sekarang {got} dengan "{decision}".',
                'Expected a rating unless the item was not observed, got {got} with "{decision}".',
            ).fill(got=got, decision=decision)
        )
    if rating is not None and not (math.isfinite(rating) and 0 <= rating <= verdict.max_points):
        raise PijatError(
            Text(
                "Beri nilai 0 sampai {most} poin, bukan {got}.",
                "Expected a rating of 0 to {most} points, got {got}.",
            ).fill(most=verdict.max_points, got=rating)
        )


def _check_whole(db: Session, grading: GradingRecord) -> None:
    """Refuse to sign a grading that lacks a grade or a reason."""
    if not grading.grades:
        raise PijatError(
            Text(
                "Belum ada butir yang dinilai: nilai dahulu sesinya, lalu tandatangani.",
                "Expected at least one graded item, got none: grade the session, then sign.",
            )
        )
    of_session = select(VerdictRow.item_id).where(VerdictRow.session_id == grading.session_id)
    lacking = unfinished(db.scalars(of_session.order_by(VerdictRow.position)), grading.grades)
    if lacking is None:
        return
    if lacking.left:
        text = Text(
            "Belum ada nilai untuk {items}: nilai dahulu, atau tulis bahwa tidak terlihat, lalu tandatangani.",
            "Expected a grade of every item, got none of {items}: grade them, or say that they were not observed, "
            "then sign.",
        ).fill(items=_named(lacking.left))
    else:
        text = Text(
            "Belum ada alasan mengapa putusan kamera diubah untuk {items}: tulis di komentar, lalu tandatangani.",
            "Expected a reason wherever the camera was overridden, got none for {items}: write why in the comment, "
            "then sign.",
        ).fill(items=_named(lacking.unsaid))
    raise UnfinishedError(text, lacking)


def _named(items: Sequence[str]) -> Text:
    shown = ", ".join(f'"{item[:40]}"' for item in items[:_MOST_NAMED])
    rest = len(items) - _MOST_NAMED
    return join(shown, Text(f" dan {rest} lagi", f" and {rest} more")) if rest > 0 else both(shown)


def _check_spent(spent_s: float) -> None:
    if not (math.isfinite(spent_s) and 0 <= spent_s <= _LONGEST_S):
        raise PijatError(
            Text(
                "Lama menilai harus 0 detik atau lebih, bukan {got}.",
                "Expected the seconds spent, 0 or more, got {got}.",
            ).fill(got=float(spent_s))
        )
