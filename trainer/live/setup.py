"""What is right and wrong about camera, light and seat before practising: the live ticks."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trainer.back.frame import BACK_LANDMARKS
from trainer.back.view import oblique_advice, unhide_advice
from trainer.language import Text, join
from trainer.live.model import BackState, HandsSeen, Tick
from trainer.live.sight import OFTEN, SELDOM
from trainer.perception.back_detection import BackDetection
from trainer.perception.observation import HANDS
from trainer.perception.setup_advice import Advice, setup_advice

LEAST_FPS = 12.0
"""Circles of 2 Hz need six looks a turn."""
_CODES: tuple[tuple[str, tuple[str, ...], Text], ...] = (
    ("whole", ("cut_off", "hidden"), Text("Seluruh punggung terlihat.", "The whole back is in view.")),
    ("distance", ("too_far",), Text("Jarak kamera pas.", "The distance is right.")),
    ("light", ("too_dark", "too_bright"), Text("Cahaya cukup.", "The light is right.")),
    ("sharpness", ("blurred",), Text("Gambar tajam.", "The picture is sharp.")),
    ("alone", ("two_backs",), Text("Hanya satu orang yang dipijat.", "One recipient in view.")),
)
_WAIT = Text("Menunggu punggung terlihat.", "Waiting for the back to be seen.")
_FOUND = Text("Punggung ditemukan.", "The back is found.")
_MARKED = Text("Punggung sudah ditandai.", "The back is marked.")
_MARK = Text("Tandai punggung: geser titik-titik ke tempatnya.", "Mark the back: drag the points into place.")
_LOST = Text("Punggung hilang dari pandangan: geser kamera.", "The back was lost from view: move the camera.")
_LOOKING = Text("Mencari punggung; tahan sebentar.", "Looking for the back; hold still.")
_BODY = Text(
    "Tangan terlihat, punggung tidak. Mungkin tertutup badan Anda: taruh kamera di samping ibu seperti gambar.",
    "A hand is seen, the back is not. Your body may hide it: put the camera to her side, as drawn.",
)
_UNSURE = Text(
    "Punggung terlihat, letaknya belum pasti. Taruh kamera seperti gambar, atau tekan Tandai punggung.",
    "A back is seen, its place is not sure. Put the camera as drawn, or press Mark the back.",
)
_LAY = Text(
    "Letakkan kedua tangan di punggung. Tetap tidak terlihat? Badan Anda menutupinya: taruh kamera seperti gambar.",
    "Lay both hands on the back. Still not seen? Your body hides them: put the camera as drawn.",
)
_SOMETIMES = Text("Tangan hanya sesekali terlihat.", "The hands are seen only now and then.")
_ONE_HAND = Text("Hanya satu tangan yang terlihat.", "Only one hand is seen.")
UNSURE_S = 4.0
"""A back that is seen for so long and not registered will not be by waiting."""
_LIGHT_ONLY = frozenset({"too_dark", "too_bright"})


def ticks(
    image: NDArray[np.uint8],
    back: BackState | None,
    seen: BackDetection | None,
    hands: HandsSeen,
    fps: float | None,
    *,
    finds_back: bool = True,
    seen_for_s: float = 0.0,
) -> tuple[Tick, ...]:
    """Say point by point whether the set-up is right, the most important first.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    back : BackState or None
        The registration, when there is one.
    seen : BackDetection or None
        Where the landmarks lie in this picture, found or placed.
    hands : HandsSeen
        How often hands were seen lately.
    fps : float or None
        Pictures analysed a second; None before it is known.
    finds_back : bool
        Whether the back is looked for, or a person has to place it.
    seen_for_s : float
        For how long a back has been seen in the picture without its place being sure, s.
    """
    advice = {entry.code: entry for entry in setup_advice(seen, image)}
    return (
        _back(back, advice.get("no_back"), finds_back, seen_for_s, hands),
        *(_advised(code, wrong, fine, seen, advice) for code, wrong, fine in _CODES),
        _angle(back),
        _steady(back),
        _hands(hands, back),
        _fps(fps),
    )


def placed(landmarks: NDArray[np.float64], size: tuple[int, int], sigma_px: float) -> BackDetection:
    """Return followed landmarks, shape (len(BACK_LANDMARKS), 2) px, as if they had been detected."""
    width, height = size
    inside: dict[str, tuple[float, float]] = {}
    outside = []
    for name, (x, y) in zip(BACK_LANDMARKS, landmarks, strict=True):
        if not np.isfinite([x, y]).all():
            continue
        if 0 <= x < width and 0 <= y < height:
            inside[name] = (float(x), float(y))
        else:
            outside.append(name)
    return BackDetection(inside, dict.fromkeys(inside, sigma_px), 1.0, size, tuple(outside))


def _back(
    back: BackState | None, missing: Advice | None, finds_back: bool, seen_for_s: float, hands: HandsSeen
) -> Tick:
    if back is not None and back.status != "lost":
        text = _FOUND if back.source == "automatic" else _MARKED
        return Tick("back", True, text, _number(back.sigma_cm), "cm")
    if back is not None:
        return Tick("back", False, _LOST, off=1.0)
    if not finds_back:
        return Tick("back", False, _MARK, off=1.0)
    if missing is not None:
        return Tick("back", False, _BODY if hands.one >= OFTEN else missing.text, off=1.0)
    if seen_for_s >= UNSURE_S:
        return Tick("back", False, _UNSURE, off=0.5)
    return Tick("back", None, _LOOKING)


def _advised(
    code: str, wrong: tuple[str, ...], fine: Text, seen: BackDetection | None, advice: Mapping[str, Advice]
) -> Tick:
    for name in wrong:
        if name in advice:
            return Tick(code, False, advice[name].text, off=advice[name].off)
    if seen is None and not set(wrong) <= _LIGHT_ONLY:
        return Tick(code, None, _WAIT)
    return Tick(code, True, fine)


def _angle(back: BackState | None) -> Tick:
    if back is None:
        return Tick("angle", None, _WAIT, None, "deg")
    oblique = oblique_advice(back.view_angle_deg, back.elevation_deg)
    fine = Text("Arah kamera baik.", "The camera's angle is good.")
    text = fine if oblique is None else oblique.text
    off = 0.0 if oblique is None else oblique.off
    return Tick("angle", oblique is None, text, _number(back.view_angle_deg), "deg", off)


def _steady(back: BackState | None) -> Tick:
    if back is None:
        return Tick("steady", None, _WAIT)
    if back.status == "followed":
        return Tick("steady", True, Text("Punggung terus terikuti.", "The back is being followed."))
    return Tick(
        "steady",
        False,
        Text("Kamera atau ibu bergerak: tahan sebentar.", "Camera or mother is moving: hold still."),
    )


def _hands(seen: HandsSeen, back: BackState | None) -> Tick:
    """Say whether both hands are seen, and what most likely hides them where they are not."""
    number = (seen.one >= OFTEN) + (seen.both >= OFTEN)
    if number == len(HANDS):
        return Tick("hands", True, Text("Kedua tangan terlihat.", "Both hands are seen."), number, "x")
    if seen.one < SELDOM:
        return Tick("hands", None, _WAIT if back is None else _LAY, number, "x")
    azimuth, elevation = (math.nan, math.nan) if back is None else (back.azimuth_deg, back.elevation_deg)
    words = join(_ONE_HAND if number else _SOMETIMES, " ", unhide_advice(azimuth, elevation))
    return Tick("hands", False, words, number, "x", 1.0 - 0.5 * (seen.one + seen.both))


def _fps(fps: float | None) -> Tick:
    if fps is None:
        return Tick("fps", None, Text("Mengukur kecepatan.", "Measuring the speed."), None, "fps")
    if fps >= LEAST_FPS:
        return Tick(
            "fps", True, Text("Laptop cukup cepat.", "The laptop is fast enough."), round(fps, 1), "fps"
        )
    return Tick(
        "fps",
        False,
        Text(
            f"Hanya {fps:.1f} gambar per detik: tutup program lain.".replace(".", ",", 1),
            f"Only {fps:.1f} pictures a second: close other programs.",
        ),
        round(fps, 1),
        "fps",
    )


def _number(value: float) -> float | None:
    return round(value, 2) if np.isfinite(value) else None
