"""Where a library lies: a folder with an SQLite database in it, or a PostgreSQL database and a folder for files."""

import getpass
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import UsageError
from trainer.language import Text
from trainer.resources import home_folder

if TYPE_CHECKING:
    from sqlalchemy import URL

DATABASE_NAME = "library.sqlite3"
LIBRARY_VARIABLE = "PIJAT_LIBRARY"
"""The environment variable that names the library when no ``--library`` does."""
EXPORTS_FOLDER = "exports"
"""Below the library's folder: what is made from its data lies here, is deleted with the person, and never imported."""
_DATABASE_SUFFIXES = (".sqlite3", ".sqlite", ".db")


@dataclass(frozen=True)
class Location:
    """Where a library lies.

    Attributes
    ----------
    url : sqlalchemy.URL
        Of the database; it may hold a password: never show it.
    root : Path
        The library's folder: session folders below it are named relative to it.
    database : Path or None
        The SQLite file; None for PostgreSQL.
    shown : str
        The library in words for people, without any password.
    """

    url: "URL"
    root: Path
    database: Path | None
    shown: str


def default_library() -> str | Path:
    """Return the library to use when nobody names one: `LIBRARY_VARIABLE`, else where practice keeps its sessions."""
    named = os.environ.get(LIBRARY_VARIABLE)
    return named if named else home_folder()


def locate(url_or_path: str | Path, root: Path | None = None) -> Location:
    """Read the name of a library.

    Parameters
    ----------
    url_or_path : str or Path
        A folder (the database is ``library.sqlite3`` in it), an SQLite file, or the URL of a PostgreSQL database,
        ``postgresql://user:password@host/name``; without a password, ``PGPASSWORD`` is taken.
    root : Path, optional
        The library's folder; by default the one that the SQLite file lies in, and with PostgreSQL ``Pijat`` in
        the documents of this user.

    Raises
    ------
    UsageError
        When it is neither.
    """
    if not str(url_or_path).strip() or "\0" in str(url_or_path):
        raise UsageError(
            Text(
                "Tulis folder atau alamat basis data perpustakaan; nama itu tidak dapat dipakai.",
                "Expected a folder or the address of a database as library, got no usable name.",
            )
        )
    if isinstance(url_or_path, str) and "://" in url_or_path:
        return _from_url(url_or_path, root)
    return _from_path(Path(url_or_path), root)


def _from_path(path: Path, root: Path | None) -> Location:
    from sqlalchemy import URL

    folder = path.is_dir() or path.suffix.lower() not in _DATABASE_SUFFIXES
    if folder and path.exists() and not path.is_dir():
        raise UsageError(
            Text(
                f"Perpustakaan {path} harus berupa folder atau basis data, tetapi itu berkas lain: pilih yang "
                "lain.",
                f"Expected the library {path} to be a folder or a database, got another file: choose another.",
            )
        )
    database = (path / DATABASE_NAME if folder else path).absolute()
    url = URL.create("sqlite", database=str(database))
    return Location(url, (root or database.parent).resolve(), database, str(database))


def _from_url(text: str, root: Path | None) -> Location:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    if text.startswith("postgres://"):
        text = text.replace("postgres://", "postgresql://", 1)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise UsageError(
            Text(
                "Tulis alamat seperti postgresql://pengguna@komputer/nama sebagai perpustakaan; yang ini tidak "
                "dapat dibaca.",
                "Expected an address like postgresql://user@host/name as library, got one that cannot be read.",
            )
        ) from None
    kind = url.get_backend_name()
    if kind == "sqlite":
        if not url.database or url.database == ":memory:":
            raise UsageError(
                Text(
                    "Nama berkas belum ada dalam alamat sqlite perpustakaan: tuliskan.",
                    "Expected a file in the sqlite address of the library, got none: name one.",
                )
            )
        return _from_path(Path(url.database), root)
    if kind != "postgresql":
        raise UsageError(
            Text(
                f"Tulis folder, berkas SQLite atau alamat postgresql:// sebagai perpustakaan, bukan {kind}://.",
                f"Expected a folder, an SQLite file or a postgresql:// address as library, got {kind}://.",
            )
        )
    if not url.database:
        raise UsageError(
            Text(
                "Nama basis data belum ada dalam alamat perpustakaan: tambahkan /nama.",
                "Expected the name of a database in the address of the library, got none: add /name to it.",
            )
        )
    url = url.set(drivername="postgresql+pg8000", username=url.username or getpass.getuser())
    if url.password is None and os.environ.get("PGPASSWORD"):
        url = url.set(password=os.environ["PGPASSWORD"])
    shown = f"postgresql://{url.host or 'localhost'}{f':{url.port}' if url.port else ''}/{url.database}"
    return Location(url, (root or home_folder()).resolve(), None, shown)
