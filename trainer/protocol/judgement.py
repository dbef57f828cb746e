"""What a judge says about one item, and the parts that several judges share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from trainer.language import Text
from trainer.perception.observation import HANDS, Hand
from trainer.protocol import intervals
from trainer.protocol.facts import Facts, Place, Stroke
from trainer.protocol.faults import Fault
from trainer.protocol.model import Range
from trainer.protocol.score import Evidence, Measure

_MERGE_S = 1.0
_LEAST_TOGETHER_S = 4.0
"""With less stroke time in which both hands were seen, neither is called idle."""
_TOGETHER = 0.4
FAR_OUT = 1.25
"""A value this many times beyond its limit is far out: not met rather than partly met."""


class Level(IntEnum):
    """How far a criterion is fulfilled."""

    NOT_MET = 0
    PARTLY = 1
    MET = 2


@dataclass(frozen=True)
class Criterion:
    """One thing an item asks for.

    Attributes
    ----------
    level : Level or None
        None when it could not be judged.
    faults : tuple of Fault
        What went wrong; empty when met.
    measures : tuple of Measure
        What was measured for it.
    essential : bool
        Whether the item cannot be judged without it.
    """

    level: Level | None
    faults: tuple[Fault, ...] = ()
    measures: tuple[Measure, ...] = ()
    essential: bool = True


@dataclass(frozen=True)
class Judgement:
    """All criteria of an item with the evidence.

    Attributes
    ----------
    unseen : Text or None
        When set, too little was seen to judge the item at all, and this says what to do.
    """

    criteria: tuple[Criterion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unseen: Text | None = None
    extra_measures: tuple[Measure, ...] = field(default=())


def level_of_share(share: float, met: float, partly: float) -> Level:
    """Grade a share that should be high."""
    return Level.MET if share >= met else Level.PARTLY if share >= partly else Level.NOT_MET


def measure(
    name: str,
    label: Text,
    value: float | None,
    unit: str,
    sigma: float | None = None,
    span: Range | None = None,
) -> Measure:
    """Build a `Measure`; a value that is not finite counts as not measured."""
    finite = value is not None and bool(np.isfinite(value))
    return Measure(
        name,
        label,
        value if finite else None,
        unit,
        sigma,
        span.minimum if span else None,
        span.maximum if span else None,
    )


def evidence_of(strokes: Iterable[Stroke], kind: str) -> list[Evidence]:
    """Turn strokes into intervals per hand, joining those less than a second apart."""
    strokes = list(strokes)
    found: list[Evidence] = []
    for hand in HANDS:
        joined = intervals.union((s.interval for s in strokes if s.event.hand == hand), bridge_s=_MERGE_S)
        found += [
            Evidence(start, end, hand, "fault" if kind == "fault" else "supports") for start, end in joined
        ]
    return found


def in_time(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Sort evidence by time, without repeats."""
    return tuple(
        sorted(set(evidence), key=lambda item: (item.start_s, item.end_s, item.hand or "", item.kind))
    )


def unseen_hands(facts: Facts, *, both: bool) -> tuple[Text | None, tuple[Measure, ...]]:
    """Say whether too little of the hands was seen.

    Returns
    -------
    text : Text or None
        What to do so that the camera sees more; None when enough was seen.
    measures : tuple of Measure
        Share of the time in which each hand was seen.
    """
    least = facts.protocol.judging.minimum_observed
    shares = {hand: facts.seen_share(hand) for hand in HANDS}
    words: dict[Hand, tuple[str, str]] = {"left": ("kiri", "left"), "right": ("kanan", "right")}
    measures = tuple(
        measure(
            f"{hand}_hand_seen",
            Text(f"Tangan {words[hand][0]} terlihat", f"{words[hand][1].capitalize()} hand seen"),
            100 * shares[hand],
            "%",
            None,
            Range(100 * least, None),
        )
        for hand in HANDS
    )
    hidden = [hand for hand in HANDS if shares[hand] < least]
    if not hidden or (not both and facts.any_seen_share() >= least):
        return None, measures
    if not both or len(hidden) == len(HANDS):
        return Text(
            "Kamera terlalu jarang melihat kedua tangan. Letakkan kamera di belakang ibu, seluruh "
            "punggung dan kedua tangan terlihat, ruangan terang.",
            "The camera saw too little of both hands. Put it behind the mother, with the whole back and both "
            "hands in view and the room well lit.",
        ), measures
    indonesian, english = words[hidden[0]]
    return Text(
        f"Kamera terlalu jarang melihat tangan {indonesian}. Geser kamera sampai kedua ibu jari terlihat.",
        f"The camera saw too little of the {english} hand. Move the camera until both thumbs are in view.",
    ), measures


