"""The tables of the library; docs/library.md explains them. `migrations` holds how a database comes to have them."""

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from trainer.library.column_types import UtcDateTime

_CODE, _WORD, _NAME, _DIGEST = String(40), String(80), String(200), String(64)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class Base(DeclarativeBase):
    """The base of all tables; its naming of constraints lets migrations find them again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {dt.datetime: UtcDateTime(), dict[str, Any]: JSON(), float: Double()}


class StudyGroup(Base):
    """A group of participants."""

    __tablename__ = "study_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(_NAME, unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime]


class Person(Base):
    """A participant, known by a code; the name is kept only where somebody enters it."""

    __tablename__ = "person"
    __table_args__ = (_one_of("role", "trainee", "mother", "facilitator"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(_CODE, unique=True)
    role: Mapped[str] = mapped_column(_CODE)
    name: Mapped[str | None] = mapped_column(_NAME)
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("study_group.id", ondelete="SET NULL"), index=True
    )
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(Text, default="")


class Consent(Base):
    """What a person agreed to, or took back; the newest row of a kind counts."""

    __tablename__ = "consent"
    __table_args__ = (_one_of("kind", "video", "research"), Index(None, "person_id", "kind", "recorded_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(_CODE)
    given: Mapped[bool]
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(_NAME)


class Facilitator(Base):
    """Somebody who grades."""

    __tablename__ = "facilitator"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(_CODE, unique=True)
    name: Mapped[str] = mapped_column(_NAME)
    created_at: Mapped[dt.datetime]
    active: Mapped[bool] = mapped_column(default=True)


class Setting(Base):
    """One fact about the library, by name."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(_WORD, primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class SessionRow(Base):
    """A session folder, as it was when it was last imported, and whether it is so still.

    ``recording`` tells one recording from another however often it is analysed: the video's digest, else its time.
    """

    __tablename__ = "session"
    __table_args__ = (
        _one_of("state", "present", "missing", "changed"),
        Index(None, "recorded_at", "id"),
        Index(None, "protocol_id", "recorded_at"),
        Index(None, "person_id", "recorded_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(_DIGEST, unique=True)
    folder: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(_NAME)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    attempt: Mapped[int | None]
    protocol_id: Mapped[str] = mapped_column(_NAME)
    protocol_version: Mapped[str] = mapped_column(_NAME)
    protocol_hash: Mapped[str] = mapped_column(_DIGEST)
    recorded_at: Mapped[dt.datetime]
    duration_s: Mapped[float | None]
    complete: Mapped[bool]
    recording: Mapped[str] = mapped_column(_NAME)
    percent: Mapped[float | None]
    passed: Mapped[bool | None]
    has_video: Mapped[bool]
    digest: Mapped[str] = mapped_column(_DIGEST)
    state: Mapped[str] = mapped_column(_CODE, index=True)
    checked_at: Mapped[dt.datetime]
    imported_at: Mapped[dt.datetime]


class SessionFile(Base):
    """A file of a session folder."""

    __tablename__ = "session_file"
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(_DIGEST)
    bytes: Mapped[int] = mapped_column(BigInteger)


class VerdictRow(Base):
    """The camera's verdict on one item, copied from ``score.json``.

    Not ``by_camera``: a person's, ticked while practising, or one that waits for a person.
    """

    __tablename__ = "verdict"
    __table_args__ = (_one_of("verdict", "met", "partly_met", "not_met", "not_observed"),)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    position: Mapped[int]
    verdict: Mapped[str] = mapped_column(_CODE)
    points: Mapped[float]
    max_points: Mapped[float]
    to_be_confirmed: Mapped[bool]
    by_camera: Mapped[bool]


class MeasureRow(Base):
    """A value measured for one item, copied from ``score.json``; no value means not measured."""

    __tablename__ = "measure"
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    name: Mapped[str] = mapped_column(_NAME, primary_key=True)
    position: Mapped[int]
    value: Mapped[float | None]
    sigma: Mapped[float | None]
    unit: Mapped[str] = mapped_column(_CODE)


class Grading(Base):
    """One facilitator's grading of one session; `version` counts its changes, so that none is overwritten unseen."""

    __tablename__ = "grading"
    __table_args__ = (UniqueConstraint("session_id", "facilitator_id"), Index(None, "facilitator_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    facilitator_id: Mapped[int] = mapped_column(ForeignKey("facilitator.id", ondelete="RESTRICT"))
    blind: Mapped[bool]
    started_at: Mapped[dt.datetime]
    signed_at: Mapped[dt.datetime | None]
    spent_s: Mapped[float] = mapped_column(default=0.0)
    version: Mapped[int] = mapped_column(default=1)


class Grade(Base):
    """What a facilitator said of one item; rows are only added, the highest revision counts."""

    __tablename__ = "grade"
    __table_args__ = (
        UniqueConstraint("grading_id", "item_id", "revision"),
        _one_of("decision", "confirmed", "overridden", "ticked", "rated", "not_observed"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    grading_id: Mapped[int] = mapped_column(ForeignKey("grading.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(_NAME)
    revision: Mapped[int]
    rating: Mapped[float | None]
    decision: Mapped[str] = mapped_column(_CODE)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime]


class QuestionBankRow(Base):
    """A knowledge test's questions, as they were when somebody sat it."""

    __tablename__ = "question_bank"
    __table_args__ = (UniqueConstraint("name", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(_NAME)
    version: Mapped[str] = mapped_column(_CODE)
    content: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]


class TestSitting(Base):
    """One person's answers to a knowledge test, before or after the training."""

    __test__ = False  # its name looks like a test to pytest
    __tablename__ = "test_sitting"
    __table_args__ = (
        _one_of("phase", "pre", "post"),
        CheckConstraint("correct >= 0 AND correct <= total", name="score_possible"),
        UniqueConstraint("person_id", "bank_id", "phase"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_bank.id", ondelete="RESTRICT"), index=True)
    phase: Mapped[str] = mapped_column(_CODE)
    seed: Mapped[int] = mapped_column(BigInteger)
    protocol_id: Mapped[str | None] = mapped_column(_NAME)
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    answers: Mapped[dict[str, Any]]
    correct: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]


class HomeCare(Base):
    """What was done at home on one day."""

    __tablename__ = "home_care"
    __table_args__ = (
        UniqueConstraint("person_id", "day", "by_whom"),
        CheckConstraint("sessions >= 0", name="sessions_possible"),
        CheckConstraint("minutes >= 0 AND minutes <= 1440", name="minutes_possible"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    day: Mapped[dt.date]
    sessions: Mapped[int]
    minutes: Mapped[float | None]
    by_whom: Mapped[str] = mapped_column(_WORD)
    pain: Mapped[bool]
    irritation: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")


class OutcomeRow(Base):
    """A mother's outcome: milk in ml, fluency class, LATCH or comfort, before or after."""

    __tablename__ = "outcome"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "phase", "measured_at"),
        _one_of("kind", "milk_ml", "fluency", "latch", "comfort"),
        _one_of("phase", "before", "after"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(_CODE)
    phase: Mapped[str] = mapped_column(_CODE)
    measured_at: Mapped[dt.datetime]
    value: Mapped[float]
    note: Mapped[str] = mapped_column(Text, default="")


class Audit(Base):
    """Who did what to what; rows are only added. A deleted person's rows give way to one that names nobody."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(_NAME)
    action: Mapped[str] = mapped_column(_WORD)
    subject: Mapped[str] = mapped_column(_NAME, index=True)
    details: Mapped[dict[str, Any]]
