"""A library in each database: SQLite in a file, and a real PostgreSQL where its programs are installed."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from session_folders import make_session
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from scripts.common.postgres_cluster import find_binaries, running_cluster
from trainer.library.location import DATABASE_NAME
from trainer.library.migrate import HEAD
from trainer.library.records import FacilitatorRecord, SessionRecord
from trainer.library.store import Library, open_library
from trainer.library.tables import Base


class Databases:
    """A few databases of a running PostgreSQL that tests use one after the other, emptied in between."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._free: list[str] = []
        self._made = 0
        self._engines: dict[str, Engine] = {}

    def take(self, *, empty: bool) -> str:
        """Return the address of a database with empty tables, or without any."""
        if not self._free:
            self._made += 1
            self._free.append(f"pijat_{self._made}")
            self._run("postgres", f"CREATE DATABASE pijat_{self._made} TEMPLATE template0")
        name = self._free.pop()
        if empty or not self._truncate(name):
            self._run(name, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
            if not empty:
                open_library(f"{self._address}/{name}", root=Path("/tmp")).close()
        return f"{self._address}/{name}"

    def give_back(self, address: str) -> None:
        """Let another test have it."""
        self._free.append(address.rpartition("/")[2])

    def _truncate(self, name: str) -> bool:
        listed = ", ".join(table.name for table in Base.metadata.sorted_tables)
        try:
            told = self._run(
                name,
                f"TRUNCATE {listed} RESTART IDENTITY CASCADE",
                "SELECT version_num FROM alembic_version",
            )
        except ProgrammingError:  # a test left other tables
            return False
        return told == HEAD

    def _run(self, name: str, *statements: str) -> object:
        """Run statements in a database; return what the last one says first."""
        if name not in self._engines:
            url = make_url(f"{self._address}/{name}").set(drivername="postgresql+pg8000")
            self._engines[name] = create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        with self._engines[name].connect() as connection:
            for statement in statements:
                told = connection.execute(text(statement))
            return told.scalar() if told.returns_rows else None

    def close(self) -> None:
        """Let go of all databases."""
        for engine in self._engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Databases of a real PostgreSQL."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("needs PostgreSQL's initdb and pg_ctl (Debian: postgresql), found none")
    with running_cluster(binaries) as address:
        emptied = Databases(address)
        yield emptied
        emptied.close()


@dataclass(frozen=True)
class Place:
    """Where a test's library lies: `name` for `open_library`, and its folder."""

    kind: str
    name: str | Path
    root: Path

    def open(self, **options: float) -> Library:
        """Open the library, once more."""
        return open_library(self.name, root=self.root, **options)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy."""
    root = tmp_path_factory.mktemp("template")
    open_library(root).close()
    return root / DATABASE_NAME


@pytest.fixture
def new_place(request: pytest.FixtureRequest, sqlite_template: Path) -> Iterator[Callable[..., Place]]:
    """Make a place for a new library of a kind of database; `empty` for a database without tables."""
    taken: list[tuple[Databases, str]] = []

    def make(kind: str, root: Path, *, empty: bool = False) -> Place:
        root.mkdir(parents=True, exist_ok=True)
        if kind == "sqlite":
            if not empty:
                shutil.copyfile(sqlite_template, root / DATABASE_NAME)
            return Place(kind, root, root)
        databases: Databases = request.getfixturevalue("databases")
        taken.append((databases, databases.take(empty=empty)))
        return Place(kind, taken[-1][1], root)

    yield make
    for databases, address in taken:
        databases.give_back(address)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def place(kind: str, new_place: Callable[..., Place], tmp_path: Path) -> Place:
    """Where a new library lies."""
    return new_place(kind, tmp_path / "library")


@pytest.fixture
def library(place: Place) -> Iterator[Library]:
    """An open, empty library."""
    with place.open() as opened:
        yield opened


@pytest.fixture
def session(library: Library) -> SessionRecord:
    """One imported session."""
    library.folders.add(make_session(library.root / "sessions" / "one"))
    return library.sessions.list().items[0]


@pytest.fixture
def facilitator(library: Library) -> FacilitatorRecord:
    """Somebody who grades."""
    return library.facilitators.add("F-1", "Bidan Ani")
