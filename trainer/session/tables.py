"""Between typed results and the tables of a session folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trainer.back.track import ThumbTrack
from trainer.perception.observation import HANDS, Hand, Status
from trainer.session.model import EVENTS_COLUMNS, EVENTS_TEXT_COLUMNS, REVOLUTIONS_COLUMNS, THUMBS_COLUMNS
from trainer.strokes.event import StrokeEvent, StrokeType

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_DECIMALS = {"onset": 4, "duration": 4, "confidence": 4, "observed": 4, "rate_hz": 4}
_OTHER_DECIMALS = 3


def events_frame(events: Sequence[StrokeEvent]) -> pd.DataFrame:
    """Return strokes as the table of ``events.tsv``: NaN for n/a, seconds to 0.1 ms, cm to 0.01 mm."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for event in events:
        row = dataclasses.asdict(event)
        row["onset"], row["duration"] = row.pop("onset_s"), row.pop("duration_s")
        row["trial_type"] = event.trial_type.value
        rows.append({name: row[name] for name in EVENTS_COLUMNS})
    table = pd.DataFrame(rows, columns=list(EVENTS_COLUMNS))
    for name in EVENTS_COLUMNS:
        if name in EVENTS_TEXT_COLUMNS:
            table[name] = table[name].astype(object).where(table[name].notna(), np.nan)
        else:
            table[name] = table[name].astype(float).round(_DECIMALS.get(name, _OTHER_DECIMALS))
    return table


def events_from_frame(
    table: pd.DataFrame, revolutions: pd.DataFrame | None = None
) -> tuple[StrokeEvent, ...]:
    """Return the strokes of a table; `revolutions` gives the onset of each revolution, if kept."""
    import pandas as pd

    onsets: dict[int, list[float]] = {}
    if revolutions is not None:
        for number, onset in zip(revolutions["event"], revolutions["onset"], strict=True):
            onsets.setdefault(int(number), []).append(float(onset))
    events = []
    for number, row in enumerate(table.to_dict("records")):
        values: dict[str, Any] = {
            str(key): None if pd.isna(value) else value for key, value in row.items() if key in EVENTS_COLUMNS
        }
        onset, duration = float(values.pop("onset")), float(values.pop("duration"))
        kind = StrokeType(values.pop("trial_type"))
        times = tuple(onsets.get(number, ()))
        events.append(StrokeEvent(onset, duration, kind, revolution_onsets_s=times, **values))
    return tuple(events)


def revolutions_frame(events: Sequence[StrokeEvent]) -> pd.DataFrame:
    """Return the onset of each revolution in seconds, with the row number of its stroke in ``events.tsv``."""
    import pandas as pd

    rows = [
        (round(onset, 4), number, event.hand)
        for number, event in enumerate(events)
        for onset in event.revolution_onsets_s
    ]
    return pd.DataFrame(rows, columns=list(REVOLUTIONS_COLUMNS))


def thumbs_frame(tracks: Mapping[Hand, ThumbTrack], index: NDArray[np.int64]) -> pd.DataFrame:
    """Return thumb tracks as the table of ``thumbs.parquet``: one row per frame and hand, in order of time.

    Parameters
    ----------
    tracks : mapping of hand to ThumbTrack
        All of the same n frames.
    index : ndarray of int, shape (n,)
        Frame numbers.
    """
    import pandas as pd

    parts = []
    for hand, track in tracks.items():
        columns = {name: getattr(track, name) for name in THUMBS_COLUMNS if name not in ("frame", "hand")}
        if columns["palm_cm"] is None:
            columns["palm_cm"] = np.full(len(track), np.nan)
        parts.append(pd.DataFrame({"frame": index, "hand": hand, **columns})[list(THUMBS_COLUMNS)])
    if not parts:
        return pd.DataFrame(columns=list(THUMBS_COLUMNS))
    return pd.concat(parts, ignore_index=True).sort_values(
        ["frame", "hand"], kind="stable", ignore_index=True
    )


def tracks_from_frame(table: pd.DataFrame) -> dict[Hand, ThumbTrack]:
    """Return the thumb tracks of a ``thumbs.parquet`` table."""
    tracks: dict[Hand, ThumbTrack] = {}
    for hand in HANDS:
        rows = table[table["hand"] == hand].sort_values("frame")
        numbers = {
            name: rows[name].to_numpy(dtype=float)
            for name in THUMBS_COLUMNS
            if name in rows and name not in ("frame", "hand", "status")
        }
        status = rows["status"].fillna(Status.MISSING.value).to_numpy(dtype=str)
        tracks[hand] = ThumbTrack(hand=hand, status=status, **numbers)
    return tracks
