"""Labelled sessions of one's own, as `datasets/strokes/README.md` describes them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trainer.back.track import ThumbTrack
from trainer.errors import PijatError
from trainer.language import Text
from trainer.perception.observation import HANDS, Hand
from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.measure import describe
from trainer.strokes.track_file import read_tracks, tracks_from_table

if TYPE_CHECKING:
    import pandas as pd

_EVENT_COLUMNS = ("onset", "duration", "trial_type")


@dataclass(frozen=True, eq=False)
class TrackRecording:
    """One labelled recording.

    Attributes
    ----------
    name : str
        Of the recording.
    group : str
        The person who massaged; people are never split between training and test.
    tracks : dict of hand to ThumbTrack
    events : dict of hand to tuple of StrokeEvent
        As a person labelled them.
    """

    name: str
    group: str
    tracks: dict[Hand, ThumbTrack]
    events: dict[Hand, tuple[StrokeEvent, ...]]


def read_dataset(folder: Path) -> list[TrackRecording]:
    """Read a data set: a folder with ``dataset.json``, or a folder of session folders with human timelines.

    Raises
    ------
    PijatError
        With one sentence on what is missing or wrong.
    """
    if not folder.is_dir():
        raise PijatError(
            Text(
                f"Tidak ada folder kumpulan data di {folder}: periksa namanya.",
                f"Expected a folder with a data set at {folder}, found none.",
            ),
            "missing",
        )
    index = folder / "dataset.json"
    recordings = _indexed(folder, index) if index.is_file() else _sessions(folder)
    if not recordings:
        raise PijatError(
            Text(
                f"Dalam {folder} tidak ada dataset.json atau folder sesi dengan events_human.tsv: beri label pada "
                "sesi lalu masukkan dengan `pijat import`, atau lihat datasets/strokes/README.md.",
                f"Expected dataset.json or session folders with events_human.tsv in {folder}, found neither: "
                "label sessions and bring the labels in with `pijat import`, or see datasets/strokes/README.md.",
            ),
            "missing",
        )
    return recordings


def _indexed(folder: Path, index: Path) -> list[TrackRecording]:
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))["recordings"]
        return [_indexed_recording(folder, entry) for entry in entries]
    except (ValueError, KeyError, TypeError) as error:
        raise PijatError(
            Text(
                f"Rekaman dalam {index.name} harus punya id, group, track dan events.",
                f"Expected recordings with id, group, track and events in {index.name}, got {error!r}.",
            )
        ) from error


def _indexed_recording(folder: Path, entry: dict[str, Any]) -> TrackRecording:
    track = read_tracks(folder / entry["track"])
    events = _read_events(folder / entry["events"], track)
    return TrackRecording(str(entry["id"]), str(entry["group"]), track, events)


def _sessions(folder: Path) -> list[TrackRecording]:
    import pandas as pd

    recordings = []
    for thumbs in sorted(folder.glob("*/thumbs.parquet")):
        session = thumbs.parent
        labels = sorted(session.glob("events_human*.tsv"))
        if labels:
            track = tracks_from_table(pd.read_parquet(thumbs), f"{session.name}/thumbs.parquet")
            events = _read_events(labels[0], track)
            recordings.append(TrackRecording(session.name, session.name, track, events))
    return recordings


def _read_events(path: Path, tracks: dict[Hand, ThumbTrack]) -> dict[Hand, tuple[StrokeEvent, ...]]:
    import pandas as pd

    if not path.is_file():
        raise PijatError(
            Text(
                f"Tidak ada label di {path}: periksa namanya.",
                f"Expected labels at {path}, found no file.",
            ),
            "missing",
        )
    try:
        table = pd.read_csv(
            path, sep="\t", na_values=["n/a"], keep_default_na=False, dtype={"trial_type": str}
        )
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise PijatError(
            Text(
                f"Tabel kejadian {path.name} tidak dapat dibaca: simpan lagi sebagai TSV.",
                f"Expected a table of events in {path.name}, got: {error}.",
            )
        ) from error
    missing = [column for column in _EVENT_COLUMNS if column not in table.columns]
    if missing:
        raise PijatError(
            Text(
                f"Kolom {missing[0]} tidak ada dalam {path.name}.",
                f"Expected column {missing[0]} in {path.name}, found none.",
            )
        )
    unknown = sorted(set(table["trial_type"]) - {kind.value for kind in StrokeType})
    if unknown:
        raise PijatError(
            Text(
                f"Gerakan dalam {path.name} harus salah satu dari {', '.join(StrokeType)}, bukan {unknown[0]!r}.",
                f"Expected strokes of the catalogue ({', '.join(StrokeType)}) in {path.name}, got {unknown[0]!r}.",
            )
        )
    if "hand" not in table.columns:
        if len(tracks) != 1:
            raise PijatError(
                Text(
                    f"Kolom hand harus ada dalam {path.name}, sebab jejaknya dari dua tangan.",
                    f"Expected a column hand in {path.name}, for the track has two hands.",
                )
            )
        table["hand"] = next(iter(tracks))
    return {hand: tuple(_events(table[table["hand"] == hand], hand, tracks.get(hand))) for hand in HANDS}


def _events(table: "pd.DataFrame", hand: Hand, track: ThumbTrack | None) -> Sequence[StrokeEvent]:
    events = []
    for row in table.sort_values("onset").to_dict("records"):
        kind = StrokeType(row["trial_type"])
        onset, duration = float(row["onset"]), float(row["duration"])
        if not (np.isfinite(onset) and duration > 0):
            raise PijatError(
                Text(
                    f"Setiap kejadian harus punya mulai dan lama lebih dari 0, bukan {onset}, {duration}.",
                    f"Expected an onset and a duration above 0 for every event, got {onset}, {duration}.",
                )
            )
        event = StrokeEvent(onset, duration, kind, hand, source="human")
        direction = row.get("direction")
        if direction in ("cw", "ccw"):
            event = replace(event, direction=direction)
        elif track is not None and kind == StrokeType.CIRCULAR_PRESSURE:
            # People label circles, not their sense; the track says it.
            event = replace(event, direction=_measured(event, track).direction)
        cycles = row.get("cycles")
        if isinstance(cycles, int | float) and np.isfinite(cycles):
            event = replace(event, cycles=float(cycles), rate_hz=float(cycles) / duration)
        events.append(event)
    return events


def _measured(event: StrokeEvent, track: ThumbTrack) -> StrokeEvent:
    inside = (track.time_s >= event.onset_s) & (track.time_s <= event.end_s)
    inside &= np.isfinite(track.lateral_cm_raw) & np.isfinite(track.caudal_cm_raw)
    position = np.stack([track.lateral_cm_raw, track.caudal_cm_raw], 1)[inside]
    return describe(event.trial_type, event.hand, event.onset_s, event.end_s, track.time_s[inside], position)
