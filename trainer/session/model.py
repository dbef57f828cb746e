"""A session as it lies in its folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SESSION_SCHEMA_VERSION = 1
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
)


@dataclass(frozen=True, eq=False)
class Session:
    """Everything a session folder holds.

    Attributes
    ----------
    path : Path
        The folder.
    meta : mapping
        ``session.json``: schema_version, software_version, models (name to sha256), protocol (id, version,
        hash), video (name, sha256, width, height, duration_s, fps_median, frames_read, frames_dropped),
        calibration (the calibration document, or null) with calibration_source ("manual", "automatic",
        "corrected", "none"), back_size_ratio (real cm per cm of the atlas), parameters (filter and
        recogniser settings), complete (bool; false for a partial session), warnings (list of {id, en}
        texts), created (ISO 8601).
    landmarks : DataFrame
        Columns `LANDMARKS_COLUMNS`; entity is hand_left, hand_right, back or body; pixels.
    thumbs : DataFrame
        Columns `THUMBS_COLUMNS`; one row per hand and frame; cm and seconds.
    events : DataFrame
        Columns `EVENTS_COLUMNS`; NaN for n/a; seconds, cm, Hz.
    score : mapping
        ``score.json``: `trainer.protocol.score.Score` as nested JSON objects.
    """

    path: Path
    meta: Mapping[str, Any]
    landmarks: "pd.DataFrame"
    thumbs: "pd.DataFrame"
    events: "pd.DataFrame"
    score: Mapping[str, Any]
