"""A BIDS data set: one subject a session, with the thumbs as motion data and the strokes as events.

Specification: https://bids-specification.readthedocs.io/en/stable/modality-specific-files/motion.html
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainer import __version__
from trainer.errors import PijatError
from trainer.export.source import ExportSource, check_names, json_text, provenance, write_file
from trainer.export.tables import cell, events_text, table_text
from trainer.language import Text
from trainer.perception.observation import HANDS
from trainer.session.columns import EVENTS_SIDECAR

BIDS_VERSION = "1.10.0"
TASK = "oxytocinmassage"
TRACKSYS = "camera"
STATUS_CODES = {"missing": 0, "interpolated": 1, "tracked": 2, "detected": 3}
"""Numbers for the status of a position: a motion table holds nothing but numbers."""
_POINTS = (
    # column, component, type, unit, reference frame, description
    ("lateral_cm", "x", "POS", "cm", "back", "Filtered and bridged"),
    ("caudal_cm", "y", "POS", "cm", "back", "Filtered and bridged"),
    ("lateral_cm_raw", "x", "POS", "cm", "back", "As mapped from this frame alone"),
    ("caudal_cm_raw", "y", "POS", "cm", "back", "As mapped from this frame alone"),
    ("image_x", "x", "POS", "px", "image", "Contact point in the picture"),
    ("image_y", "y", "POS", "px", "image", "Contact point in the picture"),
    ("sigma_cm", "n/a", "MISC", "cm", "n/a", "Standard deviation of the position per axis"),
    ("status", "n/a", "MISC", "n/a", "n/a", "0 missing, 1 interpolated, 2 tracked, 3 detected"),
)


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write the data set into `out`; return the paths of its files.

    Raises
    ------
    PijatError
        When two sessions' names leave the same subject label.
    """
    check_names(sources)
    labels = [subject_label(source.name) for source in sources]
    for label in labels:
        if labels.count(label) > 1:
            raise PijatError(
                Text(
                    f"Setiap sesi harus punya label subjek sendiri; {label} dipakai dua kali: ganti nama salah satu "
                    "sesi.",
                    f"Expected a subject label for each session, got {label} twice: rename a session.",
                )
            )
    files: dict[str, str] = {
        "dataset_description.json": json_text(_description(sources)),
        "README.md": _README,
        "CHANGES": f"{__version__} 1970-01-01\n  - Exported by pijat.\n",
        "participants.tsv": table_text(
            ("participant_id", "session_name", "score_percent", "passed"),
            [
                (f"sub-{label}", s.name, s.session.score.percent, s.session.score.passed)
                for label, s in zip(labels, sources, strict=True)
            ],
        ),
        "participants.json": json_text(_PARTICIPANTS),
    }
    for label, source in zip(labels, sources, strict=True):
        files |= _subject_files(f"sub-{label}", source)
    return [write_file(out / name, text) for name, text in files.items()]


def subject_label(name: str) -> str:
    """Return a session's name as a BIDS label: letters and digits only.

    Examples
    --------
    >>> subject_label("ibu-siti 02")
    'ibusiti02'
    """
    label = re.sub(r"[^0-9A-Za-z]", "", name)
    if not label:
        raise PijatError(
            Text(
                f"Nama sesi harus memuat huruf atau angka, bukan {name!r}: ganti nama foldernya.",
                f"Expected a letter or digit in the session's name, got {name!r}: rename the folder.",
            )
        )
    return label


def _subject_files(subject: str, source: ExportSource) -> dict[str, str]:
    folder = f"{subject}/motion"
    track = f"{folder}/{subject}_task-{TASK}_tracksys-{TRACKSYS}"
    channels = _channels()
    return {
        f"{track}_motion.tsv": table_text(None, _motion_rows(source)),
        f"{track}_motion.json": json_text(_motion_sidecar(source, channels)),
        f"{track}_channels.tsv": table_text(
            ("name", "component", "type", "tracked_point", "units", "reference_frame", "description"),
            channels,
        ),
        f"{track}_channels.json": json_text(_REFERENCE_FRAMES),
        f"{folder}/{subject}_task-{TASK}_events.tsv": events_text(list(source.timelines().values())),
        f"{folder}/{subject}_task-{TASK}_events.json": json_text(
            {"TaskName": TASK, **EVENTS_SIDECAR, "GeneratedBy": [provenance(source)]}
        ),
    }


