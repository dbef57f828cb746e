"""Coming in: the passphrase, which facilitator it is, the language."""

from __future__ import annotations

import math

from starlette.responses import Response

from trainer.desk.calls import Call, redirect
from trainer.desk.forms import Form
from trainer.desk.pages import own_path, page, tell


def enter_page(call: Call) -> Response:
    """Ask for the passphrase."""
    if not call.desk.locked or call.visitor.entered:
        return redirect(own_path(call.query.get("next")))
    return page(call, "enter", go_on=own_path(call.query.get("next")))


def enter(call: Call) -> Response:
    """Let in whoever knows the passphrase, and make the others wait longer each time."""
    go_on = own_path(call.form.get("next"))
    if not call.desk.locked:
        return redirect(go_on)
    address = call.request.client.host if call.request.client else "?"
    wait = call.desk.door.wait_s(address)
    if wait > 0:
        told = tell(call, "wait", seconds=math.ceil(wait))
        return page(call, "enter", 429, go_on=go_on, errors={"passphrase": told})
    # Noted before it is known: tries that come at the same time wait for each other too.
    call.desk.door.failed(address)
    if not call.desk.library.passphrase.check(call.form.get("passphrase", "")[:1000]):
        call.desk.library.audit.add(address, "desk.refused", "desk", {})
        return page(call, "enter", 403, go_on=go_on, errors={"passphrase": tell(call, "wrong_passphrase")})
    call.desk.door.entered(address)
    call.visitor = call.desk.visits.enter(call.visitor)
    call.new_cookie = True
    call.desk.library.audit.add(address, "desk.entered", "desk", {})
    return redirect(go_on)


def leave(call: Call) -> Response:
    """End the visit."""
    call.desk.visits.end(call.visitor)
    call.left = True
    return redirect("/enter")


def who_page(call: Call) -> Response:
    """Ask which facilitator it is."""
    return _who(call, own_path(call.query.get("next")), {}, {})


def who(call: Call) -> Response:
    """Take down which facilitator it is."""
    go_on = own_path(call.form.get("next"))
    chosen = call.form.get("facilitator", "")
    if not chosen.isdecimal() or len(chosen) > 9 or not call.desk.knows_facilitator(int(chosen)):
        return _who(call, go_on, {}, {"facilitator": tell(call, "not_a_choice")})
    call.become(facilitator_id=int(chosen), blind=call.form.get("blind") == "1")
    return redirect(go_on)


def new_facilitator(call: Call) -> Response:
    """Add a facilitator, who then sits at the desk."""
    form = Form(call)
    code, name = form.text("code", 40), form.text("name", 200)
    added: list[int] = []
    done = form.attempt(
        "code", lambda: added.append(call.desk.library.facilitators.add(code, name, actor=code).id)
    )
    go_on = own_path(call.form.get("next"))
    if not done:
        return _who(call, go_on, dict(call.form), form.errors)
    call.become(facilitator_id=added[0])
    return redirect(go_on)


def language(call: Call) -> Response:
    """Change the language of the pages."""
    call.become(language="en" if call.form.get("language") == "en" else "id")
    return redirect(own_path(call.form.get("next")))


def _who(call: Call, go_on: str, typed: dict[str, str], errors: dict[str, str]) -> Response:
    people = [person for person in call.desk.library.facilitators.list() if person.active]
    return page(
        call, "who", 422 if errors else 200, facilitators=people, go_on=go_on, typed=typed, errors=errors
    )
