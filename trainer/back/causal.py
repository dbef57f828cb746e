"""The thumb's path as it happens: a Kalman filter for the live trainer, no look ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text, number
from trainer.perception.observation import Status


@dataclass(frozen=True)
class CausalPoint:
    """One filtered place of the thumb.

    Attributes
    ----------
    lateral_cm, caudal_cm : float
        NaN where missing.
    speed_cm_s : ndarray of float, shape (2,)
        Velocity along lateral and caudal; NaN where missing.
    sigma_cm : float
        Standard deviation per axis; NaN where missing.
    status : Status
        As sighted, ``interpolated`` where carried on through a gap or an outlier, ``missing`` beyond that.
    palm_cm : float
        As sighted, see `trainer.back.track.ThumbTrack`; NaN where not.
    """

    lateral_cm: float
    caudal_cm: float
    speed_cm_s: NDArray[np.float64]
    sigma_cm: float
    status: Status
    palm_cm: float = math.nan


_NOWHERE = CausalPoint(math.nan, math.nan, np.full(2, np.nan), math.nan, Status.MISSING)


class CausalTrackFilter:
    """Filter one thumb forwards in time, frame by frame.

    The motion is Singer's model (acceleration that fades with `manoeuvre_s`), the same for both axes, so both
    share one gain.  A sighting beyond `gate` deviations is taken for an outlier until as many in a row as
    last `restart_s` agree, then the filter starts again there.  Singer (1970), IEEE Trans. AES-6:473.

    Parameters
    ----------
    acceleration_cm_s2 : float
        Standard deviation of the thumb's acceleration; circles of 1.2 cm at 1 Hz have 47 cm/s^2.
    manoeuvre_s : float
        Seconds over which an acceleration fades.
    jitter : float
        Share of a sighting's sigma that is frame-to-frame noise; the rest is slow and no filter removes it.
    bridge_s : float
        Seconds that the path is carried on without a sighting.
    gate : float
        Deviations (of prediction and jitter together) beyond which a sighting is an outlier.
    restart_s : float
        Seconds of refused sightings after which they are believed.
    """

    def __init__(
        self,
        *,
        acceleration_cm_s2: float = 60.0,
        manoeuvre_s: float = 0.15,
        jitter: float = 0.2,
        bridge_s: float = 0.3,
        gate: float = 10.0,
        restart_s: float = 0.15,
    ) -> None:
        self._acceleration = acceleration_cm_s2
        self._manoeuvre = manoeuvre_s
        self._jitter = jitter
        self._bridge = bridge_s
        self._gate = gate
        self._restart = restart_s
        self._state: NDArray[np.float64] | None = None  # (3, 2): place, speed, acceleration by axis
        self._spread = np.zeros((3, 3))
        self._time_s = -math.inf
        self._sighted_s = -math.inf
        self._refused_since: float | None = None
        self._slow = 0.0
        self._palm = math.nan

    def update(
        self,
        time_s: float,
        lateral_cm: float,
        caudal_cm: float,
        sigma_cm: float,
        status: Status,
        palm_cm: float = math.nan,
    ) -> CausalPoint:
        """Take the next frame's sighting (NaN for none) and return the filtered place.

        Parameters
        ----------
        time_s : float
            Later than the frame before.
        lateral_cm, caudal_cm, sigma_cm : float
            The sighting and its standard deviation per axis; NaN where there is none.
        status : Status
            How the sighting came about.
        palm_cm : float
            Length of the palm, passed through; NaN where not known.

        Raises
        ------
        PijatError
            When time does not increase.
        """
        if time_s <= self._time_s:
            raise PijatError(
                Text(
                    "Waktu gambar mundur dari {before} ke {got} detik: beri gambar berurutan.",
                    "Expected a time after {before} s, got {got} s: feed frames in order.",
                ).fill(before=number(self._time_s, 3), got=number(time_s, 3))
            )
        step, self._time_s = time_s - self._time_s, time_s
        self._palm = palm_cm
        sighting = np.array([lateral_cm, caudal_cm])
        seen = bool(np.isfinite(sighting).all()) and math.isfinite(sigma_cm)
        if self._state is not None and time_s - self._sighted_s > self._bridge + step:
            self._state = None
        if self._state is None:
            return self._begin(sighting, sigma_cm, status) if seen else _NOWHERE
        self._predict(step)
        if not seen:
            return self._carried_on()
        noise = (self._jitter * sigma_cm) ** 2 + 1e-4
        innovation = sighting - self._state[0]
        variance = self._spread[0, 0] + noise
        if math.hypot(*innovation) > self._gate * math.sqrt(variance) + sigma_cm:
            if self._refused_since is None:
                self._refused_since = time_s
            if time_s - self._refused_since >= self._restart:
                return self._begin(sighting, sigma_cm, status)
            return self._carried_on()
        self._refused_since = None
        gain = self._spread[:, 0] / variance
        self._state = self._state + gain[:, None] * innovation
        self._spread = self._spread - np.outer(gain, self._spread[0])
        self._sighted_s = time_s
        self._slow = sigma_cm
        return self._point(status)

    def _begin(self, sighting: NDArray[np.float64], sigma_cm: float, status: Status) -> CausalPoint:
        self._state = np.zeros((3, 2))
        self._state[0] = sighting
        self._spread = np.diag([(self._jitter * sigma_cm) ** 2 + 1e-4, 15.0**2, self._acceleration**2])
        self._sighted_s = self._time_s
        self._refused_since = None
        self._slow = sigma_cm
        return self._point(status)

    def _predict(self, step: float) -> None:
        assert self._state is not None
        fade = math.exp(-step / self._manoeuvre)
        tau = self._manoeuvre
        move = np.array(
            [
                [1.0, step, tau * tau * (step / tau - 1.0 + fade)],
                [0.0, 1.0, tau * (1.0 - fade)],
                [0.0, 0.0, fade],
            ]
        )
        # White noise driving the acceleration, integrated over the step (small-step form of Singer's matrix).
        drive = 2.0 * self._acceleration**2 / tau
        push = drive * np.array(
            [
                [step**5 / 20, step**4 / 8, step**3 / 6],
                [step**4 / 8, step**3 / 3, step**2 / 2],
                [step**3 / 6, step**2 / 2, step],
            ]
        )
        self._state = move @ self._state
        self._spread = move @ self._spread @ move.T + push

    def _carried_on(self) -> CausalPoint:
        if self._time_s - self._sighted_s > self._bridge:
            self._state = None
            self._refused_since = None
            return _NOWHERE
        return self._point(Status.INTERPOLATED)

    def _point(self, status: Status) -> CausalPoint:
        assert self._state is not None
        return CausalPoint(
            lateral_cm=float(self._state[0, 0]),
            caudal_cm=float(self._state[0, 1]),
            speed_cm_s=self._state[1].copy(),
            sigma_cm=math.sqrt(float(self._spread[0, 0]) + (1.0 - self._jitter**2) * self._slow**2),
            status=status,
            palm_cm=self._palm,
        )
