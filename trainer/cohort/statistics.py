"""The tests that field reports use, each with its method said; none returns a figure that the data cannot give.

Values that are missing (None or NaN) are left out, in pairs where they are paired. Differences are the second
measurement minus the first, and the first group minus the second.
"""

import math

import numpy as np
from numpy.typing import NDArray

from trainer.cohort import ranks
from trainer.cohort.messages import (
    ALL_EQUAL,
    ALL_ZERO,
    NAMES,
    NO_SPREAD,
    interval_method,
    normality_words,
    rank_method,
    signed_method,
    too_few,
)
from trainer.cohort.results import (
    Alternative,
    Description,
    Estimate,
    Normality,
    NotComputed,
    SignificanceTest,
)
from trainer.cohort.values import Values, gains_of, present
from trainer.language import Text


def describe(values: Values) -> Description:
    """Sum up one set of values."""
    numbers = present(values)
    if not len(numbers):
        return Description(0, None, None, None, None, None, None, None)
    lowest, lower, middle, upper, highest = (float(q) for q in np.percentile(numbers, (0, 25, 50, 75, 100)))
    sd = float(numbers.std(ddof=1)) if len(numbers) > 1 else None
    return Description(len(numbers), float(numbers.mean()), sd, middle, lower, upper, lowest, highest)


def paired_t(
    before: Values, after: Values, alternative: Alternative = "two-sided"
) -> SignificanceTest | NotComputed:
    """Test whether the mean gain is zero: Student's [1]_ t of the differences, n - 1 degrees of freedom.

    References
    ----------
    .. [1] Student, "The probable error of a mean", Biometrika 6(1):1-25, 1908.
    """
    gains = gains_of(before, after)
    if len(gains) < 2:
        return too_few(len(gains), 2, pairs=True)
    if not _spread(gains):
        return NotComputed(NO_SPREAD)
    n = len(gains)
    statistic = float(gains.mean()) / (float(gains.std(ddof=1)) / math.sqrt(n))
    return SignificanceTest(
        NAMES["paired_t"],
        "t",
        statistic,
        float(n - 1),
        _t_p(statistic, n - 1, alternative),
        alternative,
        n,
        interval_method(n - 1),
    )


def wilcoxon_signed_rank(
    before: Values, after: Values, alternative: Alternative = "two-sided"
) -> SignificanceTest | NotComputed:
    """Test whether gains lie evenly around zero, by the sum V of the ranks of the positive ones [1]_.

    Zero differences are left out before ranking, as Wilcoxon did; tied ones share their mean rank. Up to
    `ranks.MOST_SIGNED` differences p is exact given the ranks; beyond, the normal curve with the variance
    corrected for ties and half a rank for continuity. Two-sided p is twice the smaller tail.

    References
    ----------
    .. [1] F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1(6):80-83, 1945.
    """
    gains = gains_of(before, after)
    if len(gains) < 2:
        return too_few(len(gains), 2, pairs=True)
    moved = gains[gains != 0]
    if not len(moved):
        return NotComputed(ALL_ZERO)
    from scipy.stats import rankdata

    rank = rankdata(np.abs(moved))
    positive = float(rank[moved > 0].sum())
    n = len(moved)
    tied = len(np.unique(np.abs(moved))) < n
    exact = n <= ranks.MOST_SIGNED
    if exact:
        p = ranks.signed_rank_p(rank, positive, alternative)
    else:
        p = _normal_p(positive, float(rank.sum()) / 2, float((rank**2).sum()) / 4, alternative)
    return SignificanceTest(
        NAMES["wilcoxon"], "V", positive, None, p, alternative, n,
        signed_method(exact=exact, zeros=len(gains) - n, tied=tied),
    )  # fmt: skip


def independent_t(
    first: Values, second: Values, alternative: Alternative = "two-sided"
) -> SignificanceTest | NotComputed:
    """Test whether two groups have the same mean, without assuming equal spread: Welch's [1]_ t.

    References
    ----------
    .. [1] B. L. Welch, "The generalization of 'Student's' problem when several different population variances
       are involved", Biometrika 34(1-2):28-35, 1947.
    """
    a, b = present(first), present(second)
    if min(len(a), len(b)) < 2:
        return too_few(min(len(a), len(b)), 2, pairs=False)
    if not (_spread(a) or _spread(b)):
        return NotComputed(ALL_EQUAL)
    difference, error, freedom = _welch(a, b)
    statistic = difference / error
    return SignificanceTest(
        NAMES["welch"],
        "t",
        statistic,
        freedom,
        _t_p(statistic, freedom, alternative),
        alternative,
        len(a) + len(b),
        interval_method(freedom),
    )


