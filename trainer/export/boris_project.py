"""A BORIS project: ethogram, subjects, and one observation a session with its video linked.

Format: the project file (JSON, format version 7.0) as the BORIS user guide and published projects show it.
BORIS is GPL software; nothing of it is used here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainer import __version__
from trainer.export.boris import (
    COMMENT,
    REVOLUTION,
    STROKES_CATEGORY,
    TURNS_CATEGORY,
    VARIABLES,
    date_of,
    frame_index,
    subject_of,
    variables,
)
from trainer.export.source import ExportSource, check_names, json_text, write_file
from trainer.export.tiers import Tier, describe, session_tiers
from trainer.session.columns import EVENTS_SIDECAR

_KEYS = {"circular_pressure": "C", "downward_pass": "D", "upward_pass": "U", "static_hold": "H", "other": "O"}


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write one project, ``pijat.boris``, holding all sessions; return its path."""
    check_names(sources)
    return [write_file(out / "pijat.boris", json_text(project(sources), 1))]


def project(sources: Sequence[ExportSource]) -> dict[str, Any]:
    """Return the project document."""
    observations: dict[str, Any] = {}
    for source in sources:
        tiers = session_tiers(source)
        for annotator in ("pijat", "human"):
            mine = [t for t in tiers if t.annotator == annotator and t.kind in ("strokes", "revolutions")]
            if mine:
                name = source.name if annotator == "pijat" else f"{source.name} ({annotator})"
                observations[name] = _observation(source, mine, annotator)
    dates = sorted(date_of(source) for source in sources)
    return {
        "time_format": "seconds",
        "project_date": (dates[0] if dates else "1970-01-01 00:00:00").replace(" ", "T"),
        "project_name": "pijat sessions",
        "project_description": f"Exported by pijat {__version__}",
        "project_format_version": "7.0",
        "subjects_conf": {
            str(i): {"key": key, "name": f"{hand} hand", "description": f"the practitioner's {hand} hand"}
            for i, (key, hand) in enumerate((("l", "left"), ("r", "right")))
        },
        "behaviors_conf": _ethogram(),
        "behavioral_categories": [STROKES_CATEGORY, TURNS_CATEGORY],
        "behavioral_categories_config": {
            "0": {"name": STROKES_CATEGORY, "color": ""},
            "1": {"name": TURNS_CATEGORY, "color": ""},
        },
        "independent_variables": {
            str(i): {
                "label": name,
                "description": "provenance",
                "type": "text",
                "default value": "",
                "possible values": "",
            }
            for i, name in enumerate(VARIABLES)
        },
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
        "observations": observations,
    }


def _ethogram() -> dict[str, Any]:
    levels: dict[str, str] = EVENTS_SIDECAR["trial_type"]["Levels"]
    modifiers = {
        str(i): {
            "name": name,
            "description": "",
            "type": 0,
            "ask at start": True,
            "ask at stop": False,
            "values": list(EVENTS_SIDECAR[name]["Levels"]),
        }
        for i, name in enumerate(("direction", "side"))
    }
    behaviours: list[dict[str, Any]] = [
        {
            "type": "State event",
            "key": _KEYS[code],
            "code": code,
            "description": meaning,
            "color": "",
            "category": STROKES_CATEGORY,
            "modifiers": modifiers,
            "excluded": "",
            "coding map": "",
        }
        for code, meaning in levels.items()
    ]
    behaviours.append(
        {
            "type": "Point event",
            "key": "V",
            "code": REVOLUTION,
            "description": "Start of a full revolution",
            "color": "",
            "category": TURNS_CATEGORY,
            "modifiers": {},
            "excluded": "",
            "coding map": "",
        }
    )
    return {str(i): behaviour for i, behaviour in enumerate(behaviours)}


def _observation(source: ExportSource, tiers: Sequence[Tier], annotator: str) -> dict[str, Any]:
    # Beside the project BORIS finds a video by its bare name.
    media = str(source.media.resolve()) if source.media else source.media_name
    return {
        "file": {"1": [media], **{str(player): [] for player in range(2, 9)}},
        "type": "MEDIA",
        "date": date_of(source).replace(" ", "T"),
        "description": "pijat timeline" if annotator == "pijat" else "annotated by a person",
        "time offset": 0.0,
        "events": _events(source, tiers),
        "observation time interval": [0, 0],
        "independent_variables": variables(source),
        "visualize_spectrogram": False,
        "visualize_waveform": False,
        "media_creation_date_as_offset": False,
        "media_scan_sampling_duration": 0,
        "image_display_duration": 1,
        "close_behaviors_between_videos": False,
        "media_info": {
            "length": {media: source.duration_ms / 1000},
            "fps": {media: source.frame_rate_hz or 0.0},
            "hasVideo": {media: True},
            "hasAudio": {media: False},
            "offset": {"1": 0.0},
        },
    }


def _events(source: ExportSource, tiers: Sequence[Tier]) -> list[list[Any]]:
    """Return time, subject, behaviour, modifiers, comment and frame; a state has a row at either end."""
    rows: list[list[Any]] = []
    for tier in tiers:
        subject = subject_of(tier.name)
        for mark in tier.marks:
            if tier.kind == "revolutions":
                rows.append([mark.start_ms / 1000, subject, REVOLUTION, "", mark.text])
                continue
            modifiers = "|".join(str(mark.details.get(name) or "None") for name in ("direction", "side"))
            rows.append(
                [mark.start_ms / 1000, subject, mark.text, modifiers, describe(mark.details, COMMENT)]
            )
            rows.append([mark.end_ms / 1000, subject, mark.text, modifiers, ""])
    for row in rows:
        frame = frame_index(source, round(row[0] * 1000))
        row.append("NA" if frame is None else frame)
    return sorted(rows, key=lambda row: row[:3])
