"""Deleting a person wholly: rows, session folders, what was made from them; and a search that nothing is left."""

import os
import shutil
from pathlib import Path

from sqlalchemy import NullPool, create_engine, delete, func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from trainer.errors import PijatError, reason
from trainer.language import Text
from trainer.library import messages
from trainer.library.clean_text import title_text
from trainer.library.collected import delete_collected
from trainer.library.database import UNNAMED_ACTOR, Database, record_audit, utc_now
from trainer.library.digest import VIDEO_SUFFIXES, folder_files, manifest_digest
from trainer.library.location import EXPORTS_FOLDER as EXPORTS_FOLDER
from trainer.library.records import DeletionReceipt
from trainer.library.tables import (
    Audit,
    Base,
    Consent,
    Facilitator,
    Grade,
    Grading,
    HomeCare,
    MeasureRow,
    OutcomeRow,
    Person,
    SessionFile,
    SessionRow,
    TestSitting,
    VerdictRow,
)
from trainer.library.traces import Traces, database_traces, file_traces
from trainer.session.model import SESSION_FILE

_SESSION_TABLES = (SessionFile, VerdictRow, MeasureRow)
_PERSON_TABLES = (Consent, TestSitting, HomeCare, OutcomeRow)


def delete_person(database: Database, person_id: int, actor: str = UNNAMED_ACTOR) -> DeletionReceipt:
    """Delete a person: every row, every session folder, and what was made or collected from them.

    Files go first: when one cannot be deleted, the rows that say where it lies are still there, and the deletion
    can be done again. The audit keeps one line that names nobody. Backups are not touched: delete those that
    hold the person, or make new ones.

    Parameters
    ----------
    database : Database
        The library's.
    person_id : int
        Whom.
    actor : str
        Who deletes, for the audit.

    Returns
    -------
    DeletionReceipt
        What was deleted, and what a search of the database and of the library's folder found afterwards.

    Raises
    ------
    PijatError
        When there is no such person, or a folder cannot be deleted; then no row was deleted either.
    """
    with database.reading() as db:
        person = db.get(Person, person_id)
        if person is None:
            raise messages.unknown(messages.PERSON, person_id)
        rows = db.scalars(select(SessionRow).where(SessionRow.person_id == person_id)).all()
        everybody = [database.folder_path(folder) for folder in db.scalars(select(SessionRow.folder))]
        traces = Traces.of(person, rows, _other_names(db, person_id))
    own = [database.folder_path(row.folder) for row in rows]
    others = {folder for folder in everybody if folder not in own}
    pictures_left = delete_collected(own)
    folders, left = _delete_folders(database.root, own, others)
    exports = _delete_exports(database.root, traces)
    counts = _delete_rows(database, person_id, [row.id for row in rows], traces, actor)
    left += pictures_left + _forget(database)
    with database.reading() as db:
        told = database_traces(db, traces)
    left += told + file_traces(database.root, database.location.database, traces, deleted_rows=not told)
    return DeletionReceipt(utc_now(), counts, tuple(folders), tuple(exports), tuple(left))


def delete_video(database: Database, session_id: int, actor: str = UNNAMED_ACTOR) -> tuple[Path, ...]:
    """Delete the videos of a session; what was measured stays, and the folder's digest is taken anew.

    Returns
    -------
    tuple of Path
        What was deleted.

    Raises
    ------
    PijatError
        When there is no such session, its folder is not as it was imported, or a file cannot be deleted.
    """
    with database.writing() as db:
        row = db.get(SessionRow, session_id)
        if row is None:
            raise messages.unknown(messages.SESSION, session_id)
        folder = database.folder_path(row.folder)
        if not (folder / SESSION_FILE).is_file() or manifest_digest(folder_files(folder)) != row.digest:
            raise PijatError(
                Text(
                    "Folder sesi hilang atau berubah: impor lagi dahulu.",
                    "The session's folder is missing or was changed: import it again first.",
                ),
                "conflict",
            )
        names = db.scalars(select(SessionFile.name).where(SessionFile.session_id == session_id)).all()
        videos = [folder / name for name in names if name.lower().endswith(VIDEO_SUFFIXES)]
        for video in videos:
            _unlink(video)
        files = folder_files(folder)
        db.execute(delete(SessionFile).where(SessionFile.session_id == session_id))
        db.add_all(
            SessionFile(session_id=session_id, name=file.name, sha256=file.sha256, bytes=file.bytes)
            for file in files
        )
        row.digest, row.has_video, row.checked_at = manifest_digest(files), False, utc_now()
        record_audit(db, actor, "delete video", f"session:{session_id}", files=len(videos))
    return tuple(videos)


