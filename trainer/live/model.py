"""What a live session says and is told, as frozen types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from trainer.analysis.pipeline import FrameResult
from trainer.back.causal import CausalPoint
from trainer.errors import PijatError
from trainer.language import Language, Text
from trainer.perception.observation import Hand
from trainer.protocol.coaching import Cue
from trainer.protocol.model import Protocol
from trainer.strokes.event import StrokeEvent

Mode = Literal["coach", "assess"]
StopReason = Literal["finished", "pain"]
PauseReason = Literal["person", "hidden", "camera", "connection", "no_pictures"]
BackSource = Literal["manual", "automatic", "corrected"]


class LiveState(StrEnum):
    """Where a session is."""

    SETUP = "setup"
    PRACTISING = "practising"
    PAUSED = "paused"
    FINISHED = "finished"


class LiveError(PijatError):
    """Something asked of a live session that it cannot do; `code` names it in docs/live-protocol.md."""

    def __init__(self, text: Text, code: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Choices:
    """What the person chose.

    Attributes
    ----------
    protocol : Protocol
        What is practised.
    protocol_ref : str
        Its id when built in, else its file.
    language, mode : str
        Language of the report and the voice; coach with cues, or assess without any feedback.
    keep_video, blur_head : bool
        Whether the person agreed to a recording, and wants the head made unrecognisable in it.
    confirmed : mapping of str to bool
        What a facilitator ticked: done or not done, by item id.
    """

    protocol: Protocol
    protocol_ref: str
    language: Language = "id"
    mode: Mode = "coach"
    keep_video: bool = False
    blur_head: bool = True
    confirmed: Mapping[str, bool] = field(default_factory=dict)


Trend = Literal["better", "worse", "mended"]


@dataclass(frozen=True)
class Tick:
    """One point of the camera's set-up.

    Attributes
    ----------
    code : str
        Stable name for programs.
    ok : bool or None
        Right, wrong, or not known yet.
    text : Text
        What is so, and what to do about it where it is wrong.
    value, unit : float and str, or None
        What was measured.
    off : float
        How wrong: 0 at the limit, 1 as wrong as can be; 0 where it is right or cannot be told.
    trend : {"better", "worse", "mended"} or None
        Against the last seconds: wrong but less so, or more so; right now and wrong just before.
    """

    code: str
    ok: bool | None
    text: Text
    value: float | None = None
    unit: str | None = None
    off: float = 0.0
    trend: Trend | None = None


@dataclass(frozen=True)
class HandsSeen:
    """In which share of the last pictures hands were seen on the back.

    Attributes
    ----------
    one, both : float
        At least one of them, and both; 0 to 1.
    """

    one: float
    both: float


@dataclass(frozen=True)
class Unseen:
    """What cannot be judged, because the camera does not see it.

    Attributes
    ----------
    code : str
        ``back``, ``hands`` (neither) or ``one_hand`` (only one).
    text : Text
        The sentence.
    """

    code: str
    text: Text


@dataclass(frozen=True)
class SideCount:
    """What was done on one side of the recipient: whole circles and passes in the protocol's direction."""

    circles: int = 0
    passes: int = 0


@dataclass(frozen=True)
class Progress:
    """How far the practice is.

    Attributes
    ----------
    counts : mapping of {"left", "right"} to SideCount
        By the recipient's side.
    rounds, rounds_wanted : int or None
        None where the protocol counts none.
    elapsed_s : float
        Without the pauses.
    remaining_s : float or None
        Until the least duration that the protocol asks for; None where it asks for none.
    step : str or None
        The step to do now; None when all that the camera can see are done.
    steps_done : tuple of str
        Camera steps that are done, as far as can be told live.
    """

    counts: Mapping[Literal["left", "right"], SideCount]
    rounds: int | None
    rounds_wanted: int | None
    elapsed_s: float
    remaining_s: float | None
    step: str | None
    steps_done: tuple[str, ...]


@dataclass(frozen=True)
class BackState:
    """How well the back is known.

    Attributes
    ----------
    status : {"followed", "held", "lost"}
        See `trainer.back.following.BackFollower`.
    source : {"manual", "automatic", "corrected"}
        Who placed the landmarks.
    view_angle_deg : float
        Of the registered frame, 0 is face on.
    azimuth_deg, elevation_deg : float
        Its parts: sideways, positive from the recipient's right, and along the spine, positive from above.
    sigma_cm : float
        Standard deviation of the map at mid-back, per axis; NaN when lost.
    """

    status: str
    source: BackSource
    view_angle_deg: float
    azimuth_deg: float
    elevation_deg: float
    sigma_cm: float


@dataclass(frozen=True, eq=False)
class LiveResult:
    """The answer to one picture.

    Attributes
    ----------
    state : LiveState
        While it was looked at.
    seen : FrameResult
        Pixels of `size`; ``time_s`` of the set-up or, from the start on, of the practice.
    size : (int, int)
        Width and height that the pixels refer to.
    points : mapping of hand to CausalPoint
        Filtered places of the thumbs; empty while no back is known.
    strokes : mapping of hand to StrokeEvent
        What a hand was doing a moment ago; only hands that were doing something.
    unseen : Unseen or None
        While practising, what has not been seen for seconds; in set-up, what was never seen, so that a practice begun
        now could not be judged.
    """

    state: LiveState
    seen: FrameResult
    size: tuple[int, int]
    back: BackState | None
    points: Mapping[Hand, CausalPoint]
    strokes: Mapping[Hand, StrokeEvent]
    progress: Progress
    cue: Cue | None
    setup: tuple[Tick, ...] | None
    unseen: Unseen | None
    protocol: Protocol
