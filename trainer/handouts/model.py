"""What the hand-outs are written from: plain values, wherever they come from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.cohort.adherence import Adherence, HomeCareEntry
from trainer.cohort.agreement import RaterAgreement
from trainer.cohort.attempts import Attempt, LearningCurve, learning_curves
from trainer.cohort.comparison import GroupComparison, PairedComparison, compare_paired
from trainer.cohort.outcomes import OutcomeEntry, OutcomeSummary, summarise_outcomes
from trainer.language import Text

POINTS_OF_100 = Text("poin", "points")
"""The unit of a knowledge test's percent."""


@dataclass(frozen=True)
class Signature:
    """Who signed a grading, and when; `edited_after` when grades were changed since."""

    facilitator: str
    signed_at: datetime
    edited_after: bool = False


@dataclass(frozen=True)
class FacilitatorGrade:
    """A facilitator's grade of one item: points on the checklist's own scale, None for not observed."""

    points: float | None
    comment: str = ""


@dataclass(frozen=True)
class FeedbackItem:
    """One item of the checklist as it goes on paper.

    Attributes
    ----------
    id, title, message : str, Text, Text
    verdict : str
        ``met``, ``partly_met``, ``not_met``, ``not_observed``, or ``to_confirm`` for an item that still waits
        for a facilitator.
    points, max_points : float
        Weighted; 0 where not observed, which then counts for nothing.
    by_facilitator : bool
        Whether a facilitator gave the verdict.
    critical : bool
    comment : str
        The facilitator's.
    """

    id: str
    title: Text
    message: Text
    verdict: str
    points: float
    max_points: float
    by_facilitator: bool
    critical: bool
    comment: str = ""


@dataclass(frozen=True)
class Feedback:
    """One demonstration of one trainee.

    Attributes
    ----------
    trainee, group : str
        A pseudonym code by default; a name only where it is wanted.
    attempt : int or None
    recorded_at : str or None
        ISO 8601.
    duration_s : float or None
    protocol_title : Text
    protocol_id, protocol_version : str
    items : tuple of FeedbackItem
    points, max_points : float
        Over what was observed.
    percent : float or None
    pass_mark_percent : float
    passed : bool or None
        None when too little was observed to say.
    advice : tuple of str
        Ids of the items to work on first, at most three.
    complete : bool
        False for a recording that broke off.
    pain : bool
        Whether the massage was stopped because of pain.
    signature : Signature or None
    comment : str
        The facilitator's, on the whole.
    """

    trainee: str
    group: str
    attempt: int | None
    recorded_at: str | None
    duration_s: float | None
    protocol_title: Text
    protocol_id: str
    protocol_version: str
    items: tuple[FeedbackItem, ...]
    points: float
    max_points: float
    percent: float | None
    pass_mark_percent: float
    passed: bool | None
    advice: tuple[str, ...]
    complete: bool = True
    pain: bool = False
    signature: Signature | None = None
    comment: str = ""

    @property
    def certified(self) -> bool:
        """Whether the page may call itself a certificate: passed, whole, and signed by a facilitator.

        Grades changed after signing were not signed.
        """
        signed = self.signature is not None and not self.signature.edited_after
        return self.passed is True and self.complete and signed

    @property
    def unseen(self) -> tuple[FeedbackItem, ...]:
        """The items that nobody observed."""
        return tuple(item for item in self.items if item.verdict in ("not_observed", "to_confirm"))


@dataclass(frozen=True)
class KnowledgeScores:
    """One participant's knowledge test, points of 100; None where it was not taken."""

    code: str
    before: float | None
    after: float | None
    unanswered_before: int = 0
    unanswered_after: int = 0


@dataclass(frozen=True)
class HomeCareSummary:
    """One mother's log at home, and what `trainer.cohort.adherence.adherence` says of it."""

    code: str
    result: Adherence
    log: tuple[HomeCareEntry, ...]


@dataclass(frozen=True)
class GroupReport:
    """A group as its report shows it; participants go by code only.

    Attributes
    ----------
    name, description : str
    made_at : datetime
    codes : tuple of str
        Every participant, in order.
    protocol_title : Text or None
    pass_mark_percent : float or None
        For the learning curves.
    knowledge : tuple of KnowledgeScores
    test : PairedComparison or None
        Of the knowledge test; None when nobody took one.
    curves : tuple of LearningCurve
    home_care : tuple of HomeCareSummary
    outcomes : tuple of OutcomeSummary
    comparisons : tuple of (Text, GroupComparison)
        What is compared, and how it came out against another group.
    agreement : tuple of RaterAgreement
    """

    name: str
    description: str
    made_at: datetime
    codes: tuple[str, ...]
    protocol_title: Text | None
    pass_mark_percent: float | None
    knowledge: tuple[KnowledgeScores, ...]
    test: PairedComparison | None
    curves: tuple[LearningCurve, ...]
    home_care: tuple[HomeCareSummary, ...]
    outcomes: tuple[OutcomeSummary, ...]
    comparisons: tuple[tuple[Text, GroupComparison], ...] = ()
    agreement: tuple[RaterAgreement, ...] = ()


def group_report(
    name: str,
    codes: Iterable[str],
    *,
    made_at: datetime,
    description: str = "",
    protocol_title: Text | None = None,
    pass_mark_percent: float | None = None,
    knowledge: Iterable[KnowledgeScores] = (),
    attempts: Iterable[Attempt] = (),
    home_care: Iterable[HomeCareSummary] = (),
    outcomes: Iterable[OutcomeEntry] = (),
    comparisons: Sequence[tuple[Text, GroupComparison]] = (),
    agreement: Sequence[RaterAgreement] = (),
) -> GroupReport:
    """Compute a group's report from what was collected; anything may be missing."""
    scores = tuple(sorted(knowledge, key=lambda row: row.code))
    test = None
    if scores:
        test = compare_paired([row.before for row in scores], [row.after for row in scores], POINTS_OF_100)
    return GroupReport(
        name=name,
        description=description,
        made_at=made_at,
        codes=tuple(sorted(codes)),
        protocol_title=protocol_title,
        pass_mark_percent=pass_mark_percent,
        knowledge=scores,
        test=test,
        curves=learning_curves(attempts),
        home_care=tuple(sorted(home_care, key=lambda row: row.code)),
        outcomes=summarise_outcomes(outcomes),
        comparisons=tuple(comparisons),
        agreement=tuple(agreement),
    )
