"""What a feedback page shows, fitted to one sheet of paper."""

from collections.abc import Iterable
from dataclasses import dataclass

from trainer.cohort.axes import say
from trainer.handouts.fitting import Contents, fit
from trainer.handouts.messages import WORDS
from trainer.handouts.model import Feedback
from trainer.language import Language, number
from trainer.protocol.score import ItemScore
from trainer.report.formats import date, duration, plain


@dataclass(frozen=True)
class FeedbackRow:
    """One line of the checklist as printed."""

    title: str
    verdict: str
    by_facilitator: bool
    critical: bool
    comment: str


@dataclass(frozen=True)
class FeedbackView:
    """A feedback page, ready for its template; every text is in the page's language and cut to what fits."""

    tier: str
    heading: str
    name: str
    facts: tuple[str, ...]
    outcome: str
    percent: str
    points: str
    advice: tuple[tuple[str, str], ...]
    no_advice: str
    rows: tuple[FeedbackRow, ...]
    more: tuple[str, ...]
    unseen: tuple[tuple[str, str], ...]
    banners: tuple[str, ...]
    comment: str
    signer: str
    signed_at: str


def feedback_view(feedback: Feedback, language: Language) -> FeedbackView:
    """Lay a feedback out for one page."""
    judged, score = _by_need(feedback.judged), feedback.score
    name = plain(feedback.trainee, 60) or say(WORDS["unnamed"], language)
    advice, banners = _advice(feedback, language), _banners(feedback, language)
    unseen, comment = _unseen(feedback, language), plain(feedback.comment, 480)
    steps = [
        (plain(say(item.title, language), 160), plain(feedback.comment_on(item), 120)) for item in judged
    ]
    tier, fits = fit(
        Contents(
            name=name,
            banners=len(banners),
            certified=feedback.certified,
            advice=tuple(message for message, _ in advice),
            steps=tuple(steps),
            unseen=tuple(f"{lead}: {names}" for lead, names in unseen),
            note=comment,
        )
    )
    order = {item.id: place for place, item in enumerate(score.items)}
    shown = sorted(judged[:fits], key=lambda item: order[item.id])
    signature = feedback.signature
    return FeedbackView(
        tier=tier.name,
        heading=say(WORDS["certificate" if feedback.certified else "feedback"], language),
        name=name,
        facts=_facts(feedback, language),
        outcome=score.outcome,
        percent=say(WORDS["no_score"], language)
        if score.percent is None
        else f"{say(number(score.percent, 0), language)}%",
        points=f"{say(number(score.points), language)} / {say(number(score.max_points), language)}",
        advice=advice,
        no_advice=say(WORDS["all_good" if judged else "nothing_seen"], language),
        rows=tuple(_row(feedback, item, language, with_comment=bool(tier.comment_chars)) for item in shown),
        more=_more(judged[fits:], language),
        unseen=unseen,
        banners=banners,
        comment=comment,
        signer=plain(signature.facilitator, 60) if signature else "",
        signed_at=say(date(signature.signed_at.isoformat()), language) if signature else "",
    )


def _by_need(judged: Iterable[ItemScore]) -> list[ItemScore]:
    """What was not met first, so that it is named where not everything fits."""
    rank = {"not_met": 0, "partly_met": 1}
    return sorted(judged, key=lambda item: rank.get(item.state, 2))


def _more(rest: list[ItemScore], language: Language) -> tuple[str, ...]:
    short = sum(item.state in ("not_met", "partly_met") for item in rest)
    counts = ((short, "more_short"), (len(rest) - short, "more_good"))
    return tuple(f"+ {count} {say(WORDS[key], language)}" for count, key in counts if count)


def _row(feedback: Feedback, item: ItemScore, language: Language, *, with_comment: bool) -> FeedbackRow:
    return FeedbackRow(
        title=plain(say(item.title, language), 160),
        verdict=item.state,
        by_facilitator=item.by_facilitator,
        critical=item.critical,
        comment=plain(feedback.comment_on(item), 120) if with_comment else "",
    )


def _advice(feedback: Feedback, language: Language) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            plain(feedback.comment_on(item) or say(item.message, language), 260),
            plain(say(item.title, language), 90),
        )
        for item in feedback.score.advised
    )


def _unseen(feedback: Feedback, language: Language) -> tuple[tuple[str, str], ...]:
    """What was not observed and what waits, each as a lead and a list of names with the rest counted."""
    groups = []
    for state, key in (("not_observed", "unseen"), ("to_confirm", "waiting")):
        items = [item for item in feedback.unseen if item.state == state]
        if items:
            names = "; ".join(plain(say(item.title, language), 42) for item in items[:8])
            rest = f" + {len(items) - 8}" if len(items) > 8 else ""
            groups.append((f"{say(WORDS[key], language)} ({len(items)})", names + rest))
    return tuple(groups)


def _banners(feedback: Feedback, language: Language) -> tuple[str, ...]:
    found = []
    if feedback.pain:
        found.append("pain")
    if not feedback.complete:
        found.append("partial")
    if feedback.signature is None:
        found.append("unsigned")
    elif feedback.signature.edited_after:
        found.append("edited")
    return tuple(say(WORDS[key], language) for key in found)


def _facts(feedback: Feedback, language: Language) -> tuple[str, ...]:
    facts = [plain(feedback.group, 40)]
    if feedback.attempt is not None:
        joint = "" if language == "id" else " "
        facts.append(f"{say(WORDS['attempt'], language)}{joint}{feedback.attempt}")
    if feedback.recorded_at:
        facts.append(say(date(feedback.recorded_at), language))
    if feedback.duration_s:
        facts.append(say(duration(feedback.duration_s), language))
    return tuple(fact for fact in facts if fact)
