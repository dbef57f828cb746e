"""What the back looks like: its picture from the calibrated frame, completed as the hands uncover it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import IDENTITY, Alignment, Gray, Keyframe
from trainer.back.followed import FollowSettings
from trainer.back.lookup import facing
from trainer.back.reduction import DOUBLE, HALVE, ReducedView, Reduction, halved, halved_mask, moved
from trainer.back.registration import Registration
from trainer.back.searching import template_guesses

Array = NDArray[np.float64]

_COARSE_PIXELS = 800
_ENOUGH_SHARE = 0.03
"""Share of the region that must be new for the picture to be completed."""
_SURE_SUPPORT = 0.8
"""From here on no further guess is tried for a lost back."""
_SEEK_VISIBLE = 0.4


class BackAppearance:
    """The back as the calibrated frame shows it, and where it lies in other pictures.

    Parameters
    ----------
    outline : ndarray, shape (n, 2)
        Convex, around the back and what moves with it, reduced pixels.
    view : ReducedView
        The calibrated frame.
    settings : FollowSettings
        What it takes to complete the picture and to find a lost back.

    Attributes
    ----------
    keyframe : Keyframe
        For the present picture of the back.
    detail : float
        Of the calibrated frame; see `ReducedView.detail`.
    """

    def __init__(self, outline: Array, view: ReducedView, settings: FollowSettings) -> None:
        self._settings = settings
        self._outline = outline
        self._picture = view.picture
        self._region = np.zeros(view.picture.shape, np.uint8)
        cv2.fillConvexPoly(self._region, np.rint(outline).astype(np.int32), 1)
        self._known = (view.uncovered & (self._region > 0)).astype(np.uint8)
        self._learned_s = -np.inf
        self.detail = view.detail
        self.keyframe, self._coarse = _keyframes(self._picture, self._known)

    def align(self, view: ReducedView, guess: Array, *, coarse: bool = False) -> Alignment | None:
        """Find the back near a guess: within a few pixels, or farther off when `coarse`."""
        if coarse:
            half = view.half
            rough = self._coarse.align(half.picture, half.covered, HALVE @ guess @ DOUBLE, 12)
            if rough is not None:
                guess = DOUBLE @ rough.matrix @ HALVE
        return self.keyframe.align(view.picture, view.covered, guess, 8 if coarse else 3)

    def seek(self, view: ReducedView, last: Array) -> Alignment | None:
        """Look for a lost back where it was last, where it was calibrated, and where a template of it fits."""
        settings = self._settings
        best: Alignment | None = None
        templates = template_guesses(self.keyframe.gray, self._outline, view.picture)
        for guess in (last, IDENTITY, *templates):
            found = self.align(view, guess, coarse=True)
            if found is None or found.support < settings.again_support or found.visible < _SEEK_VISIBLE:
                continue
            likeness = self.keyframe.likeness(view.picture, view.covered, found.matrix)
            if likeness < settings.again_likeness:
                continue
            if best is None or found.support > best.support:
                best = found
                if best.support > _SURE_SUPPORT:
                    break
        return best

    def uncover(self, view: ReducedView, motion: Array, now_s: float) -> None:
        """Learn what lay under the hands in the calibrated frame, now that they are elsewhere.

        Parameters
        ----------
        view : ReducedView
            The present picture.
        motion : ndarray, shape (3, 3)
            Takes reduced pixels of the calibrated frame to those of this one.
        now_s : float
            The picture's time.
        """
        if now_s - self._learned_s < self._settings.learn_s or view.covered is None:
            return
        self._learned_s = now_s
        size = (view.picture.shape[1], view.picture.shape[0])
        flags = cv2.WARP_INVERSE_MAP
        hidden = cv2.warpAffine(
            view.covered, motion[:2], size, flags=flags | cv2.INTER_NEAREST, borderValue=255
        )
        fresh = (self._region > 0) & (self._known == 0) & (hidden == 0)
        if fresh.sum() < _ENOUGH_SHARE * self._region.sum():
            return
        here = cv2.warpAffine(view.picture, motion[:2], size, flags=flags | cv2.INTER_LINEAR)
        shared = (self._known > 0) & (hidden == 0)
        shift = float(np.median(here[shared] - self._picture[shared])) if shared.any() else 0.0
        self._picture = self._picture.copy()
        self._picture[fresh] = here[fresh] - shift
        self._known[fresh] = 1
        trust = self.keyframe.trust_map(self._region.shape)
        self.keyframe, self._coarse = _keyframes(self._picture, self._known)
        self.keyframe.trust_from(trust)

    def distance(self, one: Array, other: Array) -> float:
        """Return how far two motions lie apart at the corners of the back, reduced pixels."""
        low, high = self._outline.min(axis=0), self._outline.max(axis=0)
        box = np.array([low, high, [low[0], high[1]], [high[0], low[1]]])
        return float(np.abs(moved(box, one) - moved(box, other)).max())


def back_outline(registration: Registration, reduction: Reduction, margin: float) -> Array:
    """Return the convex outline of the visible back, widened by a margin, reduced pixels, shape (n, 2)."""
    pixels = registration.forward.values[..., :2]
    visible = facing(registration.forward) > 0
    size = np.asarray(registration.image_size)
    visible &= (pixels > -0.3 * size).all(axis=2) & (pixels < 1.3 * size).all(axis=2)
    points = reduction.points(np.asarray(pixels[visible]))
    hull = cv2.convexHull(np.ascontiguousarray(points, dtype=np.float32))[:, 0].astype(float)
    centre = hull.mean(axis=0)
    result: Array = centre + (hull - centre) * (1.0 + 2.0 * margin)
    return result


def _keyframes(picture: Gray, known: NDArray[np.uint8]) -> tuple[Keyframe, Keyframe]:
    coarse = Keyframe(halved(picture), halved_mask(known) > 0, _COARSE_PIXELS)
    return Keyframe(picture, known > 0), coarse
