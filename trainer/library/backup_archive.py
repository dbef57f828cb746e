"""Reading a backup: its manifest and checksums, rows and session folders, with names that lead nowhere else."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library.backup import FORMAT, FORMAT_VERSION, MANIFEST
from trainer.library.dump import TABLES
from trainer.library.migrate import HEAD
from trainer.session.model import SESSION_FILE

_PIECE = 1024 * 1024
_LARGEST_MANIFEST = 512 * 1024 * 1024


def verified_manifest(archive: zipfile.ZipFile, path: Path) -> Mapping[str, Any]:
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


def session_places(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return where each session folder that the backup holds comes to lie, below the library's folder."""
    kept = {number for number, told in manifest["sessions"].items() if told["files"]}
    places: dict[str, str] = {}
    for document in table_rows(archive, "session"):
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


def table_rows(archive: zipfile.ZipFile, table: str) -> Iterator[dict[str, Any]]:
    """Yield a table's rows as they were written, by column."""
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


def extract_session(archive: zipfile.ZipFile, manifest: Mapping[str, Any], number: str, folder: Path) -> None:
    """Write a session's files into a folder."""
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
