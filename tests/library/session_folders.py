"""Session folders to import: small ones, their scores those of a real protocol's items."""

import json
from pathlib import Path
from typing import Any

from trainer.library.records import GradingRecord
from trainer.library.store import Library
from trainer.protocol.library import builtin

VERDICTS = ("met", "partly_met", "not_met", "not_observed")
_SHARE = {"met": 1.0, "partly_met": 0.5, "not_met": 0.0, "not_observed": 0.0}


def score_document(protocol_id: str = "tegalagung-2022", shift: int = 0) -> dict[str, Any]:
    """Return a ``score.json``; `shift` turns the verdicts round."""
    protocol = builtin(protocol_id)
    items = []
    for index, step in enumerate(protocol.steps):
        camera = step.observer == "camera"
        verdict = VERDICTS[(index + shift) % 4] if camera else "not_observed"
        most = 2.0 * step.weight
        items.append(
            {
                "id": step.id,
                "title": {"id": step.title.id, "en": step.title.en},
                "observer": "camera" if camera else "facilitator",
                "verdict": verdict,
                "to_be_confirmed": not camera,
                "points": _SHARE[verdict] * most,
                "max_points": most,
                "critical": step.critical,
                "measures": [
                    {"name": "rate", "label": {"id": "x", "en": "x"}, "value": 1.25, "unit": "Hz", "sigma": 0.02,
                     "minimum": 0.5, "maximum": 2.0},
                    {"name": "radius", "label": {"id": "x", "en": "x"}, "value": None, "unit": "cm", "sigma": None,
                     "minimum": None, "maximum": None},
                ]
                if camera
                else [],
                "evidence": [],
                "message": {"id": "x", "en": "x"},
                "source": step.source,
                "faults": [],
            }
        )  # fmt: skip
    return {
        "schema_version": 1,
        "protocol_id": protocol.id,
        "protocol_version": protocol.version,
        "protocol_hash": protocol.hash,
        "protocol_title": {"id": protocol.title.id, "en": protocol.title.en},
        "items": items,
        "points": 10.0,
        "max_points": 20.0,
        "percent": 50.0 + shift % 50,
        "pass_mark_percent": 80.0,
        "passed": False,
        "not_observed": [],
        "advice": [],
    }


def make_session(
    folder: Path,
    *,
    created: str = "2026-03-01T08:00:00+00:00",
    protocol_id: str = "tegalagung-2022",
    video: bytes | None = None,
    shift: int = 0,
    meta: dict[str, Any] | None = None,
) -> Path:
    """Write a session folder; two of the same name and time in different places are the same recording."""
    folder.mkdir(parents=True)
    document = {
        "schema_version": 1,
        "software_version": "0.1.0",
        "created": created,
        "models": {},
        "protocol": {"id": protocol_id, "version": "1.0.0", "sha256": "0" * 64, "regions": []},
        "parameters": {},
        "complete": True,
        "video": {
            "name": "practice.webm" if video else "live",
            "sha256": None,
            "width": 640,
            "height": 480,
            "duration_s": 900.5,
            "fps_median": 25.0,
            "frames_read": 22500,
            "frames_dropped": 0,
        },
        "calibration": None,
        "calibration_source": "none",
        "warnings": [],
        **(meta or {}),
    }
    write_json(folder / "session.json", document)
    write_json(folder / "score.json", score_document(protocol_id, shift))
    (folder / "events.tsv").write_text("onset\tduration\n0.0\t1.0\n", encoding="utf-8")
    (folder / "thumbs.parquet").write_bytes(
        f"{folder.name} {created} {shift}".encode("utf-8", "surrogateescape")
    )
    (folder / "report.html").write_text("<p>report</p>", encoding="utf-8")
    if video is not None:
        (folder / "practice.webm").write_bytes(video)
    return folder


def grade_rest(library: Library, grading: GradingRecord) -> GradingRecord:
    """Say of every item that has no grade yet that it was not observed, so that the grading may be signed."""
    for verdict in library.sessions.open(grading.session_id).verdicts:
        if grading.grade(verdict.item_id) is None:
            grading = library.gradings.save(
                grading.id, verdict.item_id, None, "not_observed", "", grading.version
            )
    return grading


def write_json(path: Path, document: Any) -> None:
    """Write a JSON document."""
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
