"""The formats that ``pijat export`` writes."""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from trainer.errors import UsageError
from trainer.export.source import ExportSource, check_names
from trainer.language import Text


class Exporter(Protocol):
    """What a module of a format offers."""

    def export(self, sources: Sequence[ExportSource], out: Path) -> list[Path]:
        """Write the sessions into the folder; return what was written."""


FORMATS: Mapping[str, tuple[str, str]] = {
    "tsv": ("tsv", "BIDS events table with its JSON sidecar"),
    "boris": ("boris", "aggregated events under BORIS's own headings"),
    "boris-project": ("boris_project", "project that BORIS opens, with ethogram and video"),
    "eaf": ("eaf", "ELAN 3.0: tiers for each hand, revolutions and the checklist's evidence"),
    "textgrid": ("textgrid", "Praat TextGrid"),
    "vtt": ("vtt", "WebVTT captions over the video, Indonesian and English"),
    "parquet": ("parquet", "all tables, raw and filtered, for pandas, R or DuckDB"),
    "bids": ("bids", "BIDS data set of motion and events"),
    "label-studio": ("label_studio", "Label Studio tasks with pre-annotations"),
}
"""Name to module and what it gives."""


def export_sessions(sources: Sequence[ExportSource], format_name: str, out: Path) -> list[Path]:
    """Write sessions in a format of `FORMATS`.

    Parameters
    ----------
    sources : sequence of ExportSource
        Of different names.
    format_name : str
    out : Path
        Folder; made when absent, files of the same name replaced.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    UsageError
        For a format that does not exist.
    PijatError
        When two sessions share a name or the folder cannot be written to.
    """
    if format_name not in FORMATS:
        raise UsageError(
            Text(
                f"Pilih salah satu format: {', '.join(FORMATS)}, bukan {format_name}.",
                f"Expected a format out of {', '.join(FORMATS)}, got {format_name}.",
            )
        )
    check_names(sources)
    module = cast(Exporter, importlib.import_module(f"trainer.export.{FORMATS[format_name][0]}"))
    return module.export(sources, out)
