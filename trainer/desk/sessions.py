"""The list of sessions: searched, filtered, sorted; importing folders and looking whether they are still there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from starlette.responses import Response

from trainer.desk.calls import Call
from trainer.desk.forms import Form
from trainer.desk.pages import page, tell
from trainer.desk.queries import OwnGrading, open_blind_sessions, own_gradings

if TYPE_CHECKING:
    from trainer.library.records import ImportReport, SessionRecord, SessionSort, SessionState

_PER_PAGE = 50
_SORTS = ("newest", "oldest", "title", "person", "percent")
_STATES = ("present", "missing", "changed")
_LONGEST_SEARCH = 200
_SHOWN_REFUSALS = 20


@dataclass(frozen=True)
class ListedSession:
    """A session in the list, as this visitor may see it."""

    record: SessionRecord
    mine: OwnGrading | None
    hidden: bool


def list_page(call: Call) -> Response:
    """Show the sessions that are asked for."""
    return _listed(call)


def import_sessions(call: Call) -> Response:
    """Import a folder that was typed, or the library's own."""
    form = Form(call)
    if call.form.get("own") == "1":
        path = call.desk.library.root
    else:
        # Whoever is elsewhere would learn what lies on this computer.
        client = call.request.client
        if call.desk.locked and not (client and client.host in ("127.0.0.1", "::1")):
            form.refuse("path", tell(call, "import_local"))
        typed = form.text("path", 2000)
        path = Path(typed).expanduser() if form.ok else Path()
        if form.ok and not path.is_absolute():
            form.refuse("path", tell(call, "not_absolute"))
        elif form.ok and not path.is_dir():
            form.refuse("path", tell(call, "no_such_folder"))
    reports: list[ImportReport] = []
    form.attempt("path", lambda: reports.append(call.desk.library.folders.add(path, actor=call.actor)))
    if not form.ok:
        return _listed(call, status=422, errors=form.errors, typed=dict(call.form))
    report = reports[0]
    counted = {
        name: len(getattr(report, name))
        for name in ("added", "unchanged", "changed", "moved", "missing", "refused")
    }
    refused = [(str(where), why) for where, why in report.refused[:_SHOWN_REFUSALS]]
    return _listed(call, notice=tell(call, "import_done", **counted), refused=refused)


def check_folders(call: Call) -> Response:
    """Read every folder again."""
    found = call.desk.library.folders.check()
    counted = {state: sum(one.state == state for one in found) for state in ("missing", "changed")}
    return _listed(call, notice=tell(call, "checked", **counted))


def _listed(call: Call, status: int = 200, **more: object) -> Response:
    from trainer.library.records import SessionFilter

    library, query = call.desk.library, call.query
    asked = {
        "search": query.get("search", "")[:_LONGEST_SEARCH],
        "group": _id_of(query.get("group")),
        "protocol": query.get("protocol", "")[:_LONGEST_SEARCH],
        "graded": query.get("graded") if query.get("graded") in ("yes", "no") else "",
        "state": query.get("state") if query.get("state") in _STATES else "",
        "sort": query.get("sort") if query.get("sort") in _SORTS else "newest",
    }
    blind_here = open_blind_sessions(library, call.visitor.facilitator_id)
    if asked["sort"] == "percent" and (call.visitor.blind or blind_here):
        # The order would say what the camera said.
        asked["sort"] = "newest"
    found = library.sessions.list(
        SessionFilter(
            search=str(asked["search"]),
            group_id=int(asked["group"]) if asked["group"] else None,
            protocol_id=str(asked["protocol"]) or None,
            graded=None if not asked["graded"] else asked["graded"] == "yes",
            state=cast("SessionState", asked["state"]) if asked["state"] else None,
            sort=cast("SessionSort", asked["sort"]),
            page=max(1, int(_id_of(query.get("page")) or 1)),
            per_page=_PER_PAGE,
        )
    )
    mine = own_gradings(library, call.visitor.facilitator_id, [record.id for record in found.items])
    rows = [
        ListedSession(record, mine.get(record.id), _hides(call, mine.get(record.id)))
        for record in found.items
    ]
    return page(
        call,
        "library",
        status,
        sessions=found,
        rows=rows,
        asked=asked,
        groups=library.groups.list(),
        protocols=library.sessions.protocols(),
        sorts=[sort for sort in _SORTS if sort != "percent" or not (call.visitor.blind or blind_here)],
        trouble={state: _count(call, state) for state in ("missing", "changed")},
        query=_query_of(asked),
        root=library.root,
        **{"refused": (), **more},
    )


def _hides(call: Call, mine: OwnGrading | None) -> bool:
    return call.visitor.blind if mine is None else mine.hides


def _count(call: Call, state: str) -> int:
    from trainer.library.records import SessionFilter

    wanted = SessionFilter(state=cast("SessionState", state), per_page=1)
    return call.desk.library.sessions.list(wanted).total


def _id_of(value: str | None) -> str:
    return value if value is not None and value.isascii() and value.isdecimal() and len(value) < 10 else ""


def _query_of(asked: dict[str, str | None]) -> Callable[[int], str]:
    kept = {name: value for name, value in asked.items() if value and (name, value) != ("sort", "newest")}
    return lambda number: urlencode({**kept, "page": number})
