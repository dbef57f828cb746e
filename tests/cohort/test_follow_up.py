"""Home care, outcomes and attempts: what is counted, what is refused, what is not known."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trainer.cohort.adherence import HomeCareEntry, HomeCareGoal, adherence, check_entry, goal_of
from trainer.cohort.attempts import Attempt, attempt_means, learning_curves
from trainer.cohort.outcomes import SCALES, OutcomeEntry, check_value, pair_outcomes, summarise_outcomes
from trainer.errors import PijatError
from trainer.protocol.library import builtin
from trainer.protocol.model import Range

DAY = date(2026, 3, 1)
GOAL = HomeCareGoal(2, 14, Range(6, 10), "test")


def entry(day: int, sessions: int, minutes: float | None = None, **other) -> HomeCareEntry:
    return HomeCareEntry(
        DAY + timedelta(days=day - 1), sessions, minutes, other.pop("by_whom", "suami"), **other
    )


def test_goals_of_the_builtin_protocols():
    # PROTOCOLS: C at least twice a day for the first 2 weeks, 3-5 minutes on each side; A 1-2 times a day, about 15.
    goal = goal_of(builtin("jabodetabek-2025"))
    assert (goal.sessions_a_day, goal.days, goal.minutes) == (2, 14, Range(6, 10))
    goal = goal_of(builtin("tegalagung-2022"))
    assert (goal.sessions_a_day, goal.days, goal.minutes) == (1, None, Range(13, 20))
    assert goal_of(builtin("bulukumba-2023")) is None


def test_days_not_logged_are_neither_kept_nor_missed():
    found = adherence(
        [entry(1, 2), entry(2, 1), entry(3, 0), entry(5, 3)], GOAL, start=DAY, until=DAY + timedelta(days=9)
    )
    assert (found.days_due, found.days_logged, found.days_reached) == (10, 4, 2)
    assert (found.percent_of_due, found.percent_of_logged) == (20.0, 50.0)
    assert (found.sessions_done, found.sessions_due) == (6, 20)
    assert "6 hari tidak dicatat, jadi tidak diketahui" in found.words.id
    assert found.stop is None


def test_the_period_ends_with_the_goal():
    found = adherence([entry(day, 2) for day in range(1, 31)], GOAL, until=DAY + timedelta(days=60))
    assert (found.days_due, found.days_reached, found.percent_of_due) == (14, 14, 100.0)
    assert "tidak dicatat" not in found.words.id


def test_several_people_on_one_day_add_up():
    found = adherence([entry(1, 1, 8, by_whom="suami"), entry(1, 1, 6, by_whom="kader")], GOAL)
    assert (found.days_due, found.days_reached, found.minutes_a_session) == (1, 1, 7.0)
    assert (found.days_with_minutes, found.days_within_minutes) == (1, 1)


def test_minutes_that_nobody_timed_are_not_guessed():
    found = adherence([entry(1, 2), entry(2, 2, 30), entry(3, 1, 7), entry(3, 1)], GOAL)
    assert (found.days_with_minutes, found.days_within_minutes, found.minutes_a_session) == (1, 0, 15.0)


def test_pain_says_stop():
    found = adherence([entry(1, 2), entry(2, 1, pain=True), entry(3, 1, irritation=True)], GOAL)
    assert found.pain_days == (DAY + timedelta(days=1),) and len(found.irritation_days) == 1
    assert "hentikan pijat" in found.stop.id and "Pain and irritation" in found.stop.en


def test_an_empty_log():
    found = adherence([], GOAL)
    assert found.percent_of_due is None and found.days_due == 0 and "Belum ada catatan" in found.words.id
    # Due but never logged: nothing is known of ten days.
    found = adherence([], GOAL, start=DAY, until=DAY + timedelta(days=9))
    assert (found.percent_of_due, found.percent_of_logged, found.days_logged) == (0.0, None, 0)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (entry(1, 13), "0 to 12 massages"),
        (entry(1, -1), "0 to 12 massages"),
        (entry(1, 1, 2000), "0 to 1440 minutes"),
        (entry(1, 0, 5), "no minutes on a day without a massage"),
        (entry(40, 1), "up to today"),
    ],
)
def test_impossible_days_are_refused(bad, said):
    with pytest.raises(PijatError, match=said):
        check_entry(bad, today=DAY)
    assert check_entry(entry(1, 2, 14), today=DAY).sessions == 2


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("milk_ml", -1),
        ("milk_ml", 5000),
        ("fluency", 0),
        ("fluency", 2.5),
        ("latch", 11),
        ("comfort", -1),
        ("latch", float("nan")),
    ],
)
def test_impossible_outcomes_are_refused(kind, value):
    with pytest.raises(PijatError, match=kind):
        check_value(kind, value)


def test_outcomes_take_the_first_before_and_the_last_after():
    def at(day: int, phase: str, value: float, code: str = "P-1") -> OutcomeEntry:
        return OutcomeEntry(code, "milk_ml", phase, datetime(2026, 3, day, tzinfo=UTC), value)

    entries = [
        at(2, "before", 16),
        at(1, "before", 14),
        at(5, "after", 20),
        at(9, "after", 26),
        at(3, "after", 22, "P-2"),
    ]
    pairs = pair_outcomes(entries, "milk_ml")
    assert [(p.code, p.before, p.after) for p in pairs] == [("P-1", 14, 26), ("P-2", None, 22)]
    (found,) = summarise_outcomes(entries)
    assert found.kind == "milk_ml" and found.comparison.n == 1 and found.comparison.left_out == 1
    assert summarise_outcomes([]) == ()
    assert set(SCALES) == {"milk_ml", "fluency", "latch", "comfort"}


def test_learning_curves_leave_unseen_attempts_out():
    rows = [
        Attempt("P-2", 1, None, 50.0, False), Attempt("P-1", 2, None, None, None), Attempt("P-1", 1, None, 40.0, False),
        Attempt("P-1", 3, None, 80.0, True), Attempt("P-1", 4, None, 70.0, False),
    ]  # fmt: skip
    first, second = learning_curves(rows)
    assert [a.number for a in first.attempts] == [1, 2, 3, 4]
    assert (first.first, first.latest, first.best, first.change, first.passed_at) == (
        40.0,
        70.0,
        80.0,
        30.0,
        3,
    )
    assert (second.change, second.passed_at) == (None, None)
    assert [(m.number, m.n, m.mean) for m in attempt_means((first, second))] == [
        (1, 2, 45.0),
        (3, 1, 80.0),
        (4, 1, 70.0),
    ]
    assert learning_curves([]) == ()
