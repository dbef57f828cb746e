"""Collecting pictures of own sessions: only with consent, never a recognisable head, and out again on request."""

import datetime as dt
import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from scripts.backnet.data import read_samples
from trainer.analysis.recorded import Settings, analyze
from trainer.back.calibration import load_calibration
from trainer.back.frame import BACK_LANDMARKS
from trainer.capture.video import open_video
from trainer.collection.collecting import collect, withdraw
from trainer.collection.labels import hidden_boxes
from trainer.commands import collect as collect_command
from trainer.errors import PijatError, UsageError
from trainer.session.consent import give_consent, read_consent
from trainer.session.reader import open_session

pytestmark = pytest.mark.slow

DAY = dt.date(2026, 3, 1)
NAMES = {"mother": "Bu Sari Wulandari", "companion": "Pak Budi", "taken_by": "Bidan Ani"}


def agree(folder: Path) -> Path:
    """Let the people of a session agree."""
    give_consent(folder, **NAMES, date=DAY)
    return folder


def pictures_of(dataset: Path) -> list[Path]:
    """The pictures of a data set."""
    return sorted(dataset.glob("*.jpg"))


@pytest.fixture(scope="module")
def analysed(short_clip, sample_calibration, tmp_path_factory) -> Path:
    """Three rendered seconds, analysed, the video kept in the folder."""
    folder = tmp_path_factory.mktemp("own") / "first"
    analyze(short_clip, folder, Settings(calibration=load_calibration(sample_calibration)))
    shutil.copy(short_clip, folder / short_clip.name)
    return folder


@pytest.fixture
def session(analysed, tmp_path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(analysed, tmp_path / "sessions" / "first"))


def test_nothing_is_collected_without_consent(session, tmp_path):
    done = collect([session], tmp_path / "data")
    assert done.pictures == ()
    assert [one.session for one in done.left_out] == [session]
    assert "no consent" in done.left_out[0].why.en and "persetujuan" in done.left_out[0].why.id
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["dataset.json"]


def test_nothing_is_collected_without_a_kept_video(session, tmp_path):
    agree(session)
    next(session.glob("*.mp4")).unlink()
    done = collect([session], tmp_path / "data")
    assert done.pictures == () and pictures_of(tmp_path / "data") == []
    assert "not kept" in done.left_out[0].why.en and not done.left_out[0].damaged


def test_another_video_under_the_same_name_is_not_collected(session, sample, tmp_path):
    """Its head is somewhere else."""
    agree(session)
    shutil.copy(sample, next(session.glob("*.mp4")))
    done = collect([session], tmp_path / "data")
    assert done.pictures == () and "not the one that was analysed" in done.left_out[0].why.en


def test_one_picture_for_as_many_seconds_and_the_same_bytes_again(session, tmp_path):
    agree(session)
    done = collect([session.parent], tmp_path / "data", every_s=1.0)
    assert done.pictures == ((session, 3),) and done.left_out == ()
    first = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    assert len(first) == 5
    collect([session], tmp_path / "data", every_s=1.0)
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == first
    collect([session], tmp_path / "data", every_s=3.0)
    assert len(pictures_of(tmp_path / "data")) == 1
    consent = read_consent(session)
    assert consent is not None and consent.collected == (tmp_path / "data",)


