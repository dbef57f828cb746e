"""A library in each database: SQLite in a file, and a real PostgreSQL where its programs are installed."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from postgres_cluster import find_binaries, running_cluster
from session_folders import make_session
from sqlalchemy import create_engine, make_url, text

from trainer.library.location import DATABASE_NAME
from trainer.library.records import FacilitatorRecord, SessionRecord
from trainer.library.store import Library, open_library

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL, with a migrated template to make databases from."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("needs PostgreSQL's initdb and pg_ctl (Debian: postgresql), found none")
    with running_cluster(binaries) as address:
        _create(address, "template_pijat")
        open_library(f"{address}/template_pijat", root=Path("/tmp")).close()
        yield address


def _create(address: str, name: str, template: str = "template0") -> str:
    engine = create_engine(
        make_url(f"{address}/postgres").set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return f"{address}/{name}"


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


@pytest.fixture(scope="session")
def new_place(request: pytest.FixtureRequest, sqlite_template: Path) -> Callable[..., Place]:
    """Make a place for a new library of a kind of database; `empty` for a database without tables."""

    def make(kind: str, root: Path, *, empty: bool = False) -> Place:
        root.mkdir(parents=True, exist_ok=True)
        if kind == "sqlite":
            if not empty:
                shutil.copyfile(sqlite_template, root / DATABASE_NAME)
            return Place(kind, root, root)
        address = request.getfixturevalue("postgres")
        template = "template0" if empty else "template_pijat"
        return Place(kind, _create(address, f"pijat_{next(_numbers)}", template), root)

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
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
    library.import_folder(make_session(library.root / "sessions" / "one"))
    return library.list_sessions().items[0]


@pytest.fixture
def facilitator(library: Library) -> FacilitatorRecord:
    """Somebody who grades."""
    return library.add_facilitator("F-1", "Bidan Ani")
