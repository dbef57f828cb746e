"""Decoding real files: true times, upright pictures, and a plain sentence for what is no video."""

import hashlib
import resource
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from trainer.capture.video import open_video
from trainer.errors import PijatError

LOSSLESS = {"codec": "ffv1", "pixels": "bgr0"}


def times(path):
    with open_video(path) as video:
        return [frame.time_s for frame in video]


def quarters(image):
    """Mean colour around the middle of each quarter: top left, top right, bottom left, bottom right."""
    height, width = image.shape[:2]
    centres = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [tuple(image[y - 4 : y + 5, x - 4 : x + 5].mean((0, 1))) for y, x in centres]


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "time_base"),
    [
        ("a.mp4", "libx264", "yuv420p", Fraction(1, 1000)),
        ("a.mov", "libx264", "yuv420p", Fraction(1, 1000)),
        ("a.mkv", "libx264", "yuv420p", Fraction(1, 1000)),
        ("a.ts", "libx264", "yuv420p", Fraction(1, 1000)),
        ("a.webm", "libvpx-vp9", "yuv420p", Fraction(1, 1000)),
        ("a.avi", "mpeg4", "yuv420p", Fraction(1, 10)),
        ("reordered.avi", "libx264", "yuv420p", Fraction(1, 10)),
        ("a.gif", "gif", "rgb8", Fraction(1, 100)),
        ("deep.mp4", "libx265", "yuv420p10le", Fraction(1, 1000)),
        ("full_range.avi", "mjpeg", "yuvj420p", Fraction(1, 10)),
    ],
)
def test_every_container_gives_true_times_and_colours(make_video, name, codec, pixels, time_base):
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    path = make_video(name, codec=codec, pixels=pixels, time_base=time_base, options=options)
    with open_video(path) as video:
        frames = list(video)
        assert [f.index for f in frames] == list(range(20))
        assert np.allclose([f.time_s for f in frames], np.arange(20) / 10, atol=1e-3)
        assert (video.width, video.height) == (64, 48)
        assert video.duration_s == pytest.approx(2.0, abs=0.11)
        assert video.frame_count == pytest.approx(20, abs=1)
        assert video.fps_median == pytest.approx(10.0, rel=0.01)
        assert video.frames_read == 20 and video.frames_dropped == 0
        assert video.complete and video.warnings == ()
        assert video.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    last = frames[-1].image
    assert last.shape == (48, 64, 3) and last.dtype == np.uint8 and last.flags.c_contiguous
    expected = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (190, 190, 190)]
    assert np.abs(np.subtract(quarters(last), expected)).max() <= 40  # gif's 8-bit palette is the coarsest
    order = [np.mean(quarters(f.image)[3]) for f in frames]
    assert np.all(np.diff(order) > -8) and order[-1] > order[0] + 120


def test_variable_frame_rate_is_read_from_timestamps(make_video):
    pts = np.cumsum([40, 33, 100, 20, 47] * 4)
    pts = (pts - pts[0]).tolist()
    assert times(make_video("vfr.mp4", pts=pts)) == pytest.approx([p / 1000 for p in pts], abs=1e-4)


def test_time_counts_from_the_first_frame(make_video):
    path = make_video("late.mkv", pts=[7000 + 100 * i for i in range(20)])
    assert times(path) == pytest.approx([i / 10 for i in range(20)], abs=1e-6)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", [(False, False), (True, False), (False, True)])
def test_display_matrix_turns_the_frame_as_libavfilter_would(make_video, rotation, flip):
    path = make_video("turned.mov", frames=1, rotation=rotation, flip=flip, size=(64, 48), pixels="yuv444p")
    with open_video(path) as video:
        frame = next(iter(video))
    stored = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)]
    grid = np.array(stored).reshape(2, 2, 3)
    matrix = _matrix(path)
    expected = np.zeros((2, 2, 3), int)
    for y in range(2):
        for x in range(2):
            # Displayed position of the quarter's centre, straight from the definition of the matrix.
            px, py = x - 0.5, y - 0.5
            dx, dy = matrix[0, 0] * px + matrix[1, 0] * py, matrix[0, 1] * px + matrix[1, 1] * py
            expected[round(dy + 0.5), round(dx + 0.5)] = grid[y, x]
    assert np.abs(np.array(quarters(frame.image)) - expected.reshape(4, 3)).max() < 25
    assert (video.width, video.height) == ((48, 64) if rotation in (90, 270) else (64, 48))
    assert frame.image.shape == (video.height, video.width, 3)
    assert frame.image.flags.c_contiguous


