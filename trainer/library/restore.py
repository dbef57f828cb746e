"""Making a library again from a backup: everything is verified first, and nothing is overwritten."""

import errno
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from trainer.errors import PijatError, UsageError, reason
from trainer.language import Text
from trainer.library.backup import FORMAT, FORMAT_VERSION, MANIFEST
from trainer.library.dump import TABLES, insert_rows, row_values
from trainer.library.engine import make_engines
from trainer.library.faults import plain_error
from trainer.library.folder_facts import SESSION_FILE
from trainer.library.location import Location, locate
from trainer.library.migrate import HEAD, run_migrations

_PIECE = 1024 * 1024
_BATCH = 1000
_LARGEST_MANIFEST = 512 * 1024 * 1024


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
            manifest = _verified(archive, path)
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


def _verified(archive: zipfile.ZipFile, path: Path) -> Mapping[str, Any]:
    """Return the manifest once every member is there, is listed, and has its checksum."""
    wrong = PijatError(
        Text(
            f"Cadangan {path} tidak utuh: pakai yang lain.",
            f"Expected a whole backup at {path}, got a damaged one: use another.",
        )
    )
    members = {info.filename: info for info in archive.infolist()}
    if MANIFEST not in members or members[MANIFEST].file_size > _LARGEST_MANIFEST:
        raise PijatError(
            Text(
                f"{path} berkas ZIP lain, bukan cadangan perpustakaan.",
                f"Expected a backup of a library at {path}, got another ZIP file.",
            )
        )
    try:
        manifest = json.loads(archive.read(MANIFEST))
        if manifest["format"] != FORMAT:
            raise PijatError(
                Text(
                    f"{path} berkas ZIP lain, bukan cadangan perpustakaan.",
                    f"Expected a backup of a library at {path}, got another ZIP file.",
                )
            )
        if manifest["format_version"] != FORMAT_VERSION or manifest["revision"] != HEAD:
            raise PijatError(
                Text(
                    f"Cadangan {path} dibuat Pijat versi lain: pasang versi terbaru.",
                    f"The backup {path} was made by another version of Pijat: install the newest one.",
                )
            )
        listed = {
            f"database/{name}.jsonl": (str(told["sha256"]), None) for name, told in manifest["tables"].items()
        }
        for number, told in manifest["sessions"].items():
            for file in told["files"]:
                listed[f"sessions/{int(number)}/{_safe(file['name'])}"] = (file["sha256"], file["bytes"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise wrong from error
    if set(listed) | {MANIFEST} != set(members) or len(members) != len(archive.infolist()):
        raise wrong
    if {f"database/{table.name}.jsonl" for table in TABLES} - set(listed):
        raise wrong
    for name, (sha256, size) in listed.items():
        if (size is not None and members[name].file_size != size) or _digest(archive, name) != sha256:
            raise PijatError(
                Text(
                    f"Isi {name} lain dari saat cadangan {path} dibuat: cadangan ini rusak.",
                    f"Expected {name} as it was in the backup {path}, got other content: it is damaged.",
                )
            )
    found: Mapping[str, Any] = manifest
    return found


def _safe(name: str) -> str:
    """Return a file's name below its session folder; raise ValueError when it leads anywhere else."""
    parts = PurePosixPath(name).parts
    if (
        not parts
        or name.startswith("/")
        or ".." in parts
        or "\\" in name
        or ":" in parts[0]
        or not name.isprintable()
    ):
        raise ValueError(name)
    return name


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        while piece := member.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _restore(archive: zipfile.ZipFile, manifest: Mapping[str, Any], location: Location) -> RestoreReport:
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
    places = _places(archive, manifest)
    for place in places.values():
        if (location.root / place).exists():
            raise UsageError(
                Text(
                    f"Sudah ada folder di {location.root / place}: pilih tempat lain.",
                    f"Expected nothing at {location.root / place} yet, found a folder: choose another place.",
                ),
                "conflict",
            )
    reader, writer = make_engines(location)
    moved: list[Path] = []
    try:
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=location.root) as folder:
            for number in places:
                _extract(archive, manifest, number, Path(folder) / number)
            with writer.begin() as connection:
                if inspect(connection).get_table_names():
                    raise UsageError(
                        Text(
                            f"Basis data di {location.shown} tidak kosong: pilih yang lain.",
                            f"Expected an empty database at {location.shown}, found tables: choose another.",
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


def _places(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return where each session folder that the backup holds comes to lie, below the library's folder."""
    kept = {number for number, told in manifest["sessions"].items() if told["files"]}
    places: dict[str, str] = {}
    for document in _lines(archive, "session"):
        number, folder = str(document["id"]), str(document["folder"])
        if number not in kept:
            continue
        try:
            inside = _safe(folder) != "." and not folder.startswith(".")
        except ValueError:
            inside = False
        places[number] = folder if inside else f"sessions/restored-{number}"
    if len(set(places.values())) != len(kept):
        raise PijatError(
            Text(
                "Setiap sesi harus ada sekali dalam cadangan: cadangan ini rusak.",
                "Expected each session of the backup once, got others: it is damaged.",
            )
        )
    return places


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[dict[str, Any]]:
    with archive.open(f"database/{table}.jsonl") as member:
        for line in member:
            try:
                document = json.loads(line)
            except ValueError as error:
                raise PijatError(
                    Text(
                        f"Baris {table} dalam cadangan tidak terbaca: cadangan ini rusak.",
                        f"Expected rows of {table} in the backup, got something else.",
                    )
                ) from error
            if not isinstance(document, dict):
                raise PijatError(
                    Text(
                        f"Baris {table} dalam cadangan tidak terbaca: cadangan ini rusak.",
                        f"Expected rows of {table} in the backup, got something else.",
                    )
                )
            yield document


def _extract(archive: zipfile.ZipFile, manifest: Mapping[str, Any], number: str, folder: Path) -> None:
    for file in manifest["sessions"][number]["files"]:
        target = folder / _safe(file["name"])
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(f"sessions/{number}/{file['name']}") as member, target.open("xb") as copy:
            shutil.copyfileobj(member, copy, _PIECE)
    if not (folder / SESSION_FILE).is_file():
        raise PijatError(
            Text(
                f"{SESSION_FILE} dari sesi {number} tidak ada dalam cadangan: cadangan ini rusak.",
                f"Expected {SESSION_FILE} of session {number} in the backup, found none: it is damaged.",
            )
        )


def _fill(connection: Connection, archive: zipfile.ZipFile, table: Table, places: Mapping[str, str]) -> int:
    rows, batch = 0, []
    for document in _lines(archive, table.name):
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
