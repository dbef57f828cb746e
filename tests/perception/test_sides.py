"""Whose hand is it: labels, place and the two being two."""

from dataclasses import replace

import numpy as np
import pytest
from hand_shapes import detection

from trainer.perception.contact import hand_size
from trainer.perception.sides import Expected, SideAssigner, hidden_share, merge_duplicates


def expected(item):
    return Expected(item.keypoints, hand_size(item.keypoints))


def mislabelled(hand, x, y):
    """A hand whose shape is right and whose label is wrong."""
    return replace(detection(hand, x, y), label="right" if hand == "left" else "left")


def placed(assigned):
    return {hand: tuple(item.keypoints[0]) for hand, item in assigned.items()}


def settle(sides, frames):
    """Feed frames of detections, following what was assigned."""
    followed = {}
    for items in frames:
        assigned = sides.assign(merge_duplicates(items), followed)
        if sides.weigh(assigned):
            other = {"left": "right", "right": "left"}
            assigned = {other[hand]: item for hand, item in assigned.items()}
        followed = {hand: expected(item) for hand, item in assigned.items()}
    return assigned


def test_first_frame_goes_by_label():
    assigned = SideAssigner().assign([detection("right", 300, 200), detection("left", 100, 200)], {})
    assert placed(assigned) == {"left": (100, 200), "right": (300, 200)}


def test_one_wrong_label_does_not_move_a_followed_hand():
    frames = [[detection("left", 100, 200), detection("right", 300, 200)]] * 5
    frames += [[detection("left", 101, 200), mislabelled("right", 301, 200)]]
    assert placed(settle(SideAssigner(), frames)) == {"left": (101, 200), "right": (301, 200)}


def test_a_single_hand_with_a_wrong_label_stays_itself():
    frames = [[detection("left", 100, 200)]] * 8 + [[mislabelled("left", 100, 200)]]
    assert placed(settle(SideAssigner(), frames)) == {"left": (100, 200)}


def test_names_are_exchanged_when_the_first_labels_were_wrong():
    frames = [[mislabelled("left", 100, 200), mislabelled("right", 300, 200)]] * 2
    frames += [[detection("left", 100, 200), detection("right", 300, 200)]] * 12
    assert placed(settle(SideAssigner(), frames)) == {"left": (100, 200), "right": (300, 200)}


def test_both_labelled_alike_at_first_are_still_two_hands():
    assigned = SideAssigner().assign([detection("left", 100, 200, 0.9), detection("left", 300, 200, 0.6)], {})
    assert placed(assigned) == {"left": (100, 200), "right": (300, 200)}


def test_hands_that_cross_keep_their_names():
    left = np.linspace(100, 300, 30)
    frames = [[detection("left", x, 200), detection("right", 400 - x, 260)] for x in left]
    assert placed(settle(SideAssigner(), frames)) == {"left": (300, 200), "right": (100, 260)}


def test_the_same_hand_seen_twice_is_one():
    twice = [detection("left", 100, 200, 0.8), detection("left", 103, 202, 0.95)]
    assert [item.label_score for item in merge_duplicates(twice)] == [0.95]


def test_hands_side_by_side_are_two():
    assert len(merge_duplicates([detection("left", 100, 200), detection("right", 150, 200)])) == 2


@pytest.mark.parametrize(("x", "y", "share"), [(300, 200, 1.0), (300, 255, 1.0), (500, 200, 0.0)])
def test_what_lies_under_the_other_hand_or_its_forearm(x, y, share):
    other = detection("right", 300, 200)
    points = np.array([(x, y - 20.0), (x + 3.0, y - 10.0), (x - 3.0, y - 12.0)])
    assert hidden_share(points, other.keypoints, other.size) == share