def _matrix(path: Path) -> np.ndarray:
    """The track's matrix from the bytes of the file itself (tkhd box, ISO/IEC 14496-12)."""
    data = path.read_bytes()
    start = data.index(b"tkhd") + 4 + 40
    return np.frombuffer(data[start : start + 36], ">i4").reshape(3, 3) / np.array([65536, 65536, 1 << 30])


def test_rotation_by_the_phone_convention(make_video):
    """Stored lying, with 'turn 90 degrees clockwise': the stored left edge is shown on top."""
    path = make_video("phone.mp4", frames=1, rotation=-90, pixels="yuv444p")
    with open_video(path) as video:
        top_left, top_right, bottom_left, bottom_right = quarters(next(iter(video)).image)
    assert top_left[2] > 200 and top_right[0] > 200 and bottom_right[1] > 200 and max(bottom_left) < 30


@pytest.mark.parametrize("size", [(63, 47), (17, 9), (1, 1), (101, 30)])
def test_odd_sizes(make_video, size):
    with open_video(make_video("odd.mkv", size=size, frames=2, **LOSSLESS)) as video:
        frames = list(video)
    assert [f.image.shape for f in frames] == [(size[1], size[0], 3)] * 2
    assert (video.width, video.height) == size
    assert tuple(frames[0].image[0, 0]) == ((255, 0, 0) if size != (1, 1) else (0, 0, 0))


def test_sixteen_bit_grey(make_video):
    with open_video(make_video("grey.mkv", frames=20, codec="ffv1", pixels="gray16le")) as video:
        last = list(video)[-1].image
    assert np.abs(last[36, 48].astype(int) - 190).max() <= 3


