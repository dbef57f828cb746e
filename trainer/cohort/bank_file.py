"""Reading a bank of questions: the built-in one, an edited YAML or JSON file, or the document kept in a library.

Every complaint is one sentence with the question's id and what is wrong with it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

from trainer.cohort.knowledge import DONT_KNOW, TOPICS, Option, Question, QuestionBank
from trainer.errors import PijatError
from trainer.language import Text, both, join
from trainer.strict_yaml import read_plain

BANK_SCHEMA_VERSION = 1
MOST_BYTES = 1024 * 1024
MOST_QUESTIONS = 500
_DEPTH = 8
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,2}")
_BANK_FIELDS = ("schema_version", "id", "version", "title", "questions")
_QUESTION_FIELDS = ("id", "topic", "text", "options", "answer", "rationale", "source", "protocols")
_THE_BANK = Text("bank soal", "the bank")
_AN_ID = Text("id dari huruf kecil, angka, - atau _", "an id of small letters, digits, - or _")
_A_VERSION = Text("versi seperti 1.0.0", "a version such as 1.0.0")


@cache
def builtin_bank() -> QuestionBank:
    """Return the built-in bank."""
    name = "knowledge.yaml"
    return load_bank_bytes(files("trainer.cohort").joinpath("data", name).read_bytes(), both(name))


def load_bank_bytes(content: bytes, name: Text = _THE_BANK) -> QuestionBank:
    """Load a bank from the bytes of a YAML (or JSON) file; `name` is used in complaints."""
    if len(content) > MOST_BYTES:
        raise PijatError(
            Text(
                f"{name.id}: paling banyak {MOST_BYTES // 1024} KiB; berkas ini terlalu besar.",
                f"{name.en}: expected at most {MOST_BYTES // 1024} KiB, got more.",
            )
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PijatError(
            Text(
                f"{name.id}: bukan teks UTF-8; simpan berkasnya sebagai UTF-8.",
                f"{name.en}: expected UTF-8 text, got other bytes; save the file as UTF-8.",
            )
        ) from error
    return bank_from_document(_plain_yaml(text, name), name)


def bank_from_document(document: object, name: Text = _THE_BANK) -> QuestionBank:
    """Check a bank given as plain mappings, lists and texts, such as `bank_document` returns.

    Raises
    ------
    PijatError
        One sentence with the question's id and what is wrong.
    """
    top = _mapping(document, name)
    _known_fields(top, _BANK_FIELDS, name)
    version = str(_field(top, "schema_version", name))
    if version != str(BANK_SCHEMA_VERSION):
        _fail(
            name,
            Text(
                f"schema_version harus {BANK_SCHEMA_VERSION}, bukan {version[:20]}; perbarui Pijat atau berkas "
                "ini",
                f"expected schema_version {BANK_SCHEMA_VERSION}, got {version[:20]}; update Pijat or the file",
            ),
        )
    rows = _field(top, "questions", name)
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_QUESTIONS:
        _fail(
            name,
            Text(
                f"harus berisi daftar 1 sampai {MOST_QUESTIONS} soal",
                f"expected a list of 1 to {MOST_QUESTIONS} questions",
            ),
        )
    questions: list[Question] = []
    for index, row in enumerate(rows, start=1):
        question = _question(row, join(name, Text(f", soal {index}", f", question {index}")), name)
        if any(question.id == other.id for other in questions):
            _fail(
                _of_question(name, question.id),
                Text(
                    "setiap soal harus punya id sendiri; ini dipakai dua kali",
                    "expected every question to have its own id, got it twice",
                ),
            )
        questions.append(question)
    bank = QuestionBank(
        id=_word(top, "id", _ID, _AN_ID, name),
        version=_word(top, "version", _VERSION, _A_VERSION, name),
        title=_text(_field(top, "title", name), "title", name),
        questions=tuple(questions),
        hash="",
    )
    return QuestionBank(bank.id, bank.version, bank.title, bank.questions, _hash(bank))


def bank_document(bank: QuestionBank) -> dict[str, Any]:
    """Return a bank as plain mappings, lists and texts, for JSON or an editor."""
    return {
        "schema_version": BANK_SCHEMA_VERSION,
        "id": bank.id,
        "version": bank.version,
        "title": _both(bank.title),
        "questions": [
            {
                "id": q.id,
                "topic": q.topic,
                **({"protocols": list(q.protocols)} if q.protocols else {}),
                "text": _both(q.text),
                "options": {option.id: _both(option.text) for option in q.options},
                "answer": q.answer,
                "rationale": _both(q.rationale),
                "source": q.source,
            }
            for q in bank.questions
        ],
    }


def _question(row: object, place: Text, name: Text) -> Question:
    fields = _mapping(row, place)
    question_id = _word(fields, "id", _ID, _AN_ID, place)
    place = _of_question(name, question_id)
    _known_fields(fields, _QUESTION_FIELDS, place)
    options = _options(_field(fields, "options", place), place)
    answer = str(_field(fields, "answer", place))
    if answer not in {option.id for option in options}:
        known = ", ".join(option.id for option in options)
        _fail(
            place,
            Text(
                f'"answer" harus salah satu pilihan {known}, bukan "{answer[:40]}"',
                f'expected "answer" to be one of the options {known}, got "{answer[:40]}"',
            ),
        )
    topic = str(_field(fields, "topic", place))
    if topic not in TOPICS:
        _fail(
            place,
            Text(
                f'"topic" harus salah satu dari {", ".join(TOPICS)}, bukan "{topic[:40]}"',
                f'expected "topic" to be one of {", ".join(TOPICS)}, got "{topic[:40]}"',
            ),
        )
    protocols = fields.get("protocols", [])
    if not isinstance(protocols, list) or not all(_ID.fullmatch(str(entry)) for entry in protocols):
        _fail(
            place,
            Text('"protocols" harus daftar id protokol', 'expected "protocols" to be a list of protocol ids'),
        )
    return Question(
        id=question_id,
        topic=topic,
        text=_text(_field(fields, "text", place), "text", place),
        options=options,
        answer=answer,
        rationale=_text(_field(fields, "rationale", place), "rationale", place),
        source=_line(_field(fields, "source", place), "source", place),
        protocols=tuple(str(entry) for entry in protocols),
    )


def _options(value: object, place: Text) -> tuple[Option, ...]:
    rows = _mapping(value, join(place, Text(', isian "options"', ', field "options"')))
    if not 2 <= len(rows) <= 8:
        _fail(
            place,
            Text(
                f"harus ada 2 sampai 8 pilihan jawaban, bukan {len(rows)}",
                f"expected 2 to 8 options, got {len(rows)}",
            ),
        )
    options = []
    for key, text in rows.items():
        if not _ID.fullmatch(key) or key == DONT_KNOW:
            _fail(
                place,
                Text(
                    f'id pilihan jawaban harus huruf kecil, angka, - atau _, bukan "{key[:40]}"',
                    f'expected an option\'s id of small letters, digits, - or _, got "{key[:40]}"',
                ),
            )
        options.append(Option(key, _text(text, f"options.{key}", place)))
    for language in ("id", "en"):
        said = [getattr(option.text, language).casefold() for option in options]
        if len(set(said)) < len(said):
            _fail(
                place,
                Text(
                    f"pilihan jawaban harus berbeda; ada dua yang sama kata-katanya ({language})",
                    f"expected options that differ, got two with the same words ({language})",
                ),
            )
    return tuple(options)


def _mapping(value: object, place: Text) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        _fail(place, Text("di sini harus ada kelompok isian", "expected a group of fields"))
    return {str(key): entry for key, entry in value.items()}


def _field(fields: Mapping[str, Any], key: str, place: Text) -> Any:
    if key not in fields:
        _fail(place, Text(f'isian "{key}" belum ada', f'expected the field "{key}", found none'))
    return fields[key]


def _known_fields(fields: Mapping[str, Any], known: tuple[str, ...], place: Text) -> None:
    for key in fields:
        if key not in known:
            _fail(
                place,
                Text(
                    f'isian "{key[:40]}" tidak dikenal; yang dikenal {", ".join(known)}',
                    f'unknown field "{key[:40]}"; known are {", ".join(known)}',
                ),
            )


def _word(fields: Mapping[str, Any], key: str, pattern: re.Pattern[str], wanted: Text, place: Text) -> str:
    value = str(_field(fields, key, place))
    if not pattern.fullmatch(value):
        _fail(
            place,
            Text(
                f'"{key}" harus berupa {wanted.id}, bukan "{value[:40]}"',
                f'expected "{key}" to be {wanted.en}, got "{value[:40]}"',
            ),
        )
    return value


def _text(value: object, key: str, place: Text) -> Text:
    if not isinstance(value, Mapping) or set(map(str, value)) != {"id", "en"}:
        _fail(
            place,
            Text(
                f'"{key}" harus dalam bahasa Indonesia (id) dan Inggris (en)',
                f'expected "{key}" in Indonesian (id) and English (en)',
            ),
        )
    return Text(_line(value["id"], f"{key}.id", place), _line(value["en"], f"{key}.en", place))


def _line(value: object, key: str, place: Text) -> str:
    if not isinstance(value, str) or not value.strip():
        _fail(place, Text(f'"{key}" belum ada isinya', f'expected text in "{key}", found none'))
    if len(value) > 1000:
        _fail(
            place,
            Text(
                f'paling banyak 1000 huruf untuk "{key}", sekarang {len(value)}',
                f'expected at most 1000 characters in "{key}", got {len(value)}',
            ),
        )
    return value.strip()


def _of_question(name: Text, question_id: str) -> Text:
    return join(name, Text(f', soal "{question_id}"', f', question "{question_id}"'))


def _fail(place: Text, wrong: Text) -> NoReturn:
    raise PijatError(join(place, ": ", wrong, "."))


def _both(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}


def _hash(bank: QuestionBank) -> str:
    canonical = json.dumps(bank_document(bank), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain_yaml(text: str, name: Text) -> object:
    def complain(line: int, wrong: Text) -> NoReturn:
        _fail(join(name, Text(f", baris {line}", f", line {line}")), wrong)

    document = read_plain(text, _DEPTH, complain)
    if document is None:
        _fail(name, Text("bank soal ini kosong", "expected a bank of questions, got an empty file"))
    return document
