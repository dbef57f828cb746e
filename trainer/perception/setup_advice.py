"""What to change about camera, light or seat before practising, in the two languages of the product.

Obliqueness in degrees is not told here: it takes the registration of the back (`trainer.back`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.language import Text
from trainer.perception.back_detection import LANDMARKS, BackDetection

MIN_SHOULDER_PX = 110.0
"""Acromion to acromion. At 33 cm this is 3 mm a pixel: a hand is then about 50 px, the least the hand
model likes.
"""
MIN_BRIGHTNESS = 45.0
"""Mean luma (0 to 255) on the back under which sensor noise hides the hands."""
MAX_BRIGHTNESS = 235.0
MIN_SHARPNESS = 1.42
"""`sharpness` under which edges are smeared over 3 px and more: eight clips, rendered and real, measured 1.8 to
2.7 as they are and 1.31 to 1.47 behind a Gaussian blur of 3 px.
"""
MAX_RELATIVE_SIGMA = 0.14
"""Sigma over the C7-T7 length (2.5 cm on an adult) from which on a landmark counts as hidden."""
LEAST_HIDDEN = 4
"""Landmarks; fewer are hidden by the hands all the time."""
_UPPER = frozenset({"C7", "left_acromion", "right_acromion"})


@dataclass(frozen=True)
class Advice:
    """One thing to change.

    Attributes
    ----------
    code : str
        Stable name for programs: ``no_back``, ``cut_off``, ``too_far``, ``too_dark``, ``too_bright``,
        ``blurred``, ``hidden``, ``two_backs``; ``oblique`` comes from `trainer.back.view`.
    text : Text
        The sentence.
    off : float
        How wrong: 0 at the limit, 1 as wrong as can be; 0 where that cannot be told.
    """

    code: str
    text: Text
    off: float = 0.0


def setup_advice(detection: BackDetection | None, image: NDArray[np.uint8]) -> list[Advice]:
    """Say what to change, the most important first; an empty list when all is well.

    Parameters
    ----------
    detection : BackDetection or None
        What `BackLandmarkDetector.detect` found in `image`.
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    """
    brightness = _brightness(detection, image)
    if detection is None:
        return [_NO_BACK, *(one for one in _light(brightness) if one.code == "too_dark")]
    blurred = sharpness(_patch(detection, image, grow=0.3)) < MIN_SHARPNESS
    return [
        *([_TWO_BACKS] if detection.second_back else []),
        *_whole(detection),
        *_distance(detection),
        *_light(brightness),
        *([_BLURRED] if blurred else []),
    ]


_NO_BACK = Advice(
    "no_back",
    Text(
        "Punggung tidak terlihat: arahkan kamera ke punggung ibu, dari bahu sampai pinggang.",
        "No back in view: aim the camera at the recipient's back, from shoulders to waist.",
    ),
    1.0,
)
_TWO_BACKS = Advice(
    "two_backs",
    Text(
        "Terlihat dua punggung: pastikan hanya satu orang yang dipijat di depan kamera.",
        "Two backs in view: keep only the recipient in front of the camera.",
    ),
)
_BLURRED = Advice(
    "blurred",
    Text(
        "Gambar buram: bersihkan lensa, tunggu fokus, dan letakkan kamera pada alas yang diam.",
        "The picture is blurred: wipe the lens, wait for focus, rest the camera on something still.",
    ),
)


def _whole(detection: BackDetection) -> list[Advice]:
    """Say where the back is cut off or hidden."""
    advice: list[Advice] = []
    if detection.missing:
        words = Text(
            "Punggung terpotong{where}: mundurkan atau geser kamera.",
            "The back is cut off{where}: move the camera back or sideways.",
        )
        off = len(detection.missing) / len(LANDMARKS)
        advice.append(Advice("cut_off", words.fill(where=_where(detection.missing)), off))
    hidden = _hidden(detection)
    if len(hidden) >= LEAST_HIDDEN:
        words = Text(
            "Sebagian punggung tertutup{where}: geser badan atau lengan Anda, rambut, atau kain.",
            "Part of the back is hidden{where}: move your body or arm, hair or cloth aside.",
        )
        off = len(hidden) / len(LANDMARKS)
        advice.append(Advice("hidden", words.fill(where=_where(hidden)), off))
    return advice


def _distance(detection: BackDetection) -> list[Advice]:
    breadth = _breadth(detection)
    if breadth >= MIN_SHOULDER_PX:
        return []
    words = Text(
        "Kamera terlalu jauh: dekatkan sampai punggung memenuhi separuh gambar.",
        "The camera is too far away: bring it closer until the back fills half of the picture.",
    )
    return [Advice("too_far", words, 1.0 - breadth / MIN_SHOULDER_PX)]


def _light(brightness: float) -> list[Advice]:
    if brightness < MIN_BRIGHTNESS:
        dark = Text("Terlalu gelap: nyalakan lampu atau buka tirai.", "Too dark: add light.")
        return [Advice("too_dark", dark, 1.0 - brightness / MIN_BRIGHTNESS)]
    if brightness > MAX_BRIGHTNESS:
        bright = Text("Terlalu terang: kurangi cahaya langsung.", "Too bright: soften the direct light.")
        return [Advice("too_bright", bright, (brightness - MAX_BRIGHTNESS) / (255.0 - MAX_BRIGHTNESS))]
    return []


def _where(names: Sequence[str]) -> Text:
    """Say in plain words where on the back landmarks lie; empty where they lie all over it."""
    sides = {name.partition("_")[0] for name in names if "_" in name}
    if sides == {"left"}:
        return Text(" di sisi kiri ibu", " on the mother's left")
    if sides == {"right"}:
        return Text(" di sisi kanan ibu", " on the mother's right")
    if "T12" in names and not _UPPER & set(names):
        return Text(" di bagian bawah", " at the bottom")
    if _UPPER & set(names) and "T12" not in names:
        return Text(" di bagian atas", " at the top")
    return Text("", "")


def sharpness(grey: NDArray[np.float64]) -> float:
    """Return how much steeper the steepest edges are than after a further blur of 4 px.

    The variance of the Laplacian, the usual measure, rises with sensor noise and falls with even skin; this
    ratio of the 98th percentiles of the gradient hardly does either. 1 means that nothing finer is left.

    Parameters
    ----------
    grey : ndarray of float, shape (height, width)
        Luma, 0 to 255.
    """
    import cv2

    if min(grey.shape) < 16:
        return float("inf")

    def steepest(sigma: float) -> float:
        smooth = cv2.GaussianBlur(grey, (0, 0), sigma)
        dx, dy = cv2.Sobel(smooth, cv2.CV_64F, 1, 0), cv2.Sobel(smooth, cv2.CV_64F, 0, 1)
        return float(np.percentile(np.hypot(dx, dy), 98))

    return steepest(1.0) / max(steepest(4.0), 1e-6)


def _grey(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(image @ np.array([0.299, 0.587, 0.114]), np.float64)


def _patch(
    detection: BackDetection | None, image: NDArray[np.uint8], grow: float = 0.0
) -> NDArray[np.float64]:
    """Return the luma of the back's bounding box (the whole picture's without a back), perhaps grown."""
    if detection is None or not detection.landmarks:
        return _grey(image)
    points = np.array(list(detection.landmarks.values()))
    margin = grow * (points.max(0) - points.min(0))
    lo = np.clip(points.min(0) - margin, 0, None).astype(int)
    hi = np.ceil(points.max(0) + margin).astype(int) + 1
    cut = image[lo[1] : hi[1], lo[0] : hi[0]]
    return _grey(cut if cut.size else image)


def _brightness(detection: BackDetection | None, image: NDArray[np.uint8]) -> float:
    return float(np.mean(_patch(detection, image)))


def _breadth(detection: BackDetection) -> float:
    """Return the shoulders' breadth, px; from the length of the spine where a shoulder is out of view.

    An oblique view shortens the breadth and not the spine, so the larger of the two counts (33.4 cm
    against 17.5 cm).
    """
    options = [detection.shoulder_width_px(), detection.length_px() * 33.4 / 17.5]
    known = [x for x in options if np.isfinite(x)]
    return max(known) if known else 0.0


def _hidden(detection: BackDetection) -> list[str]:
    length = (
        max(detection.length_px(), detection.shoulder_width_px() * 0.5, 1.0) if detection.landmarks else 1.0
    )
    if not np.isfinite(length):
        length = _breadth(detection) * 17.5 / 33.4 or 1.0
    return [name for name, sigma in detection.sigma_px.items() if sigma > MAX_RELATIVE_SIGMA * length]
