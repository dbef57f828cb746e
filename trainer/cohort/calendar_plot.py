"""The home-care log drawn as a calendar, as stand-alone SVG text."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from markupsafe import Markup

from trainer.cohort.adherence import Adherence, HomeCareEntry
from trainer.cohort.axes import NOTHING, RIGHT, WIDTH, empty, label, picture, say
from trainer.language import Language, Text
from trainer.report.formats import plain
from trainer.report.palette import ACCENT, FAULT, LANE, MUTED, ON_COLOUR
from trainer.report.svg import element, group

MOST_DAYS = 63
"""Days in a line of the calendar: nine weeks, cells of eight pixels."""


def home_care_svg(
    rows: Sequence[tuple[str, Adherence, Iterable[HomeCareEntry]]], *, title: Text, language: Language = "id"
) -> str:
    """Draw a calendar: a line per mother, a cell per day, filled by massages done of massages due.

    A day that was not logged is an empty dashed cell, not an empty day; pain or irritation is a cross. Of more than
    `MOST_DAYS` days the last ones are drawn.

    Parameters
    ----------
    rows : sequence of (str, Adherence, iterable of HomeCareEntry)
        Code, what `adherence` returned, and the log.
    """
    due = [(code, result, tuple(log)) for code, result, log in rows if result.days_due and result.first]
    if not due:
        return empty(say(title, language), say(NOTHING, language), WIDTH, 120)
    last = max(result.days_due for _, result, _ in due)
    first = max(1, last - MOST_DAYS + 1)
    days = last - first + 1
    cell = min(30.0, (WIDTH - 120 - RIGHT) / days)
    line = min(24.0, max(12.0, cell)) + 4
    top, left = 34.0, 110.0
    height = top + line * len(due) + 54
    parts: list[Markup] = []
    for day in range(first, last + 1):
        if day == first or day % (7 if days > 20 else 2) == 0:
            parts.append(
                label(
                    left + (day - first + 0.5) * cell,
                    top - 8,
                    str(day),
                    size=11.5,
                    colour=MUTED,
                    anchor="middle",
                )
            )
    parts.append(
        label(
            left - 10,
            top - 8,
            say(Text("hari ke-", "day"), language),
            size=11.5,
            colour=MUTED,
            anchor="end",
        )
    )
    for index, (code, result, log) in enumerate(due):
        y = top + index * line
        parts.append(label(left - 10, y + line / 2 + 3, plain(code, 14), size=12.5, anchor="end"))
        parts.append(_calendar(result, log, first, left, y, cell, line - 4))
    parts.append(_calendar_legend(left, top + line * len(due) + 14, language))
    description = Text(
        f"Catatan pijat di rumah dari {len(due)} ibu.", f"Massages logged at home by {len(due)} mothers."
    )
    return picture(say(title, language), say(description, language), WIDTH, height, *parts)


def _calendar(
    result: Adherence, log: Sequence[HomeCareEntry], first: int, x: float, y: float, cell: float, tall: float
) -> Markup:
    parts = []
    for index in range(first - 1, result.days_due):
        assert result.first is not None
        day = result.first + timedelta(days=index)
        entries = [entry for entry in log if entry.day == day]
        done = sum(entry.sessions for entry in entries) if entries else None
        hurt = any(entry.pain or entry.irritation for entry in entries)
        parts.append(
            _day_cell(
                x + (index - first + 1) * cell + 1, y, cell - 2, tall, done, result.goal.sessions_a_day, hurt
            )
        )
    return group(parts)


def _day_cell(
    x: float, y: float, width: float, tall: float, done: int | None, due: int, hurt: bool
) -> Markup:
    unknown = done is None
    parts = [
        element(
            "rect",
            x=x,
            y=y,
            width=width,
            height=tall,
            rx=2.5,
            fill=ON_COLOUR if unknown else LANE,
            stroke=MUTED,
            stroke_width=0.8,
            stroke_dasharray="2 2" if unknown else None,
            stroke_opacity=0.7 if unknown else 0.4,
        )
    ]
    if done:
        share = min(1.0, done / due)
        parts.append(
            element(
                "rect", x=x, y=y + tall * (1 - share), width=width, height=tall * share, rx=2.5, fill=ACCENT
            )
        )
    if hurt:
        size = min(width, tall) * 0.28
        cx, cy = x + width / 2, y + tall / 2
        wide, back = f"{2 * size:.1f}", f"{-2 * size:.1f}"
        cross = f"M{cx - size:.1f} {cy - size:.1f}l{wide} {wide}m0 {back}l{back} {wide}"
        parts.append(element("path", d=cross, stroke=ON_COLOUR, stroke_width=4.6, stroke_linecap="round"))
        parts.append(element("path", d=cross, stroke=FAULT, stroke_width=2.4, stroke_linecap="round"))
    return group(parts)


def _calendar_legend(x: float, y: float, language: Language) -> Markup:
    entries = (
        (2, False, Text("cukup", "enough")),
        (1, False, Text("sebagian", "some")),
        (0, False, Text("tidak dipijat", "no massage")),
        (None, False, Text("tidak dicatat", "not logged")),
        (2, True, Text("sakit/iritasi", "pain/irritation")),
    )
    parts: list[Markup] = []
    for done, hurt, words in entries:
        parts.append(_day_cell(x, y, 16, 16, done, 2, hurt))
        shown = say(words, language)
        parts.append(label(x + 22, y + 13, shown, size=12, colour=MUTED))
        x += 40 + 6.6 * len(shown)
    return group(parts)
