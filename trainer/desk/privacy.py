"""Privacy: a copy of a person's data, deleting a person, videos without consent, the log, backups."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from trainer.desk.blindness import grades_blind
from trainer.desk.calls import Call, redirect
from trainer.desk.pages import page, tell

if TYPE_CHECKING:
    from trainer.library.records import PersonRecord

_MOST_VIDEOS = 50


def privacy_page(call: Call) -> Response:
    """Show what there is to keep private, and the way to each person's page."""
    from trainer.library.records import SessionFilter

    library = call.desk.library
    search = call.query.get("search", "")[:200]
    return page(
        call,
        "privacy",
        search=search,
        people=library.people.list(search=search, per_page=20) if search else None,
        videos=library.sessions.list(SessionFilter(video_without_consent=True, per_page=_MOST_VIDEOS)),
        library=library.shown,
        notice=tell(call, "saved") if "saved" in call.query else None,
    )


def remove_video(call: Call) -> Response:
    """Delete a session's video; what was measured stays."""
    call.desk.library.sessions.delete_video(call.number("session"), actor=call.actor)
    return redirect("/privacy", saved=1)


def person_page(call: Call) -> Response:
    """Offer a copy of a person's data, or to delete them."""
    return _person(call)


def export(call: Call) -> Response:
    """Write a copy of a person's data below the library's folder."""
    library, person_id = call.desk.library, call.number("person")
    folder = _exports(call, library.people.get(person_id)) / f"{dt.datetime.now():%Y%m%d-%H%M%S}"
    made = library.people.export(person_id, folder, actor=call.actor)
    return _person(call, notice=tell(call, "export_done", folder=made.path), lacking=made.lacking)


def delete(call: Call) -> Response:
    """Delete a person whose code was typed, and show the receipt."""
    library, person_id = call.desk.library, call.number("person")
    person = library.people.get(person_id)
    if call.form.get("code", "").strip() != person.code:
        return _person(call, 422, errors={"code": tell(call, "code_differs")}, typed=dict(call.form))
    exported = _exports(call, person)
    if exported.name != person.code:
        shutil.rmtree(exported, ignore_errors=True)
    receipt = library.people.delete(person_id, actor=call.actor)
    return page(call, "receipt", receipt=receipt)


def audit_page(call: Call) -> Response:
    """Show who did what, newest first."""
    number = call.query.get("page", "1")
    at = int(number) if number.isdecimal() and len(number) < 9 and int(number) > 0 else 1
    log = call.desk.library.audit.list(page=at, per_page=100)
    # Whether others confirmed the camera or changed its verdict says what that was.
    kept_back = {"decision"} if grades_blind(call) else set()
    rows = [
        (row, [(key, value) for key, value in row.details.items() if key not in kept_back])
        for row in log.items
    ]
    return page(call, "audit", log=log, rows=rows, query=lambda p: f"page={p}")


def _exports(call: Call, person: PersonRecord) -> Path:
    """Return where copies of a person's data go: below their code, by which the library finds them to delete.

    A code may hold anything that people type; where it is no plain name, the person's number stands in.
    """
    from trainer.library.deletion import EXPORTS_FOLDER

    plain = person.code if re.fullmatch(r"[\w-]+", person.code) else f"person-{person.id}"
    return call.desk.library.root / EXPORTS_FOLDER / plain


def _person(call: Call, status: int = 200, **more: object) -> Response:
    person = call.desk.library.people.get(call.number("person"))
    return page(call, "person_privacy", status, person=person, **{"lacking": (), **more})
