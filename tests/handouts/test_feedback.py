"""Feedback and certificate: what a session becomes, and when the page may call itself a certificate."""

import re
from dataclasses import replace

import pytest
from handout_samples import ARABIC, HOSTILE, SIGNED, feedback, item, overfull, usual

from scripts.common.drawn_sessions import synthetic
from trainer.errors import PijatError
from trainer.handouts.feedback import feedback_of_session
from trainer.handouts.feedback_view import feedback_view
from trainer.handouts.model import FacilitatorGrade
from trainer.handouts.render import feedback_page
from trainer.language import Text
from trainer.protocol.library import builtin
from trainer.protocol.ratings import added_up
from trainer.protocol.score import ItemScore, Score, Verdict

PROTOCOL = builtin("tegalagung-2022")
META = synthetic(60, rounds=1).meta
CERTIFIED = ("Sertifikat", "Certificate", "LULUS", "PASSED")


def camera(verdicts: dict[str, str]) -> Score:
    """A score whose camera verdicts are given; all other camera items are met, the rest wait for a person."""
    items = []
    for step in PROTOCOL.steps:
        by_camera = step.observer == "camera"
        verdict = Verdict(verdicts.get(step.id, "met" if by_camera else "not_observed"))
        full = 2 * step.weight
        items.append(
            ItemScore(
                id=step.id,
                title=step.title,
                observer="camera" if by_camera else "facilitator",
                verdict=verdict,
                to_be_confirmed=not by_camera,
                points={"met": full, "partly_met": full / 2}.get(verdict.value, 0.0),
                max_points=full,
                critical=step.critical,
                measures=(),
                evidence=(),
                message=Text("Pelan-pelan.", "Slowly."),
                source=step.source,
                faults=() if verdict != Verdict.PARTLY_MET else ("too_fast",),
            )
        )
    unrated = Score(
        protocol_id=PROTOCOL.id,
        protocol_version=PROTOCOL.version,
        protocol_hash=PROTOCOL.hash,
        protocol_title=PROTOCOL.title,
        items=(),
        points=0.0,
        max_points=0.0,
        percent=None,
        pass_mark_percent=75.0,
        passed=None,
        not_observed=(),
        advice=(),
    )
    return replace(added_up(unrated, items), passed=True)


def all_grades(points: float | None = 2.0, **other: float | None) -> dict[str, FacilitatorGrade]:
    grades = {step.id: FacilitatorGrade(points) for step in PROTOCOL.steps}
    return grades | {key: FacilitatorGrade(value) for key, value in other.items()}


def test_the_cameras_verdicts_stand_until_somebody_grades():
    found = feedback_of_session(META, camera({"g": "partly_met", "e": "not_observed"}), trainee="P-1")
    verdicts = {i.id: i.state for i in found.score.items}
    assert (verdicts["g"], verdicts["e"], verdicts["a"]) == ("partly_met", "not_observed", "to_confirm")
    assert {i.id for i in found.unseen} >= {"a", "b", "d", "e", "i"}
    assert found.score.passed is True and not found.certified


def test_grades_replace_verdicts_and_add_up_again():
    grades = all_grades(2.0, c=1.0, e=None)
    found = feedback_of_session(
        META, camera({"g": "not_met"}), grades=grades, protocol=PROTOCOL, signature=SIGNED
    )
    verdicts = {i.id: i.state for i in found.score.items}
    assert (verdicts["c"], verdicts["e"], verdicts["g"], verdicts["a"]) == (
        "partly_met",
        "not_observed",
        "met",
        "met",
    )
    # Every step full but c (1 of 2 points, weight 1); e (weight 1) counts for nothing.
    weights = sum(step.weight for step in PROTOCOL.steps)
    assert found.score.max_points == 2 * (weights - 1) and found.score.points == found.score.max_points - 1
    assert found.score.percent == pytest.approx(100 * found.score.points / found.score.max_points)
    assert found.score.passed is True and found.certified
    assert found.score.advice == ("c",)


