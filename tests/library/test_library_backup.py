"""Backups: really restored into either database, and compared; damaged ones refused."""

import json
import zipfile

import pytest
from session_folders import make_session
from test_library_privacy import rows_of, two  # noqa: F401

from trainer.errors import PijatError, UsageError
from trainer.library.backup import backup
from trainer.library.restore import restore


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def without_folders(rows):
    return {
        name: [{key: value for key, value in row.items() if key != "folder"} for row in listed]
        for name, listed in rows.items()
    }


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_a_library_comes_back_whole_in_either_database(library, two, new_place, tmp_path, into):  # noqa: F811
    library.passphrase.set("delapan kata yang mudah")
    key = library.passphrase.visit_key()
    outside = make_session(tmp_path / "outside" / "third", created="2026-03-03T00:00:00+00:00")
    library.folders.add(outside)
    before, folders = rows_of(library), [record.folder for record in library.sessions.list().items]
    target = tmp_path / "backups" / "may.zip"
    told = []
    report = backup(library, target, lambda done, total: told.append((done, total)))
    assert (report.sessions, report.not_whole) == (3, ()) and told[-1] == (3, 3)
    assert report.files == 5 * 3 + 2 and target.stat().st_mode & 0o077 == 0
    place = new_place(into, tmp_path / "again", empty=True)
    restored = restore(target, place.name, root=place.root)
    assert (restored.rows, restored.sessions, restored.files) == (report.rows, 3, report.files)
    with place.open() as again:
        after = rows_of(again)
        secret = [row for row in before["setting"] if row["key"] == "desk_visit_key"]
        before["setting"] = [row for row in before["setting"] if row not in secret]
        assert without_folders(after) == without_folders(before)
        assert again.folders.check() == ()
        new_folders = [record.folder for record in again.sessions.list().items]
        assert [contents(folder) for folder in new_folders] == [contents(folder) for folder in folders]
        assert all(folder.is_relative_to(place.root) for folder in new_folders)
        assert again.passphrase.check("delapan kata yang mudah") and again.passphrase.visit_key() != key
        # It goes on from there, with new numbers.
        assert again.people.add().id > max(row["id"] for row in before["person"])
        assert again.groups.add("x").id == 1
        second = again.facilitators.add("F-2", "Budi")
        grading = again.gradings.start(again.sessions.list().items[0].id, second.id, True)
        again.gradings.save(grading.id, "a", 1.0, "ticked", "", grading.version)


@pytest.mark.slow
def test_a_backup_of_a_backup_is_the_same(library, two, new_place, tmp_path):  # noqa: F811
    """SQLite to PostgreSQL to SQLite, and the other way round: nothing is lost on the way."""
    other = "postgresql" if library.database.location.database else "sqlite"
    backup(library, tmp_path / "1.zip")
    first = new_place(other, tmp_path / "first", empty=True)
    restore(tmp_path / "1.zip", first.name, root=first.root)
    with first.open() as middle:
        backup(middle, tmp_path / "2.zip")
    back = new_place("sqlite" if other == "postgresql" else "postgresql", tmp_path / "second", empty=True)
    restore(tmp_path / "2.zip", back.name, root=back.root)
    with back.open() as again:
        assert without_folders(rows_of(again)) == without_folders(rows_of(library))


def test_what_is_missing_or_changed_is_said_and_kept_as_it_is(library, two, new_place, tmp_path):  # noqa: F811
    gone, changed = (record for record in library.sessions.list().items)
    gone.folder.rename(tmp_path / "moved")
    (changed.folder / "events.tsv").write_text("onset\n")
    report = backup(library, tmp_path / "b.zip")
    assert {number for number, _ in report.not_whole} == {gone.id, changed.id} and report.sessions == 1
    place = new_place("sqlite", tmp_path / "again", empty=True)
    restore(tmp_path / "b.zip", place.name, root=place.root)
    with place.open() as again:
        assert {one.session_id: one.state for one in again.folders.check()} == {
            gone.id: "missing",
            changed.id: "changed",
        }


def test_nothing_is_overwritten(library, two, new_place, tmp_path):  # noqa: F811
    target = tmp_path / "b.zip"
    backup(library, target)
    with pytest.raises(UsageError, match="is there already"):
        backup(library, target)
    before = rows_of(library)
    with pytest.raises(UsageError, match=r"Expected (no library|nothing|an empty database)"):
        restore(
            target,
            library.root if library.database.location.database else str_url(library),
            root=library.root,
        )
    assert rows_of(library) == before
    place = new_place("sqlite", tmp_path / "again", empty=True)
    there = make_session(place.root / "sessions" / "P-0001" / "first")
    with pytest.raises(UsageError, match="Expected nothing at"):
        restore(target, place.name)
    assert there.is_dir() and not (place.root / "library.sqlite3").exists()
    with pytest.raises(UsageError, match="Expected a backup at"):
        restore(tmp_path / "none.zip", place.name)


def str_url(library):
    return library.database.location.url.set(drivername="postgresql").render_as_string(hide_password=False)


def rewritten(source, target, *, drop=(), change=None, add=None):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename in drop:
                continue
            if change and info.filename in change:
                content = change[info.filename](content)
            new.writestr(info.filename, content)
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return target


def manifest_with(**changes):
    return lambda content: json.dumps({**json.loads(content), **changes}).encode()


def climbing(content):
    document = json.loads(content)
    first = next(iter(document["sessions"].values()))
    first["files"][0]["name"] = "../../evil"
    return json.dumps(document).encode()


def test_damaged_backups_are_refused_and_leave_nothing(tmp_path, new_place):
    place = new_place("sqlite", tmp_path / "library")
    with place.open() as library:
        library.people.add()
        make_session(library.root / "one")
        library.folders.add(library.root)
        backup(library, tmp_path / "b.zip")
    whole = tmp_path / "b.zip"
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    flipped = tmp_path / "flipped.zip"
    with zipfile.ZipFile(whole) as archive:
        info = archive.getinfo("sessions/1/thumbs.parquet")
    content = bytearray(whole.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + 25] ^= 0xFF
    flipped.write_bytes(content)
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("x", "y")
    person = "database/person.jsonl"
    damaged = [
        cut,
        flipped,
        other,
        rewritten(whole, tmp_path / "1.zip", drop=["sessions/1/score.json"]),
        rewritten(whole, tmp_path / "2.zip", drop=[person]),
        rewritten(
            whole, tmp_path / "3.zip", change={person: lambda content: content.replace(b"P-0001", b"P-0002")}
        ),
        rewritten(whole, tmp_path / "4.zip", add={"sessions/1/../../evil": "x"}),
        rewritten(whole, tmp_path / "5.zip", change={"manifest.json": climbing}),
        rewritten(whole, tmp_path / "6.zip", change={"manifest.json": manifest_with(revision="9999")}),
        rewritten(whole, tmp_path / "7.zip", change={"manifest.json": manifest_with(sessions=[])}),
        rewritten(whole, tmp_path / "8.zip", change={"manifest.json": lambda content: b"{"}),
        rewritten(whole, tmp_path / "9.zip", change={"manifest.json": manifest_with(format="x")}),
    ]
    for number, path in enumerate(damaged):
        root = tmp_path / f"into-{number}"
        with pytest.raises(PijatError) as refused:
            restore(path, root)
        assert "\n" not in str(refused.value)
        assert not root.exists() or not list(root.iterdir()), path
    assert not (tmp_path / "evil").exists()
    restore(whole, tmp_path / "fine")
