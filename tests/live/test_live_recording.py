"""What a practice's video shows: the head is not to be recognised where that was asked for, and all else is."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from trainer.capture.video import open_video
from trainer.live.model import Choices
from trainer.live.record import VIDEO_NAME
from trainer.live.recording import head_box
from trainer.live.session import LiveSession
from trainer.perception.fetching import ensure_model
from trainer.perception.tracker import HandTracker
from trainer.protocol.library import builtin

FRAMES = 14


def likeness(one, other, box):
    """Correlation of what is finer than a fifteenth of the head in a region of two pictures: 1 when it is the same."""
    x0, y0, x1, y1 = (round(value) for value in box)
    fine = []
    for image in (one, other):
        part = np.ascontiguousarray(image)[max(y0, 0) : y1, max(x0, 0) : x1].mean(axis=2).astype(np.float32)
        rest = part - cv2.GaussianBlur(part, (0, 0), 4.0)
        fine.append(rest - rest.mean())
    return float((fine[0] * fine[1]).sum() / np.sqrt((fine[0] ** 2).sum() * (fine[1] ** 2).sum()))


@pytest.fixture(scope="module")
def marks(sample_calibration):
    document = json.loads(sample_calibration.read_text(encoding="utf-8"))
    return {name: tuple(at) for name, at in document["landmarks"].items()}


@pytest.fixture(scope="module")
def frames(short_clip):
    with open_video(short_clip) as video:
        return [(frame.image, frame.time_s) for frame in video][: FRAMES + 2]


@pytest.fixture(scope="module", params=[True, False], ids=["blurred", "as it is"])
def recorded(request, frames, marks, tmp_path_factory):
    """A short practice with video, its head boxes, and what was recorded."""
    tracker = HandTracker(ensure_model("hand_landmarker"))
    choices = Choices(builtin("tegalagung-2022"), "tegalagung-2022", keep_video=True, blur_head=request.param)
    live = LiveSession(tmp_path_factory.mktemp("sessions"), choices, tracker, None)
    try:
        live.frame(*frames[0])
        live.place_back(marks, None)
        live.frame(*frames[1])
        live.start()
        boxes = [head_box(live.frame(*frame).seen) for frame in frames[2:]]
        live.stop("finished")
        session = live.finish().session
    finally:
        live.close()
    with open_video(session.path / VIDEO_NAME) as video:
        shown = [(frame.image, frame.time_s) for frame in video]
    return request.param, boxes, shown


@pytest.mark.slow
def test_the_head_is_unrecognisable_and_the_rest_is_not(recorded, frames, marks):
    blurred, boxes, shown = recorded
    assert len(shown) == FRAMES
    across = marks["T7"][0]
    for (image, _), (recording, _), box in zip(frames[2:], shown, boxes, strict=True):
        x0, y0, x1, y1 = (round(value) for value in box)
        inner = (max(x0, 0) + 4, max(y0, 0) + 4, min(x1, 640) - 4, min(y1, 480) - 4)
        assert inner[2] - inner[0] > 60 and inner[3] - inner[1] > 60
        same = likeness(recording, image, inner)
        assert same < 0.3 if blurred else same > 0.9
        assert likeness(recording, image, (across - 90, y1 + 8, across + 90, y1 + 150)) > 0.9


def test_the_head_itself_lies_in_the_box(recorded, frames):
    """The rendered recipient's hair is the only black thing near the middle of the picture's top."""
    _, boxes, _ = recorded
    for (image, _), (x0, y0, x1, y1) in zip(frames[2:], boxes, strict=True):
        rows, columns = np.nonzero(image[:140, 300:420].max(axis=2) < 45)
        assert len(rows) > 2000
        inside = (columns + 300 > x0) & (columns + 300 < x1) & (rows > y0) & (rows < y1)
        assert inside.mean() > 0.99


def test_nothing_is_recorded_while_nobody_knows_where_the_head_is(frames, tmp_path):
    tracker = HandTracker(ensure_model("hand_landmarker"))
    choices = Choices(builtin("tegalagung-2022"), "tegalagung-2022", keep_video=True, blur_head=True)
    live = LiveSession(tmp_path, choices, tracker, None)
    try:
        live.frame(*frames[0])
        live.start()
        for frame in frames[1:6]:
            live.frame(*frame)
        live.stop("finished")
        outcome = live.finish()
    finally:
        live.close()
    assert not (outcome.session.path / VIDEO_NAME).exists()
    assert outcome.session.meta.video.name == "live"


def test_without_consent_there_is_no_video(frames, tmp_path):
    tracker = HandTracker(ensure_model("hand_landmarker"))
    live = LiveSession(
        tmp_path,
        replace(Choices(builtin("tegalagung-2022"), "tegalagung-2022"), keep_video=False),
        tracker,
        None,
    )
    try:
        live.frame(*frames[0])
        live.start()
        for frame in frames[1:4]:
            live.frame(*frame)
        (spool,) = tmp_path.glob(".*.partial")
        live.stop("finished")
        live.finish()
    finally:
        live.close()
    assert not (spool / VIDEO_NAME).exists()
    assert list(tmp_path.rglob("*.webm")) == []
