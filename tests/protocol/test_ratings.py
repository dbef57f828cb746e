"""The rating rules, worked by hand on each scale."""

from dataclasses import dataclass, replace

import pytest

from trainer.language import Text
from trainer.protocol.ratings import (
    BEST_RATING,
    RATINGS,
    Total,
    Unfinished,
    advice_of,
    level_of_points,
    passed,
    points_of_rating,
    rating_of_points,
    rating_of_verdict,
    total_of,
    total_of_items,
    unfinished,
    verdict_of_rating,
    watched_by,
)
from trainer.protocol.score import ItemScore, Verdict

NOTHING = Text("", "")
MET, PARTLY, NOT_MET, UNSEEN = Verdict.MET, Verdict.PARTLY_MET, Verdict.NOT_MET, Verdict.NOT_OBSERVED


def item(name, verdict, points=0.0, most=2.0, **other):
    filled = {
        "title": NOTHING, "observer": "camera", "to_be_confirmed": False, "critical": False, "measures": (),
        "evidence": (), "message": NOTHING, "source": "", **other,
    }  # fmt: skip
    return ItemScore(id=name, verdict=verdict, points=points, max_points=most, **filled)


@pytest.mark.parametrize(
    ("scale", "ratings"),
    [
        # met, partly met with only finer criteria short, partly met, not met
        ("done_not_done", (1.0, 0.0, 0.0, 0.0)),
        ("0-2", (2.0, 1.0, 1.0, 0.0)),
        ("1-4", (4.0, 3.0, 2.0, 1.0)),
    ],
)
def test_each_verdict_has_its_rating(scale, ratings):
    asked = ((MET, False), (PARTLY, True), (PARTLY, False), (NOT_MET, False))
    assert tuple(rating_of_verdict(scale, verdict, minor=minor) for verdict, minor in asked) == ratings
    assert rating_of_verdict(scale, UNSEEN, minor=False) is None
    assert verdict_of_rating(scale, None) == UNSEEN


@pytest.mark.parametrize(
    ("scale", "rating", "verdict"),
    [
        ("done_not_done", 1, MET), ("done_not_done", 0, NOT_MET), ("0-2", 2, MET), ("0-2", 1, PARTLY),
        ("0-2", 0, NOT_MET), ("1-4", 4, MET), ("1-4", 3, PARTLY), ("1-4", 2, PARTLY), ("1-4", 1, NOT_MET),
        ("1-4", None, UNSEEN),
    ],
)  # fmt: skip
def test_ratings_of_each_scale_are_verdicts(scale, rating, verdict):
    assert verdict_of_rating(scale, rating) == verdict


@pytest.mark.parametrize("scale", RATINGS)
@pytest.mark.parametrize("most", [0.5, 2.0, 3.3])
def test_points_and_ratings_are_two_ways_of_saying_the_same(scale, most):
    for level, _ in RATINGS[scale]:
        points = points_of_rating(scale, level, most)
        assert rating_of_points(scale, points, most) == pytest.approx(level)
        assert level_of_points(scale, points, most) == level
    assert points_of_rating(scale, BEST_RATING[scale], most) == most
    assert points_of_rating(scale, None, most) == 0.0
    assert rating_of_points(scale, 0.0, 0.0) == 0.0


def test_what_was_not_observed_counts_for_nothing():
    assert total_of([(1.0, 2.0), (None, 6.0)]) == Total(1.0, 2.0)
    assert total_of([(1.0, 2.0), (None, 6.0)]).percent == 50.0
    assert total_of([(None, 6.0)]).percent is None
    assert total_of_items([item("a", MET, 2.0), item("b", UNSEEN), item("c", NOT_MET)]) == Total(2.0, 4.0)


def test_too_little_seen_is_neither_passed_nor_failed():
    good = [item(name, MET, 2.0) for name in "abc"]
    unseen = [item(name, UNSEEN) for name in "de"]
    assert passed([*good, *unseen], 75.0) is True  # 6 of 10: just enough
    assert passed([*good, *unseen, item("f", UNSEEN)], 75.0) is None
    assert passed([*good, item("f", NOT_MET, critical=True)], 75.0) is False
    assert passed([*good, item("f", UNSEEN, critical=True)], 10.0) is None
    assert passed([*good, item("f", NOT_MET)], 75.0) is True  # 6 of 8 points are the mark itself
    assert passed([*good, item("f", NOT_MET)], 75.1) is False


def test_each_rater_answers_for_what_they_watched():
    by_hand = [item(name, MET, 2.0, observer="facilitator") for name in "abc"]
    waits = item("w", UNSEEN, observer="facilitator", to_be_confirmed=True)
    unseen = item("d", UNSEEN)
    whole = [*by_hand, waits, unseen]
    assert [one.id for one in watched_by("camera", whole)] == ["d"]
    assert [one.id for one in watched_by("facilitator", whole)] == ["a", "b", "c", "d"]
    assert passed(whole, 75.0, "camera") is None  # the camera saw nothing of its own
    assert passed(whole, 75.0, "facilitator") is True


def test_advice_names_each_root_fault_once_and_the_gravest_first():
    items = [
        item("small", PARTLY, 1.0, faults=("too_fast",)),
        item("large", NOT_MET, 0.0, 6.0, faults=("on_spine",)),
        item("same", NOT_MET, 0.0, 4.0, faults=("on_spine", "too_fast")),
        item("critical", NOT_MET, 0.0, 1.0, critical=True, faults=("wrong_order",)),
        item("none", NOT_MET, 0.0, 1.0),
        item("met", MET, 2.0),
        item("unseen", UNSEEN),
    ]
    assert advice_of(items) == ("critical", "large", "small")
    assert advice_of([replace(one, faults=()) for one in items]) == ("critical", "large", "same")


@dataclass(frozen=True)
class Grade:
    item_id: str
    decision: str
    comment: str = ""


def test_a_whole_grading_has_a_grade_of_each_item_and_a_reason_for_each_change():
    grades = [Grade("a", "confirmed"), Grade("b", "overridden", "too fast"), Grade("c", "not_observed")]
    assert unfinished("abc", grades) is None
    assert unfinished("abcd", grades) == Unfinished(("d",), ())
    assert unfinished("abc", [grades[0], Grade("b", "overridden", " \n")]) == Unfinished(("c",), ("b",))
