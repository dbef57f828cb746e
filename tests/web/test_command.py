"""`pijat practice` from the command line: what it refuses, and the clip as a camera."""

import json
import socket
import struct
import time

import cv2
import numpy as np
import pytest

from trainer.cli import main
from trainer.session.reader import open_session
from trainer.web.source import CameraSource, ClipSource


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
    assert open_session(server.sessions / summary["session"]).meta["live"]["source"] == "demo"
    _, error = server.interrupt()
    assert "Traceback" not in error


def wait(page, fits):
    until = time.monotonic() + 200
    while time.monotonic() < until:
        message = page.socket.recv(timeout=60)
        if isinstance(message, str) and fits(json.loads(message)):
            return json.loads(message)
    raise AssertionError("it did not come within a minute")


class Unplugged(CameraSource):
    """A camera that gives a short video's pictures and is then gone, until it is opened again."""

    path: str

    def _opened(self):
        capture = cv2.VideoCapture(self.path)
        return capture if capture.isOpened() else None


def test_an_unplugged_camera_is_told_and_comes_back(short_clip, monkeypatch):
    monkeypatch.setattr("trainer.web.source._RETRY_S", 0.05)
    Unplugged.path = str(short_clip)
    told, seen = [], []
    source = Unplugged(
        0,
        lambda sequence, captured_s, image: seen.append((sequence, captured_s, image.shape)),
        lambda picture: None,
        gone=lambda: told.append("gone"),
        back=lambda: told.append("back"),
    )
    pictures = source._pictures()
    for count in range(120):  # 75 in the clip
        next(pictures)
        if told[-1:] == ["back"] and count > 80:
            break
    assert told == ["gone", "back"]
    pictures.close()


def test_the_clip_keeps_time_and_begins_anew(sample):
    source = ClipSource(sample, lambda *picture: None, lambda picture: None)
    pictures = source._pictures()
    times = [next(pictures)[0] for _ in range(12)]
    assert np.diff(times) == pytest.approx(0.04, abs=1e-3)
    first = next(source._pictures())[1]
    source.restart()
    assert np.array_equal(next(pictures)[1], first)
    source.stop()
