"""A stroke as an event on the timeline."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from trainer.perception.observation import Hand


class StrokeType(StrEnum):
    """The stroke catalogue. Off the back, lifted or unseen is no stroke."""

    CIRCULAR_PRESSURE = "circular_pressure"
    DOWNWARD_PASS = "downward_pass"
    UPWARD_PASS = "upward_pass"
    STATIC_HOLD = "static_hold"
    OTHER = "other"


Side = Literal["left", "right", "spine"]
"""The RECIPIENT's side on which a stroke lies."""
Direction = Literal["cw", "ccw", "caudal", "cranial"]
"""Sense of a circle as seen by someone looking at the back, or of a pass."""


@dataclass(frozen=True)
class StrokeEvent:
    """One stroke of one hand; ``None`` stands for n/a.

    Attributes
    ----------
    onset_s, duration_s : float
        Seconds from the first frame.
    trial_type : StrokeType
        What it is.
    hand : {"left", "right"}
        The practitioner's hand.
    side : {"left", "right", "spine"} or None
        The recipient's side, from the mean lateral position.
    region : str or None
        Zone of the back atlas in which the mean position lies.
    lateral_cm, caudal_cm : float or None
        Mean position on the back.
    cycles : float or None
        Revolutions of a circular stroke, partial ones included (2.5 is two and a half).
    rate_hz : float or None
        Revolutions a second.
    radius_cm : float or None
        Mean radius of the circle.
    direction : {"cw", "ccw", "caudal", "cranial"} or None
        Sense of the circle or of the pass.
    length_cm, speed_cm_s : float or None
        Extent of a pass along the skin and its mean speed.
    confidence : float
        Calibrated probability of `trial_type`, 0 to 1.
    observed : float
        Share of its frames in which the thumb was really seen, 0 to 1.
    source : {"predicted", "human"}
        Who says so.
    travel_cm : float or None
        How far the centre of a circle travelled along the spine, positive towards the feet.
    revolution_onsets_s : tuple of float
        Start of each full revolution of a circular stroke, seconds from the first frame.
    """

    onset_s: float
    duration_s: float
    trial_type: StrokeType
    hand: Hand
    side: Side | None = None
    region: str | None = None
    lateral_cm: float | None = None
    caudal_cm: float | None = None
    cycles: float | None = None
    rate_hz: float | None = None
    radius_cm: float | None = None
    direction: Direction | None = None
    length_cm: float | None = None
    speed_cm_s: float | None = None
    confidence: float = 1.0
    observed: float = 1.0
    source: Literal["predicted", "human"] = "predicted"
    revolution_onsets_s: tuple[float, ...] = field(default=())
    travel_cm: float | None = None

    @property
    def end_s(self) -> float:
        """Seconds from the first frame at which the stroke ends."""
        return self.onset_s + self.duration_s
