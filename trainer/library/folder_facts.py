"""What a session folder tells the library: its two documents, strictly read, and the digests of its files."""

from dataclasses import dataclass
from pathlib import Path

from trainer.library.clean_text import title_text
from trainer.library.digest import VIDEO_SUFFIXES, FileDigest, folder_files, manifest_digest
from trainer.protocol.score import Measure, Score
from trainer.session.model import SessionMeta
from trainer.session.reader import read_meta, read_score


@dataclass(frozen=True)
class FolderFacts:
    """A session folder as the library keeps it."""

    title: str
    files: tuple[FileDigest, ...]
    digest: str
    meta: SessionMeta
    score: Score

    @property
    def recording(self) -> str:
        """What tells one recording from another.

        The video's SHA-256 where it is known, else when the session was made: a recording that is analysed anew
        stays the same one.
        """
        return self.meta.video.sha256 or self.meta.created_at.isoformat()

    @property
    def has_video(self) -> bool:
        """Whether a video lies in the folder."""
        return any(file.name.lower().endswith(VIDEO_SUFFIXES) for file in self.files)

    @property
    def confirmed(self) -> frozenset[str]:
        """The items that a person ticked while the massage was practised."""
        return frozenset(self.meta.confirmations or ())

    @property
    def measures(self) -> tuple[tuple[str, Measure], ...]:
        """Each measured value with the id of its item; the last of a name counts."""
        found = {(item.id, measure.name): measure for item in self.score.items for measure in item.measures}
        return tuple((item_id, measure) for (item_id, _), measure in found.items())


def read_folder(folder: Path) -> FolderFacts:
    """Read a session folder.

    Raises
    ------
    PijatError
        One sentence, when it is no session, was written by a newer program, or holds something impossible.
    """
    meta, score = read_meta(folder), read_score(folder)
    files = folder_files(folder)
    return FolderFacts(title_text(folder.name) or "session", files, manifest_digest(files), meta, score)
