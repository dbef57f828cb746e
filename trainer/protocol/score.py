"""What scoring says: the content of ``score.json``, as frozen types."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from trainer.language import Text
from trainer.perception.observation import Hand

SCORE_SCHEMA_VERSION = 1
Observer = Literal["camera", "facilitator"]
"""Who can see an item."""
State = Literal["met", "partly_met", "not_met", "not_observed", "to_confirm"]
"""A verdict as people are shown it: `to_confirm` for an item that waits for a facilitator."""
Outcome = Literal["passed", "not_yet", "too_little"]


class Verdict(StrEnum):
    """A checklist verdict. What the camera did not see is `NOT_OBSERVED`, never a failure, never a guess."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    NOT_OBSERVED = "not_observed"


@dataclass(frozen=True)
class Evidence:
    """An interval of the session that a verdict rests on, in seconds from the first frame."""

    start_s: float
    end_s: float
    hand: Hand | None
    kind: Literal["supports", "fault"]


@dataclass(frozen=True)
class Measure:
    """A measured value with its unit, the uncertainty where it matters, and the range it was held against.

    ``None`` for `value` means not measured; ``None`` for `minimum` or `maximum` means unbounded.
    """

    name: str
    label: Text
    value: float | None
    unit: str
    sigma: float | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class ItemScore:
    """The verdict on one checklist item.

    Attributes
    ----------
    id : str
        The item's id in the protocol.
    title : Text
        What the item asks for.
    observer : {"camera", "facilitator"}
        Who can see it.
    verdict : Verdict
        Facilitator items are `Verdict.NOT_OBSERVED` until somebody confirms them.
    to_be_confirmed : bool
        True for an item that waits for a facilitator.
    points, max_points : float
        On the protocol's scale; `points` is 0 when not observed and then counts for nothing.
    critical : bool
        Whether failing it fails the demonstration.
    measures : tuple of Measure
        Values and thresholds.
    evidence : tuple of Evidence
        Intervals, in order of time.
    message : Text
        What the trainee should keep or do differently.
    source : str
        Citation of the item.
    faults : tuple of str
        Codes of what went wrong (`trainer.protocol.faults.Fault`), gravest first; empty when met.
    """

    id: str
    title: Text
    observer: Observer
    verdict: Verdict
    to_be_confirmed: bool
    points: float
    max_points: float
    critical: bool
    measures: tuple[Measure, ...]
    evidence: tuple[Evidence, ...]
    message: Text
    source: str
    faults: tuple[str, ...] = ()

    @property
    def by_camera(self) -> bool:
        """Whether it is for the camera to see."""
        return self.observer == "camera"

    @property
    def state(self) -> State:
        """The verdict as it is shown."""
        return "to_confirm" if self.to_be_confirmed else self.verdict.value  # type: ignore[return-value]

    @property
    def by_facilitator(self) -> bool:
        """Whether the verdict is a facilitator's, and given."""
        return not self.by_camera and self.state not in ("to_confirm", "not_observed")


@dataclass(frozen=True)
class Score:
    """A scored demonstration.

    Attributes
    ----------
    protocol_id, protocol_version, protocol_hash : str
        Which protocol, and the SHA-256 of its canonical content.
    protocol_title : Text
        Its title.
    items : tuple of ItemScore
        In the protocol's order.
    points, max_points : float
        Over the items that were observed.
    percent : float or None
        ``100 * points / max_points``; None when too little of what the rater was to watch was judged, or nothing.
    pass_mark_percent : float
        From the protocol.
    passed : bool or None
        None when too little was observed to say.
    not_observed : tuple of str
        Ids of the camera items that were not observed.
    advice : tuple of str
        Ids of at most three items, the most useful to work on first.
    """

    protocol_id: str
    protocol_version: str
    protocol_hash: str
    protocol_title: Text
    items: tuple[ItemScore, ...]
    points: float
    max_points: float
    percent: float | None
    pass_mark_percent: float
    passed: bool | None
    not_observed: tuple[str, ...]
    advice: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """`passed` in a word."""
        return "too_little" if self.passed is None else "passed" if self.passed else "not_yet"

    @property
    def failed_critical(self) -> bool:
        """Whether a critical item was not met."""
        return any(item.critical and item.verdict == Verdict.NOT_MET for item in self.items)

    @property
    def facilitator_has_judged(self) -> bool:
        """Whether any item carries a facilitator's verdict."""
        return any(item.by_facilitator for item in self.items)

    @property
    def advised(self) -> tuple[ItemScore, ...]:
        """The items of `advice`, in its order."""
        by_id = {item.id: item for item in self.items}
        return tuple(by_id[item_id] for item_id in self.advice)

    def count(self, state: str) -> int:
        """Return how many items are in a state."""
        return sum(item.state == state for item in self.items)

    def find(self, item_id: str) -> ItemScore | None:
        """Return the item of that id; None when there is none."""
        return next((item for item in self.items if item.id == item_id), None)
