"""``score.json`` as the report shows it: verdicts with their measures, evidence and words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from trainer.language import Text, join, join_with
from trainer.perception.observation import HANDS, Hand
from trainer.protocol.score import Evidence, Measure, Verdict
from trainer.report.formats import clock, plain
from trainer.report.messages import TEXTS

_VERDICTS = {verdict.value for verdict in Verdict}
_TIMES_SHOWN = 4


@dataclass(frozen=True)
class Item:
    """One line of the checklist; `verdict` is a key of `trainer.report.palette.VERDICT_TONES`."""

    id: str
    title: Text
    by_camera: bool
    verdict: str
    points: float
    max_points: float
    critical: bool
    measures: tuple[Measure, ...]
    evidence: tuple[Evidence, ...]
    message: Text
    source: str

    @property
    def by_facilitator(self) -> bool:
        """Whether the verdict is a facilitator's, and given."""
        return not self.by_camera and self.verdict not in ("to_confirm", Verdict.NOT_OBSERVED)

    @property
    def shown_measures(self) -> tuple[Measure, ...]:
        """The measures that say something here: how well a hand was seen only where that was too little.

        The shares seen stand once for all items in the part on what the camera could not see.
        """
        return tuple(m for m in self.measures if not (m.name.endswith("_hand_seen") and within(m)))

    @property
    def times(self) -> Text | None:
        """When the camera saw it done, in words."""
        return _times([e for e in self.evidence if e.kind == "supports"], TEXTS["at"])

    @property
    def fault_times(self) -> Text | None:
        """When it went wrong, in words."""
        return _times([e for e in self.evidence if e.kind == "fault"], TEXTS["faults_at"])


@dataclass(frozen=True)
class Checklist:
    """A scored checklist; `outcome` is a key of `trainer.report.palette.OUTCOME_TONES`."""

    title: Text
    protocol_id: str
    protocol_version: str
    protocol_hash: str
    items: tuple[Item, ...]
    points: float
    max_points: float
    percent: float | None
    pass_mark_percent: float
    outcome: str
    advice: tuple[Item, ...]

    def count(self, verdict: str) -> int:
        """How many items carry a verdict."""
        return sum(item.verdict == verdict for item in self.items)

    @property
    def facilitator_has_judged(self) -> bool:
        """Whether any item carries a facilitator's verdict."""
        return any(item.by_facilitator for item in self.items)

    @property
    def failed_critical(self) -> bool:
        """Whether a required step seen by the camera was not met."""
        return any(item.critical and item.verdict == Verdict.NOT_MET for item in self.items)


def read_checklist(score: Mapping[str, Any]) -> Checklist:
    """Read the content of ``score.json``; whatever it lacks is left empty, never guessed."""
    items = tuple(_item(entry) for entry in score.get("items") or () if isinstance(entry, Mapping))
    passed = score.get("passed")
    by_id = {item.id: item for item in items}
    return Checklist(
        title=text_of(score.get("protocol_title")),
        protocol_id=plain(score.get("protocol_id", ""), 80),
        protocol_version=plain(score.get("protocol_version", ""), 40),
        protocol_hash=plain(score.get("protocol_hash", ""), 80),
        items=items,
        points=_number(score.get("points")) or 0.0,
        max_points=_number(score.get("max_points")) or 0.0,
        percent=_number(score.get("percent")),
        pass_mark_percent=_number(score.get("pass_mark_percent")) or 0.0,
        outcome="too_little" if passed is None else "passed" if passed else "not_yet",
        advice=tuple(by_id[key] for key in list(score.get("advice") or ())[:3] if key in by_id),
    )


def text_of(value: object, limit: int = 600) -> Text:
    """Read a text in both languages; one language stands in for a missing other."""
    if isinstance(value, Mapping):
        indonesian, english = value.get("id"), value.get("en")
        return Text(plain(indonesian or english or "", limit), plain(english or indonesian or "", limit))
    return Text(plain(value or "", limit), plain(value or "", limit))


def within(measure: Measure) -> bool | None:
    """Whether a value lies in its range; None when it was not measured."""
    if measure.value is None:
        return None
    above = measure.minimum is None or measure.value >= measure.minimum
    return above and (measure.maximum is None or measure.value <= measure.maximum)


def bounded(items: Sequence[Item], most: int) -> list[Measure]:
    """The measured values that have a limit: those outside it first, then rates, then counts."""
    order = {"Hz": 0, "x": 1, "min": 2, "s": 3}
    found = [
        measure
        for item in items
        for measure in item.shown_measures
        if measure.value is not None and (measure.minimum is not None or measure.maximum is not None)
    ]
    return sorted(found, key=lambda m: (bool(within(m)), order.get(m.unit, 4)))[:most]


def _item(entry: Mapping[str, Any]) -> Item:
    verdict = str(entry.get("verdict"))
    waiting = bool(entry.get("to_be_confirmed"))
    return Item(
        id=plain(entry.get("id", ""), 60),
        title=text_of(entry.get("title")),
        by_camera=entry.get("observer") == "camera",
        verdict="to_confirm" if waiting else verdict if verdict in _VERDICTS else Verdict.NOT_OBSERVED.value,
        points=_number(entry.get("points")) or 0.0,
        max_points=_number(entry.get("max_points")) or 0.0,
        critical=bool(entry.get("critical")),
        measures=tuple(_measure(m) for m in entry.get("measures") or () if isinstance(m, Mapping)),
        evidence=tuple(e for e in map(_evidence, entry.get("evidence") or ()) if e is not None),
        message=text_of(entry.get("message")),
        source=plain(entry.get("source", ""), 300),
    )


def _measure(entry: Mapping[str, Any]) -> Measure:
    return Measure(
        name=plain(entry.get("name", ""), 80),
        label=text_of(entry.get("label") or entry.get("name"), 120),
        value=_number(entry.get("value")),
        unit=plain(entry.get("unit") or "", 30),
        sigma=_number(entry.get("sigma")),
        minimum=_number(entry.get("minimum")),
        maximum=_number(entry.get("maximum")),
    )


def _evidence(entry: object) -> Evidence | None:
    if not isinstance(entry, Mapping):
        return None
    start, end = _number(entry.get("start_s")), _number(entry.get("end_s"))
    if start is None or end is None:
        return None
    hand = entry.get("hand")
    kind = "fault" if entry.get("kind") == "fault" else "supports"
    return Evidence(start, end, cast(Hand, hand) if hand in HANDS else None, kind)  # type: ignore[arg-type]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _times(evidence: Sequence[Evidence], lead: Text) -> Text | None:
    """Distinct moments, both hands at once written once, at most four and how many more."""
    spans = sorted(
        {f"{clock(e.start_s)}–{clock(e.end_s)}": e.start_s for e in evidence}.items(), key=lambda s: s[1]
    )
    if not spans:
        return None
    shown = join_with(", ", [Text(label, label) for label, _ in spans[:_TIMES_SHOWN]])
    rest = len(spans) - _TIMES_SHOWN
    return join(lead, " ", shown, join(f" + {rest} ", TEXTS["and_more"]) if rest > 0 else "")
