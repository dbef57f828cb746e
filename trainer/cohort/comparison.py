"""A whole comparison as a report needs it: before against after, or one group against another."""

from dataclasses import dataclass
from math import comb

from trainer.cohort.effects import group_effects, paired_effects, signed_rank_effect
from trainer.cohort.messages import (
    NAMES,
    effect_text,
    estimate_text,
    left_out_words,
    result_text,
    small_sample,
    unreachable,
)
from trainer.cohort.results import (
    Description,
    EffectSize,
    Estimate,
    Normality,
    NotComputed,
    SignificanceTest,
)
from trainer.cohort.statistics import (
    describe,
    independent_t,
    mann_whitney,
    mean_difference,
    mean_gain,
    normality,
    paired_t,
    wilcoxon_signed_rank,
)
from trainer.cohort.values import Values, gains_of, paired, present
from trainer.language import Text, join, number

NO_UNIT = Text("", "")


@dataclass(frozen=True)
class PairedComparison:
    """Before against after, of the participants with both.

    Attributes
    ----------
    unit : Text
        Of the values, for people ("points", "ml").
    n, left_out : int
        Complete pairs, and participants with only one of the two.
    before, after, gain_description : Description
        Of the complete pairs.
    gains : tuple of float
        After minus before, in the order given.
    gain : Estimate or NotComputed
        Mean gain with its interval.
    t, wilcoxon : SignificanceTest or NotComputed
    effects : tuple of EffectSize or NotComputed
        d_z, d_av, g_av.
    rank_effect : EffectSize or NotComputed
        r_rb.
    normality : Normality or NotComputed
        Of the gains.
    warnings : tuple of Text
        Small samples, participants left out, tests that cannot succeed.
    reading : Text
        The result in one sentence.
    """

    unit: Text
    n: int
    left_out: int
    before: Description
    after: Description
    gain_description: Description
    gains: tuple[float, ...]
    gain: Estimate | NotComputed
    t: SignificanceTest | NotComputed
    wilcoxon: SignificanceTest | NotComputed
    effects: tuple[EffectSize, ...] | NotComputed
    rank_effect: EffectSize | NotComputed
    normality: Normality | NotComputed
    warnings: tuple[Text, ...]
    reading: Text


@dataclass(frozen=True)
class GroupComparison:
    """One group against another; differences are the first minus the second. Fields as in `PairedComparison`."""

    unit: Text
    names: tuple[str, str]
    first: Description
    second: Description
    difference: Estimate | NotComputed
    welch: SignificanceTest | NotComputed
    mann_whitney: SignificanceTest | NotComputed
    effects: tuple[EffectSize, ...] | NotComputed
    normality: tuple[Normality | NotComputed, Normality | NotComputed]
    warnings: tuple[Text, ...]
    reading: Text


def compare_paired(
    before: Values, after: Values, unit: Text = NO_UNIT, confidence: float = 0.95
) -> PairedComparison:
    """Compare two measurements of the same participants.

    Parameters
    ----------
    before, after : sequence of float or None
        Equally long, a place per participant; None where there is no measurement.
    unit : Text
        For the sentences.
    confidence : float
        Of the interval.
    """
    first, second = paired(before, after)
    n = len(first)
    one_only = sum(
        bool(len(present([a]))) != bool(len(present([b]))) for a, b in zip(before, after, strict=True)
    )
    gains = tuple(float(gain) for gain in gains_of(before, after))
    gain = mean_gain(before, after, confidence)
    t, wilcoxon = paired_t(before, after), wilcoxon_signed_rank(before, after)
    effects = paired_effects(before, after)
    warnings = [left_out_words(one_only)]
    if n:
        warnings.append(small_sample(n, pairs=True))
    if isinstance(wilcoxon, SignificanceTest) and 0.5 ** (wilcoxon.n - 1) > 0.05:
        warnings.append(unreachable(0.5 ** (wilcoxon.n - 1), NAMES["wilcoxon"]))
    return PairedComparison(
        unit=unit,
        n=n,
        left_out=one_only,
        before=describe(first.tolist()),
        after=describe(second.tolist()),
        gain_description=describe(gains),
        gains=gains,
        gain=gain,
        t=t,
        wilcoxon=wilcoxon,
        effects=effects,
        rank_effect=signed_rank_effect(before, after),
        normality=normality(gains),
        warnings=tuple(warning for warning in warnings if warning is not None),
        reading=_paired_reading(n, gains, gain, t, effects, unit),
    )


def compare_groups(
    first: Values,
    second: Values,
    names: tuple[str, str] = ("A", "B"),
    unit: Text = NO_UNIT,
    confidence: float = 0.95,
) -> GroupComparison:
    """Compare two groups of different participants."""
    a, b = present(first), present(second)
    difference, welch = mean_difference(first, second, confidence), independent_t(first, second)
    rank_test, effects = mann_whitney(first, second), group_effects(first, second)
    warnings: list[Text | None] = []
    if len(a) and len(b):
        warnings.append(small_sample(min(len(a), len(b)), pairs=False))
        least = 2 / comb(len(a) + len(b), len(a))
        if isinstance(rank_test, SignificanceTest) and least > 0.05:
            warnings.append(unreachable(min(1.0, least), NAMES["mann_whitney"]))
    return GroupComparison(
        unit=unit,
        names=names,
        first=describe(first),
        second=describe(second),
        difference=difference,
        welch=welch,
        mann_whitney=rank_test,
        effects=effects,
        normality=(normality(first), normality(second)),
        warnings=tuple(warning for warning in warnings if warning is not None),
        reading=_group_reading(names, difference, welch, effects, unit),
    )


def _paired_reading(
    n: int,
    gains: tuple[float, ...],
    gain: Estimate | NotComputed,
    t: SignificanceTest | NotComputed,
    effects: tuple[EffectSize, ...] | NotComputed,
    unit: Text,
) -> Text:
    if isinstance(gain, NotComputed) or isinstance(t, NotComputed) or isinstance(effects, NotComputed):
        reason = gain.reason if isinstance(gain, NotComputed) else NO_READING
        if n >= 2:
            amount = join(number(gains[0], 1), " ", unit)
            lead = Text(f"Selisih setiap peserta {amount.id}. ", f"Everybody's difference is {amount.en}. ")
            return join(lead, reason)
        return reason
    lead = Text(
        "Rata-rata selisih (sesudah dikurangi sebelum) ", "The mean difference (after minus before) is "
    )
    return join(lead, estimate_text(gain, unit), "; ", result_text(t), "; ", effect_text(effects[0]), ".")


def _group_reading(
    names: tuple[str, str],
    difference: Estimate | NotComputed,
    welch: SignificanceTest | NotComputed,
    effects: tuple[EffectSize, ...] | NotComputed,
    unit: Text,
) -> Text:
    if isinstance(difference, NotComputed):
        return difference.reason
    if isinstance(welch, NotComputed) or isinstance(effects, NotComputed):
        return NO_READING
    lead = Text(
        f"Beda rata-rata ({names[0]} dikurangi {names[1]}) ",
        f"The difference of the means ({names[0]} minus {names[1]}) is ",
    )
    return join(
        lead, estimate_text(difference, unit), "; ", result_text(welch), "; ", effect_text(effects[1]), "."
    )


NO_READING = Text("Belum ada yang dapat dihitung.", "Nothing can be computed yet.")
