"""Who may come in, what the library remembers about itself, and who did what."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library.database import UNNAMED_ACTOR, Repository, record_audit
from trainer.library.paging import page_bounds
from trainer.library.records import AuditRecord, Page
from trainer.library.tables import Audit, Setting

SHORTEST_PASSPHRASE, LONGEST_PASSPHRASE = 10, 1000
_PASSPHRASE, _VISIT_KEY = "desk_passphrase", "desk_visit_key"
SECRET_SETTINGS = frozenset({_VISIT_KEY})
"""Settings that hold good on this machine only: they go into no backup."""


class Passphrase(Repository):
    """The passphrase that the desk asks for."""

    def set(self, passphrase: str, *, actor: str = UNNAMED_ACTOR) -> None:
        """Set the passphrase that the desk asks for; only its argon2id hash is kept, and everybody must come in anew.

        Raises
        ------
        PijatError
            When it is shorter than 10 characters, or longer than 1000.
        """
        if not SHORTEST_PASSPHRASE <= len(passphrase) <= LONGEST_PASSPHRASE:
            raise PijatError(
                Text(
                    f"Isi kata sandi sepanjang {SHORTEST_PASSPHRASE} sampai {LONGEST_PASSPHRASE} huruf, sekarang "
                    f"{len(passphrase)}: beberapa kata berturut-turut mudah diingat.",
                    f"Expected a passphrase of {SHORTEST_PASSPHRASE} to {LONGEST_PASSPHRASE} characters, "
                    f"got {len(passphrase)}: a few words in a row are easy to remember.",
                )
            )
        from argon2 import PasswordHasher

        hashed = PasswordHasher().hash(passphrase)
        with self.database.writing() as db:
            _set(db, _PASSPHRASE, hashed)
            _set(db, _VISIT_KEY, secrets.token_hex(32))
            record_audit(db, actor, "set passphrase", "library")

    def exists(self) -> bool:
        """Whether a passphrase was set."""
        return self._hash() is not None

    def check(self, passphrase: str) -> bool:
        """Whether that is the passphrase; never, when none was set. It takes a noticeable while, on purpose."""
        from argon2 import PasswordHasher
        from argon2.exceptions import Argon2Error, InvalidHashError

        hashed = self._hash()
        if hashed is None or len(passphrase) > LONGEST_PASSPHRASE:
            return False
        hasher = PasswordHasher()
        try:
            hasher.verify(hashed, passphrase)
        except (Argon2Error, InvalidHashError):
            return False
        if hasher.check_needs_rehash(hashed):
            with self.database.writing() as db:
                _set(db, _PASSPHRASE, hasher.hash(passphrase))
        return True

    def visit_key(self) -> str:
        """Return the secret that visits to the desk are signed with; another one once the passphrase is changed."""
        with self.database.writing() as db:
            row = db.get(Setting, _VISIT_KEY)
            return row.value if row is not None else _set(db, _VISIT_KEY, secrets.token_hex(32))

    def _hash(self) -> str | None:
        with self.database.reading() as db:
            row = db.get(Setting, _PASSPHRASE)
            return None if row is None else row.value


class AuditLog(Repository):
    """Who did what."""

    def add(self, actor: str, action: str, subject: str, details: Mapping[str, Any] | None = None) -> None:
        """Add to the audit. What changes the library is noted by the library itself; this is for the rest.

        `subject` names rows by number (``"person:12"``), and `details` hold no names.
        """
        with self.database.writing() as db:
            record_audit(db, actor, action, subject, **dict(details or {}))

    def list(
        self, page: int = 1, per_page: int = 50, *, subject: str | None = None, actor: str | None = None
    ) -> Page[AuditRecord]:
        """Return who did what, newest first; only about one subject, or by one actor, if asked."""
        offset, limit = page_bounds(page, per_page)
        query = select(Audit)
        if subject is not None:
            query = query.where(Audit.subject == subject)
        if actor is not None:
            query = query.where(Audit.actor == actor)
        with self.database.reading() as db:
            total = db.scalar(select(func.count()).select_from(query.subquery())) or 0
            rows = db.scalars(query.order_by(Audit.id.desc()).offset(offset).limit(limit))
            records = tuple(
                AuditRecord(row.id, row.at, row.actor, row.action, row.subject, row.details) for row in rows
            )
        return Page(records, total, page, per_page)


def _set(db: Session, key: str, value: str) -> str:
    db.merge(Setting(key=key, value=value))
    db.flush()
    return value