def test_labels_are_the_format_of_back_landmarks_and_name_nobody(session, tmp_path):
    agree(session)
    collect([session], tmp_path / "data", every_s=1.0)
    samples = read_samples(tmp_path / "data")
    opened = open_session(session)
    consent = read_consent(session)
    assert consent is not None
    back = opened.landmarks[opened.landmarks["entity"] == "back"]
    for sample in samples:
        assert sample.is_back and sample.read().shape == (480, 640, 3)
        assert 0.5 < sample.facing <= 1.0
        rows = back[np.isclose(back["time_s"], sample.meta["time_s"], atol=0.001)].set_index("keypoint")
        expected = rows.reindex(list(BACK_LANDMARKS))[["x", "y"]].to_numpy(dtype=float)
        assert np.allclose(sample.points, expected, atol=0.01, equal_nan=True)
        unknown = np.isnan(expected).any(axis=1)
        assert unknown.sum() <= 2 and sample.occluded[unknown].all()
        assert sample.meta["source"] == "manual" and 0.0 < sample.meta["sigma_cm"] < 3.0
        hands = sample.meta["hand_px"]
        assert len(hands) == sample.meta["hands"] and all(len(points) == 21 for points in hands.values())
        assert sample.meta["consent"] == consent.id and sample.path.name.startswith(consent.id)
    assert any(sample.meta["hands"] == 2 for sample in samples)
    told = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    for name in (*NAMES.values(), "first", "Sari", str(session)):
        assert name.encode() not in told


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation of what is fine in two pictures: 1 when it is the same."""
    fine = []
    for image in (one, other):
        grey = image.mean(axis=2).astype(np.float32)
        rest = grey - cv2.GaussianBlur(grey, (0, 0), 4.0)
        fine.append(rest - rest.mean())
    return float((fine[0] * fine[1]).sum() / np.sqrt((fine[0] ** 2).sum() * (fine[1] ** 2).sum()))


def test_the_head_is_unrecognisable_and_the_back_is_not(session, short_clip, tmp_path):
    agree(session)
    collect([session], tmp_path / "data", every_s=1.0)
    with open_video(short_clip) as video:
        shown = {round(frame.time_s, 3): frame.image for frame in video}
    for sample in read_samples(tmp_path / "data"):
        image, original = sample.read(), shown[sample.meta["time_s"]]
        _, head = hidden_boxes(sample.points, (640, 480))
        x0, y0, x1, y1 = (round(value) for value in head)
        inner = np.s_[max(y0, 0) + 8 : y1 - 8, x0 + 8 : x1 - 8]
        # The hair is the only black thing there.
        assert (original[inner].max(axis=2) < 45).sum() > 2000
        assert likeness(image[inner], original[inner]) < 0.25
        neck, waist = sample.points[0], sample.points[3]
        below = np.s_[round(y1) + 8 : round(waist[1]), round(neck[0]) - 80 : round(neck[0]) + 80]
        assert likeness(image[below], original[below]) > 0.9


def test_a_companion_beside_the_mother_is_unrecognisable_too(clips, tmp_path):
    """In this clip the face of who massages is in the picture, beside the mother's head."""
    truth = json.loads((clips / "dev_3" / "truth.json").read_text())
    with open_video(clips / "dev_3" / "clip.mp4") as video:
        image = next(iter(video)).image
    named = dict(zip(truth["back_landmark_names"], truth["frames"][0]["back"], strict=True))
    points = np.array([named[name] for name in BACK_LANDMARKS], float)
    boxes = hidden_boxes(points, (image.shape[1], image.shape[0]))
    face = (355, 15, 470, 100)
    rows, _ = np.nonzero(image[face[1] : face[3], face[0] : face[2]].max(axis=2) < 40)
    assert len(rows) > 1000  # the hair about it
    assert any(
        x0 <= face[0] and y0 <= face[1] and x1 >= face[2] and y1 >= face[3] for x0, y0, x1, y1 in boxes
    )


def test_where_the_head_is_not_known_nothing_is_collected(session, tmp_path):
    from trainer.session.parquet import write_parquet

    agree(session)
    opened = open_session(session)
    without = opened.landmarks[opened.landmarks["keypoint"] != "C7"]
    write_parquet(session / "landmarks.parquet", without, {})
    done = collect([session], tmp_path / "data")
    assert done.pictures == () and pictures_of(tmp_path / "data") == []
    assert "head" in done.left_out[0].why.en and "kepala" in done.left_out[0].why.id
    consent = read_consent(session)
    assert consent is not None and consent.collected == ()


