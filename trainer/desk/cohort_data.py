"""Gathers what the library knows of a group into the values that statistics and hand-outs are made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.desk.blindness import hidden_sessions
from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    from trainer.cohort.agreement import RaterAgreement
    from trainer.cohort.attempts import Attempt
    from trainer.cohort.comparison import GroupComparison
    from trainer.cohort.outcomes import OutcomeEntry
    from trainer.desk.calls import Call
    from trainer.handouts.model import GroupReport, HomeCareSummary, KnowledgeScores
    from trainer.library.records import (
        GroupRecord,
        HomeCareRecord,
        PersonRecord,
        SessionRecord,
        SittingRecord,
    )

_PER_PAGE = 500
_DEFAULT_PROTOCOL = "tegalagung-2022"


@dataclass(frozen=True)
class GroupData:
    """A group's records; `hidden` counts sessions whose results this visitor must not know yet."""

    group: GroupRecord | None
    people: tuple[PersonRecord, ...]
    sessions: tuple[SessionRecord, ...]
    sittings: tuple[SittingRecord, ...]
    home_care: tuple[HomeCareRecord, ...]
    outcomes: tuple[OutcomeEntry, ...]
    hidden: int
    protocol_id: str

    @property
    def name(self) -> str:
        """Of the group; empty for everybody."""
        return self.group.name if self.group else ""


def gather(call: Call, group_id: int | None) -> GroupData:
    """Read all that is known of a group, or of everybody; camera's results that are hidden are left out.

    Raises
    ------
    PijatError
        When there is no such group.
    """
    from trainer.cohort.outcomes import OutcomeEntry

    library = call.desk.library
    group = next((one for one in library.groups.list() if one.id == group_id), None)
    if group_id is not None and group is None:
        raise PijatError(
            Text(
                "Kelompok itu tidak ada di perpustakaan: muat ulang daftarnya.",
                "Expected a group of this library, got another.",
            ),
            "missing",
        )
    people = all_people(call, group_id)
    hides = hidden_sessions(call)
    known = [record for record in all_sessions(call, group_id) if record.person_id is not None]
    shown = tuple(record for record in known if not hides(record.id))
    counted: dict[str, int] = {}
    for record in known:
        counted[record.protocol_id] = counted.get(record.protocol_id, 0) + 1
    return GroupData(
        group=group,
        people=people,
        sessions=shown,
        sittings=library.knowledge.list(group_id=group_id),
        home_care=library.home_care.list(group_id=group_id),
        outcomes=tuple(
            OutcomeEntry(row.person_code, row.kind, row.phase, row.measured_at, row.value)
            for row in library.outcomes.list(group_id=group_id)
        ),
        hidden=len(known) - len(shown),
        protocol_id=max(counted, key=lambda name: counted[name], default=_DEFAULT_PROTOCOL),
    )


def report_of(data: GroupData, name: str, agreement: Sequence[RaterAgreement] = ()) -> GroupReport:
    """Compute what the group's report shows; attempts and care at home by the protocol practised most."""
    from trainer.errors import PijatError
    from trainer.handouts.model import group_report
    from trainer.protocol.library import builtin

    try:
        protocol = builtin(data.protocol_id)
    except PijatError:
        protocol = None
    return group_report(
        name,
        [person.code for person in data.people],
        made_at=dt.datetime.now().astimezone(),
        description=data.group.description if data.group else "",
        protocol_title=protocol.title if protocol else None,
        pass_mark_percent=protocol.pass_mark_percent if protocol else None,
        knowledge=knowledge_scores(data.sittings),
        attempts=attempts_of(data),
        home_care=_home_care(data),
        outcomes=data.outcomes,
        agreement=agreement,
    )


def knowledge_scores(sittings: Sequence[SittingRecord]) -> list[KnowledgeScores]:
    """Return each person's finished tests in points of 100, of the questions they took last."""
    from trainer.handouts.model import KnowledgeScores

    newest: dict[str, int] = {}
    for sitting in sittings:
        newest[sitting.person_code] = sitting.bank_id
    found: dict[str, dict[str, SittingRecord]] = {}
    for sitting in sittings:
        if sitting.finished_at is not None and sitting.bank_id == newest[sitting.person_code]:
            found.setdefault(sitting.person_code, {})[sitting.phase] = sitting

    def percent(sitting: SittingRecord | None) -> float | None:
        return None if sitting is None or not sitting.total else 100 * sitting.correct / sitting.total

    def empty(sitting: SittingRecord | None) -> int:
        return 0 if sitting is None else sitting.total - len(sitting.answers)

    return [
        KnowledgeScores(
            code, percent(of.get("pre")), percent(of.get("post")), empty(of.get("pre")), empty(of.get("post"))
        )
        for code, of in sorted(found.items())
    ]


