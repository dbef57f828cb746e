"""A cohort's plots as stand-alone SVG text: before and after, gains; learning curves and home care beside them.

Colour never carries a meaning alone, words are in one language, and every axis has its unit.
"""

from collections.abc import Sequence

from markupsafe import Markup

from trainer.cohort.axes import (
    NOTHING,
    RIGHT,
    WIDTH,
    Axis,
    bottom_axis,
    empty,
    label,
    left_axis,
    picture,
    say,
    with_unit,
)
from trainer.cohort.calendar_plot import home_care_svg as home_care_svg
from trainer.cohort.comparison import PairedComparison
from trainer.cohort.curves_plot import learning_curves_svg as learning_curves_svg
from trainer.cohort.messages import estimate_text
from trainer.cohort.results import Estimate
from trainer.cohort.values import Values
from trainer.language import Language, Text, number
from trainer.report.palette import ACCENT, INK, MUTED, ON_COLOUR
from trainer.report.svg import element, group

HEIGHT = 380.0
_LEFT, _TOP, _BOTTOM = 76.0, 30.0, 56.0
BEFORE, AFTER = Text("Sebelum", "Before"), Text("Sesudah", "After")
_MEAN = Text("rata-rata", "mean")
_FALL = "#B4531A"


def paired_lines_svg(
    before: Values,
    after: Values,
    *,
    title: Text,
    unit: Text,
    language: Language = "id",
    limits: tuple[float | None, float | None] = (None, None),
    classes: Sequence[Text] = (),
    width: float = WIDTH,
) -> str:
    """Draw a line per participant from before to after, and the mean of those with both.

    Rising lines are full, falling ones dashed. Participants with only one value are drawn as a dot.

    Parameters
    ----------
    before, after : sequence of float or None
        A place per participant.
    title, unit : Text
        What was measured.
    limits : (float or None, float or None)
        Of the scale, beyond which the axis does not go.
    classes : sequence of Text
        Names of the values 1, 2 ... where they are classes.
    width : float
        Of the picture; a narrow one has the same size of letters.
    """
    rows = [(a, b) for a, b in zip(before, after, strict=True) if a is not None or b is not None]
    known = [value for row in rows for value in row if value is not None]
    if not known:
        return empty(say(title, language), say(NOTHING, language), width, HEIGHT)
    axis = Axis([*known, *range(1, len(classes) + 1)], HEIGHT - _BOTTOM, _TOP, limits=limits)
    start = _LEFT + (40 if classes else 0)
    left, right = start + min(110.0, 0.17 * width), width - RIGHT - min(150.0, 0.23 * width)
    parts: list[Markup] = [
        left_axis(
            axis,
            start,
            width - RIGHT,
            language,
            with_unit(title, Text("", "") if classes else unit, language),
            names=[say(name, language) for name in classes],
        )
    ]
    complete = [(a, b) for a, b in rows if a is not None and b is not None]
    parts.append(
        _class_lines(complete, axis, left, right) if classes else _lines(complete, axis, left, right)
    )
    for low, high in rows:
        for value, x in ((low, left), (high, right)):
            if value is not None:
                whole = low is not None and high is not None
                parts.append(
                    element(
                        "circle",
                        cx=x,
                        cy=axis.at(value),
                        r=4,
                        fill=ACCENT if whole else ON_COLOUR,
                        stroke=ACCENT,
                        stroke_width=1.4,
                        fill_opacity=0.7 if whole else 1,
                    )
                )
    if complete and not classes:
        means = [sum(row[side] for row in complete) / len(complete) for side in (0, 1)]
        parts.append(
            element(
                "path",
                d=f"M{left:.1f} {axis.at(means[0]):.1f}L{right:.1f} {axis.at(means[1]):.1f}",
                fill="none",
                stroke=INK,
                stroke_width=3.5,
                stroke_linecap="round",
            )
        )
        for value, x, towards in ((means[0], left - 14, "end"), (means[1], right + 14, "start")):
            shown = say(number(value, 1), language)
            shown = shown if width < WIDTH else f"{say(_MEAN, language)} {shown}"
            parts.append(
                label(
                    x,
                    axis.at(value) + 4.5,
                    shown,
                    size=13.5,
                    anchor=towards,
                    weight=700,
                    halo=True,
                )
            )
    for words, x in ((BEFORE, left), (AFTER, right)):
        parts.append(
            label(
                x,
                HEIGHT - _BOTTOM + 26,
                say(words, language),
                size=14,
                anchor="middle",
                weight=600,
            )
        )
    description = Text(
        f"{len(complete)} peserta dengan kedua nilai; {sum(b > a for a, b in complete)} naik, "
        f"{sum(b < a for a, b in complete)} turun.",
        f"{len(complete)} participants with both values; {sum(b > a for a, b in complete)} rose, "
        f"{sum(b < a for a, b in complete)} fell.",
    )
    return picture(say(title, language), say(description, language), width, HEIGHT, *parts)


