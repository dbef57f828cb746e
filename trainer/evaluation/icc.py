"""Intraclass correlation of scores that several raters gave to the same demonstrations."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from trainer.errors import PijatError
from trainer.language import Text


@dataclass(frozen=True)
class IntraclassCorrelation:
    """ICC(2,1) with its confidence interval.

    Attributes
    ----------
    value : float
        Two-way random effects, absolute agreement, single rater.
    lower, upper : float
        Confidence limits.
    confidence : float
        Of the interval, e.g. 0.95.
    targets, raters : int
        Demonstrations and raters.
    """

    value: float
    lower: float
    upper: float
    confidence: float
    targets: int
    raters: int


def icc_2_1(ratings: ArrayLike, confidence: float = 0.95) -> IntraclassCorrelation:
    """Return ICC(2,1) of Shrout and Fleiss [1]_, the ICC(A,1) of McGraw and Wong [2]_.

    Raters are taken as a random sample of all raters, and a rater who is always stricter counts against the
    agreement. The interval is Satterthwaite's as both papers give it.

    Parameters
    ----------
    ratings : array-like of float, shape (targets, raters)
        One row a demonstration; no rating may be missing.
    confidence : float
        Of the interval.

    Raises
    ------
    PijatError
        For fewer than two targets or raters, or a missing rating.

    References
    ----------
    .. [1] P. E. Shrout and J. L. Fleiss, "Intraclass correlations: uses in assessing rater reliability",
       Psychological Bulletin 86(2):420-428, 1979.
    .. [2] K. O. McGraw and S. P. Wong, "Forming inferences about some intraclass correlation coefficients",
       Psychological Methods 1(1):30-46, 1996.
    """
    from scipy.stats import f

    table = np.asarray(ratings, dtype=float)
    if table.ndim != 2 or min(table.shape) < 2:
        raise PijatError(
            Text(
                "Perlu sedikitnya dua demonstrasi dan dua penilai.",
                f"Expected at least two demonstrations and two raters, got a table of {table.shape}.",
            )
        )
    if not np.isfinite(table).all():
        raise PijatError(
            Text(
                "Setiap penilai harus menilai setiap demonstrasi; ada nilai yang kurang.",
                "Expected a rating by every rater for every demonstration, got one missing.",
            )
        )
    n, k = table.shape
    grand = table.mean()
    between_targets = k * ((table.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    between_raters = n * ((table.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    residual = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + grand
    error = (residual**2).sum() / ((n - 1) * (k - 1))
    denominator = between_targets + (k - 1) * error + k * (between_raters - error) / n
    if denominator <= 0:
        return IntraclassCorrelation(float("nan"), float("nan"), float("nan"), confidence, n, k)
    value = (between_targets - error) / denominator
    if error == 0 and between_raters == 0:
        return IntraclassCorrelation(float(value), float(value), float(value), confidence, n, k)
    # McGraw and Wong 1996, table 7, case 2 (absolute agreement, single rater).
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    freedom = (a * between_raters + b * error) ** 2 / (
        (a * between_raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    )
    tail = 1 - (1 - confidence) / 2
    f_lower, f_upper = f.ppf(tail, n - 1, freedom), f.ppf(tail, freedom, n - 1)
    noise = k * between_raters + (k * n - k - n) * error
    lower = n * (between_targets - f_lower * error) / (f_lower * noise + n * between_targets)
    upper = n * (f_upper * between_targets - error) / (noise + n * f_upper * between_targets)
    return IntraclassCorrelation(float(value), float(lower), float(upper), confidence, n, k)
