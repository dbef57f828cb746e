"""The web server behind every page of Pijat: quiet, and gone within seconds of being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

_LARGEST_MESSAGE = 1024 * 1024
"""Bytes of one WebSocket message: a camera picture as JPEG takes a tenth."""


def make_uvicorn(app: ASGIApp, *, socket: bool = False) -> uvicorn.Server:
    """Return the server of a page, not started.

    Parameters
    ----------
    app : ASGI application
        What is served, guarded by `trainer.serving.guard.Guard`.
    socket : bool
        Serve WebSockets too.
    """
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="on",
            ws="auto" if socket else "none",
            ws_max_size=_LARGEST_MESSAGE,
            ws_max_queue=8,
            ws_per_message_deflate=False,
            ws_ping_interval=10.0,
            ws_ping_timeout=20.0,
            timeout_graceful_shutdown=3,
            server_header=False,
            # Addresses of clients count for the wait after wrong passphrases: none may be made up in a header.
            proxy_headers=False,
        )
    )
