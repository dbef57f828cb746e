"""Which hands are believed, and that no false one keeps the true ones out."""

import numpy as np
import pytest
from hand_shapes import SHAPE

from trainer.perception.landmarker import Detection
from trainer.perception.plausibility import UsualSize, plausible

BACK = (200.0, 100.0, 400.0, 300.0)


def hand(scale, x=300.0, y=250.0):
    return Detection("left", 0.9, scale * SHAPE + (x, y))


def usual_of(scale, seconds=2.0, rate_hz=25.0):
    usual = UsualSize()
    for k in range(round(seconds * rate_hz)):
        usual.learn(k / rate_hz, [hand(scale).size])
    return usual


def test_size_and_place_are_bounded_by_the_back():
    near, giant, dwarf, far = hand(1), hand(5), hand(0.2), hand(1, 900.0)
    assert plausible([near, giant, dwarf, far], UsualSize(), BACK, 0.0) == [near]
    assert plausible([near, far], UsualSize(), None, 0.0) == [near, far]


def test_a_single_hand_says_nothing_about_what_is_usual():
    usual = UsualSize()
    usual.learn(0.0, [500.0])
    assert usual.px is None
    assert len(plausible([hand(1)], usual, None, 0.04)) == 1


@pytest.mark.parametrize("rate_hz", [8.0, 15.0, 30.0])
@pytest.mark.parametrize(("before", "after"), [(6.0, 1.0), (1.0, 6.0)])
def test_no_size_locks_out_another_for_longer_than_a_third_of_a_second(before, after, rate_hz):
    usual = usual_of(before, 2.0, rate_hz)
    assert usual.px is not None
    waited = next(k / rate_hz for k in range(100) if plausible([hand(after)], usual, None, 2.0 + k / rate_hz))
    assert 0.0 < waited <= 0.3 + 1e-9


def test_a_size_that_flickers_is_no_contradiction():
    usual = usual_of(1.0)
    for k in range(0, 100, 6):
        assert plausible([hand(6.0)], usual, None, 2.0 + k / 25) == []
        usual.learn(2.0 + k / 25, [hand(1.0).size])
    assert usual.px == pytest.approx(hand(1.0).size)


def test_what_is_usual_is_forgotten_after_seconds():
    usual = usual_of(1.0)
    usual.learn(60.0, [])
    assert usual.px is None


def test_two_hands_are_one_persons():
    """Beside a hand that fits the back, one of three times its size is somebody else's, whichever comes first."""
    true, false = hand(1.3), hand(3.3, 330.0)
    for order in ([true, false], [false, true]):
        assert plausible(order, UsualSize(), BACK, 0.0) == [true]
    assert plausible([hand(1.0), hand(1.8)], UsualSize(), BACK, 0.0)[1].size == pytest.approx(hand(1.8).size)


def test_the_drawn_hand_is_of_the_size_that_these_tests_take_it_for():
    assert 0.12 < hand(1).size / 200 < 0.8 < hand(5).size / 200
    assert np.ptp(SHAPE, axis=0).max() > 20
