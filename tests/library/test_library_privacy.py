"""Deleting and exporting a person; consent to video."""

import csv
import io
import json
import zipfile

import pytest
from session_folders import grade_rest, make_session

from trainer.cohort.bank_file import builtin_bank
from trainer.errors import PijatError, UsageError
from trainer.library.backup import backup
from trainer.library.dump import TABLES, table_rows
from trainer.library.records import SessionFilter

NAME = "Siti Nurhalízá"


@pytest.fixture
def two(library, facilitator, tmp_path):
    """Two people with all that a library can hold of them; the second's session lies outside the library."""
    make_session(library.root / "sessions" / "P-0001" / "first", video=b"video one")
    make_session(tmp_path / "outside" / "second", created="2026-03-02T00:00:00+00:00", video=b"video two")
    library.folders.add(library.root / "sessions")
    library.folders.add(tmp_path / "outside")
    bank = library.banks.add(builtin_bank())
    people = library.people.add(name=NAME, note="x"), library.people.add(name="Dewi")
    for person, record in zip(people, reversed(library.sessions.list().items), strict=True):
        library.sessions.assign(record.id, person.id)
        library.consents.add(person.id, "video", True, "F-1")
        grading = library.gradings.start(record.id, facilitator.id, False)
        grading = library.gradings.save(
            grading.id, "a", 1.0, "ticked", f"{person.name} did well", grading.version
        )
        grading = grade_rest(library, grading)
        library.gradings.sign(grading.id, grading.version, 20.0)
        library.knowledge.finish(library.knowledge.start(person.id, bank.id, "pre").id)
        library.home_care.add(person.id, builtin_day(), 2, 20, "suami")
        library.outcomes.add(person.id, "latch", "before", moment(), 6)
        library.audit.add("F-1", "feedback printed", f"person:{person.id}", {"of": person.name})
    exports = library.root / "exports"
    (exports / "P-0001").mkdir(parents=True)
    (exports / "P-0001" / "certificate.html").write_text("<p>lulus</p>")
    (exports / "group.csv").write_text(f"code,score\nP-0001,5\n{people[1].code},6\n")
    (exports / "P-00012.csv").write_text("code,score\nP-00012,5\n")
    with zipfile.ZipFile(exports / "group.xlsx", "w") as packed:
        packed.writestr("xl/sharedStrings.xml", "<si><t>P-0001</t></si>")
    return people


def builtin_day():
    import datetime as dt

    return dt.date(2026, 3, 1)


def moment():
    import datetime as dt

    return dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def rows_of(library):
    with library.database.reading() as db:
        return {table.name: list(table_rows(db, table)) for table in TABLES}


def test_a_deleted_person_is_gone_from_rows_folders_exports_and_audit(library, two):
    person, other = two
    session = library.sessions.list(SessionFilter(person_id=person.id)).items[0]
    kept = library.sessions.list(SessionFilter(person_id=other.id)).items[0]
    receipt = library.people.delete(person.id, actor="F-1")
    assert receipt.verified and receipt.remaining == ()
    assert receipt.folders == (session.folder,) and not session.folder.exists()
    assert receipt.rows["session"] == receipt.rows["grading"] == receipt.rows["person"] == 1
    assert receipt.rows["verdict"] > 5 and receipt.rows["measure"] > 5 and receipt.rows["consent"] == 1
    assert {path.name for path in receipt.exports} == {"P-0001", "group.csv", "group.xlsx"}
    # A search of our own: every table and every byte of every file.
    everything = json.dumps(rows_of(library), ensure_ascii=False)
    for word in (person.code + '"', NAME, session.uid):
        assert word not in everything
    for path in library.root.rglob("*"):
        assert path.name != "P-0001"
        if path.is_file():
            content = path.read_bytes()
            assert NAME.encode() not in content and session.uid.encode() not in content, path
    assert (library.root / "exports" / "P-00012.csv").is_file()
    line = library.audit.list().items[0]
    assert (line.action, line.subject, line.details) == ("delete person", "person", {"sessions": 1})
    assert library.audit.list(subject=f"person:{person.id}").total == 0
    # The other person has all that was theirs.
    detail = library.sessions.open(kept.id)
    assert detail.gradings[0].grades[0].comment == "Dewi did well" and detail.video is not None
    assert len(library.knowledge.list()) == len(library.home_care.list()) == len(library.outcomes.list()) == 1
    assert library.audit.list(subject=f"person:{other.id}").total > 0
    with pytest.raises(PijatError):
        library.people.delete(person.id)


def test_what_could_not_be_deleted_is_said(library, two, tmp_path):
    person, other = two
    library.people.change(other.id, note="sister of P-0001")
    session = library.sessions.list(SessionFilter(person_id=person.id)).items[0]
    session.folder.rename(tmp_path / "moved away")
    (library.root / "list.txt").write_text(f"ask {NAME} again")
    receipt = library.people.delete(person.id)
    assert not receipt.verified and len(receipt.remaining) == 4
    for said in ("is not there: if it was moved", "table person", "list.txt", "P-0001 still has their code"):
        assert any(said in left.en for left in receipt.remaining), receipt.remaining


