"""Numbers, times and dates as people read them, in both languages, and text made safe to show."""

import math
import re
from datetime import datetime

from trainer.language import Text, both, join, number

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_MONTHS = (
    Text("Januari", "January"), Text("Februari", "February"), Text("Maret", "March"), Text("April", "April"),
    Text("Mei", "May"), Text("Juni", "June"), Text("Juli", "July"), Text("Agustus", "August"),
    Text("September", "September"), Text("Oktober", "October"), Text("November", "November"),
    Text("Desember", "December"),
)  # fmt: skip
_UNIT_WORDS: dict[str, Text] = {
    "Hz": Text("putaran/detik", "circles/s"),
    "s": Text("detik", "s"),
    "min": Text("menit", "min"),
    "%": Text("%", "%"),
    "cm": Text("cm", "cm"),
    "cm/s": Text("cm/detik", "cm/s"),
    "x": Text("kali", "times"),
    "deg": Text("derajat", "degrees"),
    "1": Text("", ""),
}


def plain(text: object, limit: int = 400) -> str:
    """Return `text` without control and direction-changing characters, at most `limit` characters long.

    A file name or a title may hold a right-to-left override that would turn the words after it around.
    """
    cleaned = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", str(text))
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def unit_word(unit: str) -> Text:
    """What people call a unit: ``Hz`` becomes circles a second; unknown units stay as they are."""
    return _UNIT_WORDS.get(unit, both(plain(unit, 30)))


def quantity(value: float | None, unit: str, digits: int | None = None) -> Text:
    """A number with its unit in words."""
    word = unit_word(unit)
    amount = number(value, digits)
    if unit == "%":
        return join(amount, Text(" %", "%"))
    return join(amount, both("\N{NO-BREAK SPACE}"), word) if word.en else amount


def with_sigma(value: float, sigma: float | None, unit: str) -> Text:
    """A value, its standard deviation where there is one (to the digit where it begins), and the unit."""
    if not sigma or not math.isfinite(sigma) or sigma <= 0:
        return quantity(value, unit)
    digits = min(2, max(0, math.ceil(-math.log10(sigma))))
    return join(number(value, digits), " ± ", quantity(sigma, unit, digits))


def clock(seconds: float) -> str:
    """Time from the first frame as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, int(seconds + 1e-6))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{second:02d}" if hours else f"{minutes}:{second:02d}"


def duration(seconds: float) -> Text:
    """A length of time in words: "4,5 detik", "2 menit 30 detik", "4 jam 5 menit"."""
    if not math.isfinite(seconds):
        return both("–")
    if seconds < 59.95:
        return join(number(seconds, 1 if 0 < seconds < 9.95 else 0), Text(" detik", " s"))
    whole = round(seconds)
    if whole < 3600:
        minutes, second = divmod(whole, 60)
        tail = Text(f" {second} detik", f" {second} s") if second else both("")
        return join(Text(f"{minutes} menit", f"{minutes} min"), tail)
    hours, minutes = divmod(round(whole / 60), 60)
    tail = Text(f" {minutes} menit", f" {minutes} min") if minutes else both("")
    return join(Text(f"{hours} jam", f"{hours} h"), tail)


def date(iso: str | None) -> Text:
    """An ISO 8601 moment as a date and time of day where this computer is; other words stay as they are."""
    if not iso:
        return both("–")
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return both(plain(iso, 40))
    if moment.tzinfo is not None:
        moment = moment.astimezone()
    month = _MONTHS[moment.month - 1]
    return Text(
        f"{moment.day} {month.id} {moment.year}, {moment:%H.%M}",
        f"{moment.day} {month.en} {moment.year}, {moment:%H:%M}",
    )


def allowed_range(minimum: float | None, maximum: float | None) -> Text | None:
    """The allowed range in short, in the value's unit; None when nothing bounds it."""
    if minimum is not None and maximum is not None:
        return number(minimum) if minimum == maximum else join(number(minimum), "–", number(maximum))
    if minimum is not None:
        return join("min ", number(minimum))
    if maximum is not None:
        return join(Text("maks ", "max "), number(maximum))
    return None
