"""Opening a library: made when there is none, brought up to date, refused when it is not one."""

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from trainer.errors import PijatError, UsageError
from trainer.library.location import locate
from trainer.library.migrate import HEAD, alembic_config, run_migrations
from trainer.library.store import open_library
from trainer.library.tables import Base


@pytest.fixture
def empty_place(kind, new_place, tmp_path):
    return new_place(kind, tmp_path / "library", empty=True)


def test_a_new_library_is_made_and_found_again(empty_place):
    with empty_place.open() as library:
        code = library.people.add().code
    with empty_place.open() as library:
        assert library.people.find(code).code == code


def test_the_migrations_make_the_tables_that_the_program_knows(library):
    with library.database.reading() as db:
        context = MigrationContext.configure(
            db.connection(), opts={"compare_type": True, "render_as_batch": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD


def test_migrations_go_back_and_forth(library):
    from alembic import command

    with library.database.writing() as db:
        config = alembic_config()
        config.attributes["connection"] = db.connection()
        command.downgrade(config, "base")
        run_migrations(db.connection(), HEAD)
    assert library.people.add().code == "P-0001"


def test_a_newer_library_is_refused_in_one_sentence(place):
    with place.open() as library, library.database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PijatError, match="made by a newer Pijat: install the newest one"):
        place.open()


def test_another_programs_database_is_refused(empty_place):
    with empty_place.open() as library, library.database.writing() as db:
        db.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(PijatError, match="another program's database"):
        empty_place.open()


def _open_at_once(name: str | Path, root: Path, ready) -> None:
    ready.wait(60)
    with open_library(name, root=root) as library:
        library.people.add()


@pytest.mark.slow
def test_programs_that_open_a_new_library_at_once_share_it(empty_place):
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(4)
    others = [
        context.Process(target=_open_at_once, args=(empty_place.name, empty_place.root, ready))
        for _ in range(4)
    ]
    for other in others:
        other.start()
    for other in others:
        other.join(120)
    assert [other.exitcode for other in others] == [0, 0, 0, 0]
    with empty_place.open() as library:
        codes = [person.code for person in library.people.list().items]
    assert codes == ["P-0001", "P-0002", "P-0003", "P-0004"]


def test_what_was_said_can_not_be_changed_even_by_hand(library):
    person = library.people.add()
    library.consents.add(person.id, "video", False, "F-1")
    for statement in ("UPDATE consent SET given = :true", "UPDATE audit SET actor = 'x' WHERE :true"):
        with (
            pytest.raises(Exception, match="rows of this table are only added"),
            library.database.writing() as db,
        ):
            db.execute(text(statement), {"true": True})


def test_sqlite_is_set_up_for_many_readers_and_a_writer(tmp_path):
    with open_library(tmp_path) as library, library.database.reading() as db:
        told = {
            name: db.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert told == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 10_000}


@pytest.mark.parametrize(
    "name", ["mysql://x/y", "postgresql://host", "postgresql://[", "sqlite://", "", "a\0b"]
)
def test_what_names_no_library_is_bad_usage(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as refused:
        open_library(name)
    assert str(refused.value).startswith("Expected")


def test_a_password_is_never_shown():
    location = locate("postgresql://ani:geheim@db.example:5433/pijat", Path("/tmp"))
    assert location.shown == "postgresql://db.example:5433/pijat"
    assert location.url.password == "geheim"
    assert "geheim" not in repr(location)


def test_files_that_are_no_library_are_refused(tmp_path):
    text_file = tmp_path / "notes.db"
    text_file.write_text("not a database at all, but long enough to be read as one. " * 40)
    with pytest.raises(PijatError, match=r"Expected a Pijat library at .*notes\.db, got another file"):
        open_library(text_file)
    with pytest.raises(UsageError):
        open_library(_touch(tmp_path / "plain.txt"))
    with pytest.raises(PijatError, match="Expected to keep the library in"):
        open_library(tmp_path / "plain.txt" / "below")


def _touch(path: Path) -> Path:
    path.write_text("x")
    return path


def test_a_locked_database_is_said_and_nothing_is_lost(tmp_path):
    with open_library(tmp_path, busy_s=0.2) as library:
        other = sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(PijatError, match="in use by another program"):
            library.people.add()
        assert library.people.list().total == 0  # reading goes on meanwhile
        other.execute("ROLLBACK")
        other.close()
        assert library.people.add().code == "P-0001"


@pytest.mark.slow
def test_a_locked_table_of_postgresql_is_said(new_place, tmp_path):
    place = new_place("postgresql", tmp_path / "library")
    with place.open(busy_s=0.2) as library, place.open() as other, other.database.writing() as db:
        db.execute(text("LOCK TABLE person IN EXCLUSIVE MODE"))
        with pytest.raises(PijatError, match="in use by another program"):
            library.people.add()


def test_a_database_that_is_gone_or_replaced_is_said(tmp_path):
    database = tmp_path / "library.sqlite3"
    with open_library(tmp_path) as library:
        library.people.add()
        database.rename(tmp_path / "away")
        for use in (library.people.add, library.people.list):
            with pytest.raises(PijatError, match="is gone or was replaced"):
                use()
        (tmp_path / "away").rename(database)
        assert library.people.list().total == 1


@pytest.mark.slow
def test_a_server_that_is_gone_is_said(new_place, tmp_path):
    place = new_place("postgresql", tmp_path / "library")
    host, _, _ = str(place.name).rpartition(":")
    with pytest.raises(PijatError, match="cannot be reached") as refused:
        open_library(f"{host}:1/pijat", root=tmp_path)
    assert "\n" not in str(refused.value)
    with pytest.raises(PijatError, match="the server has none of that name"):
        open_library(str(place.name) + "_none", root=tmp_path)
    with place.open() as library:
        with (
            pytest.raises(PijatError, match=r"being shut down|cannot be reached"),
            library.database.reading() as db,
        ):
            db.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert library.people.list().total == 0  # the next use connects anew


def test_a_full_disk_is_said_and_nothing_is_half_written(tmp_path):
    with open_library(tmp_path) as library:
        library.people.add()
        with library.database.reading() as db:
            pages = db.execute(text("PRAGMA page_count")).scalar()
        # SQLite's own limit stands in for a disk: it fails in the same place and with the same words.
        with pytest.raises(PijatError, match="The disk is full: free some room"):
            with library.database.writing() as db:
                db.execute(text(f"PRAGMA max_page_count = {pages}"))
            for _ in range(400):
                library.people.add(note="x" * 4000)
        count = library.people.list().total
        assert 1 <= count < 400
        with library.database.reading() as db:
            assert db.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_a_folder_that_may_not_be_written_is_said(tmp_path):
    with open_library(tmp_path) as library:
        library.people.add()
    database = tmp_path / "library.sqlite3"
    damaged = tmp_path / "damaged.sqlite3"
    content = bytearray(database.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    damaged.write_bytes(content)
    with pytest.raises(PijatError, match=r"damaged|another file"):
        open_library(damaged)
