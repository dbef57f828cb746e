"""Brings a library's database to the tables that this program knows, and refuses one that a newer program made."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The newest migration in `migrations`."""
_KNOWN = (HEAD,)
# Any number will do as long as it is always the same: two programs that open a new database wait for each other.
_LOCK = 7_420_131


def upgrade(engine: Engine, shown: str) -> bool:
    """Run the migrations that the database lacks, all or none of them.

    Parameters
    ----------
    engine : Engine
        Whose transactions may write.
    shown : str
        The library in words.

    Returns
    -------
    bool
        Whether any was run.

    Raises
    ------
    PijatError
        When the database has a migration that this program does not know.
    PijatError
        When the database holds another program's tables.
    """
    with engine.connect() as connection:
        found = _revision(connection, shown)
    if found == HEAD:
        return False
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if _revision(connection, shown) == HEAD:  # another program was first
            return False
        run_migrations(connection, HEAD)
    return True


def run_migrations(connection: Connection, revision: str) -> None:
    """Run the migrations up to `revision` on a connection in a transaction."""
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def alembic_config() -> "Config":
    """Return the configuration of Alembic: where the migrations lie."""
    from alembic.config import Config

    config = Config()
    # A percent sign in the path would be read as the start of a variable.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _revision(connection: Connection, shown: str) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise PijatError(
                Text(
                    f"Yang ada di {shown} bukan perpustakaan Pijat, melainkan basis data program lain: pilih yang "
                    "lain.",
                    f"Expected a Pijat library at {shown}, got another program's database: choose another.",
                )
            )
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    if not found:
        return None
    if found[0] not in _KNOWN:
        raise PijatError(
            Text(
                f"Perpustakaan {shown} dibuat oleh Pijat yang lebih baru: pasang Pijat terbaru untuk membukanya.",
                f"The library at {shown} was made by a newer Pijat: install the newest one to open it.",
            )
        )
    return str(found[0])
