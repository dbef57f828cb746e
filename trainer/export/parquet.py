"""All tables of a session as Parquet, with units on the columns and the provenance in the file's metadata."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.export.source import ExportSource, check_names, json_text, provenance, write_file
from trainer.export.tiers import session_tiers
from trainer.protocol.score import ItemScore
from trainer.session.columns import EVENTS_SIDECAR

if TYPE_CHECKING:
    import pandas as pd

UNITS: dict[str, str] = {
    "time_s": "s",
    "onset_s": "s",
    "end_s": "s",
    "image_x": "px",
    "image_y": "px",
    "x": "px",
    "y": "px",
    "lateral_cm_raw": "cm",
    "caudal_cm_raw": "cm",
    "sigma_cm": "cm",
    "palm_cm": "cm",
    **{name: str(entry["Units"]) for name, entry in EVENTS_SIDECAR.items() if "Units" in entry},
}
"""Unit of each column that has one."""


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write a folder of Parquet tables for each session; return their paths.

    ``thumbs`` holds positions raw (``*_raw``) and filtered; every file's metadata entry ``pijat`` holds the
    provenance as JSON, filter parameters included.
    """
    check_names(sources)
    written = []
    for source in sources:
        for name, table in session_tables(source).items():
            written.append(write_file(out / source.name / f"{name}.parquet", parquet_bytes(table, source)))
    return written


def session_tables(source: ExportSource) -> dict[str, "pd.DataFrame"]:
    """Return every table of the session by name, each with the session's name in the first column."""
    import pandas as pd

    items = source.session.score.items
    tables = {
        "events": pd.concat(list(source.timelines().values()), ignore_index=True),
        "thumbs": source.session.thumbs,
        "landmarks": source.session.landmarks,
        "revolutions": pd.DataFrame(
            [
                (tier.name.split("_")[1], int(mark.text), mark.start_ms / 1000, mark.end_ms / 1000)
                for tier in session_tiers(source)
                if tier.kind == "revolutions"
                for mark in tier.marks
            ],
            columns=["hand", "number", "onset_s", "end_s"],
        ),
        "score_items": pd.DataFrame([_item_row(item) for item in items], columns=list(_ITEM_COLUMNS)),
        "score_measures": pd.DataFrame(
            [
                (item.id, m.name, m.value, m.unit, m.sigma, m.minimum, m.maximum)
                for item in items
                for m in item.measures
            ],
            columns=["item_id", "name", "value", "unit", "sigma", "minimum", "maximum"],
        ),
        "score_evidence": pd.DataFrame(
            [(item.id, e.start_s, e.end_s, e.hand, e.kind) for item in items for e in item.evidence],
            columns=["item_id", "onset_s", "end_s", "hand", "kind"],
        ),
    }
    for name, table in tables.items():
        tables[name] = table.assign(session=source.name)[["session", *table.columns]]
    return tables


def parquet_bytes(table: "pd.DataFrame", source: ExportSource) -> bytes:
    """Return the table as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    fields = [
        field.with_metadata({"unit": UNITS[field.name]}) if field.name in UNITS else field
        for field in arrow.schema
    ]
    metadata = {
        **(arrow.schema.metadata or {}),
        b"pijat": json.dumps(json.loads(json_text(provenance(source)))).encode(),
    }
    buffer = io.BytesIO()
    pq.write_table(arrow.cast(pa.schema(fields, metadata=metadata)), buffer, compression="zstd")
    return buffer.getvalue()


_ITEM_COLUMNS = (
    "item_id",
    "title_id",
    "title_en",
    "observer",
    "verdict",
    "to_be_confirmed",
    "points",
    "max_points",
    "critical",
    "message_id",
    "message_en",
    "source",
)


def _item_row(item: ItemScore) -> tuple[Any, ...]:
    return (
        item.id,
        item.title.id,
        item.title.en,
        item.observer,
        item.verdict.value,
        item.to_be_confirmed,
        item.points,
        item.max_points,
        item.critical,
        item.message.id,
        item.message.en,
        item.source,
    )
