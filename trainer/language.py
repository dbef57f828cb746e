"""The two languages of everything that a person reads: one shape of a bilingual text, and the choice of one."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]
"""Indonesian first, English second."""


@dataclass(frozen=True)
class Text:
    """One text in both languages.

    Attributes
    ----------
    id, en : str
        In Indonesian and in English.

    Examples
    --------
    >>> Text("punggung", "back").say("id")
    'punggung'
    """

    id: str
    en: str

    def say(self, language: Language) -> str:
        """Return the text in one language."""
        return self.id if language == "id" else self.en


def both(text: str) -> Text:
    """Return the same words in both languages: a name, a sign, a number without decimals."""
    return Text(text, text)


def join(*parts: Text | str) -> Text:
    """Write parts after each other; a plain string is the same in both languages.

    Examples
    --------
    >>> join(Text("tangan", "hand"), ": ", Text("kiri", "left"))
    Text(id='tangan: kiri', en='hand: left')
    """
    texts = [both(part) if isinstance(part, str) else part for part in parts]
    return Text("".join(t.id for t in texts), "".join(t.en for t in texts))


def join_with(separator: str, parts: list[Text]) -> Text:
    """Write parts with a separator between them."""
    return Text(separator.join(t.id for t in parts), separator.join(t.en for t in parts))
