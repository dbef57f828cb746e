"""Photographs that installed packages carry and that anyone may pass on: backgrounds, grain and pictures without
a back.

From scikit-image (public domain or CC0, see its data/README.txt and documentation) and scikit-learn (CC BY 2.0:
china.jpg by World Trip Photo, flower.jpg by vultilion).
"""

from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
_PLACES: tuple[tuple[str, str], ...] = (
    ("skimage.data", "astronaut.png"),
    ("skimage.data", "brick.png"),
    ("skimage.data", "camera.png"),
    ("skimage.data", "chelsea.png"),
    ("skimage.data", "coffee.png"),
    ("skimage.data", "grass.png"),
    ("skimage.data", "gravel.png"),
    ("skimage.data", "rocket.jpg"),
    ("sklearn.datasets.images", "china.jpg"),
    ("sklearn.datasets.images", "flower.jpg"),
)


@cache
def photographs() -> tuple[Rgb, ...]:
    """Read them all; RGB."""
    out = []
    for package, name in _PLACES:
        data = np.frombuffer((files(package) / name).read_bytes(), np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        if picture is None:
            raise ValueError(
                f"Expected a picture in {package}/{name}, got something that OpenCV cannot decode."
            )
        out.append(np.ascontiguousarray(picture[:, :, ::-1], np.uint8))
    return tuple(out)


def piece(rng: np.random.Generator, width: int, height: int) -> Rgb:
    """Cut a piece of one of them, turned, mirrored and in its own or changed colours."""
    picture = photographs()[int(rng.integers(len(photographs())))]
    h, w = picture.shape[:2]
    scale = max(width, height) / (min(h, w) * float(np.exp(rng.uniform(np.log(0.15), np.log(1.3)))))
    turn = rng.normal(0, 0.25) if rng.random() < 0.7 else rng.uniform(-np.pi, np.pi)
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[c, -s, 0.0], [s, c, 0.0]])
    if rng.random() < 0.5:
        matrix[:, 0] *= -1
    centre = rng.uniform(0.2, 0.8, 2) * [w, h]
    matrix[:, 2] = np.array([width, height]) / 2 - matrix[:, :2] @ centre
    if scale < 0.6:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.35 / scale), np.uint8)
    out = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    if rng.random() < 0.4:  # another light, another paint
        colour = rng.uniform(0.4, 1.6, 3)
        out = np.clip(out.astype(np.float32) @ np.diag(colour) * rng.uniform(0.5, 1.3), 0, 255)
    return np.asarray(out, np.uint8)
