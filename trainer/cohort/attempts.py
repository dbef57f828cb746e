"""Progress of trainees over their attempts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Attempt:
    """One scored demonstration.

    Attributes
    ----------
    code : str
        The trainee's.
    number : int
        From 1.
    recorded_at : datetime or None
    percent : float or None
        Of the points of what was observed; None when nothing was.
    passed : bool or None
        None when too little was observed to say.
    not_observed : int
        Items that the camera should see and did not.
    """

    code: str
    number: int
    recorded_at: datetime | None
    percent: float | None
    passed: bool | None
    not_observed: int = 0


@dataclass(frozen=True)
class LearningCurve:
    """One trainee's attempts in order.

    Attributes
    ----------
    code : str
    attempts : tuple of Attempt
    first, latest, best : float or None
        Percent, of the attempts that have one.
    change : float or None
        Latest minus first, in percentage points; None with fewer than two.
    passed_at : int or None
        Number of the first attempt that was passed.
    """

    code: str
    attempts: tuple[Attempt, ...]
    first: float | None
    latest: float | None
    best: float | None
    change: float | None
    passed_at: int | None


@dataclass(frozen=True)
class AttemptMean:
    """All trainees at one attempt: how many have a percent there, and their mean."""

    number: int
    n: int
    mean: float


def learning_curves(attempts: Iterable[Attempt]) -> tuple[LearningCurve, ...]:
    """Gather attempts into one curve per trainee, in order of code."""
    by_code: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_code.setdefault(attempt.code, []).append(attempt)
    return tuple(_curve(code, rows) for code, rows in sorted(by_code.items()))


def attempt_means(curves: Sequence[LearningCurve]) -> tuple[AttemptMean, ...]:
    """Mean percent at each attempt.

    Trainees stop when they pass: later means are of those who still practised, so `n` belongs beside each.
    """
    found: dict[int, list[float]] = {}
    for curve in curves:
        for attempt in curve.attempts:
            if attempt.percent is not None:
                found.setdefault(attempt.number, []).append(attempt.percent)
    return tuple(
        AttemptMean(number, len(values), sum(values) / len(values))
        for number, values in sorted(found.items())
    )


def _curve(code: str, rows: list[Attempt]) -> LearningCurve:
    ordered = sorted(rows, key=lambda attempt: attempt.number)
    seen = [attempt.percent for attempt in ordered if attempt.percent is not None]
    return LearningCurve(
        code=code,
        attempts=tuple(ordered),
        first=seen[0] if seen else None,
        latest=seen[-1] if seen else None,
        best=max(seen, default=None),
        change=seen[-1] - seen[0] if len(seen) > 1 else None,
        passed_at=next((attempt.number for attempt in ordered if attempt.passed), None),
    )
