"""The list of people and their groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from starlette.responses import Response

from trainer.desk.calls import Call, redirect
from trainer.desk.forms import Form
from trainer.desk.pages import page, tell

if TYPE_CHECKING:
    from trainer.library.records import PersonRecord, Role

ROLES = ("trainee", "mother", "facilitator")


def list_page(call: Call) -> Response:
    """Show the people that are asked for."""
    return _listed(call)


def add(call: Call) -> Response:
    """Add a person, by a code of theirs or the next free one."""
    form = Form(call)
    code = form.text("code", 40, optional=True)
    name = form.text("name", 200, optional=True)
    role = form.choice("role", ROLES)
    group_id = read_group(call, form)
    added: list[PersonRecord] = []

    def act() -> None:
        added.append(
            call.desk.library.people.add(
                code=code or None,
                role=cast("Role", role),
                name=name or None,
                group_id=group_id,
                actor=call.actor,
            )
        )

    if not form.attempt("code", act):
        return _listed(call, 422, errors=form.errors, typed=dict(call.form))
    return redirect(f"/people/{added[0].id}")


def add_group(call: Call) -> Response:
    """Add a group."""
    form = Form(call)
    name = form.text("group_name", 200)
    if not form.attempt("group_name", lambda: call.desk.library.groups.add(name, actor=call.actor)):
        return _listed(call, 422, errors=form.errors, group_typed=dict(call.form))
    return redirect("/people")


def rename_group(call: Call) -> Response:
    """Give a group another name."""
    form, group_id = Form(call), call.number("group")
    name = form.text("group_name", 200)
    if not form.attempt(
        "group_name", lambda: call.desk.library.groups.change(group_id, name, actor=call.actor)
    ):
        return _listed(call, 422, errors=form.errors, group_typed=dict(call.form))
    return redirect("/people", group=group_id)


def delete_group(call: Call) -> Response:
    """Delete a group; its people stay."""
    call.desk.library.groups.delete(call.number("group"), actor=call.actor)
    return redirect("/people")


def read_group(call: Call, form: Form) -> int | None:
    """Read the group that was chosen; None for none."""
    chosen = form.choice("group", ["", *(str(group.id) for group in call.desk.library.groups.list())])
    return int(chosen) if form.ok and chosen else None


def _listed(call: Call, status: int = 200, **more: object) -> Response:
    query = call.query
    group = query.get("group", "")
    group_id = int(group) if group.isdecimal() and len(group) < 10 else None
    role = query.get("role") if query.get("role") in ROLES else None
    search = query.get("search", "")[:200]
    number = query.get("page", "1")
    people = call.desk.library.people.list(
        group_id,
        search,
        int(number) if number.isdecimal() and 0 < len(number) < 9 and int(number) > 0 else 1,
        role=cast("Role | None", role),
    )
    kept = {"search": search, "group": group_id or "", "role": role or ""}
    return page(
        call,
        "people",
        status,
        people=people,
        groups=call.desk.library.groups.list(),
        asked=kept,
        roles=ROLES,
        query=lambda at: urlencode({**{k: v for k, v in kept.items() if v}, "page": at}),
        chosen=next((one for one in call.desk.library.groups.list() if one.id == group_id), None),
        notice=tell(call, "deleted") if "deleted" in query else None,
        **{"group_typed": {}, **more},
    )
