"""What a database says when it fails, as one plain sentence that says what to do."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from trainer.errors import PijatError
from trainer.library.records import GradingRecord
from trainer.protocol.ratings import Unfinished


class ConflictError(PijatError):
    """Somebody changed the same thing in between. Nothing was written, and nothing of theirs is lost.

    Attributes
    ----------
    current : GradingRecord
        As it is now: show it, and save again with its version.
    """

    def __init__(self, sentence: str, current: GradingRecord) -> None:
        super().__init__(sentence)
        self.current = current


class UnfinishedError(PijatError):
    """A grading is not whole and cannot be signed.

    Attributes
    ----------
    lacking : Unfinished
        Which items have no grade, and which no reason.
    """

    def __init__(self, sentence: str, lacking: Unfinished) -> None:
        super().__init__(sentence)
        self.lacking = lacking


class NewerLibraryError(PijatError):
    """The library was made by a newer Pijat."""


_SQLITE = (
    ("database is locked", "The library is in use by another program and stayed locked: try again in a moment."),
    ("database table is locked", "The library is in use by another program and stayed locked: try again in a moment."),
    ("full", "The disk is full: free some room, then do it again; nothing was half-written."),
    ("unable to open database", "Expected the library's database at {where}, could not open it: check that its "
     "folder is there and may be written to."),
    ("readonly database", "Expected to write to the library at {where}, but may only read it: check its permissions."),
    ("not a database", "Expected a Pijat library at {where}, got another file: choose another --library."),
    ("malformed", "The library's database at {where} is damaged: restore a backup with `pijat library restore`."),
    ("disk i/o error", "The disk failed while the library at {where} was used: check the disk, then try again."),
)  # fmt: skip
_POSTGRES = {
    "53100": "The database server's disk is full: free some room there, then do it again; nothing was half-written.",
    "55P03": "The library is in use by another program and stayed locked: try again in a moment.",
    "40P01": "Two changes of the library waited for each other: try again.",
    "40001": "Two changes of the library got in each other's way: try again.",
    "57014": "The library took too long to answer: try again in a moment.",
    "28P01": "The database server at {where} did not accept the user or password: check the address of the library.",
    "28000": "The database server at {where} did not accept the user or password: check the address of the library.",
    "3D000": "Expected the database {where}, the server has none of that name: create it, or check the address.",
    "42501": "The user of the library's address may not do this in {where}: ask who runs the database server.",
    "53300": "The database server at {where} has no free connection: try again in a moment.",
    "57P01": "The database server at {where} is being shut down: try again when it is back.",
    "57P03": "The database server at {where} is still starting: try again in a moment.",
}


def plain_error(error: SQLAlchemyError | OSError, where: str) -> PijatError | None:
    """Return what a person can do about a failing database.

    Parameters
    ----------
    error : SQLAlchemyError or OSError
        As raised by a statement or on connecting.
    where : str
        The library, without any password.

    Returns
    -------
    PijatError or None
        None for what is a fault of ours: let it be seen whole.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = str(cause).lower()
    code = _sqlstate(cause)
    if code is not None:
        sentence = _POSTGRES.get(code)
    elif type(cause).__module__.startswith("sqlite3"):
        sentence = next((text for part, text in _SQLITE if part in said), None)
    elif isinstance(cause, OSError) or type(cause).__name__ == "InterfaceError":
        sentence = (
            "The database server at {where} cannot be reached: check that it runs and the network is up."
        )
    else:
        sentence = None
    return None if sentence is None else PijatError(sentence.format(where=where))


def _sqlstate(cause: BaseException) -> str | None:
    told = cause.args[0] if cause.args else None
    return str(told["C"]) if isinstance(told, dict) and "C" in told else None
