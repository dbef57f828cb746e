"""Reads a session folder back, as it was written."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import PijatError
from trainer.language import Text
from trainer.session.model import (
    EVENTS_COLUMNS,
    LANDMARKS_COLUMNS,
    LATER_THUMBS_COLUMNS,
    SESSION_SCHEMA_VERSION,
    THUMBS_COLUMNS,
    Session,
)

if TYPE_CHECKING:
    import pandas as pd

EVENTS_TEXT_COLUMNS = frozenset({"trial_type", "hand", "side", "region", "direction", "source"})
"""The columns of ``events.tsv`` that hold words; all others hold numbers."""


def open_session(path: str | Path) -> Session:
    """Open a session folder.

    Parameters
    ----------
    path : str or Path
        What ``pijat analyze --out`` wrote.

    Returns
    -------
    Session

    Raises
    ------
    PijatError
        When the folder is no session, was written by a newer version, or lacks a file or column.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise PijatError(
            Text(
                f"Tidak ada folder sesi di {folder}: periksa namanya.",
                f"Expected a session folder, found none at {folder}.",
            ),
            "missing",
        )
    if not (folder / "session.json").is_file():
        raise PijatError(
            Text(
                f"{folder} bukan folder sesi: pilih folder yang ditulis pijat analyze.",
                f"Expected session.json in {folder}, found none: give the folder that pijat analyze wrote.",
            )
        )
    meta = _read_json(folder / "session.json")
    version = meta.get("schema_version")
    if not isinstance(version, int) or version > SESSION_SCHEMA_VERSION:
        raise PijatError(
            Text(
                f"Sesi di {folder} ditulis Pijat yang lebih baru ({version!r}): pasang Pijat versi terbaru.",
                f"Expected a session of schema version {SESSION_SCHEMA_VERSION} or older in {folder}, "
                f"got {version!r}: use a newer pijat.",
            )
        )
    return Session(
        path=folder,
        meta=meta,
        landmarks=_read_parquet(folder / "landmarks.parquet", LANDMARKS_COLUMNS),
        thumbs=_read_parquet(folder / "thumbs.parquet", THUMBS_COLUMNS, LATER_THUMBS_COLUMNS),
        events=read_events(folder / "events.tsv"),
        score=_read_json(folder / "score.json"),
    )


def read_events(path: Path) -> "pd.DataFrame":
    """Read a BIDS-style table of events; ``n/a`` becomes NaN.

    Raises
    ------
    PijatError
        When the file is missing or lacks a column of `EVENTS_COLUMNS`.
    """
    import pandas as pd

    if not path.is_file():
        raise PijatError(
            Text(
                f"{path.name} tidak ada dalam {path.parent}: analisis videonya lagi.",
                f"Expected {path.name} in {path.parent}, found none: analyse the video again.",
            ),
            "missing",
        )
    words: dict[str, type] = dict.fromkeys(EVENTS_TEXT_COLUMNS, str)
    try:
        table = pd.read_csv(path, sep="\t", na_values=["n/a"], keep_default_na=False, dtype=words)
    except (ValueError, pd.errors.ParserError) as error:
        raise PijatError(
            Text(
                f"Tabel {path} tidak terbaca: analisis videonya lagi.",
                f"Expected a table of events in {path}, got something else ({error}).",
            )
        ) from error
    _check_columns(path, [str(c) for c in table.columns], EVENTS_COLUMNS)
    try:
        return table.astype(
            {name: object if name in EVENTS_TEXT_COLUMNS else float for name in EVENTS_COLUMNS}
        )
    except ValueError as error:
        raise PijatError(
            Text(
                f"{path} harus berisi angka atau n/a: analisis videonya lagi.",
                f"Expected numbers or n/a in {path}, got something else ({error}).",
            )
        ) from error


def read_revolutions(path: Path) -> "pd.DataFrame":
    """Read ``revolutions.tsv``: ``onset`` of each revolution in seconds, ``event`` (row number), ``hand``.

    Raises
    ------
    PijatError
        When the file is none or lacks a column.
    """
    import pandas as pd

    from trainer.session.tables import REVOLUTIONS_COLUMNS

    try:
        table = pd.read_csv(path, sep="\t", dtype={"hand": str})
    except (ValueError, OSError, pd.errors.ParserError) as error:
        raise PijatError(
            Text(
                f"Tabel {path} tidak terbaca: analisis videonya lagi.",
                f"Expected a table of revolutions in {path}, got something else ({error}).",
            )
        ) from error
    _check_columns(path, [str(c) for c in table.columns], REVOLUTIONS_COLUMNS)
    return table


def _read_parquet(path: Path, columns: tuple[str, ...], later: tuple[str, ...] = ()) -> "pd.DataFrame":
    """Read a table; a column of `later` that it lacks is put in its place, unknown throughout."""
    import pandas as pd
    import pyarrow

    if not path.is_file():
        raise PijatError(
            Text(
                f"{path.name} tidak ada dalam {path.parent}: analisis videonya lagi.",
                f"Expected {path.name} in {path.parent}, found none: analyse the video again.",
            ),
            "missing",
        )
    try:
        table = pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise PijatError(
            Text(
                f"Tabel {path} tidak terbaca: analisis videonya lagi.",
                f"Expected a Parquet table in {path}, got something else ({error}).",
            )
        ) from error
    for name in later:
        if name not in table.columns:
            table.insert(min(columns.index(name), table.shape[1]), name, float("nan"))
    _check_columns(path, [str(c) for c in table.columns], columns)
    return table


def _check_columns(path: Path, found: list[str], expected: tuple[str, ...]) -> None:
    missing = [name for name in expected if name not in found]
    if missing:
        raise PijatError(
            Text(
                f"Kolom {missing[0]!r} tidak ada dalam {path}: analisis videonya lagi.",
                f"Expected the column {missing[0]!r} in {path}, got {', '.join(found)}.",
            )
        )


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise PijatError(
            Text(
                f"{path.name} tidak ada dalam {path.parent}: analisis videonya lagi.",
                f"Expected {path.name} in {path.parent}, found none: analyse the video again.",
            ),
            "missing",
        )
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise PijatError(
            Text(
                f"{path} bukan JSON yang utuh: analisis videonya lagi.",
                f"Expected JSON in {path}, got something else ({error}).",
            )
        ) from error
    if not isinstance(document, dict):
        raise PijatError(
            Text(
                f"{path} bukan JSON yang utuh: analisis videonya lagi.",
                f"Expected a JSON object in {path}, got a {type(document).__name__}.",
            )
        )
    return document