STOPPED = Text(
    "Pijatan dihentikan karena ibu merasa sakit atau tidak nyaman. Itu benar; bagian ini tidak dinilai.",
    "The massage was stopped because of pain or discomfort. That was right; this part is not judged.",
)


UNSURE_WHERE = Text(
    "Kamera tidak dapat memastikan letak ibu jari. Tandai punggung (C7 dan kedua ujung bawah tulang belikat) "
    "dan letakkan kamera lebih tepat di belakang ibu.",
    "The camera could not tell surely where the thumbs were. Mark the back (C7 and both lower tips of the "
    "shoulder blades) and put the camera more directly behind the mother.",
)


@dataclass(frozen=True, eq=False)
class Placed:
    """Strokes by where they lie."""

    inside: tuple[Stroke, ...]
    outside: tuple[Stroke, ...]
    avoid: tuple[Stroke, ...]
    unknown: tuple[Stroke, ...]


def sort_by_place(facts: Facts, strokes: Sequence[Stroke], region_ids: Sequence[str]) -> Placed:
    """Sort strokes by where they lie with respect to the regions."""
    found: dict[Place, list[Stroke]] = {"inside": [], "outside": [], "avoid": [], "unknown": []}
    for stroke in strokes:
        found[facts.place(stroke, region_ids)].append(stroke)
    return Placed(*(tuple(found[place]) for place in ("inside", "outside", "avoid", "unknown")))


def time_of(strokes: Iterable[Stroke]) -> float:
    """Total duration in seconds, both hands added up."""
    return sum(stroke.event.duration_s for stroke in strokes)


def judge_place(placed: Placed, minimum_inside_share: float) -> Criterion:
    """Judge whether strokes lie in the regions."""
    inside, outside, avoid = (time_of(group) for group in (placed.inside, placed.outside, placed.avoid))
    known, unknown = inside + outside + avoid, time_of(placed.unknown)
    if known + unknown == 0:
        return Criterion(None, essential=False)
    share = inside / known if known else None
    shown = measure(
        "inside_share",
        Text("Bagian waktu di daerah pijat", "Share of the time in the area"),
        None if share is None else 100 * share,
        "%",
        None,
        Range(100 * minimum_inside_share, None),
    )
    if share is None or unknown > known:
        return Criterion(None, measures=(shown,))
    if share >= minimum_inside_share:
        return Criterion(Level.MET, measures=(shown,))
    slack = (1 - minimum_inside_share) / 2
    faults = [
        fault
        for fault, time in ((Fault.ON_SPINE, avoid), (Fault.WRONG_REGION, outside))
        if time / known > slack
    ]
    return Criterion(level_of_share(share, minimum_inside_share, 0.5), tuple(faults), (shown,))


