"""A cohort's plots as stand-alone SVG text: before and after, gains, learning curves.

Colour never carries a meaning alone, words are in one language, and every axis has its unit.
"""

from collections.abc import Sequence

from markupsafe import Markup

from trainer.cohort.attempts import LearningCurve, attempt_means
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
)
from trainer.cohort.comparison import PairedComparison
from trainer.cohort.results import Estimate
from trainer.cohort.statistics import Values
from trainer.cohort.wording import estimate_text
from trainer.protocol.score import Text
from trainer.report.formats import number, plain
from trainer.report.palette import ACCENT, FAULT, INK, MUTED, ON_COLOUR
from trainer.report.svg import element, group
from trainer.report.texts import Language

HEIGHT = 380.0
_LEFT, _TOP, _BOTTOM = 76.0, 30.0, 56.0
BEFORE, AFTER = Text("Sebelum", "Before"), Text("Sesudah", "After")
_ATTEMPT = Text("Latihan ke-", "Attempt")
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
    """
    rows = [(a, b) for a, b in zip(before, after, strict=True) if a is not None or b is not None]
    known = [value for row in rows for value in row if value is not None]
    if not known:
        return empty(say(title, language), say(NOTHING, language), WIDTH, HEIGHT)
    axis = Axis(known, HEIGHT - _BOTTOM, _TOP, limits=limits)
    left, right = _LEFT + 110, WIDTH - RIGHT - 150
    parts: list[Markup] = [left_axis(axis, _LEFT, WIDTH - RIGHT, language, _with_unit(title, unit, language))]
    complete = [(a, b) for a, b in rows if a is not None and b is not None]
    for a, b in complete:
        falls = b < a
        parts.append(
            element(
                "path",
                d=f"M{left:.1f} {axis.at(a):.1f}L{right:.1f} {axis.at(b):.1f}",
                fill="none",
                stroke=_FALL if falls else ACCENT,
                stroke_width=1.6,
                stroke_opacity=0.55,
                stroke_dasharray="5 4" if falls else None,
            )
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
    if complete:
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
            shown = f"{say(_MEAN, language)} {say(number(value, 1), language)}"
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
    return picture(say(title, language), say(description, language), WIDTH, HEIGHT, *parts)


def gain_svg(
    comparison: PairedComparison, *, title: Text, unit: Text | None = None, language: Language = "id"
) -> str:
    """Draw each gain as a dot (equal ones stacked), the line of no change, and the mean with its interval.

    Parameters
    ----------
    comparison : PairedComparison
    title : Text
    unit : Text, optional
        The comparison's own by default.
    """
    unit = unit if unit is not None else comparison.unit
    gains = sorted(comparison.gains)
    if not gains:
        return empty(say(title, language), say(NOTHING, language), WIDTH, 260)
    estimate = comparison.gain if isinstance(comparison.gain, Estimate) else None
    reach = [*gains, 0.0, *((estimate.lower, estimate.upper) if estimate else ())]
    axis = Axis(reach, _LEFT - 30, WIDTH - RIGHT - 20, steps=8)
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
    name = Text("Selisih (sesudah dikurangi sebelum)", "Difference (after minus before)")
    parts: list[Markup] = [bottom_axis(axis, base + 34, 40, language, _with_unit(name, unit, language))]
    zero = axis.at(0)
    parts.append(element("path", d=f"M{zero:.1f} 36V{base + 34:.1f}", stroke=MUTED, stroke_width=1.8))
    nothing = Text("tidak berubah", "no change")
    beside = ("start", 7) if zero < WIDTH / 2 else ("end", -7)
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
        parts.append(label(WIDTH - RIGHT - 20, 18, words, size=13.5, anchor="end", weight=700))
    description = say(comparison.reading, language)
    return picture(say(title, language), description, WIDTH, height, *parts)


def learning_curves_svg(
    curves: Sequence[LearningCurve],
    *,
    title: Text,
    pass_mark_percent: float | None = None,
    language: Language = "id",
    named: bool | None = None,
) -> str:
    """Draw percent of the points over attempts, a line per trainee, with the mean and how many it is of.

    An attempt in which nothing was observed leaves a gap. A passed attempt has a ring.

    Parameters
    ----------
    curves : sequence of LearningCurve
    pass_mark_percent : float, optional
        Drawn as a line.
    named : bool, optional
        Write the codes at the ends of the lines; by default for at most eight trainees.
    """
    points = [a for curve in curves for a in curve.attempts if a.percent is not None]
    if not points:
        return empty(say(title, language), say(NOTHING, language), WIDTH, HEIGHT)
    named = len(curves) <= 8 if named is None else named
    last = max(a.number for a in points)
    right = WIDTH - RIGHT - (96 if named else 30)
    y = Axis([0.0, 100.0], HEIGHT - _BOTTOM, _TOP, limits=(0, 100), steps=5)
    x = _attempt_places(last, right)
    axis_name = Text("Nilai dari yang terlihat", "Score of what was observed")
    parts: list[Markup] = [
        left_axis(y, _LEFT, right + 16, language, _with_unit(axis_name, Text("%", "%"), language))
    ]
    step = max(1, last // 12)
    for attempt in range(1, last + 1, step):
        parts.append(label(x(attempt), HEIGHT - _BOTTOM + 19, str(attempt), colour=MUTED, anchor="middle"))
    parts.append(
        label(
            (_LEFT + right) / 2,
            HEIGHT - 14,
            say(Text("Latihan ke-", "Attempt"), language),
            colour=MUTED,
            anchor="middle",
        )
    )
    if pass_mark_percent is not None:
        at = y.at(pass_mark_percent)
        parts.append(
            element(
                "path",
                d=f"M{_LEFT:.1f} {at:.1f}H{right + 16:.1f}",
                stroke=FAULT,
                stroke_width=1.4,
                stroke_dasharray="7 5",
            )
        )
        words = f"{say(Text('batas lulus', 'pass mark'), language)} {say(number(pass_mark_percent, 0), language)}%"
        parts.append(label(_LEFT + 8, at - 7, words, size=12.5, colour=FAULT, halo=True))
    ends: list[tuple[float, float, str]] = []
    for curve in curves:
        parts.append(_curve_line(curve, x, y))
        seen = [a for a in curve.attempts if a.percent is not None]
        if seen and named:
            ends.append((x(seen[-1].number), y.at(seen[-1].percent or 0.0), plain(curve.code, 12)))
    means = attempt_means(curves)
    if len(curves) > 1:
        path = "M" + "L".join(f"{x(m.number):.1f} {y.at(m.mean):.1f}" for m in means)
        parts.append(
            element(
                "path",
                d=path,
                fill="none",
                stroke=INK,
                stroke_width=3.2,
                stroke_linejoin="round",
                stroke_linecap="round",
            )
        )
        for mean in means[::step]:
            words = f"n = {mean.n}"
            parts.append(
                label(x(mean.number), HEIGHT - _BOTTOM + 34, words, size=11, colour=MUTED, anchor="middle")
            )
    for place, (at_x, at_y, code) in _apart(ends, 15):
        parts.append(
            element(
                "path",
                d=f"M{at_x + 6:.1f} {at_y:.1f}L{right + 8:.1f} {at_y:.1f}L{right + 19:.1f} {place:.1f}",
                fill="none",
                stroke=MUTED,
                stroke_width=0.8,
                stroke_dasharray="1 3",
            )
        )
        parts.append(label(right + 22, place + 4.5, code, size=12.5, colour=ACCENT))
    description = Text(
        f"{len(curves)} peserta, sampai latihan ke-{last}. Garis tebal: rata-rata.",
        f"{len(curves)} trainees, up to attempt {last}. Thick line: mean.",
    )
    return picture(say(title, language), say(description, language), WIDTH, HEIGHT, *parts)


def _curve_line(curve: LearningCurve, x: "_Places", y: Axis) -> Markup:
    path, pen_down = "", False
    dots: list[Markup] = []
    for attempt in curve.attempts:
        if attempt.percent is None:
            pen_down = False
            continue
        at_x, at_y = x(attempt.number), y.at(attempt.percent)
        path += f"{'L' if pen_down else 'M'}{at_x:.1f} {at_y:.1f}"
        pen_down = True
        dots.append(
            element(
                "circle",
                cx=at_x,
                cy=at_y,
                r=4.6 if attempt.passed else 3.2,
                fill=ON_COLOUR if attempt.passed else ACCENT,
                stroke=ACCENT,
                stroke_width=2 if attempt.passed else 1,
            )
        )
    return group(
        [element("path", d=path, fill="none", stroke=ACCENT, stroke_width=1.5, stroke_opacity=0.5), *dots]
    )


class _Places:
    """Where attempts lie along the axis."""

    def __init__(self, last: int, left: float, right: float) -> None:
        self._last, self._left, self._right = last, left, right

    def __call__(self, number: int) -> float:
        if self._last == 1:
            return (self._left + self._right) / 2
        return self._left + (number - 1) / (self._last - 1) * (self._right - self._left)


def _attempt_places(last: int, right: float) -> _Places:
    return _Places(last, _LEFT + 24, right)


def _apart(
    ends: list[tuple[float, float, str]], least: float
) -> list[tuple[float, tuple[float, float, str]]]:
    """Move labels down until they no longer cover each other."""
    placed: list[tuple[float, tuple[float, float, str]]] = []
    for end in sorted(ends, key=lambda row: row[1]):
        placed.append((max(end[1], placed[-1][0] + least) if placed else end[1], end))
    return placed


def _with_unit(name: Text, unit: Text, language: Language) -> str:
    shown = say(unit, language)
    return f"{say(name, language)} ({shown})" if shown else say(name, language)
