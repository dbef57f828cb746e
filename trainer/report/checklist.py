"""A scored checklist in words and in the order of a page; the score itself is `trainer.protocol.score.Score`."""

from collections.abc import Sequence

from trainer.language import Text, join, join_with
from trainer.protocol.score import Evidence, ItemScore, Measure, Score
from trainer.report.formats import clock, plain
from trainer.report.messages import TEXTS
from trainer.session.leaves import map_leaves

_TIMES_SHOWN = 4
_LONGEST = 600


def safe_to_show(score: Score) -> Score:
    """Return the score with texts that may be shown: no character that turns what is around it, none too long."""
    return map_leaves(score, lambda value: plain(value, _LONGEST) if type(value) is str else value)


def within(measure: Measure) -> bool | None:
    """Whether a value lies in its range; None when it was not measured."""
    if measure.value is None:
        return None
    above = measure.minimum is None or measure.value >= measure.minimum
    return above and (measure.maximum is None or measure.value <= measure.maximum)


def shown_measures(item: ItemScore) -> tuple[Measure, ...]:
    """The measures that say something here: how well a hand was seen only where that was too little.

    The shares seen stand once for all items in the part on what the camera could not see.
    """
    return tuple(m for m in item.measures if not (m.name.endswith("_hand_seen") and within(m)))


def bounded(items: Sequence[ItemScore], most: int) -> list[Measure]:
    """The measured values that have a limit: those outside it first, then rates, then counts."""
    order = {"Hz": 0, "x": 1, "min": 2, "s": 3}
    found = [
        measure
        for item in items
        for measure in shown_measures(item)
        if measure.value is not None and (measure.minimum is not None or measure.maximum is not None)
    ]
    return sorted(found, key=lambda m: (bool(within(m)), order.get(m.unit, 4)))[:most]


def times(item: ItemScore) -> Text | None:
    """When the camera saw it done, in words."""
    return _times([e for e in item.evidence if e.kind == "supports"], TEXTS["at"])


def fault_times(item: ItemScore) -> Text | None:
    """When it went wrong, in words."""
    return _times([e for e in item.evidence if e.kind == "fault"], TEXTS["faults_at"])


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
