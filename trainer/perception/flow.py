"""Follow a hand's picture from frame to frame: pyramidal Lucas-Kanade flow, checked forth and back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_THUMB_AND_KNUCKLES = (1, 2, 3, 4, 5, 6, 9, 10, 13)
_MIDPOINTS = ((1, 2), (2, 3), (3, 4), (2, 5), (5, 9), (5, 6))
_WINDOW_PX = 15
_LEVELS = 2
_MIN_POINTS = 5
_PORTRAIT = 24


@dataclass(frozen=True, eq=False)
class Shift:
    """How a hand's picture moved between two frames.

    Attributes
    ----------
    offset : ndarray of float, shape (2,)
        Raw pixels.
    spread : float
        Raw pixels: robust scatter of the points' own movements about `offset` (turning hands spread more).
    share : float
        Share of the points that survived the backward check.
    """

    offset: NDArray[np.float64]
    spread: float
    share: float


def patch_points(keypoints: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points of the thumb and the near knuckles that are followed, shape (15, 2), raw pixels."""
    middles = [(keypoints[a] + keypoints[b]) / 2 for a, b in _MIDPOINTS]
    return np.vstack([keypoints[list(_THUMB_AND_KNUCKLES)], middles])


def grey(image: NDArray[np.uint8], size_px: float) -> tuple[NDArray[np.uint8], float]:
    """Return a grey picture small enough for flow, and its scale.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    size_px : float
        Longer side at most, in pixels.

    Returns
    -------
    picture : ndarray of uint8, shape (height * scale, width * scale)
    scale : float
        Pixels of the picture per raw pixel, at most 1.
    """
    import cv2

    longer = max(image.shape[:2])
    if longer <= size_px:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8), 1.0
    step = max(1, int(longer // (2 * size_px)))
    part = image[::step, ::step]
    scale = size_px / longer
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(np.ascontiguousarray(part), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8), scale


def portrait(
    picture: NDArray[np.uint8], scale: float, keypoints: NDArray[np.float64], size: float
) -> NDArray[np.float32]:
    """Return the surroundings of thumb and near knuckles as a normalised patch (mean 0, deviation 1).

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width)
        Grey picture from `grey`, `scale` of its pixels per raw pixel.
    keypoints : ndarray of float, shape (21, 2)
        Raw pixels.
    size : float
        Hand size in raw pixels; the patch is that wide.
    """
    import cv2

    side = max(int(size * scale), 8)
    x, y = (patch_points(keypoints).mean(axis=0) * scale).tolist()
    patch = cv2.getRectSubPix(picture, (side, side), (float(x), float(y)))
    small = cv2.resize(patch, (_PORTRAIT, _PORTRAIT), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray((small - small.mean()) / max(float(small.std()), 1.0), dtype=np.float32)


class FlowPictures:
    """The previous frame, kept so that a hand lost in the next one can be followed.

    Grey pictures are made only when a hand is really followed, and each once.

    Parameters
    ----------
    side_px : float
        Longer side of the grey pictures, in pixels.
    """

    def __init__(self, side_px: float) -> None:
        self._side = side_px
        self._before: NDArray[np.uint8] | None = None
        self._before_grey: NDArray[np.uint8] | None = None
        self._now_grey: NDArray[np.uint8] | None = None
        self._scale = 1.0

    def follow(self, image: NDArray[np.uint8], keypoints: NDArray[np.float64], size: float) -> Shift | None:
        """Measure how a hand of the kept frame moved towards `image`; see `follow`."""
        if self._before is None or self._before.shape != image.shape:
            return None
        if self._before_grey is None:
            self._before_grey, self._scale = grey(self._before, self._side)
        if self._now_grey is None:
            self._now_grey, self._scale = grey(image, self._side)
        return follow(self._before_grey, self._now_grey, self._scale, keypoints, size)

    def portrait(self, keypoints: NDArray[np.float64], size: float) -> NDArray[np.float32] | None:
        """Return what the thumb looked like in the kept frame; see `portrait`."""
        if self._before is None:
            return None
        if self._before_grey is None:
            self._before_grey, self._scale = grey(self._before, self._side)
        return portrait(self._before_grey, self._scale, keypoints, size)

    def likeness(self, before: NDArray[np.float32], keypoints: NDArray[np.float64], size: float) -> float:
        """Return how much the thumb looks like `before` in the frame last followed into, -1 to 1."""
        if self._now_grey is None:
            return -1.0
        return float((before * portrait(self._now_grey, self._scale, keypoints, size)).mean())

    def keep(self, image: NDArray[np.uint8]) -> None:
        """Make `image` the previous frame."""
        self._before, self._before_grey, self._now_grey = image, self._now_grey, None


def follow(
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    scale: float,
    keypoints: NDArray[np.float64],
    size: float,
) -> Shift | None:
    """Measure how a hand moved between two grey pictures.

    Parameters
    ----------
    before, after : ndarray of uint8, shape (height, width)
        Grey pictures of the two frames, from `grey`.
    scale : float
        Their pixels per raw pixel.
    keypoints : ndarray of float, shape (21, 2)
        The hand in the earlier frame, raw pixels.
    size : float
        Hand size in raw pixels.

    Returns
    -------
    Shift or None
        None when too few points come back to where they started (within 4 % of the hand).
    """
    import cv2

    points = patch_points(keypoints) * scale
    reach = max(1.0 * size * scale, 4.0 * _WINDOW_PX)
    low = np.floor(points.min(axis=0) - reach).astype(int)
    high = np.ceil(points.max(axis=0) + reach).astype(int)
    height, width = before.shape
    x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
    x1, y1 = min(width, int(high[0])), min(height, int(high[1]))
    if x1 - x0 < 2 * _WINDOW_PX or y1 - y0 < 2 * _WINDOW_PX or after.shape != before.shape:
        return None
    first, second = before[y0:y1, x0:x1], after[y0:y1, x0:x1]
    start = (points - (x0, y0)).astype(np.float32)
    inside = (start > 1).all(axis=1) & (start < (x1 - x0 - 2, y1 - y0 - 2)).all(axis=1)
    if int(inside.sum()) < _MIN_POINTS:
        return None
    start = start[inside].reshape(-1, 1, 2)
    settings = {"winSize": (_WINDOW_PX, _WINDOW_PX), "maxLevel": _LEVELS}
    there, forward, _ = cv2.calcOpticalFlowPyrLK(first, second, start, None, **settings)  # type: ignore[call-overload]
    back, backward, _ = cv2.calcOpticalFlowPyrLK(second, first, there, None, **settings)  # type: ignore[call-overload]
    return_error = np.hypot(*(back - start).reshape(-1, 2).T)
    good = (forward.ravel() == 1) & (backward.ravel() == 1) & (return_error < max(0.04 * size * scale, 0.7))
    if int(good.sum()) < _MIN_POINTS:
        return None
    moves = (there - start).reshape(-1, 2)[good].astype(np.float64) / scale
    offset = np.median(moves, axis=0)
    spread = 1.4826 * float(np.median(np.hypot(*(moves - offset).T)))
    if math.hypot(*offset) > size:
        return None
    return Shift(offset=offset, spread=spread, share=float(good.mean()))
