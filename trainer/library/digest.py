"""The files of a session folder and the digest by which it is recognised."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import PijatError, reason
from trainer.language import Text
from trainer.session.model import CONSENT_FILE, SESSION_FILE

VIDEO_SUFFIXES = (".webm", ".mp4", ".m4v", ".mkv", ".mov", ".avi", ".mjpeg")
UNCOUNTED_FILES = frozenset({"report.html", CONSENT_FILE})
"""Drawn from the other files whenever somebody asks, and what people say about them afterwards: neither changes what
was measured."""
LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})
"""What Windows leaves in a folder that somebody looks at: no part of the session."""
_MOST_FILES = 2000


@dataclass(frozen=True)
class FileDigest:
    """A file of a session folder: its name below the folder, SHA-256 (hex) and size."""

    name: str
    sha256: str
    bytes: int


def folder_files(folder: Path) -> tuple[FileDigest, ...]:
    """Return the files of a session folder, by name.

    Hidden files, `LEFT_BY_SYSTEMS` and links are none of it: a link may lead anywhere, and into no backup.

    Raises
    ------
    PijatError
        When a file cannot be read, has a name that is no text, or there are thousands.
    """
    return tuple(_digest(folder, name) for name in folder_names(folder))


def manifest_digest(files: Sequence[FileDigest]) -> str:
    """Return the SHA-256 (hex) of the manifest: one line a file, digest and name; `UNCOUNTED_FILES` left out."""
    lines = [f"{file.sha256}  {file.name}\n" for file in files if file.name not in UNCOUNTED_FILES]
    return hashlib.sha256("".join(sorted(lines)).encode("utf-8")).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_names(folder: Path) -> list[str]:
    """Return the names of the files of a session folder; see `folder_files`."""
    names: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=_raise):
        here = Path(parent)
        # Another session inside is a session of its own.
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and not (here / name / SESSION_FILE).is_file()
        ]
        names += [
            (here / name).relative_to(folder).as_posix()
            for name in files
            if not name.startswith(".")
            and name.lower() not in LEFT_BY_SYSTEMS
            and not (here / name).is_symlink()
            and (here / name).is_file()
        ]
        if len(names) > _MOST_FILES:
            raise PijatError(
                Text(
                    f"Ada lebih dari {_MOST_FILES} berkas di folder sesi ini: pindahkan yang bukan bagiannya.",
                    f"Expected a session folder, got more than {_MOST_FILES} files: move the others away.",
                )
            )
    for name in names:
        if not name.isprintable():
            raise PijatError(
                Text(
                    f"Nama berkas {ascii(name)[:80]} berisi tanda yang bukan huruf biasa: ganti namanya.",
                    f"Expected file names of plain text, got {ascii(name)[:80]}: rename the file.",
                )
            )
    return sorted(names)


def _digest(folder: Path, name: str) -> FileDigest:
    path = folder / name
    try:
        return FileDigest(name, sha256_of(path), path.stat().st_size)
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"Berkas {name} tidak dapat dibaca ({why.id}): periksa izinnya.",
                f"Could not read {name}: {why.en}.",
            ),
        ) from error


def _raise(error: OSError) -> None:
    why = reason(error)
    raise PijatError(
        Text(
            f"Folder itu tidak dapat dibaca ({why.id}): periksa izinnya.",
            f"Could not read the folder: {why.en}.",
        ),
    ) from error
