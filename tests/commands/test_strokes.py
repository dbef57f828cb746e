import io
import json
from contextlib import redirect_stderr, redirect_stdout

import numpy as np
import pandas as pd
import pytest

from trainer.cli import main
from trainer.session.model import EVENTS_COLUMNS


def pijat(*words):
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["strokes", *map(str, words)])
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def track(tmp_path):
    time = np.arange(0, 8, 0.04)
    angle = 2 * np.pi * 0.9 * time
    path = tmp_path / "track.csv"
    pd.DataFrame({"time_s": time, "lateral_cm": 4 + np.cos(angle), "caudal_cm": 8 + np.sin(angle)}).to_csv(
        path, index=False
    )
    return path


def test_prints_the_events_table(track):
    status, out, _ = pijat(track)
    assert status == 0
    table = pd.read_csv(io.StringIO(out), sep="\t", na_values="n/a", keep_default_na=False)
    assert tuple(table.columns) == EVENTS_COLUMNS
    (circle,) = table[table.trial_type == "circular_pressure"].to_dict("records")
    assert circle["direction"] == "cw"
    assert circle["rate_hz"] == pytest.approx(0.9, abs=0.02)
    assert circle["radius_cm"] == pytest.approx(1.0, abs=0.05)


def test_json(track):
    status, out, _ = pijat(track, "--json")
    assert status == 0
    (event,) = json.loads(out)
    assert event["length_cm"] is None
    assert len(event["revolution_onsets_s"]) == int(event["cycles"])


def test_a_bad_file_is_one_sentence_and_status_one(tmp_path):
    path = tmp_path / "track.csv"
    path.write_text("time_s,lateral_cm,caudal_cm\n0,1,2\n")
    status, out, err = pijat(path)
    assert (status, out) == (1, "")
    assert err.startswith("pijat: Expected") and err.count("\n") == 1


def test_a_model_that_is_none(track, tmp_path):
    model = tmp_path / "model.onnx"
    model.write_bytes(b"not a model")
    status, _, err = pijat(track, "--model", model)
    assert status == 1
    assert "model.onnx" in err
