"""Agreement of two ways of measuring the same thing, after Bland and Altman."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np


@dataclass(frozen=True)
class LimitsOfAgreement:
    """Bias and limits of agreement with their 95 % confidence intervals, in the unit of the measurements.

    Attributes
    ----------
    n : int
        Pairs.
    bias : float
        Mean of second minus first.
    sd : float
        Standard deviation of the differences (n - 1).
    lower, upper : float
        ``bias -+ 1.96 sd``: 95 % of differences are expected between them.
    bias_interval, lower_interval, upper_interval : (float, float)
        95 % confidence intervals; NaN for fewer than two pairs.
    """

    n: int
    bias: float
    sd: float
    lower: float
    upper: float
    bias_interval: tuple[float, float]
    lower_interval: tuple[float, float]
    upper_interval: tuple[float, float]


def limits_of_agreement(first: Sequence[float], second: Sequence[float]) -> LimitsOfAgreement:
    """Return bias and limits of agreement [1]_ of paired measurements.

    The standard error of the bias is ``sd / sqrt(n)``, that of a limit about ``sqrt(3) sd / sqrt(n)``; the
    intervals are Student's t with n - 1 degrees of freedom, as in the paper.

    Parameters
    ----------
    first, second : sequence of float
        Equally many; a pair with a NaN is left out.

    References
    ----------
    .. [1] J. M. Bland and D. G. Altman, "Statistical methods for assessing agreement between two methods of
       clinical measurement", The Lancet 327(8476):307-310, 1986.

    Examples
    --------
    >>> limits_of_agreement([1.0, 2.0, 3.0], [1.5, 2.5, 3.5]).bias
    0.5
    """
    difference = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    difference = difference[np.isfinite(difference)]
    n = len(difference)
    nan = float("nan")
    if n < 2:
        bias = float(difference[0]) if n else nan
        return LimitsOfAgreement(n, bias, nan, nan, nan, (nan, nan), (nan, nan), (nan, nan))
    from scipy.stats import t

    bias, sd = float(difference.mean()), float(difference.std(ddof=1))
    quantile = float(t.ppf(0.975, n - 1))
    around_bias, around_limit = quantile * sd / sqrt(n), quantile * sqrt(3) * sd / sqrt(n)
    lower, upper = bias - 1.96 * sd, bias + 1.96 * sd
    return LimitsOfAgreement(
        n,
        bias,
        sd,
        lower,
        upper,
        (bias - around_bias, bias + around_bias),
        (lower - around_limit, lower + around_limit),
        (upper - around_limit, upper + around_limit),
    )
