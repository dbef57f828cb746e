"""Decoded pictures of any pixel format to plain 8-bit RGB, high dynamic range included."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter

# Transfer characteristics of ITU-T H.273, table 3.
_PQ = 16
_HLG = 18
_DIFFUSE_WHITE_NITS = 203.0
"""Luminance of diffuse white in HDR production (ITU-R BT.2408)."""


@cache
def hdr_lookup(transfer: int) -> NDArray[np.uint8]:
    """Return the table from a 16-bit HDR code value to an 8-bit sRGB one.

    Skin in an HDR recording read as if it were SDR comes out flat and dark (PQ) or pale (HLG), where hand
    detection is weakest. Each channel is decoded (SMPTE ST 2084; ITU-R BT.2100 HLG), diffuse white is put at
    80 % of the range, highlights are rolled off, and the result is encoded as sRGB (IEC 61966-2-1). The wider
    primaries are left as they are: colours come out a little paler, which landmarks do not mind.

    Parameters
    ----------
    transfer : int
        16 (PQ) or 18 (HLG) of ITU-T H.273.

    Returns
    -------
    ndarray of uint8, shape (65536,)
        Indexed by the code value.
    """
    code = np.arange(65536) / 65535.0
    if transfer == _PQ:
        m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
        power = code ** (1 / m2)
        nits = 10000.0 * (np.maximum(power - c1, 0.0) / (c2 - c3 * power)) ** (1 / m1)
        light = nits / _DIFFUSE_WHITE_NITS
    else:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
        light = scene**1.2 * 1000.0 / _DIFFUSE_WHITE_NITS
    # Linear up to the knee, then an exponential shoulder that reaches white asymptotically.
    knee, white = 0.6, 0.8
    display = light * white
    shoulder = knee + (1 - knee) * (1 - np.exp(-(display - knee) / (1 - knee)))
    display = np.where(display <= knee, display, shoulder)
    encoded = np.where(
        display <= 0.0031308, 12.92 * display, 1.055 * np.maximum(display, 1e-9) ** (1 / 2.4) - 0.055
    )
    return np.round(np.clip(encoded, 0.0, 1.0) * 255.0).astype(np.uint8)


def to_rgb(
    frame: "VideoFrame", reformatter: "VideoReformatter", size: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """Convert a decoded picture to RGB.

    Parameters
    ----------
    frame : av.VideoFrame
        As decoded: any pixel format, matrix, range, bit depth.
    reformatter : av.video.reformatter.VideoReformatter
        Reused from frame to frame, since setting a conversion up costs more than running it.
    size : (int, int), optional
        Width and height to bring the picture to; its own by default.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        RGB.
    """
    width, height = size or (frame.width, frame.height)
    transfer = int(frame.color_trc)
    if transfer in (_PQ, _HLG):
        deep = reformatter.reformat(frame, width=width, height=height, format="rgb48le").to_ndarray()
        return hdr_lookup(transfer)[deep]
    return np.asarray(
        reformatter.reformat(frame, width=width, height=height, format="rgb24").to_ndarray(), dtype=np.uint8
    )
