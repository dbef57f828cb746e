"""A group's measurements from a table that a facilitator kept in a spreadsheet."""

import csv
import io
import math
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from trainer.cohort.comparison import GroupComparison, compare_groups
from trainer.cohort.outcomes import SCALES, OutcomeKind, OutcomePair, check_value, summarise_pairs
from trainer.errors import PijatError, reason
from trainer.handouts.model import POINTS_OF_100, GroupReport, KnowledgeScores, group_report
from trainer.language import Text, join

MOST_BYTES = 4 * 1024 * 1024
_MISSING = ("", "-", "–", "n/a", "na")
_TEST = "test"
_TEST_NAME = Text("Tes pengetahuan", "Knowledge test")


@dataclass(frozen=True)
class Measurements:
    """One participant's row: values by measure as (before, after), None for missing."""

    code: str
    group: str
    values: dict[str, tuple[float | None, float | None]]


def column_names() -> tuple[str, ...]:
    """Return the columns that a table may have; only ``participant`` must be there."""
    measures = (_TEST, *SCALES)
    return ("participant", "group", *(f"{m}_{phase}" for m in measures for phase in ("before", "after")))


def read_measurements(path: str | Path) -> tuple[Measurements, ...]:
    """Read a table of participants (CSV; comma, semicolon or tab; decimal point or, with ``;``, comma).

    Raises
    ------
    PijatError
        One sentence: no such file, an unknown column, a participant twice, a value that cannot be.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise PijatError(
            Text(
                f"Tabel {file} tidak dapat dibaca ({reason(error).id}): periksa letaknya.",
                f"Expected a table at {file}, got: {error.strerror}.",
            )
        ) from error
    if len(content) > MOST_BYTES:
        raise PijatError(
            Text(
                f"{file.name} terlalu besar: tabel paling banyak {MOST_BYTES // 1024**2} MiB.",
                f"Expected a table of at most {MOST_BYTES // 1024**2} MiB in {file.name}, got more.",
            )
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PijatError(
            Text(
                f"{file.name} bukan teks UTF-8: simpan tabelnya sebagai CSV UTF-8.",
                f"Expected UTF-8 text in {file.name}: save the table as CSV UTF-8.",
            )
        ) from error
    return parse_measurements(text, file.name)


def parse_measurements(text: str, name: str = "the table") -> tuple[Measurements, ...]:
    """Read the text of such a table; `name` is used in complaints."""
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise PijatError(
            Text(
                f"{name} bukan tabel: simpan sebagai CSV UTF-8.",
                f"Expected a table in {name}, got something else ({error}).",
            )
        ) from error
    if not rows:
        raise PijatError(
            Text(
                f"{name} kosong: tabel harus diawali baris judul kolom.",
                f"Expected a heading row in {name}, got an empty file.",
            )
        )
    columns = [cell.strip().lower() for cell in rows[0]]
    known = column_names()
    for column in columns:
        if column not in known:
            raise PijatError(
                Text(
                    f"Kolom {column[:40]} dalam {name} tidak dikenal (yang dikenal {', '.join(known)}): ganti namanya "
                    "atau hapus.",
                    f'Expected the columns {", ".join(known)} in {name}, got "{column[:40]}": '
                    "rename or remove it.",
                )
            )
    if "participant" not in columns or len(set(columns)) < len(columns):
        raise PijatError(
            Text(
                f'Setiap kolom dalam {name} hanya sekali, dan "participant" harus ada.',
                f'Expected each column once and "participant" among them in {name}.',
            )
        )
    found: dict[str, Measurements] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        place = Text(f"{name}, baris {number}: ", f"{name}, row {number}: ")
        if len(row) > len(columns):
            _fail(
                place,
                Text(f"paling banyak {len(columns)} kolom", f"expected {len(columns)} cells, got {len(row)}"),
            )
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        code = cells.get("participant", "")
        if not code:
            _fail(place, Text("kode peserta belum ada", "expected a participant's code, found none"))
        if code in found:
            _fail(
                place,
                Text(
                    f'peserta "{code[:40]}" ada dua kali; cukup sekali',
                    f'expected every participant once, got "{code[:40]}" twice',
                ),
            )
        values = {
            measure: (
                _value(cells, measure, "before", place, delimiter),
                _value(cells, measure, "after", place, delimiter),
            )
            for measure in (_TEST, *SCALES)
            if f"{measure}_before" in columns or f"{measure}_after" in columns
        }
        found[code] = Measurements(code, cells.get("group", ""), values)
    return tuple(found.values())


def report_of_measurements(
    rows: tuple[Measurements, ...], *, name: str, made_at: datetime, description: str = ""
) -> GroupReport:
    """Compute a group's report from such a table; two groups in it are compared with each other."""
    measures = [measure for measure in (_TEST, *SCALES) if any(measure in row.values for row in rows)]
    knowledge = [KnowledgeScores(row.code, *row.values[_TEST]) for row in rows if _TEST in row.values]
    report = group_report(
        name,
        [row.code for row in rows],
        made_at=made_at,
        description=description,
        knowledge=[row for row in knowledge if row.before is not None or row.after is not None],
    )
    outcomes = []
    for kind in SCALES:
        pairs = [OutcomePair(row.code, *row.values[kind]) for row in rows if kind in row.values]
        pairs = [pair for pair in pairs if pair.before is not None or pair.after is not None]
        if pairs:
            outcomes.append(summarise_pairs(kind, sorted(pairs, key=lambda pair: pair.code)))
    groups = sorted({row.group for row in rows if row.group})
    comparisons: list[tuple[Text, GroupComparison]] = []
    if len(groups) == 2:
        first, second = groups
        for measure in measures:
            comparisons += _compared(rows, measure, (first, second))
    return replace(report, outcomes=tuple(outcomes), comparisons=tuple(comparisons))


