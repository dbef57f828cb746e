"""A session as tiers of labelled intervals: strokes per hand, revolutions, evidence of the checklist."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from trainer.export.revolutions import revolution_intervals
from trainer.export.source import ExportSource, milliseconds
from trainer.perception.observation import HANDS
from trainer.protocol.score import Score

if TYPE_CHECKING:
    import pandas as pd

TierKind = Literal["strokes", "revolutions", "checklist"]


@dataclass(frozen=True)
class Mark:
    """A labelled interval in whole milliseconds, with whatever else is known of it."""

    start_ms: int
    end_ms: int
    text: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tier:
    """Marks that do not overlap, in order of time.

    Attributes
    ----------
    name : str
        Unique in the session, e.g. ``strokes_left``.
    kind : {"strokes", "revolutions", "checklist"}
    marks : tuple of Mark
    parent : str or None
        Tier whose marks contain these.
    annotator : str
        ``pijat`` or ``human``.
    """

    name: str
    kind: TierKind
    marks: tuple[Mark, ...]
    parent: str | None = None
    annotator: str = "pijat"


def stroke_marks(table: "pd.DataFrame", hand: str) -> list[Mark]:
    """Return one hand's strokes in order of onset; the details are the row's other known figures."""
    rows = table[table["hand"] == hand].sort_values(["onset", "duration"], kind="stable")
    marks = []
    for row in rows.to_dict("records"):
        onset, duration = float(row.pop("onset")), float(row.pop("duration"))
        label = str(row.pop("trial_type"))
        known = {str(name): value for name, value in row.items() if not _missing(value)}
        marks.append(Mark(milliseconds(onset), milliseconds(onset + duration), label, known))
    return marks


def session_tiers(source: ExportSource) -> list[Tier]:
    """Return all tiers of a session, predicted strokes first.

    Where marks of one hand overlap, the later ones go to a further tier (``strokes_left_2``).
    """
    tiers: list[Tier] = []
    for origin, table in source.timelines().items():
        suffix, annotator = ("", "pijat") if origin == "predicted" else (f"_{origin}", origin)
        for hand in HANDS:
            lanes = _lanes(stroke_marks(table, hand))
            tiers += [
                Tier(_numbered(f"strokes_{hand}{suffix}", i), "strokes", tuple(lane), None, annotator)
                for i, lane in enumerate(lanes or [[]])
            ]
    for hand in HANDS:
        turns = (Mark(start, end, str(number)) for number, start, end in revolution_intervals(source, hand))
        # In a further lane (never met in practice) the strokes of `strokes_left` are not the turns' parents.
        for i, lane in enumerate(_lanes(sorted(turns, key=lambda m: (m.start_ms, m.end_ms))) or [[]]):
            parent = f"strokes_{hand}" if i == 0 else None
            tiers.append(Tier(_numbered(f"revolutions_{hand}", i), "revolutions", tuple(lane), parent))
    return tiers + _evidence_tiers(source.session.score)


def _evidence_tiers(score: Score) -> list[Tier]:
    tiers = []
    for item in score.items:
        by_hand: dict[str | None, list[Mark]] = {}
        for evidence in item.evidence:
            mark = Mark(milliseconds(evidence.start_s), milliseconds(evidence.end_s), evidence.kind)
            by_hand.setdefault(evidence.hand, []).append(mark)
        for hand, marks in sorted(by_hand.items(), key=lambda pair: str(pair[0])):
            name = f"checklist_{item.id}" + (f"_{hand}" if hand else "")
            details = {"verdict": item.verdict.value}
            lanes = _lanes(sorted(marks, key=lambda m: (m.start_ms, m.end_ms)))
            tiers += [
                Tier(_numbered(name, i), "checklist", tuple(replace(m, details=details) for m in lane))
                for i, lane in enumerate(lanes)
            ]
    return tiers


def _lanes(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Spread marks, ordered by start, over as few lists as keep each free of overlap, without empty ones."""
    lanes: list[list[Mark]] = []
    for mark in marks:
        if mark.end_ms <= mark.start_ms:
            continue
        free = next((lane for lane in lanes if lane[-1].end_ms <= mark.start_ms), None)
        if free is None:
            lanes.append([mark])
        else:
            free.append(mark)
    return lanes


def _numbered(name: str, index: int) -> str:
    return name if index == 0 else f"{name}_{index + 1}"


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def describe(details: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return the named details that are known as ``name=value`` pairs.

    Examples
    --------
    >>> describe({"rate_hz": 1.25, "side": "left"}, ("rate_hz", "radius_cm", "side"))
    'rate_hz=1.25; side=left'
    """
    parts = []
    for name in names:
        value = details.get(name)
        if value is not None:
            parts.append(f"{name}={value:.6g}" if isinstance(value, float) else f"{name}={value}")
    return "; ".join(parts)