def judge_together(
    strokes: Sequence[Stroke], facts: Facts, minimum_balance: float, *, both_thumbs: bool
) -> Criterion:
    """Judge whether both sides get their share and, where asked, both thumbs work at the same time."""
    seen_both = intervals.intersection(facts.seen("left"), facts.seen("right"))
    by_hand = {
        hand: intervals.union(stroke.interval for stroke in strokes if stroke.event.hand == hand)
        for hand in HANDS
    }
    sides = {side: time_of(s for s in strokes if s.side == side) for side in ("left", "right")}
    # An idle thumb is one that was seen idle: only time in which both hands were seen counts.
    hands = {hand: intervals.length_s(intervals.intersection(by_hand[hand], seen_both)) for hand in HANDS}
    shares = hands if both_thumbs else sides
    if max(shares.values()) == 0:
        return Criterion(None, essential=False)
    balance = min(shares.values()) / max(shares.values())
    any_s = intervals.length_s(intervals.union(by_hand["left"] + by_hand["right"]))
    overlap = (
        intervals.length_s(intervals.intersection(by_hand["left"], by_hand["right"])) / any_s
        if any_s
        else 0.0
    )
    measures = [
        measure(
            "balance",
            Text("Sisi yang kurang dibanding sisi lainnya", "Lesser side against the other"),
            100 * balance,
            "%",
            None,
            Range(100 * minimum_balance, None),
        )
    ]
    if both_thumbs:
        measures.append(
            measure(
                "together",
                Text("Kedua ibu jari bersamaan", "Both thumbs at the same time"),
                100 * overlap,
                "%",
                None,
                Range(100 * _TOGETHER, None),
            )
        )
    faults: tuple[Fault, ...] = ()
    level = Level.MET
    if balance < minimum_balance / 2:
        level, faults = Level.NOT_MET, (Fault.ONE_THUMB_IDLE,)
    elif balance < minimum_balance:
        level, faults = Level.PARTLY, (Fault.UNEVEN_SIDES,)
    elif both_thumbs and overlap < _TOGETHER:
        level, faults = Level.PARTLY, (Fault.ONE_THUMB_IDLE,)
    if faults and max(shares.values()) < _LEAST_TOGETHER_S:
        return Criterion(None, (), tuple(measures), essential=False)
    return Criterion(level, faults, tuple(measures))


def judge_range(
    strokes: Sequence[Stroke],
    values: Sequence[float | None],
    sigmas: Sequence[float],
    span: Range,
    faults: tuple[Fault, Fault],
    shown: tuple[str, Text, str],
) -> tuple[Criterion, list[Stroke]]:
    """Judge a value of each stroke against a range, weighted by time; `faults` are too low and too high.

    Outside the range for more than a quarter of the time is partly met. Not met needs half of the time far
    out (`FAR_OUT` times the limit) by more than the uncertainty.
    """
    rows = [
        (stroke, value, sigma)
        for stroke, value, sigma in zip(strokes, values, sigmas, strict=True)
        if value is not None and np.isfinite(value)
    ]
    name, label, unit = shown
    if not rows:
        return Criterion(None, (), (measure(name, label, None, unit, None, span),), essential=False), []
    weights = np.array([stroke.event.duration_s for stroke, _, _ in rows])
    numbers, sigma = np.array([value for _, value, _ in rows]), np.array([s for _, _, s in rows])
    low = numbers < (-np.inf if span.minimum is None else span.minimum)
    high = numbers > (np.inf if span.maximum is None else span.maximum)
    far = (low & (numbers + sigma < (span.minimum or 0.0) / FAR_OUT)) | (
        high & (numbers - sigma > (np.inf if span.maximum is None else span.maximum) * FAR_OUT)
    )
    order = np.argsort(numbers)
    cumulative = np.cumsum(weights[order])
    middle = order[int(np.searchsorted(cumulative, cumulative[-1] / 2))]
    measures = (measure(name, label, float(numbers[middle]), unit, float(sigma[middle]), span),)
    total = float(weights.sum()) or 1.0
    wrong = [stroke for (stroke, _, _), bad in zip(rows, low | high, strict=True) if bad]
    named = tuple(
        fault
        for fault, mask in zip(faults, (low, high), strict=True)
        if float(weights[mask].sum()) / total > 0.25
    )
    if not named:
        return Criterion(Level.MET, (), measures, essential=False), []
    level = Level.NOT_MET if float(weights[far].sum()) / total > 0.5 else Level.PARTLY
    return Criterion(level, named, measures, essential=False), wrong