def test_folders_that_hold_others_sessions_are_left_alone(library):
    outer = make_session(library.root / "outer")
    inner = make_session(outer / "inner", created="2026-03-05T00:00:00+00:00")
    library.folders.add(library.root)
    by_title = {record.title: record for record in library.sessions.list().items}
    person = library.people.add()
    library.sessions.assign(by_title["outer"].id, person.id)
    receipt = library.people.delete(person.id)
    assert receipt.folders == () and inner.is_dir()
    assert any("holds more than this session" in left.en for left in receipt.remaining)


def test_a_home_folder_is_never_deleted(library, tmp_path, monkeypatch):
    home = make_session(tmp_path / "home")
    monkeypatch.setenv("HOME", str(home))
    library.folders.add(home)
    person = library.people.add()
    library.sessions.assign(library.sessions.list().items[0].id, person.id)
    assert not library.people.delete(person.id).verified and home.is_dir()


def test_a_name_that_others_have_too_deletes_nothing_of_theirs(library, two):
    person, other = two
    library.people.change(person.id, name="Dewi")
    mixed = library.root / "exports" / "dewi.csv"
    mixed.write_text(f"code,name\n{other.code},Dewi\n")
    receipt = library.people.delete(person.id)
    assert receipt.verified and mixed.is_file()
    assert library.people.get(other.id).name == "Dewi"


def test_a_person_gets_all_that_is_theirs_and_nothing_else(library, two, tmp_path):
    person, other = two
    library.people.change(person.id, note="=HYPERLINK(1)")
    out = tmp_path / "for-siti"
    exported = library.people.export(person.id, out, actor="F-1")
    document = json.loads((out / "person.json").read_text(encoding="utf-8"))
    assert document["person"][0]["name"] == NAME and document["person"][0]["note"] == "=HYPERLINK(1)"
    assert {name: len(rows) for name, rows in document.items() if name != "exported_at"} == dict(
        exported.rows
    )
    assert all(exported.rows[name] for name in exported.rows), exported.rows
    whole = json.dumps(document) + "".join(path.read_text("utf-8-sig") for path in out.glob("*.csv"))
    for word in (other.code, "Dewi", "Bidan Ani"):
        assert word not in whole
    cells = next(csv.DictReader(io.StringIO((out / "person.csv").read_text("utf-8-sig"))))
    assert cells["note"] == "'=HYPERLINK(1)"
    copied = next((out / "sessions").iterdir())
    assert (copied / "practice.webm").read_bytes() == b"video one" and exported.sessions == 1
    assert library.audit.list(subject=f"person:{person.id}").items[0].action == "export person"
    # What was exported into the library's folder is no second session, even when the first one is missing.
    library.people.export(person.id, library.root / "exports" / person.code / "all")
    (library.root / "sessions").rename(tmp_path / "away")
    report = library.folders.add(library.root)
    assert len(report.missing) == 1 and not report.moved and not report.refused
    with pytest.raises(UsageError, match="absent or empty"):
        library.people.export(person.id, out)
    with pytest.raises(PijatError, match="a person of the library"):
        library.people.export(10**6, tmp_path / "nobody")
    assert not (tmp_path / "nobody").exists()


def test_video_is_shown_only_while_it_is_not_refused(library, two):
    person, _ = two
    session = library.sessions.list(SessionFilter(person_id=person.id)).items[0]
    assert session.video_consent == "given" and library.sessions.open(session.id).video is not None
    assert library.sessions.list(SessionFilter(video_without_consent=True)).total == 0
    library.consents.add(person.id, "video", False, "F-1")
    detail = library.sessions.open(session.id)
    assert detail.record.video_consent == "refused" and detail.video is None and detail.record.has_video
    assert library.sessions.list(SessionFilter(video_without_consent=True)).total == 1
    removed = library.sessions.delete_video(session.id, actor="F-1")
    assert [path.name for path in removed] == ["practice.webm"] and not removed[0].exists()
    record = library.sessions.get(session.id)
    assert not record.has_video and library.folders.check() == ()
    assert library.folders.add(record.folder).unchanged


def test_a_video_of_nobody_is_told_apart(library):
    make_session(library.root / "one", video=b"x")
    library.folders.add(library.root)
    record = library.sessions.list(SessionFilter(video_without_consent=True)).items[0]
    assert record.video_consent == "unknown"


def test_a_backup_that_still_tells_of_a_deleted_person_is_said(library, two):
    backup(library, library.root / "backups" / "may.zip")
    receipt = library.people.delete(two[0].id)
    assert [left for left in receipt.remaining if "may.zip" in left.en]
