"""Found landmarks: believed when they make one back, refused when they do not."""

from types import SimpleNamespace

import numpy as np
import pytest

from trainer.back.automatic import register_automatic


def _detection(landmarks, sigma=5.0, size=(640, 480)):
    return SimpleNamespace(landmarks=landmarks, sigma_px=dict.fromkeys(landmarks, sigma), image_size=size)


def test_a_noisy_detection_is_believed(scene):
    rng = np.random.default_rng(4)
    noisy = {name: tuple(np.array(place) + rng.normal(0, 5, 2)) for name, place in scene.landmarks.items()}
    found = register_automatic(_detection(noisy))
    assert found is not None
    back, _ = found.to_back(np.array([scene.landmarks["T7"]]))
    assert back[0] == pytest.approx([0, 17.5], abs=1.5)


def test_the_error_that_all_landmarks_share_does_not_average_away(scene):
    """However many landmarks there are, the map is no surer than the part of their error that is one shift."""
    found = register_automatic(_detection(scene.landmarks, sigma=8.0))
    places = np.array(list(scene.landmarks.values()))
    of_a_mark = 8.0 * np.median(found.cm_per_px(places))
    assert np.median(found.map_sigma(places)) > np.sqrt(0.5) * of_a_mark


def test_scattered_points_are_not(scene):
    rng = np.random.default_rng(8)
    refused = 0
    for _ in range(6):
        scattered = {name: tuple(rng.uniform((40, 40), (600, 440))) for name in scene.landmarks}
        refused += register_automatic(_detection(scattered)) is None
    assert refused == 6


def test_too_few_or_mirrored_or_vague_are_not(scene):
    few = {name: scene.landmarks[name] for name in ("C7", "T7", "left_rib_angle", "right_rib_angle")}
    assert register_automatic(_detection(few)) is None
    mirrored = {name: (640 - x, y) for name, (x, y) in scene.landmarks.items()}
    assert register_automatic(_detection(mirrored)) is None
    assert register_automatic(_detection(scene.landmarks, sigma=120.0)) is None
