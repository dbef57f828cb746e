"""From a clean render to the pictures cameras make: framing, light, optics, sensor, compression, things in
the way.

A mirrored picture is used with its left and right names swapped, since a mirrored recipient is a possible
recipient; the other side of it is that no picture can tell that a webcam mirrors.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.backnet.data import SWAP, Sample, presence_target
from scripts.backnet.model import INPUT_SIZE
from scripts.backnet.photographs import piece

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Example:
    """What one training step sees: picture, landmarks in 0..1 of its side, which lie inside, presence (or
    NaN).
    """

    image: Rgb
    points: NDArray[np.float32]
    inside: NDArray[np.bool_]
    presence: float


def _placement(
    rng: np.random.Generator, sample: Sample, width: int, height: int, ease: float
) -> NDArray[np.float64]:
    """Similarity from the render to the input square, shape (2, 3)."""
    size = float(INPUT_SIZE)
    known = bool(np.isfinite(sample.points).all())
    mode = rng.random()
    if known and mode < 0.62 + 0.3 * ease:  # the second look: a crop about the back, turned upright
        lo, hi = sample.points.min(0), sample.points.max(0)
        extent = max(float(np.max(hi - lo)), 12.0)
        spine = sample.points[3] - sample.points[0]
        turn = np.arctan2(spine[0], spine[1]) + np.deg2rad(rng.normal(0, 14 - 8 * ease))
        scale = size / (extent * rng.uniform(1.15 + 0.25 * ease, 2.1 - 0.3 * ease))
        centre = (lo + hi) / 2 + rng.normal(0, 0.08, 2) * extent
    elif known and mode > 0.92:  # a part of the picture, mostly one beside the back
        turn = np.deg2rad(rng.uniform(-180, 180))
        scale = size / (max(width, height) * rng.uniform(0.15, 0.6))
        centre = rng.uniform(0.05, 0.95, 2) * np.array([width, height])
    else:  # the first look: the whole picture, letterboxed, more or less
        turn = np.deg2rad(rng.normal(0, 10) if rng.random() < 0.8 + 0.2 * ease else rng.uniform(-180, 180))
        scale = size / max(width, height) * float(np.exp(rng.normal(0.05, 0.22)))
        centre = np.array([width, height]) / 2 + rng.normal(0, 0.06, 2) * max(width, height)
    # past twice its own resolution a render holds nothing to learn from
    scale = min(scale, 2.2)
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[c, -s, 0.0], [s, c, 0.0]])
    if rng.random() < 0.5:  # people are longer or broader than any mesh, and lenses stretch
        along = rng.uniform(0, np.pi)
        d = np.array([np.cos(along), np.sin(along)])
        matrix[:, :2] = (np.eye(2) + (np.exp(rng.normal(0, 0.1)) - 1) * np.outer(d, d)) @ matrix[:, :2]
    matrix[:, 2] = size / 2 - matrix[:, :2] @ centre
    return matrix


def _stains(rng: np.random.Generator, image: Rgb, donor: Rgb) -> Rgb:
    """Put things in front: plain or textured blobs, pieces of another render."""
    out = image.copy()
    side = image.shape[0]
    for _ in range(int(rng.integers(1, 4))):
        mask = np.zeros((side, side), np.uint8)
        centre = rng.uniform(0, side, 2)
        axes = np.exp(rng.uniform(np.log(4), np.log(30), 2))
        if rng.random() < 0.5:
            cv2.ellipse(
                mask,
                centre.astype(int).tolist(),
                axes.astype(int).tolist(),
                rng.uniform(0, 180),
                0,
                360,
                255,
                -1,
            )
        else:
            box = cv2.boxPoints((centre.tolist(), (2 * axes).tolist(), float(rng.uniform(0, 180))))
            cv2.fillPoly(mask, [box.astype(np.int32)], 255)
        filling = (
            np.roll(donor, rng.integers(0, side, 2), (0, 1))
            if rng.random() < 0.6
            else rng.integers(0, 256, 3)
        )
        out = np.where(mask[..., None] > 0, filling, out).astype(np.uint8)
    return out


def _elsewhere(rng: np.random.Generator, image: Rgb, near: Rgb, donor: Rgb) -> Rgb:
    """Put the people of a render before a photograph or the donor instead of its box of a room."""
    height, width = image.shape[:2]
    kind = rng.random()
    if kind < 0.45:
        behind = piece(rng, width, height)
    elif kind < 0.75:  # a studio: white, black or any colour, brighter in one place than in another
        behind = _studio(rng, width, height)
    else:
        behind = np.asarray(cv2.resize(donor, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    if rng.random() < 0.5:  # out of focus
        behind = np.asarray(cv2.GaussianBlur(behind, (0, 0), float(rng.uniform(0.5, 4))), np.uint8)
    edge = cv2.GaussianBlur(near.astype(np.float32) / 255, (0, 0), 0.8)[..., None]
    return np.asarray(image * edge + behind * (1 - edge), np.uint8)


def _studio(rng: np.random.Generator, width: int, height: int) -> Rgb:
    """Paint a plain background with a soft light on it."""
    base = rng.choice([rng.uniform(215, 255), rng.uniform(0, 40), rng.uniform(40, 215)])
    rgb = base * (1 + rng.uniform(-0.12, 0.12, 3)) if rng.random() < 0.8 else rng.uniform(0, 255, 3)
    v, u = np.mgrid[0:height, 0:width]
    x, y = rng.uniform(0, width), rng.uniform(0, height)
    far = np.hypot(u - x, v - y) / max(width, height) / rng.uniform(0.3, 1.2)
    light = 1 - rng.uniform(0, 0.7) * np.clip(far, 0, 1)
    return np.asarray(np.clip(rgb * light[..., None], 0, 255), np.uint8)


def _inked(rng: np.random.Generator, image: Rgb) -> Rgb:
    """Draw on the picture what people draw: the red glow of pain, lines, arrows, tapes, tattoos, lettering."""
    out = image.astype(np.float32)
    side = image.shape[0]
    if rng.random() < 0.5:
        v, u = np.mgrid[0:side, 0:side].astype(np.float32)
        for _ in range(int(rng.integers(1, 3))):
            x, y = rng.uniform(0.15, 0.85, 2) * side
            r = rng.uniform(0.04, 0.2) * side
            glow = np.exp(-((u - x) ** 2 + (v - y) ** 2) / (2 * r * r))[..., None] * rng.uniform(0.3, 0.95)
            rgb = np.array([255, 40, 40]) if rng.random() < 0.75 else rng.uniform(0, 255, 3)
            out = out * (1 - glow) + glow * (0.35 * out + 0.65 * rgb)
    picture = out.astype(np.uint8)
    if rng.random() < 0.65:
        layer = picture.copy()
        ink: list[int] = (
            rng.integers(0, 256, 3).tolist() if rng.random() < 0.6 else [int(rng.integers(0, 60))] * 3
        )
        for _ in range(int(rng.integers(1, 6))):
            at = rng.uniform(0.05, 0.95, (int(rng.integers(2, 6)), 2)) * side
            if rng.random() < 0.5:  # close together: a tattoo, a scar
                at = at.mean(0) + (at - at.mean(0)) * 0.25
            wide = int(rng.choice([1, 1, 2, 3, 6]))
            cv2.polylines(layer, [at.astype(np.int32)], bool(rng.random() < 0.3), ink, wide, cv2.LINE_AA)
        if rng.random() < 0.3:
            word = "".join(chr(c) for c in rng.integers(65, 123, int(rng.integers(2, 9))))
            where = tuple(int(c) for c in rng.uniform(0, 0.9, 2) * side)
            cv2.putText(layer, word, where, int(rng.integers(0, 8)), float(rng.uniform(0.25, 1.0)), ink, 1)
        share = rng.uniform(0.3, 1.0)
        picture = np.asarray(cv2.addWeighted(layer, share, picture, 1 - share, 0), np.uint8)
    return picture


def _filtered(rng: np.random.Generator, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Pass through a random small filter that mixes the colours: shapes stay, textures change (Xu et al., 2021,
    arXiv:2007.13003).
    """
    kernel = rng.normal(0, 1 / 5, (3, 3, 3, 3)).astype(np.float32)
    y = sum(
        cv2.filter2D(x[..., i], -1, kernel[i, j])[..., None] * np.eye(3)[j]
        for i in range(3)
        for j in range(3)
    )
    y = (y - y.mean()) / max(float(y.std()), 1e-3) * float(x.std()) + float(x.mean())
    share = rng.uniform(0.1, 0.7)
    return np.asarray(np.clip(x * (1 - share) + y * share, 0, 255), np.float32)


