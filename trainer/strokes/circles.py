"""Counting circles by phase: how often, how fast, how large, which way round."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LOWEST_HZ, _HIGHEST_HZ = 0.25, 3.5
_OVERSAMPLING = 6
_AVERAGED_TURNS = 0.45
"""Width, in revolutions, of the average taken before the phase is unwrapped."""
_HARD_TURN = 0.25
"""Share of a revolution by which the count by phase and by autocorrelation may differ per revolution."""


@dataclass(frozen=True)
class CircleMeasure:
    """A circular stroke in figures.

    Attributes
    ----------
    cycles : float
        Revolutions from onset to end, partial ones included.
    rate_hz : float
        `cycles` by duration.
    radius_cm : float
        Of the circle with the area of the mean ellipse.
    direction : {"cw", "ccw"}
        As seen by someone looking at the back.
    onsets_s : tuple of float
        Start of each full revolution, the first at the onset.
    roundness : float
        Share of the motion about the drifting centre that the ellipse explains, 0 to 1.
    confirmed : bool
        Autocorrelation finds the same period.
    """

    cycles: float
    rate_hz: float
    radius_cm: float
    direction: Literal["cw", "ccw"]
    onsets_s: tuple[float, ...]
    roundness: float
    confirmed: bool


def measure_circle(time_s: Floats, position_cm: Floats, onset_s: float, end_s: float) -> CircleMeasure | None:
    """Measure a circular stroke from sightings at any times; None when there are too few.

    A drifting centre (polynomial) and an ellipse are fitted by least squares at the frequency that explains most
    (the maximum-likelihood estimate of a sinusoid in white noise: Rife and Boorstyn, IEEE Trans. Inf. Theory 20:591,
    1974). The ellipse is then whitened to a circle, the phase about its centre unwrapped, and what it departs from the
    steady rotation described by a polynomial of the order that the data bear (BIC), so that neither noise nor an
    uneven hand upsets the count. Missing sightings need no bridging, and no smoothing shrinks the radius.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Increasing seconds of the sightings inside the stroke.
    position_cm : ndarray, shape (n, 2)
        Lateral and caudal, finite.
    onset_s, end_s : float
        Of the stroke, which sightings may cover only in part.
    """
    if len(time_s) < 8 or time_s[-1] - time_s[0] < 0.3:
        return None
    time_s, position_cm = _without_outliers(time_s, position_cm)
    middle, span = 0.5 * (time_s[0] + time_s[-1]), time_s[-1] - time_s[0]
    t = time_s - middle
    rate = _best_rate(t, position_cm, span)
    if rate is None:
        return None
    steady = 2 * np.pi * rate * t
    phase = steady
    for _ in range(3):
        # Again and again: the phase found says how the hand sped up and slowed down, and the ellipse is
        # fitted anew along it.
        fitted = _fit_ellipse(t, position_cm, phase, rate * span)
        if fitted is None:
            return None
        centre, ellipse, roundness = fitted
        turned = (position_cm - centre) @ np.linalg.inv(ellipse).T
        angle, weight = _demodulated(t, turned, phase, rate)
        departure = _smooth_departure(t, angle + phase - steady, weight, span)
        phase = steady + departure(t)
    inner = np.linspace(max(onset_s, time_s[0]) - middle, min(end_s, time_s[-1]) - middle, 512)
    course = 2 * np.pi * rate * inner + departure(inner)
    slope = (course[-1] - course[0]) / max(inner[-1] - inner[0], 1e-9)
    # Unseen ends turn on at the mean speed.
    clock = np.r_[min(onset_s - middle, inner[0] - 1e-9), inner, max(end_s - middle, inner[-1] + 1e-9)]
    course = np.r_[
        course[0] + slope * (clock[0] - inner[0]), course, course[-1] + slope * (clock[-1] - inner[-1])
    ]
    turns = np.maximum.accumulate((course - course[0]) / (2 * np.pi))
    cycles = float(turns[-1])
    duration = max(end_s - onset_s, 1e-9)
    onsets = np.interp(np.arange(int(np.floor(cycles + 1e-6))), turns, clock) + middle
    return CircleMeasure(
        cycles=cycles,
        rate_hz=cycles / duration,
        radius_cm=float(np.sqrt(abs(np.linalg.det(ellipse)))),
        direction="cw" if np.linalg.det(ellipse) > 0 else "ccw",
        onsets_s=tuple(float(max(onset_s, onset)) for onset in onsets),
        roundness=roundness,
        confirmed=_autocorrelation_agrees(t, position_cm, cycles / duration),
    )


def _without_outliers(time: Floats, position: Floats) -> tuple[Floats, Floats]:
    """Drop sightings far from the median of their five neighbours, compared with what is usual in this stroke."""
    from scipy.ndimage import median_filter

    departure = np.hypot(*(position - median_filter(position, size=(5, 1), mode="nearest")).T)
    keep = departure <= max(6 * float(np.median(departure)), 1.5)
    return (time[keep], position[keep]) if keep.sum() >= 8 else (time, position)


def _drift_order(revolutions: float) -> int:
    """Return the order of the centre's polynomial: a bend for every few revolutions, so that it takes no circle."""
    return int(np.clip(1 + revolutions // 3, 1, 6))


def _drift(t: Floats, order: int) -> Floats:
    scale = max(float(np.abs(t).max()), 1e-9)
    return np.asarray(np.polynomial.legendre.legvander(np.clip(t / scale, -1, 1), order))


def _explained(t: Floats, position: Floats, rate: float, order: int) -> float:
    design = np.column_stack([_drift(t, order), np.cos(2 * np.pi * rate * t), np.sin(2 * np.pi * rate * t)])
    q, _ = np.linalg.qr(design)
    return float((position**2).sum() - ((q.T @ position) ** 2).sum())


def _periodogram(t: Floats, position: Floats, grid: Floats) -> Floats:
    """Return the residual of a sinusoid at each frequency, the linear drift taken out of both beforehand."""
    drift, _ = np.linalg.qr(_drift(t, 1))
    position = position - drift @ (drift.T @ position)
    angle = 2 * np.pi * np.outer(grid, t)
    cosine, sine = np.cos(angle), np.sin(angle)
    cosine -= (cosine @ drift) @ drift.T
    sine -= (sine @ drift) @ drift.T
    cc, ss, cs = (cosine**2).sum(1), (sine**2).sum(1), (cosine * sine).sum(1)
    determinant = np.maximum(cc * ss - cs**2, 1e-9)
    c, s = cosine @ position, sine @ position
    power = (ss[:, None] * c**2 - 2 * cs[:, None] * c * s + cc[:, None] * s**2) / determinant[:, None]
    return np.asarray((position**2).sum() - power.sum(1))


def _best_rate(t: Floats, position: Floats, span: float) -> float | None:
    """Return the frequency with the smallest residual, to a thousandth of a resolution cell."""
    centred = position - position.mean(0)
    grid = np.arange(_LOWEST_HZ, _HIGHEST_HZ, 1 / (_OVERSAMPLING * max(span, 1.0)))
    grid = grid[grid * span >= 0.6]
    if not len(grid):
        return None
    thin = max(1, len(t) // 800)
    residual = _periodogram(t[::thin], centred[::thin], grid)
    best = int(residual.argmin())
    order = _drift_order(grid[best] * span)
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda rate: _explained(t, centred, rate, order),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 3e-4},
    )
    return float(found.x)


def _fit_ellipse(
    t: Floats, position: Floats, phase: Floats, revolutions: float
) -> tuple[Floats, Floats, float] | None:
    """Fit centre(t) + E (cos phase, sin phase); return the centre, E (2, 2) and the share explained."""
    drift = _drift(t, _drift_order(revolutions))
    design = np.column_stack([drift, np.cos(phase), np.sin(phase)])
    coefficients = np.linalg.lstsq(design, position, rcond=None)[0]
    for _ in range(3):
        # Huber weights: a half-closed loop or a stray sighting must not tilt the ellipse.
        residual = np.hypot(*(position - design @ coefficients).T)
        limit = 1.5 * max(float(np.median(residual)), 1e-6)
        weight = np.sqrt(np.minimum(1, limit / np.maximum(residual, 1e-9)))[:, None]
        coefficients = np.linalg.lstsq(design * weight, position * weight, rcond=None)[0]
    centre = drift @ coefficients[: drift.shape[1]]
    ellipse = coefficients[drift.shape[1] :].T
    left, size, right = np.linalg.svd(ellipse)
    if size[0] < 1e-3:
        return None
    about = ((position - centre) ** 2).sum()
    rest = ((position - design @ coefficients) ** 2).sum()
    size = np.maximum(size, 0.25 * size[0])  # A flat loop would blow noise up when whitened.
    return centre, left @ np.diag(size) @ right, float(np.clip(1 - rest / max(about, 1e-9), 0, 1))


def _demodulated(t: Floats, turned: Floats, phase: Floats, rate: float) -> tuple[Floats, Floats]:
    """Return what is to be added to `phase`, unwrapped after averaging over about a revolution, and its weight.

    Averaged before it is unwrapped, a loop that comes near its own centre slips no revolution; what wanders more
    slowly than the circle turns averages out.
    """
    from scipy.ndimage import gaussian_filter1d

    step = max(min(float(np.median(np.diff(t))), 0.1), 1e-3)
    clock = np.arange(t[0], t[-1] + step, step)
    beside = (turned[:, 0] + 1j * turned[:, 1]) * np.exp(-1j * phase)
    index = np.clip(np.round((t - t[0]) / step).astype(int), 0, len(clock) - 1)
    total = np.zeros(len(clock), complex)
    count = np.zeros(len(clock))
    np.add.at(total, index, beside)
    np.add.at(count, index, 1.0)
    width = _AVERAGED_TURNS / rate / step
    smooth = gaussian_filter1d(total.real, width, mode="constant") + 1j * gaussian_filter1d(
        total.imag, width, mode="constant"
    )
    mass = np.maximum(gaussian_filter1d(count, width, mode="constant"), 1e-9)
    smooth /= mass
    angle = np.interp(t, clock, np.unwrap(np.angle(smooth)))
    return angle, np.clip(np.interp(t, clock, np.abs(smooth)), 0.1, 1.5)


class _Departure:
    """A polynomial of time."""

    def __init__(self, coefficients: Floats, scale: float) -> None:
        self._coefficients, self._scale = coefficients, scale

    def __call__(self, t: Floats) -> Floats:
        return np.asarray(np.polynomial.legendre.legval(t / self._scale, self._coefficients))


def _smooth_departure(t: Floats, angle: Floats, weight: Floats, span: float) -> _Departure:
    """Describe how the phase departs from steady rotation by the polynomial that the data bear (BIC)."""
    scale = max(float(np.abs(t).max()), 1e-9)
    # Neighbouring sightings err alike, so they count as one for every tenth of a second.
    effective = max(6.0, min(len(t), span / 0.1))
    best: tuple[float, Floats] | None = None
    waited = 0
    for order in range(int(np.clip(effective // 6, 1, 12)) + 1):
        design = np.polynomial.legendre.legvander(t / scale, order)
        w: Floats = weight.copy()
        coefficients: Floats = np.zeros(order + 1)
        for _ in range(3):
            solved = np.linalg.lstsq(design * w[:, None], angle * w, rcond=None)[0]
            coefficients = np.asarray(solved, dtype=np.float64)
            residual = np.asarray(angle - design @ coefficients, dtype=np.float64)
            limit = 2.0 * max(float(np.median(np.abs(residual))), 1e-3)
            w = weight * np.sqrt(np.minimum(1, limit / np.maximum(np.abs(residual), 1e-9)))
        variance = max(float(np.average(residual**2, weights=w**2)), 1e-4)
        score = effective * np.log(variance) + 0.7 * (order + 1) * np.log(effective)
        if best is None or score < best[0]:
            best, waited = (score, coefficients), 0
        elif (waited := waited + 1) == 2:
            break
    assert best is not None
    return _Departure(best[1], scale)


def _autocorrelation_agrees(t: Floats, position: Floats, rate: float) -> bool:
    """Whether the stroke is like itself one period later: a second opinion that knows nothing of phase."""
    span = t[-1] - t[0]
    if rate * span < 1.6:
        return True  # Too short for a second opinion.
    clock = np.arange(t[0], t[-1], 0.02)
    even = np.stack([np.interp(clock, t, position[:, k]) for k in range(2)], 1)
    even = even - _drift(clock, 1) @ np.linalg.lstsq(_drift(clock, 1), even, rcond=None)[0]
    lags = np.arange(round(0.5 / rate / 0.02), min(round(1.5 / rate / 0.02), len(clock) - 10) + 1)
    likeness = [
        float(
            (even[lag:] * even[:-lag]).sum()
            / np.sqrt((even[lag:] ** 2).sum() * (even[:-lag] ** 2).sum() + 1e-9)
        )
        for lag in lags
    ]
    if not likeness:
        return True
    period = lags[int(np.argmax(likeness))] * 0.02
    return bool(abs(period * rate - 1) <= _HARD_TURN)
