"""The knowledge test: what the built-in bank holds, what an edited one may not, order, marking."""

import json

import pytest
import yaml

from trainer.cohort import bank_file
from trainer.cohort.bank_file import (
    bank_document,
    bank_from_document,
    builtin_bank,
    load_bank_bytes,
)
from trainer.cohort.knowledge import DONT_KNOW, TOPICS, draw_sheet, mark_sheet
from trainer.errors import PijatError
from trainer.language import both
from trainer.protocol.library import BUILTIN_IDS


def test_the_builtin_bank_covers_every_topic_in_both_languages():
    bank = builtin_bank()
    assert len(bank.questions) >= 20
    assert {question.topic for question in bank.questions} == set(TOPICS)
    for question in bank.questions:
        for text in (question.text, question.rationale, *(option.text for option in question.options)):
            assert text.id.strip() and text.en.strip() and len(text.id) < 160
        assert question.source and question.answer in {option.id for option in question.options}
        assert set(question.protocols) <= set(BUILTIN_IDS)


@pytest.mark.parametrize("protocol", BUILTIN_IDS)
def test_each_technique_has_a_test_of_at_least_20_questions_of_its_own(protocol):
    sheet = draw_sheet(builtin_bank(), 1, protocol)
    assert len(sheet.questions) >= 20
    assert all(not q.question.protocols or protocol in q.question.protocols for q in sheet.questions)


