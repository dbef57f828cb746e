"""Registration against rendered backs whose every point is known."""

import json

import numpy as np
import pytest

from trainer.back.registration import RegistrationError, register
from trainer.back.size import BackSize, MeasuredDistance

CLIPS = ("dev_1", "dev_2", "dev_3", "dev_4", "dev_5")


def _errors(truth, registration, frames):
    found, sigma = [], []
    for frame in frames:
        pixels, back = truth.contacts(frame)
        if len(pixels):
            mapped, _ = registration.to_back(pixels)
            found.append(mapped - back)
            sigma.append(registration.map_sigma(pixels))
    return np.concatenate(found), np.concatenate(sigma)


@pytest.mark.parametrize("clip", CLIPS)
def test_thumb_lies_where_it_was_rendered(clips, load_truth, clip):
    truth = load_truth(clips / clip / "truth.json")
    registration = register(truth.landmarks(150), 1.0, truth.size)
    error, sigma = _errors(truth, registration, range(140, 161))
    distance = np.hypot(*error.T)
    assert np.median(distance) < 0.4
    assert np.percentile(distance, 95) < 0.8
    assert np.percentile(np.abs(error) / sigma[:, None], 95) < 2.5


def test_noisy_marks_cost_little_and_are_owned_up_to(clips, load_truth):
    truth = load_truth(clips / "dev_2" / "truth.json")
    rng = np.random.default_rng(3)
    distances, ratios = [], []
    for frame in range(60, 400, 70):
        marks = {
            name: np.asarray(place) + rng.normal(0, 3.0, 2) for name, place in truth.landmarks(frame).items()
        }
        error, sigma = _errors(truth, register(marks, 3.0, truth.size), [frame])
        distances.extend(np.hypot(*error.T))
        ratios.extend((np.abs(error) / sigma[:, None]).ravel())
    assert np.median(distances) < 0.8
    assert 0.1 < np.median(ratios) < 1.2


def test_fewer_landmarks_mean_more_doubt(clips, load_truth):
    truth = load_truth(clips / "dev_2" / "truth.json")
    every = truth.landmarks(150)
    four = {
        name: every[name] for name in ("C7", "T12", "left_scapula_inferior_angle", "right_scapula_spine_root")
    }
    pixels, back = truth.contacts(150)
    with_all, with_four = register(every, 1.0, truth.size), register(four, 1.0, truth.size)
    assert (with_four.map_sigma(pixels) > with_all.map_sigma(pixels)).all()
    assert np.hypot(*(with_four.to_back(pixels)[0] - back).T).max() < 3.0


def test_there_and_back_again(clips, load_truth):
    truth = load_truth(clips / "dev_5" / "truth.json")
    registration = register(truth.landmarks(0), 1.0, truth.size)
    back = np.array([[0.0, 10.0], [4.0, 2.0], [-5.0, 20.0], [3.3, 13.7]])
    again, sigma = registration.to_back(registration.to_image(back))
    assert np.abs(again - back).max() < 0.03
    assert (sigma > 0).all()


def test_pixel_size_matches_differences(clips, load_truth):
    truth = load_truth(clips / "dev_4" / "truth.json")
    registration = register(truth.landmarks(0), 1.0, truth.size)
    at = registration.to_image(np.array([[2.0, 12.0]]))
    step, _ = registration.to_back(np.repeat(at, 4, axis=0) + np.array([[3, 0], [-3, 0], [0, 3], [0, -3]]))
    across, down = (step[0] - step[1]) / 6, (step[2] - step[3]) / 6
    area = abs(across[0] * down[1] - across[1] * down[0])
    assert registration.cm_per_px(at)[0] == pytest.approx(np.sqrt(area), rel=0.05)


def test_a_measured_distance_scales_and_steadies(clips, load_truth):
    truth = load_truth(clips / "dev_1" / "truth.json")
    marks = truth.landmarks(0)
    pixels = np.array([marks["T7"]])
    usual, usual_sigma = register(marks, 1.0, truth.size).to_back(pixels)
    measured, sigma = register(marks, 1.0, truth.size, MeasuredDistance("C7", "T7", 19.25)).to_back(pixels)
    assert measured[0, 1] == pytest.approx(1.1 * usual[0, 1], abs=0.01)
    assert sigma[0] < usual_sigma[0]
    known, known_sigma = register(marks, 1.0, truth.size, BackSize(1.0, 0.0, measured=True)).to_back(pixels)
    assert known_sigma[0] < sigma[0]
    assert known[0, 1] == pytest.approx(17.5, abs=0.3)


@pytest.mark.slow
def test_angle_of_view_follows_the_camera(clips, load_truth):
    azimuth = {}
    for clip in CLIPS:
        path = clips / clip / "truth.json"
        truth = load_truth(path)
        registration = register(truth.landmarks(0), 1.0, truth.size)
        azimuth[json.loads(path.read_text())["spec"]["camera"]["az"]] = registration.azimuth_deg
    order = sorted(azimuth)
    assert [azimuth[a] for a in order] == sorted(azimuth.values())
    assert abs(azimuth[0]) < 3
    assert azimuth[-58] == pytest.approx(-52, abs=7)


def test_one_gross_mistake_is_named_and_withstood(clips, load_truth):
    truth = load_truth(clips / "dev_1" / "truth.json")
    marks = truth.landmarks(150)
    marks["left_scapula_inferior_angle"] = (marks["left_scapula_inferior_angle"][0] - 90, 140)
    registration = register(marks, 1.0, truth.size)
    assert registration.suspects == ("left_scapula_inferior_angle",)
    error, _ = _errors(truth, registration, [150])
    assert np.hypot(*error.T).max() < 1.2


def test_points_off_the_back_are_nan(clips, load_truth):
    truth = load_truth(clips / "dev_1" / "truth.json")
    registration = register(truth.landmarks(0), 1.0, truth.size)
    back, sigma = registration.to_back(np.array([[5.0, 5.0], [635.0, 470.0], [-100.0, 1e4], [np.nan, 3.0]]))
    assert np.isnan(back).all()
    assert np.isnan(sigma).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: {k: m[k] for k in ("C7", "T7", "T12")}, "at least 4"),
        (lambda m: {k: m[k] for k in ("C7", "T3", "T7", "T12")}, "one line"),
        (lambda m: {k: (640 - x, y) for k, (x, y) in m.items()}, "left and right"),
        (lambda m: m | {"C7": (float("nan"), 3.0)}, "landmarks.C7"),
        (lambda m: m | {"navel": (1.0, 3.0)}, "navel"),
    ],
)
def test_useless_landmarks_are_refused_in_a_sentence(change, words):
    marks = {
        "C7": (320.0, 163.0),
        "T3": (320.0, 204.0),
        "T7": (321.0, 267.0),
        "T12": (320.0, 334.0),
        "left_scapula_inferior_angle": (267.0, 267.0),
        "right_scapula_inferior_angle": (374.0, 267.0),
        "right_rib_angle": (359.0, 243.0),
    }
    with pytest.raises(RegistrationError, match=words):
        register(change(marks), 1.0, (640, 480))


def test_mapping_two_thumbs_is_quick(clips, load_truth):
    import time
    import timeit

    truth = load_truth(clips / "dev_1" / "truth.json")
    registration = register(truth.landmarks(0), 1.0, truth.size)
    pixels = np.array([[300.0, 200.0], [340.0, 210.0]])
    # Of the processor, for the tests share theirs.
    took = timeit.repeat(lambda: registration.to_back(pixels), time.process_time, number=50, repeat=5)
    assert min(took) / 50 < 0.4e-3
