"""What an import, a check and a deletion came to: frozen records."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from trainer.language import Text

SessionState = Literal["present", "missing", "changed"]


@dataclass(frozen=True)
class ImportedSession:
    """A session that an import met."""

    session_id: int
    path: Path
    title: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did. Nothing is passed over in silence.

    Attributes
    ----------
    added, unchanged, changed : tuple of ImportedSession
        New sessions; known ones as they were; known ones whose files differ from the last import, taken anew.
    missing : tuple of ImportedSession
        Known sessions whose folder should lie below the imported one and does not.
    moved : tuple of ImportedSession
        Known sessions found at another place than before; the library follows them.
    refused : tuple of (Path, Text)
        Folders that could not be imported, and why.
    """

    added: tuple[ImportedSession, ...] = ()
    unchanged: tuple[ImportedSession, ...] = ()
    changed: tuple[ImportedSession, ...] = ()
    missing: tuple[ImportedSession, ...] = ()
    moved: tuple[ImportedSession, ...] = ()
    refused: tuple[tuple[Path, Text], ...] = ()


@dataclass(frozen=True)
class FolderFinding:
    """A session whose folder is not as it was imported; `reason` is a sentence."""

    session_id: int
    path: Path
    title: str
    state: SessionState
    reason: Text


@dataclass(frozen=True)
class DeletionReceipt:
    """What was deleted of a person, and that a search afterwards found nothing.

    Attributes
    ----------
    rows : mapping of str to int
        Rows deleted, by table.
    folders : tuple of Path
        Session folders that were deleted.
    exports : tuple of Path
        Files and folders made from their data below the library that were deleted.
    remaining : tuple of Text
        One sentence for each thing of theirs that the search found still there; empty when all is gone.
    verified : bool
        Whether the search afterwards found nothing.
    """

    at: dt.datetime
    rows: Mapping[str, int]
    folders: tuple[Path, ...]
    exports: tuple[Path, ...]
    remaining: tuple[Text, ...] = field(default=())

    @property
    def verified(self) -> bool:
        """Whether the search afterwards found nothing."""
        return not self.remaining
