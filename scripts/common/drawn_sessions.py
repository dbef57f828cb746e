"""Sessions to draw: made by code, and from the rendered clips' truth."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scripts.common.drawn_score import mixed_score, score, text
from trainer.session.meta_file import meta_of
from trainer.session.model import EVENTS_COLUMNS, LANDMARKS_COLUMNS, THUMBS_COLUMNS, Session
from trainer.session.score_file import score_of

KINDS = {
    "circle": "circular_pressure",
    "off_region": "circular_pressure",
    "on_spine": "circular_pressure",
    "pass_down": "downward_pass",
    "pass_up": "upward_pass",
    "rest": "static_hold",
}
REGIONS = [
    {
        "id": "right",
        "kind": "target",
        "side": "right",
        "name": {"id": "sisi kanan", "en": "right side"},
        "polygon": [[1.5, -2], [6, -2], [7, 7], [7, 18], [1.5, 18]],
    },
    {
        "id": "left",
        "kind": "target",
        "side": "left",
        "name": {"id": "sisi kiri", "en": "left side"},
        "polygon": [[-1.5, -2], [-6, -2], [-7, 7], [-7, 18], [-1.5, 18]],
    },
    {
        "id": "spine",
        "kind": "avoid",
        "side": "spine",
        "name": {"id": "tulang belakang", "en": "the spine"},
        "polygon": [[-1.2, -3], [1.2, -3], [1.2, 32], [-1.2, 32]],
    },
]
META: dict[str, Any] = {
    "schema_version": 1,
    "software_version": "0.1.0",
    "models": {
        "hand_landmarker": "fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1",
        "strokes": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
    },
    "protocol": {
        "id": "tegalagung-2022",
        "version": "1.0.0",
        "sha256": "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
        "regions": REGIONS,
    },
    "video": {
        "name": "latihan-bu-siti.mp4",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "width": 640,
        "height": 480,
        "duration_s": 20.0,
        "fps_median": 25.0,
        "frames_read": 500,
        "frames_dropped": 0,
    },
    "calibration": None,
    "calibration_source": "manual",
    "parameters": {
        "filter": {"kind": "rts", "process_cm_s2": 40},
        "recogniser": "strokes-1",
        "minimum_stroke_s": 0.4,
    },
    "complete": True,
    "warnings": [],
    "created": "2025-11-21T09:40:00+07:00",
}


def events_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the events table of rows; an empty one of none."""
    return (
        pd.DataFrame(rows, columns=list(EVENTS_COLUMNS))
        if rows
        else pd.DataFrame(columns=list(EVENTS_COLUMNS))
    )


