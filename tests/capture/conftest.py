"""Videos made on the spot with PyAV: four coloured quarters whose last one brightens with time."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def picture(index: int, width: int, height: int) -> np.ndarray:
    """Red top left, green top right, blue bottom left, and grey 10 x index bottom right."""
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2, : width // 2] = RED
    image[: height // 2, width // 2 :] = GREEN
    image[height // 2 :, : width // 2] = BLUE
    image[height // 2 :, width // 2 :] = min(255, 10 * index)
    return image


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    """Write a video below the test's own folder; pts are in `time_base` units."""

    def make(
        name: str,
        *,
        frames: int = 20,
        size: tuple[int, int] = (64, 48),
        codec: str = "libx264",
        fps: int = 10,
        pts: Sequence[int] | None = None,
        time_base: Fraction = Fraction(1, 1000),
        pixels: str = "yuv420p",
        rotation: int | None = None,
        flip: tuple[bool, bool] = (False, False),
        transfer: int | None = None,
        options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=fps, options=options or {})
            stream.width, stream.height = size
            stream.pix_fmt = pixels
            stream.codec_context.time_base = time_base
            if transfer is not None:
                stream.codec_context.color_trc = transfer
            if rotation is not None or any(flip):
                stream.set_display_rotation(rotation or 0, *flip)
            for index in range(frames):
                frame = av.VideoFrame.from_ndarray(picture(index, *size), "rgb24")
                frame.pts = round(index / fps / time_base) if pts is None else pts[index]
                frame.time_base = time_base
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return make
