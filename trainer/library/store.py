"""The library: opened from a folder or an address, and asked and told everything through one object."""

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from trainer.errors import PijatError
from trainer.library.accounts import Accounts
from trainer.library.agreement import Agreements
from trainer.library.deletion import Deletion
from trainer.library.engine import BUSY_S, make_engines
from trainer.library.faults import ConflictError as ConflictError
from trainer.library.faults import plain_error
from trainer.library.follow_up import FollowUp
from trainer.library.gradings import Gradings
from trainer.library.groups import Groups
from trainer.library.importing import Importing
from trainer.library.knowledge import Knowledge
from trainer.library.location import default_library as default_library
from trainer.library.location import locate
from trainer.library.migrate import upgrade
from trainer.library.people import People
from trainer.library.person_export import PersonExports
from trainer.library.sessions import Sessions


class Library(
    People,
    Groups,
    Importing,
    Sessions,
    Gradings,
    Agreements,
    Knowledge,
    FollowUp,
    Accounts,
    Deletion,
    PersonExports,
):
    """An open library; see `open_library`.

    Its methods return the frozen records of `trainer.library.records`, may be called from several threads, and
    raise `trainer.errors.PijatError` with one sentence when something cannot be done.
    """


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
    >>> with open_library(folder) as library:  # doctest: +SKIP
    ...     library.add_person(role="trainee").code
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
    return Library(location, reader, writer)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PijatError(
            f"Expected to keep the library in {folder}, but could not: {error.strerror or error}."
        ) from error
