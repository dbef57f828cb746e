"""The field reports' own tables, rebuilt as far as their printed figures allow.

They print means and p values, no raw data and no standard deviations; so what is checked is what follows from the
printed figures together with tables of Student's t (two-sided, from any textbook).
"""

import math

import numpy as np
import pytest

from trainer.cohort.comparison import compare_groups, compare_paired
from trainer.cohort.outcomes import OutcomePair, summarise_pairs

T_24_AT_001 = 3.745
"""Student's t exceeded with probability 0.001, two-sided, 24 degrees of freedom (textbook table)."""


def gains_with(mean: float, sd: float, n: int, seed: int = 0) -> np.ndarray:
    """Gains of exactly this mean and standard deviation."""
    drawn = np.random.default_rng(seed).normal(size=n)
    return mean + sd * (drawn - drawn.mean()) / drawn.std(ddof=1)


@pytest.mark.parametrize("seed", range(5))
def test_palu_25_companions_gain_13_points(seed):
    # Palu 2020: 25 companions, mean gain 13 points, p < 0.001. That bounds the spread of the gains it had.
    widest = 13 * math.sqrt(25) / T_24_AT_001
    assert widest == pytest.approx(17.36, abs=0.01)
    before = np.random.default_rng(100 + seed).uniform(30, 60, 25)
    below = compare_paired(before.tolist(), (before + gains_with(13, widest - 0.05, 25, seed)).tolist())
    beyond = compare_paired(before.tolist(), (before + gains_with(13, widest + 0.05, 25, seed)).tolist())
    assert below.n == 25 and below.gain.value == pytest.approx(13)
    assert below.t.p < 0.001 < beyond.t.p
    assert below.t.df == 24
    assert below.effects[0].name == "d_z"
    # d_z = t / sqrt(n): at least 0.749 for such a p.
    assert below.effects[0].value == pytest.approx(T_24_AT_001 / 5, abs=0.01)
    assert "Hanya" not in " ".join(warning.id for warning in below.warnings)


def test_palu_with_a_plausible_spread():
    before = np.linspace(40, 70, 25)
    found = compare_paired(before.tolist(), (before + gains_with(13, 9, 25, 3)).tolist())
    # t = 13 / (9 / 5) = 7.22; the interval is 13 -+ 2.064 * 1.8 (t of 24 degrees of freedom at 5 %).
    assert found.t.statistic == pytest.approx(7.222, abs=1e-3)
    assert (found.gain.lower, found.gain.upper) == pytest.approx((13 - 3.715, 13 + 3.715), abs=2e-3)
    assert "13.0" in found.reading.en and "p\N{NO-BREAK SPACE}<\N{NO-BREAK SPACE}0.001" in found.reading.en
    assert "13,0" in found.reading.id and "0,001" in found.reading.id


def test_bulukumba_p_needs_a_spread_of_the_gains():
    # Bulukumba 2023: 5 massaged mothers, dependent t-test p = 0.003. With 4 degrees of freedom t lies between
    # 5.598 (p = 0.005) and 7.173 (p = 0.002), so the gains' SD was between 0.31 and 0.40 of their mean.
    for share, low, high in (
        (math.sqrt(5) / 5.598, 0.00499, 0.00501),
        (math.sqrt(5) / 7.173, 0.00199, 0.00201),
    ):
        after = 14 + gains_with(11.5, share * 11.5, 5)
        assert low < compare_paired([14.0] * 5, after.tolist()).t.p < high


def test_bulukumba_printed_volumes_give_a_smaller_p_than_printed():
    # 14 cc before in each and 23 to 28 cc after leaves gains of 9 to 14 cc: the most spread of them, two at
    # one end, gives p = 0.0009 at most. The printed 0.003 needs mothers who did not all begin at 14 cc.
    worst = 0.0
    for count in range(1, 5):
        after = [28.0] * count + [23.0] * (5 - count)
        worst = max(worst, compare_paired([14.0] * 5, after).t.p)
    assert worst == pytest.approx(0.00085, abs=0.00005)
    rng = np.random.default_rng(2)
    for _ in range(300):
        assert compare_paired([14.0] * 5, rng.uniform(23, 28, 5).tolist()).t.p < worst


def test_bulukumba_five_against_five():
    # Massaged 23-28 cc after, others (PROTOCOLS' reference) about 16 cc: fully apart, so U = 25 and the exact
    # two-sided p is 2 of the 252 ways to choose 5 of 10.
    massaged, others = [23.0, 24.0, 25.0, 26.5, 28.0], [14.0, 15.0, 16.0, 16.5, 18.0]
    found = compare_groups(massaged, others, ("dipijat", "tidak dipijat"))
    assert found.mann_whitney.statistic == 25
    assert found.mann_whitney.p == pytest.approx(2 / 252)
    assert found.welch.p < 0.001
    assert any("5" in warning.en and "hint" in warning.en for warning in found.warnings)


def test_five_pairs_can_never_convince_wilcoxon():
    found = compare_paired([14.0] * 5, [23.0, 24.0, 25.0, 26.0, 28.0])
    assert found.wilcoxon.p == pytest.approx(2 / 2**5)
    assert any("cannot fall below 0.05" in warning.en for warning in found.warnings)


def test_fluency_classes_of_bulukumba():
    pairs = [OutcomePair(f"P-{i}", 1, 3) for i in range(4)] + [
        OutcomePair("P-4", 2, 3),
        OutcomePair("P-5", None, 3),
    ]
    found = summarise_pairs("fluency", pairs)
    assert [(name.id, before, after) for name, before, after in found.classes] == [
        ("kurang lancar", 4, 0), ("cukup lancar", 1, 0), ("lancar", 0, 5),
    ]  # fmt: skip
    assert (found.improved, found.same, found.worse) == (5, 0, 0)
    assert found.comparison.left_out == 1
    assert "rata-rata" not in found.reading.id.lower() and "5 membaik" in found.reading.id
