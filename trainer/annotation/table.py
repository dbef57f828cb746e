"""Reads tables of events: BIDS events, BORIS's aggregated events, or any with onset, duration and label."""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from trainer.annotation.model import Annotation
from trainer.errors import PijatError
from trainer.language import Text

_START = ("onset", "start (s)", "start", "mulai")
_LENGTH = ("duration", "duration (s)", "durasi")
_END = ("end", "stop (s)", "stop", "selesai")
_LABEL = ("trial_type", "behavior", "label", "gerakan")
_TRACK = ("hand", "subject", "tangan")
_NONE = ("", "n/a", "na", "nan")


def read_table(path: Path) -> list[Annotation]:
    """Read a table of events, tab- or comma-separated, with a line of headings.

    Parameters
    ----------
    path : Path
        Needs a start and a duration or end in seconds, a label, and a hand (or subject). Headings of BIDS, of
        BORIS's aggregated events and their plain words, English and Indonesian, are known.

    Returns
    -------
    list of Annotation
        Every other column is a detail.

    Raises
    ------
    PijatError
        Naming the column that is missing, or the line whose number is none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PijatError(
            Text(
                f"Tabel {path.name} tidak dapat dibaca: periksa letaknya, dan simpan sebagai UTF-8.",
                f"Expected a table in UTF-8 in {path.name}, but could not read it ({error}).",
            )
        ) from error
    first = text.split("\n", 1)[0]
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ","))
    if not rows:
        raise PijatError(
            Text(
                f"{path.name} kosong: tabel harus diawali baris judul kolom.",
                f"Expected a table with a line of headings in {path.name}, got nothing.",
            )
        )
    headings = [heading.strip().lower() for heading in rows[0]]
    start = _column(headings, _START, Text("mulai dalam detik", "a start in seconds"), path)
    label = _column(headings, _LABEL, Text("label", "a label"), path)
    track = _column(headings, _TRACK, Text("tangan", "a hand"), path)
    end = next((headings.index(name) for name in _END if name in headings), None)
    length = (
        end
        if end is not None
        else _column(headings, _LENGTH, Text("lama atau akhir", "a duration or end"), path)
    )
    found = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(headings):
            raise PijatError(
                Text(
                    f"Baris {number} dalam {path.name} harus berisi {len(headings)} kolom, bukan {len(row)}.",
                    f"Expected {len(headings)} cells in line {number} of {path.name}, got {len(row)}.",
                )
            )
        onset = _number(row[start], number, path)
        value = row[length].strip()
        extent = 0.0 if value.lower() in _NONE else _number(value, number, path)
        stop = onset if value.lower() in _NONE else extent if end is not None else onset + extent
        if stop < onset:
            raise PijatError(
                Text(
                    f"Baris {number} dalam {path.name}: akhirnya lebih awal dari mulainya.",
                    f"Expected an end after the start in line {number} of {path.name}, got one before.",
                )
            )
        details = {
            name: cell.strip()
            for i, (name, cell) in enumerate(zip(headings, row, strict=True))
            if i not in (start, length, label, track) and cell.strip().lower() not in _NONE
        }
        found.append(Annotation(onset, stop, row[label].strip(), row[track].strip(), details))
    return found


def _column(headings: Sequence[str], names: Sequence[str], what: Text, path: Path) -> int:
    for name in names:
        if name in headings:
            return headings.index(name)
    raise PijatError(
        Text(
            f"Dalam {path.name} harus ada kolom untuk {what.id} ({', '.join(names)}); yang ada {', '.join(headings)}.",
            f"Expected a column with {what.en} in {path.name} ({', '.join(names)}), got {', '.join(headings)}.",
        )
    )


def _number(text: str, line: int, path: Path) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PijatError(
            Text(
                f"Baris {line} dalam {path.name} harus berisi detik, bukan {text!r}.",
                f"Expected seconds in line {line} of {path.name}, got {text!r}.",
            )
        )
    return value
