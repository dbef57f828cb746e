"""Pictures of nothing: skin all over, colour gradients, and dead leaves (overlapping shaded shapes of all sizes).

Dead leaves have the edges, flat parts and scales of photographs without anything in them (Lee, Mumford & Huang, 2001,
doi:10.1023/A:1011109015675); they keep the network from taking any photograph's texture for a back.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.backnet.model import INPUT_SIZE
from scripts.backnet.photographs import piece

Rgb = NDArray[np.uint8]


def _skin(rng: np.random.Generator) -> NDArray[np.float64]:
    return np.asarray(np.array([205, 150, 120]) * rng.uniform(0.25, 1.15) * rng.uniform(0.9, 1.1, 3))


def plain_texture(rng: np.random.Generator) -> Rgb:
    """Make skin-like or any-coloured gradients, blobs and noise filling the frame."""
    side = INPUT_SIZE
    base = _skin(rng) if rng.random() < 0.6 else rng.uniform(0, 255, 3)
    x = np.zeros((side, side, 3), np.float32) + base
    for n in (2, 4, 9, 24):
        noise = rng.standard_normal((n, n, 3)).astype(np.float32)
        field = cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC)
        field = field.mean(2, keepdims=True) * 0.8 + field * 0.2
        x = x * (1 + field * rng.uniform(0, 0.35))
    return np.clip(x, 0, 255).astype(np.uint8)


def dead_leaves(rng: np.random.Generator) -> Rgb:
    """Make overlapping ellipses, boxes and limbs of a few colours, shaded and grained."""
    side = INPUT_SIZE
    grey = rng.uniform(0, 1)  # from strong colours to none
    raw = [rng.uniform(0, 255, 3) * rng.uniform(0.3, 1) for _ in range(int(rng.integers(2, 6)))]
    palette = [c * (1 - grey) + c.mean() * grey for c in raw]
    palette += [_skin(rng) for _ in range(int(rng.integers(0, 3)))]
    x = plain_texture(rng).astype(np.float32)
    v, u = np.mgrid[0:side, 0:side].astype(np.float32) / side - 0.5
    for _ in range(int(rng.integers(6, 60))):
        mask = np.zeros((side, side), np.uint8)
        centre = rng.uniform(-0.1, 1.1, 2) * side
        radius = side * 0.5 * min(1.0, 0.05 / max(rng.random(), 0.05) ** 1.0 + rng.uniform(0, 0.1))
        turn, kind = float(rng.uniform(0, 180)), rng.random()
        axes = (
            radius * rng.uniform(0.35, 1.0, 2)
            if kind < 0.7
            else radius * np.array([2.2, rng.uniform(0.25, 0.5)])
        )
        if kind < 0.4 or kind > 0.8:
            at, size = centre.astype(int).tolist(), np.maximum(axes, 1).astype(int).tolist()
            cv2.ellipse(mask, at, size, turn, 0, 360, 255, -1)
        else:
            cv2.fillPoly(
                mask, [cv2.boxPoints((centre.tolist(), (2 * axes).tolist(), turn)).astype(np.int32)], 255
            )
        rgb = palette[int(rng.integers(len(palette)))] * rng.uniform(0.7, 1.2)
        angle = rng.uniform(0, 2 * np.pi)
        shade = 1 + rng.uniform(0, 0.9) * (u * np.cos(angle) + v * np.sin(angle))
        soft = mask[..., None].astype(np.float32) / 255
        x = x * (1 - soft) + rgb * shade[..., None] * soft
    grain = cv2.GaussianBlur(
        rng.standard_normal((side, side, 1)).astype(np.float32), (0, 0), rng.uniform(0.5, 2.5)
    )
    x = x * (1 + grain[..., None] * rng.uniform(0, 0.5))
    return np.asarray(np.clip(x, 0, 255), np.uint8)


def nothing(rng: np.random.Generator) -> Rgb:
    """Make one or the other, or cut a piece of a photograph that shows no back."""
    if rng.random() < 0.35:
        return piece(rng, INPUT_SIZE, INPUT_SIZE)
    return dead_leaves(rng) if rng.random() < 0.7 else plain_texture(rng)


class Nothings:
    """A changing store of such pictures: making one takes longer than all the rest of an example."""

    def __init__(self, rng: np.random.Generator, size: int = 192, renewed: float = 0.06) -> None:
        self._rng, self._size, self._renewed = rng, size, renewed
        self._store: list[Rgb] = []

    def draw(self) -> Rgb:
        """Return one, turned and mirrored by chance."""
        if len(self._store) < self._size:
            self._store.append(nothing(self._rng))
            picture = self._store[-1]
        else:
            k = int(self._rng.integers(self._size))
            if self._rng.random() < self._renewed:
                self._store[k] = nothing(self._rng)
            picture = np.rot90(self._store[k], int(self._rng.integers(4)))
        return np.ascontiguousarray(picture[:, ::-1] if self._rng.random() < 0.5 else picture)
