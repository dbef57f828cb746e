"""What is kept of a cohort: knowledge tests, home care, outcomes, agreement; the impossible is refused."""

import datetime as dt
import json

import pytest
from session_folders import make_session, write_json

from trainer.cohort.agreement import CAMERA, compare_all
from trainer.cohort.bank_file import bank_document, bank_from_document, builtin_bank
from trainer.cohort.knowledge import draw_sheet
from trainer.errors import PijatError
from trainer.library.tables import Setting

TODAY = dt.datetime.now().astimezone().date()
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def bank(library):
    return library.banks.add(builtin_bank())


@pytest.fixture
def person(library):
    return library.people.add(role="mother")


def test_a_bank_is_kept_once_and_never_changed(library, bank):
    assert library.banks.add(builtin_bank()) == bank
    assert bank_from_document(dict(library.banks.get(bank.id).content)) == builtin_bank()
    changed = bank_document(builtin_bank())
    changed["questions"] = changed["questions"][:3]
    with pytest.raises(PijatError, match="raise its version"):
        library.banks.add(bank_from_document(changed))
    changed["version"] = "99.0.0"
    assert library.banks.add(bank_from_document(changed)).id != bank.id
    assert len(library.banks.list()) == 2


def test_a_half_filled_test_is_kept_and_goes_on(library, person, bank):
    sitting = library.knowledge.start(person.id, bank.id, "pre", seed=7)
    sheet = draw_sheet(builtin_bank(), 7)
    first, second = sheet.questions[0].question, sheet.questions[1].question
    library.knowledge.answer(sitting.id, first.id, first.answer)
    wrong = next(option.id for option in second.options if option.id != second.answer)
    library.knowledge.answer(sitting.id, second.id, wrong)
    again = library.knowledge.start(person.id, bank.id, "pre")
    assert (again.id, again.seed) == (sitting.id, 7)
    assert again.answers == {first.id: first.answer, second.id: wrong}
    assert (again.correct, again.total, again.finished_at) == (0, len(sheet.questions), None)
    library.knowledge.answer(sitting.id, second.id, None)
    done = library.knowledge.finish(sitting.id)
    assert (done.correct, done.total) == (1, len(sheet.questions)) and done.answers == {
        first.id: first.answer
    }
    for call in (
        lambda: library.knowledge.answer(sitting.id, first.id, wrong),
        lambda: library.knowledge.finish(sitting.id),
        lambda: library.knowledge.start(person.id, bank.id, "pre"),
    ):
        with pytest.raises(PijatError):
            call()
    assert library.knowledge.get(sitting.id) == done


def test_impossible_answers_and_phases_are_refused(library, person, bank):
    sitting = library.knowledge.start(person.id, bank.id, "post")
    question = builtin_bank().questions[0]
    for question_id, option in ((question.id, "zz"), ("no-such", "a")):
        with pytest.raises(PijatError):
            library.knowledge.answer(sitting.id, question_id, option)
    assert library.knowledge.get(sitting.id).answers == {}
    with pytest.raises(PijatError, match="before the training first"):
        library.knowledge.start(person.id, bank.id, "pre")
    with pytest.raises(PijatError):
        library.knowledge.start(person.id, bank.id, "during")
    assert [one.phase for one in library.knowledge.list(person_id=person.id)] == ["post"]


def test_home_care_is_kept_and_the_impossible_refused(library, person):
    kept = library.home_care.add(person.id, TODAY, 2, 25.5, "suami", pain=True)
    assert library.home_care.list() == (kept,) and kept.person_code == person.code
    untimed = library.home_care.add(person.id, TODAY, 1, None, "kader")
    assert untimed.minutes is None
    tomorrow = TODAY + dt.timedelta(days=1)
    for day, sessions, minutes, whom, said in (
        (TODAY, 1, 10, "Suami ", "is recorded for this person already"),
        (tomorrow, 1, 10, "suami", "up to today"),
        (dt.date(1026, 3, 1), 1, 10, "suami", "since 2000-01-01"),
        (TODAY, -1, 10, "ibu", "massages in a day"),
        (TODAY, 500, 10, "ibu", "massages in a day"),
        (TODAY, 1, 2000, "ibu", "minutes in a day"),
        (TODAY, 1, float("nan"), "ibu", "minutes in a day"),
        (TODAY, 0, 5, "ibu", "no minutes"),
        (TODAY, 1, 5, " ", "who massaged"),
    ):
        with pytest.raises(PijatError, match=said):
            library.home_care.add(person.id, day, sessions, minutes, whom)
    with pytest.raises(PijatError, match="a person of the library"):
        library.home_care.add(10**6, TODAY, 1, 5, "ibu")
    assert len(library.home_care.list(person_id=person.id)) == 2
    library.home_care.delete(kept.id)
    assert library.home_care.list() == (untimed,)


