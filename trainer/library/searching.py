"""Finding a few letters in names and titles, upper and lower case alike, in either database."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import InstrumentedAttribute

_LONGEST_TERM = 200


def holds(term: str, sqlite: bool, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Return the condition that any of the columns holds `term`; ``%`` and ``_`` in it are letters like others.

    Plain letters are compared by what each database does fast: SQLite without regard to case by itself, PostgreSQL in
    its collation "C". Other letters cost SQLite a question to Python, and PostgreSQL its locale's tables.
    """
    wanted = term.strip()[:_LONGEST_TERM]
    if not wanted.isascii():
        return or_(*(column.icontains(wanted, autoescape=True) for column in columns))
    if sqlite:
        return or_(*(column.contains(wanted, autoescape=True) for column in columns))
    return or_(*(column.collate("C").icontains(wanted, autoescape=True) for column in columns))


def case_blind(column: InstrumentedAttribute[str], sqlite: bool) -> ColumnElement[str]:
    """Return what to order names by, upper and lower case alike."""
    return column.collate("NOCASE") if sqlite else func.lower(column.collate("C"))
