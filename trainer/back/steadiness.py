"""How far a hand's position can be believed, by how steadily the hand is detected.

A hand that is plainly in view is detected in every frame (in the clips seen from behind 99 of 100 stretches of a second
hold no gap over a tenth). Where detections come and go, something else is followed or the thumb is hidden: an elbow,
an ear, the far side of a fist. On six rendered clips from low side views positions with steady detection were off by
more than three stated sigmas and 2 cm in 4 %, others in 18 to 53 % (docs/method.md).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trainer.back.track import ThumbTrack
from trainer.perception.observation import Status

Floats = NDArray[np.float64]

_WINDOW_S = 1.0
_STEADY = 0.9
"""From this share of detected time on, nothing is added."""
_UNSTEADY_CM = 10.0
"""What is added to sigma, in quadrature, where the hand was not detected at all: the width of a hand, and more."""
_LONGEST_STEP_S = 0.15


def detected_share(time_s: Floats, status: NDArray[np.str_]) -> Floats:
    """Return the share of the second around each frame in which the hand was detected, shape (n,).

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Increasing seconds. At the ends of the recording the window is as much of the second as there is.
    status : ndarray of str, shape (n,)
        Values of `trainer.perception.observation.Status`.

    Examples
    --------
    >>> detected_share(np.arange(5) / 25, np.array(["detected"] * 3 + ["missing"] * 2)).round(2).tolist()
    [0.6, 0.6, 0.6, 0.6, 0.6]
    """
    if len(time_s) == 0:
        return np.zeros(0)
    step = np.diff(time_s)
    usual = float(np.median(step)) if len(step) else 0.04
    width = np.append(np.minimum(step, _LONGEST_STEP_S), min(usual, _LONGEST_STEP_S))
    first = np.searchsorted(time_s, time_s - _WINDOW_S / 2, side="left")
    stop = np.searchsorted(time_s, time_s + _WINDOW_S / 2, side="right")
    whole = np.concatenate([[0.0], np.cumsum(width)])
    seen = np.concatenate([[0.0], np.cumsum(np.where(status == Status.DETECTED.value, width, 0.0))])
    return np.asarray((seen[stop] - seen[first]) / np.maximum(whole[stop] - whole[first], 1e-9))


def with_doubt(track: ThumbTrack) -> ThumbTrack:
    """Return the track with sigma grown where the hand was not detected steadily."""
    lacking = np.maximum(0.0, _STEADY - detected_share(track.time_s, track.status)) / _STEADY
    return replace(track, sigma_cm=np.hypot(track.sigma_cm, _UNSTEADY_CM * lacking))
