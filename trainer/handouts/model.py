"""What the hand-outs are written from: plain values, wherever they come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trainer.cohort.adherence import Adherence, HomeCareEntry
from trainer.cohort.agreement import RaterAgreement
from trainer.cohort.attempts import Attempt, LearningCurve, learning_curves
from trainer.cohort.comparison import GroupComparison, PairedComparison, compare_paired
from trainer.cohort.outcomes import OutcomeEntry, OutcomeSummary, summarise_outcomes
from trainer.language import Text
from trainer.protocol.score import ItemScore, Score, Verdict

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
    """A facilitator's grade of one item: a rating on the checklist's own scale, None for not observed."""

    rating: float | None
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
    score : Score
        By the camera, or by a facilitator.
    comments : mapping of str to str
        The facilitator's, by item id.
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
    score: Score
    comments: Mapping[str, str] = field(default_factory=dict)
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
        return self.score.passed is True and self.complete and signed

    @property
    def judged(self) -> tuple[ItemScore, ...]:
        """The items that somebody observed."""
        return tuple(item for item in self.score.items if item.verdict != Verdict.NOT_OBSERVED)

    @property
    def unseen(self) -> tuple[ItemScore, ...]:
        """The items that nobody observed."""
        return tuple(item for item in self.score.items if item.verdict == Verdict.NOT_OBSERVED)

    def comment_on(self, item: ItemScore) -> str:
        """Return what the facilitator wrote of an item; empty where that is nothing."""
        return self.comments.get(item.id, "")


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
