"""Grading a demonstration: the page, every save, the signature, the history."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from trainer.desk.blindness import is_hidden, own_grading, refuse_hidden
from trainer.desk.calls import Call, redirect
from trainer.desk.demonstration import DemonstrationView, read_demonstration
from trainer.desk.drawing import back_for_replay
from trainer.desk.grading_view import decide, grade_document, grading_document
from trainer.desk.media import playable
from trainer.desk.messages import words
from trainer.desk.pages import page
from trainer.desk.scales import Rules, rules_of
from trainer.errors import PijatError
from trainer.language import Text
from trainer.report.regions import areas_of
from trainer.serving.refusals import http_status

if TYPE_CHECKING:
    from trainer.library.records import GradingRecord, SessionDetail

_LONGEST_COMMENT = 2000
_LONGEST_SPENT_S = 24 * 3600.0


@dataclass(frozen=True)
class Graded:
    """A grading with all that it needs."""

    detail: SessionDetail
    demonstration: DemonstrationView
    rules: Rules
    grading: GradingRecord


def start(call: Call) -> Response:
    """Begin a grading, blind or not, or go on with the one begun."""
    session_id = call.number("session")
    blind = call.form.get("blind") == "1"
    call.desk.library.gradings.start(session_id, call.facilitator_id, blind)
    return redirect(f"/sessions/{session_id}/grade")


def grade_page(call: Call) -> Response:
    """Show the page on which a demonstration is graded."""
    detail = call.desk.library.sessions.open(call.number("session"))
    grading = own_grading(call, detail.gradings)
    if grading is None:
        return redirect(f"/sessions/{detail.record.id}")
    demonstration = read_demonstration(detail.folder)
    if not demonstration.score.items:
        raise PijatError(
            Text(
                "Tidak ada daftar tilik dalam nilai sesi ini: analisis lagi videonya.",
                "Expected a checklist in this session's score, found none: analyse its video again.",
            )
        )
    rules = rules_of(demonstration.meta, demonstration.score)
    hidden = is_hidden(call, detail)
    document = grading_document(demonstration, grading, rules, call.visitor.language, hidden=hidden)
    document["video"] = f"/sessions/{detail.record.id}/video" if playable(detail) else None
    return page(
        call,
        "grading",
        detail=detail,
        record=detail.record,
        grading=grading,
        demonstration=demonstration,
        rules=rules,
        hidden=hidden,
        document=document,
        page_words=_page_words(call),
        drawing=back_for_replay(areas_of(demonstration.meta), words(call.visitor.language)["replay"]),
    )


def save(call: Call) -> Response:
    """Save one rating at once.

    Sent: ``item``, ``level`` (on the scale, null for not observed), ``comment``, ``version``. Answered with the
    grade and the new version; with 409 and everything as it stands when somebody saved in between.
    """
    graded = _graded(call)
    item_id, level, comment, version = _sent_grade(call, graded.rules)
    item = graded.demonstration.score.find(item_id)
    if item is None:
        raise PijatError(
            Text(
                "Butir itu tidak ada dalam daftar tilik ini: muat ulang halamannya.",
                "Expected an item of this checklist, got another.",
            ),
            "missing",
        )
    blind = graded.grading.blind and graded.grading.signed_at is None
    decision = decide(item, graded.rules, level, blind=blind)
    rating = graded.rules.points_of(level, item.max_points)
    from trainer.library.faults import ConflictError

    try:
        grading = call.desk.library.gradings.save(
            graded.grading.id, item_id, rating, decision, comment, version
        )
    except ConflictError as error:
        return JSONResponse(_state(graded, error.current), status_code=http_status(error))
    saved = grading.grade(item_id)
    assert saved is not None
    if grading.signed_at is None and isinstance(call.sent, dict):
        call.desk.library.gradings.record_time(grading.id, _seconds(call.sent.get("spent_s")))
    return JSONResponse(
        {"version": grading.version, "item": item_id, "grade": grade_document(saved, item, graded.rules)}
    )


def sign(call: Call) -> Response:
    """Sign a grading; one that is not whole is answered with what it lacks."""
    graded = _graded(call)
    sent = call.sent if isinstance(call.sent, dict) else {}
    from trainer.library.faults import ConflictError, UnfinishedError

    try:
        grading = call.desk.library.gradings.sign(
            graded.grading.id, _whole(sent.get("version")), _seconds(sent.get("spent_s"))
        )
    except UnfinishedError as error:
        lacking = {"left": list(error.lacking.left), "unsaid": list(error.lacking.unsaid)}
        said = error.text.say(call.visitor.language)
        return JSONResponse({"error": said, **lacking}, status_code=http_status(error))
    except ConflictError as error:
        return JSONResponse(_state(graded, error.current), status_code=http_status(error))
    return JSONResponse({"version": grading.version, "signed": True})


def history_page(call: Call) -> Response:
    """Show every change of a grading; of somebody else's only to who may see the camera's results too."""
    detail = call.desk.library.sessions.open(call.number("session"))
    wanted = call.number("grading")
    grading = next((one for one in detail.gradings if one.id == wanted), None)
    if grading is None:
        raise PijatError(
            Text(
                "Penilaian itu bukan dari sesi ini: buka lagi sesinya.",
                "Expected a grading of this session, got another.",
            ),
            "missing",
        )
    if grading.facilitator_id != call.visitor.facilitator_id:
        refuse_hidden(call, detail)
    demonstration = read_demonstration(detail.folder)
    rules = rules_of(demonstration.meta, demonstration.score)
    titles = {item.id: item for item in demonstration.score.items}
    rows = [
        (
            grade,
            item,
            None if grade.rating is None or item is None else rules.level_of(grade.rating, item.max_points),
        )
        for grade in call.desk.library.gradings.history(wanted)
        for item in (titles.get(grade.item_id),)
    ]
    return page(call, "history", record=detail.record, grading=grading, rows=rows, rules=rules)


def _graded(call: Call) -> Graded:
    """Return the visitor's own grading of the session in the address."""
    detail = call.desk.library.sessions.open(call.number("session"))
    grading = own_grading(call, detail.gradings)
    if grading is None:
        raise PijatError(
            Text(
                "Belum ada penilaian Anda: mulai menilai dahulu.",
                "Expected a grading of yours, found none: start grading first.",
            ),
            "missing",
        )
    demonstration = read_demonstration(detail.folder)
    return Graded(detail, demonstration, rules_of(demonstration.meta, demonstration.score), grading)


