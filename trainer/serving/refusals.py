"""How pages answer errors: the HTTP status of each kind, and sentences where a framework would say English words."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from trainer.errors import Kind, PijatError
from trainer.language import Language, Text

HTTP_STATUS: Mapping[Kind, int] = {
    "missing": 404,
    "invalid": 422,
    "conflict": 409,
    "busy": 503,
    "denied": 403,
}
"""The one table from what is the matter to the status of an answer."""

_NO_PAGE = Text(
    "Tidak ada halaman di alamat itu: buka lagi halaman depan.",
    "There is no page at that address: open the first page again.",
)
_NOT_SO = Text(
    "Permintaan itu tidak dapat dilayani: muat ulang halamannya, lalu coba lagi.",
    "That request cannot be answered: reload the page, then try again.",
)
_FAULT = Text(
    "Ada kesalahan pada Pijat. Coba lagi; bila terulang, mulai ulang Pijat.",
    "Something in Pijat went wrong. Try again; if it happens again, start Pijat anew.",
)


def http_status(error: PijatError) -> int:
    """Return the HTTP status with which a page answers an error.

    Examples
    --------
    >>> http_status(PijatError(Text("Tidak ada video.", "There is no video."), "missing"))
    404
    """
    return HTTP_STATUS[error.kind]


def plain_refusals(
    language: Language | None,
) -> Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]]:
    """Return how an application answers what no page of it answers: one sentence of plain text.

    Parameters
    ----------
    language : {"id", "en"} or None
        What its pages are in; None when only they know: then both are said.
    """

    def answer(text: Text, status: int, headers: Mapping[str, str] | None = None) -> Response:
        said = f"{text.id}\n{text.en}\n" if language is None else f"{text.say(language)}\n"
        return PlainTextResponse(said, status, headers)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(_NO_PAGE if error.status_code == 404 else _NOT_SO, error.status_code, error.headers)

    async def mendable(request: Request, error: Exception) -> Response:
        assert isinstance(error, PijatError)
        return answer(error.text, http_status(error))

    async def failed(request: Request, error: Exception) -> Response:
        logging.getLogger(__name__).error("could not answer %s", request.url.path, exc_info=error)
        return answer(_FAULT, 500)

    return {HTTPException: refused, PijatError: mendable, Exception: failed}
