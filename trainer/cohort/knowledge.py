"""The knowledge test: a bank of questions, a sheet drawn from it in an order of its own, and its marking."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from trainer.errors import PijatError
from trainer.language import Text, join, number

DONT_KNOW = "dont-know"
"""Id of the last option of every question, so that nobody has to guess; it earns nothing."""
DONT_KNOW_TEXT = Text("Saya belum tahu", "I do not know yet")

TOPICS: dict[str, Text] = {
    "physiology": Text("Cara ASI dibuat dan keluar", "How milk is made and let down"),
    "benefits": Text("Manfaat dan batasnya", "Benefits and their limits"),
    "timing": Text("Kapan, berapa lama, berapa sering", "When, how long, how often"),
    "steps": Text("Langkah-langkah", "The steps"),
    "safety": Text("Tanda berhenti dan keamanan", "Stop signs and safety"),
    "follow_up": Text("Mencatat dan mengukur", "Recording and measuring"),
}
"""Topics of questions, in the order in which results are shown."""


@dataclass(frozen=True)
class Option:
    """One answer to choose; `id` is what is recorded."""

    id: str
    text: Text


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    id : str
        Recorded with the answer; never reused for another question.
    topic : str
        A key of `TOPICS`.
    text : Text
    options : tuple of Option
        In the order of the file; `DONT_KNOW` is not among them.
    answer : str
        Id of the right option.
    rationale : Text
        Why, shown after the second test.
    source : str
        Citation.
    protocols : tuple of str
        Ids of the protocols that it is about; empty when it holds for all of them.
    """

    id: str
    topic: str
    text: Text
    options: tuple[Option, ...]
    answer: str
    rationale: Text
    source: str
    protocols: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionBank:
    """A bank of questions; `hash` is the SHA-256 of its canonical content."""

    id: str
    version: str
    title: Text
    questions: tuple[Question, ...]
    hash: str

    def question(self, question_id: str) -> Question:
        """Return the question of that id; raise KeyError when there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)


@dataclass(frozen=True)
class SheetQuestion:
    """A question as it stands on a sheet: its options in this sheet's order, `DONT_KNOW` last."""

    number: int
    question: Question
    options: tuple[Option, ...]


@dataclass(frozen=True)
class KnowledgeSheet:
    """What one person is asked.

    Attributes
    ----------
    bank_id, bank_version, bank_hash : str
    seed : int
        The order follows from it and the ids alone: record it and the sheet can be drawn again.
    protocol_id : str or None
        Questions about other protocols are left out; None keeps all.
    questions : tuple of SheetQuestion
    """

    bank_id: str
    bank_version: str
    bank_hash: str
    seed: int
    protocol_id: str | None
    questions: tuple[SheetQuestion, ...]


@dataclass(frozen=True)
class MarkedQuestion:
    """One question as it was answered; `chosen` is None for no answer."""

    question: Question
    chosen: str | None
    correct: bool


@dataclass(frozen=True)
class KnowledgeMark:
    """A marked sheet.

    Attributes
    ----------
    correct, total : int
    unanswered, dont_know : int
        Left empty, and answered with `DONT_KNOW`; both count as not correct.
    percent : float
        ``100 * correct / total``: points of 100 as the field reports count them. An unanswered question
        lowers it, so `unanswered` is always said with it.
    percent_of_answered : float or None
        Of the questions answered (`DONT_KNOW` is an answer); None for none.
    by_topic : tuple of (str, int, int)
        Topic, correct, total; only topics that were asked.
    questions : tuple of MarkedQuestion
    words : Text
        The result in a sentence.
    """

    correct: int
    total: int
    unanswered: int
    dont_know: int
    percent: float
    percent_of_answered: float | None
    by_topic: tuple[tuple[str, int, int], ...]
    questions: tuple[MarkedQuestion, ...]
    words: Text

    @property
    def complete(self) -> bool:
        """Whether every question has an answer."""
        return self.unanswered == 0


