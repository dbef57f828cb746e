"""What a judge says about one item, and the parts that several judges share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from trainer.language import Text
from trainer.perception.observation import HANDS, Hand
from trainer.protocol import intervals
from trainer.protocol.facts import Facts, Place
from trainer.protocol.faults import Fault
from trainer.protocol.model import Range
from trainer.protocol.placed_strokes import Stroke
from trainer.protocol.score import Evidence, Measure

_MERGE_S = 1.0
_LEAST_TOGETHER_S = 4.0
"""With less stroke time in which both hands were seen, neither is called idle."""
_TOGETHER = 0.4
_OUT_OF_RANGE = 0.25
"""Share of the time outside a range that is forgiven."""
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


def bounded_level(good: float, total: float, hidden: float, met: float, partly: float) -> Level | None:
    """Grade a share of which a part was hidden, whatever that part held.

    Parameters
    ----------
    good, total : float
        What was seen to be right, of all that was seen; of one unit, such as seconds or strokes.
    hidden : float
        How much more there may have been, right or wrong.
    met, partly : float
        Shares from which on the level is reached.

    Returns
    -------
    Level or None
        None when the hidden part decides between met and less. Between partly and not met, partly: something was
        wrong, and not all of it need have been.

    Examples
    --------
    >>> bounded_level(9.0, 10.0, 0.5, 0.8, 0.5), bounded_level(9.0, 10.0, 5.0, 0.8, 0.5)
    (<Level.MET: 2>, None)
    """
    whole = total + hidden
    if whole <= 0:
        return None
    worst = level_of_share(good / whole, met, partly)
    best = level_of_share((good + hidden) / whole, met, partly)
    return None if worst < best == Level.MET else best


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


SHORTEST_S = 8.0
"""A session of less is too short for a round of massage, and says nothing about who gave it."""


def too_short_to_judge(seconds: float) -> Text:
    """Say that a session of so many seconds is too short."""
    return Text(
        f"Terlalu singkat untuk dinilai: {seconds:.0f} detik. Pijat paling sedikit satu rangkaian.",
        f"Too short to judge: {seconds:.0f} s. Give at least one round of massage.",
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
    long_s = intervals.length_s(facts.massage)
    if long_s < SHORTEST_S and facts.demonstration.stopped_s is None:
        return too_short_to_judge(long_s), ()
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
            "Kamera terlalu jarang melihat kedua tangan. Letakkan kamera di sisi ibu dan tinggi, seluruh "
            "punggung dan kedua tangan terlihat, ruangan terang.",
            "The camera saw too little of both hands. Put it to the mother's side and high, with the whole back and "
            "both hands in view and the room well lit.",
        ), measures
    indonesian, english = words[hidden[0]]
    return Text(
        f"Kamera terlalu jarang melihat tangan {indonesian}. Geser kamera sampai kedua ibu jari terlihat.",
        f"The camera saw too little of the {english} hand. Move the camera until both thumbs are in view.",
    ), measures


WELL_DONE = Text("Sudah baik. Pertahankan.", "Well done. Keep it up.")
WAITS = Text("Menunggu penilaian fasilitator.", "Waits for the facilitator to confirm.")
NOT_MEASURED = Text(
    "Kamera belum mengukur bagian ini; minta fasilitator melihatnya.",
    "The camera did not measure this; ask the facilitator to look.",
)
STOPPED = Text(
    "Pijatan dihentikan karena ibu merasa sakit atau tidak nyaman. Itu benar; bagian ini tidak dinilai.",
    "The massage was stopped because of pain or discomfort. That was right; this part is not judged.",
)


UNSURE_WHERE = Text(
    "Kamera tidak dapat memastikan letak ibu jari. Tandai punggung (C7 dan kedua ujung bawah tulang belikat) "
    "dan letakkan kamera lebih tinggi, mengarah ke punggung ibu.",
    "The camera could not tell surely where the thumbs were. Mark the back (C7 and both lower tips of the "
    "shoulder blades) and put the camera higher, looking down on the mother's back.",
)


UNEXPLAINED = Text(
    "Tangan terlihat bergerak di punggung, tetapi sebagian besar gerakannya tidak dapat dikenali, jadi bagian ini "
    "tidak dinilai. Letakkan kamera di sisi ibu dan tinggi, kedua ibu jari terlihat.",
    "The hands were seen moving on the back, but most of what they did could not be recognised, so that this is not "
    "judged. Put the camera to the mother's side and high, with both thumbs in view.",
)


def too_hidden(hidden_s: float) -> Text:
    """Say that what was hidden from the camera decides an item, and how long it was, in seconds of both hands."""
    seconds = f"{hidden_s:.0f}"
    return Text(
        f"Tidak dapat dipastikan: selama {seconds} detik tangan tidak terlihat jelas. Letakkan kamera di belakang "
        "ibu, sedikit di atas bahunya, supaya kedua tangan selalu terlihat.",
        f"This could not be decided: for {seconds} s a hand was not seen well enough. Put the camera behind the "
        "mother, a little above her shoulders, so that both hands are always in view.",
    )


@dataclass(frozen=True, eq=False)
class Placed:
    """Strokes by where they lie."""

    inside: tuple[Stroke, ...]
    outside: tuple[Stroke, ...]
    avoid: tuple[Stroke, ...]
    unknown: tuple[Stroke, ...]
    cut: tuple[Stroke, ...]


def sort_by_place(facts: Facts, strokes: Sequence[Stroke], region_ids: Sequence[str]) -> Placed:
    """Sort strokes by where they lie with respect to the regions."""
    found: dict[Place, list[Stroke]] = {"inside": [], "outside": [], "avoid": [], "unknown": [], "cut": []}
    for stroke in strokes:
        found[facts.place(stroke, region_ids)].append(stroke)
    return Placed(*(tuple(found[place]) for place in ("inside", "outside", "avoid", "unknown", "cut")))


def known_and_unknown_s(placed: Placed) -> tuple[float, float]:
    """Return the seconds of strokes whose place is known, and of those whose place is not."""
    return time_of((*placed.inside, *placed.outside, *placed.avoid)), time_of((*placed.unknown, *placed.cut))


def time_of(strokes: Iterable[Stroke]) -> float:
    """Total duration in seconds, both hands added up."""
    return sum(stroke.event.duration_s for stroke in strokes)


def unsure_where(known_s: float, unknown_s: float, hidden_s: float) -> Text | None:
    """Say why nothing can be said of where strokes lie: most of their time is of unknown place, or hidden.

    None when enough is known.
    """
    if unknown_s + hidden_s <= known_s:
        return None
    return UNSURE_WHERE if unknown_s >= hidden_s else too_hidden(hidden_s)


def judge_place(placed: Placed, minimum_inside_share: float, hidden_s: float) -> Criterion:
    """Judge whether strokes lie in the regions; `hidden_s` more may have been done unseen."""
    inside, outside, avoid = (time_of(group) for group in (placed.inside, placed.outside, placed.avoid))
    known, unknown = known_and_unknown_s(placed)
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
    if share is None or unsure_where(known, unknown, hidden_s):
        return Criterion(None, measures=(shown,))
    hidden = hidden_s + time_of(placed.cut)
    # What was hidden also took away strokes beside it: the graver verdict takes more than the bare count.
    level = bounded_level(inside, known, hidden, minimum_inside_share, 0.25 if hidden else 0.5)
    if level is None or level == Level.MET:
        return Criterion(level, measures=(shown,))
    slack = (1 - minimum_inside_share) / 2
    faults = [
        fault
        for fault, time in ((Fault.ON_SPINE, avoid), (Fault.WRONG_REGION, outside))
        if time / known > slack
    ]
    return Criterion(level, tuple(faults), (shown,))


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
    hidden = facts.hidden_s
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
    evenness = bounded_level(
        min(shares.values()), max(shares.values()), hidden, minimum_balance, minimum_balance / 2
    )
    if evenness is None:
        return Criterion(None, (), tuple(measures))
    faults: tuple[Fault, ...] = ()
    level = evenness
    if evenness == Level.NOT_MET:
        faults = (Fault.ONE_THUMB_IDLE,)
    elif evenness == Level.PARTLY:
        faults = (Fault.UNEVEN_SIDES,)
    elif both_thumbs:
        together = bounded_level(overlap * any_s, any_s, hidden, _TOGETHER, 0.0)
        if together is None:
            return Criterion(None, (), tuple(measures))
        if together != Level.MET:
            level, faults = Level.PARTLY, (Fault.ONE_THUMB_IDLE,)
    if faults and max(shares.values()) < _LEAST_TOGETHER_S:
        return Criterion(None, (), tuple(measures))
    return Criterion(level, faults, tuple(measures))


def judge_range(
    strokes: Sequence[Stroke],
    values: Sequence[float | None],
    sigmas: Sequence[float],
    span: Range,
    faults: tuple[Fault, Fault],
    shown: tuple[str, Text, str],
    hidden_s: float,
) -> tuple[Criterion, list[Stroke]]:
    """Judge a value of each stroke against a range, weighted by time; `faults` are too low and too high.

    Outside the range for more than a quarter of the time is partly met. Not met needs half of the time far
    out (`FAR_OUT` times the limit) by more than the uncertainty. `hidden_s` more may have been done unseen, and
    strokes without a value count as that.
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
    hidden = hidden_s + time_of(strokes) - total
    wrong = [stroke for (stroke, _, _), bad in zip(rows, low | high, strict=True) if bad]
    named = tuple(
        fault
        for fault, mask in zip(faults, (low, high), strict=True)
        if float(weights[mask].sum()) / (total + hidden) > _OUT_OF_RANGE
    )
    if not named:
        most = max(float(weights[mask].sum()) for mask in (low, high)) + hidden
        level = Level.MET if most / (total + hidden) <= _OUT_OF_RANGE else None
        return Criterion(level, (), measures, essential=level is None), []
    level = Level.NOT_MET if float(weights[far].sum()) / (total + hidden) > 0.5 else Level.PARTLY
    return Criterion(level, named, measures, essential=False), wrong
