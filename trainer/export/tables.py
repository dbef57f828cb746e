"""Tables as text, the way BIDS writes them: tabs, ``n/a`` for none, no exponents."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from trainer.export.source import milliseconds
from trainer.session.model import EVENTS_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

MISSING = "n/a"


def seconds_text(ms: int) -> str:
    """Return whole milliseconds as seconds.

    Examples
    --------
    >>> seconds_text(12045)
    '12.045'
    """
    return f"{ms / 1000:.3f}"


def cell(value: object) -> str:
    """Return a value as a cell: ``n/a`` for none, numbers without exponent and trailing zeros.

    Examples
    --------
    >>> cell(0.5), cell(float("nan")), cell(True), cell("left")
    ('0.5', 'n/a', 'true', 'left')
    """
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if math.isfinite(value) else MISSING
    return str(value).replace("\t", " ").replace("\n", " ") or MISSING


def table_text(header: Sequence[str] | None, rows: Iterable[Sequence[object]]) -> str:
    """Return tab-separated text, with or without a line of column names."""
    lines = [] if header is None else ["\t".join(header)]
    lines += ["\t".join(cell(value) for value in row) for row in rows]
    return "\n".join(lines) + "\n"


def events_text(tables: Sequence["pd.DataFrame"]) -> str:
    """Return events tables as one BIDS events table, in order of onset, times in whole milliseconds."""
    rows: list[tuple[int, int, list[object]]] = []
    for table in tables:
        for row in table.to_dict("records"):
            start = milliseconds(float(row["onset"]))
            length = milliseconds(float(row["onset"]) + float(row["duration"])) - start
            rest = [row.get(name) for name in EVENTS_COLUMNS[2:]]
            rows.append((start, length, [seconds_text(start), seconds_text(length), *rest]))
    rows.sort(key=lambda row: (row[0], [str(value) for value in row[2][3:4]], row[1]))
    return table_text(EVENTS_COLUMNS, (row[2] for row in rows))
