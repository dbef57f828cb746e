"""Hold the statistics of a cohort against printed figures: textbook examples, and the field reports' own tables.

    python -m scripts.check_cohort_statistics

Prints a Markdown table: what was printed where, and what Pijat computes from the same data. The tests in
tests/cohort/ hold the same and more to the digits printed.
"""

import math
import sys
from typing import TypeVar

import numpy as np

from scripts.common.arguments import argument_parser
from trainer.cohort.comparison import compare_groups, compare_paired
from trainer.cohort.effects import group_effects, paired_effects, signed_rank_effect
from trainer.cohort.results import NotComputed
from trainer.cohort.statistics import (
    independent_t,
    mann_whitney,
    mean_gain,
    normality,
    paired_t,
    wilcoxon_signed_rank,
)
from trainer.cohort.weighted_kappa import kappa_of_weights
from trainer.evaluation.kappa import AgreementTable

SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
DARWIN = [49.0, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
DEPRESSION_1 = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
DEPRESSION_2 = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
AT_TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
EARLIER = [1.15, 0.88, 0.90, 0.74, 1.21]
TREATED, CONTROL = [94.0, 108, 110, 90], [80.0, 94, 85, 90, 90, 90, 108, 94, 78, 105, 88]
WEIGHTS = [148.0, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]
FILM_1, FILM_2 = [9.0, 7, 8, 9, 8, 9, 9, 10, 9, 9], [9.0, 6, 7, 8, 7, 9, 8, 8, 8, 7]


Result = TypeVar("Result")


def known(result: Result | NotComputed) -> Result:
    """Return a statistic that these data do determine."""
    if isinstance(result, NotComputed):
        raise SystemExit(f"Expected a statistic, got none: {result.reason.en}")
    return result


def rows() -> list[tuple[str, str, str]]:
    """Return what it is, what was printed, what is computed."""
    zeros = [0.0] * len(DARWIN)
    t, gain = known(paired_t(SLEEP_1, SLEEP_2)), known(mean_gain(SLEEP_1, SLEEP_2))
    welch = known(independent_t(SLEEP_1, SLEEP_2))
    darwin, darwin_ranks = known(paired_t(zeros, DARWIN)), known(wilcoxon_signed_rank(zeros, DARWIN))
    v = known(wilcoxon_signed_rank(DEPRESSION_2, DEPRESSION_1, "greater"))
    u, ties = (known(mann_whitney(*two, "greater")) for two in ((AT_TERM, EARLIER), (TREATED, CONTROL)))
    shapiro = known(normality(WEIGHTS))
    films, effects = known(paired_t(FILM_2, FILM_1)), known(paired_effects(FILM_2, FILM_1))
    groups = known(group_effects(FILM_1, FILM_2))
    kappa, weighted = cohen_1968()
    return [
        (
            "Student 1908, sleep, paired t (R's manual)",
            "t 4.0621, df 9, p 0.002833",
            f"t {t.statistic:.4f}, df {t.df:g}, p {t.p:.6f}",
        ),
        (
            "the same, 95 % interval of the mean gain",
            "0.7001142 to 2.4598858",
            f"{gain.lower:.7f} to {gain.upper:.7f}",
        ),
        (
            "the same as two groups, Welch (R's manual)",
            "t -1.8608, df 17.776, p 0.07939",
            f"t {welch.statistic:.4f}, df {welch.df:.3f}, p {welch.p:.5f}",
        ),
        ("Darwin's maize, paired t (Fisher 1935)", "t 2.148", f"t {darwin.statistic:.3f}"),
        ("Darwin's maize, Wilcoxon exact (SciPy's manual)", "p 0.041259765625", f"p {darwin_ranks.p:.12f}"),
        (
            "Hollander and Wolfe, depression, Wilcoxon, one-sided (R's manual)",
            "V 40, p 0.01953",
            f"V {v.statistic:g}, p {v.p:.5f}",
        ),
        (
            "the same, rank-biserial correlation (R's effectsize)",
            "0.78",
            f"{known(signed_rank_effect(DEPRESSION_2, DEPRESSION_1)).value:.2f}",
        ),
        (
            "Hollander and Wolfe, permeability, Mann-Whitney, one-sided (R's manual)",
            "W 35, p 0.1272",
            f"U {u.statistic:g}, p {u.p:.4f}",
        ),
        ("blood pressure with ties, exact, one-sided (StatXact 5)", "p 0.0542", f"p {ties.p:.4f}"),
        (
            "men's weights (Shapiro and Wilk 1965)",
            "W 0.79, p < 0.01",
            f"W {shapiro.w:.2f}, p {shapiro.p:.4f}",
        ),
        (
            "ratings of films, paired (Lakens 2013)",
            "t 4.74, d_z 1.50",
            f"t {films.statistic:.2f}, d_z {effects[0].value:.2f}",
        ),
        (
            "ratings of films as two groups (Lakens 2013)",
            "d_s 1.13, g_s 1.08",
            f"d_s {groups[0].value:.2f}, g_s {groups[1].value:.2f}",
        ),
        (
            "two judges' diagnoses (Cohen 1968)",
            "kappa .492, weighted .348",
            f"kappa {kappa:.3f}, weighted {weighted:.3f}",
        ),
        *field_reports(),
    ]


def cohen_1968() -> tuple[float, float]:
    """Return kappa and weighted kappa of Cohen's table 1."""
    names = ("personality disorder", "neurosis", "psychosis")
    shares = ((0.44, 0.05, 0.01), (0.07, 0.20, 0.03), (0.09, 0.05, 0.06))
    weights = ((0, 1, 3), (1, 0, 6), (3, 6, 0))
    cells = [(a, b, i, j) for i, a in enumerate(names) for j, b in enumerate(names)]
    table = AgreementTable({(a, b): shares[i][j] for a, b, i, j in cells})
    return table.kappa, kappa_of_weights(table, {(a, b): float(weights[i][j]) for a, b, i, j in cells})


def field_reports() -> list[tuple[str, str, str]]:
    """Return the reports' tables as far as their figures fix them; gains are simulated with exactly that spread."""
    widest = 13 * math.sqrt(25) / 3.745  # Student's t of 24 degrees of freedom at p = 0.001, two-sided
    spread = np.random.default_rng(0).normal(size=25)
    spread = (spread - spread.mean()) / spread.std(ddof=1)
    before = np.linspace(30, 60, 25)
    at_bound = known(compare_paired(before.tolist(), (before + 13 + widest * spread).tolist()).t)
    usual = compare_paired(before.tolist(), (before + 13 + 9 * spread).tolist())
    usual_t, usual_gain = known(usual.t), known(usual.gain)
    printed = max(
        known(compare_paired([14.0] * 5, [28.0] * count + [23.0] * (5 - count)).t).p for count in range(1, 5)
    )
    five = np.random.default_rng(1).normal(size=5)
    five = (five - five.mean()) / five.std(ddof=1)
    wanted = known(compare_paired([14.0] * 5, (14 + 11.5 * (1 + 0.3475 * five)).tolist()).t)
    against = known(compare_groups([23.0, 24, 25, 26.5, 28], [14.0, 15, 16, 16.5, 18]).mann_whitney)
    return [
        (
            "Palu 2020: 25 companions, mean gain 13, p < 0.001, which needs a SD of the gains of at most 17.36",
            "p 0.001 at that SD",
            f"p {at_bound.p:.4f} at SD {widest:.2f}",
        ),
        (
            "the same with a SD of 9",
            "p < 0.001",
            f"t({usual_t.df:g}) {usual_t.statistic:.2f}, p {usual_t.p:.1e}, "
            f"13 (95 % {usual_gain.lower:.1f} to {usual_gain.upper:.1f})",
        ),
        (
            "Bulukumba 2023: 5 mothers, 14 cc before in each, 23 to 28 cc after",
            "p 0.003",
            f"p {printed:.4f} at most",
        ),
        ("the same, when the gains' SD is 0.35 of their mean", "p 0.003", f"p {wanted.p:.4f}"),
        (
            "Bulukumba 2023: 5 massaged against 5 not, volumes fully apart, Mann-Whitney",
            "2 of 252 splits = 0.0079",
            f"U {against.statistic:g}, p {against.p:.4f}",
        ),
    ]


def main() -> int:
    """Print the table."""
    argument_parser(__file__, __doc__).parse_args()
    sys.stdout.write("| data | printed | Pijat |\n|---|---|---|\n")
    for name, printed, computed in rows():
        sys.stdout.write(f"| {name} | {printed} | {computed} |\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
