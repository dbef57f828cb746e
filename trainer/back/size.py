"""How large a back is: usually that of the atlas, or as a distance measured on it says."""

from dataclasses import dataclass

import numpy as np

from trainer.back.atlas import Atlas
from trainer.back.marks import RegistrationError
from trainer.back.messages import LANDMARK_NAMES
from trainer.language import Text, number

_MEASURE_SIGMA_CM = 0.5
"""How well a person measures a distance on a back with a tape, unless they say otherwise."""


@dataclass(frozen=True)
class MeasuredDistance:
    """A distance measured on the recipient's skin.

    Attributes
    ----------
    start, end : str
        Landmark names.
    cm : float
        The distance along the skin.
    sigma_cm : float
        Its standard deviation.
    """

    start: str
    end: str
    cm: float
    sigma_cm: float = _MEASURE_SIGMA_CM


@dataclass(frozen=True)
class BackSize:
    """How much larger this back is than the atlas's.

    Attributes
    ----------
    ratio : float
        Real cm per cm of the atlas.
    sigma : float
        Relative standard deviation.
    measured : bool
        False when it is only what people usually are.
    """

    ratio: float
    sigma: float
    measured: bool


def back_size(scale: MeasuredDistance | BackSize | None, atlas: Atlas) -> BackSize:
    """Return the size of this back relative to the atlas.

    Raises
    ------
    RegistrationError
        When the measured distance is between unknown or identical landmarks, or of no human size.
    """
    if isinstance(scale, BackSize):
        return scale
    if scale is None:
        return BackSize(1.0, atlas.size_sigma, measured=False)
    for name in (scale.start, scale.end):
        if name not in atlas.landmarks:
            raise RegistrationError(
                Text(
                    f"Jarak harus diukur antara dua titik punggung, bukan {name!r}.",
                    f"Expected scale between two landmarks of the back, got {name!r}.",
                )
            )
    start, end = atlas.landmarks[scale.start], atlas.landmarks[scale.end]
    usual = float(np.hypot(end.at[0] - start.at[0], end.at[1] - start.at[1]))
    if usual < 5.0:
        raise RegistrationError(
            Text(
                "Jarak harus diukur antara dua titik yang terpisah sedikitnya 5 cm, bukan "
                f"{LANDMARK_NAMES[scale.start].id} dan {LANDMARK_NAMES[scale.end].id}.",
                f"Expected scale between two landmarks at least 5 cm apart, got {scale.start} and {scale.end}.",
            )
        )
    ratio = scale.cm / usual
    if not 0.5 <= ratio <= 1.6:
        raise RegistrationError(
            Text(
                "Jarak {start_name} ke {end_name} biasanya {low} sampai {high} cm, bukan {cm} cm: ukur lagi "
                "mengikuti kulit, dalam cm.",
                "Expected scale.cm between {low} and {high} cm from {start} to {end}, got {cm}: measure again along "
                "the skin, in centimetres.",
            ).fill(
                start=scale.start,
                end=scale.end,
                start_name=LANDMARK_NAMES[scale.start],
                end_name=LANDMARK_NAMES[scale.end],
                low=number(0.5 * usual, 0),
                high=number(1.6 * usual, 0),
                cm=scale.cm,
            )
        )
    return BackSize(ratio, scale.sigma_cm / scale.cm, measured=True)
