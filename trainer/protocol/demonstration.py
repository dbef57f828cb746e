"""One demonstration, as scoring sees it: the strokes, the thumbs' paths, and what else was observed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trainer.back.track import ThumbTrack
from trainer.perception.observation import Hand
from trainer.strokes.event import StrokeEvent


@dataclass(frozen=True)
class PostureObservation:
    """How the recipient sat.

    Attributes
    ----------
    lean_deg : float
        Trunk's lean forward from upright, in degrees.
    sigma_deg : float
        Its standard deviation.
    observed : float
        Share of the time in which it could be measured, 0 to 1.
    """

    lean_deg: float
    sigma_deg: float
    observed: float


@dataclass(frozen=True)
class HandShapeObservation:
    """How the hands were held during the strokes.

    Attributes
    ----------
    fist_thumb_forward_share : float
        Share of the frames measured in which both hands were fists with the thumb pointing to the
        head, 0 to 1.
    sigma : float
        Its standard deviation.
    observed : float
        Share of the stroke time in which both hands' shape could be measured, 0 to 1.
    """

    fist_thumb_forward_share: float
    sigma: float
    observed: float


@dataclass(frozen=True, eq=False)
class Demonstration:
    """What was seen of one demonstration.

    Attributes
    ----------
    events : tuple of StrokeEvent
        Strokes of both hands, in any order.
    tracks : mapping of hand to ThumbTrack
        The thumbs' paths; may lack a hand, or be empty for a timeline made by people.
    start_s, end_s : float
        When the session began and ended, in seconds from the first frame.
    observed : mapping of hand to float
        Share of the time in which the hand was seen, for hands without a track. A hand with neither a track
        nor an entry counts as seen when it has strokes (somebody saw them), else as not seen.
    posture : PostureObservation or None
        None when nobody measured it.
    hand_shape : HandShapeObservation or None
        None when nobody measured it.
    stopped_s : float or None
        When STOP was pressed because of pain or discomfort.
    pauses_s : tuple of (float, float)
        Start and end of each pause that was announced: no time of massage, seen or not.
    """

    events: tuple[StrokeEvent, ...]
    tracks: Mapping[Hand, ThumbTrack]
    start_s: float
    end_s: float
    observed: Mapping[Hand, float] = field(default_factory=dict)
    posture: PostureObservation | None = None
    hand_shape: HandShapeObservation | None = None
    stopped_s: float | None = None
    pauses_s: tuple[tuple[float, float], ...] = ()
