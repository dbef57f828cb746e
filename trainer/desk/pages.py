"""Writes the desk's pages: templates in the visitor's language, everything escaped."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.datastructures import URL
from starlette.responses import HTMLResponse, Response

from trainer.desk.messages import texts, words
from trainer.desk.messages.audit import ACTIONS
from trainer.language import Language, Text, both, number
from trainer.report import formats, patterns
from trainer.report.messages import OUTCOME_NAMES, VERDICT_NAMES

if TYPE_CHECKING:
    from jinja2 import Environment

    from trainer.desk.calls import Call


def page(call: Call, template: str, status: int = 200, **values: Any) -> Response:
    """Answer with a page.

    Parameters
    ----------
    call : Call
        Whose language it is in.
    template : str
        Its name without ``.html``.
    status : int
        422 for a form that was refused.
    **values
        What the template shows.
    """
    return HTMLResponse(render(call, template, **values), status_code=status)


def render(call: Call, template: str, **values: Any) -> str:
    """Write a page."""
    language = call.visitor.language

    def say(text: Text | str | None) -> str:
        if text is None:
            return ""
        return text if isinstance(text, str) else text.say(language)

    return (
        _environment()
        .get_template(f"{template}.html")
        .render(
            {
                "t": words(language),
                "say": say,
                "language": language,
                "visitor": call.visitor,
                "locked": call.desk.locked,
                "here": _here(call),
                "errors": {},
                "typed": {},
                "notice": None,
                **values,
                "grader": values["grader"]
                if "grader" in values
                else call.desk.facilitator(call.visitor.facilitator_id),
            }
        )
    )


def own_path(path: str | None) -> str:
    """Return a path of this desk to go on with; any other address becomes the first page."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > 1000:
        return "/"
    return "/" if any(ord(letter) < 33 for letter in path) else path


def _here(call: Call) -> str:
    """Return the address of the page that is shown, to come back to; a refused form's is where it was filled in."""
    here = call.request.method == "GET"
    shown = call.request.url if here else URL(call.request.headers.get("referer", "/"))
    return own_path(f"{shown.path}?{shown.query}" if shown.query else shown.path)


def error_page(call: Call, sentence: str | None, status: int) -> Response:
    """Answer with what went wrong (None: a fault of ours), without asking the library, which may be what is gone."""
    return page(call, "error", status, sentence=sentence, kind=status, grader=None)


def tell(call: Call, key: str, **values: object) -> str:
    """Return a sentence in the visitor's language with {places} filled in."""
    return texts()[key].fill(**values).say(call.visitor.language)


def action(name: str, language: Language) -> str:
    """Return what somebody did, as the log names it, in a language."""
    return ACTIONS[name].say(language) if name in ACTIONS else name


def data_block(document: object) -> Markup:
    """Return JSON that may stand in a script element which is only data: nothing in it can end that element."""
    text = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def moment(at: dt.datetime | None) -> Text:
    """Write a point in time as people of this place do."""
    return formats.date(at.isoformat() if at else None)


def day(at: dt.date | dt.datetime | None) -> Text:
    """Write a day."""
    if at is None:
        return both("–")
    if isinstance(at, dt.datetime):
        at = at.astimezone().date()
    text = formats.date(f"{at.isoformat()}T00:00:00")
    return Text(text.id.rpartition(",")[0], text.en.rpartition(",")[0])


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("trainer.desk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(fill=_fill, moment=moment, day=day)
    environment.globals.update(
        icon=patterns.icon,
        number=number,
        quantity=formats.quantity,
        duration=formats.duration,
        clock=formats.clock,
        data_block=data_block,
        action=action,
        verdict_names=VERDICT_NAMES,
        outcome_names=OUTCOME_NAMES,
    )
    return environment


def _fill(text: str, **values: object) -> str:
    return text.format(**values)
