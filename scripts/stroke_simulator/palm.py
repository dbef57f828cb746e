"""How large a hand looks: the only thing in a picture that says how high it is over the back.

A hand that is lifted towards the camera looks larger. Besides that, its apparent size depends on how it is held
(each stroke has its own way), on where on the back it is, and on the landmarks' jitter. The ranges are those that
`scripts/measure_palm.py` found on rendered clips.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scripts.stroke_simulator.motion import smooth_noise

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PalmView:
    """How the palm's size is seen in one session; everything in shares of the size unless said.

    Attributes
    ----------
    length_cm : float
        Of the palm, times the error of the map's scale.
    distance_cm : float
        From the camera to the back.
    gain : float
        The point under a lifted hand is mapped to another place, often one that is seen more obliquely, where a
        pixel is more centimetres: the hand seems larger still.
    held : float
        Spread between ways of holding the hand.
    slope : ndarray, shape (2,)
        Change per cm lateral and caudal.
    white, slow, slow_tau_s : float
        Jitter from frame to frame, and slowly wandering error with its correlation time.
    lost : float
        Share of frames in which only the thumb is known.
    known : bool
        Whether sizes are reported at all; a trajectory of bare positions has none.
    """

    length_cm: float
    distance_cm: float
    gain: float
    held: float
    slope: Array
    white: float
    slow: float
    slow_tau_s: float
    lost: float
    known: bool


def random_palm(rng: np.random.Generator, severity: float = 1.0) -> PalmView:
    """Return a random view of a palm; `severity` scales everything that is wrong with it."""
    return PalmView(
        length_cm=float(np.exp(rng.normal(np.log(9.0), 0.12))),
        distance_cm=float(np.exp(rng.uniform(np.log(50), np.log(160)))),
        gain=rng.uniform(0.8, 1.8),
        held=severity * rng.uniform(0.01, 0.09),
        slope=severity * rng.normal(0, [0.004, 0.003]),
        white=severity * float(np.exp(rng.uniform(np.log(0.005), np.log(0.04)))),
        slow=severity * rng.uniform(0.005, 0.05),
        slow_tau_s=rng.uniform(0.15, 1.5),
        lost=0.0 if rng.random() < 0.6 else rng.uniform(0.0, 0.3),
        known=bool(rng.random() < 0.8),
    )


def observe_palm(
    rng: np.random.Generator,
    palm: PalmView,
    fps: float,
    position_cm: Array,
    lift_cm: Array,
    held: Array,
    ray_slope: Array,
) -> Array:
    """Return the palm's size in cm, measured as if it lay on the skin, frame by frame; NaN where not known.

    Parameters
    ----------
    rng : Generator
        Of the noise.
    palm : PalmView
        How it is seen.
    fps : float
        Frames a second.
    position_cm, lift_cm : ndarray, shape (n, 2) and (n,)
        Where the thumb truly is, and how high.
    held : ndarray, shape (n,)
        How the hand is held, in standard deviations.
    ray_slope : ndarray, shape (2,)
        Tangent of the line of sight to the normal of the skin.
    """
    n = len(lift_cm)
    if not palm.known:
        return np.full(n, np.nan)
    towards = lift_cm / np.hypot(1.0, np.hypot(*ray_slope))
    log_size = -palm.gain * np.log(np.maximum(1 - towards / palm.distance_cm, 0.3))
    log_size = log_size + palm.held * held + (position_cm - [0.0, 9.0]) @ palm.slope
    log_size += palm.slow * smooth_noise(rng, n, palm.slow_tau_s, fps)
    # Now and then a finger is mistaken, and the palm with it.
    log_size += palm.white * np.where(rng.random(n) < 0.02, 6.0, 1.0) * rng.standard_normal(n)
    size = palm.length_cm * np.exp(log_size)
    size[rng.random(n) < palm.lost] = np.nan
    return np.asarray(size)
