"""Standardised effect sizes, each by its own name: the several "Cohen's d" of paired data are not the same number."""

import math

import numpy as np

from trainer.cohort.messages import ALL_EQUAL, ALL_ZERO, NO_SPREAD, size_words, too_few
from trainer.cohort.results import EffectSize, NotComputed
from trainer.cohort.values import Values, gains_of, paired, present
from trainer.language import Text

_LABELS: dict[str, tuple[Text, str]] = {
    "d_z": (
        Text("selisih rata-rata dibagi simpangan baku selisih", "mean gain over the SD of the gains"),
        "Cohen 1988, Statistical Power Analysis, section 2.3.5; Lakens 2013, Front. Psychol. 4:863, eq. 6-7",
    ),
    "d_av": (
        Text(
            "selisih rata-rata dibagi rata-rata kedua simpangan baku",
            "mean gain over the mean of the SDs before and after",
        ),
        "Cumming 2012, Understanding the New Statistics; Lakens 2013, Front. Psychol. 4:863, eq. 10",
    ),
    "g_av": (
        Text(
            "d_av dengan koreksi Hedges untuk sampel kecil", "d_av with Hedges' correction for small samples"
        ),
        "Hedges 1981, J. Educ. Stat. 6(2):107-128, with n - 1 degrees of freedom (Borenstein et al. 2009, ch. 4)",
    ),
    "d_s": (
        Text("beda rata-rata dibagi simpangan baku gabungan", "difference of means over the pooled SD"),
        "Cohen 1988; Lakens 2013, Front. Psychol. 4:863, eq. 1",
    ),
    "g_s": (
        Text("d_s dengan koreksi Hedges untuk sampel kecil", "d_s with Hedges' correction for small samples"),
        "Hedges 1981, J. Educ. Stat. 6(2):107-128; Lakens 2013, eq. 4",
    ),
    "r_rb": (
        Text(
            "korelasi peringkat-biserial: bagian peringkat yang naik dikurangi yang turun",
            "rank-biserial correlation: share of the ranks that rose minus share that fell",
        ),
        "Kerby 2014, Comprehensive Psychology 3:11.IT.3.1",
    ),
}


def paired_effects(before: Values, after: Values) -> tuple[EffectSize, ...] | NotComputed:
    """Return d_z, d_av and g_av (Hedges' g) of the complete pairs.

    d_z goes with the paired t-test and grows when the two measurements agree well; d_av does not, and is the
    one to hold against studies of separate groups.
    """
    first, second = paired(before, after)
    gains = gains_of(before, after)
    n = len(gains)
    if n < 2:
        return too_few(n, 2, pairs=True)
    spread = float(gains.std(ddof=1))
    if spread <= 1e-10 * max(1e-300, float(np.abs(gains).max())):
        return NotComputed(NO_SPREAD)
    mean = float(gains.mean())
    average = (float(first.std(ddof=1)) + float(second.std(ddof=1))) / 2
    found = [_effect("d_z", mean / spread)]
    d_av = mean / average
    found += [_effect("d_av", d_av), _effect("g_av", d_av * hedges_correction(n - 1))]
    return tuple(found)


def signed_rank_effect(before: Values, after: Values) -> EffectSize | NotComputed:
    """Return the matched-pairs rank-biserial correlation, -1 to 1: for classes and scores that are ranks."""
    from scipy.stats import rankdata

    gains = gains_of(before, after)
    moved = gains[gains != 0]
    if len(gains) < 2:
        return too_few(len(gains), 2, pairs=True)
    if not len(moved):
        return NotComputed(ALL_ZERO)
    rank = rankdata(np.abs(moved))
    return _effect("r_rb", float(rank[moved > 0].sum() - rank[moved < 0].sum()) / float(rank.sum()))


def group_effects(first: Values, second: Values) -> tuple[EffectSize, ...] | NotComputed:
    """Return d_s and g_s (Hedges' g) of two groups, first minus second."""
    a, b = present(first), present(second)
    if min(len(a), len(b)) < 2:
        return too_few(min(len(a), len(b)), 2, pairs=False)
    freedom = len(a) + len(b) - 2
    squares = float(((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum())
    pooled = math.sqrt(squares / freedom)
    if pooled <= 1e-10 * max(1e-300, float(np.abs(np.concatenate((a, b))).max())):
        return NotComputed(ALL_EQUAL)
    d = float(a.mean() - b.mean()) / pooled
    return (_effect("d_s", d), _effect("g_s", d * hedges_correction(freedom)))


def hedges_correction(freedom: int) -> float:
    """Return Hedges' (1981) factor against the upward bias of d, by his approximation ``1 - 3 / (4 df - 1)``."""
    return 1 - 3 / (4 * freedom - 1)


def _effect(name: str, value: float) -> EffectSize:
    label, source = _LABELS[name]
    # Cohen's conventions for a correlation (0.1, 0.3, 0.5) differ from those for a difference.
    words = _correlation_words(value) if name == "r_rb" else size_words(value)
    return EffectSize(name, value, label, words, source)


def _correlation_words(value: float) -> Text:
    bounds = ((0.1, 0.0), (0.3, 0.3), (0.5, 0.6), (math.inf, 1.0))
    return size_words(next(like for bound, like in bounds if abs(value) < bound))
