"""The report: a session as one self-contained HTML page."""

import base64
import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from trainer.language import Language, Text
from trainer.report import anatomy, palette, patterns
from trainer.report.bullet_svg import describe
from trainer.report.checklist import fault_times, shown_measures, times, within
from trainer.report.formats import quantity
from trainer.report.messages import OUTCOME_NAMES, TEXTS, VERDICT_NAMES
from trainer.report.svg import element
from trainer.report.view import build_view
from trainer.session.model import Session

if TYPE_CHECKING:
    from jinja2 import Environment


def render_report(session: Session, *, language: Language = "id") -> str:
    """Write a session's report.

    Parameters
    ----------
    session : Session
        What `trainer.session.reader.open_session` returns; the landmarks are not needed.
    language : {"id", "en"}
        Shown first; the page holds both.

    Returns
    -------
    str
        HTML without any reference to another file or host; a strict Content-Security-Policy forbids the
        network and any script but the page's own. Without JavaScript it stays in `language`.
    """
    environment = _environment()
    css = Markup(environment.get_template("report.css").render(p=palette))
    script = Markup(environment.get_template("report.js").render())
    view = build_view(session)
    page = environment.get_template("report.html").render(
        view=view,
        language=language,
        texts=TEXTS,
        verdict_names=VERDICT_NAMES,
        outcome_names=OUTCOME_NAMES,
        tones=palette.VERDICT_TONES,
        outcome_icon=palette.OUTCOME_TONES[view.score.outcome].icon,
        css=css,
        script=script,
        policy=_policy(css, script),
        defs=element("defs", anatomy.definitions()),
        density=tuple(zip(palette.DENSITY, (95, 75, 50, 25), strict=True)),
    )
    return str(page)


def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("trainer.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["t"] = _both
    environment.globals.update(
        icon=patterns.icon,
        swatch=patterns.swatch,
        quantity=quantity,
        describe=describe,
        within=within,
        shown_measures=shown_measures,
        times=times,
        fault_times=fault_times,
    )
    return environment


def _both(text: Text | str) -> Markup:
    """Write a text once per language (the page shows one), or once when it is the same in both."""
    if isinstance(text, str):
        return Markup("<bdi>{}</bdi>").format(text)
    if text.id == text.en:
        return Markup("<bdi>{}</bdi>").format(text.en)
    return Markup('<span class="l-id" lang="id">{}</span><span class="l-en" lang="en">{}</span>').format(
        text.id, text.en
    )


def _policy(css: str, script: str) -> str:
    def digest(content: str) -> str:
        return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()

    return (
        f"default-src 'none'; style-src 'sha256-{digest(css)}'; script-src 'sha256-{digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
