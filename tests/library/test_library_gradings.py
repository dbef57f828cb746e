"""Gradings: a history that only grows, and two screens that cannot overwrite each other."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from session_folders import grade_rest
from sqlalchemy import update

from trainer.errors import PijatError
from trainer.library.faults import UnfinishedError
from trainer.library.store import ConflictError, open_library
from trainer.library.tables import Facilitator

ITEMS = tuple("abcdefgh")


def test_every_word_is_kept(library, session, facilitator):
    grading = library.gradings.start(session.id, facilitator.id, True)
    grading = library.gradings.save(grading.id, "f", 6.0, "confirmed", "", grading.version)
    grading = library.gradings.save(grading.id, "a", 2.0, "ticked", "told her", grading.version)
    grading = library.gradings.save(grading.id, "f", 3.0, "overridden", "too fast", grading.version)
    assert [(g.item_id, g.rating, g.revision) for g in grading.grades] == [("a", 2.0, 1), ("f", 3.0, 2)]
    rest = grade_rest(library, grading)
    unseen = [(g.item_id, 1, None, False) for g in rest.grades if g.decision == "not_observed"]
    grading = library.gradings.sign(grading.id, rest.version, 171.0)
    assert grading.signed_at is not None and grading.spent_s == 171.0 and not grading.edited_after_signing
    grading = library.gradings.save(grading.id, "a", None, "not_observed", "", grading.version)
    assert grading.edited_after_signing and grading.grade("a").after_signing
    history = library.gradings.history(grading.id)
    assert [(g.item_id, g.revision, g.rating, g.after_signing) for g in history] == [
        ("f", 1, 6.0, False),
        ("a", 1, 2.0, False),
        ("f", 2, 3.0, False),
        *unseen,
        ("a", 2, None, True),
    ]
    assert library.gradings.get(grading.id) == grading
    done = [one.action for one in library.audit.list(subject=f"grading:{grading.id}").items]
    assert done == [
        "change grade after signing",
        "sign grading",
        *["grade"] * (3 + len(unseen)),
        "start grading",
    ]
    assert {one.actor for one in library.audit.list(subject=f"grading:{grading.id}").items} == {"F-1"}


def test_a_grading_goes_on_where_it_was_left(library, session, facilitator):
    first = library.gradings.start(session.id, facilitator.id, True)
    library.gradings.save(first.id, "a", 1.0, "ticked", "", first.version)
    again = library.gradings.start(session.id, facilitator.id, False)
    assert again.id == first.id and again.blind and len(again.grades) == 1
    other = library.facilitators.add("F-2", "Budi")
    assert library.gradings.start(session.id, other.id, False).id != first.id
    assert [g.facilitator_code for g in library.sessions.open(session.id).gradings] == ["F-1", "F-2"]


def test_impossible_grades_are_refused_and_nothing_changes(library, session, facilitator):
    grading = library.gradings.start(session.id, facilitator.id, False)
    for item, rating, decision, said in (
        ("zz", 1.0, "ticked", "an item of the session's checklist"),
        ("a", 2.5, "ticked", r"a rating of 0 to 2 points, got 2\.5"),
        ("a", -1.0, "ticked", "a rating of 0 to 2 points"),
        ("a", float("nan"), "ticked", "a rating of 0 to 2 points"),
        ("a", float("inf"), "ticked", "a rating of 0 to 2 points"),
        ("a", None, "rated", "unless the item was not observed"),
        ("a", 1.0, "not_observed", "unless the item was not observed"),
        ("a", 1.0, "guessed", "as decision"),
    ):
        with pytest.raises(PijatError, match=said):
            library.gradings.save(grading.id, item, rating, decision, "", grading.version)
    assert library.gradings.get(grading.id) == grading


def test_signing_needs_a_grade_and_happens_once(library, session, facilitator):
    grading = library.gradings.start(session.id, facilitator.id, False)
    with pytest.raises(PijatError, match="at least one graded item"):
        library.gradings.sign(grading.id, grading.version, 5.0)
    grading = library.gradings.save(grading.id, "a", 1.0, "ticked", "", grading.version)
    with pytest.raises(PijatError, match="seconds spent"):
        library.gradings.sign(grading.id, grading.version, -5.0)
    library.gradings.record_time(grading.id, 60.0)
    grading = grade_rest(library, grading)
    grading = library.gradings.sign(grading.id, grading.version, 61.0)
    with pytest.raises(PijatError, match="signed already"):
        library.gradings.sign(grading.id, grading.version, 62.0)
    library.gradings.record_time(grading.id, 9999.0)
    assert library.gradings.get(grading.id).spent_s == 61.0


def test_a_grading_that_is_not_whole_is_not_signed(library, session, facilitator):
    """Whoever calls: the rule is the library's, not the page's."""
    grading = library.gradings.start(session.id, facilitator.id, False)
    grading = library.gradings.save(grading.id, "f", 0.0, "overridden", " ", grading.version)
    checklist = [verdict.item_id for verdict in library.sessions.open(session.id).verdicts]
    with pytest.raises(
        UnfinishedError, match=r'a grade of every item, got none of "a", "b", .* and \d+ more'
    ) as left:
        library.gradings.sign(grading.id, grading.version, 5.0)
    assert left.value.lacking.left == tuple(item for item in checklist if item != "f")
    grading = grade_rest(library, grading)
    with pytest.raises(UnfinishedError, match=r'a reason wherever .* got none for "f": write why') as unsaid:
        library.gradings.sign(grading.id, grading.version, 5.0)
    assert unsaid.value.lacking.left == () and unsaid.value.lacking.unsaid == ("f",)
    assert library.gradings.get(grading.id) == grading and grading.signed_at is None
    grading = library.gradings.save(grading.id, "f", 0.0, "overridden", "too wide", grading.version)
    assert library.gradings.sign(grading.id, grading.version, 5.0).signed_at is not None


def test_a_screen_that_is_out_of_date_is_told_and_loses_nothing(library, session, facilitator):
    grading = library.gradings.start(session.id, facilitator.id, False)
    newer = library.gradings.save(grading.id, "a", 2.0, "ticked", "hers", grading.version)
    with pytest.raises(ConflictError) as conflict:
        library.gradings.save(grading.id, "a", 0.0, "ticked", "mine", grading.version)
    assert conflict.value.current == newer and conflict.value.current.grade("a").comment == "hers"
    with pytest.raises(ConflictError):
        library.gradings.sign(grading.id, grading.version, 1.0)
    saved = library.gradings.save(grading.id, "a", 0.0, "ticked", "mine", conflict.value.current.version)
    assert [g.comment for g in library.gradings.history(saved.id)] == ["hers", "mine"]


def test_an_inactive_facilitator_starts_nothing(library, session, facilitator):
    with library.database.writing() as db:
        db.execute(update(Facilitator).values(active=False))
    with pytest.raises(PijatError, match="choose who you are"):
        library.gradings.start(session.id, facilitator.id, False)
    with pytest.raises(PijatError, match="a session of the library"):
        library.gradings.start(10**6, library.facilitators.add("F-9", "x").id, False)


def _grade_at_once(name: str | Path, root: Path, who: int, session_id: int, ready: threading.Barrier) -> int:
    """Give every item three grades, as a screen does that shows what is there and saves again after a conflict."""
    met = 0
    with open_library(name, root=root) as library:
        grading = library.gradings.start(session_id, who, False)
        ready.wait(300)
        for round_ in range(3):
            for item in ITEMS:
                while True:
                    try:
                        grading = library.gradings.save(
                            grading.id, item, float(round_ % 2), "rated", f"{round_}", grading.version
                        )
                        break
                    except ConflictError as conflict:
                        met += 1
                        grading = conflict.current
    return met


def _tell(told, *words) -> None:
    told.put(_grade_at_once(*words))


@pytest.mark.slow
def test_two_screens_of_one_grading_lose_nothing(library, place, session, facilitator):
    """Two programs at once: every grade of both is in the history, numbered without a gap."""
    context = multiprocessing.get_context("spawn")
    ready, told = context.Barrier(2), context.Queue()
    screens = [
        context.Process(target=_tell, args=(told, place.name, place.root, facilitator.id, session.id, ready))
        for _ in range(2)
    ]
    for screen in screens:
        screen.start()
    conflicts = sum(told.get(timeout=300) for _ in screens)
    for screen in screens:
        screen.join(60)
    (grading,) = library.sessions.open(session.id).gradings
    history = library.gradings.history(grading.id)
    assert conflicts > 0 and len(history) == 2 * 3 * len(ITEMS)
    for item in ITEMS:
        assert [grade.revision for grade in history if grade.item_id == item] == list(range(1, 7))
    assert grading.version == 1 + len(history)


def test_two_facilitators_at_once_do_not_meet(library, place, session, facilitator):
    second = library.facilitators.add("F-2", "Budi")
    ready = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        screens = [
            pool.submit(_grade_at_once, place.name, place.root, who.id, session.id, ready)
            for who in (facilitator, second)
        ]
        assert [screen.result(timeout=300) for screen in screens] == [0, 0]
    gradings = library.sessions.open(session.id).gradings
    assert {grading.facilitator_code for grading in gradings} == {"F-1", "F-2"}
    for grading in gradings:
        history = library.gradings.history(grading.id)
        assert len(history) == 3 * len(ITEMS) and grading.version == 1 + len(history)
