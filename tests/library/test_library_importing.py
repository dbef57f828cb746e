"""Importing folders of sessions: what is new, the same, changed, moved, missing or refused is said."""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from session_folders import grade_rest, make_session, score_document, write_json

from trainer.errors import PijatError, UsageError
from trainer.library.folder_facts import read_folder
from trainer.library.records import SessionFilter


@pytest.fixture
def folders(library):
    top = library.root / "sessions"
    for number in range(3):
        make_session(top / f"visit-{number}", created=f"2026-03-0{number + 1}T08:00:00+07:00", shift=number)
    return top


def counts(report):
    names = ("added", "unchanged", "changed", "missing", "moved", "refused")
    return {name: len(getattr(report, name)) for name in names if getattr(report, name)}


def test_importing_twice_changes_nothing(library, folders):
    told = []
    report = library.folders.add(folders, lambda done, total: told.append((done, total)))
    assert counts(report) == {"added": 3} and told == [(1, 3), (2, 3), (3, 3)]
    before = library.sessions.list()
    assert counts(library.folders.add(folders)) == {"unchanged": 3}
    after = library.sessions.list()
    assert [s.uid for s in before.items] == [s.uid for s in after.items]
    assert [s.title for s in after.items] == ["visit-2", "visit-1", "visit-0"]
    assert after.items[0].recorded_at.isoformat() == "2026-03-03T01:00:00+00:00"
    assert after.items[0].folder == folders / "visit-2"


def test_what_a_session_holds_is_copied(library, folders):
    library.folders.add(folders / "visit-1")
    record = library.sessions.list().items[0]
    detail = library.sessions.open(record.id)
    score = json.loads((folders / "visit-1" / "score.json").read_text())
    assert [v.item_id for v in detail.verdicts] == [item["id"] for item in score["items"]]
    assert [v.verdict for v in detail.verdicts] == [item["verdict"] for item in score["items"]]
    assert [v.points for v in detail.verdicts] == [item["points"] for item in score["items"]]
    camera = [item["id"] for item in score["items"] if item["observer"] == "camera"]
    assert [v.item_id for v in detail.verdicts if v.by_camera] == camera
    assert [(m.item_id, m.name) for m in detail.measures] == [
        (i, n) for i in camera for n in ("rate", "radius")
    ]
    assert detail.measures[0].value == 1.25 and detail.measures[0].unit == "Hz"
    assert detail.measures[1].value is None
    assert (record.percent, record.duration_s, record.has_video) == (51.0, 900.5, False)


def test_a_changed_folder_is_said_and_its_gradings_stay(library, folders, facilitator):
    library.folders.add(folders)
    record = library.sessions.list(SessionFilter(search="visit-1")).items[0]
    grading = library.gradings.start(record.id, facilitator.id, False)
    library.gradings.save(grading.id, "a", 2.0, "ticked", "", grading.version)
    (folders / "visit-1" / "report.html").write_text("drawn anew")
    assert library.folders.check() == ()  # a report is drawn from the rest
    write_json(folders / "visit-1" / "score.json", score_document(shift=7))
    found = library.folders.check()
    assert [(one.session_id, one.state) for one in found] == [(record.id, "changed")]
    assert library.sessions.get(record.id).state == "changed"
    assert counts(library.folders.add(folders)) == {"unchanged": 2, "changed": 1}
    detail = library.sessions.open(record.id)
    assert detail.record.state == "present" and detail.record.uid == record.uid
    assert detail.record.percent == 57.0
    assert detail.gradings[0].grades[0].rating == 2.0
    (folders / "visit-1" / "events_human.tsv").write_text("onset\n")
    assert [one.state for one in library.folders.check()] == ["changed"]


def test_a_missing_folder_is_said_and_found_where_it_was_moved(library, folders):
    library.folders.add(folders)
    away = library.root / "elsewhere" / "visit-1"
    away.parent.mkdir()
    (folders / "visit-1").rename(away)
    assert [(one.title, one.state) for one in library.folders.check()] == [("visit-1", "missing")]
    assert counts(library.folders.add(folders)) == {"unchanged": 2, "missing": 1}
    assert library.sessions.list(SessionFilter(state="missing")).total == 1
    assert counts(library.folders.add(away)) == {"moved": 1}
    assert library.sessions.list(SessionFilter(state="present")).total == 3
    assert library.sessions.list(SessionFilter(search="visit-1")).items[0].folder == away


