"""`pijat practice` from the command line: what it refuses, and the clip as a camera."""

import json
import socket
import struct
import threading
import time

import cv2
import numpy as np
import pytest

from trainer.capture.video import open_video
from trainer.cli import main
from trainer.errors import PijatError
from trainer.session.reader import open_session
from trainer.web.source import CameraSource, ClipSource, _why_not


@pytest.mark.parametrize(
    ("options", "code", "word"),
    [
        (["--port", "0"], 2, "--port"),
        (["--demo", "--camera", "0"], 2, "choose one"),
        (["--camera", "-1"], 2, "--camera"),
        (["--camera", "77"], 1, "camera with number 77"),
        (["--protocol", "no-such"], 1, "no-such"),
    ],
)
def test_what_is_refused(options, code, word, tmp_path, capfd):
    assert main(["practice", "--no-browser", "--sessions", str(tmp_path / "s"), *options]) == code
    error = capfd.readouterr().err
    assert word in error and "Traceback" not in error


def test_a_taken_port_is_named(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["practice", "--no-browser", "--sessions", str(tmp_path), "--port", str(port)]) == 1
    assert f"port {port}" in capsys.readouterr().err


def test_sessions_must_be_a_folder(tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    assert main(["practice", "--no-browser", "--sessions", str(tmp_path / "file")]) == 2
    assert "folder" in capsys.readouterr().err


@pytest.mark.slow
def test_the_demo_plays_and_is_practised_on(start_server):
    server = start_server("--demo", "--lang", "en")
    pictures, results = 0, []
    with server.page() as page:
        assert '"source":"server"' in page.socket.recv()
        until = time.monotonic() + 200
        while len(results) < 10 or results[-1]["back"] is None:
            assert time.monotonic() < until, page.heard
            message = page.socket.recv(timeout=60)
            if isinstance(message, bytes):
                magic, sequence, _ = struct.unpack_from("<4sId", message)
                image = cv2.imdecode(np.frombuffer(message[16:], np.uint8), cv2.IMREAD_COLOR)
                assert (magic, image.shape) == (b"PJV1", (480, 640, 3))
                assert sequence > pictures
                pictures = sequence
            else:
                page_message = json.loads(message)
                if page_message["type"] == "result":
                    results.append(page_message)
                    assert page_message["sequence"] <= pictures + 5
        page.socket.send(b"PJF1" + b"\0" * 12)
        page.say("start")
        wait(page, lambda m: m["type"] == "state" and m["state"] == "practising")
        wait(page, lambda m: m["type"] == "result" and m["time_s"] > 2.0)
        page.say("stop", reason="finished")
        summary = wait(page, lambda m: m["type"] == "summary")
    assert open_session(server.sessions / summary["session"]).meta.live.source == "demo"
    _, error = server.interrupt()
    assert "Traceback" not in error


def wait(page, fits):
    until = time.monotonic() + 200
    while time.monotonic() < until:
        message = page.socket.recv(timeout=60)
        if isinstance(message, str) and fits(json.loads(message)):
            return json.loads(message)
    raise AssertionError("it did not come within a minute")


@pytest.fixture
def avi(sample, tmp_path):
    """Two seconds of the sample as OpenCV's own Motion JPEG, which it opens the way it opens a camera."""
    path = tmp_path / "camera.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 25, (640, 480))
    assert writer.isOpened()
    reader = cv2.VideoCapture(str(sample))
    for _ in range(50):
        writer.write(reader.read()[1])
    writer.release()
    reader.release()
    return path


def camera_of(path, told, seen, shown=None):
    return CameraSource(
        3,
        lambda sequence, captured_s, image: seen.append((sequence, captured_s, image)),
        (shown if shown is not None else []).append,
        gone=lambda: told.append("gone"),
        back=lambda: told.append("back"),
        capture=lambda number: cv2.VideoCapture(str(path)),
    )


def test_an_unplugged_camera_is_told_and_comes_back(avi, monkeypatch):
    monkeypatch.setattr("trainer.web.source._RETRY_S", 0.05)
    told, seen = [], []
    pictures = camera_of(avi, told, seen)._pictures()
    for _ in range(50):
        next(pictures)
    assert told == []
    next(pictures)  # from the camera as it was opened again
    assert told == ["gone", "back"]
    pictures.close()


def test_a_camera_that_stays_away_is_looked_for_and_never_invents_pictures(avi, monkeypatch):
    monkeypatch.setattr("trainer.web.source._RETRY_S", 0.02)
    told, seen = [], []
    source = camera_of(avi, told, seen)
    avi.unlink()
    source.start()
    until = time.monotonic() + 60
    while told != ["gone"] and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)  # ten looks
    assert told == ["gone"]
    assert len(seen) == 50
    source.stop()
    assert not source._thread.is_alive()


