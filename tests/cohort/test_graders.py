"""Agreement of graders: worked by hand, and what was not observed left out and counted."""

import pytest

from trainer.cohort.agreement import (
    ANY_FACILITATOR,
    CAMERA,
    AgreementInputs,
    GradedItem,
    Rating,
    compare_all,
    compare_raters,
    graded_items,
)
from trainer.cohort.results import NotComputed
from trainer.evaluation.icc import IntraclassCorrelation
from trainer.language import Text
from trainer.protocol.library import builtin
from trainer.protocol.ratings import rating_of_points

ITEMS = (GradedItem("f", Text("f", "f"), 3.0), GradedItem("g", Text("g", "g"), 1.0))


def inputs(*rows: tuple[str, str, str, float | None], scale="0-2") -> AgreementInputs:
    return AgreementInputs("tegalagung-2022", scale, ITEMS, tuple(Rating(*row) for row in rows))


def test_percent_and_kappa_by_hand():
    # f: (2,2) (2,1) (0,0) (1,1): 3 of 4 agree.
    camera, person = [2.0, 2.0, 0.0, 1.0], [2.0, 1.0, 0.0, 1.0]
    rows = [
        row
        for i, (a, b) in enumerate(zip(camera, person, strict=True))
        for row in ((f"s{i}", CAMERA, "f", a), (f"s{i}", "F-1", "f", b))
    ]
    found = compare_raters(inputs(*rows), CAMERA, "F-1")
    (item,) = found.items
    assert (item.n, item.left_out, item.percent, item.mean_difference) == (4, 0, 75.0, -0.25)
    # Chance: shares (2: .5, 0: .25, 1: .25) and (2: .25, 0: .25, 1: .5): .125 + .0625 + .125 = .3125.
    assert item.kappa == pytest.approx((0.75 - 0.3125) / (1 - 0.3125))
    # Quadratic weights: observed 1/4; expected by chance, cell by cell of (2, 0, 1) against (2, 0, 1):
    # .5*.25*4 + .5*.5*1 + .25*.25*4 + .25*.5*1 + .25*.25*1 + .25*.25*1 = 1.25.
    assert item.weighted == pytest.approx(1 - 0.25 / 1.25)
    assert found.sessions == 4 and found.overall_n == 4
    assert [d.session for d in found.differing] == ["s1"]
    assert found.differing[0].difference == pytest.approx(-50.0)
    assert isinstance(found.totals, IntraclassCorrelation) and found.totals.targets == 4


def test_not_observed_is_left_out_and_counted():
    found = compare_raters(
        inputs(
            ("s0", CAMERA, "f", None), ("s0", "F-1", "f", 2.0), ("s1", CAMERA, "f", 2.0), ("s1", "F-1", "f", None),
            ("s2", CAMERA, "f", 2.0), ("s2", "F-1", "f", 2.0), ("s2", "F-1", "g", 1.0),
        ), CAMERA, "F-1",
    )  # fmt: skip
    (item,) = found.items
    assert (item.n, item.left_out, item.percent) == (1, 2, 100.0)
    assert isinstance(item.kappa, NotComputed) and "chance" in item.kappa.reason.en
    assert found.overall_left_out == 2 and "2 tidak diikutkan" in found.words.id
    # g waits for a person: the camera never had to judge it, so it is neither agreement nor left out.
    assert [i.item.id for i in found.items] == ["f"]
    assert isinstance(found.totals, NotComputed) and found.differing == ()


def test_weights_decide_which_session_differs_most():
    found = compare_raters(
        inputs(
            ("s0", "A", "f", 2.0), ("s0", "A", "g", 0.0), ("s0", "B", "f", 0.0), ("s0", "B", "g", 0.0),
            ("s1", "A", "f", 2.0), ("s1", "A", "g", 2.0), ("s1", "B", "f", 2.0), ("s1", "B", "g", 0.0),
        ), "A", "B",
    )  # fmt: skip
    assert [d.session for d in found.differing] == ["s0", "s1"]
    # s0: 6 of 8 weighted points against 0; s1: 8 of 8 against 6.
    assert [d.difference for d in found.differing] == [-75.0, -25.0]
    assert found.differing[1].items == ("g",)
    assert found.total_bias == -50.0


def test_every_pair_of_raters_that_shares_a_session():
    rows = [("s0", r, "f", 2.0) for r in (CAMERA, "A", "B")] + [
        ("s1", r, "f", 0.0) for r in (CAMERA, "A", "C")
    ]
    found = compare_all(inputs(*rows))
    assert [(a.first, a.second) for a in found] == [
        (CAMERA, ANY_FACILITATOR), (CAMERA, "A"), (CAMERA, "B"), (CAMERA, "C"), ("A", "B"), ("A", "C"),
    ]  # fmt: skip
    assert found[0].sessions == 4 and found[0].overall_percent == 100.0
    assert found[0].overall_kappa == 1.0


def test_nothing_to_compare_is_said():
    found = compare_raters(inputs(), CAMERA, ANY_FACILITATOR)
    assert found.sessions == 0 and found.overall_percent is None and found.items == ()
    assert "Belum ada butir" in found.words.id
    assert compare_all(inputs()) == ()


def test_totals_that_are_all_the_same_have_no_icc():
    rows = [(f"s{i}", r, "f", 2.0) for i in range(3) for r in ("A", "B")]
    found = compare_raters(inputs(*rows), "A", "B")
    assert isinstance(found.totals, NotComputed) and found.differing == ()


def test_points_come_back_to_the_checklists_own_scale():
    # score.json holds weighted points: 3 of 6 on a 0-2 item of weight 3 is a 1.
    assert rating_of_points("0-2", 3.0, 6.0) == 1.0
    assert rating_of_points("1-4", 9.0, 12.0) == 3.0
    assert rating_of_points("done_not_done", 0.0, 1.0) == 0.0
    assert [item.id for item in graded_items(builtin("tegalagung-2022"))][:3] == ["a", "b", "c"]
