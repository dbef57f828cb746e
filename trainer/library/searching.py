"""Finding a few letters in names and titles, upper and lower case alike, in either database."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import InstrumentedAttribute

_LONGEST_TERM = 200


def holds(term: str, sqlite: bool, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Return the condition that any of the columns holds `term`; ``%`` and ``_`` in it are letters like others.

    SQLite compares plain letters without regard to case by itself, and fast; for others it asks Python.
    """
    wanted = term.strip()[:_LONGEST_TERM]
    if sqlite and wanted.isascii():
        return or_(*(column.contains(wanted, autoescape=True) for column in columns))
    return or_(*(column.icontains(wanted, autoescape=True) for column in columns))


def case_blind(column: InstrumentedAttribute[str], sqlite: bool) -> ColumnElement[str]:
    """Return what to order names by, upper and lower case alike."""
    return column.collate("NOCASE") if sqlite else func.lower(column)
