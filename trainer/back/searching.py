"""Where in a picture a lost back might be: by template, at a few sizes and turns."""

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import Gray

Array = NDArray[np.float64]
_GROWTHS = (1.0, 0.87, 1.15)
_TURNS_DEG = (0.0, -10.0, 10.0)
_SHRINK = 0.5


def template_guesses(known: Gray, outline: Array, picture: Gray) -> list[Array]:
    """Return likely motions from a known picture to another, best first.

    Parameters
    ----------
    known : ndarray of float32, shape (rows, columns)
        The picture in which the back is known.
    outline : ndarray, shape (n, 2)
        Its outline there, pixels.
    picture : ndarray of float32
        Where to look.

    Returns
    -------
    list of ndarray, shape (3, 3)
        Three at most; each takes pixels of the known picture to the other.
    """
    low = np.maximum(np.floor(outline.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(outline.max(axis=0)).astype(int), np.array(picture.shape[::-1]))
    patch = known[low[1] : high[1], low[0] : high[0]]
    scene = np.asarray(cv2.resize(picture, None, fx=_SHRINK, fy=_SHRINK, interpolation=cv2.INTER_AREA))
    margin = round(0.25 * _SHRINK * min(patch.shape))
    scene = cv2.copyMakeBorder(scene, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    guesses: list[tuple[float, int, Array]] = []
    for growth in _GROWTHS:
        for turn in _TURNS_DEG:
            wanted = _turned(patch, growth * _SHRINK, turn)
            if wanted.shape[0] >= scene.shape[0] or wanted.shape[1] >= scene.shape[1]:
                continue
            score = cv2.matchTemplate(scene, wanted, cv2.TM_CCOEFF_NORMED)
            _, best, _, (left, top) = cv2.minMaxLoc(score)
            centre = (np.array([left, top]) + np.array(wanted.shape[::-1]) / 2 - margin) / _SHRINK
            angle = np.radians(turn)
            linear = growth * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            matrix = np.eye(3)
            matrix[:2, :2] = linear
            matrix[:2, 2] = centre - linear @ ((low + high) / 2)
            guesses.append((-float(best), len(guesses), matrix))
    guesses.sort(key=lambda entry: entry[:2])
    return [matrix for _, _, matrix in guesses[:3]]


def _turned(patch: Gray, growth: float, turn_deg: float) -> Gray:
    rows, columns = patch.shape[:2]
    size = (max(8, round(columns * growth)), max(8, round(rows * growth)))
    matrix = np.asarray(cv2.getRotationMatrix2D((columns / 2, rows / 2), -turn_deg, growth), dtype=float)
    matrix[:, 2] += np.array(size) / 2 - np.array([columns, rows]) / 2
    turned = cv2.warpAffine(patch, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.float32)
