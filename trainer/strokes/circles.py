"""Counting circles by phase: how often, how fast, how large, which way round."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trainer.strokes.circle_fit import CircleFit, fit_circle

Floats = NDArray[np.float64]
_HARD_TURN = 0.25
"""Share of a period by which the count by phase and by autocorrelation may differ."""

_SURE = 0.15
"""Share of a stroke at either end that the recogniser may have wrong; the circle is first fitted between."""
_ROUND = 0.8
"""Share of the motion that an ellipse must explain for its ends to be believed."""
_LEAST_TURNS, _LEAST_SHARE = 1.8, 0.6
"""A stroke is only trimmed if it turns so often, and so much of it stays."""
_OFF_RADII, _OFF_SPREADS = 0.6, 4.0
"""A thumb is off its circle when further away than so many radii and so many times the usual distance."""


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
    travel_cm : float
        How far the centre went along the spine from onset to end, positive towards the feet.
    """

    cycles: float
    rate_hz: float
    radius_cm: float
    direction: Literal["cw", "ccw"]
    onsets_s: tuple[float, ...]
    roundness: float
    confirmed: bool
    travel_cm: float


def measure_circle(
    time_s: Floats,
    position_cm: Floats,
    onset_s: float,
    end_s: float,
    *,
    trim: bool = True,
    clockwise: bool | None = None,
) -> CircleMeasure | None:
    """Measure a circular stroke from sightings at any times; None when there are too few.

    See `trainer.strokes.circle_fit.fit_circle`; unseen ends turn on as the seen part did.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Increasing seconds of the sightings inside the stroke.
    position_cm : ndarray, shape (n, 2)
        Lateral and caudal, finite.
    onset_s, end_s : float
        Of the stroke, which sightings may cover only in part.
    trim : bool
        Take the rate only from where the thumb is on its circle; three times the work.
    clockwise : bool, optional
        The sense in which it is known to turn.
    """
    fit = fit_circle(time_s, position_cm, clockwise)
    if fit is None:
        return None
    first, last = onset_s, end_s
    inner = _on_circle(time_s, position_cm, onset_s, end_s, clockwise) if trim else np.ones(len(time_s), bool)
    if inner.sum() < len(time_s):
        # Boundaries are never perfect: what was still on its way to the circle must not count as turning.
        closer = fit_circle(time_s[inner], position_cm[inner], clockwise)
        if closer is not None and closer.roundness >= max(_ROUND, fit.roundness):
            fit, first, last = closer, time_s[inner][0], time_s[inner][-1]
    rate = float(np.diff(fit.phase(np.array([first, last])))[0] / (2 * np.pi * max(last - first, 1e-9)))
    clock = np.linspace(onset_s, end_s, 512)
    course = fit.phase(clock)
    turns = np.maximum.accumulate((course - course[0]) / (2 * np.pi))
    cycles = rate * (end_s - onset_s)
    if turns[-1] > 0:
        turns *= cycles / turns[-1]
    onsets = np.interp(np.arange(int(np.floor(cycles + 1e-6))), turns, clock)
    return CircleMeasure(
        cycles=cycles,
        rate_hz=rate,
        radius_cm=fit.radius_cm,
        direction="cw" if fit.clockwise else "ccw",
        onsets_s=tuple(map(float, onsets)),
        roundness=fit.roundness,
        confirmed=_autocorrelation_agrees(time_s, position_cm, rate),
        travel_cm=_travel_cm(fit, first, last, end_s - onset_s),
    )


def _travel_cm(fit: CircleFit, first_s: float, last_s: float, duration_s: float) -> float:
    """Return how far the centre goes in a whole stroke at the mean speed that was seen between two times."""
    clock = np.linspace(first_s, last_s, 64)
    seen_s = last_s - first_s
    return (
        float(np.polyfit(clock - first_s, fit.centre(clock)[:, 1], 1)[0]) * duration_s if seen_s > 0 else 0.0
    )


def _on_circle(
    time: Floats, position: Floats, onset_s: float, end_s: float, clockwise: bool | None
) -> NDArray[np.bool_]:
    """Mark the sightings between where the thumb joins its circle and where it leaves it."""
    everything = np.ones(len(time), bool)
    length = end_s - onset_s
    core = (time >= onset_s + _SURE * length) & (time <= end_s - _SURE * length)
    fit = fit_circle(time[core], position[core], clockwise) if core.sum() >= 8 else None
    if fit is None or fit.roundness < _ROUND or fit.rate_hz * length < _LEAST_TURNS:
        return everything
    distance = np.hypot(*(position - fit.position(time)).T)
    off = distance > max(_OFF_RADII * fit.radius_cm, _OFF_SPREADS * float(np.median(distance[core])))
    middle = int(np.searchsorted(time, 0.5 * (onset_s + end_s)))
    first = middle - _walk(off[:middle][::-1])
    last = middle + _walk(off[middle:])
    if (time[last - 1] - time[first]) < _LEAST_SHARE * length:
        return everything
    inner = np.zeros(len(time), bool)
    inner[first:last] = True
    return inner


def _walk(off: NDArray[np.bool_]) -> int:
    """Return how many sightings, from the middle outwards, lie on the circle; two strays in a row are forgiven."""
    reached, strays = 0, 0
    for number, astray in enumerate(off, 1):
        if not astray:
            reached, strays = number, 0
        elif (strays := strays + 1) > 2:
            break
    return reached


def _autocorrelation_agrees(t: Floats, position: Floats, rate: float) -> bool:
    """Whether the stroke is like itself one period later: a second opinion that knows nothing of phase."""
    span = t[-1] - t[0]
    if rate * span < 1.6:
        return True  # Too short for a second opinion.
    clock = np.arange(t[0], t[-1], 0.02)
    even = np.stack([np.interp(clock, t, position[:, k]) for k in range(2)], 1)
    line = np.polynomial.legendre.legvander(np.linspace(-1, 1, len(clock)), 1)
    even = even - line @ np.linalg.lstsq(line, even, rcond=None)[0]
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
