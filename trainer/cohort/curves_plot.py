"""Learning curves as stand-alone SVG text."""

from collections.abc import Sequence

from markupsafe import Markup

from trainer.cohort.attempts import LearningCurve, attempt_means
from trainer.cohort.axes import NOTHING, RIGHT, WIDTH, Axis, empty, label, left_axis, picture, say, with_unit
from trainer.language import Language, Text, number
from trainer.report.formats import plain
from trainer.report.palette import ACCENT, FAULT, INK, MUTED, ON_COLOUR
from trainer.report.svg import element, group

_HEIGHT = 390.0
_LEFT, _TOP, _BOTTOM = 76.0, 30.0, 66.0


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
        return empty(say(title, language), say(NOTHING, language), WIDTH, _HEIGHT)
    named = len(curves) <= 8 if named is None else named
    last = max(a.number for a in points)
    right = WIDTH - RIGHT - (96 if named else 30)
    y = Axis([0.0, 100.0], _HEIGHT - _BOTTOM, _TOP, limits=(0, 100), steps=5)
    x = _Places(last, _LEFT + 24, right)
    axis_name = Text("Nilai dari yang terlihat", "Score of what was observed")
    parts: list[Markup] = [
        left_axis(y, _LEFT, right + 16, language, with_unit(axis_name, Text("%", "%"), language))
    ]
    step = max(1, last // 12)
    for attempt in range(1, last + 1, step):
        parts.append(label(x(attempt), _HEIGHT - _BOTTOM + 19, str(attempt), colour=MUTED, anchor="middle"))
    parts.append(
        label(
            (_LEFT + right) / 2,
            _HEIGHT - 6,
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
                label(x(mean.number), _HEIGHT - _BOTTOM + 35, words, size=11, colour=MUTED, anchor="middle")
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
    return picture(say(title, language), say(description, language), WIDTH, _HEIGHT, *parts)


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


def _apart(
    ends: list[tuple[float, float, str]], least: float
) -> list[tuple[float, tuple[float, float, str]]]:
    """Move labels down until they no longer cover each other."""
    placed: list[tuple[float, tuple[float, float, str]]] = []
    for end in sorted(ends, key=lambda row: row[1]):
        placed.append((max(end[1], placed[-1][0] + least) if placed else end[1], end))
    return placed
