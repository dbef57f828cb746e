"""Small charts that hold a measured value against its allowed range, and bars of shares."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from trainer.language import Text, both, join, number
from trainer.protocol.score import Measure
from trainer.report.checklist import within
from trainer.report.formats import allowed_range, with_sigma
from trainer.report.palette import CARD, INK, LINE, MUTED, VERDICT_TONES
from trainer.report.patterns import unseen
from trainer.report.svg import chart, element, group, words

_WIDTH, _HEIGHT, _TRACK_Y, _TRACK = 300.0, 46.0, 12.0, 14.0
_DOT_BUDGET = 250


def describe(measure: Measure) -> Text:
    """The value with its uncertainty and its range, in words."""
    if measure.value is None or not math.isfinite(measure.value):
        value = Text("tidak terukur", "not measured")
    else:
        value = with_sigma(measure.value, measure.sigma, measure.unit)
    limits = allowed_range(measure.minimum, measure.maximum)
    return join(value, " (", limits, ")") if limits else value


def bullet(name: str, measure: Measure, singles: Sequence[float] = ()) -> Markup:
    """Draw one value against its range.

    Parameters
    ----------
    name : str
        Unique in the page.
    measure : Measure
        With at least one limit.
    singles : sequence of float
        Values of the single strokes, drawn as small ticks below the bar.
    """
    low, high = _domain(measure, singles)

    def x(value: float) -> float:
        return 4 + (min(max(value, low), high) - low) / (high - low) * (_WIDTH - 8)

    left = x(measure.minimum) if measure.minimum is not None else 4.0
    right = x(measure.maximum) if measure.maximum is not None else _WIDTH - 4
    inside = within(measure)
    tone = VERDICT_TONES["met" if inside else "not_met"]
    parts: list[Markup] = [
        element("rect", x=4, y=_TRACK_Y, width=_WIDTH - 8, height=_TRACK, rx=4, fill="#EFE6D8"),
        element(
            "rect",
            x=left,
            y=_TRACK_Y,
            width=max(right - left, 3),
            height=_TRACK,
            rx=3,
            fill="#BFDCC4",
            stroke=VERDICT_TONES["met"].foreground,
            stroke_width=1,
        ),
    ]
    stride = max(1, math.ceil(len(singles) / _DOT_BUDGET))
    parts.append(
        element(
            "path",
            d="".join(f"M{x(v):.1f} {_TRACK_Y + _TRACK + 1.5:g}v5" for v in singles[::stride]) or None,
            stroke=MUTED,
            stroke_width=1.2,
            stroke_opacity=0.65,
        )
    )
    limits = [(measure.minimum, left, Text("min ", "min ")), (measure.maximum, right, Text("maks ", "max "))]
    if measure.minimum == measure.maximum:
        limits = limits[:1]
    for limit, place, name_of_limit in limits:
        if limit is not None:
            parts.append(
                words(
                    min(max(place, 4), _WIDTH - 4),
                    _HEIGHT - 1,
                    join(name_of_limit, number(limit)),
                    text_anchor=_anchor(place),
                    class_="tick",
                )
            )
    if measure.value is not None and inside is not None:
        here = x(measure.value)
        if measure.sigma:
            a, b = x(measure.value - measure.sigma), x(measure.value + measure.sigma)
            parts.append(
                element("path", d=f"M{a:.1f} {_TRACK_Y + _TRACK / 2:g}H{b:.1f}", stroke=INK, stroke_width=2)
            )
        shape = "M0 -9L6.5 0L0 9L-6.5 0Z" if inside else "M-6 -8H6V8H-6Z"
        parts.append(
            element(
                "path",
                d=shape,
                transform=f"translate({here:.1f} {_TRACK_Y + _TRACK / 2:g})",
                fill=tone.foreground,
                stroke=CARD,
                stroke_width=2,
            )
        )
    return chart(
        name,
        measure.label,
        join(measure.label, ": ", describe(measure)),
        _WIDTH,
        _HEIGHT,
        *parts,
        class_="chart bullet",
    )


def share_bar(name: str, title: Text, shares: Sequence[tuple[float, str, Text]]) -> Markup:
    """A bar split into shares (0 to 1), each with a colour (or ``unseen``, ``bridged``) and a name."""
    width, height = 300.0, 18.0
    parts, start = [], 0.0
    for share, fill, _ in shares:
        box = (start * width, 0.0, share * width, height)
        if share > 0 and fill in ("unseen", "bridged"):
            parts.append(unseen([box], 1.0 if fill == "unseen" else 0.4))
        elif share > 0:
            parts.append(element("rect", x=box[0], y=0, width=box[2], height=height, fill=fill))
        start += share
        if 0.005 < start < 0.995:
            parts.append(
                element("path", d=f"M{start * width:.1f} 0V{height:g}", stroke=CARD, stroke_width=1.5)
            )
    listed = [
        join(number(100 * share, 0), Text(" % ", "% "), label) for share, _, label in shares if share > 0
    ]
    text = listed[0] if listed else both("–")
    for part in listed[1:]:
        text = join(text, ", ", part)
    frame = element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=3, fill="none", stroke=LINE)
    return chart(name, title, text, width, height, group(parts), frame, class_="chart share")


def gauge(
    name: str, percent: float | None, pass_mark: float, colour: str, title: Text, description: Text
) -> Markup:
    """A ring filled to `percent`, with the pass mark as a notch; empty and dashed when there is no score."""
    radius, centre = 50.0, 64.0
    around = 2 * math.pi * radius
    share = min(max((percent or 0.0) / 100, 0.0), 1.0)
    angle = 2 * math.pi * pass_mark / 100 - math.pi / 2
    inner, outer = radius - 10, radius + 11
    parts = [
        element(
            "circle",
            cx=centre,
            cy=centre,
            r=radius,
            fill="none",
            stroke="#EBE1D1",
            stroke_width=13,
            stroke_dasharray="4 6" if percent is None else None,
        ),
        element(
            "circle",
            cx=centre,
            cy=centre,
            r=radius,
            fill="none",
            stroke=colour,
            stroke_width=13,
            stroke_dasharray=f"{around * share:.1f} {around:.1f}",
            transform=f"rotate(-90 {centre} {centre})",
        )
        if share > 0
        else None,
        element(
            "path",
            d=f"M{centre + inner * math.cos(angle):.1f} {centre + inner * math.sin(angle):.1f}"
            f"L{centre + outer * math.cos(angle):.1f} {centre + outer * math.sin(angle):.1f}",
            stroke=INK,
            stroke_width=3,
        ),
    ]
    shown = number(percent, 0)
    parts.append(
        words(
            centre,
            centre + 9,
            shown if percent is not None else both("–"),
            text_anchor="middle",
            class_="gauge-number",
        )
    )
    if percent is not None:
        parts.append(words(centre, centre + 25, "%", text_anchor="middle", class_="tick"))
    return chart(
        name, title, description, 128, 128, *(p for p in parts if p is not None), class_="chart gauge"
    )


def _domain(measure: Measure, singles: Sequence[float]) -> tuple[float, float]:
    limits = [v for v in (measure.minimum, measure.maximum) if v is not None]
    values = list(limits)
    if measure.value is not None and math.isfinite(measure.value):
        values += [measure.value - (measure.sigma or 0), measure.value + (measure.sigma or 0)]
    low, high = min(values), max(values)
    span = (high - low) or abs(high) or 1.0
    if measure.unit == "%":
        return min(0.0, low), max(100.0, high)
    start = 0.0 if 0 <= low <= 4 * span else low - 0.25 * span
    return min(start, low), high + 0.3 * span


def _anchor(x: float) -> str:
    return "start" if x < 30 else "end" if x > _WIDTH - 30 else "middle"
