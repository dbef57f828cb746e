"""The recorder keeps true times, hides what shall be hidden, and survives a kill."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trainer.capture.frame import Frame
from trainer.capture.recording import VideoRecorder, with_mosaic
from trainer.capture.video import open_video
from trainer.errors import PijatError


def frames(times, size=(64, 48)):
    rng = np.random.default_rng(0)
    base = rng.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    for index, time_s in enumerate(times):
        yield Frame(index, float(time_s), np.roll(base, index, axis=1))


def test_uneven_times_are_kept(tmp_path):
    times = np.cumsum([0, 0.033, 0.1, 0.021, 0.5, 0.033, 0.033])
    with VideoRecorder(tmp_path / "a.webm", 64, 48) as recorder:
        for frame in frames(times):
            recorder.append(frame)
    with open_video(tmp_path / "a.webm") as video:
        assert [frame.time_s for frame in video] == pytest.approx(times, abs=1.1e-3)
        assert (video.width, video.height) == (64, 48) and video.complete


def test_pictures_come_back(tmp_path):
    image = np.zeros((48, 63, 3), np.uint8)
    image[:, :30] = (200, 40, 40)
    with VideoRecorder(tmp_path / "a.webm", 63, 48) as recorder:
        for index in range(10):
            recorder.append(Frame(index, index / 10, image))
    with open_video(tmp_path / "a.webm") as video:
        last = list(video)[-1].image
    assert np.abs(last[24, 10].astype(int) - (200, 40, 40)).max() < 25


def test_two_frames_in_one_millisecond_are_one(tmp_path):
    with VideoRecorder(tmp_path / "a.webm", 64, 48) as recorder:
        for frame in frames([0.0, 0.0004, 0.1]):
            recorder.append(frame)
        assert recorder.frames == 2


@pytest.mark.slow
def test_killed_recording_plays_up_to_the_last_second(tmp_path):
    """A real process killed by a real SIGKILL."""
    path = tmp_path / "killed.webm"
    code = (
        "import sys, time\nfrom pathlib import Path\nimport numpy as np\n"
        "from trainer.capture.frame import Frame\nfrom trainer.capture.recording import VideoRecorder\n"
        "recorder = VideoRecorder(Path(sys.argv[1]), 160, 120)\n"
        "rng = np.random.default_rng(0)\n"
        "for index in range(300):\n"
        "    recorder.append(Frame(index, index / 30, rng.integers(0, 255, (120, 160, 3), dtype=np.uint8)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
    assert process.stdout.readline().strip() == b"ready"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with open_video(path) as video:
        last = list(video)[-1].time_s
    assert last > 299 / 30 - 1.0


def test_mosaic_hides_a_region_and_nothing_else():
    image = np.random.default_rng(1).integers(0, 255, (100, 120, 3), dtype=np.uint8)
    kept = image.copy()
    covered = with_mosaic(image, (20.5, -10, 80, 41))
    assert np.array_equal(image, kept)
    inside = covered[:41, 20:80].reshape(-1, 3)
    assert len(np.unique(inside, axis=0)) <= 7 * 7
    outside = np.ones((100, 120), bool)
    outside[:41, 20:80] = False
    assert np.array_equal(covered[outside], image[outside])
    assert with_mosaic(image, (200, 200, 300, 300)) is image


def test_hidden_region_is_hidden_in_the_file(tmp_path):
    image = np.random.default_rng(2).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    with VideoRecorder(tmp_path / "a.webm", 96, 96, bitrate=8_000_000) as recorder:
        recorder.append(Frame(0, 0.0, image), [(0, 0, 48, 48)])
    with open_video(tmp_path / "a.webm") as video:
        seen = next(iter(video)).image
    assert seen[2:6, 2:6].std(axis=(0, 1)).max() < 12 < seen[60:90, 60:90].std(axis=(0, 1)).max()


def test_what_cannot_be_recorded_gets_one_sentence(tmp_path):
    with pytest.raises(PijatError, match=r"\.webm"):
        VideoRecorder(tmp_path / "a.mp4", 64, 48)
    (tmp_path / "b.webm").write_text("mine")
    with pytest.raises(PijatError, match="another name"):
        VideoRecorder(tmp_path / "b.webm", 64, 48)
    (tmp_path / "file").touch()
    with pytest.raises(PijatError, match="Could not record"):
        VideoRecorder(tmp_path / "file" / "c.webm", 64, 48)
    with VideoRecorder(tmp_path / "d.webm", 64, 48) as recorder, pytest.raises(PijatError, match="64 x 48"):
        recorder.append(Frame(0, 0.0, np.zeros((50, 64, 3), np.uint8)))


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs /dev/full")
def test_full_disk_is_said(tmp_path, monkeypatch):
    """The muxer really writes to a device that is always full."""
    path = tmp_path / "full.webm"
    path.symlink_to("/dev/full")
    monkeypatch.setattr(Path, "exists", lambda self, **_: False)
    with pytest.raises(PijatError, match=r"disk is full"), VideoRecorder(path, 160, 120) as recorder:
        for frame in frames(np.arange(200) / 30, (160, 120)):
            recorder.append(frame)
