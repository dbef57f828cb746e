"""What practice recorded is collected by its own clock, also where its video begins later than the practice."""

import datetime as dt
import json

import numpy as np
import pytest

from scripts.backnet.data import read_samples
from trainer.capture.video import open_video
from trainer.collection.collecting import collect
from trainer.live.model import Choices
from trainer.live.record import VIDEO_NAME
from trainer.live.session import LiveSession
from trainer.perception.fetching import ensure_model
from trainer.perception.tracker import HandTracker
from trainer.protocol.library import builtin
from trainer.session.consent import give_consent
from trainer.session.reader import open_session

BLIND = 6
"""Frames before the back is marked: none of them may be recorded."""


@pytest.mark.slow
def test_each_picture_has_the_landmarks_of_its_own_moment(short_clip, sample_calibration, tmp_path):
    document = json.loads(sample_calibration.read_text(encoding="utf-8"))
    marks = {name: tuple(at) for name, at in document["landmarks"].items()}
    with open_video(short_clip) as video:
        frames = [(frame.image, frame.time_s) for frame in video][:24]
    tracker = HandTracker(ensure_model("hand_landmarker"))
    choices = Choices(builtin("tegalagung-2022"), "tegalagung-2022", keep_video=True, blur_head=True)
    live = LiveSession(tmp_path / "sessions", choices, tracker, None)
    try:
        live.frame(*frames[0])
        live.start()
        for frame in frames[1:BLIND]:
            live.frame(*frame)
        live.place_back(marks, None)
        for frame in frames[BLIND:]:
            live.frame(*frame)
        live.stop("finished")
        folder = live.finish().session.path
    finally:
        live.close()
    with open_video(folder / VIDEO_NAME) as video:
        recorded = list(video)
        assert video.start_s > 0.15  # the video begins when the head is known
    give_consent(folder, mother="A", companion="B", taken_by="C", date=dt.date(2026, 3, 1))
    done = collect([folder], tmp_path / "data", every_s=0.1)
    assert done.left_out == ()
    back = open_session(folder).landmarks
    times = back.loc[back["entity"] == "back", "time_s"].unique()
    samples = read_samples(tmp_path / "data")
    assert len(samples) >= 5
    for sample in samples:
        assert np.abs(times - sample.meta["time_s"]).min() <= 0.002
        image = sample.read().astype(float)
        low = np.s_[250:, :]  # far below the head
        off = [np.abs(image[low] - frame.image[low]).mean() for frame in recorded]
        nearest = recorded[int(np.argmin(off))]
        assert abs(nearest.time_s + video.start_s - sample.meta["time_s"]) <= 0.002
