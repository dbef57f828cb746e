"""A protocol as frozen types: what `trainer.protocol.loader` makes of a protocol file.

Positions are back coordinates in cm (lateral from the spinous line, positive to the recipient's right;
caudal below C7); times are in the units that each name ends with. docs/protocol-format.md explains every
field to the person who writes a protocol.
"""

from dataclasses import dataclass
from typing import Literal, TypeVar

from trainer.language import Text
from trainer.protocol.faults import Fault
from trainer.strokes.event import Side, StrokeType

PROTOCOL_SCHEMA_VERSION = 1
_CheckKind = TypeVar("_CheckKind")

Observer = Literal["camera", "facilitator", "camera_or_facilitator"]
Scale = Literal["done_not_done", "0-2", "1-4"]
PassDirection = Literal["caudal", "cranial"]


@dataclass(frozen=True)
class Range:
    """A range with either end open (None)."""

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Region:
    """A named area of the back.

    Attributes
    ----------
    id : str
        Name used by the steps.
    name : Text
        Name shown to people.
    kind : {"target", "avoid"}
        Where strokes belong, or where no stroke may be.
    side : {"left", "right", "spine"}
        The recipient's side.
    polygon : tuple of (float, float)
        Corners as ``(lateral_cm, caudal_cm)``, at least three, not crossing itself.
    """

    id: str
    name: Text
    kind: Literal["target", "avoid"]
    side: Side
    polygon: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class CirclesCheck:
    """Circular pressure in the regions; `minimum_cycles` full circles a side."""

    regions: tuple[str, ...]
    both_thumbs: bool
    minimum_cycles: float
    rate_hz: Range
    radius_cm: Range
    minimum_inside_share: float
    minimum_balance: float


@dataclass(frozen=True)
class PassesCheck:
    """Long strokes along the spine, `minimum_passes` a side.

    ``start_caudal_cm`` and ``end_caudal_cm`` bound where a pass begins and ends (level below C7).
    """

    regions: tuple[str, ...]
    direction: PassDirection
    both_thumbs: bool
    minimum_passes: int
    start_caudal_cm: Range
    end_caudal_cm: Range
    speed_cm_s: Range
    minimum_inside_share: float
    minimum_balance: float


@dataclass(frozen=True)
class CoverageCheck:
    """Strokes of the given types must reach from one level to another, on both sides."""

    regions: tuple[str, ...]
    strokes: tuple[StrokeType, ...]
    from_caudal_cm: float
    to_caudal_cm: float
    minimum_inside_share: float


@dataclass(frozen=True)
class RoundsCheck:
    """Rounds: `minimum_cycles` circles or more a side, and a pass in the direction of `passes_step`."""

    circles_step: str
    passes_step: str
    rounds: Range
    minimum_cycles: float


@dataclass(frozen=True)
class DurationCheck:
    """How long the massage lasts, in minutes, as a whole or on each side."""

    minutes: Range
    scope: Literal["whole", "per_side"]
    maximum_pause_s: float


@dataclass(frozen=True)
class OrderCheck:
    """Steps whose strokes must first appear in this order."""

    steps: tuple[str, ...]


@dataclass(frozen=True)
class AvoidCheck:
    """No stroke in these regions: at most `maximum_share` of the stroke time, and no whole stroke."""

    regions: tuple[str, ...]
    maximum_share: float


@dataclass(frozen=True)
class StrokesOnlyCheck:
    """No strokes but these: others at most `maximum_share` of the stroke time."""

    strokes: tuple[StrokeType, ...]
    maximum_share: float


@dataclass(frozen=True)
class PostureCheck:
    """How far the recipient leans forward, in degrees from upright."""

    lean_deg: Range


@dataclass(frozen=True)
class HandShapeCheck:
    """The hand's shape: share of the frames seen in which both hands have it."""

    shape: Literal["fist_thumb_forward"]
    minimum_share: float


Check = (
    CirclesCheck
    | PassesCheck
    | CoverageCheck
    | RoundsCheck
    | DurationCheck
    | OrderCheck
    | AvoidCheck
    | StrokesOnlyCheck
    | PostureCheck
    | HandShapeCheck
)


@dataclass(frozen=True)
class Step:
    """One item of the checklist.

    Attributes
    ----------
    id, title, instruction : str, Text, Text
        Identity, name and the short instruction for the trainee.
    observer : Observer
        Who can see it.
    source : str
        Citation.
    weight : float
        Multiplies its points.
    critical : bool
        Failing it fails the demonstration.
    overall : bool
        True for a criterion over the whole session instead of a step in the sequence.
    check : Check or None
        What the camera looks at; None for what only a facilitator can see.
    praise : Text or None
        What to say when it is met; None for the general words.
    messages : tuple of (Fault, Text)
        What to do differently, where the protocol says it in its own words.
    assumptions : tuple of str
        What the source leaves open and was chosen here, with the reason.
    """

    id: str
    title: Text
    instruction: Text
    observer: Observer
    source: str
    weight: float
    critical: bool
    overall: bool
    check: Check | None
    praise: Text | None
    messages: tuple[tuple[Fault, Text], ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class StopRule:
    """When to end the massage at once."""

    id: str
    text: Text
    source: str


@dataclass(frozen=True)
class Judging:
    """How much must be seen before anything is judged.

    Attributes
    ----------
    minimum_observed : float
        Share of the time in which the thumbs must have been seen, 0 to 1.
    maximum_sigma_cm : float
        Positions less certain than this are not judged.
    unsure_below : float
        Strokes recognised with less confidence cost nothing and earn nothing.
    fault_confidence : float
        A stroke counts as being of a wrong kind (the other direction, or none that is taught) only when
        recognised with at least this confidence: in doubt for the trainee.
    radius_relative_sigma : float
        Uncertainty of a circle's radius relative to it: one camera's scale and view bias it.
    """

    minimum_observed: float = 0.6
    maximum_sigma_cm: float = 2.0
    unsure_below: float = 0.5
    fault_confidence: float = 0.75
    radius_relative_sigma: float = 0.15


@dataclass(frozen=True)
class Protocol:
    """A massage protocol; see docs/protocol-format.md for each field.

    Attributes
    ----------
    hash : str
        SHA-256 (hex) of the canonical JSON of the file's content; comments and layout do not change it.
    steps : tuple of Step
        The steps in order, then the criteria over the whole session (`Step.overall`).
    breaths_per_minute : float or None
        Pace for slow breathing, where the protocol asks for it.
    """

    id: str
    version: str
    title: Text
    summary: Text
    source: str
    scale: Scale
    pass_mark_percent: float
    regions: tuple[Region, ...]
    steps: tuple[Step, ...]
    stop_rules: tuple[StopRule, ...]
    judging: Judging
    schedule: Text | None
    breaths_per_minute: float | None
    assumptions: tuple[str, ...]
    hash: str

    def step(self, step_id: str) -> Step:
        """Return the step of that id; raise KeyError when there is none."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def first_check(self, kind: type[_CheckKind]) -> tuple[Step, _CheckKind] | None:
        """Return the first step whose check is of that kind, with the check; None when there is none."""
        for step in self.steps:
            if isinstance(step.check, kind):
                return step, step.check
        return None

    def region(self, region_id: str) -> Region:
        """Return the region of that id; raise KeyError when there is none."""
        for region in self.regions:
            if region.id == region_id:
                return region
        raise KeyError(region_id)
