"""How high a hand is over the back, as far as one camera tells: by how large its palm looks.

A hand that is lifted towards the camera looks larger. How large it looks on the skin is nobody's to know beforehand
(people's hands differ, and so does the scale of a calibration), so it is compared with the smallest that this hand
has looked for a good part of the time. The cue is weak: at 1.5 m from the camera a hover of 14 cm makes a tenth, and
so does a hand that is held another way. It is one of the things that the network looks at, never a rule. Where the
map of the back is unsure, its scale is too, and the cue counts less (`trust`).
"""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALL = 0.25
"""Share of the time that a hand looks smaller than the reference."""
_SAMPLED_S, _REMEMBERED = 0.039, 15000
LEAST_SAMPLES = 50
"""Sizes that a reference needs: 2 s of them."""


_SURE_CM, _UNSURE_CM = 0.6, 1.0
"""Up to the first the cue counts in full, from the second on not at all; in between in proportion."""


def trust(sigma_cm: Floats) -> Floats:
    """Return how much the cue counts, 0 to 1, where a position has this standard deviation per axis, in cm.

    On a map that is off by more than a centimetre a pass over the back's curve changes a palm's measured length as
    much as lifting the hand does. Where sigma is not known nobody measured a map, and the cue counts in full.

    Examples
    --------
    >>> trust(np.array([0.3, 0.8, 1.2, np.nan])).round(2).tolist()
    [1.0, 0.5, 0.0, 1.0]
    """
    return np.nan_to_num(np.clip((_UNSURE_CM - sigma_cm) / (_UNSURE_CM - _SURE_CM), 0.0, 1.0), nan=1.0)


def reference(palm_cm: Floats) -> float:
    """Return the size, in cm, that stands for a hand on the skin; NaN when it was seen too little.

    Parameters
    ----------
    palm_cm : ndarray, shape (n,)
        Sizes so far; NaN where not known.
    """
    known = palm_cm[np.isfinite(palm_cm) & (palm_cm > 0)]
    return float(np.quantile(known, SMALL)) if len(known) >= LEAST_SAMPLES else float("nan")


def running_reference(palm_cm: Floats, every: int = 25) -> Floats:
    """Return the reference that was known at each sample, shape (n,), taken anew `every` so many samples."""
    found = np.full(len(palm_cm), np.nan)
    for start in range(0, len(palm_cm), every):
        found[start : start + every] = reference(palm_cm[:start])
    return found


class RunningReference:
    """The reference of a hand that is still being watched."""

    def __init__(self) -> None:
        self._sizes: deque[float] = deque(maxlen=_REMEMBERED)
        self._sampled_s = self._taken_s = -math.inf
        self.cm = math.nan
        """What the palm measures on the skin, in cm, as far as known."""

    def add(self, time_s: float, palm_cm: float) -> None:
        """Take the size of the next frame; NaN for not known."""
        if math.isfinite(palm_cm) and palm_cm > 0 and time_s - self._sampled_s >= _SAMPLED_S:
            self._sizes.append(palm_cm)
            self._sampled_s = time_s
        if time_s - self._taken_s >= 1.0:
            self.cm = reference(np.array(self._sizes))
            self._taken_s = time_s
