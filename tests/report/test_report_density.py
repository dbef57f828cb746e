"""The density against what is known of circles and of the normal distribution."""

import math

import numpy as np
import pytest

from trainer.report.density import areas, level_loops

WINDOW = (-18.0, -7.0, 18.0, 25.0)


def loop_area(loops) -> float:
    total = 0.0
    for loop in loops:
        x, y = np.array(loop).T
        total += float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    return abs(total)


def test_level_line_of_a_cone_is_a_circle():
    y, x = np.mgrid[0:81, 0:81]
    cone = 60.0 - np.hypot(x - 40, y - 40)
    (loop,) = level_loops(cone, 30.0)
    radii = np.hypot(*(np.array(loop) - 40).T)
    assert radii == pytest.approx(30.0, abs=0.05)
    assert loop_area([loop]) == pytest.approx(math.pi * 900, rel=2e-3)


def test_lines_close_at_the_edge_and_round_holes():
    grid = np.ones((6, 8))
    assert len(level_loops(grid, 0.5)) == 1
    grid[2:4, 3:5] = 0
    outer, hole = sorted(level_loops(grid, 0.5), key=lambda loop: -loop_area([loop]))
    assert loop_area([hole]) == pytest.approx(5.0, abs=1.6)
    assert loop_area([outer]) > 40


def test_saddles_give_closed_lines():
    grid = np.kron(np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]]), np.ones((1, 1)))
    loops = level_loops(grid.astype(float), 0.5)
    assert sum(len(loop) for loop in loops) == 20


@pytest.mark.parametrize("sigma", [0.45, 1.0])
def test_areas_of_a_normal_cloud(sigma):
    """The smallest area that holds a share p of a round normal cloud is 2 pi s^2 ln(1 / (1 - p))."""
    rng = np.random.default_rng(1)
    points = rng.normal((4.0, 9.0), 1.5, (60_000, 2))
    found = areas(points[:, 0], points[:, 1], np.ones(len(points)), sigma, WINDOW)
    assert [area.share for area in found] == [0.95, 0.75, 0.5, 0.25]
    for area in found:
        expected = 2 * math.pi * (1.5**2 + sigma**2) * math.log(1 / (1 - area.share))
        assert loop_area(area.loops) == pytest.approx(expected, rel=0.05)
        middle = np.mean([point for loop in area.loops for point in loop], axis=0)
        assert middle == pytest.approx((4.0, 9.0), abs=0.25)


def test_weights_are_time():
    x, y = np.array([-5.0, 5.0]), np.array([8.0, 8.0])
    found = areas(x, y, np.array([1.0, 9.0]), 0.5, WINDOW)
    half = next(area for area in found if area.share == 0.5)
    assert all(point[0] > 0 for loop in half.loops for point in loop)


def test_nothing_in_the_window_is_nothing():
    none = np.empty(0)
    assert areas(none, none, none, None, WINDOW) == []
    assert areas(np.array([90.0]), np.array([0.0]), np.ones(1), 1.0, WINDOW) == []