def _state(graded: Graded, current: GradingRecord) -> dict[str, Any]:
    items = {item.id: item for item in graded.demonstration.score.items}
    return {
        "error": "conflict",
        "version": current.version,
        "grades": {
            grade.item_id: grade_document(grade, items[grade.item_id], graded.rules)
            for grade in current.grades
            if grade.item_id in items
        },
    }


def _sent_grade(call: Call, rules: Rules) -> tuple[str, int | None, str, int]:
    sent = call.sent
    if not isinstance(sent, dict) or not isinstance(sent.get("item"), str):
        raise PijatError(
            Text(
                "Yang dikirim bukan nilai sebuah butir: muat ulang halamannya.",
                "Expected an item's grade, got something else.",
            )
        )
    level, comment = sent.get("level"), sent.get("comment", "")
    allowed = [value for value, _ in rules.levels]
    if level is not None and (isinstance(level, bool) or level not in allowed):
        raise PijatError(
            Text(
                f"Beri nilai {allowed[0]} sampai {allowed[-1]}, bukan {str(level)[:40]}.",
                f"Expected a rating of {allowed[0]} to {allowed[-1]}, got {str(level)[:40]}.",
            )
        )
    if not isinstance(comment, str) or len(comment) > _LONGEST_COMMENT:
        raise PijatError(
            Text(
                f"Paling banyak {_LONGEST_COMMENT} huruf untuk komentar: persingkat.",
                f"Expected a comment of at most {_LONGEST_COMMENT} letters: shorten it.",
            )
        )
    return sent["item"], None if level is None else int(level), comment.strip(), _whole(sent.get("version"))


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise PijatError(
            Text(
                "Versi penilaian ini tidak dikenal: muat ulang halamannya.",
                "Expected a version number, got something else: load the page again.",
            )
        )
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return min(max(float(value), 0.0), _LONGEST_SPENT_S)


def _page_words(call: Call) -> dict[str, str]:
    from trainer.desk.messages.grading import WORDS
    from trainer.strokes.names import STROKE_TITLES

    language = call.visitor.language
    chosen = {key: words(language)[key] for key in (*WORDS, "save")}
    return chosen | {f"stroke_{kind}": text.say(language) for kind, text in STROKE_TITLES.items()}
