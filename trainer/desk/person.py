"""One person: details, consent, progress over attempts, tests, care at home, outcomes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup
from starlette.responses import Response

from trainer.desk.blindness import hidden_sessions
from trainer.desk.calls import Call, redirect
from trainer.desk.forms import Form
from trainer.desk.pages import page, tell
from trainer.desk.people import ROLES, read_group
from trainer.desk.queries import OwnGrading, own_gradings
from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    from trainer.cohort.adherence import Adherence
    from trainer.library.records import (
        ConsentKind,
        HomeCareRecord,
        OutcomeKind,
        OutcomePhase,
        Role,
        SessionRecord,
    )

_MOST_SESSIONS = 500
OUTCOME_KINDS = ("milk_ml", "fluency", "latch", "comfort")
OUTCOME_PHASES = ("before", "after")


def person_page(call: Call) -> Response:
    """Show a person."""
    return _shown(call)


def update(call: Call) -> Response:
    """Change a person's details."""
    form, person_id = Form(call), call.number("person")
    code, name = form.text("code", 40), form.text("name", 200, optional=True)
    note, role = form.text("note", 4000, optional=True), form.choice("role", ROLES)
    group_id, active = read_group(call, form), form.ticked("active")

    def act() -> None:
        call.desk.library.people.change(
            person_id,
            code=code,
            name=name or None,
            note=note,
            role=cast("Role", role),
            group_id=group_id,
            active=active,
            actor=call.actor,
        )

    return _done(call, form, "code", act, "details")


def consent(call: Call) -> Response:
    """Note what the person says to one use of their data."""
    kind, given = call.form.get("kind"), call.form.get("given")
    if kind not in ("video", "research") or given not in ("1", "0"):
        raise PijatError(
            Text(
                "Pilih persetujuan untuk video atau untuk penelitian.",
                "Expected consent to video or research, got something else.",
            )
        )
    call.desk.library.consents.add(
        call.number("person"), cast("ConsentKind", kind), given == "1", call.actor, actor=call.actor
    )
    left = _withdraw_training(call) if given == "0" else []
    if left:
        return _shown(call, notice=" ".join(text.say(call.visitor.language) for text in left))
    return redirect(f"/people/{call.number('person')}", saved=1)


def _withdraw_training(call: Call) -> list[Text]:
    """Take back the consents to train Pijat of the person's sessions; return what is left, in sentences."""
    from trainer.library.collected import withdraw_all
    from trainer.library.records import SessionFilter

    known = call.desk.facilitator(call.visitor.facilitator_id)
    wanted = SessionFilter(person_id=call.number("person"), per_page=_MOST_SESSIONS)
    folders = [record.folder for record in call.desk.library.sessions.list(wanted).items]
    return withdraw_all(folders, known.name if known else call.actor)


def add_home_care(call: Call) -> Response:
    """Note one day's massages at home."""
    form, person_id = Form(call), call.number("person")
    day, times = form.day("day"), form.whole("sessions", 0, 24)
    minutes = form.number("minutes", 0, 1440, example="15") if call.form.get("minutes", "").strip() else None
    by_whom, note = form.text("by_whom", 80), form.text("note", 4000, optional=True)

    def act() -> None:
        call.desk.library.home_care.add(
            person_id,
            day,
            times,
            minutes,
            by_whom,
            pain=form.ticked("pain"),
            irritation=form.ticked("irritation"),
            note=note,
            actor=call.actor,
        )

    return _done(call, form, "day", act, "home")


def delete_home_care(call: Call) -> Response:
    """Delete an entry of the log that was a mistake."""
    call.desk.library.home_care.delete(call.number("entry"), actor=call.actor)
    return redirect(f"/people/{call.number('person')}", saved=1)


def add_outcome(call: Call) -> Response:
    """Note a measurement."""
    from trainer.cohort.outcomes import SCALES

    form, person_id = Form(call), call.number("person")
    kind, phase = form.choice("kind", OUTCOME_KINDS), form.choice("phase", OUTCOME_PHASES)
    day = form.day("measured_on")
    clock = form.text("measured_at", 5)
    try:
        time = dt.time.fromisoformat(clock)
    except ValueError:
        time = dt.time()
        form.refuse("measured_at", tell(call, "needed"))
    value = 0.0
    if "kind" not in form.errors:
        scale = SCALES[cast("OutcomeKind", kind)]
        read = form.whole if scale.whole else form.number
        value = read("value", scale.minimum, scale.maximum, example=f"{scale.maximum / 2:.0f}")  # type: ignore[arg-type]
    note = form.text("note", 4000, optional=True)

    def act() -> None:
        call.desk.library.outcomes.add(
            person_id,
            cast("OutcomeKind", kind),
            cast("OutcomePhase", phase),
            dt.datetime.combine(day, time).astimezone(),
            value,
            note=note,
            actor=call.actor,
        )

    return _done(call, form, "value", act, "outcomes")


