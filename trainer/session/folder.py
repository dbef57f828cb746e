"""Writes the session folder: all of it or nothing."""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import PijatError, UsageError, reason
from trainer.files import atomic_folder
from trainer.language import Text
from trainer.session.columns import EVENTS_SIDECAR
from trainer.session.meta_file import meta_as_written, meta_document
from trainer.session.model import (
    CONSENT_FILE,
    EVENTS_FILE,
    LANDMARKS_FILE,
    REVOLUTIONS_FILE,
    SCORE_FILE,
    SESSION_FILE,
    THUMBS_FILE,
    Session,
)
from trainer.session.reader import read_meta
from trainer.session.score_file import score_document
from trainer.session.tables import revolutions_frame

if TYPE_CHECKING:
    import pandas as pd

    from trainer.strokes.event import StrokeEvent

_PROVENANCE = ("software_version", "models", "protocol", "parameters")


def check_output(folder: Path, *, overwrite: bool = False) -> None:
    """Refuse early a folder that a session cannot be written to.

    Parameters
    ----------
    folder : Path
        Must be absent or empty; with `overwrite` an older session may lie there.

    Raises
    ------
    UsageError
        When something else lies there, or nothing can be written there.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            Text(
                f"{folder} adalah berkas, bukan folder: pilih tempat lain.",
                f"Expected {folder} to be a folder, got a file: choose another --out.",
            ),
            "conflict",
        )
    if folder.is_dir() and any(folder.iterdir()):
        if not overwrite:
            raise UsageError(
                Text(
                    f"Folder {folder} sudah berisi berkas: pilih folder lain, atau pakai --overwrite.",
                    f"Expected {folder} to be absent or empty, got files in it: choose another --out, or --overwrite.",
                ),
                "conflict",
            )
        if not (folder / SESSION_FILE).is_file():
            raise UsageError(
                Text(
                    f"Isi folder {folder} bukan sesi lama: pilih folder lain.",
                    f"Expected an older session in {folder} to overwrite, got other files: choose another --out.",
                ),
                "conflict",
            )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder.parent):
            pass
    except OSError as error:
        why = reason(error)
        raise UsageError(
            Text(
                f"{folder.parent} tidak dapat ditulis ({why.id}): pilih folder lain.",
                f"Expected to write to {folder.parent}, got: {why.en}: choose another --out.",
            ),
            "busy",
        ) from error


def write_session(
    session: Session,
    events: Sequence[StrokeEvent],
    report_html: str,
    *,
    overwrite: bool = False,
    attachments: Mapping[str, Path] | None = None,
) -> None:
    """Write a session to its folder, atomically: a reader sees the old folder or the whole new one.

    Parameters
    ----------
    session : Session
        With `Session.path` the folder to write.
    events : sequence of StrokeEvent
        The same strokes as ``session.events``, for the onsets of their revolutions.
    report_html : str
        The report.
    overwrite : bool
        Whether an older session there may be replaced; its ``consent.json`` stays where it is of the same video.
    attachments : mapping of str to Path, optional
        Files to lie in the folder too, by name; they may lie in the older session.

    Raises
    ------
    UsageError
        As `check_output`.
    PijatError
        When the disk is full or the folder cannot be written; nothing half-written is left.
    """
    folder = session.path
    check_output(folder, overwrite=overwrite)
    kept = {**_consent_of(session), **(attachments or {})}
    try:
        with atomic_folder(folder, replace=overwrite) as temporary:
            _fill(temporary, session, events, report_html)
            for name, path in kept.items():
                _attach(path, temporary / name)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise PijatError(
                Text(
                    f"Disk penuh: sediakan tempat, lalu simpan lagi {folder}.",
                    f"The disk is full: free some room, then write {folder} again.",
                ),
                "busy",
            ) from error
        why = reason(error)
        raise PijatError(
            Text(
                f"{folder} tidak dapat ditulis ({why.id}): periksa izinnya.",
                f"Could not write {folder}: {why.en}.",
            ),
            "busy",
        ) from error


def _consent_of(session: Session) -> dict[str, Path]:
    """Return the consent of the session that is replaced, where it is the same recording that was analysed anew."""
    path = session.path / CONSENT_FILE
    if not path.is_file() or path.is_symlink():
        return {}
    try:
        before = read_meta(session.path).video.sha256
    except PijatError:
        return {}
    return {CONSENT_FILE: path} if before is not None and before == session.meta.video.sha256 else {}


def _fill(folder: Path, session: Session, events: Sequence[StrokeEvent], report_html: str) -> None:
    from trainer.session.parquet import write_parquet

    meta = meta_document(meta_as_written(session.meta))
    provenance = {name: meta[name] for name in _PROVENANCE}
    _write_json(folder / SESSION_FILE, meta)
    write_parquet(folder / LANDMARKS_FILE, session.landmarks, provenance)
    write_parquet(folder / THUMBS_FILE, session.thumbs, provenance)
    write_tsv(folder / EVENTS_FILE, session.events)
    _write_json(folder / "events.json", EVENTS_SIDECAR)
    write_tsv(folder / REVOLUTIONS_FILE, revolutions_frame(events))
    _write_json(folder / SCORE_FILE, score_document(session.score))
    (folder / "report.html").write_text(report_html, encoding="utf-8")


def _attach(path: Path, place: Path) -> None:
    try:
        place.hardlink_to(path)
    except OSError:  # file systems without links, or across them
        shutil.copy2(path, place)


def write_tsv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as BIDS wants it: tabs, ``n/a`` for none, one line per row."""
    table.to_csv(path, sep="\t", na_rep="n/a", index=False, lineterminator="\n")


def _write_json(path: Path, document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
