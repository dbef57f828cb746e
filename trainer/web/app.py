"""The web application of ``pijat practice``: the page, its socket, reports. Nothing of it leaves this computer."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from trainer.errors import PijatError
from trainer.language import Language, Text
from trainer.serving.guard import Guard
from trainer.serving.refusals import plain_refusals
from trainer.serving.shared_files import SHARED_FILES

if TYPE_CHECKING:
    from trainer.protocol.model import Protocol
    from trainer.web.hub import Hub

_HERE = Path(__file__).parent
_MEDIA = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".webm": "video/webm",
}
_META_POLICY = re.compile(r'http-equiv="Content-Security-Policy"\s+content="([^"]+)"', re.IGNORECASE)
_CLOSED_POLICY = "default-src 'none'"


def create_app(
    hub: Hub,
    sessions: Path,
    protocols: Iterable[Protocol],
    hosts: Iterable[str],
    *,
    token: str | None = None,
    language: Language = "id",
    lifespan: Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]] | None = None,
) -> Starlette:
    """Make the web application.

    Parameters
    ----------
    hub : Hub
        Answers the socket.
    sessions : Path
        The folder whose sessions' reports are shown, by their ids.
    protocols : iterable of Protocol
        Told to who asks.
    hosts : iterable of str
        ``host:port`` under which it is served; all others are refused.
    token : str, optional
        Needed by everybody when given.
    language : {"id", "en"}
        In which the page opens.
    lifespan : callable, optional
        What begins and ends with the server.
    """
    offered = list(protocols)

    async def page(request: Request) -> Response:
        return HTMLResponse(_page(language))

    async def listed(request: Request) -> Response:
        from trainer.protocol.display import protocol_document

        return JSONResponse([protocol_document(protocol) for protocol in offered])

    async def report(request: Request) -> Response:
        return _report(sessions, request.path_params["session"])

    async def socket(connection: WebSocket) -> None:
        await hub.serve(connection)

    async def drawing(request: Request) -> Response:
        from trainer.web.drawing import back_drawing

        return Response(back_drawing(), media_type="image/svg+xml")

    async def health(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    routes: list[BaseRoute] = [
        Route("/", page),
        Route("/api/protocols", listed),
        Route("/api/health", health),
        Route("/drawing/back.svg", drawing),
        Route("/report/{session:str}", report),
        WebSocketRoute("/ws/practice", socket),
        *_static_routes(),
    ]

    @contextlib.asynccontextmanager
    async def nothing(app: Starlette) -> AsyncIterator[None]:
        yield

    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=tuple(hosts), token=token)],
        exception_handlers=plain_refusals(language),
        lifespan=lifespan or nothing,
    )


def _page(language: Language) -> str:
    text = (_HERE / "static" / "index.html").read_text(encoding="utf-8")
    return text.replace('<html lang="id"', f'<html lang="{language}"', 1)


def _static_routes() -> list[BaseRoute]:
    """Return a route for each file that ships with the page: no path of a request is ever looked up."""
    return [
        Route(f"/static/{path.relative_to(root).as_posix()}", _sender(path))
        for root in (_HERE / "static", SHARED_FILES)
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix in _MEDIA
    ]


def _sender(path: Path) -> Callable[[Request], Response]:
    def send(request: Request) -> Response:
        return FileResponse(path, media_type=_MEDIA[path.suffix])

    return send


def _report(sessions: Path, wanted: str) -> Response:
    """Answer with a session's report; `wanted` is compared with the names that are there, never opened."""
    found = None
    if sessions.is_dir():
        found = next(
            (
                entry
                for entry in sessions.iterdir()
                if entry.name == wanted and not entry.name.startswith(".")
            ),
            None,
        )
    if found is None or found.is_symlink() or not (found / "report.html").is_file():
        raise PijatError(
            Text(
                "Tidak ada laporan untuk sesi itu: pilih sesi lain.",
                "There is no report of that session: choose another.",
            ),
            "missing",
        )
    text = (found / "report.html").read_text(encoding="utf-8")
    stated = _META_POLICY.search(text)
    policy = html.unescape(stated.group(1)) if stated else _CLOSED_POLICY
    return HTMLResponse(text, headers={"content-security-policy": f"{policy}; frame-ancestors 'self'"})
