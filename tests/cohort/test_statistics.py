"""What cannot be computed is said in words; what can is exact."""

import math
import re
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.cohort import ranks
from trainer.cohort.comparison import compare_groups, compare_paired
from trainer.cohort.effects import group_effects, paired_effects, signed_rank_effect
from trainer.cohort.result_rows import group_statements, paired_statements
from trainer.cohort.results import NotComputed
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
from trainer.errors import PijatError
from trainer.language import Text

PAIRED = (paired_t, wilcoxon_signed_rank, mean_gain, paired_effects, signed_rank_effect)
GROUPS = (independent_t, mean_difference, group_effects)


@pytest.mark.parametrize("function", PAIRED)
@pytest.mark.parametrize(
    "pairs", [([], []), ([1.0], [2.0]), ([1.0, None], [2.0, 3.0]), ([1.0, math.nan], [2.0, 3.0])]
)
def test_fewer_than_two_pairs_is_a_word(function, pairs):
    found = function(*pairs)
    assert isinstance(found, NotComputed)
    assert "paling sedikit 2" in found.reason.id and "at least 2" in found.reason.en


@pytest.mark.parametrize("function", (paired_t, mean_gain, paired_effects))
def test_equal_gains_is_a_word(function):
    # 0.1 is not exact in a computer: the gains differ in the sixteenth digit only.
    found = function([0.1, 0.2, 0.3, 1.1], [1.1, 1.2, 1.3, 2.1])
    assert isinstance(found, NotComputed) and "same" in found.reason.en


def test_nobody_changed_is_a_word():
    assert isinstance(wilcoxon_signed_rank([3.0, 4.0], [3.0, 4.0]), NotComputed)
    assert isinstance(signed_rank_effect([3.0, 4.0], [3.0, 4.0]), NotComputed)


@pytest.mark.parametrize("function", GROUPS)
def test_groups_without_spread_or_values_are_a_word(function):
    assert isinstance(function([5.0, 5.0], [5.0, 5.0]), NotComputed)
    assert isinstance(function([5.0], [5.0, 6.0]), NotComputed)
    assert isinstance(function([], []), NotComputed)


def test_one_value_a_group_is_enough_for_ranks_only():
    assert mann_whitney([1.0], [2.0]).p == 1.0
    assert isinstance(mann_whitney([1.0], []), NotComputed)
    assert isinstance(mann_whitney([2.0, 2.0], [2.0]), NotComputed)


@pytest.mark.parametrize("values", [[1.0, 2.0], [4.0] * 6, []])
def test_normality_of_too_little_is_a_word(values):
    assert isinstance(normality(values), NotComputed)


def test_unequal_lengths_are_refused():
    with pytest.raises(PijatError, match="as many values after as before"):
        paired_t([1.0], [1.0, 2.0])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.sampled_from([0.0, 14.0, 55.5, 100.0, math.nan])),
            st.one_of(st.none(), st.sampled_from([0.0, 14.0, 55.5, 100.0])),
        ),
        max_size=9,
    )
)
def test_nothing_ever_says_nan(rows):
    before, after = [a for a, _ in rows], [b for _, b in rows]
    found = compare_paired(before, after, Text("poin", "points"))
    groups = compare_groups(before, after, ("A", "B"))
    said = (found, groups, paired_statements(found), group_statements(groups))
    assert not re.search(r"\b(nan|inf)\b", " ".join(map(repr, said)), re.IGNORECASE)
    complete = sum(a is not None and not math.isnan(a) and b is not None for a, b in rows)
    assert found.n == complete == found.before.n == len(found.gains)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(-4, 4), min_size=2, max_size=9))
def test_signed_rank_p_is_that_of_every_sign_pattern(gains):
    """Brute force: every one of the 2^n ways to set the signs, ties and zeros included."""
    found = wilcoxon_signed_rank([0.0] * len(gains), [float(g) for g in gains], "greater")
    moved = [abs(g) for g in gains if g]
    if not moved:
        assert isinstance(found, NotComputed)
        return
    order = sorted(moved)
    rank = {value: (2 * order.index(value) + order.count(value) + 1) / 2 for value in moved}
    observed = sum(rank[abs(g)] for g in gains if g > 0)
    sums = [
        sum(rank[m] for m, up in zip(moved, signs, strict=True) if up)
        for signs in product((0, 1), repeat=len(moved))
    ]
    assert found.statistic == pytest.approx(observed)
    assert found.p == pytest.approx(sum(s >= observed - 1e-9 for s in sums) / len(sums))
    assert found.n == len(moved)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=4), st.lists(st.integers(0, 4), min_size=1, max_size=5)
)
def test_rank_sum_p_is_that_of_every_split(first, second):
    values = [*first, *second]
    found = mann_whitney([float(v) for v in first], [float(v) for v in second], "less")
    if len(set(values)) == 1:
        assert isinstance(found, NotComputed)
        return
    order = sorted(values)
    rank = [(2 * order.index(v) + order.count(v) + 1) / 2 for v in values]
    observed = sum(rank[: len(first)])
    sums = [sum(rank[i] for i in chosen) for chosen in combinations(range(len(values)), len(first))]
    assert found.p == pytest.approx(sum(s <= observed + 1e-9 for s in sums) / len(sums))


def test_large_samples_by_the_normal_curve_are_close_to_exact(monkeypatch):
    rng = np.random.default_rng(1)
    gains = np.round(rng.normal(0.2, 1, 90), 1)
    a, b = rng.normal(0.4, 1, 40), rng.normal(0, 1, 40)
    exact = wilcoxon_signed_rank([0.0] * 90, gains.tolist()), mann_whitney(a.tolist(), b.tolist())
    monkeypatch.setattr(ranks, "MOST_SIGNED", 50)
    monkeypatch.setattr(ranks, "MOST_SPLIT", 50)
    normal = wilcoxon_signed_rank([0.0] * 90, gains.tolist()), mann_whitney(a.tolist(), b.tolist())
    for precise, rough in zip(exact, normal, strict=True):
        assert "tepat" in precise.method.id and "kurva normal" in rough.method.id
        assert rough.p == pytest.approx(precise.p, rel=0.06)
        assert rough.statistic == precise.statistic


def test_zeros_and_ties_are_said():
    found = wilcoxon_signed_rank([1, 2, 3, 4], [1, 3, 4, 6])
    assert "1 peserta tanpa perubahan" in found.method.id and "mean rank" in found.method.en
    assert found.n == 3


def test_small_samples_are_warned_about_and_large_ones_not():
    rng = np.random.default_rng(0)
    before, gain = rng.uniform(0, 50, 40), rng.normal(10, 5, 40)
    small = compare_paired(before[:8].tolist(), (before + gain)[:8].tolist())
    assert any("8 pairs" in warning.en for warning in small.warnings)
    assert compare_paired(before.tolist(), (before + gain).tolist()).warnings == ()


def test_a_skewed_gain_is_said_to_be_read_by_ranks():
    gains = [1, 1, 1, 2, 1, 1, 30, 1, 2, 1, 45, 1]
    found = compare_paired([0.0] * 12, [float(g) for g in gains])
    assert found.normality.departs and "rank test" in found.normality.words.en


def test_description():
    found = describe([4.0, None, 1.0, 3.0, 2.0])
    assert (found.n, found.mean, found.median, found.minimum, found.maximum) == (4, 2.5, 2.5, 1.0, 4.0)
    assert (found.lower_quartile, found.upper_quartile) == (1.75, 3.25)
    assert describe([7.0]).sd is None and describe([]).mean is None