def test_outcomes_are_kept_and_the_impossible_refused(library, person):
    hour = dt.timedelta(hours=1)
    library.outcomes.add(person.id, "milk_ml", "before", NOON, 14)
    library.outcomes.add(person.id, "milk_ml", "after", NOON + hour, 23.5)
    library.outcomes.add(person.id, "milk_ml", "before", NOON + 24 * hour, 20)  # a second day
    future = dt.datetime.now(dt.UTC) + hour
    for kind, phase, at, value, said in (
        ("milk_ml", "after", NOON - hour, 30, "reversed"),
        ("milk_ml", "before", NOON, 30, "recorded for that time already"),
        ("milk_ml", "before", future, 30, "up to now"),
        ("milk_ml", "before", NOON.replace(year=1900), 30, "since 2000-01-01"),
        ("milk_ml", "before", NOON.replace(tzinfo=None), 30, "with its zone"),
        ("milk_ml", "before", NOON + 2 * hour, -1, "milk_ml"),
        ("latch", "before", NOON, 11, "from 0 to 10 for latch"),
        ("latch", "before", NOON, 7.5, "whole number"),
        ("fluency", "after", NOON, 4, "fluency"),
        ("comfort", "after", NOON, float("nan"), "comfort"),
        ("comfort", "during", NOON, 5, '"before" or "after"'),
        ("weight", "after", NOON, 5, "as outcome"),
    ):
        with pytest.raises(PijatError, match=said):
            library.outcomes.add(person.id, kind, phase, at, value)
    kept = library.outcomes.list(kind="milk_ml")
    assert [(one.phase, one.value) for one in kept] == [("before", 14), ("after", 23.5), ("before", 20)]
    assert kept[0].measured_at == NOON
    library.outcomes.delete(kept[0].id)
    assert len(library.outcomes.list(person_id=person.id)) == 2


def test_lists_of_a_group_hold_only_its_people(library, bank, person):
    group = library.groups.add("A")
    other = library.people.add(role="mother", group_id=group.id)
    for one in (person, other):
        library.knowledge.start(one.id, bank.id, "pre")
        library.home_care.add(one.id, TODAY, 1, 5, "ibu")
        library.outcomes.add(one.id, "latch", "before", NOON, 6)
    for listed in (library.knowledge.list, library.home_care.list, library.outcomes.list):
        assert len(listed()) == 2
        assert [one.person_code for one in listed(group_id=group.id)] == [other.code]


