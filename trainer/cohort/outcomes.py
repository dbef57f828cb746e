"""What changes for the mother: milk volume, how milk flows, LATCH, comfort."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trainer.cohort.comparison import NO_READING, PairedComparison, compare_paired
from trainer.cohort.messages import effect_text, result_text
from trainer.cohort.results import NotComputed
from trainer.errors import PijatError
from trainer.language import Text, join

OutcomeKind = Literal["milk_ml", "fluency", "latch", "comfort"]
Phase = Literal["before", "after"]


@dataclass(frozen=True)
class OutcomeScale:
    """How an outcome is measured.

    Attributes
    ----------
    name, unit : Text
        ``unit`` is empty for a bare score.
    minimum, maximum : float
    whole : bool
        Only whole numbers.
    classes : tuple of Text
        Names of the values 1, 2 ... where they are classes; empty otherwise.
    ordinal : bool
        Ranks, not amounts: read the rank test and the median.
    source : str
    """

    name: Text
    unit: Text
    minimum: float
    maximum: float
    whole: bool
    classes: tuple[Text, ...]
    ordinal: bool
    source: str


SCALES: dict[OutcomeKind, OutcomeScale] = {
    "milk_ml": OutcomeScale(
        Text("Banyaknya ASI", "Milk volume"),
        Text("ml", "ml"),
        0,
        2000,
        False,
        (),
        False,
        "bulukumba-2023: measuring cup before and after (1 cc = 1 ml)",
    ),
    "fluency": OutcomeScale(
        Text("Kelancaran ASI", "How milk flows"),
        Text("kelas", "classes"),
        1,
        3,
        True,
        (
            Text("kurang lancar", "poorly flowing"),
            Text("cukup lancar", "fairly flowing"),
            Text("lancar", "fluent"),
        ),
        True,
        "bulukumba-2023: lancar, cukup lancar, kurang lancar",
    ),
    "latch": OutcomeScale(
        Text("Skor LATCH (0-10)", "LATCH score (0-10)"),
        Text("poin", "points"),
        0,
        10,
        True,
        (),
        True,
        "jabodetabek-2025; five parts of 0-2 each (Jensen, Wallace, Kelsay 1994, JOGNN 23(1):27-32)",
    ),
    "comfort": OutcomeScale(
        Text("Rasa nyaman (0-10)", "Comfort (0-10)"),
        Text("poin", "points"),
        0,
        10,
        True,
        (),
        True,
        "numeric rating, 0 not comfortable at all, 10 as comfortable as can be",
    ),
}


@dataclass(frozen=True)
class OutcomeEntry:
    """One measurement of one person (`code`)."""

    code: str
    kind: OutcomeKind
    phase: Phase
    measured_at: datetime
    value: float


@dataclass(frozen=True)
class OutcomePair:
    """A person's first measurement before and last one after; None where there is none."""

    code: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class OutcomeSummary:
    """One kind of outcome over a group.

    Attributes
    ----------
    kind : OutcomeKind
    scale : OutcomeScale
    pairs : tuple of OutcomePair
        In order of code.
    comparison : PairedComparison
    classes : tuple of (Text, int, int)
        Name of a class, how many were in it before and after (complete pairs only); empty without classes.
    improved, same, worse : int
        Of the complete pairs; higher is better on all four scales.
    reading : Text
        The result in one sentence: of classes by the rank test, of amounts and scores as in the comparison.
    """

    kind: OutcomeKind
    scale: OutcomeScale
    pairs: tuple[OutcomePair, ...]
    comparison: PairedComparison
    classes: tuple[tuple[Text, int, int], ...]
    improved: int
    same: int
    worse: int
    reading: Text


def check_value(kind: OutcomeKind, value: float) -> float:
    """Return the value; refuse what the scale does not have.

    Raises
    ------
    PijatError
        One sentence with the scale's name and limits.
    """
    scale = SCALES[kind]
    inside = scale.minimum <= value <= scale.maximum
    if not inside or (scale.whole and value != int(value)):
        whole = Text("bilangan bulat ", "a whole number ") if scale.whole else Text("", "")
        text = Text(
            "Isi {whole}{low} sampai {high} untuk {name}, bukan {value}.",
            "Expected {whole}from {low} to {high} for {kind} ({name}), got {value}.",
        )
        raise PijatError(
            text.fill(
                whole=whole,
                low=float(scale.minimum),
                high=float(scale.maximum),
                kind=kind,
                name=scale.name,
                value=float(value),
            )
        )
    return value


def pair_outcomes(entries: Iterable[OutcomeEntry], kind: OutcomeKind) -> tuple[OutcomePair, ...]:
    """Pair each person's first measurement before with the last one after."""
    before: dict[str, OutcomeEntry] = {}
    after: dict[str, OutcomeEntry] = {}
    for entry in entries:
        if entry.kind != kind:
            continue
        if entry.phase == "before":
            known = before.get(entry.code)
            if known is None or entry.measured_at < known.measured_at:
                before[entry.code] = entry
        else:
            known = after.get(entry.code)
            if known is None or entry.measured_at > known.measured_at:
                after[entry.code] = entry
    return tuple(
        OutcomePair(code, _value(before, code), _value(after, code)) for code in sorted({*before, *after})
    )


def summarise_pairs(kind: OutcomeKind, pairs: Iterable[OutcomePair]) -> OutcomeSummary:
    """Sum up pairs of one kind."""
    chosen = tuple(pairs)
    scale = SCALES[kind]
    comparison = compare_paired([pair.before for pair in chosen], [pair.after for pair in chosen], scale.unit)
    complete = [(p.before, p.after) for p in chosen if p.before is not None and p.after is not None]
    improved = sum(after > before for before, after in complete)
    worse = sum(after < before for before, after in complete)
    same = len(complete) - improved - worse
    return OutcomeSummary(
        kind=kind,
        scale=scale,
        pairs=chosen,
        comparison=comparison,
        classes=tuple(
            (
                name,
                sum(before == index for before, _ in complete),
                sum(after == index for _, after in complete),
            )
            for index, name in enumerate(scale.classes, start=1)
        ),
        improved=improved,
        same=same,
        worse=worse,
        reading=_class_reading(comparison, improved, same, worse) if scale.classes else comparison.reading,
    )


def summarise_outcomes(entries: Iterable[OutcomeEntry]) -> tuple[OutcomeSummary, ...]:
    """Sum up every kind of which there is a measurement, in the order of `SCALES`."""
    rows = tuple(entries)
    kinds = {row.kind for row in rows}
    return tuple(summarise_pairs(kind, pair_outcomes(rows, kind)) for kind in SCALES if kind in kinds)


def _class_reading(comparison: PairedComparison, improved: int, same: int, worse: int) -> Text:
    counted = Text(
        f"{improved} membaik, {same} tetap, {worse} menurun",
        f"{improved} better, {same} the same, {worse} worse",
    )
    test, effect = comparison.wilcoxon, comparison.rank_effect
    if isinstance(test, NotComputed) or isinstance(effect, NotComputed):
        reason = test.reason if isinstance(test, NotComputed) else NO_READING
        return join(counted, ". ", reason) if comparison.n else reason
    return join(counted, "; Wilcoxon ", result_text(test), "; ", effect_text(effect), ".")


def _value(found: Mapping[str, OutcomeEntry], code: str) -> float | None:
    entry = found.get(code)
    return entry.value if entry else None
