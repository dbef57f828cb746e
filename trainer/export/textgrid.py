"""Praat's TextGrid, in the long text form.

Specification: https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html
"""

from collections.abc import Sequence
from pathlib import Path

from trainer.export.source import ExportSource, json_text, provenance, write_file
from trainer.export.tables import seconds_text
from trainer.export.tiers import Tier, session_tiers


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write ``NAME.TextGrid`` for each session and beside it the provenance, for which it has no place."""
    written = []
    for source in sources:
        written.append(write_file(out / f"{source.name}.TextGrid", textgrid(source)))
        written.append(write_file(out / f"{source.name}.provenance.json", json_text(provenance(source))))
    return written


def textgrid(source: ExportSource) -> str:
    """Return the session as a TextGrid: one interval tier each for strokes, revolutions and evidence."""
    end = max(source.duration_ms, 1)
    tiers = session_tiers(source)
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {seconds_text(end)}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, tier in enumerate(tiers, start=1):
        intervals = _filled(tier, end)
        lines += [
            f"    item [{number}]:",
            '        class = "IntervalTier"',
            f"        name = {_quoted(tier.name)}",
            "        xmin = 0",
            f"        xmax = {seconds_text(end)}",
            f"        intervals: size = {len(intervals)}",
        ]
        for index, (start, stop, text) in enumerate(intervals, start=1):
            lines += [
                f"        intervals [{index}]:",
                f"            xmin = {seconds_text(start)}",
                f"            xmax = {seconds_text(stop)}",
                f"            text = {_quoted(text)}",
            ]
    return "\n".join(lines) + "\n"


def _filled(tier: Tier, end_ms: int) -> list[tuple[int, int, str]]:
    """Return the tier's intervals with empty ones between: a TextGrid tier leaves no gaps."""
    intervals: list[tuple[int, int, str]] = []
    reached = 0
    for mark in tier.marks:
        if mark.start_ms > reached:
            intervals.append((reached, mark.start_ms, ""))
        intervals.append((mark.start_ms, mark.end_ms, mark.text))
        reached = mark.end_ms
    if reached < end_ms:
        intervals.append((reached, end_ms, ""))
    return intervals


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""').replace("\n", " ") + '"'