def _delete_folders(root: Path, own: list[Path], others: set[Path]) -> tuple[list[Path], list[Text]]:
    deleted: list[Path] = []
    left: list[Text] = []
    for folder in own:
        if not folder.exists():
            left.append(
                Text(
                    f"Folder sesi {folder} tidak ada: bila dipindah, hapus di tempatnya sekarang.",
                    f"The session folder {folder} is not there: if it was moved, delete it where it is now.",
                )
            )
            continue
        inside = [other for other in others if other.is_relative_to(folder)]
        if not (folder / SESSION_FILE).is_file() or folder.is_symlink():
            left.append(
                Text(
                    f"Folder {folder} bukan sesi lagi: lihat isinya, lalu hapus sendiri.",
                    f"The folder {folder} is no session any more: look at it and delete it by hand.",
                )
            )
        elif inside or root.is_relative_to(folder) or Path.home().is_relative_to(folder.resolve()):
            left.append(
                Text(
                    f"Folder {folder} berisi lebih dari sesi ini: pindahkan yang lain, lalu hapus sendiri.",
                    f"The folder {folder} holds more than this session: move that, then delete it by hand.",
                )
            )
        else:
            _remove_tree(folder)
            deleted.append(folder)
            _remove_empty_parents(root, folder)
    return deleted, left


def _remove_empty_parents(root: Path, folder: Path) -> None:
    """Delete the folders that held only this session; their names may tell whose it was."""
    for parent in folder.parents:
        if parent == root or not parent.is_relative_to(root) or any(parent.iterdir()):
            return
        parent.rmdir()


def _delete_exports(root: Path, traces: Traces) -> list[Path]:
    top = root / EXPORTS_FOLDER
    deleted: list[Path] = []
    for parent, folders, files in os.walk(top):
        here = Path(parent)
        for name in [name for name in folders if traces.in_text(name)]:
            _remove_tree(here / name)
            folders.remove(name)
            deleted.append(here / name)
        for name in files:
            if traces.in_file(here / name):
                _unlink(here / name)
                deleted.append(here / name)
    return deleted


def _delete_rows(
    database: Database, person_id: int, session_ids: list[int], traces: Traces, actor: str
) -> dict[str, int]:
    counts: dict[str, int] = {}
    with database.writing() as db:
        person = db.get(Person, person_id, with_for_update=True)
        now = db.scalars(select(SessionRow.id).where(SessionRow.person_id == person_id)).all()
        if person is None or set(now) != set(session_ids):
            raise PijatError(
                Text(
                    "Sesi-sesi peserta ini berubah sementara itu: hapus lagi pesertanya.",
                    "The person's sessions were changed in between: delete the person again.",
                ),
                "conflict",
            )
        gradings = select(Grading.id).where(Grading.session_id.in_(session_ids))
        graded = db.scalars(gradings).all()

        def remove(table: type, condition: object) -> None:
            count = select(func.count()).select_from(table).where(condition)  # type: ignore[arg-type]
            counts[table.__tablename__] = db.scalar(count) or 0  # type: ignore[attr-defined]
            db.execute(delete(table).where(condition))  # type: ignore[arg-type]

        remove(Grade, Grade.grading_id.in_(graded))
        remove(Grading, Grading.id.in_(graded))
        for table in _SESSION_TABLES:
            remove(table, table.session_id.in_(session_ids))
        remove(SessionRow, SessionRow.id.in_(session_ids))
        for kept in _PERSON_TABLES:
            remove(kept, kept.person_id == person_id)
        remove(Person, Person.id == person_id)
        subjects = [
            f"person:{person_id}",
            *(f"session:{number}" for number in session_ids),
            *(f"grading:{number}" for number in graded),
        ]
        remove(Audit, or_(Audit.subject.in_(subjects), Audit.id.in_(_audit_rows_naming(db, traces))))
        record_audit(db, actor, "delete person", "person", sessions=len(session_ids))
    return counts


def _forget(database: Database) -> list[Text]:
    """Take what was deleted out of the database's files as well, as far as a program can."""
    database.check()
    # Neither works inside a transaction, where every connection of the pool begins.
    engine = create_engine(database.location.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if database.location.database is not None:
                # `secure_delete` overwrote the rows; the log of changes may hold them still.
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                return []
            for table in reversed(Base.metadata.sorted_tables):
                connection.exec_driver_sql(f"VACUUM {table.name}")
    except DBAPIError as error:
        why = title_text(str(error.orig), 80)
        return [
            Text(
                "Berkas basis data belum dapat dibersihkan dari baris yang dihapus: tutup program lain yang "
                "memakai perpustakaan, lalu hapus lagi pesertanya.",
                f"The database's files could not be cleaned of deleted rows ({why}).",
            )
        ]
    finally:
        engine.dispose()
    return []


def _other_names(db: Session, person_id: int) -> list[str]:
    others = db.scalars(select(Person.name).where(Person.id != person_id, Person.name.is_not(None))).all()
    return [name for name in others if name is not None] + list(db.scalars(select(Facilitator.name)))


def _audit_rows_naming(db: Session, traces: Traces) -> list[int]:
    """Return the audit's lines whose words tell of the person, whatever their subject."""
    rows = db.execute(select(Audit.id, Audit.actor, Audit.subject, Audit.details))
    return [number for number, *words in rows if traces.in_text(" ".join(map(str, words)))]


def _remove_tree(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"Folder {folder} tidak dapat dihapus ({why.id}): tutup program yang memakainya, "
                "lalu hapus lagi pesertanya.",
                f"Could not delete {folder}: {why.en}: close what uses it, then delete the person again.",
            ),
            "busy",
        ) from error


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"{path} tidak dapat dihapus ({why.id}): tutup program yang memakainya.",
                f"Could not delete {path}: {why.en}: close what uses it.",
            ),
            "busy",
        ) from error
