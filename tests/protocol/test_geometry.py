"""Polygons against areas and distances worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.protocol.geometry import area, crosses_itself, overlap_cm2, signed_distance_cm

SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]
L_SHAPE = [(0.0, 0.0), (4.0, 0.0), (4.0, 1.0), (1.0, 1.0), (1.0, 4.0), (0.0, 4.0)]


def test_area():
    assert area(SQUARE) == 16 and area(L_SHAPE) == 7 and area(SQUARE[::-1]) == 16


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (SQUARE, 16.0),
        ([(2, 2), (6, 2), (6, 6), (2, 6)], 4.0),
        ([(4, 0), (8, 0), (8, 4), (4, 4)], 0.0),
        ([(1, 1), (2, 1), (2, 2), (1, 2)], 1.0),
        ([(-2, 2), (2, -2), (6, 2), (2, 6)], 16.0),
        ([(2, -1), (5, 2), (2, 5), (-1, 2)], 14.0),
        (L_SHAPE, 7.0),
        ([(1, 1), (4, 1), (4, 4), (1, 4)], 9.0),
    ],
)
def test_overlap(other, shared):
    assert overlap_cm2(SQUARE, other) == pytest.approx(shared)
    assert overlap_cm2(other, SQUARE) == pytest.approx(shared)


def test_an_l_and_the_square_in_its_corner_only_touch():
    assert overlap_cm2(L_SHAPE, [(1, 1), (4, 1), (4, 4), (1, 4)]) == pytest.approx(0)


def test_crossing():
    assert not crosses_itself(SQUARE) and not crosses_itself(L_SHAPE)
    assert crosses_itself([(0, 0), (4, 4), (4, 0), (0, 4)])
    assert crosses_itself([(0, 0), (4, 0), (2, 0), (2, 3)])
    assert crosses_itself([(0, 0), (2, 0), (2, 2), (2, 0), (4, 0), (4, 4), (0, 4)])


def test_signed_distance():
    points = np.array([[2, 2], [1, 2], [0, 2], [-3, 2], [7, 8], [np.nan, 1]])
    expected = [2, 1, 0, -3, -5, np.nan]
    np.testing.assert_allclose(np.abs(signed_distance_cm(points, SQUARE)), np.abs(expected))
    assert (np.sign(signed_distance_cm(points[[0, 1, 3, 4]], SQUARE)) == [1, 1, -1, -1]).all()


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_moving_a_point_changes_its_depth_by_no_more_than_the_way(x, y):
    depth = signed_distance_cm(np.array([[x, y], [x + 0.3, y - 0.4]]), L_SHAPE)
    assert abs(depth[0] - depth[1]) <= 0.5 + 1e-9
