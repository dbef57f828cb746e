"""Every table as CSV or as an Excel workbook, safe to open in a spreadsheet.

A spreadsheet runs what begins with ``=``, ``+``, ``-`` or ``@`` as a formula, so that somebody's name could read
other files or call a web page. Such texts get an apostrophe in front, which a spreadsheet shows as text. Numbers stay
numbers.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import PijatError, reason
from trainer.files import write_atomically
from trainer.language import Text

if TYPE_CHECKING:
    import pandas as pd

Cell = str | float | int | bool | date | datetime | None

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_000
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def defused(value: object) -> Cell:
    r"""Return a value that no spreadsheet runs.

    Text that a formula could begin with (after any spaces) gets an apostrophe in front; control characters
    become the replacement character; NaN and None become an empty cell.

    Examples
    --------
    >>> defused("=1+1")
    "'=1+1"
    >>> defused(-3.5), defused(float("nan"))
    (-3.5, None)
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    item = getattr(value, "item", None)
    if callable(item):  # a number of NumPy or pandas
        return defused(item())
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(value))
    if text in ("NaT", "<NA>"):
        return None
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - 1] + "…"
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_STARTS) else text


def table_to_csv(table: "pd.DataFrame") -> str:
    """Return a table as CSV text: a heading row, commas, every text in quotes, decimal points."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_text(defused(str(name))) for name in table.columns])
    for row in _rows(table):
        writer.writerow(["" if cell is None else _text(cell) for cell in row])
    return stream.getvalue()


def write_csv(table: "pd.DataFrame", path: str | Path) -> None:
    """Write a table as CSV, with the mark by which Excel knows UTF-8; the file is whole or not there.

    Raises
    ------
    PijatError
        When the file cannot be written.
    """
    _write(Path(path), table_to_csv(table).encode("utf-8-sig"))


def tables_to_xlsx_bytes(tables: "Mapping[str, pd.DataFrame]") -> bytes:
    """Return an Excel workbook: a sheet per table, its heading row bold and kept in view, no formulas.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name of the sheet; names are cut to what Excel allows and made different from each other.

    Raises
    ------
    PijatError
        When there is no table.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    if not tables:
        raise PijatError(
            Text(
                "Belum ada tabel untuk buku kerja: pilih sedikitnya satu.",
                "Expected at least one table for a workbook, got none.",
            )
        )
    book = Workbook(write_only=True)
    bold, fill = Font(bold=True), PatternFill("solid", fgColor="E3EFEC")
    names: list[str] = []
    for name, table in tables.items():
        names.append(_sheet_name(name, names))
        sheet = book.create_sheet(names[-1])
        sheet.freeze_panes = "A2"
        headings = [_text(defused(str(column))) for column in table.columns]
        for index, heading in enumerate(headings):
            sheet.column_dimensions[_letters(index)].width = min(40, max(10, len(str(heading)) * 0.9 + 2))

        def cell(value: Cell, heading: bool = False, sheet: Any = sheet) -> Any:
            made = WriteOnlyCell(sheet, value)
            if isinstance(value, str):
                made.data_type = "s"
            if heading:
                made.font, made.fill = bold, fill
                made.alignment = Alignment(wrap_text=True, vertical="top")
            return made

        sheet.append([cell(heading, heading=True) for heading in headings])
        for row in _rows(table):
            sheet.append([cell(value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def tables_to_xlsx(tables: "Mapping[str, pd.DataFrame]", path: str | Path) -> None:
    """Write an Excel workbook (see `tables_to_xlsx_bytes`); the file is whole or not there."""
    _write(Path(path), tables_to_xlsx_bytes(tables))


def _rows(table: "pd.DataFrame") -> Iterable[Sequence[Cell]]:
    for row in table.itertuples(index=False, name=None):
        yield [defused(value) for value in row]


def _text(cell: Cell) -> str | float | int:
    """Dates as ISO text; numbers as they are, which the writer leaves without quotes."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell if isinstance(cell, str | float | int) else str(cell)


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    base = _SHEET_NAME.sub(" ", name).strip().strip("'")[:31] or "Tabel"
    used = {other.casefold() for other in taken}
    chosen, count = base, 2
    while chosen.casefold() in used:
        tail = f" ({count})"
        chosen, count = base[: 31 - len(tail)] + tail, count + 1
    return chosen


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _write(path: Path, content: bytes) -> None:
    try:
        write_atomically(path, content)
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"{path} tidak dapat ditulis ({why.id}): pilih tempat lain.",
                f"Expected to be able to write {path}, got {why.en}: choose another place.",
            ),
            "busy",
        ) from error
