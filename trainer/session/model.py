"""A session as it lies in its folder."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trainer.commit import Commit
from trainer.language import Text
from trainer.protocol.model import Scale
from trainer.protocol.score import Score

if TYPE_CHECKING:
    import pandas as pd

SESSION_SCHEMA_VERSION = 1
SESSION_FILE, SCORE_FILE = "session.json", "score.json"
EVENTS_FILE, REVOLUTIONS_FILE = "events.tsv", "revolutions.tsv"
THUMBS_FILE, LANDMARKS_FILE = "thumbs.parquet", "landmarks.parquet"
CONSENT_FILE = "consent.json"
"""Beside them where somebody was asked whether the pictures may train Pijat; see `trainer.session.consent`."""
DATASET_FILE = "dataset.json"
"""In a folder of pictures that were collected from sessions; see `trainer.collection`."""
THUMBS_COLUMNS: tuple[str, ...] = (
    "frame",
    "time_s",
    "hand",
    "image_x",
    "image_y",
    "lateral_cm_raw",
    "caudal_cm_raw",
    "lateral_cm",
    "caudal_cm",
    "sigma_cm",
    "palm_cm",
    "status",
)
LATER_THUMBS_COLUMNS: tuple[str, ...] = ("palm_cm",)
"""Columns that older sessions lack; there they are NaN."""
LANDMARKS_COLUMNS: tuple[str, ...] = ("frame", "time_s", "entity", "keypoint", "x", "y", "score")
EVENTS_COLUMNS: tuple[str, ...] = (
    "onset",
    "duration",
    "trial_type",
    "hand",
    "side",
    "region",
    "lateral_cm",
    "caudal_cm",
    "cycles",
    "rate_hz",
    "radius_cm",
    "direction",
    "length_cm",
    "speed_cm_s",
    "confidence",
    "observed",
    "source",
    "travel_cm",
)
LATER_EVENTS_COLUMNS: tuple[str, ...] = ("travel_cm",)
"""Columns that older sessions lack; there they are NaN."""
EVENTS_TEXT_COLUMNS = frozenset({"trial_type", "hand", "side", "region", "direction", "source"})
"""The columns of ``events.tsv`` that hold words; all others hold numbers."""
REVOLUTIONS_COLUMNS: tuple[str, ...] = ("onset", "event", "hand")
LIVE = "live"
"""The video's name where nothing was recorded."""
CalibrationSource = Literal["manual", "automatic", "corrected", "none"]


@dataclass(frozen=True)
class VideoMeta:
    """What was looked at.

    Attributes
    ----------
    name : str
        Of the file; `LIVE` when nothing was recorded.
    sha256 : str or None
        Hexadecimal; None for live practice.
    width, height : int
        Pixels.
    duration_s : float
        Time of the last frame, in seconds from the first.
    fps_median : float
        Hz; 0 for a single frame.
    frames_read, frames_dropped : int
        Dropped: damaged, or with a time not after the one before.
    """

    name: str
    sha256: str | None
    width: int
    height: int
    duration_s: float
    fps_median: float
    frames_read: int
    frames_dropped: int


@dataclass(frozen=True)
class SessionRegion:
    """An area of the protocol on a back of this size; corners are ``(lateral_cm, caudal_cm)``."""

    id: str
    name: Text
    kind: Literal["target", "avoid"]
    polygon: tuple[tuple[float, float], ...]

    @property
    def wanted(self) -> bool:
        """Whether strokes belong there."""
        return self.kind == "target"


@dataclass(frozen=True)
class ProtocolMeta:
    """By which protocol a session was scored.

    Attributes
    ----------
    id, version : str
    sha256 : str
        Of the canonical content.
    scale : Scale or None
        None in sessions written before it was put down.
    regions : tuple of SessionRegion
    """

    id: str
    version: str
    sha256: str
    scale: Scale | None
    regions: tuple[SessionRegion, ...]


@dataclass(frozen=True)
class LiveMeta:
    """How a live practice went.

    Attributes
    ----------
    source, mode : str
        Where pictures came from, and how it was practised.
    pauses_s : tuple of (float, float)
        Start and end of each pause, in seconds from the first frame.
    stopped_for_pain_s : float or None
        When STOP was pressed for pain.
    """

    source: str
    mode: str
    pauses_s: tuple[tuple[float, float], ...]
    stopped_for_pain_s: float | None


@dataclass(frozen=True)
class SessionMeta:
    """What was analysed with what: ``session.json``.

    Attributes
    ----------
    software_version : str
        Of Pijat.
    software_commit : Commit or None
        Of which commit that Pijat is, where that is known.
    created : str
        ISO 8601, with the offset from UTC.
    models : mapping of str to str
        File name to SHA-256.
    protocol : ProtocolMeta
    parameters : mapping
        Settings of the hand tracker, the filter and the recogniser, as JSON.
    complete : bool
        False when the analysis or the practice ended before its time.
    video : VideoMeta
    calibration : mapping or None
        The calibration document as it was given or found, as JSON.
    calibration_source : {"manual", "automatic", "corrected", "none"}
    warnings : tuple of Text
        For the reader of the report.
    back_size_ratio : float
        Real cm per cm of the atlas.
    live : LiveMeta or None
        Live practice only.
    confirmations : mapping of str to bool, or None
        Live practice only: item id to whether the facilitator says it was done.
    others : mapping
        Fields that this version does not know, as they were read; they are written again.
    """

    software_version: str
    software_commit: Commit | None
    created: str
    models: Mapping[str, str]
    protocol: ProtocolMeta
    parameters: Mapping[str, Any]
    complete: bool
    video: VideoMeta
    calibration: Mapping[str, Any] | None
    calibration_source: CalibrationSource
    warnings: tuple[Text, ...] = ()
    back_size_ratio: float = 1.0
    live: LiveMeta | None = None
    confirmations: Mapping[str, bool] | None = None
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def created_at(self) -> dt.datetime:
        """When it was made, in UTC; a time without an offset is taken as UTC."""
        made = dt.datetime.fromisoformat(self.created)
        return made.replace(tzinfo=dt.UTC) if made.tzinfo is None else made.astimezone(dt.UTC)

    @property
    def unsure_below(self) -> float | None:
        """The confidence below which a stroke was to be shown as unsure; None where the session does not say."""
        strokes = self.parameters.get("strokes")
        return strokes.get("unsure_below") if isinstance(strokes, Mapping) else None


@dataclass(frozen=True, eq=False)
class Session:
    """Everything a session folder holds.

    Attributes
    ----------
    path : Path
        The folder.
    meta : SessionMeta
        ``session.json``.
    landmarks : DataFrame
        Columns `LANDMARKS_COLUMNS`; entity is hand_left, hand_right, back or body; pixels.
    thumbs : DataFrame
        Columns `THUMBS_COLUMNS`; one row per hand and frame; cm and seconds.
    events : DataFrame
        Columns `EVENTS_COLUMNS`; NaN for n/a; seconds, cm, Hz.
    score : Score
        ``score.json``.
    """

    path: Path
    meta: SessionMeta
    landmarks: "pd.DataFrame"
    thumbs: "pd.DataFrame"
    events: "pd.DataFrame"
    score: Score
