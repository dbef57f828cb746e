"""The statistics against figures printed in papers, textbooks and manuals, never against the library beneath them."""

import pytest

from trainer.cohort.agreement import AgreementTable
from trainer.cohort.effects import group_effects, hedges_correction, paired_effects, signed_rank_effect
from trainer.cohort.statistics import (
    independent_t,
    mann_whitney,
    mean_difference,
    mean_gain,
    normality,
    paired_t,
    wilcoxon_signed_rank,
)
from trainer.cohort.weighted_kappa import kappa_of_weights, weighted_kappa

# Cushny and Peebles' hours of extra sleep, in Student 1908; figures as R's manual prints them for `sleep`.
SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
# Hamilton depression scale factor IV, Hollander and Wolfe 1973, p. 29; R's manual of `wilcox.test`.
DEPRESSION_FIRST = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
DEPRESSION_SECOND = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
# Permeability of the human chorioamnion, Hollander and Wolfe 1973, p. 69; R's manual of `wilcox.test`.
AT_TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
EARLIER = [1.15, 0.88, 0.90, 0.74, 1.21]
# Darwin's cross- minus self-fertilised Zea mays, eighths of an inch, in Fisher 1935, The Design of Experiments, 17.
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
# Blood pressure with ties, StatXact 5 (in the tests of R's exactRankTests).
TREATED, CONTROL = [94, 108, 110, 90], [80, 94, 85, 90, 90, 90, 108, 94, 78, 105, 88]
# Weights of men, Shapiro and Wilk 1965, section 4.
WEIGHTS = [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]
# Ratings of two films, Lakens 2013, Front. Psychol. 4:863, table 1.
FILM_1, FILM_2 = [9, 7, 8, 9, 8, 9, 9, 10, 9, 9], [9, 6, 7, 8, 7, 9, 8, 8, 8, 7]


def test_paired_t_of_students_sleep_data():
    # R: t = -4.0621, df = 9, p-value = 0.002833, interval -2.4598858 -0.7001142; ours is second minus first.
    found = paired_t(SLEEP_1, SLEEP_2)
    assert found.statistic == pytest.approx(4.0621, abs=5e-5)
    assert found.df == 9
    assert found.p == pytest.approx(0.002833, abs=5e-7)
    gain = mean_gain(SLEEP_1, SLEEP_2)
    assert (gain.value, gain.lower, gain.upper) == pytest.approx((1.58, 0.7001142, 2.4598858), abs=5e-8)


def test_welch_t_of_the_sleep_data_taken_as_two_groups():
    # R: t = -1.8608, df = 17.776, p-value = 0.07939, interval -3.3654832 0.2054832.
    found = independent_t(SLEEP_1, SLEEP_2)
    assert found.statistic == pytest.approx(-1.8608, abs=5e-5)
    assert found.df == pytest.approx(17.776, abs=5e-4)
    assert found.p == pytest.approx(0.07939, abs=5e-6)
    difference = mean_difference(SLEEP_1, SLEEP_2)
    assert (difference.lower, difference.upper) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)


def test_paired_t_of_darwins_plants():
    # Fisher 1935: t = 2.148, just beyond the 5 % point 2.145 of 14 degrees of freedom.
    found = paired_t([0.0] * 15, [float(d) for d in DARWIN])
    assert found.statistic == pytest.approx(2.148, abs=5e-4)
    assert 0.049 < found.p < 0.05


def test_wilcoxon_of_the_depression_data():
    # Hollander and Wolfe; R: V = 40, p-value = 0.01953 (one-sided, exact): 10 of 512 sign patterns.
    found = wilcoxon_signed_rank(DEPRESSION_SECOND, DEPRESSION_FIRST, "greater")
    assert found.symbol == "V" and found.statistic == 40
    assert found.p == pytest.approx(10 / 512)
    assert round(found.p, 5) == 0.01953
    # R's effectsize manual: rank-biserial correlation 0.78 of these data.
    assert round(signed_rank_effect(DEPRESSION_SECOND, DEPRESSION_FIRST).value, 2) == 0.78


