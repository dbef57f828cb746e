"""What the library tells of a cohort: tests of knowledge, home care, outcomes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

TestPhase = Literal["pre", "post"]
OutcomeKind = Literal["milk_ml", "fluency", "latch", "comfort"]
OutcomePhase = Literal["before", "after"]


@dataclass(frozen=True)
class BankRecord:
    """A knowledge test's questions; `content` is as `trainer.cohort.knowledge` reads it."""

    id: int
    name: str
    version: str
    content: Mapping[str, Any]
    created_at: dt.datetime


@dataclass(frozen=True)
class SittingRecord:
    """One person's knowledge test.

    Attributes
    ----------
    seed, protocol_id : int, str or None
        With these and the bank, `trainer.cohort.knowledge.draw_sheet` draws the same sheet again.
    finished_at : datetime or None
        None while it is being answered, or was left half-filled.
    answers : mapping of str to str
        Chosen option by question id.
    correct, total : int
        `correct` is 0 until it is finished.
    """

    id: int
    person_id: int
    person_code: str
    bank_id: int
    phase: TestPhase
    seed: int
    protocol_id: str | None
    started_at: dt.datetime
    finished_at: dt.datetime | None
    answers: Mapping[str, Any]
    correct: int
    total: int


@dataclass(frozen=True)
class HomeCareRecord:
    """One day at home: massages, minutes in all (None: not timed), by whom, and whether it hurt or irritated."""

    id: int
    person_id: int
    person_code: str
    day: dt.date
    sessions: int
    minutes: float | None
    by_whom: str
    pain: bool
    irritation: bool
    note: str


@dataclass(frozen=True)
class OutcomeRecord:
    """A mother's outcome.

    Attributes
    ----------
    value : float
        milk_ml: millilitres; fluency: 1 poorly, 2 fairly, 3 fluently flowing; latch: LATCH, 0 to 10;
        comfort: 0 to 10.
    """

    id: int
    person_id: int
    person_code: str
    kind: OutcomeKind
    phase: OutcomePhase
    measured_at: dt.datetime
    value: float
    note: str