def test_a_required_step_that_failed_or_is_open_decides():
    failed = feedback_of_session(
        META, camera({}), grades=all_grades(2.0, f=0.0), protocol=PROTOCOL, signature=SIGNED
    )
    assert failed.score.passed is False and not failed.certified
    unseen = feedback_of_session(
        META, camera({}), grades=all_grades(2.0, f=None), protocol=PROTOCOL, signature=SIGNED
    )
    assert unseen.score.passed is None and not unseen.certified
    nothing = feedback_of_session(
        META, camera({}), grades=all_grades(None), protocol=PROTOCOL, signature=SIGNED
    )
    assert nothing.score.passed is None and nothing.score.percent is None


@pytest.mark.parametrize(
    ("grades", "protocol", "said"),
    [
        ({"f": FacilitatorGrade(2.0)}, None, "Expected the protocol"),
        ({"nosuch": FacilitatorGrade(2.0)}, PROTOCOL, '"nosuch"'),
        ({"f": FacilitatorGrade(3.0)}, PROTOCOL, "0 to 2 points"),
        ({"f": FacilitatorGrade(-1.0)}, PROTOCOL, "0 to 2 points"),
    ],
)
def test_impossible_grades_are_refused(grades, protocol, said):
    with pytest.raises(PijatError, match=said):
        feedback_of_session(META, camera({}), grades=grades, protocol=protocol)


PASSED = feedback([item(n, by_facilitator=True) for n in range(12)], signature=SIGNED)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_certificate_needs_passing_and_a_signature(language):
    page = feedback_page(PASSED, language=language)
    assert sum(word in page for word in CERTIFIED) == 2
    assert "Bidan Ratna Dewi" in page


@pytest.mark.parametrize(
    "change",
    [
        {"signature": None},
        {"score": replace(PASSED.score, passed=False)},
        {"score": replace(PASSED.score, passed=None)},
        {"complete": False},
        {"signature": replace(SIGNED, edited_after=True)},
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_anything_less_is_no_certificate(change, language):
    page = feedback_page(replace(PASSED, **change), language=language)
    words = re.sub(r"bukan sertifikat|no certificate", "", page)
    assert not any(word in words for word in CERTIFIED)


def test_what_was_not_observed_is_named():
    page = feedback_page(feedback(usual()))
    assert "Tidak diamati, tidak dihitung (1)" in page and "Langkah 5" in page
    assert "Menunggu fasilitator, belum dihitung (1)" in page and "Langkah 12" in page
    assert "Kuatnya tekanan tidak dapat diukur kamera" in page


def test_pain_and_a_broken_recording_are_said():
    page = feedback_page(feedback(usual(), pain=True, complete=False), language="en")
    assert "stopped because the mother felt pain" in page and "stopped before its end" in page


def test_hostile_words_stay_words():
    named = feedback(
        [item(1, comment=HOSTILE), item(2, "not_met", title=Text(HOSTILE, HOSTILE), message=Text(HOSTILE, HOSTILE))],
        trainee=HOSTILE, group=HOSTILE, comment=HOSTILE, signature=replace(SIGNED, facilitator=HOSTILE),
        protocol_id=HOSTILE,
    )  # fmt: skip
    page = feedback_page(named)
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert page.count("<script") == 1  # the print button's own


def test_a_right_to_left_name_is_isolated():
    assert f"<bdi>{ARABIC}</bdi>" in feedback_page(feedback(usual(), trainee=ARABIC))
    # A right-to-left override would turn the words after it around.
    assert "\u202e" not in feedback_page(feedback(usual(), trainee="abc\u202edef"))


def test_where_not_all_fits_what_was_not_met_is_named_and_the_rest_counted():
    view = feedback_view(overfull(90), "id")
    assert view.tier == "dense" and 0 < len(view.rows) < 90
    assert all(row.verdict != "met" for row in view.rows)
    counted = sum(int(re.match(r"\+ (\d+)", words)[1]) for words in view.more)
    assert counted + len(view.rows) == 90


def test_few_steps_are_set_roomily_and_all_named():
    view = feedback_view(feedback(usual()), "id")
    assert view.tier == "roomy" and len(view.rows) == 10 and view.more == ()
    empty = feedback_view(feedback([], trainee=""), "en")
    assert (empty.name, empty.percent, empty.rows) == ("No name given", "no score yet", ())