def test_a_copy_is_refused(library, folders, tmp_path):
    library.folders.add(folders)
    shutil.copytree(folders / "visit-0", tmp_path / "copy")
    report = library.folders.add(tmp_path / "copy")
    assert counts(report) == {"refused": 1} and "a copy of session" in report.refused[0][1].en
    assert library.sessions.list().total == 3


def test_another_recording_in_a_known_folder_is_refused(library, folders):
    library.folders.add(folders)
    shutil.rmtree(folders / "visit-0")
    make_session(folders / "visit-0", created="2026-05-05T08:00:00+00:00")
    report = library.folders.add(folders)
    assert counts(report) == {"unchanged": 2, "refused": 1}
    assert "another recording" in report.refused[0][1].en


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("score.json", None, "Expected score.json in odd, found none"),
        ("score.json", "{", "Expected JSON in score.json"),
        ("score.json", "[" * 100_000, "Expected JSON in score.json"),
        ("score.json", "[]", "Expected a JSON object in score.json"),
        ("session.json", '{"schema_version": 99}', "use a newer pijat"),
        (
            "session.json",
            {"created": "yesterday"},
            "a date and time (ISO 8601) in created of session.json of odd",
        ),
        ("score.json", {"percent": 140}, "from 0 to 100 in percent of score.json of odd, got 140"),
        ("score.json", {"percent": float("nan")}, "from 0 to 100 in percent"),
        ("score.json", {"protocol_id": "x" * 10_000}, "at most 200 characters in protocol_id"),
        ("score.json", {"protocol_id": 7}, "in protocol_id"),
        ("score.json", {"items": 7}, "a list of at most 500 entries in items"),
    ],
)
def test_impossible_folders_are_refused_in_one_sentence(tmp_path, file, content, said):
    path = make_session(tmp_path / "odd") / file
    if content is None:
        path.unlink()
    elif isinstance(content, dict):
        write_json(path, {**json.loads(path.read_text()), **content})
    else:
        path.write_text(content)
    assert said in refusal(path.parent)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"verdict": "fine"}, "in items[0].verdict of score.json of odd, got 'fine'"),
        ({"max_points": 1, "points": 2}, "a number from 0 to 1 in items[0].points"),
        ({"id": "a\u202e"}, "in items[0].id"),
        ({"id": "b"}, "each item once in items[1].id"),
    ],
)
def test_an_impossible_item_is_named_by_its_place(tmp_path, changes, said):
    folder = make_session(tmp_path / "odd")
    document = score_document()
    document["items"][0] |= changes
    write_json(folder / "score.json", document)
    assert said in refusal(folder)


def refusal(folder):
    with pytest.raises(PijatError) as refused:
        read_folder(folder)
    reason = str(refused.value)
    assert len(reason) < 300 and "\n" not in reason
    return reason


def test_one_bad_folder_does_not_keep_the_others_out(library):
    bad = make_session(library.root / "sessions" / "bad")
    (bad / "score.json").write_text("{")
    make_session(library.root / "sessions" / "fine", created="2026-04-01T00:00:00+00:00")
    report = library.folders.add(library.root / "sessions")
    assert counts(report) == {"added": 1, "refused": 1}
    assert report.refused[0][0] == bad


def test_hostile_folder_names_are_kept_as_harmless_text(library, tmp_path):
    names = [
        "<script>alert(1)</script>",
        "שלום\u202egnp",
        "'; DROP TABLE session; --",
        "n" * 250,
        "%_\\",
        "ibu 👩",
    ]
    for index, name in enumerate(names):
        make_session(tmp_path / "in" / name.replace("/", "_"), created=f"2026-03-01T08:00:{index:02}+00:00")
    report = library.folders.add(tmp_path / "in")
    assert counts(report) == {"added": len(names)}
    titles = {record.title for record in library.sessions.list().items}
    assert max(map(len, titles)) == 200 and not any("\u202e" in title for title in titles)
    assert library.sessions.list(SessionFilter(search="%_\\")).total == 1
    assert library.folders.check() == ()  # folders are found by their true names


