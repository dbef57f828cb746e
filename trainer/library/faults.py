"""What a database says when it fails, as one plain sentence that says what to do."""

from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library.records import GradingRecord
from trainer.protocol.ratings import Unfinished


class ConflictError(PijatError):
    """Somebody changed the same thing in between. Nothing was written, and nothing of theirs is lost.

    Attributes
    ----------
    current : GradingRecord
        As it is now: show it, and save again with its version.
    """

    def __init__(self, text: Text, current: GradingRecord) -> None:
        super().__init__(text, "conflict")
        self.current = current


class UnfinishedError(PijatError):
    """A grading is not whole and cannot be signed.

    Attributes
    ----------
    lacking : Unfinished
        Which items have no grade, and which no reason.
    """

    def __init__(self, text: Text, lacking: Unfinished) -> None:
        super().__init__(text)
        self.lacking = lacking


_LOCKED = Text(
    "Perpustakaan sedang dipakai program lain: coba lagi sebentar lagi.",
    "The library is in use by another program and stayed locked: try again in a moment.",
)
_NOT_LET_IN = Text(
    "Server basis data {where} menolak nama pengguna atau kata sandinya: periksa alamat perpustakaan.",
    "The database server at {where} did not accept the user or password: check the address of the library.",
)
_UNREACHABLE = Text(
    "Server basis data {where} tidak terjangkau: periksa apakah ia berjalan dan jaringannya hidup.",
    "The database server at {where} cannot be reached: check that it runs and the network is up.",
)
_SQLITE: tuple[tuple[str, Text], ...] = (
    ("database is locked", _LOCKED),
    ("database table is locked", _LOCKED),
    (
        "full",
        Text(
            "Disk penuh: sediakan tempat, lalu ulangi; tidak ada yang tersimpan setengah.",
            "The disk is full: free some room, then do it again; nothing was half-written.",
        ),
    ),
    (
        "unable to open database",
        Text(
            "Basis data perpustakaan {where} tidak dapat dibuka: periksa apakah foldernya ada dan boleh ditulisi.",
            "Expected the library's database at {where}, could not open it: check that its folder is there and "
            "may be written to.",
        ),
    ),
    (
        "readonly database",
        Text(
            "Perpustakaan {where} hanya boleh dibaca: periksa izin foldernya.",
            "Expected to write to the library at {where}, but may only read it: check its permissions.",
        ),
    ),
    (
        "not a database",
        Text(
            "Yang ada di {where} bukan perpustakaan Pijat: pilih perpustakaan lain.",
            "Expected a Pijat library at {where}, got another file: choose another --library.",
        ),
    ),
    (
        "malformed",
        Text(
            "Basis data perpustakaan {where} rusak: pulihkan dari cadangan dengan `pijat library restore`.",
            "The library's database at {where} is damaged: restore a backup with `pijat library restore`.",
        ),
    ),
    (
        "disk i/o error",
        Text(
            "Disk bermasalah saat perpustakaan {where} dipakai: periksa disknya, lalu coba lagi.",
            "The disk failed while the library at {where} was used: check the disk, then try again.",
        ),
    ),
)
_POSTGRES: Mapping[str, Text] = {
    "53100": Text(
        "Disk server basis data penuh: sediakan tempat di sana, lalu ulangi; tidak ada yang tersimpan setengah.",
        "The database server's disk is full: free some room there, then do it again; nothing was half-written.",
    ),
    "55P03": _LOCKED,
    "40P01": Text(
        "Dua perubahan perpustakaan saling menunggu: coba lagi.",
        "Two changes of the library waited for each other: try again.",
    ),
    "40001": Text(
        "Dua perubahan perpustakaan bertabrakan: coba lagi.",
        "Two changes of the library got in each other's way: try again.",
    ),
    "57014": Text(
        "Perpustakaan terlalu lama menjawab: coba lagi sebentar lagi.",
        "The library took too long to answer: try again in a moment.",
    ),
    "28P01": _NOT_LET_IN,
    "28000": _NOT_LET_IN,
    "3D000": Text(
        "Basis data {where} tidak ada di servernya: buat dahulu, atau periksa alamatnya.",
        "Expected the database {where}, the server has none of that name: create it, or check the address.",
    ),
    "42501": Text(
        "Pengguna dalam alamat perpustakaan tidak boleh melakukan ini di {where}: tanyakan kepada pengelola server.",
        "The user of the library's address may not do this in {where}: ask who runs the database server.",
    ),
    "53300": Text(
        "Server basis data {where} sedang penuh sambungan: coba lagi sebentar lagi.",
        "The database server at {where} has no free connection: try again in a moment.",
    ),
    "57P01": Text(
        "Server basis data {where} sedang dimatikan: coba lagi bila sudah hidup.",
        "The database server at {where} is being shut down: try again when it is back.",
    ),
    "57P03": Text(
        "Server basis data {where} masih dinyalakan: coba lagi sebentar lagi.",
        "The database server at {where} is still starting: try again in a moment.",
    ),
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
        Of the kind ``busy``; None for what is a fault of ours: let it be seen whole.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = str(cause).lower()
    code = _sqlstate(cause)
    text: Text | None
    if code is not None:
        text = _POSTGRES.get(code)
    elif type(cause).__module__.startswith("sqlite3"):
        text = next((told for part, told in _SQLITE if part in said), None)
    elif isinstance(cause, OSError) or type(cause).__name__ == "InterfaceError":
        text = _UNREACHABLE
    else:
        text = None
    return None if text is None else PijatError(text.fill(where=where), "busy")


def _sqlstate(cause: BaseException) -> str | None:
    told = cause.args[0] if cause.args else None
    return str(told["C"]) if isinstance(told, dict) and "C" in told else None