def _channels() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        ("latency", "n/a", "LATENCY", "n/a", "s", "n/a", "Time from the first frame")
    ]
    for hand in HANDS:
        for column, component, kind, unit, frame, text in _POINTS:
            rows.append((f"{hand}_thumb_{column}", component, kind, f"{hand}_thumb", unit, frame, text))
    return rows


def _motion_rows(source: ExportSource) -> list[list[str]]:
    columns = [column for column, *_ in _POINTS]
    by_hand = []
    thumbs = source.session.thumbs
    coded = thumbs.assign(status=thumbs["status"].astype(str).map(STATUS_CODES))
    for hand in HANDS:
        rows = coded[coded["hand"] == hand].drop_duplicates("frame").set_index("frame")[columns]
        by_hand.append(
            {int(frame): list(row) for frame, row in zip(rows.index, rows.to_numpy(), strict=True)}
        )
    moments = thumbs.drop_duplicates("frame").sort_values("frame")
    lost: list[float] = [float("nan")] * (len(columns) - 1) + [0.0]
    return [
        [
            cell(float(time_s)),
            *(cell(float(value)) for rows in by_hand for value in rows.get(int(frame), lost)),
        ]
        for frame, time_s in zip(moments["frame"], moments["time_s"], strict=True)
    ]


def _motion_sidecar(source: ExportSource, channels: Sequence[Sequence[str]]) -> dict[str, Any]:
    kinds = [row[2] for row in channels]
    counts = {f"{kind}ChannelCount": kinds.count(kind) for kind in ("POS", "LATENCY", "MISC")}
    others = {
        f"{kind}ChannelCount": 0 for kind in ("ACCEL", "ANGACCEL", "GYRO", "JNTANG", "MAGN", "ORNT", "VEL")
    }
    frames = source.session.thumbs["frame"].nunique()
    seconds = source.duration_ms / 1000
    origin = provenance(source)
    return {
        "TaskName": TASK,
        "TaskDescription": "Oxytocin massage of the back, filmed by one camera",
        "Instructions": source.session.meta.protocol.id,
        "SamplingFrequency": source.frame_rate_hz or 0,
        "SamplingFrequencyEffective": round(frames / seconds, 6) if seconds else 0,
        "RecordingDuration": seconds,
        "RecordingType": "continuous",
        "TrackingSystemName": TRACKSYS,
        "TrackedPointsCount": len(HANDS),
        "MotionChannelCount": len(channels),
        **counts,
        **others,
        "MissingValues": "n/a",
        "Manufacturer": "n/a",
        "SoftwareVersions": f"pijat {origin['software_version']}",
        "GeneratedBy": [origin],
    }


def _description(sources: Sequence[ExportSource]) -> dict[str, Any]:
    versions = sorted({source.session.meta.software_version for source in sources})
    return {
        "Name": "Oxytocin massage sessions",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "raw",
        "License": "n/a",
        "Authors": ["pijat"],
        "GeneratedBy": [
            {
                "Name": "pijat",
                "Version": __version__,
                "Description": f"Sessions analysed by pijat {', '.join(versions)}, exported by {__version__}",
            }
        ],
    }


_PARTICIPANTS = {
    "participant_id": {"Description": "One subject stands for one session"},
    "session_name": {"Description": "Name of the session folder"},
    "score_percent": {"Description": "Points reached, of those that could be observed", "Units": "%"},
    "passed": {
        "Description": "Whether the demonstration passed; n/a when too little was observed to say",
        "Levels": {"true": "Passed", "false": "Not passed"},
    },
}
_REFERENCE_FRAMES = {
    "reference_frame": {
        "LongName": "Reference frame",
        "Description": "Frame in which a position is given",
        "Levels": {
            "back": {
                "Description": "Along the skin of the back: x from the line of the spine, positive "
                "to the recipient's right; y below C7 along the line of the spine",
                "SpatialAxes": "RI_",
                "RotationOrder": "n/a",
                "RotationRule": "n/a",
            },
            "image": {
                "Description": "Pixels of the upright, never mirrored picture: x right, y down",
                "SpatialAxes": "RI_",
                "RotationOrder": "n/a",
                "RotationRule": "n/a",
            },
        },
    }
}
_README = """# Oxytocin massage sessions

Exported by pijat. Each subject is one session: a video of an oxytocin massage, in which both thumbs of
the practitioner were followed by one camera. `motion/*_motion.tsv` holds their positions on the recipient's
back, raw and filtered, with their uncertainty; `motion/*_events.tsv` the strokes, predicted and, where
`source` says so, annotated by a person. Units and meanings stand in the JSON files; software version, model
hashes, protocol, calibration and parameters under `GeneratedBy`.
"""
