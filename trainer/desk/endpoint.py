"""Answers a request to the desk: read wholly, checked, handled in a thread; what went wrong is said in a sentence."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from trainer.desk.calls import Access, Call, Handler, redirect
from trainer.desk.pages import error_page
from trainer.errors import PijatError
from trainer.language import Text
from trainer.serving.refusals import http_status

if TYPE_CHECKING:
    from trainer.desk.desk import Desk

MOST_BYTES = 256 * 1024
_MOST_FIELDS = 400

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def endpoint(desk: Desk, handler: Handler, access: Access = "facilitator") -> Callable[[Request], Any]:
    """Make an ASGI endpoint of a handler, which runs in a thread of its own."""

    async def answer(request: Request) -> Response:
        wants_json = request.url.path.startswith("/api/")
        form: dict[str, str] = {}
        sent = refused = None
        try:
            form, sent = await _read(request, wants_json)
        except ClientDisconnect:
            return Response(status_code=400)
        except PijatError as error:
            refused = error
        known = desk.visits.read(request.cookies.get(desk.cookie))
        call = Call(desk, request, known or desk.visits.fresh(), form, sent)
        call.new_cookie = known is None or desk.visits.needs_renewal(call.visitor)
        if refused is not None:
            return _wrong(call, refused, wants_json)
        response = await run_in_threadpool(_handled, call, handler, access, wants_json)
        _finish(call, response)
        return response

    return answer


async def _read(request: Request, wants_json: bool) -> tuple[dict[str, str], Any]:
    if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
        return {}, None
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise PijatError(
            Text(
                "Ini dikirim halaman situs lain, bukan meja fasilitator: buka lagi halamannya dari meja.",
                "Expected a page of this desk to send this, got another site's.",
            ),
            "denied",
        )
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise PijatError(
                Text(
                    f"Yang dikirim terlalu besar: paling banyak {MOST_BYTES // 1024} KiB.",
                    f"Expected at most {MOST_BYTES} bytes, got more.",
                )
            )
    try:
        if wants_json:
            return {}, json.loads(body.decode("utf-8")) if body else None
        fields = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (ValueError, RecursionError) as error:
        raise PijatError(
            Text(
                "Yang dikirim bukan dari halaman meja fasilitator: muat ulang halamannya, lalu coba lagi.",
                "Expected a form of this desk, got something else.",
            )
        ) from error
    return {name: value.replace("\x00", "") for name, value in fields}, None


def _refused(call: Call, access: Access, wants_json: bool) -> Response | None:
    if access == "open":
        return None
    here = call.request.url.path + (f"?{call.request.url.query}" if call.request.url.query else "")
    go_on = here if call.request.method == "GET" else "/"
    if call.desk.locked and not call.visitor.entered:
        return _sent_away("enter", go_on, wants_json)
    if access == "facilitator" and not call.desk.knows_facilitator(call.visitor.facilitator_id):
        return _sent_away("who", go_on, wants_json)
    return None


def _sent_away(page: str, go_on: str, wants_json: bool) -> Response:
    if wants_json:
        return JSONResponse({"error": page}, status_code=401)
    return redirect(f"/{page}", next=go_on)


def _handled(call: Call, handler: Handler, access: Access, wants_json: bool) -> Response:
    try:
        return _refused(call, access, wants_json) or handler(call)
    except PijatError as error:
        return _wrong(call, error, wants_json)
    except Exception:
        logging.getLogger(__name__).exception("the desk could not answer %s", call.request.url.path)
        if wants_json:
            return JSONResponse({"error": "fault"}, status_code=500)
        return error_page(call, None, 500)


def _wrong(call: Call, error: PijatError, wants_json: bool) -> Response:
    status, sentence = http_status(error), error.text.say(call.visitor.language)
    if wants_json:
        return JSONResponse({"error": sentence}, status_code=status)
    return error_page(call, sentence, status)


def _finish(call: Call, response: Response) -> None:
    headers = response.headers
    headers.setdefault("content-security-policy", POLICY)
    # Without a referrer browsers would write "Origin: null" into forms, which the guard refuses.
    headers.setdefault("referrer-policy", "same-origin")
    if call.left:
        response.delete_cookie(call.desk.cookie, httponly=True, samesite="strict")
    elif call.new_cookie and response.status_code < 500:
        response.set_cookie(
            call.desk.cookie, call.desk.visits.write(call.visitor), httponly=True, samesite="strict", path="/"
        )