def _compared(
    rows: tuple[Measurements, ...], measure: str, groups: tuple[str, str]
) -> list[tuple[Text, GroupComparison]]:
    """The values after of two groups, and their gains where there is a before."""
    name = _TEST_NAME if measure == _TEST else SCALES[_kind(measure)].name
    unit = POINTS_OF_100 if measure == _TEST else SCALES[_kind(measure)].unit
    after: dict[str, list[float | None]] = {group: [] for group in groups}
    gains: dict[str, list[float | None]] = {group: [] for group in groups}
    for row in rows:
        if row.group not in groups or measure not in row.values:
            continue
        before, later = row.values[measure]
        after[row.group].append(later)
        gains[row.group].append(later - before if before is not None and later is not None else None)
    found = []
    for what, values in ((Text("sesudah", "after"), after), (Text("selisih", "gain"), gains)):
        if all(any(value is not None for value in values[group]) for group in groups):
            title = join(name, " (", what, ")")
            found.append((title, compare_groups(values[groups[0]], values[groups[1]], groups, unit)))
    return found


def _kind(measure: str) -> OutcomeKind:
    return next(kind for kind in SCALES if kind == measure)


def _value(cells: dict[str, str], measure: str, phase: str, place: Text, delimiter: str) -> float | None:
    column = f"{measure}_{phase}"
    cell = cells.get(column, "")
    if cell.lower() in _MISSING:
        return None
    try:
        value = float(cell.replace(",", ".") if delimiter != "," else cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        _fail(
            place,
            Text(
                f'isi {column} dengan angka atau kosongkan, bukan "{cell[:40]}"',
                f'expected a number or nothing in {column}, got "{cell[:40]}"',
            ),
        )
    if measure == _TEST:
        if not 0 <= value <= 100:
            _fail(
                place,
                Text(
                    f"isi {column} dengan 0 sampai 100 poin, bukan {cell[:40]}",
                    f"expected 0 to 100 points in {column}, got {cell[:40]}",
                ),
            )
        return value
    try:
        return check_value(_kind(measure), value)
    except PijatError as error:
        raise PijatError(join(place, column, ": ", error.text)) from error


def _fail(place: Text, wrong: Text) -> NoReturn:
    raise PijatError(join(place, wrong, "."))
