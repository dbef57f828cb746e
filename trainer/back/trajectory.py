"""From noisy, interrupted sightings of a thumb to its path over the back: reject, bridge, smooth.

Offline (`build_track`) the path is the penalised least-squares curve

    minimise  sum_i w_i (y_i - x_i)^2 dt_i  +  (2 pi f_c)^-6  integral (x''')^2 dt ,

the fixed-interval smoother of a white-jerk motion: zero phase, frequency response 1 / (1 + (f / f_c)^6),
the same at any frame rate because time enters in seconds.  With f_c = 5 Hz a circle of 2.5 Hz keeps 98 % of
its radius. Weights follow the sightings' own sigma and are lowered for outliers (Student-t, iterated).  The
banded normal equations make it linear in the number of frames.  Whittaker (1923); Eilers, Anal. Chem.
75:3631 (2003); the equivalence with the Kalman smoother: Wahba (1978), J. R. Stat. Soc. B 40:364.

Live (`trainer.back.causal.CausalTrackFilter`) the same motion model runs forwards only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trainer.back.track import ThumbTrack
from trainer.errors import PijatError
from trainer.language import Text
from trainer.perception.observation import Hand, Status

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TrajectorySettings:
    """How a path is filtered; goes into ``session.json``.

    Attributes
    ----------
    cutoff_hz : float
        Frequency at which the smoother halves an amplitude.
    tension_hz : float
        Stiffness of bridges against overshoot, see `penalised_curve`.
    bridge_s : float
        Longest gap that is bridged, in seconds; longer ones stay missing.
    jump_cm : float
        A sighting further than this from its neighbours' median path, and more than five times the
        neighbours' scatter, is an outlier.
    jump_window_s : float
        Half the length of that neighbourhood, in seconds.
    tail_weights : float
        Degrees of freedom of the Student-t weights; fewer reject harder.
    gap_jerk : float
        Density of unknown acceleration in a gap, in (cm/s^2)^2 s, for the growth of sigma.
    """

    cutoff_hz: float = 5.0
    tension_hz: float = 4.0
    bridge_s: float = 0.6
    jump_cm: float = 2.5
    jump_window_s: float = 0.3
    tail_weights: float = 4.0
    gap_jerk: float = 400.0


def build_track(
    hand: Hand,
    time_s: ArrayLike,
    image_x: ArrayLike,
    image_y: ArrayLike,
    lateral_raw: ArrayLike,
    caudal_raw: ArrayLike,
    sigma_raw: ArrayLike,
    status: ArrayLike,
    settings: TrajectorySettings | None = None,
    palm_cm: ArrayLike | None = None,
) -> ThumbTrack:
    """Build a thumb's path from its sightings, one entry per frame.

    Parameters
    ----------
    hand : {"left", "right"}
        The practitioner's hand.
    time_s : array_like of float, shape (n,)
        Strictly increasing seconds.
    image_x, image_y : array_like of float, shape (n,)
        Contact point in pixels, NaN where unseen; passed through.
    lateral_raw, caudal_raw : array_like of float, shape (n,)
        The sighting in back centimetres, NaN where unseen or not mapped.
    sigma_raw : array_like of float, shape (n,)
        Its standard deviation per axis in cm, map and pixel together.
    status : array_like of str, shape (n,)
        `Status` values of the sightings.
    settings : TrajectorySettings, optional
        Filter parameters.
    palm_cm : array_like of float, shape (n,), optional
        See `ThumbTrack`; passed through.

    Returns
    -------
    ThumbTrack
        Bridged frames and rejected outliers say ``interpolated``; frames that are neither seen nor bridged
        say ``missing`` and hold NaN.

    Raises
    ------
    PijatError
        When lengths differ or time does not increase.
    """
    settings = settings or TrajectorySettings()
    times = np.asarray(time_s, dtype=np.float64)
    raw = np.column_stack(
        [np.asarray(lateral_raw, dtype=np.float64), np.asarray(caudal_raw, dtype=np.float64)]
    )
    sigma = np.asarray(sigma_raw, dtype=np.float64)
    states = np.asarray(status, dtype=np.str_)
    columns = {
        "image_x": image_x,
        "image_y": image_y,
        "lateral_raw": raw,
        "sigma_raw": sigma,
        "status": states,
        **({} if palm_cm is None else {"palm_cm": palm_cm}),
    }
    for name, column in columns.items():
        if len(np.asarray(column)) != len(times):
            raise PijatError(
                Text(
                    f"{name} harus berisi {len(times)} nilai, bukan {len(np.asarray(column))}.",
                    f"Expected {len(times)} entries of {name}, got {len(np.asarray(column))}.",
                )
            )
    if (np.diff(times) <= 0).any():
        raise PijatError(
            Text(
                "Waktu gambar tidak urut: urutkan gambar menurut waktunya.",
                "Expected strictly increasing times, got a step back: sort the frames by time.",
            )
        )

    seen = np.isfinite(raw).all(axis=1) & np.isfinite(sigma)
    kept = seen & ~_isolated_jumps(times, raw, seen, settings)
    path = np.full_like(raw, np.nan)
    spread = np.full(len(times), np.nan)
    for start, stop in _segments(times, kept, settings.bridge_s):
        part = slice(start, stop)
        path[part], spread[part] = _smooth(times[part], raw[part], sigma[part], kept[part], settings)

    filled = np.isfinite(path).all(axis=1)
    final = np.where(filled, np.where(kept, states, Status.INTERPOLATED.value), Status.MISSING.value)
    nowhere = ~seen
    return ThumbTrack(
        hand=hand,
        time_s=times,
        lateral_cm_raw=np.where(nowhere, np.nan, raw[:, 0]),
        caudal_cm_raw=np.where(nowhere, np.nan, raw[:, 1]),
        lateral_cm=path[:, 0],
        caudal_cm=path[:, 1],
        sigma_cm=spread,
        status=final.astype(np.str_),
        image_x=np.asarray(image_x, dtype=np.float64),
        image_y=np.asarray(image_y, dtype=np.float64),
        palm_cm=None if palm_cm is None else np.asarray(palm_cm, dtype=np.float64),
    )


def _segments(times: Floats, kept: NDArray[np.bool_], bridge_s: float) -> list[tuple[int, int]]:
    """Return [start, stop) stretches that begin and end with a sighting and hold no overlong gap."""
    where = np.flatnonzero(kept)
    if len(where) == 0:
        return []
    step = np.diff(times).mean() if len(times) > 1 else 0.0
    breaks = np.flatnonzero(np.diff(times[where]) > bridge_s + step)
    starts = where[np.r_[0, breaks + 1]]
    stops = where[np.r_[breaks, len(where) - 1]] + 1
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def _isolated_jumps(
    times: Floats, raw: Floats, seen: NDArray[np.bool_], settings: TrajectorySettings
) -> NDArray[np.bool_]:
    """Mark sightings far from their neighbours' median (Hampel's identifier), say of the wrong hand."""
    jumps = np.zeros(len(times), dtype=bool)
    where = np.flatnonzero(seen)
    if len(where) < 5:
        return jumps
    t, y = times[where], raw[where]
    low = np.searchsorted(t, t - settings.jump_window_s)
    high = np.searchsorted(t, t + settings.jump_window_s, side="right")
    # Only sightings that also leave their direct neighbours can be outliers; the costly test runs on them
    # alone.
    step = np.hypot(*np.diff(y, axis=0).T)
    far = np.flatnonzero(np.maximum(np.r_[0.0, step], np.r_[step, 0.0]) > settings.jump_cm / 2)
    suspects = np.unique(
        np.concatenate([np.arange(low[k], high[k]) for k in far]) if len(far) else np.empty(0, dtype=int)
    )
    for k in suspects:
        around = np.r_[low[k] : k, k + 1 : high[k]]
        if len(around) < 4:
            continue
        middle = np.median(y[around], axis=0)
        away = np.hypot(*(y[around] - middle).T)
        scatter = 1.4826 * float(np.median(away))
        if math.dist(y[k], middle) > max(settings.jump_cm, 5.0 * scatter):
            jumps[where[k]] = True
    return jumps


def _smooth(
    times: Floats, raw: Floats, sigma: Floats, kept: NDArray[np.bool_], settings: TrajectorySettings
) -> tuple[Floats, Floats]:
    """Smooth and bridge one stretch; returns the path, shape (n, 2), and its sigma, shape (n,), in cm."""
    values = np.where(kept[:, None], raw, 0.0)
    usual = float(np.median(sigma[kept]))
    trust = np.zeros(len(times))
    trust[kept] = np.clip((usual / np.maximum(sigma[kept], 1e-6)) ** 2, 0.01, 4.0)
    spacing = np.gradient(times) if len(times) > 1 else np.ones(1)
    weights = trust.copy()
    path = values
    for _ in range(3):
        path = penalised_curve(times, values, weights * spacing, settings.cutoff_hz, settings.tension_hz)
        residual = np.hypot(*(values - path).T)
        scale = max(1.4826 * float(np.median(residual[kept])), 0.02)
        tail = settings.tail_weights
        weights = trust * (tail + 1) / (tail + (residual / scale) ** 2)
    return path, _bridged_sigma(times, sigma, kept, settings.gap_jerk)


def penalised_curve(
    times: Floats, values: Floats, weights: Floats, cutoff_hz: float, tension_hz: float = 0.0
) -> Floats:
    """Return the smoothing curve of this module's formula at the given times.

    Parameters
    ----------
    times : ndarray, shape (n,)
        Seconds, increasing.
    values : ndarray, shape (n, k)
        Finite; ignored where the weight is 0.
    weights : ndarray, shape (n,)
        Seconds (a relative weight times the frame's share of time); 0 for frames to be bridged.
    cutoff_hz : float
        Frequency of half amplitude.
    tension_hz : float
        Inside gaps the curve is held back as by a spring: below this frequency acceleration is penalised
        rather than jerk, so that a long bridge does not overshoot.
    """
    from scipy.linalg import solveh_banded

    n = len(times)
    if n < 4:
        return values.copy()
    penalty = (2.0 * math.pi * cutoff_hz) ** -6
    band = np.zeros((4, n))  # upper form: band[3 + i - j, j] is element (i, j), i <= j
    band[3] = weights
    _add_penalty(band, times, 3, penalty * (times[3:] - times[:-3]) / 3.0)
    if tension_hz > 0.0:
        share = (times[2:] - times[:-2]) / 2.0
        in_gap = weights[1:-1] == 0.0
        _add_penalty(band, times, 2, penalty * (2.0 * math.pi * tension_hz) ** 2 * share * in_gap)
    band[3] += 1e-9 * band[3].max()
    return np.asarray(solveh_banded(band, weights[:, None] * values, check_finite=False), dtype=np.float64)


def _add_penalty(band: Floats, times: Floats, order: int, strength: Floats) -> None:
    """Add squared divided differences of that order, each times its strength, to the banded matrix."""
    rows = len(times) - order
    stencil = np.empty((rows, order + 1))
    for j in range(order + 1):
        product = np.ones(rows)
        for m in range(order + 1):
            if m != j:
                product *= times[j : rows + j] - times[m : rows + m]
        stencil[:, j] = math.factorial(order) / product
    for i in range(order + 1):
        for j in range(i, order + 1):
            band[3 + i - j, j : rows + j] += strength * stencil[:, i] * stencil[:, j]


def _bridged_sigma(times: Floats, sigma: Floats, kept: NDArray[np.bool_], jerk: float) -> Floats:
    """Return sigma per frame: the sightings' own, and grown by an integrated Brownian bridge inside gaps.

    Both ends' place and speed being known, the variance in a gap of length T at time t is
    ``jerk * (t (T - t) / T)^3 / 3``.
    """
    where = np.flatnonzero(kept)
    spread = np.interp(times, times[where], sigma[where])
    after = np.searchsorted(where, np.arange(len(times)))
    for k in np.flatnonzero(~kept):
        t0, t1 = times[where[after[k] - 1]], times[where[after[k]]]
        lever = (times[k] - t0) * (t1 - times[k]) / (t1 - t0)
        spread[k] = math.sqrt(spread[k] ** 2 + jerk * lever**3 / 3.0)
    return spread
