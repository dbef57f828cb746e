"""One request to the desk, with who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trainer.desk.visitors import Visitor
from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    from trainer.desk.desk import Desk

Access = Literal["open", "entered", "facilitator"]
"""Who may ask: anybody (to come in), who gave the passphrase where one is needed, who said which facilitator it is."""


@dataclass
class Call:
    """A request with who asks and what is to be answered.

    Attributes
    ----------
    desk : Desk
        What is asked.
    request : Request
        Its address and headers; the body is read.
    visitor : Visitor
        Who asks.
    form : mapping of str to str
        Fields of a form; the last one of a name counts.
    sent : object
        What was sent as JSON.
    """

    desk: Desk
    request: Request
    visitor: Visitor
    form: Mapping[str, str]
    sent: Any = None
    new_cookie: bool = False
    left: bool = False

    @property
    def query(self) -> Mapping[str, str]:
        """Fields of the address."""
        return self.request.query_params

    def number(self, name: str) -> int:
        """Return a number of the path, such as a session's."""
        value = self.request.path_params[name]
        # Databases know no larger numbers, and would say so in words of their own.
        if not isinstance(value, int) or value > 2**31 - 1:
            raise PijatError(
                Text(
                    "Nomor itu tidak ada di perpustakaan: muat ulang daftarnya.",
                    "Expected something of this library, got a number that nothing has.",
                ),
                "missing",
            )
        return value

    def become(self, **changes: Any) -> None:
        """Change the visit: language, facilitator, blind."""
        self.visitor = replace(self.visitor, **changes)
        self.new_cookie = True

    @property
    def facilitator_id(self) -> int:
        """Who grades; asked only where `Access` is ``facilitator``."""
        if self.visitor.facilitator_id is None:
            raise PijatError(
                Text(
                    "Belum ada fasilitator yang dipilih: pilih siapa Anda.",
                    "Expected a facilitator, got none: choose who you are.",
                ),
                "denied",
            )
        return self.visitor.facilitator_id

    @property
    def actor(self) -> str:
        """Who does it, for the audit: the facilitator's code."""
        known = self.desk.facilitator(self.visitor.facilitator_id)
        return known.code if known else "desk"


Handler = Callable[[Call], Response]


def redirect(path: str, **query: str | int) -> Response:
    """Answer a form that was taken: the page to go on with, so that loading it again sends nothing twice."""
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, status_code=303)
