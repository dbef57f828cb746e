"""What the statistics of a cohort return: figures with their names, or a plain word why there is none."""

from dataclasses import dataclass
from typing import Literal

from trainer.language import Text

Alternative = Literal["two-sided", "greater", "less"]


@dataclass(frozen=True)
class NotComputed:
    """A figure that cannot be had from these data, and why; it stands where the figure would."""

    reason: Text


@dataclass(frozen=True)
class Description:
    """One set of values.

    Attributes
    ----------
    n : int
        Values present.
    mean, median, lower_quartile, upper_quartile, minimum, maximum : float or None
        None for no value. Quartiles by linear interpolation (type 7 of Hyndman and Fan 1996).
    sd : float or None
        Standard deviation with n - 1; None for fewer than two values.
    """

    n: int
    mean: float | None
    sd: float | None
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True)
class Estimate:
    """A value with its confidence interval, in the unit of the data."""

    value: float
    lower: float
    upper: float
    confidence: float
    method: Text


@dataclass(frozen=True)
class SignificanceTest:
    """One test.

    Attributes
    ----------
    name : Text
        Of the test.
    symbol : str
        Of the statistic: ``t``, ``V`` (sum of the ranks of the gains), ``U`` (of the first group).
    statistic : float
    df : float or None
        Degrees of freedom where the test has them; Welch's need not be whole.
    p : float
        0 to 1.
    alternative : {"two-sided", "greater", "less"}
        ``greater``: the second measurement (the first group) is the larger one.
    n : int
        Pairs or values that count; for a signed-rank test those that are not zero.
    method : Text
        How p was found: exactly or by the normal curve, and what became of zeros and ties.
    """

    name: Text
    symbol: str
    statistic: float
    df: float | None
    p: float
    alternative: Alternative
    n: int
    method: Text


@dataclass(frozen=True)
class EffectSize:
    """How large a difference is, free of the unit.

    Attributes
    ----------
    name : str
        ``d_z``, ``d_av``, ``g_av``, ``d_s``, ``g_s`` or ``r_rb``.
    value : float
    label : Text
        What the name stands for.
    words : Text
        Negligible, small, medium or large, by Cohen's (1988) conventions; a rule of thumb, not a finding.
    source : str
        Citation of the formula.
    """

    name: str
    value: float
    label: Text
    words: Text
    source: str


@dataclass(frozen=True)
class Normality:
    """Shapiro and Wilk's test, said in words.

    Attributes
    ----------
    w, p : float
    n : int
    departs : bool
        Whether p is below 0.05.
    words : Text
        What follows from it for the reader.
    """

    w: float
    p: float
    n: int
    departs: bool
    words: Text
