"""The rating rules, all of them: from verdicts and ratings to points, totals, passing, and when a grading is whole.

A *rating* is on the protocol's scale. *Points* are a rating weighted by its item: the best rating is worth the
item's `max_points`. What was not observed has no rating and counts for nothing, neither as points nor as points
that could have been had.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from trainer.language import Text
from trainer.protocol.model import Scale
from trainer.protocol.score import ItemScore, Score, Verdict

RATINGS: dict[Scale, tuple[tuple[int, Text], ...]] = {
    "done_not_done": (
        (0, Text("tidak dilakukan", "not done")),
        (1, Text("dilakukan", "done")),
    ),
    "0-2": (
        (0, Text("tidak dilakukan", "not done")),
        (1, Text("sebagian", "partly")),
        (2, Text("benar", "done properly")),
    ),
    "1-4": (
        (1, Text("tidak dilakukan", "not done")),
        (2, Text("kurang", "poor")),
        (3, Text("cukup", "fair")),
        (4, Text("baik", "good")),
    ),
}
"""The ratings of each scale and what each is worth in words, lowest first."""
BEST_RATING: dict[Scale, float] = {scale: float(levels[-1][0]) for scale, levels in RATINGS.items()}
"""What a step done wholly right is rated on each scale."""
Rater = Literal["camera", "facilitator"]
MOST_ADVICE = 3
ENOUGH_WEIGHT = 0.6
"""Share of the weight of what a rater was to watch that must have been judged before a percentage or passing, or not
yet passing, can be said."""


def rating_of_verdict(scale: Scale, verdict: Verdict, *, minor: bool) -> float | None:
    """Return the rating of a verdict, None for not observed.

    Parameters
    ----------
    scale : Scale
    verdict : Verdict
    minor : bool
        Whether only finer criteria fell short: on 1-4, partly met is then 3, else 2.
    """
    if verdict == Verdict.NOT_OBSERVED:
        return None
    if verdict == Verdict.MET:
        return BEST_RATING[scale]
    lowest = float(RATINGS[scale][0][0])
    if verdict == Verdict.NOT_MET or scale == "done_not_done":
        return lowest
    return 3.0 if scale == "1-4" and minor else lowest + 1.0


def verdict_of_rating(scale: Scale, rating: float | None) -> Verdict:
    """Return the verdict that a rating stands for: the best is met, the lowest is not met, None is not observed."""
    if rating is None:
        return Verdict.NOT_OBSERVED
    if rating >= BEST_RATING[scale]:
        return Verdict.MET
    return Verdict.NOT_MET if rating <= RATINGS[scale][0][0] else Verdict.PARTLY_MET


def points_of_rating(scale: Scale, rating: float | None, max_points: float) -> float:
    """Return the points of a rating, 0 for none.

    Examples
    --------
    >>> points_of_rating("0-2", 1, max_points=6.0)
    3.0
    """
    return 0.0 if rating is None else rating / BEST_RATING[scale] * max_points


def rating_of_points(scale: Scale, points: float, max_points: float) -> float:
    """Return the rating that an item's points stand for; 0 for an item without weight.

    Examples
    --------
    >>> rating_of_points("1-4", 4.5, max_points=6.0)
    3.0
    """
    return BEST_RATING[scale] * points / max_points if max_points > 0 else 0.0


def level_of_points(scale: Scale, points: float, max_points: float) -> int:
    """Return the level of the scale that lies nearest to the rating of an item's points."""
    rating = rating_of_points(scale, points, max_points)
    return min((level for level, _ in RATINGS[scale]), key=lambda level: abs(level - rating))


@dataclass(frozen=True)
class Total:
    """What ratings come to: points of the items that were observed, of `most` that these could have had."""

    points: float
    most: float

    @property
    def percent(self) -> float | None:
        """None when nothing was observed."""
        return 100 * self.points / self.most if self.most else None


def total_of(pairs: Iterable[tuple[float | None, float]]) -> Total:
    """Add up points and most points of items; those whose points are None were not observed.

    Examples
    --------
    >>> total_of([(1.0, 2.0), (None, 2.0), (6.0, 6.0)])
    Total(points=7.0, most=8.0)
    """
    seen = [(points, most) for points, most in pairs if points is not None]
    return Total(sum(points for points, _ in seen), sum(most for _, most in seen))


