import numpy as np
import pytest

from trainer.strokes.circles import measure_circle


def circle(rate, radius, cycles, fps=25, clockwise=True, drift=(0, 0), ratio=1.0, phase=0.3):
    duration = cycles / rate
    time = np.arange(0, duration, 1 / fps)
    angle = 2 * np.pi * rate * time + phase
    # Lateral grows to the right and caudal downwards, as in an image: right, then down, is clockwise.
    path = radius * np.stack([np.cos(angle) / np.sqrt(ratio), np.sin(angle) * np.sqrt(ratio)], 1)
    if not clockwise:
        path[:, 1] *= -1
    return time, path + np.outer(time, drift) + [4, 9], duration


@pytest.mark.parametrize("rate", [0.4, 0.8, 1.3, 2.5])
@pytest.mark.parametrize("clockwise", [True, False])
def test_rate_count_radius_and_sense(rate, clockwise):
    time, path, duration = circle(rate, 1.4, 5.0, clockwise=clockwise)
    found = measure_circle(time, path, 0.0, duration)
    assert found.cycles == pytest.approx(5.0, abs=0.05)
    assert found.rate_hz == pytest.approx(rate, abs=0.01)
    assert found.radius_cm == pytest.approx(1.4, rel=0.03)
    assert found.direction == ("cw" if clockwise else "ccw")
    assert found.confirmed
    assert len(found.onsets_s) in (4, 5)
    assert np.diff(found.onsets_s) == pytest.approx(1 / rate, rel=0.05)


def test_partial_revolutions_are_counted_as_such():
    time, path, duration = circle(0.8, 1.2, 2.5, fps=30)
    assert measure_circle(time, path, 0.0, duration).cycles == pytest.approx(2.5, abs=0.07)


def test_a_drifting_flat_circle_under_noise():
    rng = np.random.default_rng(5)
    errors = []
    for _ in range(30):
        time, path, duration = circle(1.1, 1.3, 5.2, drift=(0.1, 0.8), ratio=0.6, phase=rng.uniform(0, 6))
        path = path + 0.15 * rng.standard_normal(path.shape)
        errors.append(measure_circle(time, path, 0.0, duration).rate_hz - 1.1)
    assert np.percentile(np.abs(errors), 95) < 0.02


def test_missing_sightings_do_not_matter():
    time, path, duration = circle(1.5, 1.0, 8.0, fps=30)
    keep = np.ones(len(time), bool)
    keep[40:62] = keep[90:97] = False
    found = measure_circle(time[keep], path[keep], 0.0, duration)
    assert found.cycles == pytest.approx(8.0, abs=0.1)


def test_an_uneven_hand_is_counted_right():
    time = np.arange(0, 8, 0.04)
    turns = 0.9 * time + 0.4 * np.sin(2 * np.pi * time / 8)
    path = 1.5 * np.stack([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)], 1)
    assert measure_circle(time, path, 0.0, 8.0).cycles == pytest.approx(7.2, abs=0.15)


def test_too_little_to_count():
    assert measure_circle(np.array([0.0, 0.1]), np.zeros((2, 2)), 0.0, 0.1) is None
    time = np.arange(0, 3, 0.04)
    assert measure_circle(time, np.ones((len(time), 2)), 0.0, 3.0) is None


@pytest.mark.parametrize("speed", [-0.7, 0.0, 0.2, 0.9])
@pytest.mark.parametrize("cycles", [3.4, 8.0])
def test_how_far_and_which_way_circles_travel(speed, cycles):
    """The centre's way along the spine, with noise, whatever part of a turn is over; steps aside count not."""
    rng = np.random.default_rng(3)
    time, path, duration = circle(0.9, 1.3, cycles, drift=(0.3, speed))
    found = measure_circle(time, path + 0.1 * rng.standard_normal(path.shape), 0.0, duration)
    assert found.travel_cm == pytest.approx(speed * duration, abs=0.5)
