"""Damaging files as disks, other programs and ill will do: seeded, so that each damage can be had again.

Every function takes the generator and what to damage, and returns the damaged copy; nothing is changed in place.
"""

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_DEEP = 2000
STRANGE_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, -0.0, 1e-320, 1e9, 1e308, -1e308, float("nan"), float("inf"), 2**53 + 1,
    2**64, -(10**40), "", " ", "n/a", "1", "abc", "left", "met", "\0", "\ud800", "\u202eabc", "\x1b[31m", "e\u0301",
    "../../etc/passwd", "<script>alert(1)</script>", "x" * 20_000, "2026-13-45", "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+23:59", [], {}, [[]], [{}], [None], {"id": "a"}, {"id": 1, "en": None}, [1, 2, 3], [0, 1],
    {"": ""}, [["a"], ["a"]], "0" * 64,
)  # fmt: skip
"""Values of every kind, to stand where another was wanted."""
STRANGE_CELLS: tuple[str, ...] = (
    "", " ", "n/a", "nan", "inf", "-inf", "0", "-1", "1e9", "1e308", "1e999", "1_000", "\u0661", "0x10", "1,5", "abc",
    "left", "both", "circular_pressure", '"', '"a', "a\tb", "\0", "\r", "x" * 5000, "=1+1", "\u202e", "9" * 400, "-0",
)  # fmt: skip
"""Cells of every kind for tables of text."""


def damaged_bytes(chance: random.Random, content: bytes) -> bytes:
    """Flip, cut, repeat, blank or put in bytes."""
    data = bytearray(content)
    if not data:
        return bytes(chance.randbytes(chance.randint(1, 100)))
    start = chance.randrange(len(data))
    length = chance.choice((1, 1, 2, 8, 100, len(data)))
    stop = min(len(data), start + length)
    kind = chance.randrange(7)
    if kind == 0:
        data[start] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del data[start:]
    elif kind == 2:
        del data[start:stop]
    elif kind == 3:
        data[start:stop] = bytes(stop - start)
    elif kind == 4:
        data[start:stop] = chance.randbytes(stop - start)
    elif kind == 5:
        data[start:start] = data[start:stop]
    else:
        data += bytes(chance.choice((1, 16, 4096)))
    return bytes(data)


def damaged_document(chance: random.Random, document: Any) -> Any:
    """Replace, remove, rename, double or nest something in a JSON document, one to three times."""
    found = copy.deepcopy(document)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        found = _damaged_once(chance, found)
    return found


def _damaged_once(chance: random.Random, document: Any) -> Any:
    holders = [node for node in _nodes(document) if isinstance(node, dict | list) and node]
    if not holders or chance.random() < 0.02:
        return copy.deepcopy(chance.choice(STRANGE_VALUES))
    holder = chance.choice(holders)
    key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
    kind = chance.randrange(10)
    if kind < 5:
        holder[key] = copy.deepcopy(chance.choice(STRANGE_VALUES))
    elif kind == 5:
        del holder[key]
    elif kind == 6 and isinstance(holder, dict):
        holder[str(chance.choice(STRANGE_VALUES))[:50]] = holder.pop(key)
    elif kind == 6 or kind == 7:
        holder[key] = [holder[key]] * chance.choice((1, 2, 600))
    elif kind == 8:
        holder[key] = copy.deepcopy(chance.choice(list(_nodes(document))))
    else:
        deep: Any = holder[key]
        for _ in range(chance.choice((1, 20))):
            deep = {"a": deep}
        holder[key] = deep
    return document


def _nodes(document: Any) -> list[Any]:
    found, waiting = [], [document]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return found


def document_bytes(chance: random.Random, document: Any) -> bytes:
    """Write a document as JSON, at times in ways that not every reader likes."""
    text = json.dumps(document, ensure_ascii=chance.random() < 0.5)
    kind = chance.randrange(20)
    if kind == 0:
        text = "\ufeff" + text
    elif kind == 1:
        text = "[" * _DEEP + text + "]" * _DEEP
    elif kind == 2:
        text = text.replace(":", ": " + "9" * 5000, 1)
    elif kind == 3:
        return text.encode("utf-16", "surrogatepass")
    return text.encode("utf-8", "surrogatepass")


