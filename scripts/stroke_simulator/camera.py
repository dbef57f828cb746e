"""What a tracker reports of a moving thumb: projection of lift, bias, jitter, dropouts, frame rate, filtering."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scripts.stroke_simulator.motion import CLOCK_HZ, smooth_noise
from scripts.stroke_simulator.palm import PalmView, observe_palm, random_palm

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    """How one hand is seen in one session.

    Attributes
    ----------
    fps : float
        Frames a second.
    ray_slope : ndarray, shape (2,)
        How far, in cm on the skin per cm of lift, the point under a lifted thumb seems to move: the tangent of the
        angle between the line of sight and the normal of the skin, lateral and caudal.
    warp : ndarray, shape (2, 2)
        Scale, shear and rotation error of the map to the back.
    white_cm, slow_cm, slow_tau_s : float
        Jitter from frame to frame, and slowly wandering error with its correlation time.
    stretch : ndarray, shape (2,)
        Jitter along lateral and caudal relative to `white_cm`; an oblique view stretches one of them.
    outliers : float
        Share of frames that are plainly wrong.
    drop_rate_hz, drop_mean_s : float
        Dropouts begin this often and last this long on average.
    lift_hides : float
        Chance that the hand is lost while it is away from the back.
    filter_s : float
        Width of the tracker's own smoothing (0 for none); negative for a causal filter.
    bridge_s : float
        Gaps up to this long are bridged by the tracker.
    palm : PalmView
        How large the hand looks.
    """

    fps: float
    ray_slope: Array
    warp: Array
    white_cm: float
    slow_cm: float
    slow_tau_s: float
    stretch: Array
    outliers: float
    drop_rate_hz: float
    drop_mean_s: float
    lift_hides: float
    filter_s: float
    bridge_s: float
    palm: PalmView


def random_camera(rng: np.random.Generator, severity: float = 1.0) -> Camera:
    """Return a random camera; `severity` scales everything that is wrong with it."""
    angle = rng.uniform(0, 2 * np.pi)
    slope = abs(rng.normal(0, 0.8)) * np.array([np.cos(angle), 0.7 * np.sin(angle)])
    warp = np.eye(2) + severity * rng.normal(0, 0.06, (2, 2))
    return Camera(
        fps=float(rng.choice([25.0, 30.0]))
        if rng.random() < 0.5
        else float(np.exp(rng.uniform(np.log(10), np.log(60)))),
        ray_slope=slope,
        warp=warp,
        white_cm=severity * float(np.exp(rng.uniform(np.log(0.02), np.log(0.35)))),
        slow_cm=severity * rng.uniform(0.03, 0.45),
        slow_tau_s=rng.uniform(0.2, 1.5),
        stretch=1.0 + np.abs(slope) * rng.uniform(0.2, 0.8),
        outliers=severity * (rng.uniform(0, 0.02) if rng.random() < 0.5 else 0.0),
        drop_rate_hz=severity * (0.0 if rng.random() < 0.35 else rng.uniform(0.02, 0.8)),
        drop_mean_s=rng.uniform(0.05, 0.6),
        lift_hides=rng.uniform(0, 1) * (rng.random() < 0.5),
        filter_s=0.0
        if rng.random() < 0.25
        else float(rng.choice([1.0, 1.0, -1.0])) * rng.uniform(0.02, 0.09),
        bridge_s=0.0 if rng.random() < 0.25 else rng.uniform(0.2, 1.2),
        palm=random_palm(rng, severity),
    )


@dataclass(frozen=True, eq=False)
class Seen:
    """A tracked thumb.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
    reported_cm : ndarray, shape (n, 2)
        Filtered and bridged; NaN where missing.
    raw_cm : ndarray, shape (n, 2)
        Of the frame alone; NaN where not seen.
    seen : ndarray of bool, shape (n,)
    palm_cm : ndarray, shape (n,)
        Size of the palm, measured as if it lay on the skin; NaN where not known.
    """

    time_s: Array
    reported_cm: Array
    raw_cm: Array
    seen: NDArray[np.bool_]
    palm_cm: Array


def observe(
    rng: np.random.Generator, path_cm: Array, lift_cm: Array, camera: Camera, held: Array | None = None
) -> Seen:
    """Return what `camera` makes of a motion on the simulator's clock; `held` says how the hand is held."""
    n_clock = len(path_cm)
    duration = (n_clock - 1) / CLOCK_HZ
    n = max(1, int(duration * camera.fps))
    time = np.arange(n) / camera.fps
    if rng.random() < 0.5:
        time = time + rng.uniform(0, 0.25) / camera.fps * rng.uniform(-1, 1, n)
        time = np.maximum.accumulate(np.maximum(time, 0)) + 1e-6 * np.arange(n)
    clock = np.arange(n_clock) / CLOCK_HZ
    height = np.interp(time, clock, lift_cm)
    true = np.stack([np.interp(time, clock, path_cm[:, k]) for k in range(2)], 1)
    centre = true.mean(0)
    raw = centre + (true + height[:, None] * camera.ray_slope - centre) @ camera.warp.T
    raw += rng.normal(0, 0.8, 2)
    raw += camera.white_cm * camera.stretch * rng.standard_normal((n, 2))
    slow = np.stack([smooth_noise(rng, n, camera.slow_tau_s, camera.fps) for _ in range(2)], 1)
    raw += camera.slow_cm * camera.stretch * slow
    wild = np.flatnonzero(rng.random(n) < camera.outliers)
    for start in wild:
        raw[start : start + rng.integers(1, 4)] += rng.normal(0, 4, 2)
    seen = _sightings(rng, time, height, camera)
    raw[~seen] = np.nan
    way = np.zeros(n) if held is None else np.interp(time, clock, held)
    palm = observe_palm(rng, camera.palm, camera.fps, true, height, way, camera.ray_slope)
    palm[~seen] = np.nan
    return Seen(time, _filtered(time, raw, camera), raw, seen, palm)


