"""Aggregated events, as BORIS exports them: one row a state or point event, under BORIS's own headings.

Format: the table of "Export events - aggregated events" in the BORIS user guide (https://www.boris.unito.it);
headings as of version 8 and 9. BORIS is GPL software; nothing of it is used here.
"""

from collections.abc import Sequence
from pathlib import Path

from trainer.export.source import ExportSource, json_text, provenance, write_file
from trainer.export.tables import seconds_text
from trainer.export.tiers import Mark, Tier, describe, session_tiers

VARIABLES = ("software_version", "protocol", "calibration_source", "models", "calibration", "parameters")
"""The provenance, as BORIS's independent variables."""
HEADINGS: tuple[str, ...] = (
    "Observation id",
    "Observation date",
    "Description",
    "Observation type",
    "Source",
    "Time offset (s)",
    "Coding duration",
    "Media duration (s)",
    "FPS (frame/s)",
    *VARIABLES,
    "Subject",
    "Observation duration by subject by observation",
    "Behavior",
    "Behavioral category",
    "Modifier #1",
    "Modifier #2",
    "Behavior type",
    "Start (s)",
    "Stop (s)",
    "Duration (s)",
    "Media file name",
    "Image index start",
    "Image index stop",
    "Image file path start",
    "Image file path stop",
    "Comment start",
    "Comment stop",
)
"""Headings of the table in BORIS's order, with two modifiers: direction and side."""
COMMENT = ("region", "cycles", "rate_hz", "radius_cm", "length_cm", "speed_cm_s", "confidence", "observed")
"""Figures that a stroke's comment carries."""
STROKES_CATEGORY, TURNS_CATEGORY, REVOLUTION = "strokes", "revolutions", "revolution"


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write ``NAME_aggregated.tsv`` for each session; return their paths."""
    return [write_file(out / f"{source.name}_aggregated.tsv", aggregated(source)) for source in sources]


def variables(source: ExportSource) -> dict[str, str]:
    """Return the provenance as text, by the names of `VARIABLES`."""
    origin = provenance(source)
    return {
        name: origin[name] if isinstance(origin[name], str) else json_text(origin[name], None).strip()
        for name in VARIABLES
    }


def subject_of(tier_name: str) -> str:
    """Return the BORIS subject of a tier: the hand.

    Examples
    --------
    >>> subject_of("strokes_left_human")
    'left hand'
    """
    return f"{tier_name.split('_')[1]} hand"


def date_of(source: ExportSource) -> str:
    """Return the session's date as BORIS writes it, without a time zone."""
    return source.session.meta.created[:19].replace("T", " ")


def aggregated(source: ExportSource) -> str:
    """Return the table; a human timeline is an observation of its own, ``NAME (human)``."""
    tiers = [t for t in session_tiers(source) if t.kind in ("strokes", "revolutions")]
    lines = ["\t".join(HEADINGS)]
    for annotator in ("pijat", "human"):
        mine = [t for t in tiers if t.annotator == annotator]
        for tier in mine:
            subject = subject_of(tier.name)
            total = sum(
                m.end_ms - m.start_ms for t in mine if subject_of(t.name) == subject for m in _states(t)
            )
            before = [*_observation_cells(source, annotator), subject, seconds_text(total)]
            lines += ["\t".join([*before, *_event_cells(source, tier, mark)]) for mark in tier.marks]
    return "\n".join(lines) + "\n"


def frame_index(source: ExportSource, ms: int) -> int | None:
    """Return the frame at a moment, at the nominal rate as BORIS counts; None when the rate is unknown."""
    rate = source.frame_rate_hz
    return int(ms / 1000 * rate) if rate else None


def _states(tier: Tier) -> tuple[Mark, ...]:
    return tier.marks if tier.kind == "strokes" else ()


def _observation_cells(source: ExportSource, annotator: str) -> list[str]:
    rate = source.frame_rate_hz
    return [
        source.name if annotator == "pijat" else f"{source.name} ({annotator})",
        date_of(source),
        "pijat timeline" if annotator == "pijat" else "annotated by a person",
        "Media file",
        f"player #1:{source.media_name}",
        "0.0",
        seconds_text(source.duration_ms),
        seconds_text(source.duration_ms),
        f"{rate:.3f}" if rate else "NA",
        *variables(source).values(),
    ]


def _event_cells(source: ExportSource, tier: Tier, mark: Mark) -> list[str]:
    point = tier.kind == "revolutions"
    stop = mark.start_ms if point else mark.end_ms
    frames = [frame_index(source, ms) for ms in (mark.start_ms, stop)]
    return [
        REVOLUTION if point else mark.text,
        TURNS_CATEGORY if point else STROKES_CATEGORY,
        "" if point else str(mark.details.get("direction") or "None"),
        "" if point else str(mark.details.get("side") or "None"),
        "POINT" if point else "STATE",
        seconds_text(mark.start_ms),
        seconds_text(stop),
        "NA" if point else seconds_text(stop - mark.start_ms),
        source.media_name,
        *("NA" if frame is None else str(frame) for frame in frames),
        "NA",
        "NA",
        mark.text if point else describe(mark.details, COMMENT),
        "",
    ]
