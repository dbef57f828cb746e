"""Text that people or folders gave, made safe to store and to show."""

import re
import unicodedata

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library.messages import NOTE

NAME_LIMIT = 200
NOTE_LIMIT = 4000
# Control characters, and those that turn or hide the words around them; letters of every script stay.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNSAFE_IN_LINES = re.compile(_UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))


def name_text(text: str, what: Text, limit: int = NAME_LIMIT) -> str:
    """Return one line that a person typed, without control and direction-changing characters.

    Parameters
    ----------
    text : str
        As typed.
    what : Text
        What it names, for the error: "a person's name".
    limit : int
        Most characters.

    Raises
    ------
    PijatError
        When nothing is left, or it is longer than `limit`.
    """
    cleaned = _cleaned(text)
    if not cleaned:
        raise PijatError(Text("Isi {what}.", "Expected {what}, got nothing: type one.").fill(what=what))
    if len(cleaned) > limit:
        raise _too_long(what, limit, len(cleaned))
    return cleaned


def optional_name(text: str | None, what: Text) -> str | None:
    """Return `name_text`, or None where nothing was typed."""
    return name_text(text, what) if text is not None and _cleaned(text) else None


def note_text(text: str, what: Text = NOTE) -> str:
    """Return text of several lines that a person typed, as `name_text`; it may be empty."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = _UNSAFE_IN_LINES.sub("\N{REPLACEMENT CHARACTER}", lines).strip()
    if len(cleaned) > NOTE_LIMIT:
        raise _too_long(what, NOTE_LIMIT, len(cleaned))
    return cleaned


def title_text(text: str, limit: int = NAME_LIMIT) -> str:
    """Return a name that nobody typed here, such as a folder's, cut to `limit` characters.

    Examples
    --------
    >>> title_text("ibu" + "i" * 300, 6)
    'ibuii…'
    """
    cleaned = _cleaned(text)
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def _too_long(what: Text, limit: int, got: int) -> PijatError:
    text = Text(
        "Paling banyak {limit} huruf untuk {what}, sekarang {got}: persingkat.",
        "Expected {what} of at most {limit} characters, got {got}: shorten it.",
    )
    return PijatError(text.fill(what=what, limit=limit, got=got))


def _cleaned(text: str) -> str:
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", unicodedata.normalize("NFC", text)).strip()
