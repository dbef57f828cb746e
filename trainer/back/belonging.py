"""Which pixels of the registered frame move with the back, and which stay with the room.

Around a back lie cushion, table, chair and wall; when the person shifts, they stay and would hold a fit back.
Before that happens nothing tells them apart for certain, but what lies on the modelled back moves with it, and
so, likely, does what has its colours. Once the back has moved otherwise than the scene, each pixel shows which
of the two it follows, and is remembered for it: two motions, each with its pixels (Wang & Adelson, IEEE Trans.
Image Processing 3, 1994), of which one is known because the camera's is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import Gray

Array = NDArray[np.float64]

ELSEWHERE = 0.12
"""How likely a pixel off the modelled back, and unlike it, moves with it."""
ALIKE = 0.8
"""The same for one with the back's colours."""
_LEAST, _MOST = 0.03, 0.97
_SAY = 0.25
_MOST_ODDS = 4.0
_TELLING_LEVELS = 2.0
"""A pixel tells only where the two motions make it differ by this many levels."""
_COLOURS = (8, 16, 16)


class Belonging:
    """How likely each pixel of a frame moves with the back.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        The registered frame, RGB.
    inner : ndarray of uint8, shape (rows, columns)
        Non-zero on the modelled back, in the reduced picture.
    known : ndarray of uint8, shape (rows, columns)
        Non-zero where no hand covers it.
    """

    def __init__(self, image: NDArray[np.uint8], inner: NDArray[np.uint8], known: NDArray[np.uint8]) -> None:
        likely = np.clip(_likely(image, inner, known), _LEAST, _MOST)
        self._prior: Gray = np.log(likely / (1.0 - likely)).astype(np.float32)
        self._votes: Gray = np.zeros(inner.shape, np.float32)

    def share(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how likely each point moves with the back, 0 to 1, shape (n,)."""
        column, row = points.astype(np.intp).T
        odds = self._prior[row, column] + self._votes[row, column]
        result: NDArray[np.float32] = 1.0 / (1.0 + np.exp(-odds))
        return result

    def vote(self, points: NDArray[np.float32], agree: NDArray[np.float32], use: NDArray[np.bool_]) -> None:
        """Remember what points showed.

        Parameters
        ----------
        points : ndarray, shape (n, 2)
            Pixels of the registered frame.
        agree : ndarray, shape (n,)
            From -1 (follows the scene) to 1 (follows the back).
        use : ndarray of bool, shape (n,)
            Which of them could tell.
        """
        column, row = points[use].astype(np.intp).T
        votes = self._votes[row, column] + _SAY * agree[use]
        self._votes[row, column] = np.clip(votes, -_MOST_ODDS, _MOST_ODDS)


def telling(slope: NDArray[np.float32], apart: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say which points could tell two motions apart, from their gradients and how far the motions put them apart."""
    result: NDArray[np.bool_] = np.abs((slope * apart).sum(axis=1)) > _TELLING_LEVELS
    return result


def _likely(image: NDArray[np.uint8], inner: NDArray[np.uint8], known: NDArray[np.uint8]) -> Gray:
    size = (inner.shape[1], inner.shape[0])
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    bins = _colour_bins(small)
    likely = np.full(inner.shape, ELSEWHERE, np.float32)
    own = (inner > 0) & (known > 0)
    if own.sum() >= 50:
        here, there = _histogram(bins[own]), _histogram(bins[inner == 0])
        ratio = (here / (here + there + 1e-6))[bins]
        like = cv2.medianBlur((255 * ratio).astype(np.uint8), 3)
        # The outline of the body lies half in the background's colours.
        like = cv2.dilate(like, np.ones((3, 3), np.uint8)).astype(np.float32) / 255.0
        likely += (ALIKE - ELSEWHERE) * np.clip((like - 0.4) / 0.4, 0.0, 1.0)
    wide = cv2.dilate((inner > 0).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    return np.asarray(np.maximum(likely, cv2.GaussianBlur(wide, (0, 0), 1.0)), dtype=np.float32)


def _colour_bins(image: NDArray[np.uint8]) -> NDArray[np.intp]:
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.int32)
    light = np.clip(lab[..., 0] // 32, 0, _COLOURS[0] - 1)
    # Skin, cloth and wood lie within a narrow band of hues: bins of 6 levels about grey.
    a, b = (np.clip((lab[..., k] - 96) // 6, 0, _COLOURS[k] - 1) for k in (1, 2))
    return np.asarray((light * _COLOURS[1] + a) * _COLOURS[2] + b, dtype=np.intp)


def _histogram(bins: NDArray[np.intp]) -> Array:
    counts = np.bincount(bins, minlength=int(np.prod(_COLOURS))).astype(float).reshape(_COLOURS)
    for axis in range(3):
        counts = counts + 0.5 * (np.roll(counts, 1, axis) + np.roll(counts, -1, axis))
    flat: Array = counts.ravel() / max(float(counts.sum()), 1.0)
    return flat
