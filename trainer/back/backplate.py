"""The keyframe of the back: aligned by one objective, with pixels that belong to the back and pixels that do not.

`trainer.back.alignment.Keyframe` measures its noise anew in every step, so that a poor fit is judged by a wider
scale than a good one; for a camera's motion that is robust. For a back in front of things that stay, two places
must be compared fairly: here the scale is fixed, no step is taken that lessens the agreement, and the agreement
is the same number that is reported as support.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import Alignment, Gray, Keyframe, _brightness
from trainer.back.belonging import Belonging, telling

Array = NDArray[np.float64]

_NOISE = 2.0
"""Levels of a reduced picture."""
_WIDTH = 2.5**2
_PLAIN = 0.05
"""Say of a pixel without any gradient."""
_FORGET = 0.03
_RIDGE = np.diag([0.1, 0.1, 0.1, 0.1, 1e-4, 1e-4])
_LONGEST_PX = 3.0
_SHORTEST_PX = 0.02
_APART_PX = 0.5


class BackKeyframe(Keyframe):
    """A reduced picture of the back, prepared for alignment; see `Keyframe` for the parameters.

    Parameters
    ----------
    gray : ndarray of float32, shape (rows, columns)
        The picture.
    region : ndarray of bool, shape (rows, columns)
        Which pixels may belong to the back.
    belonging : Belonging
        How likely each of them does, at the picture's full size.
    scale : int
        How many pixels of `belonging` a pixel of this picture spans.
    most : int
        Use at most this many pixels.
    """

    def __init__(
        self, gray: Gray, region: NDArray[np.bool_], belonging: Belonging, scale: int = 1, most: int = 2000
    ) -> None:
        super().__init__(gray, region, most)
        self._belonging = belonging
        self._scale = scale
        self._agreed = np.ones(len(self.points), dtype=np.float32)
        spread = _NOISE**2 + self.edge
        self._spread: NDArray[np.float32] = spread.astype(np.float32)
        self._worth: NDArray[np.float32] = (_PLAIN + self.edge / spread).astype(np.float32)
        self._weigh()

    def align(
        self, gray: Gray, covered: NDArray[np.uint8] | None, guess: Array, iterations: int
    ) -> Alignment | None:
        """Find how a picture lies to this keyframe; see `Keyframe.align`."""
        matrix = guess.copy()
        free = self._free(matrix, covered, gray.shape[0], gray.shape[1])
        shown = float((self.strength * free).sum())
        if shown <= 0.1 * float(self.strength.sum()) or free.sum() < 100:
            return None
        say = free * self.trust * self._worth
        total = max(float(say.sum()), 1e-9)
        width = _WIDTH * self._spread
        seen = self._look(gray, matrix)
        gain, offset = _brightness(self.values, seen, free)
        residual = seen - (gain * self.values + offset)
        ratio = 1.0 / (1.0 + residual**2 / width)
        best = before = float((say * ratio).sum())
        damp = 1.0
        normals, pulls = self._by_part(self.design * (say * ratio**2 / self._spread)[:, None], residual)
        for turn in range(iterations):
            step = damp * np.linalg.solve(normals.sum(axis=0) + _RIDGE, pulls.sum(axis=0))
            new_gain, new_offset = gain + float(step[4]), offset + float(step[5])
            if not 0.5 < new_gain < 2.0:
                return None
            move = step[:4] / new_gain
            move *= min(1.0, _LONGEST_PX / max(float(np.hypot(move[0], move[1])), 1e-9))
            moved = matrix @ np.linalg.inv(self.motion(move))
            moved[2] = 0.0, 0.0, 1.0
            left = self._look(gray, moved) - (new_gain * self.values + new_offset)
            agreed = 1.0 / (1.0 + left**2 / width)
            value = float((say * agreed).sum())
            small = float(np.abs(move).max()) < _SHORTEST_PX
            if value > best:
                matrix, gain, offset, residual, ratio, best = (
                    moved,
                    new_gain,
                    new_offset,
                    left,
                    agreed,
                    value,
                )
                if small or turn == iterations - 1:
                    break  # the jackknife is as good one step earlier
                normals, pulls = self._by_part(
                    self.design * (say * ratio**2 / self._spread)[:, None], residual
                )
                damp = min(1.0, 2.0 * damp)
            else:
                damp *= 0.4
            if small or damp < 0.1:
                break
        self.last_agreement = np.where(free, ratio**2, np.float32(np.nan))
        return Alignment(
            matrix=matrix,
            offset=self.offset(matrix),
            sigma=_jackknife(normals, pulls) / gain,
            support=best / total,
            support_before=before / total,
            visible=shown / float(self.strength.sum()),
        )

    def learn(self) -> None:
        """After a good alignment: pixels that keep disagreeing lose their say, others regain it."""
        known = np.isfinite(self.last_agreement)
        self._agreed[known] += _FORGET * (self.last_agreement[known] - self._agreed[known])
        np.clip(self._agreed, 0.05, 1.0, out=self._agreed)
        self._weigh()

    def tell_apart(self, picture: Gray, covered: NDArray[np.uint8] | None, back: Array, scene: Array) -> None:
        """Where back and scene have moved differently, note which pixels follow which.

        Parameters
        ----------
        picture : ndarray of float32
            The picture now.
        covered : ndarray of uint8 or None
            Non-zero where a hand or forearm hides it.
        back, scene : ndarray, shape (3, 3)
            Motions from this keyframe to the picture.
        """
        with_back, with_scene = self._moved(back), self._moved(scene)
        apart = with_back - with_scene
        if float(np.abs(apart).max(initial=0.0)) < _APART_PX:
            return
        rows, columns = picture.shape
        free = self._free(back, covered, rows, columns) & self._free(scene, covered, rows, columns)
        use = free & telling(self.design[:, :2], apart)
        if not use.any():
            return
        by_back = self._look(picture, back) - self.values
        by_scene = self._look(picture, scene) - self.values
        middle = float(np.median(by_back[free]))
        width = _WIDTH * self._spread
        agree = 1.0 / (1.0 + (by_back - middle) ** 2 / width) - 1.0 / (1.0 + (by_scene - middle) ** 2 / width)
        self._belonging.vote(self.points * self._scale, agree.astype(np.float32), use)
        self._weigh()

    def refresh(self) -> None:
        """Take over what the other keyframe of the same frame has shown."""
        self._weigh()

    def trust_map(self, shape: tuple[int, ...]) -> Gray:
        """Return how much each pixel has agreed, 1 where it is not used; see `Keyframe.trust_map`."""
        trust = np.ones(shape, dtype=np.float32)
        column, row = self.points.astype(np.intp).T
        trust[row, column] = self._agreed
        return trust

    def trust_from(self, trust: Gray) -> None:
        """Take over what another keyframe of the same frame has learned; see `trust_map`."""
        column, row = self.points.astype(np.intp).T
        self._agreed = trust[row, column]
        self._weigh()

    def _weigh(self) -> None:
        self.trust = self._agreed * self._belonging.share(self.points * self._scale)

    def _moved(self, matrix: Array) -> NDArray[np.float32]:
        place: NDArray[np.float32] = self.points @ matrix[:2, :2].T.astype(np.float32) + matrix[:2, 2].astype(
            np.float32
        )
        return place

    def _look(self, gray: Gray, matrix: Array) -> NDArray[np.float32]:
        x, y = np.ascontiguousarray(self._moved(matrix).T)
        seen = cv2.remap(gray, x[None], y[None], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen[0], dtype=np.float32)


def _jackknife(normals: Array, pulls: Array) -> Array:
    """Standard deviation of the four motions, from what the next step would be without each part."""
    whole, pull = normals.sum(axis=0), pulls.sum(axis=0)
    step = np.linalg.solve(whole + _RIDGE, pull)
    without = np.linalg.solve(whole - normals + _RIDGE, (pull - pulls)[..., None])
    spread = without[:, :4, 0] - step[:4]
    count = len(normals)
    sigma: Array = np.sqrt((count - 1) / count * (spread**2).sum(axis=0))
    return sigma