def delete_outcome(call: Call) -> Response:
    """Delete a measurement that was a mistake."""
    call.desk.library.outcomes.delete(call.number("entry"), actor=call.actor)
    return redirect(f"/people/{call.number('person')}", saved=1)


def _done(call: Call, form: Form, field: str, act: Any, section: str) -> Response:
    if not form.attempt(field, act):
        return _shown(call, 422, section=section, errors=form.errors, typed=dict(call.form))
    return redirect(f"/people/{call.number('person')}", saved=1)


def _shown(call: Call, status: int = 200, section: str = "", **more: object) -> Response:
    from trainer.cohort.outcomes import SCALES
    from trainer.library.records import SessionFilter

    library = call.desk.library
    person = library.people.get(call.number("person"))
    wanted = SessionFilter(person_id=person.id, sort="oldest", per_page=_MOST_SESSIONS)
    records = library.sessions.list(wanted).items
    hides = hidden_sessions(call)
    consents = library.consents.get(person.id)
    # The newest of each, where the questions were changed in between.
    sat = {sitting.phase: sitting for sitting in library.knowledge.list(person_id=person.id)}
    home_care = library.home_care.list(person_id=person.id)
    mine: dict[int, OwnGrading] = own_gradings(library, call.visitor.facilitator_id, [r.id for r in records])
    return page(
        call,
        "person",
        status,
        person=person,
        consents=consents,
        consents_noted={
            kind: next((noted for noted in consents.history if noted.kind == kind), None)
            for kind in ("video", "research")
        },
        sessions=[(record, hides(record.id), mine.get(record.id)) for record in records],
        curve=_curve(call, records, hides),
        sittings={phase: sat.get(phase) for phase in ("pre", "post")},
        home_care=home_care,
        adherence=_adherence(home_care, records),
        outcomes=library.outcomes.list(person_id=person.id),
        scales=SCALES,
        groups=library.groups.list(),
        roles=ROLES,
        today=dt.date.today().isoformat(),
        section=section,
        **{"notice": tell(call, "saved") if "saved" in call.query else None, **more},
    )


def _curve(call: Call, records: tuple[SessionRecord, ...], hides: Any) -> Markup | None:
    """Draw the person's progress; what is hidden from this visitor is left out."""
    from trainer.cohort.attempts import Attempt, learning_curves
    from trainer.cohort.plots import learning_curves_svg

    shown = [r for r in records if r.attempt is not None and r.person_code is not None and not hides(r.id)]
    protocols = {r.protocol_id for r in shown}
    if len(shown) < 2 or len(protocols) != 1:
        return None
    attempts = [
        Attempt(r.person_code or "", r.attempt or 0, r.recorded_at, r.percent, r.passed) for r in shown
    ]
    title = Text("Kemajuan latihan", "Progress over attempts")
    return Markup(  # the drawing escapes what it writes
        learning_curves_svg(learning_curves(attempts), title=title, language=call.visitor.language)
    )


def _adherence(
    log: tuple[HomeCareRecord, ...], records: tuple[SessionRecord, ...]
) -> list[tuple[str, Adherence]]:
    """Hold the log against the protocols that say something of care at home: the person's own first."""
    from trainer.cohort.adherence import HomeCareEntry, adherence, goal_of
    from trainer.protocol.library import BUILTIN_IDS, builtin

    if not log:
        return []
    own = {record.protocol_id for record in records}
    chosen = [name for name in BUILTIN_IDS if name in own] or list(BUILTIN_IDS)
    entries = [
        HomeCareEntry(e.day, e.sessions, e.minutes, e.by_whom, e.pain, e.irritation, e.note) for e in log
    ]
    found = []
    for name in chosen:
        goal = goal_of(builtin(name))
        if goal is not None:
            found.append((name, adherence(entries, goal)))
    return found
