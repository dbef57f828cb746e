"""All that the library holds of one person, in a folder to hand over: JSON, CSV, and the session folders."""

import csv
import errno
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select

from trainer.errors import PijatError, UsageError, reason
from trainer.files import atomic_folder
from trainer.language import Text
from trainer.library import messages
from trainer.library.database import UNNAMED_ACTOR, Database, record_audit, utc_now
from trainer.library.digest import folder_names
from trainer.library.dump import row_document
from trainer.library.tables import (
    Audit,
    Consent,
    Facilitator,
    Grade,
    Grading,
    HomeCare,
    MeasureRow,
    OutcomeRow,
    Person,
    QuestionBankRow,
    SessionFile,
    SessionRow,
    StudyGroup,
    TestSitting,
    VerdictRow,
)
from trainer.session.model import SESSION_FILE


@dataclass(frozen=True)
class PersonExport:
    """What was handed over: the folder, rows by table, and sentences on what could not be."""

    path: Path
    rows: Mapping[str, int]
    sessions: int
    lacking: tuple[Text, ...]


def export_person(database: Database, person_id: int, out: Path, actor: str = UNNAMED_ACTOR) -> PersonExport:
    """Write all that the library holds of a person to a folder.

    ``person.json`` holds every table, ``<table>.csv`` the same for a spreadsheet, ``sessions/<number>/`` the
    session folders.

    Parameters
    ----------
    database : Database
        The library's.
    person_id : int
        Whose.
    out : Path
        A folder that is not there yet, or empty.
    actor : str
        Who exports, for the audit.

    Raises
    ------
    UsageError
        When something lies in `out`.
    PijatError
        When there is no such person, the disk is full, or the folder cannot be written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            Text(
                f"Folder {out} sudah berisi sesuatu: pilih folder lain.",
                f"Expected {out} to be absent or empty, found something there: choose another folder.",
            ),
            "conflict",
        )
    tables = _tables_of(database, person_id)
    folders = {int(row["id"]): database.folder_path(str(row["folder"])) for row in tables["session"]}
    lacking: list[Text] = []
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with atomic_folder(out, private=True) as temporary:
            _write_tables(temporary, tables)
            for number, folder in folders.items():
                _copy_folder(folder, temporary / "sessions" / str(number), lacking)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise PijatError(
                Text(
                    f"Disk penuh: sediakan tempat, lalu salin lagi ke {out}.",
                    f"The disk is full: free some room, then export to {out} again.",
                ),
                "busy",
            ) from error
        why = reason(error)
        raise PijatError(
            Text(
                f"{out} tidak dapat ditulis ({why.id}): pilih folder lain.",
                f"Could not write {out}: {why.en}: choose another folder.",
            ),
            "busy",
        ) from error
    with database.writing() as db:
        record_audit(db, actor, "export person", f"person:{person_id}")
    rows = {name: len(documents) for name, documents in tables.items()}
    return PersonExport(out, rows, len(folders) - len(lacking), tuple(lacking))


def _tables_of(database: Database, person_id: int) -> dict[str, list[dict[str, Any]]]:
    own = select(SessionRow.id).where(SessionRow.person_id == person_id)
    gradings = select(Grading.id).where(Grading.session_id.in_(own))
    person = (
        select(*Person.__table__.columns, StudyGroup.name.label("group_name"))
        .outerjoin(StudyGroup, StudyGroup.id == Person.group_id)
        .where(Person.id == person_id)
    )
    queries: dict[str, Select[*tuple[Any, ...]]] = {
        "person": person,
        "consent": _all(Consent).where(Consent.person_id == person_id),
        "session": _all(SessionRow).where(SessionRow.person_id == person_id),
        "session_file": _all(SessionFile).where(SessionFile.session_id.in_(own)),
        "verdict": _all(VerdictRow).where(VerdictRow.session_id.in_(own)),
        "measure": _all(MeasureRow).where(MeasureRow.session_id.in_(own)),
        # A facilitator is somebody else: the code says who graded, the name is theirs.
        "grading": select(*Grading.__table__.columns, Facilitator.code.label("facilitator_code"))
        .join(Facilitator, Facilitator.id == Grading.facilitator_id)
        .where(Grading.session_id.in_(own)),
        "grade": _all(Grade).where(Grade.grading_id.in_(gradings)),
        "test_sitting": select(
            *TestSitting.__table__.columns, QuestionBankRow.name.label("bank"), QuestionBankRow.version
        )
        .join(QuestionBankRow, QuestionBankRow.id == TestSitting.bank_id)
        .where(TestSitting.person_id == person_id),
        "home_care": _all(HomeCare).where(HomeCare.person_id == person_id),
        "outcome": _all(OutcomeRow).where(OutcomeRow.person_id == person_id),
    }
    with database.reading() as db:
        tables = {
            name: [row_document(row) for row in db.execute(query).mappings()]
            for name, query in queries.items()
        }
        if not tables["person"]:
            raise messages.unknown(messages.PERSON, person_id)
        subjects = [
            f"person:{person_id}",
            *(f"session:{row['id']}" for row in tables["session"]),
            *(f"grading:{row['id']}" for row in tables["grading"]),
        ]
        noted = _all(Audit).where(Audit.subject.in_(subjects)).order_by(Audit.id)
        tables["audit"] = [row_document(row) for row in db.execute(noted).mappings()]
    return tables


def _all(table: Any) -> Select[*tuple[Any, ...]]:
    return select(*table.__table__.columns).order_by(*table.__table__.primary_key.columns)


def _write_tables(folder: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    document = {"exported_at": utc_now().isoformat(timespec="seconds"), **tables}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "person.json").write_text(text + "\n", encoding="utf-8")
    for name, rows in tables.items():
        if rows:
            # With a byte order mark, so that spreadsheets take it for UTF-8.
            (folder / f"{name}.csv").write_text(_csv(rows), encoding="utf-8-sig", newline="")


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    told = io.StringIO()
    writer = csv.DictWriter(told, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return told.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell that a spreadsheet shows and never runs."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def _copy_folder(folder: Path, target: Path, lacking: list[Text]) -> None:
    if not (folder / SESSION_FILE).is_file():
        lacking.append(
            Text(
                f"Folder sesi {folder} tidak ada; yang diketahui basis data tentangnya sudah disalin.",
                f"The session folder {folder} is not there; what the database knows of it was exported.",
            )
        )
        return
    for name in folder_names(folder):
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, place)
