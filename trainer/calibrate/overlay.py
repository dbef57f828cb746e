"""What the page draws over the picture: the modelled back, so that the person sees whether it fits."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.back.atlas import Atlas
from trainer.back.registration import Registration

Array = NDArray[np.float64]

_STEP_CM = 0.5
_LATERAL_CM = (-10.0, -5.0, 5.0, 10.0)
_CAUDAL_CM = (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0)


def overlay(registration: Registration, atlas: Atlas) -> dict[str, Any]:
    """Return lines in pixels, by name of the JSON that the page reads."""
    across = np.arange(-10.0, 10.0 + _STEP_CM, _STEP_CM)
    along = np.arange(0.0, 30.0 + _STEP_CM, _STEP_CM)
    grid = [_seen(registration, np.column_stack([np.full_like(along, x), along])) for x in _LATERAL_CM]
    grid += [_seen(registration, np.column_stack([across, np.full_like(across, y)])) for y in _CAUDAL_CM]
    outlines = {name: _seen(registration, _dense(line)) for name, line in atlas.outlines.items()}
    places = {name: _pixel(registration, np.array([place.at])) for name, place in atlas.landmarks.items()}
    return {
        "grid": [piece for pieces in grid for piece in pieces],
        "outlines": outlines,
        "expected": places,
        "suspects": list(registration.suspects),
    }


def _dense(line: Array) -> Array:
    """Points along a line at most half a centimetre apart."""
    pieces = []
    for start, end in pairwise(line):
        steps = max(1, int(np.ceil(np.hypot(*(end - start)) / _STEP_CM)))
        pieces.append(start + (end - start) * np.arange(steps)[:, None] / steps)
    return np.concatenate([*pieces, line[-1:]])


def _seen(registration: Registration, back_cm: Array) -> list[list[list[float]]]:
    """Visible runs of a line in atlas centimetres, each a list of pixels."""
    real = back_cm * registration.size.ratio
    pixels = registration.to_image(real)
    again, _ = registration.to_back(np.nan_to_num(pixels, nan=-1e6))
    with np.errstate(invalid="ignore"):
        visible = np.isfinite(pixels).all(axis=1) & (np.abs(again - real).max(axis=1) < 0.8)
    runs: list[list[list[float]]] = []
    run: list[list[float]] = []
    for point, shown in zip(pixels, visible, strict=True):
        if shown:
            run.append([round(float(point[0]), 1), round(float(point[1]), 1)])
            continue
        if len(run) > 1:
            runs.append(run)
        run = []
    if len(run) > 1:
        runs.append(run)
    return runs


def _pixel(registration: Registration, back_cm: Array) -> list[float] | None:
    pixel = registration.to_image(back_cm * registration.size.ratio)[0]
    return [round(float(pixel[0]), 1), round(float(pixel[1]), 1)] if np.isfinite(pixel).all() else None
