"""Where to look, and when a second look is worth its price.

The landmarker shrinks whatever it is shown to 192 pixels to search for palms.  In a square around the back
hands are larger there than in the full frame, and both views fail on different frames.  So the crop is the
main view wherever the back or the hands are known, and the other view is asked only while a hand is missing,
from a ration that accrues with every frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.perception.landmarker import Window

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in raw pixels."""

_PAD = 0.25  # of the back's longer side, on each side
_DRIFT = 0.12  # of the window's side: the window stays where it is until its target has moved this far
_RESIZE = 1.3  # and until its target has grown or shrunk by this factor


def crop_target(roi: Box | None, hands: list[NDArray[np.float64]], size: float | None) -> Box | None:
    """Return the box worth looking at: the back padded, together with hands that are followed.

    Parameters
    ----------
    roi : box or None
        The back's bounding box.
    hands : list of ndarray, shape (21, 2)
        Followed hands, raw pixels.
    size : float or None
        Size of the larger followed hand in pixels; without a back the hands' box is padded by 2.5 of it.
    """
    corners: list[NDArray[np.float64]] = []
    if roi is not None:
        pad = _PAD * max(roi[2] - roi[0], roi[3] - roi[1])
        corners.append(np.array([(roi[0] - pad, roi[1] - pad), (roi[2] + pad, roi[3] + pad)]))
    if hands and size is not None:
        pad = (0.5 if roi is not None else 2.5) * size
        points = np.vstack(hands)
        corners.append(np.array([points.min(axis=0) - pad, points.max(axis=0) + pad]))
    if not corners:
        return None
    both = np.vstack(corners)
    x0, y0 = both.min(axis=0)
    x1, y1 = both.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


@dataclass
class CropWindow:
    """A square window that follows its target in rare steps: each makes MediaPipe search anew."""

    _window: Window | None = None

    def update(self, target: Box | None, frame_width: int, frame_height: int) -> Window | None:
        """Return the window for this frame, or None without a target or when it would be the whole frame."""
        if target is None:
            self._window = None
            return None
        x0, y0 = max(target[0], 0.0), max(target[1], 0.0)
        x1, y1 = min(target[2], float(frame_width)), min(target[3], float(frame_height))
        if x1 - x0 < 16 or y1 - y0 < 16:
            self._window = None
            return None
        side = max(x1 - x0, y1 - y0)
        centre = ((x0 + x1) / 2, (y0 + y1) / 2)
        wanted = Window.square(centre, side, frame_width, frame_height)
        kept = self._window
        if kept is None or not _close(kept, wanted):
            # A little larger than asked, so that small movements do not move it again.
            self._window = kept = Window.square(centre, 1.05 * side, frame_width, frame_height)
        if kept.width * kept.height > 0.8 * frame_width * frame_height:
            return None
        return kept


def _close(a: Window, b: Window) -> bool:
    side = max(a.width, a.height)
    drift = max(abs(a.x + a.width / 2 - b.x - b.width / 2), abs(a.y + a.height / 2 - b.y - b.height / 2))
    growth = max(a.width, a.height) / max(b.width, b.height)
    return drift <= _DRIFT * side and 1 / _RESIZE <= growth <= _RESIZE


@dataclass
class Ration:
    """A budget of extra looks: `rate` of them accrues per frame, each look costs one.

    Looks that find nothing new become rarer (every miss doubles the pause, up to `longest_pause` frames), so
    an empty room costs next to nothing. When the main view finds more or fewer hands than before, the next look may
    come at once.
    """

    rate: float
    most: float = 2.0
    longest_pause: int = 32
    _saved: float = 1.0
    _pause: int = 0
    _misses: int = 0
    _hands: int = 0

    def tick(self, hands: int) -> None:
        """Count one more frame, in which the main view found so many hands."""
        if hands != self._hands:
            self._hands, self._pause, self._misses = hands, 0, 0
        self._saved = min(self._saved + self.rate, self.most)
        self._pause = max(self._pause - 1, 0)

    def may_look(self) -> bool:
        """Tell whether a look is affordable now."""
        return self._saved >= 1.0 and self._pause == 0

    def spend(self, found_more: bool) -> None:
        """Pay for a look."""
        self._saved -= 1.0
        self._misses = 0 if found_more else self._misses + 1
        self._pause = 0 if found_more else min(2**self._misses, self.longest_pause)
