"""A recognised stretch of motion as an event with all its figures."""

import numpy as np
from numpy.typing import NDArray

from trainer.perception.observation import Hand
from trainer.strokes.circles import measure_circle
from trainer.strokes.event import Side, StrokeEvent, StrokeType
from trainer.strokes.passes import measure_pass

Floats = NDArray[np.float64]
_CIRCLE_EDGE_S = 0.06
"""Sightings this near to the ends of a circle may belong to the move before or after it."""


def describe(
    kind: StrokeType,
    hand: Hand,
    onset_s: float,
    end_s: float,
    time_s: Floats,
    position_cm: Floats,
    confidence: float = 1.0,
    observed: float = 1.0,
) -> StrokeEvent:
    """Return the event with what its sightings say: place, count, rate, radius, direction, length, speed.

    Parameters
    ----------
    kind : StrokeType
        What it is.
    hand : {"left", "right"}
        Whose.
    onset_s, end_s : float
        When, in seconds.
    time_s, position_cm : ndarray, shape (n,) and (n, 2)
        Sightings inside it, as mapped frame by frame (unsmoothed), finite.
    confidence, observed : float
        To be noted, 0 to 1.
    """
    base = {"confidence": confidence, "observed": observed}
    place = np.median(position_cm, axis=0) if len(position_cm) else np.array([np.nan, np.nan])
    if len(position_cm):
        lateral, caudal = float(position_cm[:, 0].mean()), float(position_cm[:, 1].mean())
        side, region = place_names(float(place[0]), float(place[1]))
    else:
        lateral = caudal = side = region = None
    event = StrokeEvent(onset_s, end_s - onset_s, kind, hand, side, region, lateral, caudal, **base)
    from dataclasses import replace

    if kind == StrokeType.CIRCULAR_PRESSURE:
        inner = (time_s >= onset_s + _CIRCLE_EDGE_S) & (time_s <= end_s - _CIRCLE_EDGE_S)
        circle = measure_circle(time_s[inner], position_cm[inner], onset_s, end_s)
        if circle is not None:
            return replace(
                event,
                cycles=circle.cycles,
                rate_hz=circle.rate_hz,
                radius_cm=circle.radius_cm,
                direction=circle.direction,
                revolution_onsets_s=circle.onsets_s,
            )
    if kind in (StrokeType.DOWNWARD_PASS, StrokeType.UPWARD_PASS):
        measured = measure_pass(time_s, position_cm, onset_s, end_s)
        direction = "caudal" if kind == StrokeType.DOWNWARD_PASS else "cranial"
        if measured is not None:
            return replace(
                event, direction=direction, length_cm=measured.length_cm, speed_cm_s=measured.speed_cm_s
            )
        return replace(event, direction=direction)
    return event


def place_names(lateral_cm: float, caudal_cm: float) -> tuple[Side, str]:
    """Return the recipient's side and the zone of the back atlas of a point."""
    from trainer.back.atlas import load_atlas

    atlas = load_atlas()
    side = atlas.side(lateral_cm)
    return ("spine" if side == "midline" else side), atlas.zone(lateral_cm, caudal_cm)