def _light(rng: np.random.Generator, image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Gain, contrast, gamma, colour cast, saturation, hue and a shadow that falls across the picture."""
    x = image / 255.0
    if rng.random() < 0.85:
        x = np.clip(x, 0, 1) ** float(np.exp(rng.normal(0, 0.25)))
        x = (x - x.mean()) * rng.uniform(0.6, 1.35) + x.mean() * np.exp(rng.normal(0, 0.25))
        grey = x.mean(2, keepdims=True)
        x = grey + (x - grey) * rng.uniform(0.3, 1.5)
        x = x * rng.uniform(0.86, 1.14, 3)
    if rng.random() < 0.2:
        mix = np.eye(3) + rng.normal(0, 0.05, (3, 3))
        x = x @ mix.T
    if rng.random() < 0.3:
        side = x.shape[0]
        v, u = np.mgrid[0:side, 0:side] / side - 0.5
        angle = rng.uniform(0, 2 * np.pi)
        edge = (u * np.cos(angle) + v * np.sin(angle) + rng.uniform(-0.3, 0.3)) / rng.uniform(0.02, 0.6)
        x = x * (1 - rng.uniform(0.1, 0.6) / (1 + np.exp(-edge)))[..., None]
    if rng.random() < 0.1:
        x = np.repeat(x.mean(2, keepdims=True), 3, 2)
    return np.asarray(np.clip(x, 0, 1) * 255, np.float32)


def _optics(rng: np.random.Generator, image: NDArray[np.float32]) -> Rgb:
    """Blur, motion, loss of resolution, noise, sharpening and JPEG."""
    x = image
    side = x.shape[0]
    if rng.random() < 0.4:
        x = np.asarray(cv2.GaussianBlur(x, (0, 0), float(rng.uniform(0.25, 1.0))), np.float32)
    if rng.random() < 0.12:
        n = int(rng.integers(3, 6))
        kernel = np.zeros((n, n), np.float32)
        angle = rng.uniform(0, np.pi)
        d = np.array([np.cos(angle), np.sin(angle)]) * (n - 1) / 2
        mid = (n - 1) / 2
        cv2.line(kernel, (int(mid - d[0]), int(mid - d[1])), (int(mid + d[0]), int(mid + d[1])), 1.0)
        x = np.asarray(cv2.filter2D(x, -1, kernel / max(kernel.sum(), 1.0)), np.float32)
    if rng.random() < 0.2:
        small = int(side * rng.uniform(0.5, 0.9))
        coarse = cv2.resize(x, (small, small), interpolation=cv2.INTER_AREA)
        x = np.asarray(cv2.resize(coarse, (side, side)), np.float32)
    if rng.random() < 0.2:
        x = x + rng.uniform(0.3, 1.2) * (x - cv2.GaussianBlur(x, (0, 0), 1.2))
    if rng.random() < 0.6:
        noise = rng.standard_normal((side, side, 3), np.float32) * np.float32(rng.uniform(1, 14))
        x = x + (cv2.blur(noise, (2, 2)) if rng.random() < 0.5 else noise)
    out = np.clip(x, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = int(rng.integers(15, 90))
        ok, data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if ok:
            out = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return out


def degrade(rng: np.random.Generator, image: Rgb) -> Rgb:
    """Apply light and optics only."""
    x = image.astype(np.float32)
    if rng.random() < 0.12:
        x = _filtered(rng, x)
    return _optics(rng, _light(rng, x))


def augment(rng: np.random.Generator, sample: Sample, donor: Rgb, ease: float = 0.0) -> Example:
    """Turn one render into one training example.

    Parameters
    ----------
    rng : numpy.random.Generator
        All chance comes from it.
    sample : Sample
        The render.
    donor : ndarray of uint8, shape (INPUT_SIZE, INPUT_SIZE, 3)
        A piece of another picture, for things in the way.
    ease : float
        1 for easy (mostly crops, little turned, half of them clean), 0 for the full range; training starts
        easy, because from the full range alone the network takes very long to find its feet.
    """
    image = sample.read()
    height, width = image.shape[:2]
    near = sample.read_near() if rng.random() < 0.4 else None
    if near is not None:
        image = _elsewhere(rng, image, near, donor)
    matrix = _placement(rng, sample, width, height, ease)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.7:  # area sampling, as a runtime resize does
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.35 / scale), np.uint8)
    border = rng.integers(0, 256, 3) if rng.random() < 0.4 else np.full(3, 114 if rng.random() < 0.5 else 0)
    size = (INPUT_SIZE, INPUT_SIZE)
    if rng.random() < 0.15:
        warped = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    else:
        warped = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderValue=border.tolist())
    image = np.asarray(warped, np.uint8)
    points = sample.points @ matrix[:, :2].T + matrix[:, 2]
    if rng.random() < 0.5:
        image = np.ascontiguousarray(image[:, ::-1])
        points[:, 0] = INPUT_SIZE - points[:, 0]
        points = points[list(SWAP)]
        swapped = Sample(
            sample.path,
            sample.points,
            sample.occluded[list(SWAP)],
            sample.facing,
            sample.is_back,
            sample.meta,
        )
        presence = presence_target(points, swapped, size)
    else:
        presence = presence_target(points, sample, size)
    if rng.random() < 0.9 - 0.4 * ease:
        if rng.random() < 0.35 * (1.0 - ease):
            image = _stains(rng, image, donor)
        if rng.random() < 0.15 * (1.0 - ease):
            image = _inked(rng, image)
        if rng.random() < 0.25:  # renders are smooth: lay the grain of something else over them
            over = donor.astype(np.float32).mean(2, keepdims=True) / max(float(donor.mean()), 8.0) - 1.0
            image = np.clip(image * (1 + rng.uniform(0.05, 0.3) * over), 0, 255).astype(np.uint8)
        image = degrade(rng, image)
    inside = np.all((points >= 0) & (points < INPUT_SIZE), axis=1)
    return Example(image, (points / INPUT_SIZE).astype(np.float32), inside, presence)
