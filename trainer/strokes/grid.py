"""A thumb's path on an even clock, whatever the camera's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.back.track import ThumbTrack
from trainer.errors import PijatError
from trainer.language import Text
from trainer.perception.observation import Status
from trainer.strokes.palm import trust

GRID_HZ = 25.0
"""Rate of the recogniser's own clock: hands reach 2.5 revolutions a second, so ten samples a turn."""
_LONGEST_STEP_S = 0.16
"""Positions further apart than this are not joined: the slowest camera gives 10 a second."""
_PALM_STEP_S = 0.4
"""The palm's size changes more slowly."""


@dataclass(frozen=True, eq=False)
class Grid:
    """One thumb on the recogniser's clock.

    Attributes
    ----------
    time_s : ndarray of float, shape (n,)
        Seconds from the first frame, `1 / GRID_HZ` apart.
    position_cm : ndarray of float, shape (n, 2)
        Lateral and caudal; the last known position where there is none (the first known before it).
    known : ndarray of bool, shape (n,)
        A position is known, seen or bridged.
    seen : ndarray of bool, shape (n,)
        The thumb was really seen.
    palm_cm : ndarray of float, shape (n,)
        Length of the palm as if it lay on the skin; NaN where not known.
    palm_trust : ndarray of float, shape (n,)
        How much that length counts, 0 to 1 (`trainer.strokes.palm.trust`).
    """

    time_s: NDArray[np.float64]
    position_cm: NDArray[np.float64]
    known: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    palm_cm: NDArray[np.float64]
    palm_trust: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.time_s)


def to_grid(track: ThumbTrack) -> Grid:
    """Resample a track.

    Frames closer together than the clock are averaged first, so that a 1 kHz tracker is not aliased; positions are
    then joined linearly where neighbours are near enough in time.

    Parameters
    ----------
    track : ThumbTrack
        In cm and seconds.

    Returns
    -------
    Grid
        Empty for an empty track.

    Raises
    ------
    PijatError
        When times are not finite and increasing.
    """
    time = np.asarray(track.time_s, float)
    position = np.stack([track.lateral_cm, track.caudal_cm], 1).astype(float)
    seen = np.isin(track.status, (Status.DETECTED.value, Status.TRACKED.value))
    return resample(time, position, seen, palm_cm=track.palm_cm, sigma_cm=track.sigma_cm)


def resample(
    time_s: NDArray[np.float64],
    position_cm: NDArray[np.float64],
    seen: NDArray[np.bool_],
    start_s: float | None = None,
    palm_cm: NDArray[np.float64] | None = None,
    sigma_cm: NDArray[np.float64] | None = None,
) -> Grid:
    """Resample positions, shape (n, 2), NaN where unknown, onto the clock starting at `start_s`.

    So with sizes of the palm, and with sigma, which says how much these count (without it: in full).
    """
    if len(time_s) == 0:
        return Grid(
            np.empty(0), np.empty((0, 2)), np.empty(0, bool), np.empty(0, bool), np.empty(0), np.empty(0)
        )
    if not np.isfinite(time_s).all() or (np.diff(time_s) <= 0).any():
        raise PijatError(
            Text(
                "Waktu gambar harus bertambah terus; ada yang berulang, mundur, atau hilang.",
                "Expected frame times in seconds that increase, got times that repeat, run back or are missing.",
            )
        )
    first = time_s[0] if start_s is None else start_s
    count = int(np.floor((time_s[-1] - first) * GRID_HZ + 1e-6)) + 1
    clock = first + np.arange(max(count, 0)) / GRID_HZ
    palm = np.full(len(clock), np.nan) if palm_cm is None else _sizes(time_s, palm_cm, clock)
    sized = None if palm_cm is None or sigma_cm is None else np.isfinite(palm_cm) & np.isfinite(sigma_cm)
    trusted = np.ones(len(clock))
    if sized is not None and sigma_cm is not None and sized.any():
        trusted = trust(np.interp(clock, time_s[sized], sigma_cm[sized]))
    good = np.isfinite(position_cm).all(1)
    if not good.any() or count <= 0:
        empty = np.zeros(len(clock), bool)
        return Grid(clock, np.zeros((len(clock), 2)), empty, empty, palm, trusted)
    times, places, seens = time_s[good], position_cm[good], seen[good]
    if len(times) > 2 and np.median(np.diff(times)) < 0.66 / GRID_HZ:
        times, places, seens = _averaged(times, places, seens)
    after = np.searchsorted(times, clock, side="left")
    before = np.clip(
        np.where(
            (after < len(times)) & (times[np.minimum(after, len(times) - 1)] == clock), after, after - 1
        ),
        0,
        None,
    )
    after = np.minimum(after, len(times) - 1)
    span = times[after] - times[before]
    u = np.clip((clock - times[before]) / np.maximum(span, 1e-9), 0, 1)[:, None]
    joined = (
        (clock >= times[0] - 0.5 / GRID_HZ) & (clock <= times[-1] + 0.5 / GRID_HZ) & (span <= _LONGEST_STEP_S)
    )
    position = np.where(joined[:, None], (1 - u) * places[before] + u * places[after], places[before])
    return Grid(clock, position, joined, joined & (seens[before] | seens[after]), palm, trusted)


def _sizes(
    time: NDArray[np.float64], palm: NDArray[np.float64], clock: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Average sizes over each period of the clock, or join the neighbours' when they are near enough in time."""
    good = np.isfinite(palm) & (palm > 0)
    if not good.any():
        return np.full(len(clock), np.nan)
    times, sizes = time[good], palm[good]
    if len(times) > 2 and np.median(np.diff(times)) < 0.66 / GRID_HZ:
        period = np.floor((times - times[0]) * GRID_HZ).astype(np.int64)
        edges = np.flatnonzero(np.r_[True, np.diff(period) > 0])
        counts = np.diff(np.r_[edges, len(times)])
        times, sizes = np.add.reduceat(times, edges) / counts, np.add.reduceat(sizes, edges) / counts
    after = np.searchsorted(times, clock, side="left")
    before = np.maximum(after - 1, 0)
    after = np.minimum(after, len(times) - 1)
    near = np.minimum(np.abs(clock - times[before]), np.abs(times[after] - clock)) <= _PALM_STEP_S
    return np.where(near, np.interp(clock, times, sizes), np.nan)


def _averaged(
    time: NDArray[np.float64], position: NDArray[np.float64], seen: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Average the samples that fall into each period of the clock."""
    period = np.floor((time - time[0]) * GRID_HZ).astype(np.int64)
    edges = np.flatnonzero(np.r_[True, np.diff(period) > 0])
    counts = np.diff(np.r_[edges, len(time)])
    mean_time = np.add.reduceat(time, edges) / counts
    mean_position = np.add.reduceat(position, edges, axis=0) / counts[:, None]
    return mean_time, mean_position, np.add.reduceat(seen.astype(float), edges) * 2 >= counts
