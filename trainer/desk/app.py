"""The web application of ``pijat desk``: every address and who may ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from trainer.desk import (
    access,
    agreement,
    grading,
    media,
    people,
    person,
    privacy,
    results,
    session_page,
    sessions,
    tables,
    testing,
)
from trainer.desk.calls import Access, Call, Handler
from trainer.desk.endpoint import endpoint
from trainer.errors import PijatError
from trainer.language import Text
from trainer.serving.guard import Guard
from trainer.serving.refusals import plain_refusals
from trainer.serving.shared_files import SHARED_FILES

if TYPE_CHECKING:
    from trainer.desk.desk import Desk

_HERE = Path(__file__).parent
_PRACTICE = _HERE.parent / "web" / "static"
_MEDIA = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

PAGES: tuple[tuple[str, str, Handler, Access], ...] = (
    ("GET", "/enter", access.enter_page, "open"),
    ("POST", "/enter", access.enter, "open"),
    ("POST", "/leave", access.leave, "open"),
    ("POST", "/language", access.language, "open"),
    ("GET", "/who", access.who_page, "entered"),
    ("POST", "/who", access.who, "entered"),
    ("POST", "/who/new", access.new_facilitator, "entered"),
    ("GET", "/", sessions.list_page, "facilitator"),
    ("POST", "/import", sessions.import_sessions, "facilitator"),
    ("POST", "/check", sessions.check_folders, "facilitator"),
    ("GET", "/sessions/{session:int}", session_page.session_page, "facilitator"),
    ("POST", "/sessions/{session:int}/person", session_page.assign, "facilitator"),
    ("POST", "/sessions/{session:int}/training", session_page.give_training, "facilitator"),
    ("POST", "/sessions/{session:int}/training/withdraw", session_page.withdraw_training, "facilitator"),
    ("POST", "/sessions/{session:int}/start", grading.start, "facilitator"),
    ("GET", "/sessions/{session:int}/grade", grading.grade_page, "facilitator"),
    ("GET", "/sessions/{session:int}/gradings/{grading:int}/history", grading.history_page, "facilitator"),
    ("GET", "/sessions/{session:int}/video", media.video, "facilitator"),
    ("GET", "/sessions/{session:int}/report", media.report, "facilitator"),
    ("GET", "/api/sessions/{session:int}/thumbs", media.thumbs, "facilitator"),
    ("GET", "/api/sessions/{session:int}/timeline", media.timeline, "facilitator"),
    ("POST", "/api/sessions/{session:int}/grades", grading.save, "facilitator"),
    ("POST", "/api/sessions/{session:int}/sign", grading.sign, "facilitator"),
    ("GET", "/agreement", agreement.agreement_page, "facilitator"),
    ("GET", "/people", people.list_page, "facilitator"),
    ("POST", "/people", people.add, "facilitator"),
    ("POST", "/groups", people.add_group, "facilitator"),
    ("POST", "/groups/{group:int}", people.rename_group, "facilitator"),
    ("POST", "/groups/{group:int}/delete", people.delete_group, "facilitator"),
    ("GET", "/people/{person:int}", person.person_page, "facilitator"),
    ("POST", "/people/{person:int}", person.update, "facilitator"),
    ("POST", "/people/{person:int}/consent", person.consent, "facilitator"),
    ("POST", "/people/{person:int}/home-care", person.add_home_care, "facilitator"),
    ("POST", "/people/{person:int}/home-care/{entry:int}/delete", person.delete_home_care, "facilitator"),
    ("POST", "/people/{person:int}/outcomes", person.add_outcome, "facilitator"),
    ("POST", "/people/{person:int}/outcomes/{entry:int}/delete", person.delete_outcome, "facilitator"),
    ("POST", "/people/{person:int}/tests", testing.start, "facilitator"),
    ("GET", "/tests/{sitting:int}", testing.test_page, "facilitator"),
    ("POST", "/tests/{sitting:int}/finish", testing.finish, "facilitator"),
    ("GET", "/tests/{sitting:int}/review", testing.review_page, "facilitator"),
    ("POST", "/api/tests/{sitting:int}/answers", testing.answer, "facilitator"),
    ("GET", "/results", results.results_page, "facilitator"),
    ("GET", "/handouts/group", results.group_handout, "facilitator"),
    ("GET", "/handouts/checklist/{protocol:str}", results.checklist_handout, "facilitator"),
    ("GET", "/sessions/{session:int}/feedback", results.feedback_handout, "facilitator"),
    ("GET", "/downloads/tables.xlsx", tables.xlsx, "facilitator"),
    ("GET", "/downloads/{table:str}.csv", tables.csv, "facilitator"),
    ("GET", "/privacy", privacy.privacy_page, "facilitator"),
    ("GET", "/people/{person:int}/privacy", privacy.person_page, "facilitator"),
    ("POST", "/people/{person:int}/export", privacy.export, "facilitator"),
    ("POST", "/people/{person:int}/delete", privacy.delete, "facilitator"),
    ("POST", "/sessions/{session:int}/video/delete", privacy.remove_video, "facilitator"),
    ("GET", "/audit", privacy.audit_page, "facilitator"),
    ("GET", "/questions", testing.bank_page, "facilitator"),
    ("POST", "/questions", testing.save_bank, "facilitator"),
)
"""Method, address, handler, and who may ask."""


def create_app(
    desk: Desk,
    hosts: Iterable[str],
    *,
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None,
) -> Starlette:
    """Make the web application.

    Parameters
    ----------
    desk : Desk
        What it shows.
    hosts : iterable of str
        ``host:port`` under which it is served; all others are refused.
    lifespan : callable, optional
        What begins and ends with the server.
    """

    async def health(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    routes: list[BaseRoute] = [
        Route(path, endpoint(desk, handler, who), methods=[method]) for method, path, handler, who in PAGES
    ]
    routes += [Route("/api/health", health), *_static_routes()]
    routes.append(Route("/{rest:path}", endpoint(desk, _nothing, "open"), methods=["GET"]))
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=tuple(hosts))],
        exception_handlers=plain_refusals(None),
        lifespan=lifespan,
    )


def _nothing(call: Call) -> Response:
    raise PijatError(
        Text(
            "Tidak ada halaman di alamat itu: mulai dari daftar sesi.",
            "Expected the address of a page, got another.",
        ),
        "missing",
    )


def _static_routes() -> list[BaseRoute]:
    """Return a route for each file that ships: no path of a request is ever looked up."""
    shared = {name: _PRACTICE / name for name in ("style.css", "icon.svg")}
    shared |= {path.name: path for path in sorted(SHARED_FILES.iterdir()) if path.suffix in _MEDIA}
    own = {path.name: path for path in sorted((_HERE / "static").iterdir()) if path.suffix in _MEDIA}
    return [Route(f"/static/{name}", _sender(path)) for name, path in {**own, **shared}.items()]


def _sender(path: Path) -> Callable[[Request], Response]:
    def send(request: Request) -> Response:
        return FileResponse(path, media_type=_MEDIA[path.suffix], headers={"cache-control": "no-cache"})

    return send
