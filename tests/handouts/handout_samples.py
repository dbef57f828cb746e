"""Groups and demonstrations for the hand-outs, made by code."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from trainer.cohort.adherence import HomeCareEntry, adherence, goal_of
from trainer.cohort.agreement import CAMERA, AgreementInputs, Rating, compare_all, graded_items
from trainer.cohort.attempts import Attempt
from trainer.cohort.comparison import compare_groups
from trainer.cohort.outcomes import OutcomeEntry
from trainer.handouts.model import (
    Feedback,
    GroupReport,
    HomeCareSummary,
    KnowledgeScores,
    Signature,
    group_report,
)
from trainer.language import Text
from trainer.protocol.library import builtin
from trainer.protocol.ratings import total_of_items
from trainer.protocol.score import ItemScore, Score, Verdict

MADE = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)
SIGNED = Signature("Bidan Ratna Dewi, S.Tr.Keb.", datetime(2026, 3, 3, 9, 0, tzinfo=UTC))
ARABIC = "فاطمة الزهراء بنت عبد الله"
TITLE = Text("Pijat oksitosin (Tegalagung 2022)", "Oxytocin massage (Tegalagung 2022)")
HOSTILE = "<script>alert('x')</script>"


class Line(NamedTuple):
    """An item of a checklist with the facilitator's comment on it."""

    item: ItemScore
    comment: str


def item(number: int, state: str = "met", **other) -> Line:
    scored = ItemScore(
        id=f"i{number}",
        title=other.get("title", Text(f"Langkah {number}", f"Step {number}")),
        observer="facilitator" if other.get("by_facilitator") or state == "to_confirm" else "camera",
        verdict=Verdict.NOT_OBSERVED if state == "to_confirm" else Verdict(state),
        to_be_confirmed=state == "to_confirm",
        points={"met": 2.0, "partly_met": 1.0}.get(state, 0.0),
        max_points=2.0,
        critical=other.get("critical", False),
        measures=(),
        evidence=(),
        message=other.get("message", Text("Lakukan lebih pelan.", "Do it more slowly.")),
        source="",
    )
    return Line(scored, other.get("comment", ""))


def feedback(
    lines: list[Line], *, protocol_title: Text = TITLE, protocol_id: str = "tegalagung-2022", **other
) -> Feedback:
    items = [line.item for line in lines]
    total = total_of_items(items)
    score = Score(
        protocol_id=protocol_id,
        protocol_version="1.0.0",
        protocol_hash="0" * 64,
        protocol_title=protocol_title,
        items=tuple(items),
        points=total.points,
        max_points=total.most,
        percent=total.percent,
        pass_mark_percent=75.0,
        passed=None if total.percent is None else total.percent >= 75,
        not_observed=(),
        advice=tuple(one.id for one in items if one.state in ("not_met", "partly_met"))[:3],
    )
    made = Feedback(
        trainee="P-0007",
        group="Kader Tegalagung",
        attempt=3,
        recorded_at="2026-03-03T09:40:00+07:00",
        duration_s=912.0,
        score=score,
        comments={line.item.id: line.comment for line in lines},
    )
    return replace(made, **other)


def usual() -> list[Line]:
    return [
        *(item(n, by_facilitator=True) for n in range(1, 5)),
        item(5, "not_observed"),
        item(6, "met", critical=True),
        item(7, "partly_met", critical=True),
        *(item(n) for n in range(8, 12)),
        item(12, "to_confirm"),
    ]


def overfull(items: int) -> Feedback:
    """As much and as long as it can be."""
    verdicts = ("met", "not_met", "partly_met")
    rows = [
        item(
            n,
            verdicts[n % 3],
            title=Text("Langkah yang sangat panjang sekali namanya " * 50, "WWWW MMMM " * 200),
            message=Text("Pesan yang panjang " * 100, "M" * 2000),
            comment="Catatan W W W " * 60,
            by_facilitator=True,
            critical=n % 4 == 0,
        )
        for n in range(items)
    ]
    rows += [item(1000 + n, "not_observed", title=Text("Tak terlihat " * 40, "W" * 400)) for n in range(30)]
    rows += [item(2000 + n, "to_confirm", title=Text("Menunggu " * 40, "M" * 400)) for n in range(20)]
    return feedback(
        rows,
        trainee="W" * 10_000,
        group=ARABIC * 40,
        comment="W" * 3000,
        complete=False,
        pain=True,
        signature=replace(SIGNED, facilitator="W M " * 400, edited_after=True),
        protocol_title=Text("Judul " * 300, "W" * 1500),
    )


def group(people: int, seed: int = 5, name: str = "Kader Posyandu Tegalagung") -> GroupReport:
    rng = random.Random(seed)
    protocol = builtin("tegalagung-2022")
    codes = [f"P-{n:04}" for n in range(1, people + 1)]
    knowledge = []
    for number, code in enumerate(codes):
        before = float(rng.randrange(40, 75))
        after = min(100.0, before + round(rng.gauss(13, 8)))
        knowledge.append(KnowledgeScores(code, None if number == 3 else before, after, number % 5 == 0, 0))
    attempts = [
        Attempt(
            code, n, None, None if rng.random() < 0.05 else min(100.0, 45 + rng.gauss(0, 7) + 9 * n), n > 3
        )
        for code in codes
        for n in range(1, rng.randrange(3, 6))
    ]
    goal = goal_of(builtin("jabodetabek-2025"))
    homes, outcomes = [], []
    start = date(2026, 3, 1)
    for code in codes[: people // 2]:
        log = tuple(
            HomeCareEntry(
                start + timedelta(days=d),
                rng.choice([0, 1, 2, 2, 3]),
                None,
                "suami",
                pain=d == 5 and code == "P-0002",
            )
            for d in range(14)
            if d == 5 or rng.random() < 0.85
        )
        homes.append(
            HomeCareSummary(code, adherence(log, goal, start=start, until=start + timedelta(days=20)), log)
        )
        for kind, before, after in (("milk_ml", 14.0, 25.0), ("fluency", 1.0, 3.0), ("latch", 6.0, 9.0)):
            outcomes.append(OutcomeEntry(code, kind, "before", MADE, before + rng.choice([0, 0, 1])))
            outcomes.append(OutcomeEntry(code, kind, "after", MADE, after - rng.choice([0, 0, 1])))
    inputs = AgreementInputs(
        protocol.id,
        protocol.scale,
        graded_items(protocol),
        tuple(
            Rating(f"s{s}", rater, step.id, rng.choice([0.0, 1.0, 2.0, 2.0, None]))
            for s in range(min(people, 12))
            for rater in (CAMERA, "F-1", "F-2")
            for step in protocol.steps
        ),
    )
    groups = compare_groups(
        [23.0, 25, 24, 28, 26], [15.0, 17, 16, 14, 18], ("Dipijat", "Tidak"), Text("ml", "ml")
    )
    return group_report(
        name,
        codes,
        made_at=MADE,
        description="Desa Tegalagung, Tuban",
        protocol_title=protocol.title,
        pass_mark_percent=protocol.pass_mark_percent,
        knowledge=knowledge,
        attempts=attempts,
        home_care=homes,
        outcomes=outcomes,
        comparisons=[(Text("ASI sesudah", "milk after"), groups)] if people else [],
        agreement=compare_all(inputs),
    )
