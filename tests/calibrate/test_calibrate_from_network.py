"""`pijat calibrate` as a person meets it: the shipped network has looked at the video first."""

import json
from dataclasses import replace

import numpy as np
import pytest
from starlette.testclient import TestClient

from trainer.back.calibration import load_calibration
from trainer.calibrate.server import create_app
from trainer.commands.calibrate import _task
from trainer.perception.back_landmarks import LANDMARKS

pytestmark = pytest.mark.slow  # the network looks at three seconds of video
HOST = "127.0.0.1:8751"
HEADERS = {"host": HOST, "origin": f"http://{HOST}"}


@pytest.fixture(scope="module")
def found(short_clip, tmp_path_factory):
    return _task(short_clip, tmp_path_factory.mktemp("found") / "c.json", None)


@pytest.fixture
def task(found, tmp_path):
    return replace(found, out=tmp_path / "c.json")


@pytest.fixture(scope="module")
def truth(sample):
    document = json.loads(sample.with_suffix(".truth.json").read_text())
    return dict(zip(document["back_landmark_names"], document["frames"][0]["back"], strict=True))


def _save(task, marks, automatic):
    client = TestClient(create_app(task, (HOST,), lambda: None), base_url=f"http://{HOST}")
    body = {"frame": task.chosen, "landmarks": marks, "automatic": automatic}
    assert client.post("/api/save", json=body, headers=HEADERS).status_code == 200
    return load_calibration(task.out)


def test_the_page_opens_on_a_frame_whose_back_was_found(found):
    client = TestClient(create_app(found, (HOST,), lambda: None), base_url=f"http://{HOST}")
    state = client.get("/api/state", headers=HEADERS).json()
    assert state["guesses"][str(found.chosen)].keys() <= set(LANDMARKS)
    assert len(state["guesses"][str(found.chosen)]) >= 10


def test_the_guesses_lie_near_the_truth(found, truth):
    pixels_a_cm = np.hypot(*np.subtract(truth["C7"], truth["T7"])) / 17.5
    errors = [
        np.hypot(*np.subtract(place, truth[name])) / pixels_a_cm
        for marks in found.guesses.values()
        for name, place in marks.items()
    ]
    assert np.median(errors) < 2.5  # single frames; `analyze` joins several
    assert max(errors) < 5.0


def test_saving_untouched_is_automatic(task):
    marks = {name: list(place) for name, place in task.guesses[task.chosen].items()}
    calibration = _save(task, marks, list(marks))
    assert calibration.source == "automatic"
    assert set(calibration.automatic_landmarks) == set(marks)


def test_moving_one_landmark_is_a_correction_of_that_one(task, truth):
    marks = {name: list(place) for name, place in task.guesses[task.chosen].items()}
    marks["T7"] = [float(c) for c in truth["T7"]]
    calibration = _save(task, marks, [name for name in marks if name != "T7"])
    assert calibration.source == "corrected"
    assert set(calibration.automatic_landmarks) == marks.keys() - {"T7"}
    assert calibration.landmarks["T7"] == pytest.approx(truth["T7"], abs=0.06)
