"""What people consented to: every word is kept, the newest counts."""

from sqlalchemy import select

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library import messages
from trainer.library.clean_text import name_text
from trainer.library.database import Repository, record_audit, utc_now
from trainer.library.people import person_row
from trainer.library.records import ConsentKind, ConsentRecord, Consents
from trainer.library.tables import Consent

CONSENT_KINDS: tuple[ConsentKind, ...] = ("video", "research")


class ConsentLog(Repository):
    """What people agreed to."""

    def add(
        self, person_id: int, kind: ConsentKind, given: bool, recorded_by: str, *, actor: str | None = None
    ) -> ConsentRecord:
        """Record that a person agreed, or no longer agrees, to a use of their data; the newest word counts."""
        if kind not in CONSENT_KINDS:
            raise PijatError(
                Text(
                    f'Pilih salah satu jenis persetujuan ({", ".join(CONSENT_KINDS)}), bukan "{kind}".',
                    f'Expected one of {", ".join(CONSENT_KINDS)} as kind of consent, got "{kind}".',
                )
            )
        recorder = name_text(recorded_by, messages.WHO_RECORDS_CONSENT)
        with self.database.writing() as db:
            person_row(db, person_id)
            row = Consent(
                person_id=person_id, kind=kind, given=given, recorded_at=utc_now(), recorded_by=recorder
            )
            db.add(row)
            db.flush()
            word = "give consent" if given else "withdraw consent"
            record_audit(db, actor or recorder, word, f"person:{person_id}", kind=kind)
            return _consent(row)

    def get(self, person_id: int) -> Consents:
        """Return what a person consents to now, and all that was recorded, newest first."""
        with self.database.reading() as db:
            person_row(db, person_id)
            rows = db.scalars(
                select(Consent)
                .where(Consent.person_id == person_id)
                .order_by(Consent.recorded_at.desc(), Consent.id.desc())
            )
            history = tuple(_consent(row) for row in rows)
        newest = {record.kind: record.given for record in reversed(history)}
        return Consents(newest.get("video"), newest.get("research"), history)


def _consent(row: Consent) -> ConsentRecord:
    kind: ConsentKind = "video" if row.kind == "video" else "research"
    return ConsentRecord(row.id, row.person_id, kind, row.given, row.recorded_at, row.recorded_by)
