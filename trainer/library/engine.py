"""Connections to either database, set up alike: foreign keys hold, writers wait for each other, times are UTC."""

import json
import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from trainer.library.location import Location

BUSY_S = 10.0
"""How long a change waits for another program's, in seconds."""
_WRITES = "pijat_writes"


def make_engines(location: Location, busy_s: float = BUSY_S) -> tuple[Engine, Engine]:
    """Return two engines of one pool of connections: one to read with, one whose transactions may write.

    SQLite lets a transaction that has read become a writer only while nobody else wrote in between; a writer
    therefore takes its lock at its start, and waits there for at most `busy_s` seconds.
    """
    if location.database is not None:
        engine = create_engine(location.url, connect_args={"timeout": busy_s}, json_serializer=_json)

        def set_up_sqlite(connection: Any, _: object) -> None:
            _set_up_sqlite(connection, busy_s)

        event.listen(engine, "connect", set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(location.url, pool_pre_ping=True, json_serializer=_json)

        def set_up(connection: Any, _: object) -> None:
            cursor = connection.cursor()
            cursor.execute(f"SET lock_timeout = {int(busy_s * 1000)}")
            cursor.execute("SET TIME ZONE 'UTC'")
            cursor.close()
            connection.commit()

        event.listen(engine, "connect", set_up)
    return engine, engine.execution_options(**{_WRITES: True})


def _json(value: Any) -> str:
    # As it is written elsewhere: a search for a name must find it here too.
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _set_up_sqlite(connection: Any, busy_s: float) -> None:
    # The driver would begin transactions late and by itself; `_begin_sqlite` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor, busy_s)
    cursor.execute("PRAGMA foreign_keys = ON")
    # NORMAL survives a crash of the program; FULL a loss of power too, and a grading is worth it.
    cursor.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten: a deleted person's name must not stay in the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()
    # LIKE and lower() know only ASCII in SQLite; names hold more than that.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _use_wal(cursor: Any, busy_s: float) -> None:
    # A new file's first change to WAL needs it alone, and SQLite does not wait for that by itself.
    until = time.monotonic() + busy_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
