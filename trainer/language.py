"""The two languages of everything that a person reads: one shape of a bilingual text, and the choice of one."""

import locale
import math
import re
from collections.abc import Mapping, Sequence
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

    def fill(self, **values: object) -> "Text":
        """Return the text with its {places} filled in.

        Parameters
        ----------
        **values : Text, float or object
            By the places' names. A `Text` is said, and a float written (`number`), in the language around it;
            anything else stands there as it is.

        Examples
        --------
        >>> Text("Paling jauh {cm} cm.", "At most {cm} cm.").fill(cm=17.5)
        Text(id='Paling jauh 17,5 cm.', en='At most 17.5 cm.')
        """
        said = {name: number(value) if isinstance(value, float) else value for name, value in values.items()}
        indonesian = {name: value.id if isinstance(value, Text) else value for name, value in said.items()}
        english = {name: value.en if isinstance(value, Text) else value for name, value in said.items()}
        return Text(self.id.format(**indonesian), self.en.format(**english))


def system_language(settings: Mapping[str, str]) -> Language:
    """Return the language that somebody's terminal is set to: Indonesian where it says so, else English.

    Parameters
    ----------
    settings : mapping of str to str
        The environment; the first of ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is set counts, as in POSIX.

    Examples
    --------
    >>> system_language({"LANG": "id_ID.UTF-8"})
    'id'
    """
    names = (settings.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    # Windows sets none of them.
    chosen = next((name for name in names if name), None) or locale.getlocale()[0] or ""
    return "id" if re.match(r"id([_.@-]|$)|indonesian", chosen, re.IGNORECASE) else "en"


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


def join_with(separator: Text | str, parts: Sequence[Text]) -> Text:
    """Write parts with a separator between them."""
    between = both(separator) if isinstance(separator, str) else separator
    return Text(between.id.join(t.id for t in parts), between.en.join(t.en for t in parts))


def number(value: float | None, digits: int | None = None) -> Text:
    """Write a number: a decimal comma in Indonesian, a point in English, a dash when there is none.

    Parameters
    ----------
    value : float or None
        None and NaN mean not measured.
    digits : int, optional
        Decimals; left out: two below 1, one below 100, else none, and no zeros at the end.

    Examples
    --------
    >>> number(1234.5, 1)
    Text(id='1.234,5', en='1,234.5')
    """
    if value is None or not math.isfinite(value):
        return both("–")
    chosen = digits if digits is not None else 2 if abs(value) < 1 else 1 if abs(value) < 100 else 0
    english = f"{value:,.{chosen}f}"
    if digits is None and "." in english:
        english = english.rstrip("0").rstrip(".")
    if float(english.replace(",", "")) == 0:
        english = english.lstrip("-")
    english = english.replace("-", "\N{MINUS SIGN}")
    return Text(english.translate(str.maketrans(",.", ".,")), english)
