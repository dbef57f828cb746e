"""A demonstration as its folder holds it, for grading: the checklist, what there is to watch, what the camera saw."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text
from trainer.perception.observation import HANDS
from trainer.report.checklist import Checklist, Item, read_checklist
from trainer.session.folder import SESSION_FILE

VIDEO_TYPES: Mapping[str, str] = {
    ".webm": "video/webm",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
    ".ogv": "video/ogg",
}
"""Videos that browsers play, by the end of their name."""
_MOST_JSON = 20 * 1024 * 1024
_STATUSES = ("missing", "interpolated", "tracked", "detected")
_NOWHERE = -32768


@dataclass(frozen=True)
class DemonstrationView:
    """What a session folder says without its big tables.

    Attributes
    ----------
    folder : Path
        Where it lies.
    meta, score : mapping
        ``session.json`` and ``score.json``.
    checklist : Checklist
        The score as it is shown.
    video : Path or None
        The video that was kept.
    """

    folder: Path
    meta: Mapping[str, Any]
    score: Mapping[str, Any]
    checklist: Checklist
    video: Path | None

    @property
    def duration_s(self) -> float:
        """Length in seconds; 0 when not said."""
        value = (self.meta.get("video") or {}).get("duration_s")
        return float(value) if isinstance(value, int | float) and value > 0 else 0.0

    def item(self, item_id: str) -> Item | None:
        """Return the item of that id."""
        return next((item for item in self.checklist.items if item.id == item_id), None)


def read_demonstration(folder: Path) -> DemonstrationView:
    """Read what grading needs first; the tables are read when they are asked for.

    Raises
    ------
    PijatError
        When the folder or one of the two files is gone or damaged.
    """
    meta, score = _object(folder / SESSION_FILE), _object(folder / "score.json")
    return DemonstrationView(folder, meta, score, read_checklist(score), video_of(folder, meta))


def video_of(folder: Path, meta: Mapping[str, Any]) -> Path | None:
    """Return the video that lies in the session folder itself, never one elsewhere."""
    name = str((meta.get("video") or {}).get("name") or "")
    path = folder / name
    plain = name == Path(name).name and not name.startswith(".") and "\\" not in name
    if not plain or path.suffix.lower() not in VIDEO_TYPES or path.is_symlink() or not path.is_file():
        return None
    return path if path.resolve().parent == folder.resolve() else None


def thumbs_bytes(folder: Path) -> bytes:
    """Return both thumbs' paths as the replay reads them.

    Returns
    -------
    bytes
        ``PJT1``, the number of rows of the left and of the right hand (uint32), then for each hand: seconds
        (float32), lateral and caudal position in hundredths of a cm (int16, -32768 for unknown), status
        (uint8: 0 missing, 1 interpolated, 2 tracked, 3 detected) padded to four bytes. Little-endian.

    Raises
    ------
    PijatError
        When the table is gone or damaged.
    """
    import pandas as pd
    import pyarrow

    path = folder / "thumbs.parquet"
    columns = ["time_s", "hand", "lateral_cm", "caudal_cm", "status"]
    try:
        table = pd.read_parquet(path, columns=columns)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise PijatError(
            Text(
                f"Tabel ibu jari di folder {folder.name} tidak terbaca: analisis lagi videonya.",
                f"Expected the thumbs' table in {folder.name}, got none that can be read.",
            ),
            "missing" if isinstance(error, FileNotFoundError) else "invalid",
        ) from error
    hands = [table[table["hand"] == hand].sort_values("time_s") for hand in HANDS]
    parts = [struct.pack("<4sII", b"PJT1", *(len(rows) for rows in hands))]
    for rows in hands:
        status = np.asarray(
            [_STATUSES.index(s) if s in _STATUSES else 0 for s in rows["status"]], dtype=np.uint8
        )
        parts += [
            rows["time_s"].to_numpy(dtype="<f4").tobytes(),
            _hundredths(rows["lateral_cm"].to_numpy(dtype=float, na_value=np.nan)).tobytes(),
            _hundredths(rows["caudal_cm"].to_numpy(dtype=float, na_value=np.nan)).tobytes(),
            status.tobytes() + b"\0" * (-len(status) % 4),
        ]
    return b"".join(parts)


def timeline_document(folder: Path) -> dict[str, Any]:
    """Return both hands' strokes and the times in which each was not seen, in seconds.

    Raises
    ------
    PijatError
        When a table is gone or damaged.
    """
    from trainer.report.summary import events_of, runs, track_of
    from trainer.session.reader import open_session

    session = open_session(folder)
    strokes = [
        [
            round(event.onset_s, 2),
            round(event.duration_s, 2),
            event.trial_type.value,
            event.hand,
            round(event.confidence, 2),
            None if event.cycles is None else round(event.cycles, 1),
        ]
        for event in events_of(session)
    ]
    gaps = {}
    for hand in HANDS:
        track = track_of(session, hand)
        gaps[hand] = [[round(a, 2), round(b, 2)] for a, b in runs(track.time_s, ~track.seen) if b - a > 0.2]
    return {"strokes": strokes, "unseen": gaps}


def _hundredths(values: NDArray[np.float64]) -> NDArray[np.int16]:
    known = np.isfinite(values) & (np.abs(values) < 300)
    return np.where(known, np.round(100 * np.where(known, values, 0.0)), _NOWHERE).astype("<i2")


def _object(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_JSON:
            raise PijatError(
                Text(
                    f"{path.name} lebih dari 20 MB: ini bukan folder sesi.",
                    f"Expected {path.name} below 20 MB, got a larger one: this is no session folder.",
                )
            )
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PijatError(
            Text(
                f"Folder {path.parent.name} tidak lengkap lagi ({path.name} tidak ada): dipindah atau dihapus. "
                "Kembalikan, atau impor dari tempatnya sekarang.",
                f"Expected {path.name} in the folder {path.parent.name}, found none: it was moved or deleted. "
                "Put it back, or import it from where it is now.",
            ),
            "missing",
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise PijatError(
            Text(
                f"{path.name} di folder {path.parent.name} tidak terbaca: analisis lagi videonya.",
                f"Expected {path.name} of {path.parent.name} to be readable, got: {error}.",
            )
        ) from error
    if not isinstance(document, dict):
        raise PijatError(
            Text(
                f"Isi {path.name} di folder {path.parent.name} bukan dari Pijat: analisis lagi videonya.",
                f"Expected an object in {path.name} of {path.parent.name}, got something else.",
            )
        )
    return document