def test_wilcoxon_of_darwins_plants():
    # SciPy's manual: the smaller rank sum is 24 (of 120) and p = 0.041259765625, exact.
    found = wilcoxon_signed_rank([0.0] * 15, [float(d) for d in DARWIN])
    assert found.statistic == 120 - 24
    assert found.p == pytest.approx(0.041259765625, abs=1e-15)


def test_mann_whitney_of_permeability():
    # Hollander and Wolfe; R: W = 35, p-value = 0.1272 (one-sided, exact).
    found = mann_whitney(AT_TERM, EARLIER, "greater")
    assert found.statistic == 35
    assert found.p == pytest.approx(0.1272, abs=5e-5)


def test_mann_whitney_with_ties_is_exact():
    # StatXact 5: exact one-sided p = 0.0542.
    assert mann_whitney(TREATED, CONTROL, "greater").p == pytest.approx(0.0542, abs=5e-5)


def test_shapiro_wilk_of_mens_weights():
    # Shapiro and Wilk 1965: W = 0.79, just below the 1 % point 0.792 of n = 11.
    found = normality(WEIGHTS)
    assert round(found.w, 2) == 0.79
    assert found.p < 0.01 and found.departs
    assert "tidak normal" in found.words.id


def test_effect_sizes_of_lakens_films():
    # Lakens 2013: t(9) = 4.74, d_z = 1.50; as two groups t(18) = 2.52, d_s = 1.13, g_s = 1.08.
    assert paired_t(FILM_2, FILM_1).statistic == pytest.approx(4.74, abs=5e-3)
    d_z, d_av, g_av = paired_effects(FILM_2, FILM_1)
    assert round(d_z.value, 2) == 1.50
    d_s, g_s = group_effects(FILM_1, FILM_2)
    assert (round(d_s.value, 2), round(g_s.value, 2)) == (1.13, 1.08)
    # His g_av of 1.08 corrects with 2 (n - 1) degrees of freedom; ours with n - 1, as Borenstein et al. 2009.
    assert round(d_av.value * hedges_correction(18), 2) == 1.08
    assert g_av.value == pytest.approx(d_av.value * (1 - 3 / 35))


def test_hedges_correction_of_borensteins_examples():
    # Borenstein, Hedges, Higgins, Rothstein 2009, chapter 4: J = 0.9923 (two groups of 50), 0.9846 (50 pairs).
    assert round(hedges_correction(98), 4) == 0.9923
    assert round(hedges_correction(49), 4) == 0.9846


def test_weighted_kappa_of_cohens_diagnoses():
    # Cohen 1968, table 1: proportions and his weights of disagreement; kappa = .492, weighted kappa = .348.
    names = ("personality disorder", "neurosis", "psychosis")
    shares = ((0.44, 0.05, 0.01), (0.07, 0.20, 0.03), (0.09, 0.05, 0.06))
    weights = ((0, 1, 3), (1, 0, 6), (3, 6, 0))
    table = AgreementTable({(a, b): shares[i][j] for i, a in enumerate(names) for j, b in enumerate(names)})
    disagreement = {(a, b): float(weights[i][j]) for i, a in enumerate(names) for j, b in enumerate(names)}
    assert round(table.kappa, 3) == 0.492
    assert round(kappa_of_weights(table, disagreement), 3) == 0.348


def test_weighted_kappa_of_two_ratings_is_cohens():
    table = AgreementTable({("0", "0"): 20, ("0", "1"): 5, ("1", "0"): 10, ("1", "1"): 15})
    # A textbook table: 35 of 50 agree, 0.5 expected by chance, kappa = 0.4.
    assert weighted_kappa(table) == pytest.approx(0.4)
    assert weighted_kappa(table, power=1) == pytest.approx(table.kappa)
