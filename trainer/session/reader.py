"""The one reader of a session folder: strict, for the folder may come from anywhere.

Each part can be read for itself; `open_session` reads all of them. Whatever is not as docs/data-formats.md says ends
in one sentence that names the file and the field, before it costs much memory.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import PijatError
from trainer.language import Text
from trainer.protocol.score import SCORE_SCHEMA_VERSION, Score
from trainer.session.files import inside, read_group
from trainer.session.meta_file import parse_meta
from trainer.session.model import (
    EVENTS_FILE,
    LANDMARKS_FILE,
    REVOLUTIONS_FILE,
    SCORE_FILE,
    SESSION_FILE,
    SESSION_SCHEMA_VERSION,
    THUMBS_FILE,
    Session,
    SessionMeta,
)
from trainer.session.parquet_files import no_landmarks, read_landmarks, read_thumbs
from trainer.session.score_file import parse_score
from trainer.session.table_files import read_events, read_revolutions

if TYPE_CHECKING:
    import pandas as pd


def open_session(path: str | Path, *, landmarks: bool = True) -> Session:
    """Open a session folder.

    Parameters
    ----------
    path : str or Path
        What ``pijat analyze --out`` wrote.
    landmarks : bool
        Whether to read the landmarks, by far the largest part; the table has no rows otherwise.

    Returns
    -------
    Session

    Raises
    ------
    PijatError
        When the folder is no session, was written by a newer version, lacks a file or column, or holds something
        impossible.
    """
    folder = Path(path)
    # The small files first: what is wrong with them is found at once.
    meta, score, events = read_meta(folder), read_score(folder), open_timeline(folder)
    return Session(
        path=folder,
        meta=meta,
        landmarks=read_landmarks(inside(folder, LANDMARKS_FILE)) if landmarks else no_landmarks(),
        thumbs=open_thumbs(folder),
        events=events,
        score=score,
    )


def read_meta(folder: Path) -> SessionMeta:
    """Read ``session.json`` of a session folder; raises PijatError as `open_session`."""
    if not folder.is_dir():
        raise PijatError(
            Text(
                f"Tidak ada folder sesi di {folder}: periksa namanya.",
                f"Expected a session folder, found none at {folder}.",
            ),
            "missing",
        )
    if not (folder / SESSION_FILE).is_file():
        raise PijatError(
            Text(
                f"{folder} bukan folder sesi: pilih folder yang ditulis pijat analyze.",
                f"Expected {SESSION_FILE} in {folder}, found none: give the folder that pijat analyze wrote.",
            ),
            "missing",
        )
    return parse_meta(read_group(folder, SESSION_FILE, SESSION_SCHEMA_VERSION))


def read_score(folder: Path) -> Score:
    """Read ``score.json`` of a session folder; raises PijatError as `open_session`."""
    return parse_score(read_group(folder, SCORE_FILE, SCORE_SCHEMA_VERSION))


def open_thumbs(folder: Path) -> "pd.DataFrame":
    """Read ``thumbs.parquet`` of a session folder; raises PijatError as `open_session`."""
    return read_thumbs(inside(folder, THUMBS_FILE))


def open_timeline(folder: Path, name: str = EVENTS_FILE) -> "pd.DataFrame":
    """Read ``events.tsv`` of a session folder, or a person's beside it; raises PijatError as `open_session`."""
    return read_events(inside(folder, name))


def open_revolutions(folder: Path, events: int) -> "pd.DataFrame":
    """Read ``revolutions.tsv`` of a session folder with that many events; raises PijatError as `open_session`."""
    return read_revolutions(inside(folder, REVOLUTIONS_FILE), events)