def test_taking_the_consent_back_deletes_the_pictures_and_says_where(session, analysed, tmp_path):
    other = agree(Path(shutil.copytree(analysed, tmp_path / "sessions" / "second")))
    agree(session)
    for name in ("one", "two"):
        collect([session.parent], tmp_path / name, every_s=1.0)
        assert len(pictures_of(tmp_path / name)) == 6
    (tmp_path / "two").rename(tmp_path / "elsewhere")
    done = withdraw(session, taken_by="Bidan Ani", date=DAY)
    assert done.removed == ((tmp_path / "one", 3),)
    ((place, why),) = done.left
    assert place == tmp_path / "two" and done.consent.id in why.en and done.consent.id in why.id
    kept = read_consent(other)
    assert kept is not None
    assert {path.name[:32] for path in pictures_of(tmp_path / "one")} == {kept.id}
    assert [path.name for path in (tmp_path / "one").glob("labels*")] == [f"labels_{kept.id}.jsonl"]
    # The next collection leaves it out, also where the first could not be found.
    after = collect([session.parent], tmp_path / "elsewhere", every_s=1.0)
    assert after.pictures == ((other, 3),)
    assert "taken back on 2026-03-01" in after.left_out[0].why.en and after.left_out[0].removed == 3
    assert {path.name[:32] for path in pictures_of(tmp_path / "elsewhere")} == {kept.id}
    # Put back where it was known to be, they are found when it is asked again.
    (tmp_path / "elsewhere").rename(tmp_path / "two")
    again = withdraw(session, taken_by="Bidan Ani", date=DAY)
    assert again.left == () and again.consent.collected == () and len(again.consent.words) == 2


def test_a_copy_that_knows_nothing_of_it_is_left_out_too(session, tmp_path):
    agree(session)
    copy = Path(shutil.copytree(session, session.parent / "a-copy"))
    withdraw(session, taken_by="Bidan Ani", date=DAY)
    done = collect([session.parent], tmp_path / "data")
    assert done.pictures == () and {one.session for one in done.left_out} == {copy, session}
    assert all("taken back on 2026-03-01" in one.why.en for one in done.left_out)
    assert pictures_of(tmp_path / "data") == []


def test_who_agreed_never_has_nothing_to_take_back(session):
    with pytest.raises(PijatError, match="nothing to take back") as refused:
        withdraw(session, taken_by="Bidan Ani", date=DAY)
    assert refused.value.kind == "missing"


def test_a_damaged_consent_is_one_sentence_and_no_consent(session, tmp_path, capsys):
    (session / "consent.json").write_text(
        '{"schema_version": 1, "id": "../../x", "words": []}', encoding="utf-8"
    )
    done = collect([session], tmp_path / "data")
    (left,) = done.left_out
    assert done.pictures == () and left.damaged
    assert "consent.json" in left.why.en and "id" in left.why.en and left.why.en.count("\n") == 0
    import argparse

    parser = argparse.ArgumentParser()
    collect_command.configure(parser)
    assert collect_command.run(parser.parse_args([str(session), "--out", str(tmp_path / "data")])) == 1
    assert capsys.readouterr().out.count("\n") == 2


def test_nothing_of_others_is_written_over_or_deleted(session, tmp_path):
    agree(session)
    holiday = tmp_path / "holiday"
    holiday.mkdir()
    (holiday / "beach.jpg").write_bytes(b"x")
    with pytest.raises(UsageError, match="something else"):
        collect([session], holiday)
    assert [path.name for path in holiday.iterdir()] == ["beach.jpg"]
    (holiday / "dataset.json").write_text('{"schema_version": 1, "kind": "photographs"}', encoding="utf-8")
    with pytest.raises(PijatError, match=r"kind of dataset\.json"):
        collect([session], holiday)
    with pytest.raises(UsageError, match="session folders"):
        collect([holiday], tmp_path / "data")
    with pytest.raises(UsageError, match="--every"):
        collect([session], tmp_path / "data", every_s=float("nan"))


def test_analysing_the_same_video_again_keeps_the_consent(session, short_clip, sample_calibration):
    agree(session)
    before = read_consent(session)
    settings = Settings(calibration=load_calibration(sample_calibration), overwrite=True)
    analyze(short_clip, session, settings)
    assert read_consent(session) == before


def test_analysing_another_video_drops_it(session, short_clip, sample_calibration):
    agree(session)
    document = json.loads((session / "session.json").read_text(encoding="utf-8"))
    document["video"]["sha256"] = "0" * 64
    (session / "session.json").write_text(json.dumps(document), encoding="utf-8")
    settings = Settings(calibration=load_calibration(sample_calibration), overwrite=True)
    analyze(short_clip, session, settings)
    assert read_consent(session) is None
