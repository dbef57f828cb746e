"""The follower's parts, each against what can be worked out by hand."""

import numpy as np
import pytest

from trainer.back.alignment import Alignment, Keyframe
from trainer.back.follow_clock import FollowClock
from trainer.back.followed import FollowSettings
from trainer.back.following import NO_HANDS
from trainer.back.motion_filter import MotionFilter
from trainer.back.redetection import redetection
from trainer.back.reduction import DOUBLE, HALVE, ReducedView, Reduction, moved

SETTINGS = FollowSettings()


def test_reduced_pixels_have_their_middle_where_the_pixels_they_stand_for_have_it():
    reduction = Reduction.of((640, 480))
    assert reduction.size == (160, 120)
    # Four by four pixels, 0 to 3, become pixel 0.
    assert np.allclose(reduction.points(np.array([[1.5, 1.5], [637.5, 477.5]])), [[0, 0], [159, 119]])
    shift = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -3.0], [0.0, 0.0, 1.0]])
    assert np.allclose(reduction.full_motion(shift)[:2, 2], [8.0, -12.0])
    assert np.allclose(moved(np.array([[0.5, 0.5], [10.0, 7.0]]), HALVE), [[0.0, 0.0], [4.75, 3.25]])
    assert np.allclose(HALVE @ DOUBLE, np.eye(3))


def test_small_pictures_are_not_enlarged():
    assert Reduction.of((120, 90)).factor == 1.0


def test_detail_is_the_root_mean_square_change():
    stripes = np.tile(np.array([0.0, 4.0], np.float32), (10, 5))
    assert ReducedView(stripes, None).detail == pytest.approx(4.0)
    assert ReducedView(np.full((10, 10), 7.0, np.float32), None).detail == 0.0


def test_half_a_view_halves_the_hands_too():
    covered = np.zeros((8, 8), np.uint8)
    covered[:4] = 255
    half = ReducedView(np.zeros((8, 8), np.float32), covered).half
    assert half.picture.shape == (4, 4)
    assert half.uncovered.tolist() == [[False] * 4] * 2 + [[True] * 4] * 2
    assert Reduction.of((64, 64)).view(np.zeros((64, 64, 3), np.uint8), NO_HANDS).uncovered.all()


def test_the_clock_rests_only_after_three_still_looks():
    clock = FollowClock(SETTINGS)
    assert clock.start(10.0)
    assert not clock.start(10.04)
    for _ in range(3):
        assert not clock.resting(10.04)
        clock.moved(0.5 * SETTINGS.rest_px)
    assert clock.resting(10.04)
    assert not clock.resting(10.01 + SETTINGS.rest_s)
    clock.moved(2.0 * SETTINGS.rest_px)
    assert not clock.resting(10.04)


def test_the_clock_gives_up_searches_and_seeks_in_time():
    clock = FollowClock(SETTINGS)
    clock.start(0.0)
    assert clock.look(0.25) == 0.25
    assert clock.look(9.0) == 1.0
    assert not clock.unseen_too_long(SETTINGS.lost_after_s)
    assert clock.unseen_too_long(SETTINGS.lost_after_s + 0.01)
    clock.seen(1.0)
    assert not clock.unseen_too_long(1.0 + SETTINGS.lost_after_s)
    assert clock.search_due(1.0)
    assert not clock.search_due(1.0 + SETTINGS.search_s)
    assert clock.search_due(1.01 + SETTINGS.search_s)
    assert clock.seek_due(1.0)
    assert not clock.seek_due(1.1)
    clock.seek_at_once()
    assert clock.seek_due(1.1)


@pytest.fixture
def keyframe():
    gray = np.random.default_rng(1).uniform(0, 100, (60, 80)).astype(np.float32)
    return Keyframe(gray, np.ones((60, 80), dtype=bool))


def _seen(keyframe, shift, support=0.9, before=0.9):
    offset = np.array([shift, 0.0, 0.0, 0.0])
    return Alignment(keyframe.motion(offset), offset, np.full(4, 0.05), support, before, 1.0)


def test_the_filter_weighs_by_variance(keyframe):
    motion = MotionFilter(SETTINGS)
    assert motion.weigh(_seen(keyframe, 0.5), keyframe, 0.9, 1.0, 1.0)
    wander, noise = SETTINGS.wander_px[0] ** 2, 4 * 0.05**2 + SETTINGS.floor_px**2
    assert keyframe.offset(motion.matrix)[0] == pytest.approx(0.5 * wander / (wander + noise))


def test_a_leap_is_believed_when_it_lasts_and_explains_more(keyframe):
    motion = MotionFilter(SETTINGS)
    leap = _seen(keyframe, 6.0)
    for now_s in (0.0, 0.1, 0.2):
        assert not motion.weigh(leap, keyframe, 0.5, 0.04, now_s)
        assert keyframe.offset(motion.matrix)[0] == 0.0
    assert not motion.weigh(leap, keyframe, 0.88, 0.04, SETTINGS.gate_s)  # staying explains it as well
    assert keyframe.offset(motion.matrix)[0] == 0.0
    motion.weigh(leap, keyframe, 0.5, 0.04, SETTINGS.gate_s)
    assert keyframe.offset(motion.matrix)[0] == pytest.approx(6.0)


def test_the_filter_is_less_sure_the_longer_it_waits(keyframe):
    motion = MotionFilter(SETTINGS)
    motion.take(_seen(keyframe, 0.0))
    sure = motion.sigma_px
    motion.wait(1.0)
    assert motion.sigma_px > sure
    motion.carry(np.array([[1.0, 0.0, 3.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    assert motion.matrix[0, 2] == motion.home[0, 2] == 3.0


def test_landmarks_detected_anew_tell_the_motion_without_the_bias_of_their_detector():
    home = {"C7": (100.0, 50.0), "T7": (102.0, 120.0), "T12": (101.0, 200.0), "left_acromion": (40.0, 60.0)}
    bias = {name: np.array([6.0, -2.0]) for name in home}
    seen = {name: np.array(place) + [20.0, 10.0] + bias[name] for name, place in home.items()}
    found = redetection(home, seen, 4.0, Reduction.of((160, 120)))
    assert found is not None
    told = found.motion(bias)
    assert told is not None
    assert np.allclose(told[0], [[1, 0, 20], [0, 1, 10], [0, 0, 1]], atol=1e-6)
    assert told[1] == pytest.approx(4.0 / np.sqrt(2))
    assert np.allclose(list(found.bias(told[0]).values()), [6.0, -2.0], atol=1e-6)


def test_three_landmarks_or_a_back_of_another_size_tell_nothing():
    home = {"C7": (100.0, 50.0), "T7": (102.0, 120.0), "T12": (101.0, 200.0), "left_acromion": (40.0, 60.0)}
    reduction = Reduction.of((160, 120))
    three = {name: np.array(home[name]) for name in list(home)[:3]}
    assert redetection(home, three, 4.0, reduction) is None
    tripled = {name: 3.0 * np.array(place) for name, place in home.items()}
    found = redetection(home, tripled, {name: 4.0 for name in home}, reduction)
    assert found is not None
    assert found.motion({}) is None
