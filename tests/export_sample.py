"""A session folder made by hand: known circles and passes at an uneven frame rate."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from trainer.session.model import EVENTS_COLUMNS, THUMBS_COLUMNS

STROKES = [
    # hand, onset, duration, type, rate
    ("left", 1.0335, 4.0005, "circular_pressure", 1.0),
    ("right", 1.1, 4.0, "circular_pressure", 1.5),
    ("left", 6.25, 2.5, "downward_pass", None),
    ("right", 6.3, 2.4, "downward_pass", None),
    ("right", 9.5, 1.25, "static_hold", None),
]


def write_session(folder: Path) -> Path:
    folder.mkdir(parents=True)
    generator = np.random.default_rng(7)
    time_s = np.round(np.cumsum(np.r_[0.0, generator.uniform(0.025, 0.055, 299)]), 6)
    time_s = time_s[time_s < 12.0]
    thumbs = pd.concat([_track(time_s, hand) for hand in ("left", "right")], ignore_index=True)
    thumbs[list(THUMBS_COLUMNS)].to_parquet(folder / "thumbs.parquet", index=False)
    landmarks = pd.DataFrame(
        {
            "frame": [0, 0, 1],
            "time_s": [0.0, 0.0, time_s[1]],
            "entity": ["hand_left", "back", "hand_left"],
            "keypoint": ["thumb_tip", "C7", "thumb_tip"],
            "x": [10.0, 20.0, 11.0],
            "y": [1.0, 2.0, 3.0],
            "score": [0.9, 1.0, 0.8],
        }
    )
    landmarks.to_parquet(folder / "landmarks.parquet", index=False)
    events = pd.DataFrame([_row(*stroke) for stroke in STROKES], columns=list(EVENTS_COLUMNS))
    events.to_csv(folder / "events.tsv", sep="\t", na_rep="n/a", index=False)
    revolutions = pd.DataFrame(
        [
            (onset + k / rate, number, hand)
            for number, (hand, onset, duration, _, rate) in enumerate(STROKES)
            if rate
            for k in range(int(duration * rate))
        ],
        columns=["onset", "event", "hand"],
    )
    revolutions.to_csv(folder / "revolutions.tsv", sep="\t", index=False)
    (folder / "session.json").write_text(json.dumps(META), encoding="utf-8")
    (folder / "score.json").write_text(json.dumps(SCORE), encoding="utf-8")
    return folder


def _row(hand, onset, duration, kind, rate):
    return {
        "onset": onset,
        "duration": duration,
        "trial_type": kind,
        "hand": hand,
        "side": hand,
        "region": "paraspinal",
        "lateral_cm": -4.0 if hand == "left" else 4.0,
        "caudal_cm": 8.125,
        "cycles": rate * duration if rate else None,
        "rate_hz": rate,
        "radius_cm": 1.2 if rate else None,
        "direction": "cw" if rate else "caudal" if "pass" in kind else None,
        "length_cm": 16.0 if "pass" in kind else None,
        "speed_cm_s": 6.4 if "pass" in kind else None,
        "confidence": 0.97,
        "observed": 1.0,
        "source": "predicted",
    }


def _track(time_s, hand):
    centre = np.array([-4.0 if hand == "left" else 4.0, 8.0])
    path = np.tile(centre, (len(time_s), 1))
    for who, onset, duration, _, rate in STROKES:
        inside = (time_s >= onset) & (time_s < onset + duration)
        if who == hand and rate:
            angle = 2 * np.pi * rate * (time_s[inside] - onset)
            path[inside] = centre + 1.2 * np.column_stack([np.cos(angle), np.sin(angle)])
    status = np.where((time_s > 11) & (hand == "left"), "missing", "detected")
    lost = status == "missing"
    path[lost] = np.nan
    return pd.DataFrame(
        {
            "frame": np.arange(len(time_s)),
            "time_s": time_s,
            "hand": hand,
            "image_x": np.where(lost, np.nan, 300.0),
            "image_y": np.where(lost, np.nan, 200.0),
            "lateral_cm_raw": path[:, 0],
            "caudal_cm_raw": path[:, 1],
            "lateral_cm": path[:, 0],
            "caudal_cm": path[:, 1],
            "sigma_cm": np.where(lost, np.nan, 0.4),
            "palm_cm": np.where(lost, np.nan, 9.2),
            "status": status,
        }
    )


META = {
    "schema_version": 1,
    "software_version": "0.1.0",
    "models": {"hand_landmarker": "fbc2a300"},
    "protocol": {"id": "tegalagung-2022", "version": "1", "sha256": "abc12345" * 8, "regions": []},
    "video": {
        "name": "pijat & doa <1>.mp4",
        "sha256": "00ff" * 16,
        "width": 640,
        "height": 480,
        "duration_s": 12.0,
        "fps_median": 25.0,
        "frames_read": 300,
        "frames_dropped": 0,
    },
    "calibration": {"schema_version": 1, "image_size": [640, 480], "landmarks": {"C7": [320, 100]}},
    "calibration_source": "manual",
    "parameters": {"filter": {"name": "gaussian", "sigma_s": 0.05}},
    "complete": True,
    "warnings": [],
    "created": "2026-01-02T03:04:05+00:00",
}
_TEXT = {"id": "teks --> ini", "en": "text"}
SCORE = {
    "schema_version": 1,
    "protocol_id": "tegalagung-2022",
    "protocol_version": "1",
    "protocol_hash": "abc12345" * 8,
    "protocol_title": _TEXT,
    "points": 2.0,
    "max_points": 2.0,
    "percent": 80.0,
    "pass_mark_percent": 75.0,
    "passed": True,
    "not_observed": [],
    "advice": [],
    "items": [
        {
            "id": "f",
            "title": _TEXT,
            "observer": "camera",
            "verdict": "met",
            "to_be_confirmed": False,
            "points": 2.0,
            "max_points": 2.0,
            "critical": True,
            "message": _TEXT,
            "source": "report",
            "measures": [
                {
                    "name": "rate_hz",
                    "label": _TEXT,
                    "value": 1.25,
                    "unit": "Hz",
                    "sigma": None,
                    "minimum": 0.5,
                    "maximum": 2.0,
                }
            ],
            "evidence": [
                {"start_s": 1.0335, "end_s": 5.034, "hand": "left", "kind": "supports"},
                {"start_s": 4.0, "end_s": 6.0, "hand": "left", "kind": "fault"},
                {"start_s": 1.1, "end_s": 5.1, "hand": "right", "kind": "supports"},
            ],
        },
        {
            "id": "a",
            "title": _TEXT,
            "observer": "facilitator",
            "verdict": "not_observed",
            "to_be_confirmed": True,
            "points": 0.0,
            "max_points": 2.0,
            "critical": False,
            "message": _TEXT,
            "source": "report",
            "measures": [],
            "evidence": [],
        },
    ],
}
EXPECTED_MS = {
    hand: [(round(s[1] * 1000), round((s[1] + s[2]) * 1000), s[3]) for s in STROKES if s[0] == hand]
    for hand in ("left", "right")
}
