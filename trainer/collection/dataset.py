"""A folder of collected pictures: each session's begin with its consent's id, and so are found again."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from trainer.errors import PijatError, UsageError, reason
from trainer.files import write_atomically
from trainer.language import Text, both
from trainer.session.fields import LONGEST_NAME, writable
from trainer.session.files import read_group
from trainer.session.model import DATASET_FILE

DATASET_SCHEMA_VERSION = 1
_KIND = "pijat-own-recordings"
_FILE = re.compile(r"(?:labels_)?([0-9a-f]{32})(?:_\d{7,9}\.jpg|\.jsonl)")


def prepare(folder: Path) -> None:
    """Make the folder a data set, if it is absent or empty; leave it as it is if it is one.

    Raises
    ------
    UsageError
        When something else lies there.
    PijatError
        When its ``dataset.json`` is damaged, or nothing can be written there.
    """
    if len(str(folder)) > LONGEST_NAME or writable(str(folder)) != str(folder):
        raise UsageError(
            Text(
                f"Letak folder itu harus huruf biasa, paling panjang {LONGEST_NAME} huruf: pilih yang lain.",
                f"Expected a path of plain text, at most {LONGEST_NAME} letters long: choose another --out.",
            )
        )
    if is_dataset(folder):
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            Text(
                f"Isi {folder} bukan kumpulan gambar Pijat: pilih folder baru atau yang kosong.",
                f"Expected {folder} to be absent, empty or a data set of pijat collect, found something else: "
                "choose another --out.",
            ),
            "conflict",
        )
    document = {"schema_version": DATASET_SCHEMA_VERSION, "kind": _KIND}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / DATASET_FILE, json.dumps(document, indent=1) + "\n")
    except OSError as error:
        raise _cannot_write(folder, error) from error


def is_dataset(folder: Path) -> bool:
    """Whether a folder holds collected pictures; raises PijatError when it says so in a way that cannot be read."""
    try:
        if not (folder / DATASET_FILE).exists():
            return False
    except OSError:
        return False
    kind = read_group(folder, DATASET_FILE, DATASET_SCHEMA_VERSION).take("kind")
    if kind.word() != _KIND:
        kind.fail(both(_KIND))
    return True


def write_pictures(folder: Path, consent_id: str, pictures: Iterable[tuple[bytes, dict[str, Any]]]) -> int:
    """Put the pictures of one session into a data set in place of those that are there; return how many.

    The labels come last, in one go: a picture that nothing tells of yet is none, and is overwritten or removed with
    the others.

    Parameters
    ----------
    folder : Path
        The data set.
    consent_id : str
        The session's.
    pictures : iterable of (bytes, dict)
        A JPEG and its label, whose ``file`` is `picture_name`.

    Raises
    ------
    PijatError
        When it cannot be written; what was there before is gone then.
    """
    remove_pictures(folder, consent_id)
    lines: list[str] = []
    try:
        for content, label in pictures:
            write_atomically(folder / str(label["file"]), content)
            lines.append(json.dumps(label, allow_nan=False) + "\n")
        if lines:
            write_atomically(folder / f"labels_{consent_id}.jsonl", "".join(lines))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return len(lines)


def picture_name(consent_id: str, time_s: float) -> str:
    """Return a picture's name: whose it is, and when, in milliseconds."""
    return f"{consent_id}_{round(1000 * time_s):07d}.jpg"


def remove_pictures(folder: Path, consent_id: str) -> int:
    """Delete a session's pictures and labels from a data set; return how many pictures.

    Raises
    ------
    PijatError
        When a file cannot be deleted.
    """
    removed = 0
    try:
        # Labels first: no label tells of a picture that is gone.
        for path in sorted(folder.iterdir(), key=lambda path: (path.suffix == ".jpg", path.name)):
            found = _FILE.fullmatch(path.name)
            if found and found.group(1) == consent_id:
                path.unlink()
                removed += path.suffix == ".jpg"
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return removed


def _cannot_write(folder: Path, error: OSError) -> PijatError:
    why = reason(error)
    return PijatError(
        Text(
            f"{folder} tidak dapat ditulis ({why.id}): periksa izinnya, atau sediakan tempat.",
            f"Could not write to {folder}: {why.en}.",
        ),
        "busy",
    )
