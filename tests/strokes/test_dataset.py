import json
import shutil

import pandas as pd
import pytest

from trainer.errors import PijatError
from trainer.strokes.event import StrokeType
from trainer.strokes.training.dataset import read_dataset


@pytest.fixture
def sample(repository, tmp_path):
    return shutil.copytree(repository / "datasets" / "strokes" / "sample", tmp_path / "sample")


def test_the_sample_is_read(sample):
    recordings = read_dataset(sample)
    assert [r.name for r in recordings] == ["rendered_dev_4", "rendered_dev_5"]
    first = recordings[0]
    assert set(first.tracks) == {"left", "right"}
    circle = first.events["left"][0]
    assert (circle.trial_type, circle.direction, circle.cycles) == (StrokeType.CIRCULAR_PRESSURE, "cw", 5.2)


def test_the_sense_of_a_circle_is_taken_from_the_track_when_nobody_noted_it(sample):
    path = sample / "events" / "rendered_dev_4.tsv"
    table = pd.read_csv(path, sep="\t", keep_default_na=False)
    table.drop(columns=["direction", "cycles"]).to_csv(path, sep="\t", index=False)
    before = pd.read_csv(path.with_name("rendered_dev_4.tsv"), sep="\t")
    assert "direction" not in before
    events = read_dataset(sample)[0].events
    circles = [e.direction for e in events["left"] if e.trial_type == StrokeType.CIRCULAR_PRESSURE]
    wanted = table[(table.hand == "left") & (table.trial_type == "circular_pressure")]["direction"]
    assert circles == wanted.tolist()


def test_a_folder_of_sessions_with_human_timelines(sample, tmp_path):
    folder = tmp_path / "sessions"
    for entry in json.loads((sample / "dataset.json").read_text())["recordings"]:
        session = folder / entry["id"]
        session.mkdir(parents=True)
        pd.read_csv(sample / entry["track"], na_values=["n/a"]).to_parquet(session / "thumbs.parquet")
        shutil.copy(sample / entry["events"], session / "events_human_siti.tsv")
    (folder / "unlabelled").mkdir()
    assert [r.group for r in read_dataset(folder)] == ["rendered_dev_4", "rendered_dev_5"]


@pytest.mark.parametrize(
    "spoil, sentence",
    [
        (lambda d: (d / "dataset.json").unlink(), "found neither"),
        (lambda d: (d / "dataset.json").write_text("{}"), "Expected recordings"),
        (lambda d: (d / "events" / "rendered_dev_4.tsv").unlink(), "Expected labels"),
        (lambda d: (d / "tracks" / "rendered_dev_4.csv").unlink(), "found no file"),
        (
            lambda d: (d / "events" / "rendered_dev_4.tsv").write_text(
                "onset\tduration\ttrial_type\thand\n0\t1\tslap\tleft\n"
            ),
            "strokes of the catalogue",
        ),
        (
            lambda d: (d / "events" / "rendered_dev_4.tsv").write_text(
                "onset\tduration\ttrial_type\thand\n0\t0\tother\tleft\n"
            ),
            "duration above 0",
        ),
    ],
)
def test_a_spoilt_data_set_gets_one_sentence(sample, spoil, sentence):
    spoil(sample)
    with pytest.raises(PijatError, match=sentence):
        read_dataset(sample)
