import io
import json
from contextlib import redirect_stderr, redirect_stdout

import numpy as np
import pytest

from trainer.cli import main
from trainer.strokes.features import FEATURES
from trainer.strokes.network import load_network


def pijat(*words):
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["train", *map(str, words)])
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def sample(repository):
    return repository / "datasets" / "strokes" / "sample"


@pytest.mark.train
def test_teaches_a_model_and_says_whether_it_helped(sample, tmp_path):
    model = tmp_path / "model.onnx"
    status, out, err = pijat("strokes", sample, "--out", model, "--steps", 3)
    assert status == 0, err
    assert "before" in out and "after" in out and "on people left out, 2 times" in out
    found = load_network(model).probabilities(np.zeros((len(FEATURES), 200), np.float32))
    assert found.sum(1) == pytest.approx(np.ones(200), abs=1e-4)
    again = tmp_path / "again.onnx"
    pijat("strokes", sample, "--out", again, "--steps", 3, "--folds", 1)
    assert again.read_bytes() == model.read_bytes()


@pytest.mark.train
def test_a_few_steps_stay_near_the_shipped_model(sample, tmp_path):
    model = tmp_path / "model.onnx"
    status, out, _ = pijat("strokes", sample, "--out", model, "--steps", 3, "--folds", 1, "--json")
    assert status == 0
    figures = json.loads(out)
    assert figures["on_people_left_out"] is False
    assert figures["after"]["F1@50"] >= figures["before"]["F1@50"] - 0.1


@pytest.mark.train
def test_no_data_set(tmp_path):
    status, _, err = pijat("strokes", tmp_path, "--out", tmp_path / "m.onnx")
    assert status == 1
    assert "found neither" in err


def test_without_the_extra_it_says_what_to_install(sample, tmp_path, monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else found(name))
    status, _, err = pijat("strokes", sample, "--out", tmp_path / "m.onnx")
    assert status == 1
    assert "pijat-trainer[train]" in err
