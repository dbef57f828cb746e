"""Pictures on the wire: their header, and what they say of themselves before anything decodes them.

A page sends camera pictures as they are (planes of brightness and colour, a quarter of the colour's pixels), for on
one computer copying half a megabyte costs less than making a JPEG and taking it apart; browsers that give no such
planes send a JPEG.
"""

import math
import struct
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from trainer.language import Text
from trainer.live.model import LiveError

Layout = Literal["jpeg", "i420", "nv12"]

FRAME_MAGIC = b"PJF1"
RAW_MAGIC = b"PJR1"
PICTURE_MAGIC = b"PJV1"
MOST_JPEG_BYTES = 512 * 1024
MOST_RAW_BYTES = 768 * 1024
LONGER_PX = 1920
SHORTER_PX = 1080
LEAST_PX = 64
_HEADER = struct.Struct("<4sId")
_RAW_HEADER = struct.Struct("<4sIdHHBBH")
_LAYOUTS: dict[int, Layout] = {1: "i420", 2: "nv12"}
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
    layout : {"jpeg", "i420", "nv12"}
        How `data` is coded: as a JPEG, or as planes (brightness, then colour at half the width and height, its
        two values apart or in turn), each without gaps.
    data : bytes
        The picture; its size has been looked at and found fit.
    size : (int, int)
        Width and height in pixels, as it says.
    full_range : bool
        Whether brightness in planes runs from 0 to 255, not from 16 to 235.
    """

    sequence: int
    captured_s: float
    layout: Layout
    data: bytes
    size: tuple[int, int]
    full_range: bool = True


def parse_picture(message: bytes) -> SentPicture:
    """Read a binary message of the page; nothing is decoded yet.

    Raises
    ------
    LiveError
        When it is none, too large, or not such a JPEG as the page makes.
    """
    if len(message) < _HEADER.size or message[:4] not in (FRAME_MAGIC, RAW_MAGIC):
        raise _refused("not_a_frame", "Pesan tidak dikenal.", "Expected a frame, got another binary message.")
    magic, sequence, captured_ms = _HEADER.unpack_from(message)
    if not math.isfinite(captured_ms) or abs(captured_ms) > 1e13:
        raise _refused(
            "time", "Waktu gambar tidak benar.", "Expected a capture time in milliseconds, got none."
        )
    if magic == RAW_MAGIC:
        return _parse_planes(message, sequence, captured_ms / 1000.0)
    jpeg = message[_HEADER.size :]
    if len(jpeg) > MOST_JPEG_BYTES:
        raise _refused(
            "too_large",
            "Gambar terlalu besar.",
            f"Expected a JPEG of at most {MOST_JPEG_BYTES} bytes, got {len(jpeg)}.",
        )
    size = jpeg_size(jpeg)
    _check_size(*size)
    return SentPicture(sequence, captured_ms / 1000.0, "jpeg", jpeg, size)


def _parse_planes(message: bytes, sequence: int, captured_s: float) -> SentPicture:
    wrong = _refused("damaged", "Gambar rusak.", "Expected whole planes of a picture, got something else.")
    if len(message) < _RAW_HEADER.size:
        raise wrong
    _, _, _, width, height, code, full_range, _ = _RAW_HEADER.unpack_from(message)
    _check_size(width, height)
    layout = _LAYOUTS.get(code)
    length = len(message) - _RAW_HEADER.size
    if layout is None or width % 2 or height % 2 or length != width * height * 3 // 2:
        raise wrong
    if length > MOST_RAW_BYTES:
        raise _refused(
            "too_large",
            "Gambar terlalu besar.",
            f"Expected a picture of at most {MOST_RAW_BYTES} bytes, got {length}.",
        )
    return SentPicture(
        sequence, captured_s, layout, message[_RAW_HEADER.size :], (width, height), bool(full_range)
    )


def _check_size(width: int, height: int) -> None:
    if max(width, height) > LONGER_PX or min(width, height) > SHORTER_PX or min(width, height) < LEAST_PX:
        raise _refused(
            "size",
            "Ukuran gambar tidak sesuai.",
            f"Expected a picture of {LEAST_PX} to {LONGER_PX} x {SHORTER_PX} pixels, got {width} x {height}.",
        )


def sequence_of(message: bytes) -> int | None:
    """Return the sequence number of a binary message, if it has one."""
    if len(message) < _HEADER.size or message[:4] not in (FRAME_MAGIC, RAW_MAGIC):
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

    if picture.layout != "jpeg":
        return _from_planes(picture)
    wrong = _refused("damaged", "Gambar rusak.", "Expected a whole JPEG, got a damaged one.")
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        image: Any = cv2.imdecode(np.frombuffer(picture.data, np.uint8), flags)
    except cv2.error as error:
        raise wrong from error
    if image is None or (image.shape[1], image.shape[0]) != picture.size:
        raise wrong
    return np.asarray(image, dtype=np.uint8)


def _from_planes(picture: SentPicture) -> NDArray[np.uint8]:
    import cv2

    width, height = picture.size
    planes: Any = np.frombuffer(picture.data, np.uint8).reshape(height * 3 // 2, width)
    if picture.full_range:
        # OpenCV expects brightness from 16 to 235 and colour from 16 to 240.
        brightness, colour = _narrowing()
        planes = np.concatenate([cv2.LUT(planes[:height], brightness), cv2.LUT(planes[height:], colour)])
    code = cv2.COLOR_YUV2RGB_I420 if picture.layout == "i420" else cv2.COLOR_YUV2RGB_NV12
    return np.asarray(cv2.cvtColor(planes, code), dtype=np.uint8)


@cache
def _narrowing() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    level = np.arange(256) / 255.0
    return np.rint(16 + 219 * level).astype(np.uint8), np.rint(16 + 224 * level).astype(np.uint8)


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
