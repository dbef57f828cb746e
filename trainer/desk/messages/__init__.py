"""Every word of the desk, Indonesian and English."""

from functools import cache

from trainer.desk.messages import access, agreement, cohort, grading, library, privacy, testing, training
from trainer.desk.messages.common import WORDS as _COMMON
from trainer.language import Language, Text

_PARTS = (
    _COMMON,
    access.WORDS,
    library.WORDS,
    grading.WORDS,
    agreement.WORDS,
    cohort.WORDS,
    testing.WORDS,
    privacy.WORDS,
    training.WORDS,
)


@cache
def texts() -> dict[str, Text]:
    """Return every text by its key."""
    return {key: text for part in _PARTS for key, text in part.items()}


@cache
def words(language: Language) -> dict[str, str]:
    """Return the words of one language by key."""
    return {key: text.say(language) for key, text in texts().items()}


def every_word() -> list[tuple[str, Text]]:
    """Return all keys with both texts, repeated ones too."""
    return [pair for part in _PARTS for pair in part.items()]
