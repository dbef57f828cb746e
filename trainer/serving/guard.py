"""Who may talk to a page that Pijat serves: this computer's own browser, and over `--lan` who holds the token."""

import hmac
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "pijat_token"
HEADERS: Mapping[str, str] = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
# Whoever is refused has no page yet whose language could be asked for: both are said.
_REFUSED = b"Pijat hanya melayani komputer ini.\nPijat serves this computer only.\n"
_NO_TOKEN = (
    b"Pindai kode QR yang ditampilkan pijat practice --lan, atau buka alamat di bawahnya.\n"
    b"Scan the QR code that pijat practice --lan shows, or open the address beneath it.\n"
)


def content_policy(host: str) -> str:
    """Return the Content-Security-Policy of Pijat's pages; `host` is one of the served ones, checked before.

    The socket is named, for older browsers do not take 'self' to cover it.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        f"media-src 'self' blob:; font-src 'self'; connect-src 'self' ws://{host}; frame-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


class Guard:
    """Refuses foreign hosts and origins, and sends the security headers with every answer.

    A page of another site cannot open the socket (its Origin differs) nor reach the pages under a name of its own
    that it lets point here (its Host differs).

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    hosts : iterable of str
        ``host:port`` as they may stand in a Host header.
    token : str or None
        Needed by everybody when given: once as ``?token=``, then as a cookie.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], token: str | None = None) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it with 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key = name.decode("latin-1")
            # A header that comes twice could be read one way here and another way elsewhere.
            headers[key] = "\n" if key in headers and key in ("host", "origin") else value.decode("latin-1")
        host = headers.get("host", "")
        if not self._is_own(scope, host, headers.get("origin")):
            await _refuse(scope, receive, send, _REFUSED)
            return
        given = self._given_token(scope)
        if self._token is not None and given is None and not self._has_cookie(headers.get("cookie", "")):
            await _refuse(scope, receive, send, _NO_TOKEN)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message.get("headers", [])}
                extra = {"content-security-policy": content_policy(host), **HEADERS}
                added = [(k.encode(), v.encode()) for k, v in extra.items() if k.encode() not in present]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        if given is not None and scope["type"] == "http":
            await _with_cookie(scope, given, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    def _is_own(self, scope: Scope, host: str, origin: str | None) -> bool:
        if host not in self._hosts:
            return False
        if origin is None:
            # Browsers send it with every WebSocket and with everything that changes something.
            return scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        return origin == f"http://{host}"

    def _given_token(self, scope: Scope) -> str | None:
        if self._token is None:
            return None
        values = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [])
        return self._token if len(values) == 1 and self._is_token(values[0]) else None

    def _has_cookie(self, cookie: str) -> bool:
        try:
            found = SimpleCookie(cookie).get(COOKIE)
        except CookieError:
            return False
        return found is not None and self._is_token(found.value)

    def _is_token(self, value: str) -> bool:
        return self._token is not None and hmac.compare_digest(
            value.encode("utf-8", "replace"), self._token.encode()
        )


async def _with_cookie(scope: Scope, token: str, send: Send) -> None:
    """Take the token out of the address, so that it stays in no history, and into a cookie."""
    cookie = f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"
    headers = [(b"location", b"/"), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(scope: Scope, receive: Receive, send: Send, why: bytes) -> None:
    if scope["type"] == "websocket":
        await receive()
        # Before it is accepted, this is answered with 403.
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(why)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": why})
