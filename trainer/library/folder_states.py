"""Session folders as they are found on disk: which there are, and whether one is still what it was."""

from pathlib import Path

from trainer.errors import PijatError, reason
from trainer.language import Text
from trainer.library.digest import folder_files, manifest_digest
from trainer.library.folder_facts import FolderFacts, read_folder
from trainer.library.records import SessionState
from trainer.session.model import SESSION_FILE

_LONGEST_PATH = 2000


def state_of(path: Path, digest: str) -> tuple[SessionState, Text | None]:
    """Return how a session folder is found now, by the digest it was imported with, and why where not as it was."""
    if not (path / SESSION_FILE).is_file():
        return "missing", Text(
            "Foldernya tidak ada: kembalikan, atau impor dari tempatnya sekarang.",
            "The folder is not there: put it back, or import it from where it lies now.",
        )
    try:
        if manifest_digest(folder_files(path)) == digest:
            return "present", None
    except PijatError as error:
        return "changed", error.text
    return "changed", Text(
        "Berkasnya bukan yang dulu diimpor: impor lagi, atau kembalikan yang lama.",
        "Its files are not those that were imported: import it again, or put the old ones back.",
    )


def read_named(folder: Path, text: str) -> FolderFacts:
    """Read a session folder that the database will call `text`.

    Raises
    ------
    PijatError
        When the name is no plain text, or the folder is no session.
    """
    if len(text.encode("utf-8", "surrogateescape")) > _LONGEST_PATH or not _is_text(text):
        raise PijatError(
            Text(
                "Letak folder ini berisi tanda yang bukan huruf biasa, atau lebih dari 2000 byte: pindahkan "
                "atau ganti namanya.",
                "Expected a path of plain text, at most 2000 bytes long: move or rename the folder.",
            )
        )
    try:
        return read_folder(folder)
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"Folder itu tidak dapat dibaca ({why.id}): periksa izinnya.",
                f"Could not read the folder: {why.en}.",
            )
        ) from error


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in text
