"""A circle on the move, fitted to sightings: drifting centre, ellipse, phase."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LOWEST_HZ, _HIGHEST_HZ = 0.25, 3.5
_OVERSAMPLING = 6
_AVERAGED_TURNS = 0.3
"""Width, in revolutions, of the average taken before the phase is unwrapped."""
_OTHER_WAY = 0.5
"""What motion in the other sense takes from a frequency's merit, where the sense is known."""
_SLOPE_S = 0.3
"""Beyond its sightings a circle turns on as it did during this long."""


@dataclass(frozen=True, eq=False)
class CircleFit:
    """A circular motion as a function of time.

    Attributes
    ----------
    middle_s, reach_s : float
        The fit holds from ``middle_s - reach_s`` to ``middle_s + reach_s``; beyond, it is continued.
    rate_hz : float
        Of the steady rotation from which the phase departs.
    departure : callable
        Radians by seconds from the middle.
    drift : ndarray, shape (order + 1, 2)
        Legendre coefficients of the centre, in cm.
    ellipse : ndarray, shape (2, 2)
        Takes ``(cos phase, sin phase)`` to cm from the centre.
    roundness : float
        Share of the motion about the centre that the ellipse explains, 0 to 1.
    """

    middle_s: float
    reach_s: float
    rate_hz: float
    departure: Callable[[Floats], Floats]
    drift: Floats
    ellipse: Floats
    roundness: float

    @property
    def radius_cm(self) -> float:
        """Radius of the circle with the area of the ellipse."""
        return float(np.sqrt(abs(np.linalg.det(self.ellipse))))

    @property
    def clockwise(self) -> bool:
        """Whether it turns clockwise for someone looking at the back."""
        return bool(np.linalg.det(self.ellipse) > 0)

    def phase(self, time_s: Floats) -> Floats:
        """Return the unwrapped phase in radians at any times."""
        t = np.asarray(time_s) - self.middle_s
        inside = np.clip(t, -self.reach_s, self.reach_s)
        phase = 2 * np.pi * self.rate_hz * t + self.departure(inside)
        step = min(_SLOPE_S, self.reach_s)
        for end, sign in ((self.reach_s, 1.0), (-self.reach_s, -1.0)):
            slope = (
                sign
                * (self.departure(np.array([end])) - self.departure(np.array([end - sign * step])))[0]
                / step
            )
            beyond = (t - end) * sign > 0
            phase = phase + np.where(beyond, slope * (t - end), 0.0)
        return np.asarray(phase)

    def centre(self, time_s: Floats) -> Floats:
        """Return the centre of the circle, shape (n, 2) in cm."""
        t = np.asarray(time_s) - self.middle_s
        return np.asarray(_drift(t, len(self.drift) - 1, self.reach_s) @ self.drift)

    def position(self, time_s: Floats) -> Floats:
        """Return where the thumb would be, shape (n, 2) in cm."""
        phase = self.phase(time_s)
        return np.asarray(self.centre(time_s) + np.stack([np.cos(phase), np.sin(phase)], 1) @ self.ellipse.T)


def fit_circle(time_s: Floats, position_cm: Floats, clockwise: bool | None = None) -> CircleFit | None:
    """Fit a circular motion to sightings at any times; None when there are too few or there is no motion.

    `clockwise` is the sense in which it is known to turn: then slow wandering, which turns either way, is not taken
    for it.

    A drifting centre (polynomial) and an ellipse are fitted by least squares at the frequency that explains most
    (the maximum-likelihood estimate of a sinusoid in white noise: Rife and Boorstyn, IEEE Trans. Inf. Theory 20:591,
    1974). The ellipse is then whitened to a circle, the phase about its centre unwrapped, and what it departs from
    the steady rotation described by a polynomial of the order that the data bear (BIC), so that neither noise nor
    an uneven hand upsets the count. Missing sightings need no bridging, and no smoothing shrinks the radius.
    """
    if len(time_s) < 8 or time_s[-1] - time_s[0] < 0.3:
        return None
    time_s, position_cm = _without_outliers(time_s, position_cm)
    middle, span = 0.5 * (time_s[0] + time_s[-1]), time_s[-1] - time_s[0]
    t = time_s - middle
    rate = _best_rate(t, position_cm, span, clockwise)
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
        centre, drift, ellipse, roundness = fitted
        turned = (position_cm - centre) @ np.linalg.inv(ellipse).T
        angle, weight = _demodulated(t, turned, phase, rate)
        departure = _smooth_departure(t, angle + phase - steady, weight, span)
        phase = steady + departure(t)
    return CircleFit(float(middle), float(np.abs(t).max()), rate, departure, drift, ellipse, roundness)


