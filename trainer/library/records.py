"""What the library tells: frozen records. No database handle leaves the package."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from trainer.library.cohort_records import BankRecord as BankRecord
from trainer.library.cohort_records import HomeCareRecord as HomeCareRecord
from trainer.library.cohort_records import OutcomeKind as OutcomeKind
from trainer.library.cohort_records import OutcomePhase as OutcomePhase
from trainer.library.cohort_records import OutcomeRecord as OutcomeRecord
from trainer.library.cohort_records import SittingRecord as SittingRecord
from trainer.library.cohort_records import TestPhase as TestPhase
from trainer.library.grading_records import Decision as Decision
from trainer.library.grading_records import GradeRecord as GradeRecord
from trainer.library.grading_records import GradingRecord as GradingRecord
from trainer.library.reports import DeletionReceipt as DeletionReceipt
from trainer.library.reports import FolderFinding as FolderFinding
from trainer.library.reports import ImportedSession as ImportedSession
from trainer.library.reports import ImportReport as ImportReport
from trainer.library.reports import SessionState as SessionState

Role = Literal["trainee", "mother", "facilitator"]
ConsentKind = Literal["video", "research"]
VerdictWord = Literal["met", "partly_met", "not_met", "not_observed"]
SessionSort = Literal["newest", "oldest", "title", "person", "percent"]
VideoConsent = Literal["given", "refused", "unknown"]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Page(Generic[_T]):
    """One page of a longer list.

    Attributes
    ----------
    items : tuple
        The records of this page.
    total : int
        Records on all pages.
    page, per_page : int
        Which page (the first is 1) of how many records.
    """

    items: tuple[_T, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least 1."""
        return max(1, math.ceil(self.total / self.per_page))


@dataclass(frozen=True)
class GroupRecord:
    """A group of participants; `people` counts them."""

    id: int
    name: str
    description: str
    created_at: dt.datetime
    people: int


@dataclass(frozen=True)
class PersonRecord:
    """A participant.

    Attributes
    ----------
    code : str
        The pseudonym, e.g. ``P-0001``; unique.
    name : str or None
        Only where somebody entered it.
    sessions : int
        How many sessions are theirs.
    """

    id: int
    code: str
    role: Role
    name: str | None
    group_id: int | None
    group_name: str | None
    active: bool
    created_at: dt.datetime
    note: str
    sessions: int


@dataclass(frozen=True)
class ConsentRecord:
    """One word of a person on one kind of use of their data."""

    id: int
    person_id: int
    kind: ConsentKind
    given: bool
    recorded_at: dt.datetime
    recorded_by: str


@dataclass(frozen=True)
class Consents:
    """What counts now, and all that was recorded, newest first. None: nothing was recorded."""

    video: bool | None
    research: bool | None
    history: tuple[ConsentRecord, ...]


@dataclass(frozen=True)
class FacilitatorRecord:
    """Somebody who grades."""

    id: int
    code: str
    name: str
    created_at: dt.datetime
    active: bool


@dataclass(frozen=True)
class SessionRecord:
    """A session in the list.

    Attributes
    ----------
    folder : Path
        Where its files lie, absolute.
    attempt : int or None
        The attempt number: 1 for the person's first demonstration of this protocol.
    duration_s : float or None
        Seconds of video.
    percent : float or None
        The camera's score; None when too little was judged to give one, or nothing.
    state : SessionState
        As of `checked_at`: whether the folder is as it was imported.
    video_consent : VideoConsent
        What the person said last about video; "unknown" where nothing was recorded or no person is assigned.
    gradings, signed : int
        Gradings begun, and those of them that were signed.
    """

    id: int
    uid: str
    folder: Path
    title: str
    person_id: int | None
    person_code: str | None
    person_name: str | None
    group_id: int | None
    group_name: str | None
    attempt: int | None
    protocol_id: str
    protocol_version: str
    protocol_hash: str
    recorded_at: dt.datetime
    duration_s: float | None
    complete: bool
    percent: float | None
    passed: bool | None
    has_video: bool
    video_consent: VideoConsent
    state: SessionState
    checked_at: dt.datetime
    imported_at: dt.datetime
    gradings: int
    signed: int


@dataclass(frozen=True)
class SessionFilter:
    """Which sessions to list.

    Attributes
    ----------
    search : str
        Part of a title, a person's code or name, upper and lower case alike.
    graded : bool or None
        True: with a signed grading; False: with none.
    video_without_consent : bool
        Only those with a video that the person has not agreed to.
    """

    search: str = ""
    group_id: int | None = None
    person_id: int | None = None
    protocol_id: str | None = None
    graded: bool | None = None
    state: SessionState | None = None
    video_without_consent: bool = False
    sort: SessionSort = "newest"
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True)
class VerdictRecord:
    """The camera's verdict on one item; `points` of `max_points` on the item's own scale times its weight.

    `by_camera` is False for what only a person can see, and for what a person ticked while practising.
    """

    item_id: str
    verdict: VerdictWord
    points: float
    max_points: float
    to_be_confirmed: bool
    by_camera: bool = True


@dataclass(frozen=True)
class MeasureRecord:
    """A value measured for one item, with its unit and standard deviation; None: not measured."""

    item_id: str
    name: str
    value: float | None
    sigma: float | None
    unit: str


@dataclass(frozen=True)
class SessionDetail:
    """A session with all that the library knows of it.

    Attributes
    ----------
    folder : Path
        The session folder, absolute.
    video : Path or None
        The kept video, unless there is none or the person refused its use; see `SessionRecord.video_consent`.
    verdicts, measures
        The camera's, in the order of the checklist.
    gradings : tuple of GradingRecord
        In the order they were begun.
    """

    record: SessionRecord
    folder: Path
    video: Path | None
    verdicts: tuple[VerdictRecord, ...]
    measures: tuple[MeasureRecord, ...]
    gradings: tuple[GradingRecord, ...]


@dataclass(frozen=True)
class AuditRecord:
    """Who did what to what."""

    id: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
