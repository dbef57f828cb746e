"""Parquet tables that carry their provenance and are the same bytes for the same content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

METADATA_KEY = b"pijat"


def write_parquet(path: Path, table: pd.DataFrame, provenance: Mapping[str, Any]) -> None:
    """Write a table; `provenance` goes into the file's metadata under ``pijat`` as JSON."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = pa.Table.from_pandas(table, preserve_index=False)
    fields = []
    for field in content.schema:
        # Words are stored as plain strings, so that every reader sees the same type however they were held here.
        word = pa.types.is_dictionary(field.type) or pa.types.is_large_string(field.type)
        fields.append(pa.field(field.name, pa.string()) if word else field)
    metadata = {METADATA_KEY: json.dumps(provenance, sort_keys=True, ensure_ascii=False).encode()}
    pq.write_table(
        content.cast(pa.schema(fields)).replace_schema_metadata(metadata), path, compression="zstd"
    )
