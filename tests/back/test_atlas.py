"""The atlas against the figures it quotes."""

import numpy as np
import pytest

from trainer.back.atlas import load_atlas, side, zone
from trainer.back.frame import BACK_LANDMARKS


def test_every_landmark_has_a_place_and_a_source():
    atlas = load_atlas()
    assert set(atlas.landmarks) == set(BACK_LANDMARKS)
    assert {place.source for place in atlas.landmarks.values()} <= set(atlas.sources)
    assert all(min(place.sigma_cm) > 0 for place in atlas.landmarks.values())


def test_levels_agree_with_the_published_percentages():
    """T4, T7, T10 and L1 at 21, 39, 54.1 and 70.9 % of a C7-PSIS line of 50.9 cm (PMC3598670), within a level."""
    levels = load_atlas().levels
    for name, share in (("T4", 0.21), ("T7", 0.39), ("T10", 0.541), ("L1", 0.709)):
        assert levels[name] == pytest.approx(50.9 * share, abs=3.3)
    assert list(levels.values()) == sorted(levels.values())


def test_left_mirrors_right():
    atlas = load_atlas()
    for name, line in atlas.outlines.items():
        if name.startswith("left_"):
            assert np.allclose(line * [-1, 1], atlas.outlines["right_" + name[5:]])


@pytest.mark.parametrize(
    ("lateral", "caudal", "expected"),
    [
        (0.0, 10.0, "spine"),
        (-1.1, 10.0, "spine"),
        (4.0, 10.0, "paraspinal"),
        (-4.0, 25.0, "paraspinal"),
        (10.0, 10.0, "scapular"),
        (10.0, 25.0, "outside"),
        (4.0, -6.0, "outside"),
        (4.0, 40.0, "outside"),
        (16.0, 10.0, "outside"),
        (float("nan"), 10.0, "outside"),
        (3.0, float("nan"), "outside"),
    ],
)
def test_zones(lateral, caudal, expected):
    assert zone(lateral, caudal) == expected


def test_sides_are_the_recipients():
    assert side(4.0) == "right"
    assert side(-4.0) == "left"
    assert side(0.5) == "spine"
    assert side(float("nan")) == "spine"
