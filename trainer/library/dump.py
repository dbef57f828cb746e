"""Rows as JSON documents and back: the same from either database."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, Float, Integer, Table, insert, select
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library.column_types import UtcDateTime
from trainer.library.tables import Base

TABLES: tuple[Table, ...] = tuple(Base.metadata.sorted_tables)
"""All tables, each after those that it refers to."""


def table_rows(db: Session, table: Table) -> Iterator[dict[str, Any]]:
    """Return the rows of a table as JSON documents, by their key."""
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=1000)
    for row in db.execute(query).mappings():
        yield row_document(row)


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows of the same columns."""
    if not rows:
        return
    statement = insert(table)
    if connection.dialect.name == "postgresql":
        # Asked to return something, SQLAlchemy sends many rows a statement; the driver alone sends each by itself.
        connection.execute(statement.returning(*table.primary_key.columns), rows)
    else:
        connection.execute(statement, rows)


def row_document(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row as a JSON document; times and days are ISO 8601."""
    return {str(name): _plain(value) for name, value in row.items()}


def row_values(table: Table, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a row that `row_document` made.

    Raises
    ------
    PijatError
        When a column is lacking, unknown, or of another type.
    """
    if set(document) != {column.name for column in table.columns}:
        raise PijatError(
            Text(
                f"Kolom tabel {table.name} pada cadangan ini lain: cadangannya rusak, pakai yang lain.",
                f"Expected the columns of {table.name} in the backup, got others: it is damaged.",
            )
        )
    values: dict[str, Any] = {}
    for column in table.columns:
        value = document[column.name]
        if value is None and not column.nullable:
            raise PijatError(
                Text(
                    f"Nilai {column.name} dalam tabel {table.name} tidak ada pada cadangan ini: cadangannya rusak, "
                    "pakai yang lain.",
                    f"Expected a value for {column.name} of {table.name} in the backup, got none.",
                )
            )
        values[column.name] = None if value is None else _value(table, column.name, column.type, value)
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _value(table: Table, name: str, kind: Any, value: Any) -> Any:
    wrong = PijatError(
        Text(
            f"Nilai {name} dalam tabel {table.name} pada cadangan ini salah: cadangannya rusak, pakai yang "
            "lain.",
            f"Expected another kind of value for {name} of {table.name} in the backup: it is damaged.",
        )
    )
    try:
        if isinstance(kind, UtcDateTime):
            return dt.datetime.fromisoformat(value)
        if isinstance(kind, Date):
            return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise wrong from error
    if isinstance(kind, JSON):
        return value
    if isinstance(kind, Boolean):
        wanted: tuple[type, ...] = (bool,)
    elif isinstance(kind, Integer):
        wanted = (int,)
    elif isinstance(kind, Float):
        wanted = (int, float)
    else:
        wanted = (str,)
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise wrong
    return value
