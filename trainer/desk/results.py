"""The results of a group: statistics with their plots, and what is printed and downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from trainer.desk.agreement import ratings_of, visible_ratings
from trainer.desk.blindness import refuse_hidden
from trainer.desk.calls import Call
from trainer.desk.cohort_data import GroupData, compare, gather, report_of
from trainer.desk.media import SHUT_POLICY
from trainer.desk.pages import page, tell
from trainer.desk.scales import rules_of
from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    from trainer.handouts.model import FacilitatorGrade, GroupReport, Signature
    from trainer.library.records import GradingRecord


def results_page(call: Call) -> Response:
    """Show a group's results, beside another's if asked."""
    from trainer.cohort.result_rows import group_statements, paired_statements
    from trainer.protocol.library import BUILTIN_IDS

    data = gather(call, _id_of(call.query.get("group")))
    other_id = _id_of(call.query.get("other"))
    other = gather(call, other_id) if other_id is not None and data.group is not None else None
    name = data.name or tell(call, "everybody")
    report = report_of(data, name)
    compared = [] if other is None else compare(data, other, (name, other.name))
    return page(
        call,
        "results",
        data=data,
        other=other,
        report=report,
        name=name,
        groups=call.desk.library.groups.list(),
        test=None if report.test is None else (report.test, paired_statements(report.test)),
        outcomes=[
            (one, paired_statements(one.comparison, ranks_only=bool(one.classes))) for one in report.outcomes
        ],
        compared=[(what, found, group_statements(found)) for what, found in compared],
        plots=_plots(call, report),
        protocols=BUILTIN_IDS,
    )


def group_handout(call: Call) -> Response:
    """Show the group's report, ready to print."""
    from trainer.cohort.agreement import compare_all
    from trainer.handouts.render import group_page

    data = gather(call, _id_of(call.query.get("group")))
    name = data.name or tell(call, "everybody")
    group_id = data.group.id if data.group else None
    inputs, _ = visible_ratings(call, ratings_of(call, data.protocol_id, group_id))
    report = report_of(data, name, compare_all(inputs))
    return _shut_away(group_page(report, language=call.visitor.language))


def checklist_handout(call: Call) -> Response:
    """Show a protocol's blank checklist, ready to print."""
    from trainer.handouts.render import checklist_page
    from trainer.protocol.library import BUILTIN_IDS, builtin

    wanted = call.request.path_params["protocol"]
    if wanted not in BUILTIN_IDS:
        raise PijatError(
            Text(
                "Itu bukan protokol bawaan: untuk protokol dalam berkas, pakai pijat handout checklist.",
                "Expected a built-in protocol, got another: use pijat handout checklist for a file.",
            ),
            "missing",
        )
    return _shut_away(checklist_page(builtin(wanted), language=call.visitor.language))


def feedback_handout(call: Call) -> Response:
    """Show a trainee's feedback on one session, with the visitor's grades or, without such, another signed one's."""
    from trainer.handouts.feedback import feedback_of_session
    from trainer.handouts.render import feedback_page
    from trainer.session.reader import read_meta, read_score

    detail = call.desk.library.sessions.open(call.number("session"))
    refuse_hidden(call, detail)
    meta, score = read_meta(detail.folder), read_score(detail.folder)
    rules = rules_of(meta, score)
    signed = [grading for grading in detail.gradings if grading.signed_at is not None]
    signed.sort(key=lambda grading: grading.facilitator_id != call.visitor.facilitator_id)
    grading = signed[0] if signed and rules.protocol is not None else None
    max_points = {verdict.item_id: verdict.max_points for verdict in detail.verdicts}
    record = detail.record
    feedback = feedback_of_session(
        meta,
        score,
        trainee=record.person_code or "",
        group=record.group_name or "",
        attempt=record.attempt,
        grades=None if grading is None else _grades(grading, max_points, rules),
        protocol=None if grading is None else rules.protocol,
        signature=None if grading is None else _signature(grading),
    )
    return _shut_away(feedback_page(feedback, language=call.visitor.language))


def _grades(grading: GradingRecord, max_points: dict[str, float], rules: Any) -> dict[str, FacilitatorGrade]:
    from trainer.handouts.model import FacilitatorGrade

    known = {step.id for step in rules.protocol.steps}
    return {
        grade.item_id: FacilitatorGrade(
            None
            if grade.rating is None
            else float(rules.level_of(grade.rating, max_points.get(grade.item_id, 0.0))),
            grade.comment,
        )
        for grade in grading.grades
        if grade.item_id in known
    }


def _signature(grading: GradingRecord) -> Signature | None:
    from trainer.handouts.model import Signature

    if grading.signed_at is None:
        return None
    return Signature(grading.facilitator_name, grading.signed_at, grading.edited_after_signing)


def _shut_away(document: str) -> Response:
    return HTMLResponse(document, headers={"content-security-policy": SHUT_POLICY})


def _plots(call: Call, report: GroupReport) -> dict[str, Markup]:
    """Draw what there is to draw; the drawings escape what they write."""
    from trainer.cohort.plots import gain_svg, learning_curves_svg, paired_lines_svg
    from trainer.handouts.model import POINTS_OF_100

    language = call.visitor.language
    plots: dict[str, Markup] = {}
    knowledge, gain = Text("Pengetahuan", "Knowledge"), Text("Kenaikan pengetahuan", "Gain in knowledge")
    if report.test is not None and report.test.n:
        before, after = ([getattr(row, of) for row in report.knowledge] for of in ("before", "after"))
        drawn = paired_lines_svg(
            before, after, title=knowledge, unit=POINTS_OF_100, language=language, limits=(0, 100)
        )
        plots["knowledge"] = Markup(drawn)
        plots["gain"] = Markup(gain_svg(report.test, title=gain, language=language))
    if report.curves:
        plots["curves"] = Markup(
            learning_curves_svg(
                report.curves,
                title=Text("Nilai demonstrasi", "Score of demonstrations"),
                pass_mark_percent=report.pass_mark_percent,
                language=language,
            )
        )
    for outcome in report.outcomes:
        plots[outcome.kind] = Markup(
            paired_lines_svg(
                [pair.before for pair in outcome.pairs],
                [pair.after for pair in outcome.pairs],
                title=outcome.scale.name,
                unit=outcome.scale.unit,
                language=language,
                classes=outcome.scale.classes,
                limits=(outcome.scale.minimum, None),
            )
        )
    return plots


def _id_of(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 10 else None


def group_of(call: Call) -> GroupData:
    """Return the group that the address names, or everybody."""
    return gather(call, _id_of(call.query.get("group")))