def thumbs_frame(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the thumbs table of its hands; an empty one of none."""
    if not parts:
        return pd.DataFrame(columns=list(THUMBS_COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(THUMBS_COLUMNS)]


def session_of(thumbs: pd.DataFrame, events: pd.DataFrame, scored: dict[str, Any], **meta: Any) -> Session:
    """Return a session of these tables, with `META` changed by `meta`."""
    landmarks = pd.DataFrame(columns=list(LANDMARKS_COLUMNS))
    return Session(Path("session"), meta_of(META | meta), landmarks, thumbs, events, score_of(scored))


def _event(
    onset: float, seconds: float, kind: str, hand: str, lateral: float, caudal: float, **more: Any
) -> dict[str, Any]:
    side = "spine" if abs(lateral) <= 1.2 else "right" if lateral > 0 else "left"
    base = {name: np.nan for name in EVENTS_COLUMNS}
    return (
        base
        | {
            "onset": onset,
            "duration": seconds,
            "trial_type": kind,
            "hand": hand,
            "side": side,
            "region": "paraspinal",
            "lateral_cm": lateral,
            "caudal_cm": caudal,
            "confidence": 0.95,
            "observed": 0.97,
            "source": "predicted",
        }
        | more
    )


def _hand_frame(
    hand: str,
    time: np.ndarray,
    lateral: np.ndarray,
    caudal: np.ndarray,
    status: np.ndarray,
    sigma: np.ndarray,
) -> pd.DataFrame:
    missing = status == "missing"
    lateral, caudal, sigma = (np.where(missing, np.nan, v) for v in (lateral, caudal, sigma))
    raw = status == "detected"
    return pd.DataFrame(
        {
            "frame": np.arange(len(time)),
            "time_s": time,
            "hand": hand,
            "image_x": np.where(raw, 320 + 9 * lateral, np.nan),
            "image_y": np.where(raw, 150 + 9 * caudal, np.nan),
            "lateral_cm_raw": np.where(raw, lateral, np.nan),
            "caudal_cm_raw": np.where(raw, caudal, np.nan),
            "lateral_cm": lateral,
            "caudal_cm": caudal,
            "sigma_cm": sigma,
            "palm_cm": np.nan,
            "status": status,
        }
    )


def synthetic(
    seconds: float = 900.0,
    rounds: int = 3,
    fps: float = 25.0,
    seed: int = 7,
    hands: tuple[str, ...] = ("left", "right"),
) -> Session:
    """A whole massage: rounds of circles down the back, then downward passes, with faults and dropouts."""
    rng = np.random.default_rng(seed)
    time = np.arange(0, seconds, 1 / fps)
    frames, rows = [], []
    for hand in hands:
        sign = 1 if hand == "right" else -1
        lateral, caudal = np.full(len(time), sign * 3.9), np.full(len(time), 2.0)
        now, length = 5.0 + (0.2 if hand == "left" else 0.0), seconds / rounds
        for turn in range(rounds):
            end = (turn + 1) * length - 4
            level, passes_from = 1.0, end - length * 0.26
            while now < end - 3:
                if now < passes_from:
                    lasting = float(rng.uniform(3.5, 7))
                    rate, radius = float(rng.normal(1.08, 0.12)), float(rng.normal(1.15, 0.15))
                    aside = sign * float(rng.normal(3.9, 0.45))
                    if hand == "right" and rng.random() < 0.12:
                        aside = float(rng.normal(0.5, 0.3))
                    level += 1.6
                    if level > 15.5:
                        level = float(rng.uniform(1, 3))
                    chosen = (time >= now) & (time < now + lasting)
                    phase = 2 * math.pi * rate * (time[chosen] - now)
                    lateral[chosen] = aside + radius * np.cos(phase) * -sign
                    caudal[chosen] = level + radius * np.sin(phase) + 0.12 * (time[chosen] - now)
                    rows.append(
                        _event(
                            now,
                            lasting,
                            "circular_pressure",
                            hand,
                            aside,
                            level,
                            cycles=rate * lasting,
                            rate_hz=rate,
                            radius_cm=radius,
                            direction="cw" if sign > 0 else "ccw",
                        )
                    )
                    now += lasting + float(rng.uniform(0.4, 1.1))
                else:
                    lasting = float(rng.uniform(2.2, 3.4))
                    top, low = float(rng.normal(0.5, 0.5)), float(rng.normal(10.6, 1.0))
                    aside = sign * float(rng.normal(3.6, 0.3))
                    chosen = (time >= now) & (time < now + lasting)
                    share = (time[chosen] - now) / lasting
                    lateral[chosen] = aside + sign * 1.4 * share
                    caudal[chosen] = top + (low - top) * share
                    rows.append(
                        _event(
                            now,
                            lasting,
                            "downward_pass",
                            hand,
                            aside + sign * 0.7,
                            (top + low) / 2,
                            direction="caudal",
                            length_cm=low - top,
                            speed_cm_s=(low - top) / lasting,
                        )
                    )
                    now += lasting + float(rng.uniform(0.8, 1.6))
            if turn == 1 and now < seconds - 9:
                rows.append(_event(now, 3.0, "static_hold", hand, sign * 4, 8))
                now += 3.4
            now = max(now, (turn + 1) * length + 4)
        lateral, caudal = (_settled(path, fps) for path in (lateral, caudal))
        lateral += _settled(rng.normal(0, 0.2, len(time)), fps)
        caudal += _settled(rng.normal(0, 0.2, len(time)), fps)
        status = np.where(rng.random(len(time)) < 0.06, "tracked", "detected").astype(object)
        for _ in range(max(2, int(seconds / 45))):
            start, lost = int(rng.integers(0, len(time))), int(rng.integers(2, 9 if hand == "left" else 16))
            status[start : start + lost] = "interpolated"
        if hand == "right":
            status[(time > seconds * 0.47) & (time < seconds * 0.49)] = "missing"
        sigma = np.where(status == "interpolated", 1.1, 0.42) + rng.gamma(2, 0.05, len(time))
        frames.append(_hand_frame(hand, time, lateral, caudal, status, sigma))
    events = events_frame(sorted(rows, key=lambda row: row["onset"]))
    video = META["video"] | {"duration_s": seconds, "frames_read": len(time), "fps_median": fps}
    return session_of(thumbs_frame(frames), events, mixed_score(seconds), video=video)


def _settled(path: np.ndarray, fps: float) -> np.ndarray:
    """A hand does not jump: the path without what is faster than a few hertz."""
    kernel = np.hanning(max(3, round(fps * 0.28)) + 2)
    wide = np.pad(path, len(kernel), mode="edge")
    return np.convolve(wide, kernel / kernel.sum(), mode="same")[len(kernel) : -len(kernel)]


def from_truth(folder: Path) -> Session:
    """The rendered clip's truth as a session, as a perfect recogniser would write it."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    time = np.array([frame["t"] for frame in truth["frames"]])
    rows, frames = [], []
    for hand in ("left", "right"):
        points = [frame["hands"].get(hand) for frame in truth["frames"]]
        on = np.array([p is not None and p["contact"] for p in points])
        lateral = np.array([p["lateral_cm"] if p else np.nan for p in points], dtype=float)
        caudal = np.array([p["down_cm"] if p else np.nan for p in points], dtype=float)
        status = np.where(on, "detected", "missing").astype(object)
        frames.append(_hand_frame(hand, time, lateral, caudal, status, np.full(len(time), 0.3)))
        for segment in truth["segments"][hand]:
            kind, start = KINDS[segment["label"]], segment["eff_start_s"]
            lasting = segment["end_s"] - start
            inside = (time >= start) & (time < segment["end_s"])
            more = {}
            if kind == "circular_pressure":
                more = {
                    "cycles": segment["rate_hz"] * lasting,
                    "rate_hz": segment["rate_hz"],
                    "radius_cm": segment["radius_cm"],
                    "direction": segment["direction"],
                }
            rows.append(
                _event(
                    start,
                    lasting,
                    kind,
                    hand,
                    float(np.nanmean(lateral[inside])),
                    float(np.nanmean(caudal[inside])),
                    **more,
                )
            )
    video = META["video"] | {"name": "clip.mp4"}
    return session_of(thumbs_frame(frames), events_frame(rows), mixed_score(20.0), video=video)


def empty() -> Session:
    """Nothing was seen at all."""
    unseen = [dict(entry) for entry in mixed_score()["items"]]
    for entry in unseen:
        entry |= {"verdict": "not_observed", "points": 0, "measures": [], "evidence": []}
    return session_of(
        thumbs_frame([]),
        events_frame([]),
        score(unseen, None, ()),
        calibration_source="none",
        warnings=[text("Punggung tidak ditemukan dalam gambar.", "No back was found in the picture.")],
    )
