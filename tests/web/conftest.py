"""A real practice server, and pictures of the bundled clip to send to it."""

import json

import pytest
from practice_server import Server


@pytest.fixture(scope="session")
def marks(sample_calibration):
    return json.loads(sample_calibration.read_text(encoding="utf-8"))["landmarks"]


@pytest.fixture(scope="session")
def pictures(sample):
    """The first six seconds of the sample, as JPEG and time."""
    import av
    import cv2

    made = []
    with av.open(str(sample)) as clip:
        for frame in clip.decode(video=0):
            if frame.time > 6.0:
                break
            done, jpeg = cv2.imencode(
                ".jpg", frame.to_ndarray(format="bgr24"), [cv2.IMWRITE_JPEG_QUALITY, 85]
            )
            assert done
            made.append((jpeg.tobytes(), frame.time))
    return made


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("sessions"))
    yield running
    running.interrupt()


@pytest.fixture
def start_server(tmp_path):
    started = []

    def start(*options, sessions=None, environment=None):
        started.append(Server(sessions or tmp_path / "sessions", *options, environment=environment))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.kill()
