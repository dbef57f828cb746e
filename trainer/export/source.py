"""What every exporter starts from: a named session, its timelines, and where its figures come from."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer import __version__
from trainer.errors import PijatError, reason
from trainer.files import write_atomically
from trainer.language import Text
from trainer.session.model import REVOLUTIONS_FILE, Session

if TYPE_CHECKING:
    import pandas as pd

HUMAN_EVENTS = "events_human.tsv"
"""The file beside ``events.tsv`` in which ``pijat import`` keeps a person's timeline."""
_PROVENANCE = (
    "software_version",
    "models",
    "protocol",
    "video",
    "calibration",
    "calibration_source",
    "parameters",
    "complete",
    "warnings",
)


@dataclass(frozen=True, eq=False)
class ExportSource:
    """A session about to be exported.

    Attributes
    ----------
    name : str
        Unique among the sessions of one export; the folder's name.
    session : Session
        The session itself.
    human : DataFrame or None
        A person's timeline of the same recording, columns as in ``events.tsv``.
    revolutions : DataFrame or None
        ``revolutions.tsv``: ``onset`` of each full revolution (s), ``event`` (row of its stroke), ``hand``.
    media : Path or None
        Where the video lies, if the person said so; else only its name is known.
    """

    name: str
    session: Session
    human: "pd.DataFrame | None" = None
    revolutions: "pd.DataFrame | None" = None
    media: Path | None = None

    @property
    def media_name(self) -> str:
        """File name of the analysed video."""
        return Path(self.session.meta.video.name).name or "unknown"

    @property
    def duration_ms(self) -> int:
        """Length of the recording: as long as the video, its last frame and its last stroke."""
        ends = [self.session.meta.video.duration_s]
        if len(self.session.thumbs):
            ends.append(float(self.session.thumbs["time_s"].max()))
        for table in self.timelines().values():
            if len(table):
                ends.append(float((table["onset"] + table["duration"]).max()))
        for item in self.session.score.items:
            ends += [evidence.end_s for evidence in item.evidence]
        return milliseconds(max(ends))

    @property
    def frame_rate_hz(self) -> float | None:
        """Median frame rate; None when unknown."""
        rate = self.session.meta.video.fps_median
        if rate:
            return rate
        import numpy as np

        times = np.unique(self.session.thumbs["time_s"].to_numpy(dtype=float))
        return float(1 / np.median(np.diff(times))) if len(times) > 1 else None

    def timelines(self) -> dict[str, "pd.DataFrame"]:
        """Return the events by source: ``predicted``, and ``human`` when a person annotated the recording."""
        found = {"predicted": self.session.events}
        if self.human is not None:
            found["human"] = self.human
        return found


def open_source(folder: Path, media: Path | None = None) -> ExportSource:
    """Open a session folder for export, with the human timeline when there is one."""
    from trainer.session.reader import open_revolutions, open_session, open_timeline

    session = open_session(folder)
    human, turns = folder / HUMAN_EVENTS, folder / REVOLUTIONS_FILE
    return ExportSource(
        name=folder.resolve().name,
        session=session,
        human=open_timeline(folder, HUMAN_EVENTS) if human.is_file() else None,
        revolutions=open_revolutions(folder, len(session.events)) if turns.is_file() else None,
        media=media,
    )


def check_names(sources: Sequence[ExportSource]) -> None:
    """Refuse sessions of one name: their files would overwrite each other.

    Raises
    ------
    PijatError
        Naming the first name that occurs twice.
    """
    seen: set[str] = set()
    for source in sources:
        if source.name in seen:
            raise PijatError(
                Text(
                    f"Nama sesi harus berbeda; {source.name} ada dua: ekspor terpisah.",
                    f"Expected sessions of different names, got {source.name} twice: export them apart.",
                ),
                "conflict",
            )
        seen.add(source.name)


def milliseconds(seconds: float) -> int:
    """Return whole milliseconds, the resolution of every exported time.

    Examples
    --------
    >>> milliseconds(1.2345)
    1234
    """
    return round(seconds * 1000)


def provenance(source: ExportSource) -> dict[str, Any]:
    """Return where the figures come from: software, models, protocol, video, calibration and parameters.

    Nothing in it changes from one export to the next, so that exports are identical byte by byte.
    """
    from trainer.session.meta_file import meta_document

    document = meta_document(source.session.meta)
    return {
        "exported_by": {"name": "pijat", "version": __version__},
        "session": source.name,
        "session_schema_version": document["schema_version"],
        **{name: document[name] for name in _PROVENANCE},
    }


def json_text(document: Any, indent: int | None = 2) -> str:
    """Return strict JSON (null for NaN), keys in their given order, ending in a newline."""
    return json.dumps(_clean(document), indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _clean(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_file(path: Path, content: str | bytes) -> Path:
    """Write a file so that it is there whole or not at all; return its path.

    Raises
    ------
    PijatError
        When the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise PijatError(
            Text(
                f"{path} tidak dapat ditulis ({reason(error).id}): pilih --out lain.",
                f"Expected to write {path}, but could not ({error}): choose another --out.",
            ),
            "busy",
        ) from error
    return path
