"""Taking values out of a document that somebody else may have written: each checked, each complaint with its place.

Every value is asked for by type and range; whatever is not as asked ends in one sentence that names the file and the
field. Fields nobody asks for are left alone.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from trainer.errors import PijatError, reason
from trainer.language import Text, both, join

LONGEST_WORD = 200
LONGEST_NAME = 1000
"""Of a file."""
LONGEST_TEXT = 10_000
LONGEST_S = 7 * 24 * 3600.0
"""No session lasts longer than a week."""
_SHOWN = 60
_DEEPEST = 12
_LONGEST_WHOLE = 2**53
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What no text may hold: half characters, which no file can be written with, and control characters, which XML has not.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_YEARS = (1900, 2200)


ANALYSE_AGAIN = Text("analisis videonya lagi", "analyse the video again")


@dataclass(frozen=True)
class Place:
    """Where a value stands, and what to do when it is wrong.

    Attributes
    ----------
    file, folder : str
        The file and its folder.
    path : str
        The way to the value in it.
    row : int or None
        Of a table: the row, from 1 on.
    mend : Text
        What to do.
    """

    file: str
    folder: str
    path: str = ""
    row: int | None = None
    mend: Text = ANALYSE_AGAIN

    def fail(self, expected: Text, value: object) -> NoReturn:
        """Raise the sentence that this value is not what was expected."""
        where = (
            join(Text(" pada ", " in "), self._way, Text(" di ", " of "))
            if self.path or self.row
            else Text(" di ", " in ")
        )
        self._fail(join(expected, where), value if isinstance(value, Text) else shown(value))

    def fail_file(self, expected: Text, got: Text) -> NoReturn:
        """Raise the sentence that the file itself is not what was expected."""
        self._fail(join(expected, Text(" pada ", " in ")), got)

    def fail_missing(self) -> NoReturn:
        """Raise the sentence that there is no such file."""
        file, folder = self._names
        sentence = Text(
            f"Diharapkan ada {file} di folder {folder}, ternyata tidak ada: analisis videonya lagi.",
            f"Expected {file} in {folder}, found none: analyse the video again.",
        )
        raise PijatError(sentence, "missing")

    def fail_reading(self, error: OSError | RuntimeError) -> NoReturn:
        """Raise the sentence that the system does not let the file be read."""
        why = reason(error) if isinstance(error, OSError) else Text("tautan melingkar", "links in a circle")
        file, folder = self._names
        sentence = Text(
            f"{file} di folder {folder} tidak bisa dibaca ({why.id}): periksa izinnya.",
            f"Could not read {file} of {folder}: {why.en}.",
        )
        raise PijatError(sentence, "busy") from error

    @property
    def _names(self) -> tuple[str, str]:
        return plain_words(self.file), plain_words(self.folder)

    @property
    def _way(self) -> Text:
        row = both("") if self.row is None else Text(f"baris {self.row}", f"row {self.row}")
        return join(plain_words(self.path), ", " if self.path and self.row else "", row)

    def _fail(self, expected: Text, got: Text) -> NoReturn:
        file, folder = self._names
        sentence = join(
            Text("Diharapkan ", "Expected "),
            expected,
            Text(f"{file} (folder {folder}), ternyata ", f"{file} of {folder}, got "),
            got,
            ": ",
            self.mend,
            ".",
        )
        raise PijatError(sentence)


def shown(value: object) -> Text:
    """Return a foreign value as it may stand in a sentence: short, and nothing in it that hides or turns words."""
    if value is None:
        return Text("tidak ada", "none")
    if isinstance(value, Mapping):
        return Text("objek", "an object")
    if isinstance(value, list | tuple):
        return Text("daftar", "a list")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LONGEST_WHOLE:
        return Text("bilangan yang sangat besar", "a very large number")
    return both(plain_words(repr(value)))


def plain_words(text: str, longest: int = _SHOWN) -> str:
    r"""Return foreign words as they may stand in a sentence.

    Examples
    --------
    >>> plain_words("a\nb"), plain_words("x" * 10, 4)
    ('a\\nb', 'xxx…')
    """
    plain = text if text.isprintable() else ascii(text)[1:-1]
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def writable(text: str) -> str:
    """Return a text with what `Value.text` refuses replaced: the name of a video may hold it."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


