"""Feedback and certificate: what a session becomes, and when the page may call itself a certificate."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from handout_samples import ARABIC, HOSTILE, SIGNED, feedback, item, overfull, usual

from trainer.errors import PijatError
from trainer.handouts.feedback import feedback_of_session, verdict_of_points
from trainer.handouts.feedback_view import feedback_view
from trainer.handouts.model import FacilitatorGrade
from trainer.handouts.render import feedback_page
from trainer.language import Text
from trainer.protocol.library import builtin
from trainer.session.model import Session

PROTOCOL = builtin("tegalagung-2022")
CERTIFIED = ("Sertifikat", "Certificate", "LULUS", "PASSED")


def session(verdicts: dict[str, str], **meta) -> Session:
    """A session whose camera verdicts are given; all other camera items are met, the rest wait for a person."""
    items = []
    for step in PROTOCOL.steps:
        camera = step.observer == "camera"
        verdict = verdicts.get(step.id, "met" if camera else "not_observed")
        full = 2 * step.weight
        items.append(
            {
                "id": step.id,
                "title": {"id": step.title.id, "en": step.title.en},
                "observer": "camera" if camera else "facilitator",
                "verdict": verdict,
                "to_be_confirmed": not camera,
                "points": {"met": full, "partly_met": full / 2}.get(verdict, 0.0),
                "max_points": full,
                "critical": step.critical,
                "message": {"id": "Pelan-pelan.", "en": "Slowly."},
                "source": step.source,
            }
        )
    seen = [i for i in items if i["verdict"] != "not_observed"]
    points, most = sum(i["points"] for i in seen), sum(i["max_points"] for i in seen)
    score = {
        "protocol_id": PROTOCOL.id, "protocol_version": PROTOCOL.version, "protocol_hash": PROTOCOL.hash,
        "protocol_title": {"id": PROTOCOL.title.id, "en": PROTOCOL.title.en}, "items": items, "points": points,
        "max_points": most, "percent": 100 * points / most if most else None, "pass_mark_percent": 75.0,
        "passed": True, "advice": [i["id"] for i in seen if i["verdict"] != "met"][:3],
    }  # fmt: skip
    nothing = pd.DataFrame()
    whole = {"complete": True, "created": "2026-03-03T09:00:00+07:00", "video": {"duration_s": 900.0}, **meta}
    return Session(Path(), whole, nothing, nothing, nothing, score)


def all_grades(points: float | None = 2.0, **other: float | None) -> dict[str, FacilitatorGrade]:
    grades = {step.id: FacilitatorGrade(points) for step in PROTOCOL.steps}
    return grades | {key: FacilitatorGrade(value) for key, value in other.items()}


def test_the_cameras_verdicts_stand_until_somebody_grades():
    found = feedback_of_session(session({"g": "partly_met", "e": "not_observed"}), trainee="P-1")
    verdicts = {i.id: i.verdict for i in found.items}
    assert (verdicts["g"], verdicts["e"], verdicts["a"]) == ("partly_met", "not_observed", "to_confirm")
    assert {i.id for i in found.unseen} >= {"a", "b", "d", "e", "i"}
    assert found.passed is True and not found.certified


def test_grades_replace_verdicts_and_add_up_again():
    grades = all_grades(2.0, c=1.0, e=None)
    found = feedback_of_session(session({"g": "not_met"}), grades=grades, protocol=PROTOCOL, signature=SIGNED)
    verdicts = {i.id: i.verdict for i in found.items}
    assert (verdicts["c"], verdicts["e"], verdicts["g"], verdicts["a"]) == (
        "partly_met",
        "not_observed",
        "met",
        "met",
    )
    # Every step full but c (1 of 2 points, weight 1); e (weight 1) counts for nothing.
    weights = sum(step.weight for step in PROTOCOL.steps)
    assert found.max_points == 2 * (weights - 1) and found.points == found.max_points - 1
    assert found.percent == pytest.approx(100 * found.points / found.max_points)
    assert found.passed is True and found.certified
    assert found.advice == ("c",)


def test_a_required_step_that_failed_or_is_open_decides():
    failed = feedback_of_session(
        session({}), grades=all_grades(2.0, f=0.0), protocol=PROTOCOL, signature=SIGNED
    )
    assert failed.passed is False and not failed.certified
    unseen = feedback_of_session(
        session({}), grades=all_grades(2.0, f=None), protocol=PROTOCOL, signature=SIGNED
    )
    assert unseen.passed is None and not unseen.certified
    nothing = feedback_of_session(session({}), grades=all_grades(None), protocol=PROTOCOL, signature=SIGNED)
    assert nothing.passed is None and nothing.percent is None


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
        feedback_of_session(session({}), grades=grades, protocol=protocol)


@pytest.mark.parametrize(
    ("scale", "points", "verdict"),
    [
        ("done_not_done", 1, "met"), ("done_not_done", 0, "not_met"), ("0-2", 2, "met"), ("0-2", 1, "partly_met"),
        ("0-2", 0, "not_met"), ("1-4", 4, "met"), ("1-4", 3, "partly_met"), ("1-4", 2, "partly_met"),
        ("1-4", 1, "not_met"), ("1-4", None, "not_observed"),
    ],
)  # fmt: skip
def test_points_of_each_scale_are_verdicts(scale, points, verdict):
    assert verdict_of_points(scale, points) == verdict


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
        {"passed": False},
        {"passed": None},
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