def test_a_cameras_pictures_come_in_rgb_with_rising_times_and_are_shown(avi, sample):
    told, seen, shown = [], [], []
    source = camera_of(avi, told, seen, shown)
    source.start()
    until = time.monotonic() + 60
    while told != ["gone"] and time.monotonic() < until:
        time.sleep(0.02)
    source.stop()
    times = [captured_s for _, captured_s, _ in seen]
    assert [sequence for sequence, _, _ in seen][:50] == list(range(1, 51))
    assert np.all(np.diff(times) > 0)
    with open_video(sample) as clip:
        first = next(iter(clip)).image
    # The recipient's shirt is turquoise, not orange: red and blue are not swapped.
    assert np.abs(seen[0][2].mean(axis=(0, 1)) - first.mean(axis=(0, 1))).max() < 3
    magic, sequence, _ = struct.unpack_from("<4sId", shown[0])
    assert (magic, sequence) == (b"PJV1", 1)


@pytest.mark.parametrize(("there", "word"), [(True, "it is there"), (False, "found none")])
def test_a_camera_that_does_not_open_gets_one_sentence(there, word, tmp_path, monkeypatch):
    if there:
        (tmp_path / "video3").touch()
    monkeypatch.setattr("trainer.web.source.sys.platform", "linux")
    assert word in _why_not(3, tmp_path).en
    with pytest.raises(PijatError, match="found none") as refused:
        camera_of(tmp_path / "nothing.avi", [], [])
    assert str(refused.value).count(".") == 1


@pytest.mark.slow
def test_a_camera_that_ends_pauses_the_practice_and_goes_on(avi, tmp_path, marks, monkeypatch):
    """From OpenCV to the session, without a browser: gone is a pause, back goes on by itself, nothing is lost."""
    from trainer.live.model import Choices
    from trainer.protocol.library import builtin
    from trainer.web.engine import Engine, make_session_in

    monkeypatch.setattr("trainer.web.source._RETRY_S", 1.0)
    said = []
    protocol = builtin("tegalagung-2022")
    engine = Engine(
        make_session_in(tmp_path / "sessions", "camera"),
        {protocol.id: (protocol, protocol.id)},
        Choices(protocol, protocol.id),
        said.append,
    )
    source = CameraSource(
        0,
        engine.image,
        lambda picture: None,
        gone=engine.camera_gone,
        back=engine.clock_changed,
        capture=lambda number: cv2.VideoCapture(str(avi)),
    )
    loaded = threading.Event()
    engine.start(loaded.set)
    try:
        assert loaded.wait(60)
        engine.image(0, 0.0, np.zeros((480, 640, 3), np.uint8))
        assert came(said, lambda m: m["type"] == "result")
        engine.message({"type": "start"})
        assert came(said, lambda m: m["type"] == "state" and m["state"] == "practising")
        engine.clock_changed()
        source.start()
        assert came(said, lambda m: m["type"] == "state" and m["why"] == "camera")
        states = [m["state"] for m in said if m["type"] == "state"]
        assert states[-2:] == ["practising", "paused"]
        assert came(said, lambda m: m["type"] == "state" and m["state"] == "practising", after=len(said))
    finally:
        source.stop()
        engine.stop()


def came(said, fits, after=0):
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if any(fits(message) for message in said[after:]):
            return True
        time.sleep(0.02)
    return False


def test_the_clip_keeps_time_and_begins_anew(sample):
    source = ClipSource(sample, lambda *picture: None, lambda picture: None)
    pictures = source._pictures()
    times = [next(pictures)[0] for _ in range(12)]
    assert np.diff(times) == pytest.approx(0.04, abs=1e-3)
    first = next(source._pictures())[1]
    source.restart()
    assert np.array_equal(next(pictures)[1], first)
    source.stop()
