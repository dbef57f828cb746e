"""One file that holds a whole library: rows in a form that either database takes, session folders, checksums."""

import datetime as dt
import errno
import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from trainer import __version__
from trainer.errors import PijatError, UsageError, reason
from trainer.files import atomic_file
from trainer.language import Text
from trainer.library.accounts import SECRET_SETTINGS
from trainer.library.database import Database, utc_now
from trainer.library.digest import FileDigest, folder_names, manifest_digest
from trainer.library.dump import TABLES, table_rows
from trainer.library.migrate import HEAD
from trainer.library.store import Library
from trainer.library.tables import SessionRow
from trainer.session.model import SESSION_FILE

FORMAT, FORMAT_VERSION = "pijat-library-backup", 1
MANIFEST = "manifest.json"
_PIECE = 1024 * 1024
Progress = Callable[[int, int], None]
"""Told after each session: how many are done, and of how many."""


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds.

    Attributes
    ----------
    path : Path
        The file.
    rows : int
        In all tables.
    sessions, files : int
        Session folders and the files in them.
    bytes : int
        Size of the file.
    not_whole : tuple of (int, str)
        Sessions whose folder is missing, or is not as it was imported, and what of them was kept.
    """

    path: Path
    rows: int
    sessions: int
    files: int
    bytes: int
    not_whole: tuple[tuple[int, str], ...]


def backup(library: Library, target: str | Path, progress: Progress | None = None) -> BackupReport:
    """Write a backup of a library.

    The rows are those of one instant, while others may go on working. The file is there whole or not at all, and
    only its owner may read it: it holds people's data.

    Parameters
    ----------
    library : Library
        Open.
    target : str or Path
        The file to write; it must not be there yet.
    progress : callable, optional
        Told sessions done and sessions in all.

    Raises
    ------
    UsageError
        When something lies at `target`.
    PijatError
        When the disk is full or the file cannot be written.
    """
    path = Path(target)
    if path.exists():
        raise UsageError(
            Text(
                f"{path} sudah ada: beri nama lain untuk cadangan.",
                f"Expected a new file for the backup, but {path} is there already: choose another name.",
            ),
            "conflict",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(path, private=True) as file:
            report = _write(library.database, file, path, progress)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise PijatError(
                Text(
                    f"Disk penuh: sediakan tempat, lalu buat lagi cadangan {path}.",
                    f"The disk is full: free some room, then back up to {path} again.",
                ),
                "busy",
            ) from error
        raise PijatError(
            Text(
                f"{path} tidak dapat ditulis ({reason(error).id}): pilih tempat lain.",
                f"Could not write {path}: {error.strerror or error}: choose another place.",
            ),
            "busy",
        ) from error
    return report


def _write(database: Database, file: IO[bytes], path: Path, progress: Progress | None) -> BackupReport:
    tables: dict[str, Any] = {}
    sessions: dict[str, Any] = {}
    not_whole: list[tuple[int, str]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with database.reading() as db:
            if database.location.database is None:
                # All tables as of one instant; SQLite's transactions are so anyway.
                db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            folders = db.execute(
                select(SessionRow.id, SessionRow.folder, SessionRow.digest).order_by(SessionRow.id)
            ).all()
            for table in TABLES:
                tables[table.name] = _write_table(archive, db, table)
        for done, (number, folder, digest) in enumerate(folders, start=1):
            files, said = _write_folder(archive, number, database.folder_path(folder), digest)
            sessions[str(number)] = {"files": [asdict(kept) for kept in files]}
            if said:
                not_whole.append((number, said))
            if progress is not None:
                progress(done, len(folders))
        manifest = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "software_version": __version__,
            "revision": HEAD,
            "created": utc_now().isoformat(timespec="seconds"),
            "tables": tables,
            "sessions": sessions,
            "not_whole": [{"session": number, "reason": said} for number, said in not_whole],
        }
        archive.writestr(_info(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1))
    return BackupReport(
        path=path,
        rows=sum(table["rows"] for table in tables.values()),
        sessions=sum(bool(kept["files"]) for kept in sessions.values()),
        files=sum(len(kept["files"]) for kept in sessions.values()),
        bytes=file.tell(),
        not_whole=tuple(not_whole),
    )


def _write_table(archive: zipfile.ZipFile, session: Any, table: Any) -> dict[str, Any]:
    digest, rows = hashlib.sha256(), 0
    with archive.open(_info(f"database/{table.name}.jsonl"), "w", force_zip64=True) as member:
        for document in table_rows(session, table):
            if table.name == "setting" and document["key"] in SECRET_SETTINGS:
                continue
            line = (json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
            digest.update(line)
            member.write(line)
            rows += 1
    return {"rows": rows, "sha256": digest.hexdigest()}


def _write_folder(
    archive: zipfile.ZipFile, number: int, folder: Path, digest: str
) -> tuple[list[FileDigest], str]:
    if not (folder / SESSION_FILE).is_file():
        return [], "its folder is missing: only what the database knows was kept"
    try:
        names = folder_names(folder)
    except PijatError as error:
        return [], f"its folder was not kept: {error}"
    files = [_write_file(archive, number, folder, name) for name in names]
    if manifest_digest(files) != digest:
        return files, "its files are not those that were imported: they were kept as they are now"
    return files, ""


def _write_file(archive: zipfile.ZipFile, number: int, folder: Path, name: str) -> FileDigest:
    digest, size = hashlib.sha256(), 0
    try:
        source = (folder / name).open("rb")
    except OSError as error:
        raise PijatError(
            Text(
                f"{folder / name} tidak dapat dibaca ({reason(error).id}): periksa izinnya, lalu buat lagi "
                "cadangannya.",
                f"Could not read {folder / name}: {error.strerror or error}: then back up again.",
            )
        ) from error
    with source:
        made = os.fstat(source.fileno()).st_mtime
        with archive.open(_info(f"sessions/{number}/{name}", made), "w", force_zip64=True) as member:
            while piece := source.read(_PIECE):
                digest.update(piece)
                member.write(piece)
                size += len(piece)
    return FileDigest(name, digest.hexdigest(), size)


def _info(name: str, made: float | None = None) -> zipfile.ZipInfo:
    moment = dt.datetime.fromtimestamp(made, dt.UTC) if made is not None else utc_now()
    # ZIP knows the years 1980 to 2107.
    year = min(max(moment.year, 1980), 2107)
    info = zipfile.ZipInfo(name, (year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
    info.compress_type = (
        zipfile.ZIP_STORED if name.endswith((".webm", ".mp4", ".parquet")) else zipfile.ZIP_DEFLATED
    )
    info.external_attr = 0o600 << 16
    return info
