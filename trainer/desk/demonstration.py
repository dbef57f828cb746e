"""A demonstration as its folder holds it, for grading: the checklist, what there is to watch, what the camera saw."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.perception.observation import HANDS
from trainer.protocol.score import Score
from trainer.report.checklist import safe_to_show
from trainer.session.model import SessionMeta
from trainer.session.reader import open_thumbs, open_timeline, read_meta, read_score

VIDEO_TYPES: Mapping[str, str] = {
    ".webm": "video/webm",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
    ".ogv": "video/ogg",
}
"""Videos that browsers play, by the end of their name."""
_STATUSES = ("missing", "interpolated", "tracked", "detected")
_NOWHERE = -32768


@dataclass(frozen=True)
class DemonstrationView:
    """What a session folder says without its big tables.

    Attributes
    ----------
    folder : Path
        Where it lies.
    meta : SessionMeta
        ``session.json``.
    score : Score
        ``score.json``, its texts safe to show.
    """

    folder: Path
    meta: SessionMeta
    score: Score


def read_demonstration(folder: Path) -> DemonstrationView:
    """Read what grading needs first; the tables are read when they are asked for.

    Raises
    ------
    PijatError
        When the folder or one of the two files is gone or damaged.
    """
    return DemonstrationView(folder, read_meta(folder), safe_to_show(read_score(folder)))


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
    table = open_thumbs(folder)
    hands = [table[table["hand"] == hand].sort_values("time_s") for hand in HANDS]
    parts = [struct.pack("<4sII", b"PJT1", *(len(rows) for rows in hands))]
    for rows in hands:
        status = np.asarray([_STATUSES.index(s) for s in rows["status"]], dtype=np.uint8)
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

    thumbs = open_thumbs(folder)
    strokes = [
        [
            round(event.onset_s, 2),
            round(event.duration_s, 2),
            event.trial_type.value,
            event.hand,
            round(event.confidence, 2),
            None if event.cycles is None else round(event.cycles, 1),
        ]
        for event in events_of(open_timeline(folder))
    ]
    gaps = {}
    for hand in HANDS:
        track = track_of(thumbs, hand)
        gaps[hand] = [[round(a, 2), round(b, 2)] for a, b in runs(track.time_s, ~track.seen) if b - a > 0.2]
    return {"strokes": strokes, "unseen": gaps}


def _hundredths(values: NDArray[np.float64]) -> NDArray[np.int16]:
    known = np.isfinite(values) & (np.abs(values) < 300)
    return np.where(known, np.round(100 * np.where(known, values, 0.0)), _NOWHERE).astype("<i2")
