"""The library: opened from a folder or an address, and one object that holds a repository for each kind of thing."""

from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from trainer.errors import PijatError, reason
from trainer.language import Text
from trainer.library.accounts import AuditLog, Passphrase
from trainer.library.agreement import Agreement
from trainer.library.consents import ConsentLog
from trainer.library.database import Database
from trainer.library.engine import BUSY_S, make_engines
from trainer.library.faults import ConflictError as ConflictError
from trainer.library.faults import plain_error
from trainer.library.gradings import Gradings
from trainer.library.groups import Facilitators, Groups
from trainer.library.home_care import HomeCareLog
from trainer.library.importing import Folders
from trainer.library.knowledge import KnowledgeTests, QuestionBanks
from trainer.library.location import default_library as default_library
from trainer.library.location import locate
from trainer.library.migrate import upgrade
from trainer.library.outcomes import Outcomes
from trainer.library.people import People
from trainer.library.sessions import Sessions


class Library:
    """An open library; see `open_library`.

    Each repository's methods return the frozen records of `trainer.library.records`, may be called from several
    threads, and raise `trainer.errors.PijatError` with one sentence when something cannot be done.

    Attributes
    ----------
    database : Database
        What the repositories share.
    groups, people, consents : Groups, People, ConsentLog
        Who takes part, and what they agreed to.
    facilitators : Facilitators
        Who grades.
    folders, sessions : Folders, Sessions
        Session folders brought in, and what the database knows of them.
    gradings, agreement : Gradings, Agreement
        What facilitators said of sessions, and how far they and the camera agree.
    banks, knowledge : QuestionBanks, KnowledgeTests
        Questions, and the tests that people took of them.
    home_care, outcomes : HomeCareLog, Outcomes
        What is followed after the training.
    passphrase, audit : Passphrase, AuditLog
        Who may come in, and who did what.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.groups = Groups(database)
        self.people = People(database)
        self.consents = ConsentLog(database)
        self.facilitators = Facilitators(database)
        self.folders = Folders(database)
        self.sessions = Sessions(database)
        self.gradings = Gradings(database)
        self.agreement = Agreement(database)
        self.banks = QuestionBanks(database)
        self.knowledge = KnowledgeTests(database)
        self.home_care = HomeCareLog(database)
        self.outcomes = Outcomes(database)
        self.passphrase = Passphrase(database)
        self.audit = AuditLog(database)

    @property
    def root(self) -> Path:
        """The library's folder; session folders below it are named relative to it."""
        return self.database.root

    @property
    def shown(self) -> str:
        """The library in words, without any password."""
        return self.database.shown

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_library(
    url_or_path: str | Path | None = None, *, root: Path | None = None, busy_s: float = BUSY_S
) -> Library:
    """Open a library; one that is not there yet is created, an older one is brought up to date.

    Parameters
    ----------
    url_or_path : str or Path, optional
        A folder, an SQLite file, or the address of a PostgreSQL database; see `trainer.library.location.locate`.
        By default `default_library`.
    root : Path, optional
        The library's folder, where it is not the one that the SQLite file lies in.
    busy_s : float
        How long a change waits for another program's, in seconds.

    Returns
    -------
    Library
        A context manager; `Library.close` lets go of the database.

    Raises
    ------
    PijatError
        When the database cannot be reached, belongs to another program, or was made by a newer Pijat.

    Examples
    --------
    ``library_folder`` is any folder.

    >>> with open_library(library_folder) as library:
    ...     library.people.add(role="trainee").code
    'P-0001'
    """
    location = locate(default_library() if url_or_path is None else url_or_path, root)
    _make_folder(location.root)
    if location.database is not None:
        _make_folder(location.database.parent)
    reader, writer = make_engines(location, busy_s)
    try:
        upgrade(writer, location.shown)
    except (SQLAlchemyError, ConnectionError) as error:
        reader.dispose()
        plain = plain_error(error, location.shown)
        if plain is None:
            raise
        raise plain from error
    except PijatError:
        reader.dispose()
        raise
    return Library(Database(location, reader, writer))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"Perpustakaan tidak dapat disimpan di {folder} ({why.id}): pilih folder lain atau "
                "periksa izinnya.",
                f"Expected to keep the library in {folder}, but could not: {why.en}.",
            ),
            "busy",
        ) from error
