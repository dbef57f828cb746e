"""Label Studio tasks: the video with the predicted strokes as pre-annotations on its timeline.

Specification: https://labelstud.io/guide/task_format, https://labelstud.io/tags/timelinelabels. Label Studio
marks spans of frames, counted from 1; the exact times stand in each region's ``meta``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from trainer.export.source import ExportSource, check_names, json_text, provenance, write_file
from trainer.export.tiers import stroke_marks
from trainer.perception.observation import HANDS
from trainer.report.palette import STROKE_COLOURS
from trainer.session.columns import EVENTS_SIDECAR

if TYPE_CHECKING:
    import pandas as pd


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write ``label-studio-tasks.json`` for all sessions and the labelling interface; return their paths."""
    check_names(sources)
    tasks = [task(source) for source in sources]
    return [
        write_file(out / "label-studio-tasks.json", json_text(tasks)),
        write_file(out / "label-studio-config.xml", interface()),
    ]


def task(source: ExportSource) -> dict[str, Any]:
    """Return a session as a Label Studio task; a human timeline becomes an annotation."""
    document: dict[str, Any] = {
        "data": {"video": source.media.name if source.media else source.media_name, "session": source.name},
        "meta": provenance(source),
        "predictions": [
            {
                "model_version": f"pijat {source.session.meta.software_version}",
                "result": _regions(source, source.session.events),
            }
        ],
    }
    if source.human is not None:
        document["annotations"] = [{"result": _regions(source, source.human), "was_cancelled": False}]
    return document


def interface() -> str:
    """Return the labelling interface: the video and a row of stroke labels for each hand."""
    view = ET.Element("View")
    ET.SubElement(view, "Header", {"value": "pijat: $session"})
    ET.SubElement(view, "Video", {"name": "video", "value": "$video"})
    for hand in HANDS:
        ET.SubElement(view, "Header", {"value": f"{hand} hand"})
        labels = ET.SubElement(view, "TimelineLabels", {"name": f"strokes_{hand}", "toName": "video"})
        for stroke in EVENTS_SIDECAR["trial_type"]["Levels"]:
            ET.SubElement(labels, "Label", {"value": stroke, "background": STROKE_COLOURS[stroke]})
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _regions(source: ExportSource, table: "pd.DataFrame") -> list[dict[str, Any]]:
    thumbs = source.session.thumbs.drop_duplicates("frame").sort_values("frame")
    frames = thumbs["frame"].to_numpy(dtype=np.int64)
    times = thumbs["time_s"].to_numpy(dtype=np.float64)
    regions = []
    for hand in HANDS:
        for number, mark in enumerate(stroke_marks(table, hand), start=1):
            start, end = _frame_span(frames, times, mark.start_ms / 1000, mark.end_ms / 1000)
            regions.append(
                {
                    "id": f"{hand}-{number}",
                    "type": "timelinelabels",
                    "from_name": f"strokes_{hand}",
                    "to_name": "video",
                    "score": mark.details.get("confidence"),
                    "value": {"ranges": [{"start": start, "end": end}], "timelinelabels": [mark.text]},
                    "meta": {"onset_ms": mark.start_ms, "end_ms": mark.end_ms, **mark.details},
                }
            )
    return regions


def _frame_span(
    frames: NDArray[np.int64], times: NDArray[np.float64], start_s: float, end_s: float
) -> tuple[int, int]:
    """Return the first and last frame of ``start_s <= t < end_s``, counted from 1."""
    if not len(frames):
        return 1, 1
    first = min(int(np.searchsorted(times, start_s - 5e-4)), len(frames) - 1)
    last = max(int(np.searchsorted(times, end_s - 5e-4)) - 1, first)
    return int(frames[first]) + 1, int(frames[last]) + 1
