"""By what a person is recognised in files and rows, and where it is still found."""

import os
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from sqlalchemy import JSON, String, cast, select
from sqlalchemy.orm import Session

from trainer.language import Text
from trainer.library.digest import VIDEO_SUFFIXES
from trainer.library.tables import Base, Person, SessionRow

_LARGEST_SEARCHED = 256 * 1024 * 1024
_SHORTEST = 4
_PICTURES_AND_NUMBERS = (*VIDEO_SUFFIXES, ".parquet")


@dataclass(frozen=True)
class Traces:
    """Words that lead to one person: the code, the name, and the digests of the sessions.

    A word of fewer than four letters stands in every other text by chance; it counts only where it is all that a
    cell, a quoted text or a file's name holds.
    """

    words: tuple[str, ...]

    @classmethod
    def of(cls, person: Person, sessions: Sequence[SessionRow], other_names: Iterable[str]) -> Self:
        """Collect what leads to a person; not a name that others have too: that leads to them as well."""
        words = [person.code]
        if person.name:
            alone = _pattern((person.name,))
            if not any(alone.search(other) for other in other_names):
                words.append(person.name)
        for row in sessions:
            words += [row.uid, row.digest]
        return cls(tuple(dict.fromkeys(words)))

    @cached_property
    def _text(self) -> re.Pattern[str]:
        return _pattern(self.words)

    @cached_property
    def _bytes(self) -> re.Pattern[bytes]:
        return re.compile(self._text.pattern.encode(), re.IGNORECASE)

    def in_text(self, text: str) -> bool:
        """Whether a text tells of the person; P-0001 is not found in P-00012."""
        return self._text.search(text) is not None

    def in_file(self, path: Path) -> bool:
        """Whether a file's name or its text (UTF-8) tells of the person; packed files (XLSX, ZIP) are looked into.

        Videos and tables of positions hold no words and are not read.
        """
        if self.in_text(path.name) or self.in_text(path.stem):
            return True
        if path.is_symlink() or path.suffix.lower() in _PICTURES_AND_NUMBERS:
            return False
        try:
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    return any(self._in_member(packed, member) for member in packed.infolist())
            return path.stat().st_size <= _LARGEST_SEARCHED and self._in_bytes(path.read_bytes())
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return False

    def in_database_file(self, content: bytes) -> bool:
        """Whether a database's file holds the person's words, be it in rows that were deleted.

        There, one column's text follows the other's without anything between.
        """
        words = [word for word in self.words if len(word) >= _SHORTEST]
        return any(re.search(re.escape(word.encode()) + rb"(?![0-9])", content) for word in words)

    def _in_member(self, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
        if self.in_text(member.filename):
            return True
        if member.filename.lower().endswith(_PICTURES_AND_NUMBERS) or member.file_size > _LARGEST_SEARCHED:
            return False
        return self._in_bytes(packed.read(member))

    def _in_bytes(self, content: bytes) -> bool:
        return self._bytes.search(content) is not None


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    long = [rf"(?<!\w){re.escape(word)}(?!\w)" for word in words if len(word) >= _SHORTEST]
    short = [
        rf'(?:\A|(?<=[",;\t\n>])){re.escape(word)}(?=[",;\t\r\n<]|\Z)'
        for word in words
        if len(word) < _SHORTEST
    ]
    return re.compile("|".join(long + short), re.IGNORECASE)


def database_traces(db: Session, traces: Traces) -> list[Text]:
    """Search every text of every table; return a sentence for each place that still tells of the person."""
    found: list[Text] = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, String | JSON):
                continue
            told = cast(column, String)
            values = {
                value
                for word in traces.words
                for value in db.scalars(select(told).where(told.icontains(word, autoescape=True)))
            }
            if any(traces.in_text(value) for value in values):
                found.append(
                    Text(
                        f"Tabel {table.name} masih menyebut peserta ini di {column.name}: ubah sendiri.",
                        f"The table {table.name} still tells of them in {column.name}: change that by hand.",
                    )
                )
    return found


def file_traces(root: Path, database: Path | None, traces: Traces, *, deleted_rows: bool) -> list[Text]:
    """Search all files below the library's folder; return a sentence for each that still tells of the person.

    With `deleted_rows` the database's own files are searched byte for byte too: SQLite may keep in them what was
    deleted. While a table still tells of the person, they do as well.
    """
    found: list[Text] = []
    own = (
        [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))] if database else []
    )
    for parent, folders, files in os.walk(root):
        here = Path(parent)
        found += [
            Text(
                f"Folder {here / name} masih memuat kode atau nama peserta ini: lihat isinya, lalu hapus sendiri.",
                f"The folder {here / name} still has their code or name: look at it and delete it by hand.",
            )
            for name in folders
            if traces.in_text(name)
        ]
        found += [
            Text(
                f"Berkas {here / name} masih menyebut peserta ini: lihat isinya, lalu hapus sendiri.",
                f"The file {here / name} still tells of them: look at it and delete it by hand.",
            )
            for name in files
            if here / name not in own and traces.in_file(here / name)
        ]
    found += [
        Text(
            f"Berkas {path} masih memuat yang dihapus: tutup semua program yang memakai perpustakaan, lalu "
            "periksa lagi.",
            f"The file {path} still holds what was deleted: close all programs that use the library, then "
            "look again.",
        )
        for path in own
        if deleted_rows and path.is_file() and traces.in_database_file(path.read_bytes())
    ]
    return found
