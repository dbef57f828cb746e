"""A live session: its states, and that it says of a clip what `analyze` says."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from trainer.capture.video import open_video
from trainer.errors import PijatError
from trainer.language import Text
from trainer.live.model import Choices, LiveError, LiveState
from trainer.live.session import LiveSession
from trainer.live.spool import find_spools
from trainer.perception.fetching import ensure_model
from trainer.perception.tracker import HandTracker
from trainer.protocol.library import builtin


@pytest.fixture
def live(tmp_path):
    tracker = HandTracker(ensure_model("hand_landmarker"))
    session = LiveSession(
        tmp_path / "sessions", Choices(builtin("tegalagung-2022"), "tegalagung-2022"), tracker, None
    )
    yield session
    session.close()


@pytest.fixture(scope="module")
def marks(sample_calibration):
    return {
        name: tuple(at)
        for name, at in json.loads(sample_calibration.read_text(encoding="utf-8"))["landmarks"].items()
    }


@pytest.fixture(scope="module")
def frames(short_clip):
    with open_video(short_clip) as video:
        return [(frame.image, frame.time_s) for frame in video][:40]


def test_what_can_be_asked_when(live, frames, marks, tmp_path):
    for forbidden in (live.again, live.discard, live.resume, live.start, lambda: live.pause("person")):
        with pytest.raises(LiveError):
            forbidden()
    with pytest.raises(LiveError):
        live.place_back(marks, None)  # no picture yet
    live.frame(*frames[0])
    with pytest.raises(LiveError, match="no back"):
        live.place_back({name: (320.0, 240.0 + i) for i, name in enumerate(marks)}, None)
    live.place_back(marks, None)
    assert live.frame(*frames[1]).back.source == "manual"
    live.start()
    assert live.state is LiveState.PRACTISING
    with pytest.raises(LiveError):
        live.configure(live.choices)
    first = live.frame(*frames[2])
    assert (first.seen.index, first.seen.time_s) == (0, 0.0)
    live.frame(*frames[3])
    live.pause("hidden")
    (folder,) = find_spools(tmp_path / "sessions")
    in_pause = live.frame(*frames[10])
    assert in_pause.progress.elapsed_s == live.frame(*frames[11]).progress.elapsed_s
    live.resume()
    after = live.frame(*frames[12])
    assert after.seen.index == 2
    assert after.seen.time_s == pytest.approx(frames[12][1] - frames[2][1])
    assert after.progress.elapsed_s == pytest.approx(frames[3][1] - frames[2][1], abs=1e-6)
    live.discard()
    assert live.state is LiveState.SETUP and not folder.exists()
    # The back is still known: one press to begin again.
    assert live.frame(*frames[13]).back is not None
    assert list((tmp_path / "sessions").glob("practice-*")) == []


def test_smaller_pictures_under_way_and_other_shapes(live, frames, marks):
    import cv2

    live.frame(*frames[0])
    live.place_back(marks, None)
    before = live.frame(*frames[1])
    half = cv2.resize(frames[2][0], (320, 240), interpolation=cv2.INTER_AREA)
    live.start()
    after = live.frame(half, frames[2][1])
    assert after.size == (640, 480)
    assert np.nanmax(np.abs(after.seen.back_px - before.seen.back_px)) < 6
    with pytest.raises(LiveError) as refused:
        live.frame(np.ascontiguousarray(frames[3][0][:, :400]), frames[3][1])
    assert refused.value.code == "shape"


def test_marks_sent_for_a_smaller_picture_land_in_the_same_place(live, frames, marks):
    live.frame(*frames[0])
    live.place_back({name: (x / 2, y / 2) for name, (x, y) in marks.items()}, (320, 240))
    seen = live.frame(*frames[1]).seen
    assert np.hypot(*(seen.back_px[0] - np.array(marks["C7"]))) < 8


def test_a_practice_that_was_too_short_is_said_so(live, frames):
    live.frame(*frames[0])
    live.start()
    live.stop("finished")
    with pytest.raises(Exception, match="at least one picture"):
        live.finish()


@pytest.mark.slow
def test_live_finds_the_strokes_that_analyze_finds(live, round_clip, sample_calibration, tmp_path, marks):
    """Same kinds and hands in the same order; onsets within 0.3 s, cycles within 0.5."""
    from trainer.analysis.recorded import Settings, analyze
    from trainer.back.calibration import load_calibration

    offline = analyze(
        round_clip, tmp_path / "offline", Settings(calibration=load_calibration(sample_calibration))
    )
    began, counted = None, None
    with open_video(round_clip) as video:
        for frame in video:
            result = live.frame(frame.image, frame.time_s)
            if frame.index == 1:
                live.place_back(marks, None)
                live.start()
            elif frame.index == 2:
                began = frame.time_s
            counted = result.progress
    live.stop("finished")
    online = live.finish().session

    def strokes(session):
        table = session.events[session.events["duration"] > 0.5].sort_values(["hand", "onset"])
        return table[["hand", "trial_type", "onset", "cycles"]].reset_index(drop=True)

    theirs, ours = strokes(offline), strokes(online)
    assert list(ours["trial_type"]) == list(theirs["trial_type"])
    assert list(ours["hand"]) == list(theirs["hand"])
    assert np.abs(ours["onset"] + began - theirs["onset"]).max() < 0.3
    assert np.nanmax(np.abs(ours["cycles"] - theirs["cycles"])) < 0.5
    # What was counted on the way is what is in the record, within a circle a stroke.
    for side in ("left", "right"):
        rows = online.events[
            (online.events["side"] == side) & (online.events["trial_type"] == "circular_pressure")
        ]
        assert abs(counted.counts[side].circles - rows["cycles"].sum()) <= len(rows) + 1
    verdicts = [{item.id: item.verdict for item in one.score.items} for one in (offline, online)]
    assert verdicts[0] == verdicts[1]


def test_the_record_names_the_models_that_looked(live, frames, tmp_path, monkeypatch):
    in_use = hashlib.sha256(ensure_model("hand_landmarker")).hexdigest()
    live.frame(*frames[0])
    live.start()
    live.frame(*frames[1])
    monkeypatch.setenv("PIJAT_CACHE_DIR", str(tmp_path / "emptied"))
    monkeypatch.delenv("PIJAT_HAND_LANDMARKER", raising=False)
    live.stop("finished")
    models = live.finish().session.meta.models
    assert models["hand_landmarker.task"] == in_use
    assert set(models) == {"hand_landmarker.task", "back_landmarks.onnx", "contact.onnx", "strokes.onnx"}


@pytest.mark.parametrize("mode", ["coach", "assess"])
def test_the_coach_speaks_unless_it_is_an_assessment(live, frames, marks, mode, monkeypatch):
    from trainer.language import Text
    from trainer.protocol.coaching import Coach, Cue

    said = Cue("slower", "correct", Text("Pelan.", "Slower."))
    monkeypatch.setattr(Coach, "advise", lambda *told: said)
    live.configure(replace(live.choices, mode=mode))
    live.frame(*frames[0])
    live.place_back(marks, None)
    live.start()
    assert live.frame(*frames[1]).cue is (said if mode == "coach" else None)
    live.discard()


def test_a_stop_for_pain_stops_although_the_disk_is_full(live, frames, monkeypatch):
    from trainer.live.spool import SessionSpool

    live.frame(*frames[0])
    live.start()
    live.frame(*frames[1])

    def full(*note, **details):
        raise PijatError(Text("Disk penuh.", "The disk is full."))

    with monkeypatch.context() as broken:
        broken.setattr(SessionSpool, "note", full)
        with pytest.raises(PijatError, match="full"):
            live.stop("pain")
    assert live.state is LiveState.FINISHED and live.stopped == "pain"
