"""The open database that all repositories of a library share: its transactions, folder and audit."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library.clean_text import title_text
from trainer.library.faults import plain_error
from trainer.library.location import Location
from trainer.library.tables import Audit

UNNAMED_ACTOR = "pijat"
"""Who did it, where nobody says."""


def utc_now() -> dt.datetime:
    """Return this instant."""
    return dt.datetime.now(dt.UTC)


class Database:
    """The database of an open library, which several threads may use at once.

    Attributes
    ----------
    root : Path
        The library's folder.
    shown : str
        The library in words, without any password.
    """

    def __init__(self, location: Location, reader: Engine, writer: Engine) -> None:
        self.location = location
        self._reader, self._writer = reader, writer
        self._inode = _inode(location.database)

    @property
    def root(self) -> Path:
        """The library's folder; session folders below it are named relative to it."""
        return self.location.root

    @property
    def shown(self) -> str:
        """The library in words, without any password."""
        return self.location.shown

    def close(self) -> None:
        """Let go of the database."""
        self._reader.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that reads.

        Raises
        ------
        PijatError
            When the database cannot be used: one sentence.
        """
        with self._transaction(self._reader) as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that may write: all of it is kept, or, when the block raises, nothing.

        Raises
        ------
        PijatError
            When the database is locked, gone, full or may not be written to: one sentence.
        """
        with self._transaction(self._writer) as db:
            yield db

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Session]:
        self.check()
        try:
            with Session(engine, expire_on_commit=False) as db, db.begin():
                yield db
        except (SQLAlchemyError, ConnectionError) as error:
            plain = plain_error(error, self.shown)
            if plain is None:
                raise
            raise plain from error

    def check(self) -> None:
        """Hold that the database's file is the one that was opened.

        SQLite goes on writing happily into a file that somebody deleted or replaced.

        Raises
        ------
        PijatError
            When it is not.
        """
        if self.location.database is None or _inode(self.location.database) == self._inode:
            return
        raise PijatError(
            Text(
                f"Basis data perpustakaan {self.shown} hilang atau diganti: kembalikan atau pulihkan dari cadangan, "
                "lalu buka lagi perpustakaannya.",
                f"The library's database at {self.shown} is gone or was replaced: "
                "put it back or restore a backup, then open the library again.",
            ),
            "busy",
        )

    def folder_text(self, folder: Path) -> str:
        """Return what the database calls a folder: relative to the root when inside it, else absolute."""
        absolute = folder.resolve()
        if absolute.is_relative_to(self.root):
            return absolute.relative_to(self.root).as_posix()
        return str(absolute)

    def folder_path(self, text: str) -> Path:
        """Return the folder that the database calls `text`."""
        return self.root / text


class Repository:
    """One kind of thing in a library, such as its people, kept in the database that all kinds share."""

    def __init__(self, database: Database) -> None:
        self.database = database


def record_audit(db: Session, actor: str, action: str, subject: str, /, **details: Any) -> None:
    """Add to the audit, in the same transaction as what it tells of.

    `subject` names rows by number, ``"person:12"``, and `details` hold no names: deleting a person leaves
    nothing of theirs in the audit.
    """
    row = Audit(
        at=utc_now(),
        actor=title_text(actor) or UNNAMED_ACTOR,
        action=title_text(action, 80),
        subject=title_text(subject),
        details={key: _plain(value) for key, value in details.items()},
    )
    db.add(row)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else title_text(str(value), 400)


def _inode(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_dev, told.st_ino
