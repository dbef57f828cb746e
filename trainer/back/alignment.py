"""Aligning a picture with a keyframe of it, by brightness and colour themselves.

Bare skin has hardly a corner to track, but its shading, its folds and its outline against hair, clothing and
background are many weak gradients; together they fix the motion to a fraction of a pixel. This is the inverse
compositional method of Baker & Matthews (Int. J. Computer Vision 56, 2004) with robust weights, so that
hands, shadows and whatever else moves on its own drop out, and with gain and offset of the brightness as
unknowns. How far the answer can be trusted is told by leaving out one part of the picture at a time (the
jackknife): a shadow that drags the fit along does so from one place, a back that moves does so everywhere.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Gray = NDArray[np.float32]

IDENTITY: Array = np.eye(3)
"""No motion."""
_NOISE_FLOOR = 1.5
"""Levels below which a difference is never an outlier."""
_WIDTH_SIGMAS = 2.5
_TOLERANCE_PX = 0.35
"""How far out of place an edge may be before it counts as something else."""
_PLAIN_SHARE = 0.1
_FORGET = 0.03
"""How fast a pixel that keeps disagreeing with the keyframe loses its say."""
_BLOCKS = 3
_RIDGE = np.diag([0.1, 0.1, 0.1, 0.1, 1e-4, 1e-4])
_LOG = (45.0 * np.log(np.arange(256) + 12.0)).astype(np.float32)
# Shadows change brightness more than colour: colour (red against green and blue) counts more.
_MIX = np.array([[2.0 + 0.08, -1.0 + 0.08, -1.0 + 0.08]], dtype=np.float32)


def reduce_picture(image: NDArray[np.uint8], size: tuple[int, int]) -> Gray:
    """Return a small picture of logarithmic colour and some brightness, in which shadows are faint.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    size : tuple of int
        Width and height wanted.
    """
    small = image
    # Halving by pairs equals area averaging and is several times faster than it.
    while (
        small.shape[1] == 2 * (small.shape[1] // 2)
        and small.shape[1] >= 2 * size[0]
        and not small.shape[0] % 2
    ):
        small = np.asarray(cv2.resize(small, (small.shape[1] // 2, small.shape[0] // 2)), dtype=np.uint8)
    if small.shape[1::-1] != size:
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return np.asarray(cv2.transform(cv2.LUT(small, _LOG), _MIX), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Alignment:
    """How a picture lies to a keyframe.

    Attributes
    ----------
    matrix : ndarray, shape (3, 3)
        Takes pixels of the keyframe to pixels of the picture.
    offset : ndarray, shape (4,)
        The same motion as shift x, y, growth and turn about the keyframe's middle, all in pixels (the last
        two at the keyframe's root-mean-square distance from it).
    sigma : ndarray, shape (4,)
        Standard deviation of each, by the jackknife over parts of the picture.
    support : float
        Share (0 to 1) of the keyframe's visible gradients that are found again.
    support_before : float
        The same where the search began.
    visible : float
        Share of the keyframe's gradients that lie within the picture and are not under a hand.
    """

    matrix: Array
    offset: Array
    sigma: Array
    support: float
    support_before: float
    visible: float


class Keyframe:
    """A reduced picture of the back, prepared for alignment.

    Parameters
    ----------
    gray : ndarray of float32, shape (rows, columns)
        The picture.
    region : ndarray of bool, shape (rows, columns)
        Which pixels belong to the back and what moves with it.
    most : int
        Use at most this many pixels: those with the largest gradients, and a few plain ones.
    """

    def __init__(self, gray: Gray, region: NDArray[np.bool_], most: int = 2000) -> None:
        self.gray = gray
        self.region = region
        smooth = cv2.GaussianBlur(gray, (0, 0), 0.7)
        slope_x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=0.125)
        slope_y = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=0.125)
        inside = region.copy()
        inside[:2], inside[-2:], inside[:, :2], inside[:, -2:] = False, False, False, False
        rows, columns = np.nonzero(inside)
        strength = slope_x[rows, columns] ** 2 + slope_y[rows, columns] ** 2
        if len(rows) > most:
            order = np.argsort(-strength)
            plain = round(_PLAIN_SHARE * most)
            rest = order[most - plain :]
            chosen = np.concatenate([order[: most - plain], rest[:: max(1, len(rest) // plain)]])
            rows, columns, strength = rows[chosen], columns[chosen], strength[chosen]
        self.points = np.stack([columns, rows], axis=1).astype(np.float32)
        self.centre = self.points.mean(axis=0).astype(float) if len(rows) else np.zeros(2)
        local = self.points - self.centre
        self.size = max(float(np.sqrt((local**2).sum(axis=1).mean())) if len(rows) else 1.0, 1.0)
        x, y = (local / self.size).T
        gx, gy = slope_x[rows, columns], slope_y[rows, columns]
        values = gray[rows, columns]
        # Shift x, y; growth; turn; then gain and offset of the brightness.
        terms = [gx, gy, gx * x + gy * y, gy * x - gx * y, values, np.ones_like(gx)]
        design = np.stack(terms, axis=1).astype(np.float32)
        # Sorted by part of the picture, so that each part is one slice.
        part = np.zeros(len(rows), dtype=np.intp)
        if len(rows):
            u = np.searchsorted(np.quantile(x, np.arange(1, _BLOCKS) / _BLOCKS), x)
            v = np.searchsorted(np.quantile(y, np.arange(1, _BLOCKS) / _BLOCKS), y)
            part = v * _BLOCKS + u
        order = np.argsort(part, kind="stable")
        self.parts = np.searchsorted(part[order], np.arange(_BLOCKS * _BLOCKS + 1))
        self.points, strength = np.ascontiguousarray(self.points[order]), strength[order]
        self.design, self.values = np.ascontiguousarray(design[order]), values[order]
        # An edge a little out of place differs much: that is what is to be measured, not an outlier.
        self.edge = (_TOLERANCE_PX**2 * strength).astype(np.float32)
        # Large gradients are few; without a cap the outline alone would decide what counts as found again.
        self.strength = np.minimum(strength, 4.0 * float(np.mean(strength)) if len(rows) else 1.0)
        self.trust = np.ones(len(rows), dtype=np.float32)

    def __len__(self) -> int:
        return len(self.points)

    def align(
        self, gray: Gray, covered: NDArray[np.uint8] | None, guess: Array, iterations: int
    ) -> Alignment | None:
        """Find how a picture lies to this keyframe, starting from a guess within a few pixels.

        Parameters
        ----------
        gray : ndarray of float32, shape as the keyframe
            The picture.
        covered : ndarray of uint8 or None
            Non-zero where a hand or forearm hides the back.
        guess : ndarray, shape (3, 3)
            First motion.
        iterations : int
            At most this many.

        Returns
        -------
        Alignment or None
            None when hardly anything of the keyframe is in view.
        """
        matrix = guess.copy()
        rows, columns = gray.shape
        free = self._free(matrix, covered, rows, columns)
        shown = float((self.strength * free).sum())
        if shown <= 0.1 * float(self.strength.sum()) or free.sum() < 100:
            return None
        weight = np.zeros(len(self.points), dtype=np.float32)
        trusted = free * self.trust
        gain, offset, share_before = 1.0, 0.0, 0.0
        normals, pulls = np.zeros((0, 6, 6)), np.zeros((0, 6))
        for turn in range(iterations):
            x, y = matrix[:2, :2].astype(np.float32) @ self.points.T + matrix[:2, 2:].astype(np.float32)
            seen = cv2.remap(gray, x[None], y[None], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
            if turn == 0:
                gain, offset = _brightness(self.values, seen, free)
            residual = seen - (gain * self.values + offset)
            noise = max(_NOISE_FLOOR, 1.4826 * float(np.median(np.abs(residual[free][::3]))))
            width = _WIDTH_SIGMAS**2 * (noise**2 + self.edge)
            weight = trusted / (1.0 + residual**2 / width) ** 2
            if turn == 0:
                share_before = float((self.strength * weight).sum())
            # Every edge counts alike, however strong: a sleeve must not outvote the outline of the body.
            weighted = self.design * (weight / (noise**2 + self.edge))[:, None]
            normals, pulls = self._by_part(weighted, residual)
            step = np.linalg.solve(normals.sum(axis=0) + _RIDGE, pulls.sum(axis=0))
            gain, offset = gain + float(step[4]), offset + float(step[5])
            if not 0.5 < gain < 2.0:
                return None
            step[:4] /= gain
            length = float(np.hypot(step[0], step[1]))
            if length > 3.0:
                step[:4] *= 3.0 / length
            matrix = matrix @ np.linalg.inv(self.motion(step[:4]))
            matrix[2] = 0.0, 0.0, 1.0
            if length < 0.02 and turn:
                break
        agreed = weight / np.maximum(self.trust, 1e-3)
        share = float((self.strength * weight).sum())
        total = float((self.strength * trusted).sum())
        self.last_agreement = np.where(free, agreed, np.float32(np.nan))
        # Jackknife: what the last step would be without each part; it is near zero with all.
        without = np.linalg.solve(
            normals.sum(axis=0) - normals + _RIDGE, (pulls.sum(axis=0) - pulls)[..., None]
        )
        spread = (without[:, :4, 0] - step[:4] * gain) / gain
        count = len(normals)
        sigma = np.sqrt((count - 1) / count * (spread**2).sum(axis=0))
        return Alignment(
            matrix=matrix,
            offset=self.offset(matrix),
            sigma=sigma,
            support=share / max(total, 1e-9),
            support_before=share_before / max(total, 1e-9),
            visible=shown / float(self.strength.sum()),
        )

    def _by_part(self, weighted: Gray, residual: Gray) -> tuple[Array, Array]:
        normals, pulls = [], []
        for start, end in zip(self.parts, self.parts[1:], strict=False):
            normals.append(weighted[start:end].T @ self.design[start:end])
            pulls.append(weighted[start:end].T @ residual[start:end])
        return np.array(normals, dtype=float), np.array(pulls, dtype=float)

    def offset(self, matrix: Array) -> Array:
        """Return a motion as shift x, y, growth and turn about the middle; see `Alignment.offset`."""
        shift = matrix[:2, :2] @ self.centre + matrix[:2, 2] - self.centre
        growth = 0.5 * (matrix[0, 0] + matrix[1, 1]) - 1.0
        turn = 0.5 * (matrix[1, 0] - matrix[0, 1])
        return np.array([shift[0], shift[1], growth * self.size, turn * self.size])

    def motion(self, offset: Array) -> Array:
        """Return the matrix of a motion given as `offset` does."""
        growth, turn = offset[2:4] / self.size
        linear = np.array([[1 + growth, -turn], [turn, 1 + growth]])
        matrix = np.eye(3)
        matrix[:2, :2] = linear
        matrix[:2, 2] = self.centre + offset[:2] - linear @ self.centre
        return matrix

    def likeness(self, gray: Gray, covered: NDArray[np.uint8] | None, matrix: Array) -> float:
        """Return the correlation (-1 to 1) of keyframe and picture, without any outliers left out."""
        free = self._free(matrix, covered, gray.shape[0], gray.shape[1])
        if free.sum() < 100:
            return 0.0
        x, y = matrix[:2, :2].astype(np.float32) @ self.points.T + matrix[:2, 2:].astype(np.float32)
        seen = cv2.remap(gray, x[None], y[None], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        a, b = seen[free] - seen[free].mean(), self.values[free] - self.values[free].mean()
        return float((a @ b) / np.sqrt((a @ a) * (b @ b) + 1e-9))

    def learn(self) -> None:
        """After a good alignment: pixels that keep disagreeing lose their say, others regain it."""
        known = np.isfinite(self.last_agreement)
        self.trust[known] += _FORGET * (self.last_agreement[known] - self.trust[known])
        np.clip(self.trust, 0.05, 1.0, out=self.trust)

    def trust_map(self, shape: tuple[int, ...]) -> Gray:
        """Return how far each pixel is trusted, 1 where it is not used, shape as the picture."""
        trust = np.ones(shape, dtype=np.float32)
        column, row = self.points.astype(np.intp).T
        trust[row, column] = self.trust
        return trust

    def trust_from(self, trust: Gray) -> None:
        """Take over what another keyframe of the same frame has learned; see `trust_map`."""
        column, row = self.points.astype(np.intp).T
        self.trust = trust[row, column]

    def _free(
        self, matrix: Array, covered: NDArray[np.uint8] | None, rows: int, columns: int
    ) -> NDArray[np.bool_]:
        place = self.points @ matrix[:2, :2].T.astype(np.float32) + matrix[:2, 2].astype(np.float32)
        x, y = np.rint(place).astype(np.intp).T
        free: NDArray[np.bool_] = (x >= 1) & (y >= 1) & (x < columns - 1) & (y < rows - 1)
        if covered is not None:
            free &= covered[np.clip(y, 0, rows - 1), np.clip(x, 0, columns - 1)] == 0
        return free


def _brightness(known: Gray, seen: Gray, free: NDArray[np.bool_]) -> tuple[float, float]:
    """Gain and offset by medians, for a start."""
    a, b = known[free][::3], seen[free][::3]
    middle_a, middle_b = float(np.median(a)), float(np.median(b))
    spread_a, spread_b = float(np.median(np.abs(a - middle_a))), float(np.median(np.abs(b - middle_b)))
    gain = float(np.clip((spread_b + 1.0) / (spread_a + 1.0), 0.7, 1.4))
    return gain, middle_b - gain * middle_a
