"""The hand-outs as self-contained A4 pages, in one language, for paper first and the screen second."""

import base64
import hashlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from trainer.cohort.axes import say
from trainer.handouts.feedback_view import feedback_view
from trainer.handouts.group_view import group_view
from trainer.handouts.messages import OBSERVERS, WORDS
from trainer.handouts.model import Feedback, GroupReport
from trainer.language import Language, Text, number
from trainer.protocol.model import Protocol
from trainer.protocol.ratings import BEST_RATING, RATINGS
from trainer.report import palette, patterns
from trainer.report.formats import plain
from trainer.report.messages import OUTCOME_NAMES, VERDICT_NAMES

if TYPE_CHECKING:
    from jinja2 import Environment


def checklist_page(protocol: Protocol, *, language: Language = "id") -> str:
    """Write a protocol's blank daftar tilik: boxes of its own scale, every item, fields to sign.

    Parameters
    ----------
    protocol : Protocol
        Any; titles and instructions of any length are wrapped.
    language : {"id", "en"}

    Returns
    -------
    str
        HTML that refers to no other file or host.
    """
    numbered = list(enumerate(protocol.steps, start=1))
    parts = [
        (None, [row for row in numbered if not row[1].overall]),
        (WORDS["whole"], [row for row in numbered if row[1].overall]),
    ]
    most = sum(step.weight for step in protocol.steps) * BEST_RATING[protocol.scale]
    return _page(
        "checklist.html",
        language,
        f"{say(WORDS['checklist'], language)}: {plain(say(protocol.title, language), 200)}",
        protocol=protocol,
        parts=[part for part in parts if part[1]],
        scale=RATINGS[protocol.scale],
        sum_help=say(WORDS["sum_help"], language).format(most=say(number(most), language)),
        observers=OBSERVERS,
    )


def feedback_page(feedback: Feedback, *, language: Language = "id") -> str:
    """Write a trainee's feedback, always one page; a certificate only when passed and signed.

    Long words are cut with an ellipsis, and where there are more items than a page holds, those that went well
    are counted instead of named; nothing is left out without saying so.
    """
    return _page(
        "feedback.html",
        language,
        f"{say(WORDS['feedback'], language)}: {plain(feedback.trainee or say(WORDS['unnamed'], language), 80)}",
        view=feedback_view(feedback, language),
        feedback=feedback,
        verdict_names=VERDICT_NAMES,
        outcome_names=OUTCOME_NAMES,
        tones=palette.VERDICT_TONES,
        outcome_tones=palette.OUTCOME_TONES,
    )


def group_page(report: GroupReport, *, language: Language = "id") -> str:
    """Write a group's report: statistics with plots, attempts, home care, outcomes, a line per participant."""
    return _page(
        "group.html",
        language,
        f"{say(WORDS['group_report'], language)}: {plain(report.name, 120)}",
        view=group_view(report, language),
        report=report,
    )


def _page(template: str, language: Language, title: str, **values: object) -> str:
    environment = _environment()
    css = Markup(environment.get_template("handout.css").render(p=palette))
    script = Markup(environment.get_template("handout.js").render())

    def t(text: Text | str) -> Markup:
        # Isolated, so that a right-to-left name does not turn the words around it.
        return Markup("<bdi>{}</bdi>").format(
            plain(text if isinstance(text, str) else say(text, language), 2000)
        )

    page = environment.get_template(template).render(
        language=language,
        title=title,
        css=css,
        script=script,
        policy=_policy(css, script),
        t=t,
        w=lambda key: say(WORDS[key], language),
        icon=patterns.icon,
        n=lambda value, digits=None: say(number(value, digits), language),
        **values,
    )
    return str(page)


def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("trainer.handouts", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _policy(css: str, script: str) -> str:
    def digest(content: str) -> str:
        return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()

    return (
        f"default-src 'none'; style-src 'sha256-{digest(css)}'; script-src 'sha256-{digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