def mann_whitney(
    first: Values, second: Values, alternative: Alternative = "two-sided"
) -> SignificanceTest | NotComputed:
    """Test whether the values of one group tend to be larger: Mann and Whitney's [1]_ U of the first group.

    Tied values share their mean rank. Up to `ranks.MOST_SPLIT` values in all p is exact given the ranks; beyond,
    the normal curve with the variance corrected for ties and half a rank for continuity. Two-sided p is twice
    the smaller tail.

    References
    ----------
    .. [1] H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is stochastically
       larger than the other", Annals of Mathematical Statistics 18(1):50-60, 1947.
    """
    a, b = present(first), present(second)
    if not len(a) or not len(b):
        return too_few(0, 1, pairs=False)
    together = np.concatenate((a, b))
    if not _spread(together):
        return NotComputed(ALL_EQUAL)
    from scipy.stats import rankdata

    rank = rankdata(together)
    n, m = len(a), len(b)
    rank_sum = float(rank[:n].sum())
    exact = n + m <= ranks.MOST_SPLIT
    if exact:
        p = ranks.rank_sum_p(rank, n, rank_sum, alternative)
    else:
        variance = n * m / (n + m) * float(rank.var(ddof=1))
        p = _normal_p(rank_sum, n * (n + m + 1) / 2, variance, alternative)
    tied = len(np.unique(together)) < n + m
    return SignificanceTest(
        NAMES["mann_whitney"], "U", rank_sum - n * (n + 1) / 2, None, p, alternative, n + m,
        rank_method(exact=exact, tied=tied),
    )  # fmt: skip


def mean_gain(before: Values, after: Values, confidence: float = 0.95) -> Estimate | NotComputed:
    """Return the mean of after minus before with its t interval."""
    gains = gains_of(before, after)
    n = len(gains)
    if n < 2:
        return too_few(n, 2, pairs=True)
    if not _spread(gains):
        return NotComputed(NO_SPREAD)
    from scipy.stats import t

    mean, half = (
        float(gains.mean()),
        float(t.ppf((1 + confidence) / 2, n - 1) * gains.std(ddof=1) / math.sqrt(n)),
    )
    return Estimate(mean, mean - half, mean + half, confidence, interval_method(n - 1))


def mean_difference(first: Values, second: Values, confidence: float = 0.95) -> Estimate | NotComputed:
    """Return the mean of the first group minus that of the second with Welch's t interval."""
    a, b = present(first), present(second)
    if min(len(a), len(b)) < 2:
        return too_few(min(len(a), len(b)), 2, pairs=False)
    if not (_spread(a) or _spread(b)):
        return NotComputed(ALL_EQUAL)
    from scipy.stats import t

    difference, error, freedom = _welch(a, b)
    half = float(t.ppf((1 + confidence) / 2, freedom)) * error
    return Estimate(difference, difference - half, difference + half, confidence, interval_method(freedom))


def normality(values: Values) -> Normality | NotComputed:
    """Test values (of paired data: the gains) for a normal distribution with Shapiro and Wilk's [1]_ W.

    p is Royston's (1995) approximation. What follows is said in words.

    References
    ----------
    .. [1] S. S. Shapiro and M. B. Wilk, "An analysis of variance test for normality (complete samples)",
       Biometrika 52(3-4):591-611, 1965.
    """
    numbers = present(values)
    n = len(numbers)
    if n < 3:
        return too_few(n, 3, pairs=False)
    if not _spread(numbers):
        return NotComputed(ALL_EQUAL)
    if n > 5000:
        return NotComputed(
            Text("Uji ini hanya untuk paling banyak 5000 nilai.", "This test is for at most 5000 values.")
        )
    from scipy.stats import shapiro

    found = shapiro(numbers)
    w, p = float(found.statistic), float(found.pvalue)
    return Normality(w, p, n, p < 0.05, normality_words(n, departs=p < 0.05))


def _spread(values: NDArray[np.float64]) -> bool:
    """Whether the values differ by more than rounding."""
    return bool(np.ptp(values) > 1e-10 * max(1e-300, float(np.abs(values).max())))


def _normal_p(value: float, mean: float, variance: float, alternative: Alternative) -> float:
    from scipy.stats import norm

    at_least = float(norm.sf((value - 0.5 - mean) / math.sqrt(variance)))
    at_most = float(norm.cdf((value + 0.5 - mean) / math.sqrt(variance)))
    if alternative == "greater":
        return at_least
    return at_most if alternative == "less" else min(1.0, 2 * min(at_least, at_most))


def _welch(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return difference of means, its standard error, and the Welch-Satterthwaite degrees of freedom."""
    first, second = float(a.var(ddof=1)) / len(a), float(b.var(ddof=1)) / len(b)
    freedom = (first + second) ** 2 / (first**2 / (len(a) - 1) + second**2 / (len(b) - 1))
    return float(a.mean() - b.mean()), math.sqrt(first + second), freedom


def _t_p(statistic: float, freedom: float, alternative: Alternative) -> float:
    from scipy.stats import t

    if alternative == "two-sided":
        return float(2 * t.sf(abs(statistic), freedom))
    return float(t.sf(statistic, freedom) if alternative == "greater" else t.cdf(statistic, freedom))
