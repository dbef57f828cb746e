"""Pictures on the wire: their header, and what a JPEG says of itself before anything decodes it."""

import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.protocol.score import Text
from trainer.session.live_model import LiveError

FRAME_MAGIC = b"PJF1"
PICTURE_MAGIC = b"PJV1"
MOST_JPEG_BYTES = 512 * 1024
LONGER_PX = 1920
SHORTER_PX = 1080
LEAST_PX = 64
_HEADER = struct.Struct("<4sId")
_QUALITY = 80
_SOF = frozenset({0xC0, 0xC1})
"""Baseline and extended sequential; progressive ones can be made to take seconds to decode."""
_OTHER_SOF = frozenset({0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True, eq=False)
class SentPicture:
    """A picture as it came from the page.

    Attributes
    ----------
    sequence : int
        The page's number of it.
    captured_s : float
        When it was taken, on the page's clock.
    jpeg : bytes
        Its coded picture, whose size has been looked at and found fit.
    size : (int, int)
        Width and height in pixels, as the JPEG says.
    """

    sequence: int
    captured_s: float
    jpeg: bytes
    size: tuple[int, int]


def parse_picture(message: bytes) -> SentPicture:
    """Read a binary message of the page; nothing is decoded yet.

    Raises
    ------
    LiveError
        When it is none, too large, or not such a JPEG as the page makes.
    """
    if len(message) < _HEADER.size or message[:4] != FRAME_MAGIC:
        raise _refused("not_a_frame", "Pesan tidak dikenal.", "Expected a frame, got another binary message.")
    _, sequence, captured_ms = _HEADER.unpack_from(message)
    if not math.isfinite(captured_ms) or abs(captured_ms) > 1e13:
        raise _refused(
            "time", "Waktu gambar tidak benar.", "Expected a capture time in milliseconds, got none."
        )
    jpeg = message[_HEADER.size :]
    if len(jpeg) > MOST_JPEG_BYTES:
        raise _refused(
            "too_large",
            "Gambar terlalu besar.",
            f"Expected a JPEG of at most {MOST_JPEG_BYTES} bytes, got {len(jpeg)}.",
        )
    width, height = jpeg_size(jpeg)
    if max(width, height) > LONGER_PX or min(width, height) > SHORTER_PX or min(width, height) < LEAST_PX:
        raise _refused(
            "size",
            "Ukuran gambar tidak sesuai.",
            f"Expected a picture of {LEAST_PX} to {LONGER_PX} x {SHORTER_PX} pixels, got {width} x {height}.",
        )
    return SentPicture(sequence, captured_ms / 1000.0, jpeg, (width, height))


def sequence_of(message: bytes) -> int | None:
    """Return the sequence number of a binary message, if it has one."""
    if len(message) < _HEADER.size or message[:4] != FRAME_MAGIC:
        return None
    return int(_HEADER.unpack_from(message)[1])


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height that a sequential JPEG states in its header.

    Raises
    ------
    LiveError
        When it is no such JPEG, of other than one or three channels of 8 bits.
    """
    wrong = _refused("not_a_jpeg", "Gambar tidak terbaca.", "Expected a baseline JPEG, got something else.")
    if data[:2] != b"\xff\xd8":
        raise wrong
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise wrong
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        if marker in _BARE:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _SOF and length >= 8 and at + 10 <= len(data):
            bits, height, width, channels = struct.unpack_from(">BHHB", data, at + 4)
            if bits != 8 or channels not in (1, 3) or not width or not height:
                raise wrong
            return width, height
        if marker in _OTHER_SOF or marker in (0xD9, 0xDA) or length < 2:
            raise wrong
        at += 2 + length
    raise wrong


def decode(picture: SentPicture) -> NDArray[np.uint8]:
    """Decode a picture to RGB, shape (height, width, 3).

    Raises
    ------
    LiveError
        When it is damaged, or is not of the size that its header stated.
    """
    import cv2

    wrong = _refused("damaged", "Gambar rusak.", "Expected a whole JPEG, got a damaged one.")
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        image: Any = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), flags)
    except cv2.error as error:
        raise wrong from error
    if image is None or (image.shape[1], image.shape[0]) != picture.size:
        raise wrong
    return np.asarray(image, dtype=np.uint8)


def encode_picture(sequence: int, captured_s: float, image: NDArray[np.uint8]) -> bytes:
    """Return an RGB picture as a message to the page."""
    import cv2

    done, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not done:
        raise _refused(
            "picture", "Gambar kamera tidak terbaca.", "Expected a picture of the camera, got none."
        )
    return _HEADER.pack(PICTURE_MAGIC, sequence & 0xFFFFFFFF, captured_s * 1000.0) + jpeg.tobytes()


def _refused(code: str, indonesian: str, english: str) -> LiveError:
    return LiveError(Text(indonesian, english), code)