def total_of_items(items: Iterable[ItemScore]) -> Total:
    """Add up the items of a checklist."""
    return total_of(
        (None if item.verdict == Verdict.NOT_OBSERVED else item.points, item.max_points) for item in items
    )


def watched_by(rater: Rater, items: Iterable[ItemScore]) -> tuple[ItemScore, ...]:
    """Return the items that a rater was to judge: the camera its own, a facilitator all that no longer wait."""
    return tuple(
        item for item in items if not item.to_be_confirmed and (rater == "facilitator" or item.by_camera)
    )


def enough_judged(items: Sequence[ItemScore], rater: Rater = "camera") -> bool:
    """Whether enough of what a rater was to watch was judged to sum it up; see `ENOUGH_WEIGHT`."""
    watched = watched_by(rater, items)
    wanted = sum(item.max_points for item in watched)
    return total_of_items(watched).most >= ENOUGH_WEIGHT * wanted


def passed(items: Sequence[ItemScore], pass_mark_percent: float, rater: Rater = "camera") -> bool | None:
    """Say whether a checklist is passed.

    Parameters
    ----------
    items : sequence of ItemScore
        All of them.
    pass_mark_percent : float
        Of the protocol.
    rater : {"camera", "facilitator"}
        Whose score it is: how much must have been judged is a share of what they were to watch.

    Returns
    -------
    bool or None
        None when too little was judged or a critical item is still open; False when a critical item is not met,
        whatever the rest.
    """
    percent = total_of_items(items).percent
    if percent is None or not enough_judged(items, rater):
        return None
    if any(item.critical and item.verdict == Verdict.NOT_MET for item in items):
        return False
    if any(item.critical and item.verdict == Verdict.NOT_OBSERVED for item in items):
        return None
    return percent >= pass_mark_percent


def advice_of(items: Iterable[ItemScore]) -> tuple[str, ...]:
    """Choose what to work on first: critical items, then those that cost most; one item per root fault."""
    short = [item for item in items if item.verdict in (Verdict.NOT_MET, Verdict.PARTLY_MET)]
    short.sort(
        key=lambda item: (
            not (item.critical and item.verdict == Verdict.NOT_MET),
            item.points - item.max_points,
        )
    )
    chosen: list[ItemScore] = []
    for item in short:
        leading = item.faults[:1]
        if leading and any(leading == other.faults[:1] for other in chosen):
            continue
        chosen.append(item)
    return tuple(item.id for item in chosen[:MOST_ADVICE])


def added_up(score: Score, items: Sequence[ItemScore], rater: Rater = "camera") -> Score:
    """Return the score with these items, and with everything that follows from them."""
    total = total_of_items(items)
    return replace(
        score,
        items=tuple(items),
        points=total.points,
        max_points=total.most,
        percent=total.percent if enough_judged(items, rater) else None,
        passed=passed(items, score.pass_mark_percent, rater),
        not_observed=tuple(
            item.id for item in watched_by(rater, items) if item.verdict == Verdict.NOT_OBSERVED
        ),
        advice=advice_of(items),
    )


class GivenGrade(Protocol):
    """A facilitator's grade of one item, as far as it matters to whether a grading is whole."""

    @property
    def item_id(self) -> str:
        """The item."""

    @property
    def decision(self) -> str:
        """How the rating came about; ``overridden``: the camera said otherwise."""

    @property
    def comment(self) -> str:
        """Why; may be empty."""


@dataclass(frozen=True)
class Unfinished:
    """What keeps a grading from being signed: ids of the items without a grade, and of those without a reason."""

    left: tuple[str, ...]
    unsaid: tuple[str, ...]


def unfinished(item_ids: Iterable[str], grades: Iterable[GivenGrade]) -> Unfinished | None:
    """Say what a grading lacks: a grade of every item, and a reason wherever the camera was overridden.

    Parameters
    ----------
    item_ids : iterable of str
        Items of the checklist.
    grades : iterable of GivenGrade
        The newest of each item.

    Returns
    -------
    Unfinished or None
        None when it is whole and may be signed.
    """
    given = {grade.item_id: grade for grade in grades}
    left = tuple(item for item in item_ids if item not in given)
    unsaid = tuple(
        grade.item_id
        for grade in given.values()
        if grade.decision == "overridden" and not grade.comment.strip()
    )
    return Unfinished(left, unsaid) if left or unsaid else None
