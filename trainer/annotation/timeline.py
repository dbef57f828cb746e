"""A person's file in, a ``human`` timeline beside the predicted one out."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from trainer.annotation.boris import read_boris_project
from trainer.annotation.elan import read_elan
from trainer.annotation.mapping import Imported, LabelMapping, apply_mapping
from trainer.annotation.model import Annotation
from trainer.annotation.table import read_table
from trainer.errors import PijatError
from trainer.export.source import json_text, milliseconds, write_file
from trainer.export.tables import cell, seconds_text, table_text
from trainer.language import Text
from trainer.session.columns import EVENTS_SIDECAR
from trainer.session.model import EVENTS_COLUMNS


def read_annotations(path: Path, observation: str | None = None) -> list[Annotation]:
    """Read a person's marks from ELAN (``.eaf``), BORIS (``.boris``, aggregated events) or a table.

    Raises
    ------
    PijatError
        When the file is missing or of none of these kinds.
    """
    if not path.is_file():
        raise PijatError(
            Text(
                f"Tidak ada berkas anotasi di {path}: periksa namanya.",
                f"Expected an annotation file at {path}, found none.",
            ),
            "missing",
        )
    name = path.name.lower()
    if name.endswith(".eaf"):
        return read_elan(path)
    if name.endswith((".boris", ".boris.gz")):
        return read_boris_project(path, observation)
    if name.endswith((".tsv", ".csv", ".txt")):
        return read_table(path)
    raise PijatError(
        Text(
            f"Pilih berkas .eaf, .boris, .boris.gz, .tsv atau .csv, bukan {path.name}.",
            f"Expected a file ending in .eaf, .boris, .boris.gz, .tsv or .csv, got {path.name}.",
        )
    )


def import_timeline(path: Path, mapping: LabelMapping, observation: str | None = None) -> Imported:
    """Read a person's file and put it into the words of the catalogue."""
    return apply_mapping(read_annotations(path, observation), mapping, path.name)


def write_timeline(
    imported: Imported, target: Path, origin: Path, mapping: LabelMapping, *, overwrite: bool = False
) -> list[Path]:
    """Write the timeline as an events table with a sidecar that says where it comes from; return the paths.

    Raises
    ------
    PijatError
        When the table is there already and may not be replaced.
    """
    if target.exists() and not overwrite:
        raise PijatError(
            Text(
                f"Sudah ada garis waktu di {target}: tambahkan --overwrite untuk menggantinya.",
                f"Expected no timeline at {target} yet, found one: give --overwrite to replace it.",
            ),
            "conflict",
        )
    rows = []
    for entry in imported.events:
        start = milliseconds(entry.event.onset_s)
        length = milliseconds(entry.event.end_s) - start
        known: Mapping[str, str] = {**entry.details, "hand": entry.hand, "source": "human"}
        rest = [known.get(name) for name in EVENTS_COLUMNS[3:]]
        rows.append([seconds_text(start), seconds_text(length), entry.event.label, *map(cell, rest)])
    sidecar = {
        **EVENTS_SIDECAR,
        "Source": {
            "file": origin.name,
            "sha256": hashlib.sha256(origin.read_bytes()).hexdigest(),
            "labels": dict(mapping.labels),
            "tracks": dict(mapping.tracks),
            "ignored": dict(imported.ignored),
        },
    }
    return [
        write_file(target, table_text(EVENTS_COLUMNS, rows)),
        write_file(target.with_suffix(".json"), json_text(sidecar)),
    ]