def _sightings(rng: np.random.Generator, time: Array, height: Array, camera: Camera) -> NDArray[np.bool_]:
    seen = np.ones(len(time), bool)
    n_drops = rng.poisson(camera.drop_rate_hz * time[-1]) if len(time) > 1 else 0
    for start in rng.uniform(0, time[-1], n_drops):
        length = rng.exponential(camera.drop_mean_s) if rng.random() < 0.93 else rng.uniform(0.5, 3.0)
        seen[(time >= start) & (time < start + length)] = False
    if camera.lift_hides > 0 and rng.random() < camera.lift_hides:
        seen &= ~(height > rng.uniform(2, 8))
    return seen


def _filtered(time: Array, raw: Array, camera: Camera) -> Array:
    """Smooth and bridge as a tracker does, without knowing which tracker it will be."""
    good = np.isfinite(raw[:, 0])
    if good.sum() < 2:
        return np.full_like(raw, np.nan)
    bridged = np.stack([np.interp(time, time[good], raw[good, k]) for k in range(2)], 1)
    step = 1.0 / camera.fps
    if camera.filter_s > 0:
        from scipy.ndimage import gaussian_filter1d

        bridged = gaussian_filter1d(bridged, max(0.3, camera.filter_s / step), axis=0, mode="nearest")
    elif camera.filter_s < 0:
        keep = np.exp(-step / -camera.filter_s)
        for i in range(1, len(bridged)):
            bridged[i] = keep * bridged[i - 1] + (1 - keep) * bridged[i]
    index = np.arange(len(time))
    before = np.maximum.accumulate(np.where(good, index, -1))
    after = np.minimum.accumulate(np.where(good, index, len(time))[::-1])[::-1]
    inside = (before >= 0) & (after < len(time))
    gap = np.where(inside, time[np.minimum(after, len(time) - 1)] - time[np.maximum(before, 0)], np.inf)
    bridged[~good & (gap > camera.bridge_s)] = np.nan
    return bridged