@dataclass(frozen=True)
class Value:
    """A value of the document and its place."""

    value: object
    place: Place

    def fail(self, expected: Text) -> NoReturn:
        """Raise the sentence that this is not what was expected."""
        self.place.fail(expected, self.value)

    @property
    def is_null(self) -> bool:
        """Whether it is null: not known."""
        return self.value is None

    def text(self, longest: int = LONGEST_TEXT) -> str:
        """Take prose: any text without control characters; it may be empty."""
        if not isinstance(self.value, str) or len(self.value) > longest or _NO_TEXT.search(self.value):
            self.fail(Text(f"teks paling panjang {longest} huruf", f"a text of at most {longest} characters"))
        return self.value

    def word(self, longest: int = LONGEST_WORD) -> str:
        """Take a name: one line of printable characters, not empty."""
        word = self.value
        if (
            not isinstance(word, str)
            or not 0 < len(word) <= longest
            or not word.isprintable()
            or word != unicodedata.normalize("NFC", word).strip()
        ):
            self.fail(Text(f"nama paling panjang {longest} huruf", f"a word of at most {longest} characters"))
        return word

    def sha256(self) -> str:
        """Take a SHA-256 in hexadecimal."""
        if not isinstance(self.value, str) or not _SHA256.fullmatch(self.value):
            self.fail(Text("SHA-256 (64 angka heksadesimal)", "a SHA-256 of 64 hexadecimal digits"))
        return self.value

    def choice(self, options: Collection[str]) -> str:
        """Take one of the given words."""
        if not isinstance(self.value, str) or self.value not in options:
            names = ", ".join(options)
            self.fail(Text(f"salah satu dari {names}", f"one of {names}"))
        return self.value

    def switch(self) -> bool:
        """Take true or false."""
        if not isinstance(self.value, bool):
            self.fail(both("true / false"))
        return self.value

    def number(self, least: float, most: float) -> float:
        """Take a finite number of a range; a rounding error beyond its ends is none."""
        value = self.value
        known = isinstance(value, int | float) and not isinstance(value, bool)
        if not known or not least - 1e-9 * abs(least) <= value <= most + 1e-9 * abs(most):  # type: ignore[operator]
            self.fail(
                Text(f"bilangan dari {least:g} sampai {most:g}", f"a number from {least:g} to {most:g}")
            )
        return float(value)  # type: ignore[arg-type]

    def whole(self, least: int, most: int) -> int:
        """Take a whole number of a range."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            self.fail(
                Text(f"bilangan bulat dari {least} sampai {most}", f"a whole number from {least} to {most}")
            )
        return self.value

    def seconds(self) -> float:
        """Take a time in seconds from the first frame."""
        return self.number(0.0, LONGEST_S)

    def moment(self) -> str:
        """Take a date and time of day in ISO 8601, as it is written."""
        expected = Text("tanggal dan waktu (ISO 8601)", "a date and time (ISO 8601)")
        if not isinstance(self.value, str) or len(self.value) > LONGEST_WORD:
            self.fail(expected)
        try:
            made = dt.datetime.fromisoformat(self.value)
        except ValueError:
            self.fail(expected)
        if not _YEARS[0] <= made.year <= _YEARS[1]:
            self.fail(expected)
        return self.value

    def bilingual(self) -> Text:
        """Take a text in both languages."""
        group = self.group()
        return Text(group.take("id").text(), group.take("en").text())

    def entries(self, most: int) -> "list[Value]":
        """Take a list of at most `most` entries."""
        if not isinstance(self.value, list | tuple) or len(self.value) > most:
            self.fail(Text(f"daftar paling banyak {most} butir", f"a list of at most {most} entries"))
        return [Value(entry, self._below(f"[{number}]")) for number, entry in enumerate(self.value)]

    def group(self) -> "Group":
        """Take an object."""
        if not isinstance(self.value, dict):
            self.fail(Text("objek", "an object"))
        return Group(self.value, self.place)

    def json(self, deepest: int = _DEEPEST) -> Any:
        """Take whatever JSON holds, if it is no deeper than that, with finite numbers and writable texts."""
        value = self.value
        if isinstance(value, dict | list | tuple) and deepest == 0:
            self.fail(Text("isian yang tidak terlalu bersarang", "fields nested less deeply"))
        if isinstance(value, dict):
            return {
                Value(key, self.place).text(LONGEST_WORD): Value(inner, self._below(f".{key[:40]}")).json(
                    deepest - 1
                )
                for key, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [
                Value(inner, self._below(f"[{number}]")).json(deepest - 1)
                for number, inner in enumerate(value)
            ]
        if isinstance(value, str):
            return self.text()
        if isinstance(value, int) and not isinstance(value, bool):
            return self.whole(-_LONGEST_WHOLE, _LONGEST_WHOLE)
        if isinstance(value, float) and not math.isfinite(value):
            self.fail(Text("bilangan yang ada batasnya", "a finite number"))
        return value

    def _below(self, step: str) -> Place:
        way = f"{self.place.path}{step}".lstrip(".")
        return replace(self.place, path=way)


@dataclass(frozen=True)
class Group:
    """An object of the document and its place."""

    document: Mapping[str, object]
    place: Place

    def take(self, name: str) -> Value:
        """Take a field that must be there."""
        if name not in self.document:
            self.place.fail(
                Text(f"isian {name}", f"the field {name}"), Text("tidak ada", "an object without it")
            )
        return self._value(name)

    def maybe(self, name: str) -> Value | None:
        """Take a field that older sessions lack; None where it is absent."""
        return self._value(name) if name in self.document else None

    def take_or_null(self, name: str) -> Value | None:
        """Take a field that must be there and may be null; None for null."""
        value = self.take(name)
        return None if value.is_null else value

    def others(self, known: Collection[str]) -> dict[str, Any]:
        """Take the fields that are not among the known ones, whatever they are."""
        rest = {name: value for name, value in self.document.items() if name not in known}
        return dict(Value(rest, self.place).json())

    def fields(self, most: int) -> dict[str, Value]:
        """Take all fields of an object whose names are not known beforehand."""
        if len(self.document) > most:
            self.place.fail(
                Text(f"paling banyak {most} isian", f"at most {most} fields"), both(str(len(self.document)))
            )
        return {Value(name, self.place).text(LONGEST_NAME): self._value(name) for name in self.document}

    def _value(self, name: str) -> Value:
        return Value(self.document[name], Value(None, self.place)._below(f".{name[:40]}"))
