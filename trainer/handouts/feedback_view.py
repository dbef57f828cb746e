"""What a feedback page shows, fitted to one sheet of paper."""

from dataclasses import dataclass
from datetime import datetime

from trainer.cohort.axes import say
from trainer.handouts.model import Feedback, FeedbackItem
from trainer.handouts.words import WORDS
from trainer.report.formats import date, duration, number, plain
from trainer.report.texts import Language

_OPEN = ("not_observed", "to_confirm")
_MOST_ROWS = 44


@dataclass(frozen=True)
class Tier:
    """How tightly a page is set: rows it holds, and characters of a title, a comment and an advice."""

    name: str
    rows: int
    title: int
    comment: int
    advice: int
    notes: int


TIERS: tuple[Tier, ...] = (
    Tier("roomy", 16, 90, 70, 230, 420),
    Tier("tight", 26, 60, 40, 180, 300),
    Tier("dense", _MOST_ROWS, 46, 0, 150, 220),
)


@dataclass(frozen=True)
class Row:
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
    rows: tuple[Row, ...]
    more: tuple[str, ...]
    unseen: tuple[tuple[str, str], ...]
    banners: tuple[str, ...]
    comment: str
    signer: str
    signed_at: str


def feedback_view(feedback: Feedback, language: Language) -> FeedbackView:
    """Lay a feedback out for one page."""
    judged = [item for item in feedback.items if item.verdict not in _OPEN]
    tier = next((tier for tier in TIERS if len(judged) <= tier.rows), TIERS[-1])
    shown, more = _chosen(judged, tier, language)
    signature = feedback.signature
    return FeedbackView(
        tier=tier.name,
        heading=say(WORDS["certificate" if feedback.certified else "feedback"], language),
        name=plain(feedback.trainee, 80) or say(WORDS["unnamed"], language),
        facts=_facts(feedback, language),
        outcome="too_little" if feedback.passed is None else "passed" if feedback.passed else "not_yet",
        percent=say(WORDS["no_score"], language)
        if feedback.percent is None
        else f"{say(number(feedback.percent, 0), language)}%",
        points=f"{say(number(feedback.points), language)} / {say(number(feedback.max_points), language)}",
        advice=_advice(feedback, tier, language),
        no_advice=say(WORDS["all_good" if judged else "nothing_seen"], language),
        rows=tuple(_row(item, tier, language) for item in shown),
        more=more,
        unseen=_unseen(feedback, language),
        banners=_banners(feedback, language),
        comment=plain(feedback.comment, tier.notes),
        signer=plain(signature.facilitator, 60) if signature else "",
        signed_at=say(date(_iso(signature.signed_at)), language) if signature else "",
    )


def _chosen(
    judged: list[FeedbackItem], tier: Tier, language: Language
) -> tuple[list[FeedbackItem], tuple[str, ...]]:
    """Where there are more than the page holds: what was not met first, the rest counted."""
    if len(judged) <= tier.rows:
        return judged, ()
    rank = {"not_met": 0, "partly_met": 1}
    order = sorted(range(len(judged)), key=lambda i: (rank.get(judged[i].verdict, 2), i))
    kept = set(order[: tier.rows])
    rest = [judged[i] for i in order[tier.rows :]]
    short = sum(item.verdict in rank for item in rest)
    more = [(short, "more_short"), (len(rest) - short, "more_good")]
    words = tuple(f"+ {count} {say(WORDS[key], language)}" for count, key in more if count)
    return [item for i, item in enumerate(judged) if i in kept], words


def _row(item: FeedbackItem, tier: Tier, language: Language) -> Row:
    return Row(
        title=plain(say(item.title, language), tier.title),
        verdict=item.verdict,
        by_facilitator=item.by_facilitator,
        critical=item.critical,
        comment=plain(item.comment, tier.comment) if tier.comment else "",
    )


def _advice(feedback: Feedback, tier: Tier, language: Language) -> tuple[tuple[str, str], ...]:
    by_id = {item.id: item for item in feedback.items}
    chosen = [by_id[key] for key in feedback.advice[:3] if key in by_id]
    return tuple(
        (
            plain(say(item.comment or item.message, language), tier.advice),
            plain(say(item.title, language), tier.title),
        )
        for item in chosen
    )


def _unseen(feedback: Feedback, language: Language) -> tuple[tuple[str, str], ...]:
    """What was not observed and what waits, each as a lead and a list of names with the rest counted."""
    groups = []
    for verdict, key in (("not_observed", "unseen"), ("to_confirm", "waiting")):
        items = [item for item in feedback.items if item.verdict == verdict]
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
    facts = [plain(feedback.group, 60)]
    if feedback.attempt is not None:
        joint = "" if language == "id" else " "
        facts.append(f"{say(WORDS['attempt'], language)}{joint}{feedback.attempt}")
    if feedback.recorded_at:
        facts.append(say(date(feedback.recorded_at), language))
    if feedback.duration_s:
        facts.append(say(duration(feedback.duration_s), language))
    return tuple(fact for fact in facts if fact)


def _iso(moment: datetime) -> str:
    return moment.isoformat()
