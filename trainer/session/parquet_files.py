"""``thumbs.parquet`` and ``landmarks.parquet``: looked at before they are read, read only as far as they are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.language import Text, both
from trainer.perception.observation import HANDS, Status
from trainer.session.fields import LONGEST_S, plain_words, shown
from trainer.session.files import place_of
from trainer.session.model import LANDMARKS_COLUMNS, LATER_THUMBS_COLUMNS, THUMBS_COLUMNS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_MOST_BYTES = 2**30
"""Of the wanted columns, uncompressed: a file of a few kilobytes may hold gigabytes."""
_MOST_FRAMES = 10**9
_FARTHEST = 1e9
_MOST_KEYPOINTS = 200
_LONGEST_KEYPOINT = 60


@dataclass(frozen=True)
class _Column:
    """What a column holds: whole numbers, numbers or words; `words` None for any short ones."""

    kind: str
    least: float = -_FARTHEST
    most: float = _FARTHEST
    words: Collection[str] | None = None
    nulls: bool = True


_FRAME = _Column("whole", 0, _MOST_FRAMES, nulls=False)
_TIME = _Column("number", 0.0, LONGEST_S, nulls=False)
_THUMBS: Mapping[str, _Column] = {
    "frame": _FRAME,
    "time_s": _TIME,
    "hand": _Column("words", words=HANDS, nulls=False),
    "status": _Column("words", words=[status.value for status in Status], nulls=False),
    "sigma_cm": _Column("number", 0.0),
    "palm_cm": _Column("number", 0.0),
}
_LANDMARKS: Mapping[str, _Column] = {
    "frame": _FRAME,
    "time_s": _TIME,
    "entity": _Column("words", words=("hand_left", "hand_right", "back", "body"), nulls=False),
    "keypoint": _Column("words", nulls=False),
    "score": _Column("number"),
}
_ANY_NUMBER = _Column("number")


def read_thumbs(path: Path) -> pd.DataFrame:
    """Read ``thumbs.parquet``.

    Returns
    -------
    DataFrame
        Columns `THUMBS_COLUMNS`; those of `LATER_THUMBS_COLUMNS` that it lacks are NaN throughout.

    Raises
    ------
    PijatError
        One sentence, when the file is no such table, is too large, lacks a column, or holds something impossible.
    """
    return _read(path, THUMBS_COLUMNS, _THUMBS, 4_000_000, LATER_THUMBS_COLUMNS)


def read_landmarks(path: Path) -> pd.DataFrame:
    """Read ``landmarks.parquet``: columns `LANDMARKS_COLUMNS`; raises PijatError as `read_thumbs`."""
    return _read(path, LANDMARKS_COLUMNS, _LANDMARKS, 24_000_000)


def no_landmarks() -> pd.DataFrame:
    """Return a table of landmarks without rows."""
    import pandas as pd

    return pd.DataFrame(columns=list(LANDMARKS_COLUMNS))


def _read(
    path: Path,
    names: Sequence[str],
    kinds: Mapping[str, _Column],
    most_rows: int,
    later: Collection[str] = (),
) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    place = place_of(path)
    words = [name for name in names if kinds.get(name, _ANY_NUMBER).kind == "words"]
    try:
        # Words as a dictionary: a million times the same long word is then one word.
        with pq.ParquetFile(path, read_dictionary=words) as file:
            found = file.schema_arrow.names
            missing = [name for name in names if name not in found and name not in later]
            if missing:
                got = ", ".join(plain_words(name, 20) for name in found[:20])
                place.fail_file(
                    Text(f"kolom {missing[0]}", f"the column {missing[0]!r}"),
                    both(got) if got else shown(None),
                )
            wanted = [name for name in names if name in found]
            _check_size(path, file.metadata, wanted, most_rows)
            table = file.read(columns=wanted, use_threads=False)
        columns = {
            name: _checked(path, name, table.column(name).combine_chunks(), kinds.get(name, _ANY_NUMBER))
            if name in wanted
            else pa.nulls(table.num_rows, pa.float64())
            for name in names
        }
        # Without what pandas noted of its own in the file: nothing of that is needed, and it may hold anything.
        read: pd.DataFrame = pa.table(columns).to_pandas()
        return read
    except (pa.ArrowException, OSError, ValueError, KeyError):
        place.fail_file(Text("tabel Parquet", "a Parquet table"), Text("isi lain", "something else"))


def _check_size(path: Path, metadata: Any, wanted: Collection[str], most_rows: int) -> None:
    place = place_of(path)
    if metadata.num_rows > most_rows:
        place.fail_file(
            Text(f"paling banyak {most_rows} baris", f"at most {most_rows} rows"),
            both(str(metadata.num_rows)),
        )
    size = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        columns = (group.column(index) for index in range(group.num_columns))
        size += sum(c.total_uncompressed_size for c in columns if c.path_in_schema in wanted)
    if size > _MOST_BYTES:
        place.fail_file(
            Text(f"paling besar {_MOST_BYTES // 2**20} MB", f"at most {_MOST_BYTES // 2**20} MB unpacked"),
            both(f"{size // 2**20} MB"),
        )


def _checked(path: Path, name: str, column: pa.Array, kind: _Column) -> pa.Array:
    """Return a column as it is used here, or refuse it."""
    if kind.kind == "words":
        return _checked_words(path, name, column, kind)
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = kind.kind == "whole"
    numeric = pa.types.is_integer(column.type) or (not whole and pa.types.is_floating(column.type))
    if not numeric and not pa.types.is_null(column.type):  # a table without rows has no types
        _refuse(path, name, Text("bilangan", "numbers"), str(column.type))
    if not pa.types.is_float32(column.type):
        column = column.cast(pa.int64() if whole else pa.float64())
    unknown = pc.is_null(column, nan_is_null=True)
    if not kind.nulls and pc.any(unknown).as_py():
        _refuse(path, name, Text("bilangan di setiap baris", "a number in each row"), None)
    ends = pc.min_max(column.filter(pc.invert(unknown)))
    for end in (ends["min"].as_py(), ends["max"].as_py()):
        if end is not None and not kind.least <= end <= kind.most:
            expected = Text(
                f"bilangan dari {kind.least:g} sampai {kind.most:g}",
                f"numbers from {kind.least:g} to {kind.most:g}",
            )
            _refuse(path, name, expected, end)
    return column


def _checked_words(path: Path, name: str, column: pa.Array, kind: _Column) -> pa.Array:
    import pyarrow as pa

    if pa.types.is_null(column.type) and not len(column):
        return pa.array([], pa.string())
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if not (pa.types.is_string(column.type.value_type) or pa.types.is_large_string(column.type.value_type)):
        _refuse(path, name, Text("kata", "words"), str(column.type))
    used = column.dictionary
    if len(used) > _MOST_KEYPOINTS or used.nbytes > _MOST_KEYPOINTS * 4 * _LONGEST_KEYPOINT * 2:
        _refuse(path, name, Text("beberapa kata pendek", "a few short words"), len(used))
    for word in used.to_pylist():
        allowed = word is not None and (
            len(word) <= _LONGEST_KEYPOINT and word.isprintable()
            if kind.words is None
            else word in kind.words
        )
        if not allowed:
            names = ", ".join(kind.words or ())
            expected = (
                Text(f"salah satu dari {names}", f"one of {names}")
                if names
                else Text("kata pendek", "a short word")
            )
            _refuse(path, name, expected, word)
    if not kind.nulls and column.null_count:
        _refuse(path, name, Text("kata di setiap baris", "a word in each row"), None)
    return column.cast(pa.string())


def _refuse(path: Path, name: str, expected: Text, got: object) -> None:
    place = place_of(path)
    type(place)(place.file, place.folder, name).fail(expected, shown(got))
