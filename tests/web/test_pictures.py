"""Camera pictures as planes: decoded to what they were, and refused when they cannot be."""

import struct

import av
import cv2
import numpy as np
import pytest

from trainer.live.model import LiveError
from trainer.web.pictures import decode, parse_picture


def planes_message(planes, size, layout=1, full_range=0, sequence=1, time_s=0.5):
    head = struct.pack("<4sIdHHBBH", b"PJR1", sequence, 1000.0 * time_s, *size, layout, full_range, 0)
    return head + planes


@pytest.fixture(scope="module")
def picture(sample):
    with av.open(str(sample)) as clip:
        return next(clip.decode(video=0)).to_ndarray(format="rgb24")


def coded(image, layout, *, full_range):
    """Planes by FFmpeg, which knows nothing of OpenCV's ways."""
    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
    changed = frame.reformat(
        format={1: "yuv420p", 2: "nv12"}[layout],
        dst_colorspace="ITU601",
        dst_color_range="JPEG" if full_range else "MPEG",
    )
    return np.ascontiguousarray(changed.to_ndarray()).tobytes()


def difference(one, other):
    """Levels by which two pictures differ on the whole, edges apart."""
    return float(np.abs(cv2.blur(one, (4, 4)).astype(int) - cv2.blur(other, (4, 4)).astype(int)).mean())


@pytest.mark.parametrize("layout", [1, 2])
@pytest.mark.parametrize("full_range", [False, True])
def test_planes_become_the_picture_they_were(picture, layout, full_range):
    size = (picture.shape[1], picture.shape[0])
    sent = parse_picture(
        planes_message(coded(picture, layout, full_range=full_range), size, layout, full_range)
    )
    assert (sent.sequence, sent.captured_s, sent.size) == (1, 0.5, size)
    again = decode(sent)
    # Colour has a quarter of the pixels, so only edges of colour differ.
    assert difference(again, picture) < 1.0


def test_the_wrong_range_would_be_seen(picture):
    """The test above can fail: brightness taken for the other range is off by several levels."""
    size = (picture.shape[1], picture.shape[0])
    wrong = decode(parse_picture(planes_message(coded(picture, 1, full_range=True), size, 1, 0)))
    assert difference(wrong, picture) > 2.0


@pytest.mark.parametrize(
    ("size", "layout", "length", "code"),
    [
        ((640, 480), 1, 640 * 480 * 3 // 2 - 1, "damaged"),
        ((640, 480), 1, 640 * 480 * 3 // 2 + 1, "damaged"),
        ((640, 480), 1, 0, "damaged"),
        ((640, 480), 3, 640 * 480 * 3 // 2, "damaged"),
        ((641, 480), 1, 641 * 480 * 3 // 2, "damaged"),
        ((32, 32), 1, 32 * 32 * 3 // 2, "size"),
        ((4000, 64), 1, 4000 * 64 * 3 // 2, "size"),
        ((65535, 65535), 1, 100, "size"),
        ((1280, 720), 1, 1280 * 720 * 3 // 2, "too_large"),
    ],
)
def test_planes_that_cannot_be_are_refused_undecoded(size, layout, length, code):
    with pytest.raises(LiveError) as refused:
        parse_picture(planes_message(bytes(length), size, layout))
    assert refused.value.code == code


@pytest.mark.slow
def test_planes_are_answered_like_a_jpeg(server, pictures):
    """Over the real socket; both hands of the clip are found in either coding, within a pixel or two."""
    with server.page() as page:
        page.hear("hello")
        found = []
        for number, (jpeg, time_s) in enumerate(pictures[:6]):
            if number < 3:
                answer = page.show(jpeg, time_s)
            else:
                image = cv2.cvtColor(
                    cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB
                )
                page.sequence += 1
                planes = coded(image, 1, full_range=False)
                page.socket.send(planes_message(planes, (640, 480), sequence=page.sequence, time_s=time_s))
                answer = page.hear("result", "error")
            assert (answer["type"], answer["size"]) == ("result", [640, 480])
            found.append([answer["hands"][hand]["contact"] for hand in ("left", "right")])
    assert np.abs(np.subtract(found[3], found[2])).max() < 8
