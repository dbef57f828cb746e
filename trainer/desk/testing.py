"""The knowledge test: taken on this laptop, each answer kept at once, gone through after the second one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from starlette.responses import JSONResponse, Response

from trainer.desk.calls import Call, redirect
from trainer.desk.forms import Form
from trainer.desk.pages import page, tell
from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    from trainer.cohort.knowledge import KnowledgeSheet, QuestionBank
    from trainer.library.records import BankRecord, SittingRecord, TestPhase

_PROTOCOL = "tegalagung-2022"


def start(call: Call) -> Response:
    """Begin a test, or go on with the one begun; both tests ask the same questions."""
    person_id, phase = call.number("person"), call.form.get("phase")
    if phase not in ("pre", "post"):
        raise PijatError(
            Text(
                "Pilih tes sebelum atau sesudah pelatihan.",
                "Expected the test before or after the training, got something else.",
            )
        )
    library = call.desk.library
    others = library.knowledge.list(person_id=person_id)
    if others:
        bank_id, protocol_id = others[-1].bank_id, others[-1].protocol_id
    else:
        bank_id, protocol_id = current_bank(call).id, _protocol_of(call, person_id)
    sitting = library.knowledge.start(
        person_id, bank_id, cast("TestPhase", phase), protocol_id=protocol_id, actor=call.actor
    )
    return redirect(f"/tests/{sitting.id}")


def test_page(call: Call) -> Response:
    """Show the questions, as far as they are answered."""
    sitting = call.desk.library.knowledge.get(call.number("sitting"))
    if sitting.finished_at is not None:
        return page(call, "test_done", sitting=sitting)
    return page(call, "test", sitting=sitting, sheet=_sheet(call, sitting), asked=False)


def answer(call: Call) -> Response:
    """Keep one answer at once."""
    sent = call.sent
    if not isinstance(sent, dict) or not isinstance(sent.get("question"), str):
        raise PijatError(
            Text(
                "Yang dikirim bukan jawaban: muat ulang halamannya.",
                "Expected an answer, got something else.",
            )
        )
    option = sent.get("option")
    if option is not None and not isinstance(option, str):
        raise PijatError(
            Text(
                "Pilih salah satu jawaban yang tersedia.",
                "Expected an option of the question, got something else.",
            )
        )
    sitting = call.desk.library.knowledge.answer(call.number("sitting"), sent["question"], option)
    return JSONResponse({"answered": len(sitting.answers), "total": sitting.total})


def finish(call: Call) -> Response:
    """Close a test; what is empty is asked about once."""
    library, sitting_id = call.desk.library, call.number("sitting")
    sitting = library.knowledge.get(sitting_id)
    if sitting.finished_at is not None:
        return redirect(f"/tests/{sitting_id}")
    sheet = _sheet(call, sitting)
    # Without a script the answers come only now.
    for item in sheet.questions:
        chosen = call.form.get(f"q-{item.question.id}")
        if chosen is not None and sitting.answers.get(item.question.id) != chosen:
            sitting = library.knowledge.answer(sitting_id, item.question.id, chosen)
    if len(sitting.answers) < sitting.total and call.form.get("anyway") != "1":
        return page(call, "test", 422, sitting=sitting, sheet=sheet, asked=True)
    library.knowledge.finish(sitting_id, actor=call.actor)
    return redirect(f"/tests/{sitting_id}")


def review_page(call: Call) -> Response:
    """Go through the answers with the reasons; before the second test only how many were right."""
    library = call.desk.library
    sitting = library.knowledge.get(call.number("sitting"))
    if sitting.finished_at is None:
        return redirect(f"/tests/{sitting.id}")
    from trainer.cohort.knowledge import mark_sheet

    others = library.knowledge.list(person_id=sitting.person_id, bank_id=sitting.bank_id)
    after = any(one.phase == "post" and one.finished_at is not None for one in others)
    mark = mark_sheet(_sheet(call, sitting), dict(sitting.answers))
    return page(
        call,
        "test_review",
        sitting=sitting,
        mark=mark,
        open_answers=after,
        texts=_option_texts(call, sitting),
    )


def bank_page(call: Call) -> Response:
    """Show the questions in use."""
    return _bank(call)


def save_bank(call: Call) -> Response:
    """Use the questions that were typed."""
    from trainer.cohort.bank_file import load_bank_bytes

    form = Form(call)
    text = form.text("bank", 200_000)
    done = form.attempt(
        "bank",
        lambda: call.desk.library.banks.add(load_bank_bytes(text.encode("utf-8")), actor=call.actor),
    )
    if not done:
        return _bank(call, 422, errors=form.errors, text=text)
    return redirect("/questions", saved=1)


def current_bank(call: Call) -> BankRecord:
    """Return the questions in use: the newest kept, at first the built-in ones."""
    from trainer.cohort.bank_file import builtin_bank

    kept = call.desk.library.banks.list()
    return kept[0] if kept else call.desk.library.banks.add(builtin_bank(), actor=call.actor)


def _bank(call: Call, status: int = 200, **more: object) -> Response:
    import yaml

    record = current_bank(call)
    bank = _bank_of(record)
    text = yaml.safe_dump(dict(record.content), allow_unicode=True, sort_keys=False, width=110)
    notice = tell(call, "bank_saved") if "saved" in call.query else None
    return page(call, "bank", status, bank=bank, notice=notice, **{"text": text, **more})


def _bank_of(record: BankRecord) -> QuestionBank:
    from trainer.cohort.bank_file import bank_from_document

    return bank_from_document(dict(record.content))


def _sheet(call: Call, sitting: SittingRecord) -> KnowledgeSheet:
    from trainer.cohort.knowledge import draw_sheet

    bank = _bank_of(call.desk.library.banks.get(sitting.bank_id))
    return draw_sheet(bank, sitting.seed, sitting.protocol_id)


def _option_texts(call: Call, sitting: SittingRecord) -> dict[tuple[str, str], object]:
    return {
        (item.question.id, option.id): option.text
        for item in _sheet(call, sitting).questions
        for option in item.options
    }


def _protocol_of(call: Call, person_id: int) -> str:
    """Return the protocol that a person practises, else the default one."""
    from trainer.library.records import SessionFilter
    from trainer.protocol.library import BUILTIN_IDS

    found = call.desk.library.sessions.list(SessionFilter(person_id=person_id, per_page=1)).items
    return found[0].protocol_id if found and found[0].protocol_id in BUILTIN_IDS else _PROTOCOL
