"""BIDS events: a tab-separated table with a JSON sidecar.

Specification: https://bids-specification.readthedocs.io/en/stable/modality-specific-files/task-events.html
"""

from collections.abc import Sequence
from pathlib import Path

from trainer.export.source import ExportSource, json_text, provenance, write_file
from trainer.export.tables import events_text
from trainer.session.columns import EVENTS_SIDECAR


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write ``NAME_events.tsv`` and ``NAME_events.json`` for each session; return their paths."""
    written = []
    for source in sources:
        sidecar = {**EVENTS_SIDECAR, "GeneratedBy": provenance(source)}
        tables = list(source.timelines().values())
        written.append(write_file(out / f"{source.name}_events.tsv", events_text(tables)))
        written.append(write_file(out / f"{source.name}_events.json", json_text(sidecar)))
    return written
