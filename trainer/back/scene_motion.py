"""The motion of the whole scene, which is the camera's: each picture is aligned with a keyframe of the scene."""

import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import IDENTITY, Keyframe
from trainer.back.reduction import DOUBLE, HALVE, ReducedView

Array = NDArray[np.float64]

_PIXELS = 1200
_BELIEVED = 0.45
"""Support from which the scene's motion is taken over."""
_STALE = 0.55
"""Support under which another keyframe is made."""
_WORSENED = 0.85
"""Share of the usual support under which a longer fit is tried."""


class SceneMotion:
    """Follows everything that the camera sees, hands left out.

    Parameters
    ----------
    view : ReducedView
        The first picture.
    """

    def __init__(self, view: ReducedView) -> None:
        self._keyframe = _keyframe(view)
        self._base = IDENTITY.copy()
        self._now = IDENTITY.copy()
        self._support = 1.0

    def step(self, view: ReducedView) -> Array | None:
        """Return the motion since the last picture, shape (3, 3), reduced pixels; None when it is not told."""
        half = view.half
        guess = self._now @ np.linalg.inv(self._base)
        seen = self._keyframe.align(half.picture, half.covered, guess, 4)
        if seen is None or seen.support < _WORSENED * self._support:
            again = self._keyframe.align(half.picture, half.covered, guess, 15)
            seen = again if again is not None and (seen is None or again.support > seen.support) else seen
        change: Array | None = None
        if seen is not None and seen.support > _BELIEVED:
            now = seen.matrix @ self._base
            change = DOUBLE @ now @ np.linalg.inv(self._now) @ HALVE
            self._now = now
            self._support = 0.9 * self._support + 0.1 * seen.support
            self._keyframe.learn()
        if seen is None or seen.support < _STALE:
            self._keyframe = _keyframe(view)
            self._base = self._now.copy()
            self._support = 1.0
        return change


def _keyframe(view: ReducedView) -> Keyframe:
    return Keyframe(view.half.picture, view.half.uncovered, _PIXELS)