def _without_outliers(time: Floats, position: Floats) -> tuple[Floats, Floats]:
    """Drop sightings far from the median of their five neighbours, compared with what is usual in this stroke."""
    from scipy.ndimage import median_filter

    departure = np.hypot(*(position - median_filter(position, size=(5, 1), mode="nearest")).T)
    keep = departure <= max(6 * float(np.median(departure)), 1.5)
    return (time[keep], position[keep]) if keep.sum() >= 8 else (time, position)


def _drift_order(revolutions: float) -> int:
    """Return the order of the centre's polynomial: a bend for every few revolutions, so that it takes no circle."""
    return int(np.clip(1 + revolutions // 3, 1, 6))


def _drift(t: Floats, order: int, scale: float | None = None) -> Floats:
    scale = max(float(np.abs(t).max()), 1e-9) if scale is None else scale
    return np.asarray(np.polynomial.legendre.legvander(np.clip(t / scale, -1, 1), order))


def _explained(t: Floats, position: Floats, rate: float, order: int) -> float:
    design = np.column_stack([_drift(t, order), np.cos(2 * np.pi * rate * t), np.sin(2 * np.pi * rate * t)])
    q, _ = np.linalg.qr(design)
    return float((position**2).sum() - ((q.T @ position) ** 2).sum())


def _periodogram(t: Floats, position: Floats, grid: Floats, clockwise: bool | None) -> Floats:
    """Return how much of the motion a sinusoid at each frequency explains, linear drift taken out of both beforehand.

    Where the sense is known, only what turns that way counts, less half of what turns the other way: an ellipse is
    the sum of two such circles, the larger one turning as it does.
    """
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
    explained = power.sum(1)
    if clockwise is None:
        return np.asarray(explained)
    a = (ss[:, None] * c - cs[:, None] * s) / determinant[:, None]
    b = (cc[:, None] * s - cs[:, None] * c) / determinant[:, None]
    both = (a**2 + b**2).sum(1)
    turn = 2 * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) * (1 if clockwise else -1)
    share = 0.5 + 0.5 * turn / np.maximum(both, 1e-12)
    return np.asarray(explained * (share - _OTHER_WAY * (1 - share)))


def _best_rate(t: Floats, position: Floats, span: float, clockwise: bool | None) -> float | None:
    """Return the frequency with the smallest residual, to a thousandth of a resolution cell."""
    centred = position - position.mean(0)
    grid = np.arange(_LOWEST_HZ, _HIGHEST_HZ, 1 / (_OVERSAMPLING * max(span, 1.0)))
    grid = grid[grid * span >= 0.6]
    if not len(grid):
        return None
    thin = max(1, len(t) // 800)
    found_power = _periodogram(t[::thin], centred[::thin], grid, clockwise)
    best = int((found_power * np.sqrt(grid)).argmax())  # A wandering tracker errs more, the more slowly.
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
) -> tuple[Floats, Floats, Floats, float] | None:
    """Fit centre(t) + E (cos phase, sin phase); return the centre, its polynomial, E (2, 2) and the share explained."""
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
    whole = left @ np.diag(size) @ right
    return centre, coefficients[: drift.shape[1]], whole, float(np.clip(1 - rest / max(about, 1e-9), 0, 1))


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
    # Neighbouring sightings err alike, so they count as one for every 0.15 s.
    effective = max(6.0, min(len(t), span / 0.15))
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
        score = effective * np.log(variance) + (order + 1) * np.log(effective)
        if best is None or score < best[0]:
            best, waited = (score, coefficients), 0
        elif (waited := waited + 1) == 2:
            break
    assert best is not None
    return _Departure(best[1], scale)