@pytest.mark.parametrize(("transfer", "code"), [(16, 0.58), (18, 0.75)])
def test_hdr_diffuse_white_becomes_a_light_tone(tmp_path, transfer, code):
    """Diffuse white is 58 % of PQ and 75 % of HLG code (ITU-R BT.2408, table 1)."""
    path = tmp_path / "hdr.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "gbrp16le"
        stream.codec_context.color_trc = transfer
        for share in (code, code / 2, 0.0):
            frame = av.VideoFrame.from_ndarray(
                np.full((32, 32, 3), round(65535 * share), np.uint16), "gbrp16le"
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with open_video(path) as video:
        white, middle, black = (int(f.image[16, 16, 0]) for f in video)
    assert 205 <= white <= 245
    assert 40 <= middle <= 150
    assert black == 0


def test_one_frame(make_video):
    with open_video(make_video("one.mp4", frames=1)) as video:
        assert [f.time_s for f in video] == [0.0]
        assert video.complete and video.fps_median == pytest.approx(10.0)


def test_one_frame_a_second(make_video):
    with open_video(make_video("slow.mp4", fps=1, frames=5)) as video:
        assert [f.time_s for f in video] == pytest.approx([0, 1, 2, 3, 4])
        assert video.fps_median == pytest.approx(1.0)
        assert video.warnings == ()


def test_repeated_timestamps_are_dropped_and_told(make_video):
    pts = [0, 100, 200, 200, 200, 300, 400, 500, 600, 600, *range(700, 1700, 100)]
    path = make_video("repeat.mkv", pts=pts, options={"bf": "0", "tune": "zerolatency"})
    with open_video(path) as video:
        seen = [f.time_s for f in video]
    assert seen == pytest.approx(sorted({p / 1000 for p in pts}))
    assert video.frames_dropped == 3 and video.frames_read == 17
    assert "3 frames were left out" in video.warnings[0].en and "3 gambar" in video.warnings[0].id


def test_clock_that_jumps_back_goes_on_where_it_stood(make_video, tmp_path):
    once = make_video("once.ts").read_bytes()
    path = tmp_path / "joined.ts"
    path.write_bytes(once + once)
    with open_video(path) as video:
        seen = [f.time_s for f in video]
    assert len(seen) == 40 and np.all(np.diff(seen) > 0)
    assert seen == pytest.approx([i / 10 for i in range(40)], abs=1e-3)
    assert any("jumps back" in w.en for w in video.warnings)


def test_file_without_timestamps_is_spaced_by_the_frame_rate(make_video):
    with open_video(make_video("raw.h264")) as video:
        seen = [f.time_s for f in video]
    assert np.allclose(np.diff(seen), 1 / video.fps)
    assert any("have no time" in w.en for w in video.warnings)


def test_truncated_file_yields_what_is_readable(make_video, tmp_path):
    whole = make_video("whole.mkv", frames=200).read_bytes()
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole[: len(whole) // 2])
    with open_video(path) as video:
        count = sum(1 for _ in video)
    assert 20 < count < 180
    assert not video.complete
    assert "cut off or damaged" in video.warnings[0].en and "terpotong" in video.warnings[0].id


def test_truncated_mp4_with_its_index_in_front(make_video, tmp_path):
    whole = make_video("front.mp4", frames=200)
    front = tmp_path / "faststart.mp4"
    with av.open(str(whole)) as source, av.open(str(front), "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    data = front.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    path = tmp_path / "cut.mp4"
    path.write_bytes(data[: len(data) * 2 // 3])
    with open_video(path) as video:
        count = sum(1 for _ in video)
    assert 1 <= count < 200
    assert not video.complete


def test_damaged_middle_is_survived(make_video, tmp_path):
    data = bytearray(make_video("hurt.mkv", frames=200, options={"g": "10"}).read_bytes())
    middle = len(data) // 2
    data[middle : middle + 300] = np.random.default_rng(0).bytes(300)
    path = tmp_path / "hurt2.mkv"
    path.write_bytes(data)
    with open_video(path) as video:
        seen = [f.time_s for f in video]
    assert seen[-1] > 18.0 and np.all(np.diff(seen) > 0)


def test_video_can_be_read_twice(make_video):
    with open_video(make_video("twice.mp4")) as video:
        assert [f.time_s for f in video] == [f.time_s for f in video]
        assert video.frames_read == 20


def test_odd_file_names_are_files(make_video, tmp_path):
    source = make_video("plain.mp4").read_bytes()
    for name in ("http:x.mp4", "ibu jari 50%.mp4", "pijät?#&.mp4", "a%03d.mp4"):
        path = tmp_path / name
        path.write_bytes(source)
        assert len(times(path)) == 20


def write_audio(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), "fltp", "mono")
        frame.rate, frame.pts = 48000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def bad_file(kind, tmp_path, make_video):
    path = tmp_path / "bad.mp4"
    if kind == "text":
        path.write_text("Catatan pelatihan\n" * 100)
    elif kind == "text.txt":
        path = tmp_path / "bad.txt"
        path.write_text("Catatan pelatihan\n" * 100)
    elif kind == "zero bytes":
        path.touch()
    elif kind == "directory":
        path.mkdir()
    elif kind == "audio":
        write_audio(path)
    elif kind == "no index":
        data = make_video("whole.mp4").read_bytes()
        path.write_bytes(data[: data.index(b"moov") - 4])
    elif kind == "play list":
        path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n")
    elif kind == "play list.m3u8":
        path = tmp_path / "bad.m3u8"
        path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n")
    elif kind == "noise":
        path.write_bytes(np.random.default_rng(1).bytes(4096))
    elif kind == "no frames":
        whole = make_video("whole.mkv", frames=30)
        data = bytearray(whole.read_bytes())
        start = data.index(b"\x1f\x43\xb6\x75")  # the first cluster
        path.write_bytes(data[: start + 20])
    return path


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "found none"),
        ("directory", "directory"),
        ("zero bytes", "no content"),
        ("text", "cannot be decoded"),
        ("text.txt", "cannot be decoded"),
        ("noise", "cannot be decoded"),
        ("play list", "cannot be decoded"),
        ("play list.m3u8", "cannot be decoded"),
        ("no index", "cut off"),
        ("audio", "only sound"),
        ("no frames", "at least one readable frame"),
    ],
)
def test_what_is_no_video_gets_one_plain_sentence(kind, says, tmp_path, make_video, capfd):
    path = bad_file(kind, tmp_path, make_video)
    with pytest.raises(PijatError) as caught:
        open_video(path)
    message = str(caught.value)
    assert (
        says in message and message.startswith("Expected ") and "\n" not in message and path.name in message
    )
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_8k_frame(make_video):
    path = make_video("8k.mkv", size=(7680, 4320), frames=1, codec="mjpeg", pixels="yuvj420p")
    with open_video(path) as video:
        shapes = [f.image.shape for f in video]
    assert shapes == [(4320, 7680, 3)]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs getrusage")
def test_memory_stays_flat(make_video):
    path = make_video("long.mp4", frames=3000, fps=30, size=(320, 240), codec="mpeg4")
    with open_video(path) as video:
        for frame in video:
            if frame.index == 300:
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 8 * 1024  # KiB


def test_rendered_clip_has_the_times_of_its_truth(clips):
    import json

    folder = clips / "dev_1"
    truth = json.loads((folder / "truth.json").read_text())
    with open_video(folder / "clip.mp4") as video:
        assert sum(1 for _ in video) == pytest.approx(20 * truth.get("fps", 25), abs=1)
