"""A recognised stretch of motion as an event with all its figures."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trainer.perception.observation import Hand
from trainer.strokes.circles import measure_circle
from trainer.strokes.event import Direction, Side, StrokeEvent, StrokeType
from trainer.strokes.passes import measure_pass

Floats = NDArray[np.float64]
_CIRCLE_EDGE_S = 0.06
"""Sightings this near to the ends of a circle may belong to the move before or after it."""

_DOUBT = 0.8
"""What is left of the confidence when autocorrelation finds another period than the count by phase."""


def describe(
    kind: StrokeType,
    hand: Hand,
    onset_s: float,
    end_s: float,
    time_s: Floats,
    position_cm: Floats,
    confidence: float = 1.0,
    observed: float = 1.0,
    trim: bool = True,
    clockwise: bool | None = None,
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
    trim : bool
        See `trainer.strokes.circles.measure_circle`.
    clockwise : bool, optional
        The sense in which a circle is known to turn.
    """
    event = StrokeEvent(onset_s, end_s - onset_s, kind, hand, confidence=confidence, observed=observed)
    if len(position_cm):
        side, region = place_names(*map(float, np.median(position_cm, axis=0)))
        lateral, caudal = map(float, position_cm.mean(0))
        event = replace(event, side=side, region=region, lateral_cm=lateral, caudal_cm=caudal)
    if kind == StrokeType.CIRCULAR_PRESSURE:
        inner = (time_s >= onset_s + _CIRCLE_EDGE_S) & (time_s <= end_s - _CIRCLE_EDGE_S)
        circle = measure_circle(
            time_s[inner], position_cm[inner], onset_s, end_s, trim=trim, clockwise=clockwise
        )
        if circle is not None:
            return replace(
                event,
                confidence=confidence if circle.confirmed else _DOUBT * confidence,
                cycles=circle.cycles,
                rate_hz=circle.rate_hz,
                radius_cm=circle.radius_cm,
                direction=circle.direction,
                revolution_onsets_s=circle.onsets_s,
                travel_cm=circle.travel_cm,
            )
    if kind in (StrokeType.DOWNWARD_PASS, StrokeType.UPWARD_PASS):
        measured = measure_pass(time_s, position_cm, onset_s, end_s)
        direction: Direction = "caudal" if kind == StrokeType.DOWNWARD_PASS else "cranial"
        if measured is not None:
            return replace(
                event, direction=direction, length_cm=measured.length_cm, speed_cm_s=measured.speed_cm_s
            )
        return replace(event, direction=direction)
    return event


def place_names(lateral_cm: float, caudal_cm: float, back_size_ratio: float = 1.0) -> tuple[Side, str]:
    """Return the recipient's side and the zone of the back atlas of a point, on a back of this size."""
    from trainer.back.atlas import load_atlas

    atlas = load_atlas().sized(back_size_ratio)
    return atlas.side(lateral_cm), atlas.zone(lateral_cm, caudal_cm)
