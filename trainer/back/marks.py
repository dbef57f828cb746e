"""Marked landmarks: whether they can determine a back, and what the atlas knows of them."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trainer.back.atlas import Atlas
from trainer.back.fit import Landmarks
from trainer.back.frame import BACK_LANDMARKS
from trainer.back.messages import LANDMARK_NAMES
from trainer.errors import PijatError
from trainer.language import Text

Array = NDArray[np.float64]

MIN_LANDMARKS = 4
"""The fewest that determine where a back is."""


class RegistrationError(PijatError):
    """The landmarks do not determine where the back is."""


def gather(
    landmarks_px: Mapping[str, tuple[float, float] | Array],
    sigma_px: float | Mapping[str, float] | None,
    image_size: tuple[int, int],
    atlas: Atlas,
) -> Landmarks:
    """Check marked landmarks and join them with what the atlas knows of them.

    Raises
    ------
    RegistrationError
        With one sentence saying what is wrong.
    """
    unknown = [name for name in landmarks_px if name not in atlas.landmarks]
    if unknown:
        raise RegistrationError(
            Text(
                f"Titik {unknown[0]!r} tidak dikenal: yang dikenal {', '.join(BACK_LANDMARKS)}.",
                f"Expected landmarks of the back ({', '.join(BACK_LANDMARKS)}), got {unknown[0]!r}.",
            )
        )
    names = tuple(name for name in BACK_LANDMARKS if name in landmarks_px)
    pixels = np.array([np.asarray(landmarks_px[name], dtype=float) for name in names]).reshape(-1, 2)
    check_spread(names, pixels)
    default = 0.006 * max(image_size)
    if isinstance(sigma_px, Mapping):
        sigma = np.array([float(sigma_px.get(name, default)) for name in names])
    else:
        sigma = np.full(len(names), default if sigma_px is None else float(sigma_px))
    at = np.full((len(names), 2), np.nan)
    space = np.full((len(names), 3), np.nan)
    spread = np.zeros((len(names), 3))
    for i, name in enumerate(names):
        place = atlas.landmarks[name]
        if place.space_cm is None or place.space_sigma_cm is None:
            at[i] = place.at
            spread[i, :2] = place.sigma_cm
        else:
            right, down, out = place.space_cm
            space[i] = right, down, -out
            spread[i] = place.space_sigma_cm
    return Landmarks(names, pixels, np.maximum(sigma, 0.3), at, space, spread)


def check_spread(names: tuple[str, ...], pixels: Array) -> None:
    """Refuse landmarks that cannot determine a back: too few, on one line, or with left and right swapped.

    Raises
    ------
    RegistrationError
        With one sentence saying which.
    """
    if len(names) < MIN_LANDMARKS:
        raise RegistrationError(
            Text(
                f"Tandai sedikitnya {MIN_LANDMARKS} titik; sekarang baru {len(names)}.",
                f"Expected landmarks: at least {MIN_LANDMARKS}, got {len(names)}: mark more of them.",
            )
        )
    if not np.isfinite(pixels).all():
        bad = names[int(np.flatnonzero(~np.isfinite(pixels).all(axis=1))[0])]
        raise RegistrationError(
            Text(
                f"Titik {LANDMARK_NAMES[bad].id} tidak punya letak: tandai lagi.",
                f"Expected landmarks.{bad} to be two numbers, got {pixels[names.index(bad)].tolist()}.",
            )
        )
    centred = pixels - pixels.mean(axis=0)
    _, spread, _ = np.linalg.svd(centred, full_matrices=False)
    if spread[1] < 0.05 * spread[0] or spread[0] < 5.0:
        raise RegistrationError(
            Text(
                "Semua titik terletak pada satu garis: tandai juga titik di samping tulang belakang.",
                "Expected landmarks that are not on one line, got all on one: mark some beside the spine too.",
            )
        )
    where = dict(zip(names, pixels, strict=True))
    middle = [where[name] for name in ("C7", "T3", "T7", "T12") if name in where]
    left = [where[name] for name in names if name.startswith("left_")]
    right = [where[name] for name in names if name.startswith("right_")]
    if len(middle) >= 2:
        axis = middle[-1] - middle[0]
        across = None
        if left and right:
            across = np.mean(right, axis=0) - np.mean(left, axis=0)
        elif right:
            across = np.mean(right, axis=0) - np.mean(middle, axis=0)
        elif left:
            across = np.mean(middle, axis=0) - np.mean(left, axis=0)
        if across is not None and across[0] * axis[1] - across[1] * axis[0] < 0:
            raise RegistrationError(
                Text(
                    "Kiri dan kanan tertukar, atau C7 di bawah T12: kiri berarti kiri ibu, dan video tidak boleh "
                    "dicerminkan.",
                    "Expected landmarks of a back seen from behind, got left and right swapped (or C7 below "
                    "T12): the left ones are the recipient's left, and the video must not be mirrored.",
                )
            )
