"""One data set of all sessions of a batch: a summary table and combined Parquet tables."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from trainer.batch.jobs import Job, JobOutcome
from trainer.export.source import ExportSource, open_source, write_file
from trainer.export.tables import cell, table_text
from trainer.files import atomic_file

if TYPE_CHECKING:
    import pyarrow as pa

TABLES: tuple[str, ...] = (
    "events",
    "thumbs",
    "revolutions",
    "score_items",
    "score_measures",
    "score_evidence",
)
"""Tables of the combined data set; ``landmarks``, by far the largest, stay in the session folders."""
SUMMARY_COLUMNS: tuple[str, ...] = (
    "session", "video", "status", "reason", "warnings", "duration_s", "fps", "frames", "calibration_source",
    "protocol", "score_percent", "passed", "items_not_observed", "strokes", "circular_strokes", "turns",
    "seen_left", "seen_right", "key",
)  # fmt: skip
"""Columns of ``summary.tsv``: one row a session, nothing that changes from run to run."""


def collect(jobs: Sequence[Job], outcomes: Sequence[JobOutcome], out: Path) -> list[Path]:
    """Write ``summary.tsv`` and the combined tables; return their paths.

    One session is in memory at a time. Sessions stand in the order of the jobs, whoever did them and when, so
    that the same videos give the same bytes.
    """
    by_key = {outcome.key: outcome for outcome in outcomes}
    rows: list[list[str]] = []
    with _Writers(out / "dataset") as writers:
        for job in jobs:
            outcome = by_key[job.key]
            row: dict[str, Any] = {
                "session": job.name,
                "video": Path(job.video).name,
                "status": outcome.status,
                "reason": outcome.reason,
                "warnings": "; ".join(outcome.warnings),
                "key": job.key,
            }
            if outcome.status == "done":
                source = open_source(job.session)
                row |= _figures(source)
                writers.add(source)
            rows.append([cell(row.get(name)) for name in SUMMARY_COLUMNS])
    return [write_file(out / "summary.tsv", table_text(SUMMARY_COLUMNS, rows)), *writers.paths]


def _figures(source: ExportSource) -> dict[str, Any]:
    meta, score, events = source.session.meta, source.session.score, source.session.events
    thumbs = source.session.thumbs
    seen = (
        thumbs["status"].astype(str).isin(["detected", "tracked"]).groupby(thumbs["hand"].astype(str)).mean()
    )
    circles = events[events["trial_type"] == "circular_pressure"]
    return {
        "duration_s": meta.video.duration_s,
        "fps": meta.video.fps_median,
        "frames": meta.video.frames_read,
        "calibration_source": meta.calibration_source,
        "protocol": meta.protocol.id,
        "score_percent": score.percent,
        "passed": score.passed,
        "items_not_observed": ", ".join(score.not_observed) or None,
        "strokes": len(events),
        "circular_strokes": len(circles),
        "turns": float(circles["cycles"].sum()),
        "seen_left": float(seen.get("left", 0.0)),
        "seen_right": float(seen.get("right", 0.0)),
    }


class _Writers:
    """Grows one Parquet file a table, a session at a time; they appear when all is written, or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, Any] = {}
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def paths(self) -> list[Path]:
        """The files, in the order in which their first session came."""
        return [self._path(name) for name in self._open]

    def add(self, source: ExportSource) -> None:
        """Append a session's tables."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        from trainer.export.parquet import session_tables

        tables = session_tables(source)
        for name in TABLES:
            schema = _schema(name)
            table = pa.Table.from_pandas(tables[name], schema=schema, preserve_index=False)
            if name not in self._open:
                self._folder.mkdir(parents=True, exist_ok=True)
                file = self._stack.enter_context(atomic_file(self._path(name)))
                writer = pq.ParquetWriter(file, schema, compression="zstd")
                self._open[name] = self._stack.enter_context(writer)
            self._open[name].write_table(table)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.parquet"


def _schema(name: str) -> "pa.Schema":
    """Return a table's columns and types: the same for every session, whatever happens to be empty in it."""
    import pyarrow as pa

    from trainer.export.parquet import UNITS
    from trainer.session.columns import EVENTS_SIDECAR
    from trainer.session.model import EVENTS_COLUMNS, THUMBS_COLUMNS

    words = {"hand", "status", *(c for c, d in EVENTS_SIDECAR.items() if "Levels" in d), "region"}
    numbers = {"frame": pa.int64(), "number": pa.int64()}
    columns: dict[str, Sequence[str]] = {
        "events": EVENTS_COLUMNS,
        "thumbs": THUMBS_COLUMNS,
        "revolutions": ("hand", "number", "onset_s", "end_s"),
        "score_items": (
            "item_id", "title_id", "title_en", "observer", "verdict", "to_be_confirmed", "points", "max_points",
            "critical", "message_id", "message_en", "source",
        ),
        "score_measures": ("item_id", "name", "value", "unit", "sigma", "minimum", "maximum"),
        "score_evidence": ("item_id", "onset_s", "end_s", "hand", "kind"),
    }  # fmt: skip
    plain = {
        "item_id", "title_id", "title_en", "observer", "verdict", "message_id", "message_en", "source", "name",
        "unit", "kind", "session",
    } | words  # fmt: skip
    switches = {"to_be_confirmed", "critical"}

    def kind(column: str) -> "pa.DataType":
        if column in plain:
            return pa.string()
        return pa.bool_() if column in switches else numbers.get(column, pa.float64())

    fields = [
        pa.field(column, kind(column), metadata={"unit": UNITS[column]} if column in UNITS else None)
        for column in ("session", *columns[name])
    ]
    return pa.schema(fields)