def attempts_of(data: GroupData) -> list[Attempt]:
    """Return the attempts at the protocol practised most."""
    from trainer.cohort.attempts import Attempt

    return [
        Attempt(record.person_code or "", record.attempt, record.recorded_at, record.percent, record.passed)
        for record in data.sessions
        if record.attempt is not None and record.protocol_id == data.protocol_id
    ]


def compare(
    first: GroupData, second: GroupData, names: tuple[str, str]
) -> list[tuple[Text, GroupComparison]]:
    """Hold two groups against each other: gain in knowledge, last attempt, gain of each outcome."""
    from trainer.cohort.attempts import learning_curves
    from trainer.cohort.comparison import compare_groups
    from trainer.cohort.outcomes import SCALES, pair_outcomes
    from trainer.handouts.model import POINTS_OF_100

    def gains(data: GroupData) -> list[float]:
        scores = knowledge_scores(data.sittings)
        return [row.after - row.before for row in scores if row.after is not None and row.before is not None]

    def latest(data: GroupData) -> list[float]:
        return [curve.latest for curve in learning_curves(attempts_of(data)) if curve.latest is not None]

    found: list[tuple[Text, GroupComparison]] = []

    def add(what: Text, of: Callable[[GroupData], list[float]], unit: Text) -> None:
        values = of(first), of(second)
        if all(values):
            found.append((what, compare_groups(*values, names=names, unit=unit)))

    add(Text("Kenaikan pengetahuan", "Gain in knowledge"), gains, POINTS_OF_100)
    if first.protocol_id == second.protocol_id:
        add(Text("Nilai kamera terakhir", "Camera's last score"), latest, Text("%", "%"))
    for kind, scale in SCALES.items():

        def changes(data: GroupData, kind: str = kind) -> list[float]:
            pairs = pair_outcomes(data.outcomes, kind)  # type: ignore[arg-type]
            return [p.after - p.before for p in pairs if p.after is not None and p.before is not None]

        add(Text(f"Perubahan: {scale.name.id}", f"Change: {scale.name.en}"), changes, scale.unit)
    return found


def all_people(call: Call, group_id: int | None) -> tuple[PersonRecord, ...]:
    """Return everybody, page after page."""
    found: list[PersonRecord] = []
    number = 1
    while True:
        part = call.desk.library.people.list(group_id, page=number, per_page=_PER_PAGE)
        found += part.items
        if number >= part.pages:
            return tuple(found)
        number += 1


def all_sessions(call: Call, group_id: int | None) -> tuple[SessionRecord, ...]:
    """Return all sessions, oldest first, page after page."""
    from trainer.library.records import SessionFilter

    found: list[SessionRecord] = []
    number = 1
    while True:
        wanted = SessionFilter(group_id=group_id, sort="oldest", page=number, per_page=_PER_PAGE)
        part = call.desk.library.sessions.list(wanted)
        found += part.items
        if number >= part.pages:
            return tuple(found)
        number += 1


def _home_care(data: GroupData) -> list[HomeCareSummary]:
    from trainer.cohort.adherence import HomeCareEntry, adherence, goal_of
    from trainer.errors import PijatError
    from trainer.handouts.model import HomeCareSummary
    from trainer.protocol.library import builtin

    try:
        goal = goal_of(builtin(data.protocol_id))
    except PijatError:
        goal = None
    if goal is None:
        return []
    logs: dict[str, list[HomeCareEntry]] = {}
    for row in data.home_care:
        entry = HomeCareEntry(
            row.day, row.sessions, row.minutes, row.by_whom, row.pain, row.irritation, row.note
        )
        logs.setdefault(row.person_code, []).append(entry)
    return [HomeCareSummary(code, adherence(log, goal), tuple(log)) for code, log in logs.items()]