def test_names_that_are_no_text_are_refused(library, tmp_path):
    odd = os.fsdecode(b"visit-\xff")
    make_session(tmp_path / "in" / odd)
    folder = make_session(tmp_path / "in" / "new-line", created="2026-03-02T08:00:00+00:00")
    (folder / "a\nb").write_text("x")
    report = library.folders.add(tmp_path / "in")
    assert counts(report) == {"refused": 2}
    assert all("plain text" in reason.en for _, reason in report.refused)


def test_links_and_hidden_files_are_no_part_of_a_session(library, tmp_path):
    folder = make_session(library.root / "one")
    (folder / "secret").symlink_to("/etc/hostname")
    (folder / ".hidden").write_text("x")
    (folder / "loop").symlink_to(folder)
    (folder / "Thumbs.db").write_text("what Windows keeps of a folder that somebody looked at")
    facts = read_folder(folder)
    assert {file.name for file in facts.files} == {
        "session.json", "score.json", "events.tsv", "thumbs.parquet", "report.html",
    }  # fmt: skip
    assert counts(library.folders.add(library.root)) == {"added": 1}


def test_what_is_no_folder_of_sessions_is_said(library, tmp_path):
    with pytest.raises(UsageError, match="Expected a folder of sessions"):
        library.folders.add(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert counts(library.folders.add(tmp_path / "empty")) == {"refused": 1}


def test_two_imports_at_once_add_each_session_once(place, library, folders):
    def work(_):
        with place.open() as other:
            return counts(other.folders.add(folders))

    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(work, range(3)))
    assert sum(report.get("added", 0) for report in reports) == 3
    assert sum(report.get("unchanged", 0) for report in reports) == 6
    assert library.sessions.list().total == 3


def test_attempts_are_counted_by_time_and_protocol(library, folders):
    make_session(folders / "upward", created="2026-03-02T00:00:00+00:00", protocol_id="jabodetabek-2025")
    library.folders.add(folders)
    person, other = library.people.add(), library.people.add()
    by_title = {record.title: record.id for record in library.sessions.list().items}
    for title in ("visit-2", "upward", "visit-0", "visit-1"):
        library.sessions.assign(by_title[title], person.id)
    attempts = {r.title: r.attempt for r in library.sessions.list(SessionFilter(person_id=person.id)).items}
    assert attempts == {"visit-0": 1, "visit-1": 2, "visit-2": 3, "upward": 1}
    library.sessions.assign(by_title["visit-0"], other.id)
    library.sessions.assign(by_title["visit-1"], None)
    attempts = {r.title: r.attempt for r in library.sessions.list().items}
    assert attempts == {"visit-0": 1, "visit-1": None, "visit-2": 1, "upward": 1}


def test_filters_orders_and_pages(library, folders, facilitator):
    make_session(folders / "upward", created="2026-03-02T00:00:00+00:00", protocol_id="jabodetabek-2025")
    library.folders.add(folders)
    group = library.groups.add("A")
    person = library.people.add(name="Siti Aminah", group_id=group.id)
    by_title = {record.title: record.id for record in library.sessions.list().items}
    library.sessions.assign(by_title["visit-1"], person.id)
    grading = library.gradings.start(by_title["visit-2"], facilitator.id, True)
    grading = library.gradings.save(grading.id, "a", None, "not_observed", "", grading.version)

    def titles(**wanted):
        return [record.title for record in library.sessions.list(SessionFilter(**wanted)).items]

    assert titles(graded=True) == []
    grading = grade_rest(library, grading)
    library.gradings.sign(grading.id, grading.version, 12.0)
    assert titles(graded=True) == ["visit-2"] and len(titles(graded=False)) == 3
    assert titles(group_id=group.id) == titles(search="siti") == titles(search="P-0001") == ["visit-1"]
    assert titles(protocol_id="jabodetabek-2025") == ["upward"]
    assert titles(sort="oldest") == ["visit-0", "upward", "visit-1", "visit-2"]
    assert titles(sort="title") == ["upward", "visit-0", "visit-1", "visit-2"]
    assert titles(sort="person")[0] == "visit-1"
    assert titles(sort="percent")[:2] == ["visit-2", "visit-1"]
    assert titles(page=2, per_page=3) == ["visit-0"] and titles(page=9) == []
    assert library.sessions.protocols() == (("jabodetabek-2025", 1), ("tegalagung-2022", 3))
    with pytest.raises(UsageError):
        titles(sort="id; DROP TABLE session")