def test_the_techniques_that_disagree_are_never_asked_together():
    asked = {p: {q.question.id for q in draw_sheet(builtin_bank(), 1, p).questions} for p in BUILTIN_IDS}
    assert "direction-a" in asked["tegalagung-2022"] and "direction-c" not in asked["tegalagung-2022"]
    assert "direction-c" in asked["jabodetabek-2025"] and "direction-a" not in asked["jabodetabek-2025"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_longest_answer_is_no_clue(language):
    longest = sum(
        max(q.options, key=lambda option: len(getattr(option.text, language))).id == q.answer
        for q in builtin_bank().questions
    )
    assert longest <= 0.4 * len(builtin_bank().questions)


def test_the_order_follows_from_the_seed_alone():
    bank = builtin_bank()
    first, again, other = draw_sheet(bank, 7), draw_sheet(bank, 7), draw_sheet(bank, 8)
    assert first == again
    assert [q.question.id for q in first.questions] != [q.question.id for q in other.questions]
    assert sorted(q.question.id for q in first.questions) == sorted(q.question.id for q in other.questions)
    # The order must never change: recorded sittings are drawn again from their seed.
    assert [q.question.id for q in first.questions][:4] == ["latch", "oxytocin", "irritation", "pain"]
    assert [option.id for option in first.questions[1].options][-1] == DONT_KNOW


def test_options_are_shuffled_and_every_place_can_be_right():
    places = {
        [option.id for option in q.options].index(q.question.answer)
        for seed in range(3)
        for q in draw_sheet(builtin_bank(), seed).questions
    }
    assert places == {0, 1, 2, 3}


def test_a_half_filled_test_is_said():
    sheet = draw_sheet(builtin_bank(), 3, "tegalagung-2022")
    total = len(sheet.questions)
    answers = {q.question.id: q.question.answer for q in sheet.questions[:10]}
    answers[sheet.questions[10].question.id] = DONT_KNOW
    answers[sheet.questions[11].question.id] = None
    mark = mark_sheet(sheet, answers)
    assert (mark.correct, mark.total, mark.unanswered, mark.dont_know) == (10, total, total - 11, 1)
    assert mark.percent == pytest.approx(100 * 10 / total)
    assert mark.percent_of_answered == pytest.approx(100 * 10 / 11)
    assert not mark.complete
    assert f"{total - 11} tidak dijawab" in mark.words.id and f"{total - 11} not answered" in mark.words.en
    assert sum(right for _, right, _ in mark.by_topic) == 10
    assert sum(asked for _, _, asked in mark.by_topic) == total


def test_an_empty_and_a_full_test():
    sheet = draw_sheet(builtin_bank(), 3)
    empty = mark_sheet(sheet, {})
    assert (empty.correct, empty.percent, empty.percent_of_answered) == (0, 0.0, None)
    full = mark_sheet(sheet, {q.question.id: q.question.answer for q in sheet.questions})
    assert full.percent == 100.0 and full.complete and "tidak dijawab" not in full.words.id


@pytest.mark.parametrize(
    ("answers", "said"),
    [({"nosuch": "x"}, '"nosuch"'), ({"prolactin": "<script>"}, 'answer to "prolactin"')],
)
def test_answers_of_another_sheet_are_refused(answers, said):
    with pytest.raises(PijatError, match=said):
        mark_sheet(draw_sheet(builtin_bank(), 1), answers)


def test_a_bank_without_questions_on_the_protocol_is_refused():
    document = bank_document(builtin_bank())
    document["questions"] = [q for q in document["questions"] if q["id"] == "direction-c"]
    with pytest.raises(PijatError, match="tegalagung-2022"):
        draw_sheet(bank_from_document(document), 1, "tegalagung-2022")


def test_a_bank_goes_through_json_and_yaml_unchanged():
    bank = builtin_bank()
    for text in (
        json.dumps(bank_document(bank)),
        yaml.safe_dump(bank_document(bank), allow_unicode=True, sort_keys=False),
    ):
        assert load_bank_bytes(text.encode("utf-8")) == bank


def edited(change) -> dict:
    document = json.loads(json.dumps(bank_document(builtin_bank())))
    change(document["questions"][1])
    return document


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda q: q.update(answer="none"), 'expected "answer" to be one of the options'),
        (lambda q: q.update(topic="magic"), 'expected "topic" to be one of physiology'),
        (lambda q: q.pop("rationale"), 'expected the field "rationale", found none'),
        (lambda q: q["text"].pop("en"), 'expected "text" in Indonesian'),
        (lambda q: q["options"].update(adrenaline={"id": " ", "en": "x"}), 'expected text in "options.adrenaline.id"'),
        (lambda q: q.update(options={"oxytocin": {"id": "a", "en": "b"}}), "expected 2 to 8 options, got 1"),
        (lambda q: q["options"]["estrogen"].update(id="Prolaktin"), "two with the same words"),
        (lambda q: q.update(colour="red"), 'unknown field "colour"'),
        (lambda q: q["options"].update({DONT_KNOW: {"id": "a", "en": "b"}}), "expected an option's id"),
        (lambda q: q.update(protocols="all"), 'expected "protocols" to be a list'),
        (lambda q: q["text"].update(id="x" * 5000), "at most 1000 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_questions_id(change, said):
    with pytest.raises(PijatError) as error:
        bank_from_document(edited(change), both("mine.yaml"))
    sentence = str(error.value)
    assert sentence.startswith('mine.yaml, question "oxytocin"') and said in sentence
    assert "\n" not in sentence and len(sentence) < 300


def test_a_question_twice_or_without_an_id_is_refused():
    with pytest.raises(PijatError, match=r'question "prolactin".*twice'):
        bank_from_document(edited(lambda q: q.update(id="prolactin")))
    with pytest.raises(PijatError, match="question 2"):
        bank_from_document(edited(lambda q: q.pop("id")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: [1, 2", "line 1: this is no valid YAML"),
        (b"a: &x 1\nb: *x", "anchors and aliases"),
        (b"[" * 100_000, "line 1: expected at most 8 levels, got more"),
        (b"schema_version: 1\nschema_version: 1", 'the field "schema_version" once'),
        (b"schema_version: 9\nid: x\nquestions: []", "expected schema_version 1"),
        (b"- 1", "expected a group of fields"),
        (
            b"schema_version: 1\nid: x\nversion: 1.0.0\ntitle: {id: a, en: b}\nquestions: []",
            "1 to 500 questions",
        ),
        (b"a" * (bank_file.MOST_BYTES + 1), "at most 1024 KiB"),
    ],
)
def test_files_that_are_no_bank_are_refused(content, said):
    with pytest.raises(PijatError, match="mine") as error:
        load_bank_bytes(content, both("mine"))
    assert said in str(error.value)
