"""What a grade and a signature must be before they are kept."""

import math
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text, both, join, number
from trainer.library.faults import UnfinishedError
from trainer.library.records import Decision, GradingRecord
from trainer.library.tables import VerdictRow
from trainer.protocol.ratings import unfinished

DECISIONS: tuple[Decision, ...] = ("confirmed", "overridden", "ticked", "rated", "not_observed")
_MOST_NAMED = 5
_LONGEST_S = 7 * 24 * 3600.0


def check_decision(decision: str) -> None:
    """Refuse what is no decision."""
    if decision not in DECISIONS:
        raise PijatError(
            Text(
                f'Pilih salah satu putusan ({", ".join(DECISIONS)}), bukan "{str(decision)[:40]}".',
                f'Expected one of {", ".join(DECISIONS)} as decision, got "{str(decision)[:40]}".',
            )
        )


def check_rating(
    db: Session, session_id: int, item_id: str, rating: float | None, decision: Decision
) -> None:
    """Refuse a rating of an item that the session does not have, or outside the item's points."""
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


def check_whole(db: Session, grading: GradingRecord) -> None:
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


def check_spent(spent_s: float) -> None:
    """Refuse what is no time that somebody may have spent on a grading, in seconds."""
    if not (math.isfinite(spent_s) and 0 <= spent_s <= _LONGEST_S):
        raise PijatError(
            Text(
                "Lama menilai harus 0 detik atau lebih, bukan {got}.",
                "Expected the seconds spent, 0 or more, got {got}.",
            ).fill(got=float(spent_s))
        )