def test_agreement_is_held_on_the_checklists_own_scale(library, tmp_path):
    """Three sessions graded by two facilitators; one agrees with the camera wherever it saw something."""
    ani, budi = library.facilitators.add("F-1", "Ani"), library.facilitators.add("F-2", "Budi")
    group = library.groups.add("A")
    for number in range(3):
        make_session(tmp_path / f"s{number}", created=f"2026-03-0{number + 1}T00:00:00+00:00", shift=number)
    make_session(tmp_path / "unsigned", created="2026-03-09T00:00:00+00:00")
    library.folders.add(tmp_path)
    person = library.people.add(group_id=group.id)
    for record in library.sessions.list().items:
        detail = library.sessions.open(record.id)
        library.sessions.assign(record.id, person.id if record.title == "s0" else None)
        for who, blind in ((ani, True), (budi, False)):
            grading = library.gradings.start(record.id, who.id, blind)
            for verdict in detail.verdicts:
                seen = verdict.by_camera and verdict.verdict != "not_observed"
                agrees = verdict.points if who is ani else 0.0
                rating = agrees if seen else verdict.max_points
                grading = library.gradings.save(
                    grading.id, verdict.item_id, rating, "rated", "", grading.version
                )
            if record.title != "unsigned":
                library.gradings.sign(grading.id, grading.version, 10.0)
    inputs = library.agreement.get("tegalagung-2022")
    assert inputs.scale == "0-2" and inputs.raters == ("F-1", "F-2")
    assert {rating.session for rating in inputs.ratings} == {
        str(record.id) for record in library.sessions.list().items if record.title != "unsigned"
    }
    assert {rating.points for rating in inputs.ratings} == {0.0, 1.0, 2.0, None}
    facilitators_only = {item.item_id for item in detail.verdicts if not item.by_camera}
    assert not facilitators_only & {rating.item for rating in inputs.ratings if rating.rater == CAMERA}
    with_ani = next(one for one in compare_all(inputs) if (one.first, one.second) == (CAMERA, "F-1"))
    assert with_ani.overall_percent == 100.0 and with_ani.overall_left_out > 0
    assert library.agreement.get("tegalagung-2022", blind_only=True).raters == ("F-1",)
    assert len({r.session for r in library.agreement.get("tegalagung-2022", group.id).ratings}) == 1
    assert library.agreement.get("bulukumba-2023").ratings == ()
    with pytest.raises(PijatError):
        library.agreement.get("no-such-protocol")


@pytest.mark.parametrize(("stated", "scale", "weight"), [({"scale": "1-4"}, "1-4", 0.5), ({}, "0-2", 1.0)])
def test_a_protocol_of_ones_own_is_compared_on_its_own_scale(library, tmp_path, stated, scale, weight):
    protocol = {"id": "own", "version": "1", "sha256": "0" * 64, "regions": [], **stated}
    folder = make_session(tmp_path / "own", meta={"protocol": protocol})
    document = json.loads((folder / "score.json").read_text(encoding="utf-8"))
    write_json(folder / "score.json", {**document, "protocol_id": "own"})
    library.folders.add(tmp_path)
    inputs = library.agreement.get("own")
    assert inputs.scale == scale
    most = {item["id"]: item["max_points"] for item in document["items"]}
    assert inputs.items[0].weight == pytest.approx(most[inputs.items[0].id] / 2 * weight)


@pytest.mark.slow
def test_the_passphrase_is_kept_as_argon2id_only(library):
    assert not library.passphrase.exists() and not library.passphrase.check("")
    key = library.passphrase.visit_key()
    assert library.passphrase.visit_key() == key
    library.passphrase.set("delapan kata yang mudah", actor="F-1")
    assert library.passphrase.exists() and library.passphrase.check("delapan kata yang mudah")
    for wrong in ("", "delapan kata", "delapan kata yang mudah ", "x" * 100_000):
        assert not library.passphrase.check(wrong)
    with library.database.reading() as db:
        kept = db.get(Setting, "desk_passphrase")
    assert kept is not None and kept.value.startswith("$argon2id$")
    assert library.passphrase.visit_key() != key
    for bad in ("short", "x" * 1001):
        with pytest.raises(PijatError, match="a passphrase of"):
            library.passphrase.set(bad)
    assert "delapan" not in str(library.audit.list().items)


def test_the_audit_tells_who_did_what(library):
    person = library.people.add(actor="F-1")
    library.audit.add("192.0.2.1", "desk.refused", "desk", {"why": "passphrase"})
    told = library.audit.list().items
    assert [(one.actor, one.action, one.subject) for one in told] == [
        ("192.0.2.1", "desk.refused", "desk"),
        ("F-1", "add person", f"person:{person.id}"),
    ]
    assert told[0].details == {"why": "passphrase"}
    assert library.audit.list(actor="F-1").total == 1
    library.audit.add(
        "x" * 500, "y" * 500, "z" * 500, {"what": "\ud800\x00" + "w" * 5000, "share": float("nan")}
    )
    kept = library.audit.list().items[0].details
    assert len(kept["what"]) == 400 and kept["what"].isprintable() and kept["share"] == "nan"
    assert len(library.audit.list().items[0].actor) == 200
