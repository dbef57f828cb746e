"""Axes with round ticks, and the pieces that every plot of a cohort shares."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from trainer.language import Language, Text, number
from trainer.report.palette import CARD, INK, LINE, MUTED
from trainer.report.svg import element, group

FONT = "'Segoe UI', 'Noto Sans', Roboto, 'Helvetica Neue', Arial, sans-serif"
WIDTH, RIGHT = 640.0, 26.0
"""Of every plot: its width, and the margin on the right."""
NOTHING = Text("Belum ada data untuk digambar.", "Nothing to draw yet.")


class Axis:
    """Maps values to places, with room at the ends and round ticks."""

    def __init__(
        self,
        values: Sequence[float],
        start: float,
        end: float,
        *,
        limits: tuple[float | None, float | None] = (None, None),
        steps: int = 6,
    ) -> None:
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        room = 0.06 * (high - low) or max(abs(high), 1.0) * 0.1
        bottom, top = limits
        self.low = low - room if bottom is None else max(bottom, low - room)
        self.high = high + room if top is None else min(top, high + room)
        if self.high <= self.low:
            self.low, self.high = low - 1, high + 1
        self.start, self.end, self._steps = start, end, steps

    def at(self, value: float) -> float:
        """Return the place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return the round values within the axis."""
        rough = (self.high - self.low) / self._steps
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * (1 - 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [k * step for k in range(first, last + 1)]


def say(text: Text | str, language: Language) -> str:
    """Return a text in one language."""
    return text if isinstance(text, str) else text.say(language)


def tick_label(value: float, language: Language) -> str:
    """Write a tick's value."""
    return say(number(value), language)


def label(
    x: float,
    y: float,
    text: str,
    *,
    size: float = 13,
    colour: str = INK,
    anchor: str = "start",
    weight: int | None = None,
    halo: bool = False,
) -> Markup:
    """A line of text; a halo keeps it readable over lines."""
    return element(
        "text",
        text,
        x=x,
        y=y,
        font_size=size,
        fill=colour,
        text_anchor=anchor if anchor != "start" else None,
        font_weight=weight,
        paint_order="stroke" if halo else None,
        stroke=CARD if halo else None,
        stroke_width=4 if halo else None,
        stroke_linejoin="round" if halo else None,
    )


def left_axis(
    axis: Axis, x: float, right: float, language: Language, title: str, names: Sequence[str] = ()
) -> Markup:
    """Horizontal grid lines with their values on the left, and the axis' title upright beside them.

    With `names` of the values 1, 2 ... those stand there instead of numbers.
    """
    parts: list[Markup] = []
    ticks = [(float(value), name) for value, name in enumerate(names, start=1)] or [
        (tick, tick_label(tick, language)) for tick in axis.ticks()
    ]
    for tick, shown in ticks:
        y = axis.at(tick)
        parts.append(element("path", d=f"M{x:.1f} {y:.1f}H{right:.1f}", stroke=LINE, stroke_width=1))
        parts.append(
            label(
                x - 8,
                y + 4.5,
                shown,
                colour=MUTED,
                anchor="end",
            )
        )
    middle = (axis.start + axis.end) / 2
    parts.append(
        element(
            "text",
            title,
            transform=f"translate({x - (92 if names else 52):.1f} {middle:.1f}) rotate(-90)",
            text_anchor="middle",
            font_size=13,
            fill=MUTED,
        )
    )
    return group(parts)


def bottom_axis(axis: Axis, y: float, top: float, language: Language, title: str) -> Markup:
    """Vertical grid lines with their values below, and the axis' title under them."""
    parts: list[Markup] = []
    for tick in axis.ticks():
        x = axis.at(tick)
        parts.append(element("path", d=f"M{x:.1f} {top:.1f}V{y:.1f}", stroke=LINE, stroke_width=1))
        parts.append(label(x, y + 18, tick_label(tick, language), colour=MUTED, anchor="middle"))
    parts.append(label((axis.start + axis.end) / 2, y + 38, title, colour=MUTED, anchor="middle"))
    return group(parts)


def picture(title: str, description: str, width: float, height: float, *content: Markup | None) -> str:
    """A stand-alone picture, named and described for those who do not see it."""
    return str(
        element(
            "svg",
            element("title", title),
            element("desc", description),
            element("rect", width=width, height=height, fill=CARD),
            *content,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width:g} {height:g}",
            role="img",
            font_family=FONT,
        )
    )


def empty(title: str, reason: str, width: float, height: float) -> str:
    """A picture that says why there is nothing to draw."""
    return picture(
        title,
        reason,
        width,
        height,
        label(width / 2, height / 2, reason, size=14, colour=MUTED, anchor="middle"),
    )


def with_unit(name: Text, unit: Text, language: Language) -> str:
    """Name what an axis shows, with its unit."""
    shown = say(unit, language)
    return f"{say(name, language)} ({shown})" if shown else say(name, language)
