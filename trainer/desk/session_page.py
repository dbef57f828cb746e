"""One session: what there is about it, whose it is, and whether its pictures may train Pijat."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from trainer.desk.blindness import is_hidden, own_grading
from trainer.desk.calls import Call, redirect
from trainer.desk.demonstration import DemonstrationView, read_demonstration
from trainer.desk.forms import Form
from trainer.desk.grading_view import total_of_grading
from trainer.desk.pages import page, tell
from trainer.desk.scales import rules_of
from trainer.errors import PijatError
from trainer.language import Text
from trainer.session.consent import STATEMENT, TrainingConsent, give_consent, read_consent

if TYPE_CHECKING:
    from trainer.library.records import SessionDetail

_SUGGESTED = 200


@dataclass(frozen=True)
class TrainingView:
    """Whether a session's pictures may train Pijat, as the page shows it.

    Attributes
    ----------
    consent : TrainingConsent or None
        None where nobody was asked.
    refused : bool
        Whether the session's person refused the use of their video or data altogether.
    trouble : Text or None
        What is wrong with the consent's file.
    """

    consent: TrainingConsent | None
    refused: bool
    trouble: Text | None = None

    @property
    def given(self) -> bool:
        """Whether they may."""
        return self.consent is not None and self.consent.newest.given


def session_page(call: Call) -> Response:
    """Show what there is about a session, and begin or go on grading it."""
    return _shown(call)


def assign(call: Call) -> Response:
    """Say whose demonstration it is."""
    library, session_id, form = call.desk.library, call.number("session"), Form(call)
    code = form.text("code", 40, optional=True)

    def act() -> None:
        person_id = library.people.find(code).id if code else None
        library.sessions.assign(session_id, person_id, actor=call.actor)

    if not form.attempt("code", act):
        return _shown(call, 422, errors=form.errors, typed=dict(call.form))
    return redirect(f"/sessions/{session_id}", saved=1)


def give_training(call: Call) -> Response:
    """Note that mother and companion agree: both boxes ticked, both named."""
    detail, form = call.desk.library.sessions.open(call.number("session")), Form(call)
    mother, companion, day = form.text("mother"), form.text("companion"), form.day("agreed_on")
    for name in ("mother", "companion"):
        if not form.ticked(f"{name}_agrees"):
            form.refuse(f"{name}_agrees", tell(call, "training_not_ticked"))
    if _refused(call, detail):
        form.refuse("mother_agrees", tell(call, "training_refused"))

    def act() -> None:
        give_consent(detail.folder, mother=mother, companion=companion, taken_by=_own_name(call), date=day)

    if not form.attempt("mother", act):
        return _shown(call, 422, errors=form.errors, typed=dict(call.form))
    subject = f"session:{detail.record.id}"
    call.desk.library.audit.add(call.actor, "give training consent", subject)
    return redirect(f"/sessions/{detail.record.id}", saved=1)


def withdraw_training(call: Call) -> Response:
    """Note that the consent is taken back, delete the pictures, and say from where and what is left."""
    from trainer.collection.collecting import withdraw

    detail = call.desk.library.sessions.open(call.number("session"))
    done = withdraw(detail.folder, taken_by=_own_name(call), date=dt.date.today())
    subject = f"session:{detail.record.id}"
    call.desk.library.audit.add(call.actor, "withdraw training consent", subject)
    said = [tell(call, "training_withdrawn")]
    said += [tell(call, "training_removed", folder=path, count=count) for path, count in done.removed]
    said += [tell(call, "training_left", folder=path, why=why) for path, why in done.left]
    return _shown(call, notice=" ".join(said))


def _shown(call: Call, status: int = 200, **more: object) -> Response:
    detail = call.desk.library.sessions.open(call.number("session"))
    try:
        demonstration: DemonstrationView | None = read_demonstration(detail.folder)
        trouble = None
    except PijatError as error:
        demonstration, trouble = None, error.text
    max_points = {verdict.item_id: verdict.max_points for verdict in detail.verdicts}
    values: dict[str, object] = {
        "detail": detail,
        "record": detail.record,
        "hidden": is_hidden(call, detail),
        "trouble": trouble,
        "demonstration": demonstration,
        "rules": None if demonstration is None else rules_of(demonstration.meta, demonstration.score),
        "mine": own_grading(call, detail.gradings),
        "gradings": [(grading, total_of_grading(grading, max_points)) for grading in detail.gradings],
        "people": call.desk.library.people.list(per_page=_SUGGESTED).items,
        "training": _training(call, detail),
        "statement": STATEMENT,
        "today": dt.date.today().isoformat(),
        "notice": tell(call, "saved") if "saved" in call.query else None,
    }
    return page(call, "session", status, **(values | more))


def _training(call: Call, detail: SessionDetail) -> TrainingView:
    refused = _refused(call, detail)
    try:
        return TrainingView(read_consent(detail.folder), refused)
    except PijatError as error:
        return TrainingView(None, refused, error.text)


def _refused(call: Call, detail: SessionDetail) -> bool:
    if detail.record.person_id is None:
        return False
    said = call.desk.library.consents.get(detail.record.person_id)
    return said.video is False or said.research is False


def _own_name(call: Call) -> str:
    known = call.desk.facilitator(call.visitor.facilitator_id)
    return known.name if known else call.actor
