"""Frames worth marking: a few of a video, the sharpest first choice."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.capture.frame import Frame
from trainer.errors import PijatError
from trainer.language import Text

_MEASURED_WIDTH = 480


@dataclass(frozen=True, eq=False)
class Candidate:
    """A frame that may be marked.

    Attributes
    ----------
    time_s : float
        Seconds from the first frame.
    sharpness : float
        Spread of the second differences of the brightness; larger is sharper, comparable within a video.
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    """

    time_s: float
    sharpness: float
    image: NDArray[np.uint8]

    def jpeg(self) -> bytes:
        """Return the picture as a JPEG of good quality."""
        done, data = cv2.imencode(".jpg", self.image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 93])
        if not done:
            raise PijatError(
                Text(
                    "Gambar ini tidak dapat ditampilkan: pilih gambar lain.",
                    "Expected a picture that can be shown, got one that cannot be coded as JPEG.",
                )
            )
        return bytes(data)


def sharpness(image: NDArray[np.uint8]) -> float:
    """Measure how sharp a picture is (variance of the Laplacian of the brightness, at one size)."""
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    scale = _MEASURED_WIDTH / gray.shape[1]
    if scale < 1.0:
        gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(gray, cv2.CV_32F).var())


def candidates(
    frames: Iterable[Frame],
    duration_s: float | None,
    time_s: float | None,
    count: int = 12,
    span_s: float = 60.0,
) -> list[Candidate]:
    """Pick frames spread over the start of a video, or around a moment.

    Parameters
    ----------
    frames : iterable of Frame
        The video from its start; read no further than needed.
    duration_s : float or None
        Its length in seconds, if known.
    time_s : float or None
        Look around this moment instead.
    count : int
        At most this many; in each stretch the sharpest frame is kept.
    span_s : float
        Look no further than this into the video, seconds.

    Raises
    ------
    PijatError
        When there is no frame.
    """
    if time_s is None:
        start, end = 0.0, min(span_s, duration_s or span_s)
    else:
        start, end = max(0.0, time_s - 1.0), time_s + 1.0
    stretch = max((end - start) / count, 1e-3)
    best: dict[int, Candidate] = {}
    last: Frame | None = None
    for frame in frames:
        last = frame
        if frame.time_s < start:
            continue
        if frame.time_s > end and best:
            break
        place = min(int((frame.time_s - start) / stretch), count - 1)
        # Three looks in each stretch are plenty, and spare measuring every frame.
        kept = best.get(place)
        if kept is not None and frame.time_s - kept.time_s < stretch / 3:
            continue
        measured = sharpness(frame.image)
        if kept is None or measured > kept.sharpness:
            best[place] = Candidate(frame.time_s, measured, frame.image)
    if not best and last is not None:
        best[0] = Candidate(last.time_s, sharpness(last.image), last.image)
    if not best:
        raise PijatError(
            Text(
                "Tidak ada gambar yang terbaca dalam video ini: rekam lagi.",
                "Expected a video with pictures, found none that can be decoded: record it again.",
            )
        )
    return [best[place] for place in sorted(best)]
