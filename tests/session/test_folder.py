"""The session folder: whole or not there, the same bytes for the same content, and readable again."""

import errno
import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts.common.drawn_score import mixed_score
from scripts.common.drawn_sessions import META
from trainer.back.track import ThumbTrack
from trainer.errors import PijatError, UsageError
from trainer.session import folder as folder_module
from trainer.session.folder import check_output, write_session
from trainer.session.meta_file import meta_of
from trainer.session.model import (
    EVENTS_COLUMNS,
    LANDMARKS_COLUMNS,
    REVOLUTIONS_COLUMNS,
    THUMBS_COLUMNS,
    Session,
)
from trainer.session.reader import open_session
from trainer.session.score_file import score_as_written, score_of
from trainer.session.table_files import read_events
from trainer.session.tables import (
    events_frame,
    events_from_frame,
    thumbs_frame,
    tracks_from_frame,
)
from trainer.strokes.event import StrokeEvent, StrokeType

EVENTS = (
    StrokeEvent(
        1.03349, 4.0, StrokeType.CIRCULAR_PRESSURE, "left", "left", "paraspinal", -3.21049, 8.5, 4.25,
        1.0625, 1.2, "cw", None, None, 0.98765, 0.5, "predicted", (1.0335, 1.9747, 2.9159, 3.8571),
    ),
    StrokeEvent(6.0, 2.5, StrokeType.DOWNWARD_PASS, "right", "right", None, 3.0, 9.0, direction="caudal",
                length_cm=11.5, speed_cm_s=4.6),
    StrokeEvent(9.0, 1.0, StrokeType.STATIC_HOLD, "right"),
)  # fmt: skip


def track(hand, count=5):
    rng = np.random.default_rng(3 if hand == "left" else 4)
    values = {
        name: rng.normal(size=count)
        for name in (
            "lateral_cm_raw",
            "caudal_cm_raw",
            "lateral_cm",
            "caudal_cm",
            "sigma_cm",
            "image_x",
            "image_y",
        )
    }
    values["lateral_cm_raw"][1] = np.nan
    values["sigma_cm"] = abs(values["sigma_cm"])
    status = np.array(["detected", "interpolated", "tracked", "missing", "detected"])[:count]
    return ThumbTrack(
        hand=hand, time_s=np.cumsum([0, 0.04, 0.03, 0.1, 0.02])[:count], status=status, **values
    )


def session(path, events=EVENTS):
    tracks = {"left": track("left"), "right": track("right")}
    landmarks = pd.DataFrame(
        {
            "frame": [0, 0],
            "time_s": [0.0, 0.0],
            "entity": pd.Categorical(["hand_left", "back"]),
            "keypoint": ["thumb_tip", "C7"],
            "x": np.array([1.5, 2.5], np.float32),
            "y": np.array([3.5, 4.5], np.float32),
            "score": np.array([0.9, 1.0], np.float32),
        }
    )[list(LANDMARKS_COLUMNS)]
    return Session(
        path=path,
        meta=replace(meta_of(META), parameters={"a": 1}),
        landmarks=landmarks,
        thumbs=thumbs_frame(tracks, np.arange(5)),
        events=events_frame(events),
        score=score_as_written(score_of(mixed_score())),
    )


def write(path, **kwargs):
    write_session(session(path), EVENTS, "<!doctype html><title>Pijat</title>", **kwargs)
    return path


def test_what_is_written_is_read_again(tmp_path):
    path = write(tmp_path / "deep" / "one")
    again = open_session(path)
    made = session(path)
    assert again.meta == made.meta and again.score == made.score
    pd.testing.assert_frame_equal(again.thumbs, made.thumbs, check_dtype=False)
    assert tuple(again.thumbs.columns) == THUMBS_COLUMNS
    assert list(again.landmarks["keypoint"]) == ["thumb_tip", "C7"]
    tracks = tracks_from_frame(again.thumbs)
    np.testing.assert_array_equal(tracks["left"].lateral_cm_raw, track("left").lateral_cm_raw)
    assert list(tracks["right"].status) == list(track("right").status)
    revolutions = pd.read_csv(path / "revolutions.tsv", sep="\t")
    assert tuple(revolutions.columns) == REVOLUTIONS_COLUMNS
    events = events_from_frame(again.events, revolutions)
    assert [event.trial_type for event in events] == [event.trial_type for event in EVENTS]
    assert events[0].revolution_onsets_s == EVENTS[0].revolution_onsets_s
    assert events[2].side is None and events[2].cycles is None
    assert events[0].lateral_cm == pytest.approx(-3.210)


def test_events_table_is_bids(tmp_path):
    path = write(tmp_path / "one")
    lines = (path / "events.tsv").read_bytes().decode("utf-8").split("\n")
    assert lines[0].split("\t") == list(EVENTS_COLUMNS) and lines[-1] == "" and "\r" not in lines[0]
    first, last = (dict(zip(EVENTS_COLUMNS, line.split("\t"), strict=True)) for line in (lines[1], lines[3]))
    assert float(first["onset"]) == pytest.approx(1.0335) and float(first["rate_hz"]) == pytest.approx(1.0625)
    for name in ("side", "region", "lateral_cm", "cycles", "radius_cm", "direction", "speed_cm_s"):
        assert last[name] == "n/a"
    sidecar = json.loads((path / "events.json").read_text())
    assert set(EVENTS_COLUMNS) <= set(sidecar)
    for name in ("onset", "duration"):
        assert sidecar[name]["Units"] == "s"
    assert set(sidecar["trial_type"]["Levels"]) == {kind.value for kind in StrokeType}
    assert all(entry.get("Description") for entry in sidecar.values())


