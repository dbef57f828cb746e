"""What the library tells of a facilitator's grading."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Decision = Literal["confirmed", "overridden", "ticked", "rated", "not_observed"]


@dataclass(frozen=True)
class GradeRecord:
    """What a facilitator said of one item.

    Attributes
    ----------
    revision : int
        1 for the first word on the item; the highest counts.
    rating : float or None
        In the points of the item, 0 to its ``max_points`` in ``score.json``; None when not observed.
    after_signing : bool
        Whether it was changed after the grading was signed.
    """

    item_id: str
    revision: int
    rating: float | None
    decision: Decision
    comment: str
    at: dt.datetime
    after_signing: bool


@dataclass(frozen=True)
class GradingRecord:
    """One facilitator's grading of one session.

    Attributes
    ----------
    version : int
        Hand it back with the next change; see `trainer.library.gradings`.
    spent_s : float
        Seconds the facilitator spent on it.
    grades : tuple of GradeRecord
        The newest of each item, in the order of the checklist.
    edited_after_signing : bool
        Whether a grade was changed after `signed_at`.
    """

    id: int
    session_id: int
    facilitator_id: int
    facilitator_code: str
    facilitator_name: str
    blind: bool
    started_at: dt.datetime
    signed_at: dt.datetime | None
    spent_s: float
    version: int
    grades: tuple[GradeRecord, ...]
    edited_after_signing: bool

    def grade(self, item_id: str) -> GradeRecord | None:
        """Return the newest grade of an item; None when it has none."""
        return next((grade for grade in self.grades if grade.item_id == item_id), None)
