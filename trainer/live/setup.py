"""What is right and wrong about camera, light and seat before practising: the live ticks."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trainer.back.frame import BACK_LANDMARKS
from trainer.back.view import oblique_advice
from trainer.language import Text
from trainer.live.model import BackState, Tick
from trainer.perception.back_detection import BackDetection
from trainer.perception.observation import Hand
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
_LIGHT_ONLY = frozenset({"too_dark", "too_bright"})


def ticks(
    image: NDArray[np.uint8],
    back: BackState | None,
    seen: BackDetection | None,
    hands_seen: Mapping[Hand, bool],
    fps: float | None,
    *,
    finds_back: bool = True,
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
    hands_seen : mapping of hand to bool
        Whether each hand was seen lately.
    fps : float or None
        Pictures analysed a second; None before it is known.
    finds_back : bool
        Whether the back is looked for, or a person has to place it.
    """
    advice = {entry.code: entry for entry in setup_advice(seen, image)}
    return (
        _back(back, advice.get("no_back"), finds_back),
        *(_advised(code, wrong, fine, seen, advice) for code, wrong, fine in _CODES),
        _angle(back),
        _steady(back),
        _hands(hands_seen),
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


def _back(back: BackState | None, missing: Advice | None, finds_back: bool) -> Tick:
    if back is not None and back.status != "lost":
        by_hand = Text("Punggung sudah ditandai.", "The back is marked.")
        found = Text("Punggung ditemukan.", "The back is found.")
        return Tick(
            "back", True, found if back.source == "automatic" else by_hand, _number(back.sigma_cm), "cm"
        )
    if back is None and not finds_back:
        return Tick(
            "back",
            False,
            Text(
                "Tandai punggung: geser titik-titik ke tempatnya.",
                "Mark the back: drag the points into place.",
            ),
        )
    if missing is not None and back is None:
        return Tick("back", False, missing.text)
    if back is None:
        return Tick(
            "back", None, Text("Mencari punggung; tahan sebentar.", "Looking for the back; hold still.")
        )
    return Tick(
        "back",
        False,
        Text(
            "Punggung hilang dari pandangan: geser kamera.", "The back was lost from view: move the camera."
        ),
    )


def _advised(
    code: str, wrong: tuple[str, ...], fine: Text, seen: BackDetection | None, advice: Mapping[str, Advice]
) -> Tick:
    for name in wrong:
        if name in advice:
            return Tick(code, False, advice[name].text)
    if seen is None and not set(wrong) <= _LIGHT_ONLY:
        return Tick(code, None, _WAIT)
    return Tick(code, True, fine)


def _angle(back: BackState | None) -> Tick:
    if back is None:
        return Tick("angle", None, _WAIT, None, "deg")
    oblique = oblique_advice(back.view_angle_deg)
    fine = Text("Arah kamera baik.", "The camera's angle is good.")
    text = fine if oblique is None else oblique.text
    return Tick("angle", oblique is None, text, _number(back.view_angle_deg), "deg")


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


def _hands(seen: Mapping[Hand, bool]) -> Tick:
    number = sum(seen.values())
    if number == 2:
        text = Text("Kedua tangan terlihat.", "Both hands are seen.")
        return Tick("hands", True, text, 2, "x")
    text = Text(
        "Letakkan kedua tangan di punggung supaya terlihat kamera.",
        "Lay both hands on the back so that the camera sees them.",
    )
    return Tick("hands", False if number else None, text, number, "x")


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
