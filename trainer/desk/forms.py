"""Reads what was typed into a form: the value, or one sentence beside the field, in the visitor's language."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from trainer.desk.pages import tell
from trainer.errors import PijatError
from trainer.language import number

if TYPE_CHECKING:
    from trainer.desk.calls import Call

_EARLIEST = dt.date(2000, 1, 1)


class Form:
    """What was typed, and what is wrong with it.

    Each method reads one field and returns its value, or notes the sentence in `errors` and returns a value of the
    same type that must not be used: ask `ok` first.

    Parameters
    ----------
    call : Call
        Whose form it is.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self.errors: dict[str, str] = {}

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.errors

    def refuse(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field; the first sentence stays."""
        self.errors.setdefault(name, sentence)

    def text(self, name: str, most: int = 200, *, optional: bool = False) -> str:
        """Read a line or, with a larger `most`, several."""
        value = self._call.form.get(name, "").strip()
        if not value and not optional:
            self.refuse(name, tell(self._call, "needed"))
        elif len(value) > most:
            self.refuse(name, tell(self._call, "too_long", most=most, got=len(value)))
        return value

    def number(self, name: str, low: float, high: float, *, example: str = "2") -> float:
        """Read a number from `low` to `high`, written with a comma or a point."""
        typed = self.text(name, 40)
        if name in self.errors:
            return low
        try:
            value = float(typed.replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.refuse(name, tell(self._call, "not_a_number", example=example))
            return low
        if not low <= value <= high:
            self.refuse(name, tell(self._call, "out_of_range", low=number(low), high=number(high), got=typed))
        return value

    def whole(self, name: str, low: int, high: int, *, example: str = "2") -> int:
        """Read a whole number."""
        value = self.number(name, low, high, example=example)
        if name not in self.errors and value != int(value):
            self.refuse(name, tell(self._call, "not_whole", example=example))
        return int(value)

    def day(self, name: str) -> dt.date:
        """Read a day that has come."""
        typed = self.text(name, 40)
        if name in self.errors:
            return _EARLIEST
        try:
            value = dt.date.fromisoformat(typed)
        except ValueError:
            self.refuse(name, tell(self._call, "not_a_date"))
            return _EARLIEST
        if value > dt.date.today():
            self.refuse(name, tell(self._call, "future_date"))
        elif value < _EARLIEST:
            self.refuse(name, tell(self._call, "old_date"))
        return value

    def choice(self, name: str, options: Collection[str]) -> str:
        """Read one of the options."""
        value = self._call.form.get(name, "")
        if value not in options:
            self.refuse(name, tell(self._call, "not_a_choice"))
        return value

    def ticked(self, name: str) -> bool:
        """Read a box to tick."""
        return self._call.form.get(name) == "1"

    def attempt(self, name: str, act: Callable[[], object]) -> bool:
        """Do what the form asks; a refusal of the library stands beside the field of that name."""
        if not self.ok:
            return False
        try:
            act()
        except PijatError as error:
            if error.kind == "busy":
                # Nothing that was typed is wrong.
                raise
            self.refuse(name, error.text.say(self._call.visitor.language))
        return self.ok
