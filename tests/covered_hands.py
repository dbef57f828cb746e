"""The demonstration with a sleeve drawn over the hands for a while: what a camera in a poor place sees."""

import json
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

_ELBOWS = {"left": (40, 520), "right": (520, 520)}
"""Where the sleeves come from, below the picture, px."""
SLEEVES = {"left": (50, 60, 140), "right": (46, 56, 132)}
"""Their colours, RGB."""
_WIDTH_PX = 92


def covered(
    image: NDArray[np.uint8], contacts: dict[str, tuple[float, float]], hands: tuple[str, ...]
) -> NDArray[np.uint8]:
    """Return a picture (RGB) with a sleeve over each of `hands`; `contacts` are the thumbs' places, px."""
    drawn = image.copy()
    for hand in hands:
        x, y = contacts[hand]
        toward = np.array(_ELBOWS[hand], float) - (x, y)
        tip = np.array([x, y]) - 18.0 * toward / np.hypot(*toward)
        cv2.line(drawn, tuple(int(v) for v in tip), _ELBOWS[hand], SLEEVES[hand], _WIDTH_PX, cv2.LINE_AA)
    return drawn


def contacts_of(sample: Path) -> list[dict[str, tuple[float, float]]]:
    """Return where the thumbs of each picture of the demonstration are, px."""
    truth = json.loads(sample.with_suffix(".truth.json").read_text(encoding="utf-8"))
    return [
        {hand: tuple(one["contact_px"]) for hand, one in frame["hands"].items()} for frame in truth["frames"]
    ]


def write_covered(
    sample: Path, target: Path, shown: range, hidden: range, hands: tuple[str, ...] = ("left", "right")
) -> Path:
    """Write the demonstration's pictures of `shown`, with hands covered in those of `hidden`."""
    import av

    contacts = contacts_of(sample)
    with av.open(str(sample)) as source, av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(30), options={"crf": "16"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for index, frame in enumerate(source.decode(video=0)):
            if index not in shown:
                continue
            image = frame.to_ndarray(format="rgb24")
            if index in hidden:
                image = covered(image, contacts[index], hands)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode())
    return target


def write_still(picture: Path, target: Path) -> Path:
    """Write half a second of one picture as a video of 640x480."""
    import av

    image = cv2.cvtColor(cv2.resize(cv2.imread(str(picture)), (640, 480)), cv2.COLOR_BGR2RGB)
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(30), options={"crf": "16"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for _ in range(15):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode())
    return target
