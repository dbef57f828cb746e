"""Making a library again from a backup: everything is verified first, and nothing is overwritten."""

import errno
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from trainer.errors import PijatError, UsageError, reason
from trainer.language import Text
from trainer.library.backup_archive import extract_session, session_places, table_rows, verified_manifest
from trainer.library.dump import TABLES, insert_rows, row_values
from trainer.library.engine import make_engines
from trainer.library.faults import plain_error
from trainer.library.location import Location, locate
from trainer.library.migrate import HEAD, run_migrations

_BATCH = 1000


@dataclass(frozen=True)
class RestoreReport:
    """What was made again: rows of all tables, session folders and their files; all checksums were right."""

    rows: int
    sessions: int
    files: int


def restore(source: str | Path, into: str | Path, *, root: Path | None = None) -> RestoreReport:
    """Make a library from a backup, in either database, whichever it was made from.

    Session folders that lay in the library's folder lie at the same place in the new one; those that lay elsewhere
    come to ``sessions/restored-N``.

    Parameters
    ----------
    source : str or Path
        The backup.
    into : str or Path
        The new library, as for `trainer.library.store.open_library`: no database may be there yet, or an empty
        one on a server.
    root : Path, optional
        The new library's folder.

    Raises
    ------
    UsageError
        When a library is there already, or no backup.
    PijatError
        When the backup is damaged or was made by a newer Pijat, or the disk is full; nothing is left then.
    """
    location = locate(into, root)
    path = Path(source)
    if not path.is_file():
        raise UsageError(
            Text(
                f"Tidak ada cadangan di {path}: periksa namanya.",
                f"Expected a backup at {path}, found none.",
            ),
            "missing",
        )
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = verified_manifest(archive, path)
            return _restore(archive, manifest, location)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise PijatError(
            Text(
                f"{path} bukan cadangan perpustakaan, atau rusak: pakai yang lain.",
                f"Expected a backup of a library at {path}, got a damaged or another file.",
            )
        ) from error
    except SQLAlchemyError as error:
        plain = plain_error(error, location.shown)
        if plain is None:
            raise
        raise plain from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise PijatError(
                Text(
                    "Disk penuh: sediakan tempat, lalu pulihkan lagi; tidak ada yang tertinggal.",
                    "The disk is full: free some room, then restore again; nothing was left.",
                ),
                "busy",
            ) from error
        raise PijatError(
            Text(
                f"Tidak dapat dipulihkan ({reason(error).id}).",
                f"Could not restore: {error.strerror or error}.",
            ),
            "busy",
        ) from error


def _make_room(archive: zipfile.ZipFile, location: Location, places: Mapping[str, str]) -> None:
    """Make the library's folder; refuse where a library or a session folder lies already, or the disk is too small."""
    if location.database is not None and location.database.exists():
        raise UsageError(
            Text(
                f"Sudah ada perpustakaan di {location.shown}: pilih tempat lain.",
                f"Expected no library at {location.shown} yet, found one: choose another place.",
            ),
            "conflict",
        )
    location.root.mkdir(parents=True, exist_ok=True)
    if location.database is not None:
        location.database.parent.mkdir(parents=True, exist_ok=True)
    needed = sum(info.file_size for info in archive.infolist())
    if shutil.disk_usage(location.root).free < needed:
        raise PijatError(
            Text(
                f"Perpustakaan memerlukan {needed // 2**20 + 1} MiB tempat kosong: sediakan dahulu.",
                f"Expected {needed // 2**20 + 1} MiB of free room for the library, got less: free some.",
            ),
            "busy",
        )
    for place in places.values():
        if (location.root / place).exists():
            raise UsageError(
                Text(
                    f"Sudah ada folder di {location.root / place}: pilih tempat lain.",
                    f"Expected nothing at {location.root / place} yet, found a folder: choose another place.",
                ),
                "conflict",
            )


def _restore(archive: zipfile.ZipFile, manifest: Mapping[str, Any], location: Location) -> RestoreReport:
    places = session_places(archive, manifest)
    _make_room(archive, location, places)
    reader, writer = make_engines(location)
    moved: list[Path] = []
    try:
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=location.root) as folder:
            for number in places:
                extract_session(archive, manifest, number, Path(folder) / number)
            with writer.begin() as connection:
                rows = _fill_database(connection, archive, manifest, places, location.shown)
                for number, place in places.items():
                    target = location.root / place
                    target.parent.mkdir(parents=True, exist_ok=True)
                    (Path(folder) / number).rename(target)
                    moved.append(target)
    except BaseException:
        reader.dispose()
        for target in moved:
            shutil.rmtree(target, ignore_errors=True)
        if location.database is not None:
            for end in ("", "-wal", "-shm"):
                location.database.with_name(location.database.name + end).unlink(missing_ok=True)
        raise
    reader.dispose()
    files = sum(len(told["files"]) for told in manifest["sessions"].values())
    return RestoreReport(rows, len(places), files)


def _fill_database(
    connection: Connection,
    archive: zipfile.ZipFile,
    manifest: Mapping[str, Any],
    places: Mapping[str, str],
    shown: str,
) -> int:
    """Make the tables and bring in all rows; return how many."""
    if inspect(connection).get_table_names():
        raise UsageError(
            Text(
                f"Basis data di {shown} tidak kosong: pilih yang lain.",
                f"Expected an empty database at {shown}, found tables: choose another.",
            ),
            "conflict",
        )
    run_migrations(connection, HEAD)
    rows = sum(_fill(connection, archive, table, places) for table in TABLES)
    if rows != sum(int(told["rows"]) for told in manifest["tables"].values()):
        raise PijatError(
            Text(
                "Jumlah baris dalam cadangan tidak sesuai catatannya: cadangan ini rusak.",
                "Expected as many rows as the backup says, got others: it is damaged.",
            )
        )
    _count_on(connection)
    return rows


def _fill(connection: Connection, archive: zipfile.ZipFile, table: Table, places: Mapping[str, str]) -> int:
    rows, batch = 0, []
    for document in table_rows(archive, table.name):
        values = row_values(table, document)
        if table.name == "session" and str(values["id"]) in places:
            values["folder"] = places[str(values["id"])]
        batch.append(values)
        rows += 1
        if len(batch) >= _BATCH:
            insert_rows(connection, table, batch)
            batch = []
    insert_rows(connection, table, batch)
    return rows


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that were brought along; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES:
        if "id" in table.columns:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                    f"coalesce((SELECT max(id) FROM {table.name}), 0) + 1, false)"
                )
            )