def _lines(pairs: Sequence[tuple[float, float]], axis: Axis, left: float, right: float) -> Markup:
    return group(
        element(
            "path",
            d=f"M{left:.1f} {axis.at(before):.1f}L{right:.1f} {axis.at(after):.1f}",
            fill="none",
            stroke=_FALL if after < before else ACCENT,
            stroke_width=1.6,
            stroke_opacity=0.55,
            stroke_dasharray="5 4" if after < before else None,
        )
        for before, after in pairs
    )


def _class_lines(pairs: Sequence[tuple[float, float]], axis: Axis, left: float, right: float) -> Markup:
    """A line per change from class to class, the thicker the more made it, with their number.

    There is no mean: classes are no amounts.
    """
    parts: list[Markup] = []
    for before, after in sorted(set(pairs)):
        count = pairs.count((before, after))
        start, end = axis.at(before), axis.at(after)
        parts.append(
            element(
                "path",
                d=f"M{left:.1f} {start:.1f}L{right:.1f} {end:.1f}",
                stroke=_FALL if after < before else ACCENT,
                stroke_width=2 + 14 * count / len(pairs),
                stroke_opacity=0.45,
                stroke_dasharray="9 5" if after < before else None,
            )
        )
        x, y = left + 0.28 * (right - left), start + 0.28 * (end - start)
        parts.append(label(x, y + 4.5, str(count), anchor="middle", weight=700, halo=True))
    return group(parts)


def gain_svg(
    comparison: PairedComparison,
    *,
    title: Text,
    unit: Text | None = None,
    language: Language = "id",
    width: float = WIDTH,
) -> str:
    """Draw each gain as a dot (equal ones stacked), the line of no change, and the mean with its interval.

    Parameters
    ----------
    comparison : PairedComparison
    title : Text
    unit : Text, optional
        The comparison's own by default.
    width : float
        Of the picture; a narrow one has the same size of letters.
    """
    unit = unit if unit is not None else comparison.unit
    gains = sorted(comparison.gains)
    if not gains:
        return empty(say(title, language), say(NOTHING, language), width, 260)
    estimate = comparison.gain if isinstance(comparison.gain, Estimate) else None
    reach = [*gains, 0.0, *((estimate.lower, estimate.upper) if estimate else ())]
    axis = Axis(reach, _LEFT - 30, width - RIGHT - 20, steps=8 if width >= WIDTH else 5)
    stacks: dict[int, int] = {}
    places = []
    for gain in gains:
        cell = round(axis.at(gain) / 10)
        stacks[cell] = stacks.get(cell, 0) + 1
        places.append((axis.at(gain), stacks[cell], gain))
    tallest = max(stacks.values())
    pitch = min(13.0, 150 / tallest)
    base = 62 + max(60.0, pitch * tallest)
    height = base + 92
    name = Text("Sesudah dikurangi sebelum", "After minus before")
    parts: list[Markup] = [bottom_axis(axis, base + 34, 40, language, with_unit(name, unit, language))]
    zero = axis.at(0)
    parts.append(element("path", d=f"M{zero:.1f} 36V{base + 34:.1f}", stroke=MUTED, stroke_width=1.8))
    nothing = Text("tidak berubah", "no change")
    beside = ("start", 7) if zero < width / 2 else ("end", -7)
    parts.append(
        label(zero + beside[1], 33, say(nothing, language), size=12.5, colour=MUTED, anchor=beside[0])
    )
    radius = min(5.4, pitch * 0.46)
    for x, level, gain in places:
        parts.append(
            element(
                "circle",
                cx=x,
                cy=base - (level - 0.5) * pitch,
                r=radius,
                fill=_FALL if gain < 0 else ACCENT,
                fill_opacity=0.35 if gain == 0 else 0.8,
                stroke=_FALL if gain < 0 else ACCENT,
                stroke_width=1,
            )
        )
    if estimate is not None:
        y = base + 17
        low, high, middle = axis.at(estimate.lower), axis.at(estimate.upper), axis.at(estimate.value)
        parts.append(
            element(
                "path",
                d=f"M{low:.1f} {y:.1f}H{high:.1f}M{low:.1f} {y - 6:.1f}v12M{high:.1f} {y - 6:.1f}v12",
                stroke=INK,
                stroke_width=2.4,
                fill="none",
            )
        )
        parts.append(element("path", d=f"M{middle:.1f} {y - 7:.1f}l7 7-7 7-7-7z", fill=INK))
        words = f"{say(_MEAN, language)} {say(estimate_text(estimate, unit), language)}"
        parts.append(label(width - RIGHT + 10, 16, words, size=13.5, anchor="end", weight=700))
    description = say(comparison.reading, language)
    return picture(say(title, language), description, width, height, *parts)
