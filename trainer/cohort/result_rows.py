"""A comparison as rows of a table: what, how much, and what is to be said of it."""

from dataclasses import dataclass

from trainer.cohort.comparison import GroupComparison, PairedComparison
from trainer.cohort.messages import NAMES, estimate_text, p_text, result_text
from trainer.cohort.results import (
    Description,
    EffectSize,
    Estimate,
    Normality,
    NotComputed,
    SignificanceTest,
)
from trainer.language import Text, both, join, number

_NONE = both("–")
_SPREAD = Text("Sebaran selisih (Shapiro-Wilk)", "Spread of the differences (Shapiro-Wilk)")


@dataclass(frozen=True)
class ResultRow:
    """One row: `note` says how it was found, or why it was not."""

    name: Text
    value: Text
    note: Text


def paired_statements(comparison: PairedComparison, *, ranks_only: bool = False) -> tuple[ResultRow, ...]:
    """Return what a report says of before against after, a row a figure.

    Of classes (`ranks_only`) there is no mean to speak of: median, Wilcoxon's test and its effect size.
    """
    unit = comparison.unit
    if ranks_only:
        return (
            ResultRow(Text("Sebelum", "Before"), ranged(comparison.before), both(f"n = {comparison.n}")),
            ResultRow(Text("Sesudah", "After"), ranged(comparison.after), both(f"n = {comparison.n}")),
            _test(NAMES["wilcoxon"], comparison.wilcoxon),
            *_effects(comparison.rank_effect),
        )
    return (
        ResultRow(Text("Sebelum", "Before"), described(comparison.before, unit), ranged(comparison.before)),
        ResultRow(Text("Sesudah", "After"), described(comparison.after, unit), ranged(comparison.after)),
        _estimate(Text("Rata-rata selisih", "Mean difference"), comparison.gain, unit),
        _test(NAMES["paired_t"], comparison.t),
        _test(NAMES["wilcoxon"], comparison.wilcoxon),
        *_effects(comparison.effects),
        *_effects(comparison.rank_effect),
        _normality(_SPREAD, comparison.normality),
    )


def group_statements(comparison: GroupComparison) -> tuple[ResultRow, ...]:
    """Return what a report says of two groups, a row a figure."""
    unit, (first, second) = comparison.unit, comparison.names
    return (
        ResultRow(both(first), described(comparison.first, unit), ranged(comparison.first)),
        ResultRow(both(second), described(comparison.second, unit), ranged(comparison.second)),
        _estimate(Text("Beda rata-rata", "Difference of the means"), comparison.difference, unit),
        _test(NAMES["welch"], comparison.welch),
        _test(NAMES["mann_whitney"], comparison.mann_whitney),
        *_effects(comparison.effects),
        _normality(both(f"Shapiro-Wilk: {first}"), comparison.normality[0]),
        _normality(both(f"Shapiro-Wilk: {second}"), comparison.normality[1]),
    )


def described(found: Description, unit: Text) -> Text:
    """Write mean and standard deviation with how many: ``58.7 (SD 12.1) points, n = 23``."""
    if found.mean is None:
        return _NONE
    spread: Text | str = ""
    if found.sd is not None:
        spread = join(Text(" (SB ", " (SD "), number(found.sd, 1), ")")
    in_unit: Text | str = join(" ", unit) if unit.en else ""
    return join(number(found.mean, 1), spread, in_unit, f", n = {found.n}")


def ranged(found: Description) -> Text:
    """Write median and range."""
    if found.median is None:
        return _NONE
    return join(
        Text("median ", "median "), number(found.median, 1), Text("; dari ", "; from "), number(found.minimum, 1),
        Text(" sampai ", " to "), number(found.maximum, 1),
    )  # fmt: skip


def _estimate(name: Text, found: Estimate | NotComputed, unit: Text) -> ResultRow:
    if isinstance(found, NotComputed):
        return ResultRow(name, _NONE, found.reason)
    return ResultRow(name, estimate_text(found, unit), found.method)


def _test(name: Text, found: SignificanceTest | NotComputed) -> ResultRow:
    if isinstance(found, NotComputed):
        return ResultRow(name, _NONE, found.reason)
    return ResultRow(name, result_text(found), found.method)


def _effects(found: tuple[EffectSize, ...] | EffectSize | NotComputed) -> tuple[ResultRow, ...]:
    if isinstance(found, NotComputed):
        return (ResultRow(Text("Besar efek", "Effect size"), _NONE, found.reason),)
    effects = (found,) if isinstance(found, EffectSize) else found
    return tuple(
        ResultRow(
            Text(f"Besar efek {effect.name}", f"Effect size {effect.name}"),
            join(number(effect.value, 2), " (", effect.words, ")"),
            effect.label,
        )
        for effect in effects
    )


def _normality(name: Text, found: Normality | NotComputed) -> ResultRow:
    if isinstance(found, NotComputed):
        return ResultRow(name, _NONE, found.reason)
    return ResultRow(name, join("W = ", number(found.w, 2), ", ", p_text(found.p)), found.words)
