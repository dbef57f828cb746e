"""``events.tsv`` and ``revolutions.tsv``: read cell by cell, every cell of the right kind and range."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np

from trainer.language import Text, both
from trainer.perception.observation import HANDS
from trainer.session.fields import LONGEST_S, LONGEST_WORD, plain_words, shown
from trainer.session.files import LARGEST_TABLE, place_of, read_bytes, value_of
from trainer.session.model import (
    EVENTS_COLUMNS,
    EVENTS_TEXT_COLUMNS,
    LATER_EVENTS_COLUMNS,
    REVOLUTIONS_COLUMNS,
)
from trainer.strokes.event import Direction, Side, StrokeType

if TYPE_CHECKING:
    import pandas as pd

_MOST_COLUMNS = 200
_MOST_EVENTS = 100_000
_MOST_REVOLUTIONS = 1_000_000
_EARLIEST_S = -3600.0
"""A person's timeline may begin before the first frame."""
_NOT_KNOWN = "n/a"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_ANYWHERE_CM = (-10_000.0, 10_000.0)
_RANGES: Mapping[str, tuple[float, float]] = {
    "onset": (_EARLIEST_S, LONGEST_S),
    "duration": (0.0, LONGEST_S),
    "lateral_cm": _ANYWHERE_CM,
    "caudal_cm": _ANYWHERE_CM,
    "cycles": (0.0, 1e6),
    "rate_hz": (0.0, 1000.0),
    "radius_cm": (0.0, 1000.0),
    "length_cm": (0.0, 10_000.0),
    "speed_cm_s": (0.0, 10_000.0),
    "confidence": (0.0, 1.0),
    "observed": (0.0, 1.0),
    "travel_cm": _ANYWHERE_CM,
}
_WORDS: Mapping[str, Sequence[str]] = {
    "trial_type": [kind.value for kind in StrokeType],
    "hand": HANDS,
    "side": get_args(Side),
    "direction": get_args(Direction),
    "source": ("predicted", "human"),
}
_NEEDED = frozenset({"onset", "duration", "trial_type", "hand", "event"})


def read_events(path: Path) -> pd.DataFrame:
    """Read a BIDS-style table of events.

    Parameters
    ----------
    path : Path
        Tab-separated, with the columns `EVENTS_COLUMNS` (those of older versions may lack `LATER_EVENTS_COLUMNS`);
        others are left out.

    Returns
    -------
    DataFrame
        Columns `EVENTS_COLUMNS`; words as objects, numbers as float64; NaN for n/a.

    Raises
    ------
    PijatError
        One sentence naming the column and row, when the file is missing or too large, lacks a column, or holds
        something impossible.
    """
    import pandas as pd

    columns = _read(path, EVENTS_COLUMNS, _MOST_EVENTS, LATER_EVENTS_COLUMNS)
    table = {
        name: pd.Series(
            _words(path, name, cells) if name in EVENTS_TEXT_COLUMNS else _numbers(path, name, cells),
            dtype=object if name in EVENTS_TEXT_COLUMNS else float,
        )
        for name, cells in columns.items()
    }
    return pd.DataFrame(table, columns=list(EVENTS_COLUMNS))


def read_revolutions(path: Path, events: int | None = None) -> pd.DataFrame:
    """Read ``revolutions.tsv``.

    Parameters
    ----------
    path : Path
        Tab-separated, with the columns `REVOLUTIONS_COLUMNS`.
    events : int, optional
        Rows of ``events.tsv``; the revolutions must be of these.

    Returns
    -------
    DataFrame
        ``onset`` of each revolution in seconds, ``event`` (row number), ``hand``.

    Raises
    ------
    PijatError
        As `read_events`.
    """
    import pandas as pd

    columns = _read(path, REVOLUTIONS_COLUMNS, _MOST_REVOLUTIONS)
    last = _MOST_EVENTS if events is None else events - 1
    numbers = [_integer(path, "event", row, cell, last) for row, cell in enumerate(columns["event"], start=1)]
    return pd.DataFrame(
        {
            "onset": np.array(_numbers(path, "onset", columns["onset"]), dtype=np.float64),
            "event": np.array(numbers, dtype=np.int64),
            "hand": pd.Series(_words(path, "hand", columns["hand"]), dtype=object),
        }
    )


def _read(
    path: Path, names: Sequence[str], most_rows: int, later: Sequence[str] = ()
) -> dict[str, list[str]]:
    """Return the cells of the named columns as text; a column of `later` that is not there is not known."""
    place, content = place_of(path), read_bytes(path, LARGEST_TABLE)
    table = Text("tabel (teks dipisah tab)", "a table of tab-separated text")
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), dialect="excel-tab")
        header = next(lines, [])
        missing = [name for name in names if name not in header and name not in later]
        if missing or len(header) > _MOST_COLUMNS:
            wanted = missing[0] if missing else names[0]
            got = ", ".join(plain_words(cell, 20) for cell in header[:20])
            place.fail_file(
                Text(f"kolom {wanted}", f"the column {wanted!r}"), both(got) if got else shown(None)
            )
        at = {name: header.index(name) for name in names if name in header}
        cells: dict[str, list[str]] = {name: [] for name in names}
        for number, row in enumerate(lines, start=1):
            if len(row) != len(header):
                value_of(len(row), path, "", number).fail(Text(f"{len(header)} sel", f"{len(header)} cells"))
            if number > most_rows:
                place.fail_file(
                    Text(f"paling banyak {most_rows} baris", f"at most {most_rows} rows"),
                    Text("lebih", "more"),
                )
            for name, column in cells.items():
                column.append(row[at[name]] if name in at else _NOT_KNOWN)
    except (UnicodeDecodeError, csv.Error):
        place.fail_file(table, Text("isi lain", "something else"))
    return cells


def _numbers(path: Path, name: str, cells: Sequence[str]) -> list[float]:
    least, most = _RANGES[name]
    found = []
    for row, cell in enumerate(cells, start=1):
        if cell == _NOT_KNOWN and name not in _NEEDED:
            found.append(math.nan)
            continue
        known = len(cell) <= LONGEST_WORD and _NUMBER.fullmatch(cell)
        found.append(value_of(float(cell) if known else cell, path, name, row).number(least, most))
    return found


def _words(path: Path, name: str, cells: Sequence[str]) -> list[str | float]:
    found: list[str | float] = []
    for row, cell in enumerate(cells, start=1):
        if cell == _NOT_KNOWN and name not in _NEEDED:
            found.append(math.nan)
            continue
        value = value_of(cell, path, name, row)
        found.append(value.choice(_WORDS[name]) if name in _WORDS else value.word())
    return found


def _integer(path: Path, name: str, row: int, cell: str, most: int) -> int:
    known = cell.isascii() and cell.isdecimal() and len(cell) < 12
    return value_of(int(cell) if known else cell, path, name, row).whole(0, most)
