import numpy as np
import pytest

from trainer.strokes.passes import measure_pass


@pytest.mark.parametrize("sign, direction", [(1, "caudal"), (-1, "cranial")])
def test_extent_and_speed_of_a_wobbling_pass(sign, direction):
    rng = np.random.default_rng(1)
    time = np.arange(0, 2.5, 1 / 30)
    u = time / 2.5
    path = np.stack([4 + 0.4 * np.sin(9 * u), 9 + sign * 15 * (u - 0.5)], 1) + 0.1 * rng.standard_normal(
        (len(time), 2)
    )
    found = measure_pass(time, path, 0.0, 2.5)
    assert found.length_cm == pytest.approx(15, abs=0.6)
    assert found.speed_cm_s == pytest.approx(6, abs=0.3)
    assert found.direction == direction


def test_too_few_sightings():
    assert measure_pass(np.array([0.0, 0.1]), np.zeros((2, 2)), 0.0, 0.1) is None
