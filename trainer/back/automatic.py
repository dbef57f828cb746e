"""From landmarks that Pijat found by itself to a registration, or an honest no."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np

from trainer.back.lookup import Lattice
from trainer.back.registration import Registration, RegistrationError, register

MIN_LANDMARKS = 6
"""Fewer found landmarks than this are too few to check each other."""
MAX_COST = 3.0
"""Robust misfit per landmark above which they do not look like one back."""
MAX_SUSPECTS = 2
MAX_VIEW_DEG = 75.0
MAX_SIGMA_CM = 2.5
"""A map less certain than this beside the spine is a guess."""
_COMMON_SHARE = 0.5
"""Share of a found landmark's variance that it has in common with all others of the picture: about half of
the squared error on unseen renders and clips is one shift of the whole arrangement (docs/results.md)."""
_ASKED_CM = np.array([[-4.0, 5.0], [4.0, 5.0], [-4.0, 15.0], [4.0, 15.0]])


class DetectedBack(Protocol):
    """What a landmark detector says; `trainer.perception.back_landmarks.BackDetection` is one."""

    @property
    def landmarks(self) -> Mapping[str, tuple[float, float]]:
        """Pixels by landmark name."""

    @property
    def sigma_px(self) -> Mapping[str, float]:
        """Standard deviation along each axis by landmark name, pixels."""

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height in pixels."""


def register_automatic(detection: DetectedBack) -> Registration | None:
    """Register a back that was found automatically.

    Parameters
    ----------
    detection : DetectedBack
        Landmarks with their uncertainty.

    Returns
    -------
    Registration or None
        None when the landmarks are too few, contradict each other or anatomy, or leave the map a guess: then
        positions are not observed, rather than wrong.
    """
    if len(detection.landmarks) < MIN_LANDMARKS:
        return None
    try:
        found = register(detection.landmarks, detection.sigma_px, detection.image_size)
    except RegistrationError:
        return None
    if found.cost > MAX_COST or len(found.suspects) > MAX_SUSPECTS or found.view_angle_deg > MAX_VIEW_DEG:
        return None
    found = _with_common_error(found, detection)
    sigma = found.map_sigma(found.to_image(_ASKED_CM * found.size.ratio))
    seen = sigma[np.isfinite(sigma)]
    if len(seen) < 2 or float(np.median(seen)) > MAX_SIGMA_CM:
        return None
    return found


def _with_common_error(found: Registration, detection: DetectedBack) -> Registration:
    """Add to the map's sigma the error that all found landmarks share.

    `register` takes marks as independent, as a person's are, and so trusts twelve of them more than any one; a network
    that is wrong about where the back begins shifts them all, and no number of them takes that away.
    """
    names = list(detection.landmarks)
    scale = found.cm_per_px(np.array([detection.landmarks[name] for name in names], float))
    each = scale * np.array([detection.sigma_px[name] for name in names]) / found.size.ratio
    known = each[np.isfinite(each)]
    if len(known) == 0:
        return found
    values = found.inverse.values.copy()
    values[..., 2] = np.hypot(values[..., 2], np.sqrt(_COMMON_SHARE) * float(np.median(known)))
    return replace(found, inverse=Lattice(found.inverse.origin, found.inverse.step, values))
