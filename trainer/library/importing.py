"""Bringing session folders into the library, and looking whether they are still what they were.

The files stay where they are; the database keeps what the list needs and a digest of each file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.errors import PijatError, UsageError
from trainer.language import Text
from trainer.library.clean_text import title_text
from trainer.library.database import UNNAMED_ACTOR, Repository, record_audit, utc_now
from trainer.library.folder_facts import FolderFacts
from trainer.library.folder_states import read_named, state_of
from trainer.library.location import EXPORTS_FOLDER
from trainer.library.records import FolderFinding, ImportedSession, ImportReport, SessionState
from trainer.library.sessions import number_attempts
from trainer.library.tables import MeasureRow, SessionFile, SessionRow, VerdictRow
from trainer.session.finding import find_sessions
from trainer.session.model import SESSION_FILE

Progress = Callable[[int, int], None]
"""Told after each folder: how many are done, and of how many."""
_Fate = Literal["added", "unchanged", "changed", "moved"]
_BATCH = 200
_NOTHING_HERE = Text(
    "Tidak ada folder sesi di sini: tulis folder tempat sesi-sesi itu berada.",
    "Expected session folders here, found none: give the folder they lie in.",
)


@dataclass
class _Tally:
    fates: dict[_Fate, list[ImportedSession]] = field(
        default_factory=lambda: {"added": [], "unchanged": [], "changed": [], "moved": []}
    )
    refused: list[tuple[Path, Text]] = field(default_factory=list)


class Folders(Repository):
    """The session folders of a library: brought in, and looked at again."""

    def add(
        self, path: str | Path, progress: Progress | None = None, *, actor: str = UNNAMED_ACTOR
    ) -> ImportReport:
        """Import a session folder, or all session folders below a folder; doing it again changes nothing.

        Each folder is imported for itself: what was imported stays when a later one is refused or the work is
        stopped.

        Parameters
        ----------
        path : str or Path
            A session folder, or a folder of them at any depth.
        progress : callable, optional
            Told folders done and folders in all.
        actor : str
            Who imports, for the audit.

        Raises
        ------
        UsageError
            When there is no such folder.
        PijatError
            When the database cannot be used.
        """
        top = Path(path)
        if not top.is_dir():
            raise UsageError(
                Text(
                    f"Tidak ada folder sesi di {title_text(str(path))}: periksa letaknya.",
                    f"Expected a folder of sessions at {title_text(str(path))}, found none.",
                ),
                "missing",
            )
        folders = find_sessions(top, but=self.database.root / EXPORTS_FOLDER)
        tally = _Tally()
        same: list[tuple[SessionRow, SessionState]] = []
        for done, folder in enumerate(folders, start=1):
            try:
                text = self.database.folder_text(folder)
                facts = read_named(folder, text)
                known = self._known_as_it_is(text, facts)
                if known is not None:
                    same.append((known, "present"))
                    tally.fates["unchanged"].append(ImportedSession(known.id, folder, known.title))
                else:
                    fate, imported = self._import_one(folder, text, facts, actor)
                    tally.fates[fate].append(imported)
            except PijatError as refusal:
                if refusal.kind == "busy":
                    # Not this folder, but the database or the disk.
                    raise
                tally.refused.append((folder, refusal.text))
            if same and (len(same) >= _BATCH or done == len(folders)):
                self._record_states(same)
                same = []
            if progress is not None:
                progress(done, len(folders))
        missing = self._missing_below(top)
        if not folders and not missing:
            tally.refused.append((top, _NOTHING_HERE))
        return ImportReport(
            added=tuple(tally.fates["added"]),
            unchanged=tuple(tally.fates["unchanged"]),
            changed=tuple(tally.fates["changed"]),
            missing=tuple(missing),
            moved=tuple(tally.fates["moved"]),
            refused=tuple(tally.refused),
        )

    def check(self, progress: Progress | None = None) -> tuple[FolderFinding, ...]:
        """Read every session folder again; return those that are missing or changed, and mark them so."""
        with self.database.reading() as db:
            rows = db.scalars(select(SessionRow).order_by(SessionRow.id)).all()
        findings: list[FolderFinding] = []
        states: list[tuple[SessionRow, SessionState]] = []
        for done, row in enumerate(rows, start=1):
            path = self.database.folder_path(row.folder)
            state, why = state_of(path, row.digest)
            states.append((row, state))
            if why is not None:
                findings.append(FolderFinding(row.id, path, row.title, state, why))
            if len(states) >= _BATCH or done == len(rows):
                self._record_states(states)
                states = []
            if progress is not None:
                progress(done, len(rows))
        return tuple(findings)

    def _record_states(self, states: Sequence[tuple[SessionRow, SessionState]]) -> None:
        """Write how folders were found, many in one go: each write waits for the disk."""
        with self.database.writing() as db:
            for row, state in states:
                known = db.get(SessionRow, row.id)
                # Somebody may have imported it anew, or deleted it, while its files were read.
                if known is not None and known.digest == row.digest and known.folder == row.folder:
                    known.state, known.checked_at = state, utc_now()

    def _known_as_it_is(self, text: str, facts: FolderFacts) -> SessionRow | None:
        with self.database.reading() as db:
            return db.scalar(
                select(SessionRow).where(SessionRow.folder == text, SessionRow.digest == facts.digest)
            )

    def _import_one(
        self, folder: Path, text: str, facts: FolderFacts, actor: str
    ) -> tuple[_Fate, ImportedSession]:
        for last in (False, True):
            try:
                with self.database.writing() as db:
                    fate, row = self._enter(db, text, facts)
                    if fate != "unchanged":
                        record_audit(db, actor, f"import {fate}", f"session:{row.id}")
                    return fate, ImportedSession(row.id, folder, row.title)
            except IntegrityError:
                # Another program imported the same folder in the same moment; now it is known.
                if last:
                    raise
        raise AssertionError("unreachable")

    def _enter(self, db: Session, text: str, facts: FolderFacts) -> tuple[_Fate, SessionRow]:
        here = db.scalar(select(SessionRow).where(SessionRow.folder == text))
        if here is not None:
            if here.digest == facts.digest:
                here.state, here.checked_at = "present", utc_now()
                return "unchanged", here
            if here.recording != facts.recording:
                raise PijatError(
                    Text(
                        f"Folder ini berisi rekaman lain daripada yang dulu diimpor dari sini (sesi {here.id}): beri "
                        "setiap rekaman folder sendiri.",
                        "This folder holds another recording than the one that was imported from here "
                        f"(session {here.id}): give each recording a folder of its own.",
                    ),
                    "conflict",
                )
            _fill(db, here, facts)
            return "changed", here
        same = db.scalar(
            select(SessionRow).where((SessionRow.uid == facts.digest) | (SessionRow.digest == facts.digest))
        )
        if same is None:
            row = SessionRow(uid=facts.digest, folder=text, imported_at=utc_now(), title=facts.title)
            _fill(db, row, facts)
            return "added", row
        if same.folder == text:  # another program imported it between the two looks
            return "unchanged", same
        if (self.database.folder_path(same.folder) / SESSION_FILE).is_file():
            raise PijatError(
                Text(
                    f"Ini salinan sesi {same.id} yang ada di {title_text(same.folder)}: satu saja sudah cukup.",
                    f"This is a copy of session {same.id}, which lies at {title_text(same.folder)}: "
                    "one of them is enough.",
                ),
                "conflict",
            )
        same.folder, same.title = text, facts.title
        _fill(db, same, facts)
        return "moved", same

    def _missing_below(self, top: Path) -> list[ImportedSession]:
        absolute = top.resolve()
        with self.database.reading() as db:
            rows = db.scalars(select(SessionRow).order_by(SessionRow.id)).all()
        gone = [
            row
            for row in rows
            if (path := self.database.folder_path(row.folder)).is_relative_to(absolute)
            and not (path / SESSION_FILE).is_file()
        ]
        if gone:
            with self.database.writing() as db:
                for row in gone:
                    known = db.get(SessionRow, row.id)
                    if known is not None and known.folder == row.folder:
                        known.state, known.checked_at = "missing", utc_now()
        return [ImportedSession(row.id, self.database.folder_path(row.folder), row.title) for row in gone]


def _fill(db: Session, row: SessionRow, facts: FolderFacts) -> None:
    meta, score = facts.meta, facts.score
    row.protocol_id, row.protocol_version = score.protocol_id, score.protocol_version
    row.protocol_hash, row.recording = score.protocol_hash, facts.recording
    row.recorded_at, row.duration_s = meta.created_at, meta.video.duration_s
    row.complete, row.percent, row.passed = meta.complete, score.percent, score.passed
    row.has_video, row.digest = facts.has_video, facts.digest
    row.state, row.checked_at = "present", utc_now()
    db.add(row)
    db.flush()
    for table in (SessionFile, VerdictRow, MeasureRow):
        db.execute(delete(table).where(table.session_id == row.id))
    db.add_all(
        SessionFile(session_id=row.id, name=file.name, sha256=file.sha256, bytes=file.bytes)
        for file in facts.files
    )
    db.add_all(
        VerdictRow(
            session_id=row.id,
            item_id=item.id,
            position=position,
            verdict=item.verdict.value,
            points=item.points,
            max_points=item.max_points,
            to_be_confirmed=item.to_be_confirmed,
            by_camera=item.by_camera and item.id not in facts.confirmed,
        )
        for position, item in enumerate(score.items)
    )
    db.add_all(
        MeasureRow(
            session_id=row.id,
            item_id=item_id,
            name=measure.name,
            position=position,
            value=measure.value,
            sigma=measure.sigma,
            unit=title_text(measure.unit, 40),
        )
        for position, (item_id, measure) in enumerate(facts.measures)
    )
    db.flush()
    if row.person_id is not None:
        number_attempts(db, row.person_id, row.protocol_id)