def damaged_table(chance: random.Random, content: bytes) -> bytes:
    """Change cells, rows or columns of a tab-separated table."""
    rows = [line.split("\t") for line in content.decode().splitlines()]
    for _ in range(chance.choice((1, 1, 2, 5))):
        row = chance.randrange(len(rows))
        if not rows[row]:
            continue
        column = chance.randrange(len(rows[row]))
        kind = chance.randrange(9)
        if kind < 4:
            rows[row][column] = chance.choice(STRANGE_CELLS)
        elif kind == 4:
            del rows[row][column]
        elif kind == 5:
            rows[row].insert(column, chance.choice(STRANGE_CELLS))
        elif kind == 6:
            rows = [[cell for at, cell in enumerate(line) if at != column] for line in rows]
        elif kind == 7:
            rows.insert(row, list(rows[row]))
        else:
            rows[row], rows[0] = rows[0], rows[row]
    return "\n".join("\t".join(row) for row in rows).encode("utf-8", "surrogatepass")


def damaged_columns(chance: random.Random, table: "pa.Table") -> "pa.Table":
    """Change the type, the name or the values of columns of an Arrow table, or its rows."""
    import pyarrow as pa

    for _ in range(chance.choice((1, 1, 2))):
        if not table.num_columns:
            return table
        at = chance.randrange(table.num_columns)
        name = table.column_names[at]
        kind = chance.randrange(6)
        if kind < 3:
            table = table.set_column(at, name, _strange_column(chance, table.column(at).combine_chunks()))
        elif kind == 3:
            table = table.remove_column(at)
        elif kind == 4:
            other = chance.choice((*table.column_names, "", "\u202e", name.upper()))
            table = table.rename_columns([other if i == at else n for i, n in enumerate(table.column_names)])
        else:
            table = chance.choice((table.slice(0, 0), table.slice(0, 1), pa.concat_tables([table, table])))
    return table


def _strange_column(chance: random.Random, column: "pa.Array") -> "pa.Array":
    import pyarrow as pa

    count = len(column)
    whole = tuple(range(count))
    strange: tuple[Callable[[], pa.Array], ...] = (
        lambda: pa.nulls(count),
        lambda: pa.nulls(count, column.type),
        lambda: pa.array(["x"] * count),
        lambda: pa.array([b"\xff"] * count, pa.binary()),
        lambda: pa.array([b"\xff\xfe"] * count, pa.binary()).view(pa.string()),
        lambda: pa.array([True] * count),
        lambda: pa.array([[1, 2]] * count),
        lambda: pa.array([{"a": 1}] * count, pa.struct([("a", pa.int64())])),
        lambda: pa.array(whole, pa.timestamp("us")),
        lambda: pa.array(whole, pa.int64()).cast(pa.decimal128(20, 0)),
        lambda: pa.array([2**64 - 1] * count, pa.uint64()),
        lambda: pa.array([chance.choice((1e308, float("inf"), float("nan"), -1.0))] * count),
        lambda: pa.array([None if chance.random() < 0.3 else 1.5 for _ in whole], pa.float32()),
        lambda: pa.array(["left" if i % 2 else None for i in whole]).dictionary_encode(),
        lambda: pa.array(["y" * 100_000] * count),
        lambda: pa.array([f"k{i}" for i in whole]),
        lambda: column.take(pa.array(chance.sample(whole, count), pa.int64())),
    )
    return chance.choice(strange)()


def damage_folder(chance: random.Random, folder: Path, names: tuple[str, ...]) -> str:
    """Damage one file of a folder in place; return which, and how.

    Parameters
    ----------
    chance : Random
    folder : Path
        A copy that may be spoilt.
    names : tuple of str
        The files to choose from.
    """
    import pyarrow.parquet as pq

    name = chance.choice(names)
    path = folder / name
    content = path.read_bytes()
    if chance.random() < 0.7:
        if path.suffix == ".json":
            document = damaged_document(chance, json.loads(content))
            path.write_bytes(document_bytes(chance, document))
        elif path.suffix == ".tsv":
            path.write_bytes(damaged_table(chance, content))
        else:
            pq.write_table(damaged_columns(chance, pq.read_table(path)), path)
        return f"{name}: inside"
    if chance.random() < 0.5:
        path.write_bytes(damaged_bytes(chance, content))
        return f"{name}: bytes"
    path.unlink()
    way = chance.choice(("gone", "empty", "a folder", "a link to itself", "a link to elsewhere"))
    if way == "empty":
        path.touch()
    elif way == "a folder":
        path.mkdir()
    elif way != "gone":
        path.symlink_to(path.name if way == "a link to itself" else Path(__file__).resolve())
    return f"{name}: {way}"