def test_tables_carry_their_provenance(tmp_path):
    import pyarrow.parquet as pq

    path = write(tmp_path / "one")
    written = json.loads((path / "session.json").read_text(encoding="utf-8"))
    names = ("software_version", "models", "protocol", "parameters")
    for name in ("thumbs", "landmarks"):
        metadata = pq.read_schema(path / f"{name}.parquet").metadata
        assert json.loads(metadata[b"pijat"]) == {name: written[name] for name in names}


def test_same_content_same_bytes(tmp_path):
    one, two = write(tmp_path / "one"), write(tmp_path / "two")
    for file in one.iterdir():
        assert file.read_bytes() == (two / file.name).read_bytes(), file.name


def test_nothing_recognised_makes_a_table_all_the_same(tmp_path):
    write_session(session(tmp_path / "none", ()), (), "")
    table = read_events(tmp_path / "none" / "events.tsv")
    assert tuple(table.columns) == EVENTS_COLUMNS and len(table) == 0


def test_files_of_others_are_never_replaced(tmp_path):
    keep = tmp_path / "out" / "thesis.txt"
    keep.parent.mkdir()
    keep.write_text("years of work")
    for overwrite in (False, True):
        with pytest.raises(UsageError, match="--out"):
            write(keep.parent, overwrite=overwrite)
    assert [path.name for path in keep.parent.iterdir()] == ["thesis.txt"]
    with pytest.raises(UsageError, match="got a file"):
        check_output(keep)


def test_older_session_is_replaced_only_when_asked(tmp_path):
    path = write(tmp_path / "out")
    with pytest.raises(UsageError, match="--overwrite"):
        write(path)
    (path / "report.html").write_text("old")
    write(path, overwrite=True)
    assert "doctype" in (path / "report.html").read_text()
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    assert (write(tmp_path / "out") / "session.json").is_file()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("file", ["events.json", "revolutions.tsv", "thumbs.parquet", "report.html"])
@pytest.mark.parametrize("older", [False, True])
def test_full_disk_leaves_what_was_there(tmp_path, monkeypatch, error, file, older):
    """The kernel's own error from /dev/full where it is full; an input/output error otherwise."""
    path = tmp_path / "out"
    if older:
        write(path)
        (path / "report.html").write_text("old")
    original = folder_module._fill

    def fill(temporary, *rest):
        if error == errno.ENOSPC and Path("/dev/full").is_char_device():
            (temporary / file).symlink_to("/dev/full")
            original(temporary, *rest)
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(folder_module, "_fill", fill)
    with pytest.raises(PijatError) as caught:
        write(path, overwrite=True)
    assert ("disk is full" in str(caught.value)) == (error == errno.ENOSPC)
    assert "\n" not in str(caught.value)
    assert [entry.name for entry in tmp_path.iterdir()] == (["out"] if older else [])
    if older:
        assert (path / "report.html").read_text() == "old"


@pytest.fixture
def unwritable():
    """A folder that may be read and not written; root, who may write anywhere, is somebody else meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="pijat-"))
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    folder.rmdir()


@pytest.mark.skipif(os.name == "nt", reason="a folder's mode keeps nobody from writing there")
def test_unwritable_place_is_refused_early(unwritable):
    with pytest.raises(UsageError, match="choose another --out"):
        check_output(unwritable / "out")
    assert list(unwritable.iterdir()) == []


def test_place_below_a_file_is_refused_early(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="--out"):
        check_output(tmp_path / "file" / "out")


def _truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_a_session_from_before_circles_travelled_is_read(tmp_path):
    path = write(tmp_path / "one")
    _drop_column(path / "events.tsv", "travel_cm")
    again = open_session(path)
    assert again.events["travel_cm"].isna().all()
    assert len(again.events) == len(session(path).events)


def _drop_column(path, name="observed"):
    lines = [line.split("\t") for line in path.read_text().splitlines()]
    at = lines[0].index(name)
    path.write_text("\n".join("\t".join(line[:at] + line[at + 1 :]) for line in lines) + "\n")


@pytest.mark.parametrize(
    ("file", "damage", "says"),
    [
        ("session.json", Path.unlink, "session.json"),
        ("session.json", _truncate, "JSON"),
        ("session.json", lambda p: p.write_text("[]"), "object"),
        ("session.json", lambda p: p.write_text('{"schema_version": 99}'), "newer"),
        ("session.json", lambda p: p.write_bytes(b"\xff\xfe\x00"), "JSON"),
        ("thumbs.parquet", Path.unlink, "thumbs.parquet"),
        ("thumbs.parquet", _truncate, "Parquet"),
        ("landmarks.parquet", lambda p: p.write_text("text"), "Parquet"),
        ("events.tsv", Path.unlink, "events.tsv"),
        ("events.tsv", _drop_column, "observed"),
        ("events.tsv", lambda p: p.write_bytes(b""), "events.tsv"),
        ("events.tsv", lambda p: p.write_bytes(b"\xff\xfe\x00\x01"), "events.tsv"),
        ("events.tsv", lambda p: p.write_text(p.read_text().replace("1.0335", "soon")), "events.tsv"),
        ("score.json", _truncate, "JSON"),
    ],
)
def test_damaged_folder_gets_one_sentence_naming_the_file(tmp_path, file, damage, says):
    path = write(tmp_path / "out")
    damage(path / file)
    with pytest.raises(PijatError) as caught:
        open_session(path)
    assert says in str(caught.value) and path.name in str(caught.value)


def test_no_session(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(PijatError, match="Expected"):
            open_session(path)