def draw_sheet(bank: QuestionBank, seed: int, protocol_id: str | None = None) -> KnowledgeSheet:
    """Draw a sheet: all questions that concern the protocol, questions and options in an order from the seed.

    The order is that of the SHA-256 of seed and id, which no version of Python or of this program changes, and
    which leaves the other questions in place when one is added to the bank.

    Parameters
    ----------
    bank : QuestionBank
    seed : int
        Any whole number; one of its own for each person and phase keeps neighbours from comparing.
    protocol_id : str, optional
        Leave out questions about other protocols.

    Raises
    ------
    PijatError
        When no question remains.
    """
    asked = [
        q for q in bank.questions if protocol_id is None or not q.protocols or protocol_id in q.protocols
    ]
    if not asked:
        raise PijatError(
            Text(
                f"Tidak ada soal tentang {protocol_id} dalam bank soal {bank.id}: tambahkan dahulu.",
                f"Expected questions about {protocol_id} in the bank {bank.id}, found none: add some to it.",
            ),
            "missing",
        )
    asked.sort(key=lambda question: _place(seed, question.id))
    return KnowledgeSheet(
        bank.id,
        bank.version,
        bank.hash,
        seed,
        protocol_id,
        tuple(
            SheetQuestion(number + 1, question, _options(seed, question))
            for number, question in enumerate(asked)
        ),
    )


def mark_sheet(sheet: KnowledgeSheet, answers: Mapping[str, str | None]) -> KnowledgeMark:
    """Mark a sheet.

    Parameters
    ----------
    sheet : KnowledgeSheet
        As it was drawn (`draw_sheet` with the recorded seed).
    answers : mapping of str to str or None
        Option id by question id; a question that is missing or None was not answered.

    Raises
    ------
    PijatError
        For an answer to a question that is not on the sheet, or an option that the question does not have.
    """
    asked = {item.question.id for item in sheet.questions}
    for question_id in answers:
        if question_id not in asked:
            raise PijatError(
                Text(
                    f'Soal "{question_id[:80]}" tidak ada dalam lembar ini: lembarnya dari bank soal atau protokol '
                    "lain.",
                    f'Expected answers to the questions of this sheet, got one to "{question_id[:80]}": '
                    "the sheet is of another bank or protocol.",
                ),
            )
    marked = tuple(_mark(item, answers.get(item.question.id)) for item in sheet.questions)
    total, correct = len(marked), sum(item.correct for item in marked)
    unanswered = sum(item.chosen is None for item in marked)
    answered = total - unanswered
    topics = tuple(
        (topic, sum(item.correct for item in group), len(group))
        for topic in TOPICS
        if (group := [item for item in marked if item.question.topic == topic])
    )
    return KnowledgeMark(
        correct=correct,
        total=total,
        unanswered=unanswered,
        dont_know=sum(item.chosen == DONT_KNOW for item in marked),
        percent=100 * correct / total,
        percent_of_answered=100 * correct / answered if answered else None,
        by_topic=topics,
        questions=marked,
        words=_words(correct, total, unanswered),
    )


def _mark(item: SheetQuestion, chosen: str | None) -> MarkedQuestion:
    if chosen is not None and chosen not in {option.id for option in item.options}:
        known = ", ".join(option.id for option in item.options)
        raise PijatError(
            Text(
                f'Pilih salah satu jawaban {known} untuk "{item.question.id}", bukan "{chosen[:80]}".',
                f'Expected one of {known} as the answer to "{item.question.id}", got "{chosen[:80]}".',
            )
        )
    return MarkedQuestion(item.question, chosen, chosen == item.question.answer)


def _words(correct: int, total: int, unanswered: int) -> Text:
    percent = number(100 * correct / total, 0)
    said = Text(
        f"{correct} dari {total} benar ({percent.id} poin dari 100)",
        f"{correct} of {total} correct ({percent.en} points of 100)",
    )
    if not unanswered:
        return join(said, ".")
    return join(
        said,
        Text(
            f"; {unanswered} tidak dijawab dan dihitung belum benar.",
            f"; {unanswered} not answered and counted as not correct.",
        ),
    )


def _options(seed: int, question: Question) -> tuple[Option, ...]:
    shuffled = sorted(question.options, key=lambda option: _place(seed, f"{question.id}/{option.id}"))
    return (*shuffled, Option(DONT_KNOW, DONT_KNOW_TEXT))


def _place(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()
