"""Bland and Altman's plot as a stand-alone SVG: difference against mean, bias, limits, intervals."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from trainer.evaluation.bland_altman import limits_of_agreement

WIDTH, HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 150, 48, 56
_INK, _SOFT, _BIAS, _LIMIT = "#1b2a2f", "#5c6b70", "#0b7285", "#b02a37"


def bland_altman_svg(
    first: Sequence[float],
    second: Sequence[float],
    *,
    title: str,
    unit: str,
    names: tuple[str, str] = ("A", "B"),
) -> str:
    """Return the plot.

    Parameters
    ----------
    first, second : sequence of float
        Paired measurements; pairs with a NaN are left out.
    title : str
        What was measured.
    unit : str
        Of the measurements; empty for counts.
    names : (str, str)
        Who measured; the difference is second minus first.
    """
    limits = limits_of_agreement(first, second)
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    known = np.isfinite(a) & np.isfinite(b)
    mean, difference = (a[known] + b[known]) / 2, b[known] - a[known]
    in_unit = f" ({unit})" if unit else ""
    # Differences that are nothing but rounding would make limits too close to tell their captions apart.
    drawn = limits.sd > 1e-9
    lines = [(limits.bias, limits.bias_interval, "bias", _BIAS)] if limits.n else []
    if drawn:
        lines += [
            (limits.upper, limits.upper_interval, "+1.96 SD", _LIMIT),
            (limits.lower, limits.lower_interval, "-1.96 SD", _LIMIT),
        ]
    reach = [difference, np.array([0.0])]
    if drawn:
        reach.append(np.array([*limits.upper_interval, *limits.lower_interval]))
    x, y = _Axis(mean, _LEFT, WIDTH - _RIGHT), _Axis(np.concatenate(reach), HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{_INK}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(_sentence(limits.n, limits.bias, limits.lower, limits.upper, unit))}</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="26" font-size="16" font-weight="600">{escape(title)}</text>',
        *_frame(x, y),
        f'<text x="{(_LEFT + WIDTH - _RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">'
        f"mean of {escape(names[0])} and {escape(names[1])}{escape(in_unit)}</text>",
        f'<text transform="translate(18 {(HEIGHT - _BOTTOM + _TOP) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(names[1])} minus {escape(names[0])}{escape(in_unit)}</text>",
    ]
    for value, interval, name, colour in lines:
        parts += _line(y, value, interval if drawn else (value, value), name, colour, dashed=name != "bias")
    parts += [
        f'<circle cx="{x.at(m):.1f}" cy="{y.at(d):.1f}" r="4" fill="{_INK}" fill-opacity="0.55"/>'
        for m, d in zip(mean, difference, strict=True)
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Axis:
    """Maps values to pixels, with room at the ends and round ticks."""

    def __init__(self, values: NDArray[np.float64], start: float, end: float) -> None:
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        room = 0.08 * (high - low) or max(abs(high), 1.0) * 0.1
        self.low, self.high, self.start, self.end = low - room, high + room, start, end

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return four to ten round values within the axis."""
        rough = (self.high - self.low) / 6
        power = 10.0 ** np.floor(np.log10(rough))
        step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough)
        return [float(k * step) for k in range(int(np.ceil(self.low / step)), int(self.high // step) + 1)]


def _frame(x: _Axis, y: _Axis) -> list[str]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    parts = [f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="{_SOFT}"/>']
    for tick in x.ticks():
        at = x.at(tick)
        parts.append(f'<path d="M{at:.1f} {bottom}v5" stroke="{_SOFT}"/>')
        parts.append(
            f'<text x="{at:.1f}" y="{bottom + 19}" text-anchor="middle" fill="{_SOFT}">{tick:g}</text>'
        )
    for tick in y.ticks():
        at = y.at(tick)
        parts.append(f'<path d="M{_LEFT} {at:.1f}h-5" stroke="{_SOFT}"/>')
        parts.append(
            f'<text x="{_LEFT - 9}" y="{at + 4:.1f}" text-anchor="end" fill="{_SOFT}">{tick:g}</text>'
        )
    return parts


def _line(
    y: _Axis, value: float, interval: tuple[float, float], name: str, colour: str, *, dashed: bool
) -> list[str]:
    at, top, bottom = y.at(value), y.at(interval[1]), y.at(interval[0])
    right = WIDTH - _RIGHT
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    return [
        f'<rect x="{_LEFT}" y="{top:.1f}" width="{right - _LEFT}" height="{max(bottom - top, 0):.1f}" '
        f'fill="{colour}" fill-opacity="0.08"/>',
        f'<path d="M{_LEFT} {at:.1f}H{right}" stroke="{colour}" stroke-width="1.5"{dash}/>',
        f'<text x="{right + 8}" y="{at + 4:.1f}" fill="{colour}">{name} {value:.3g}</text>',
    ]


def _sentence(n: int, bias: float, lower: float, upper: float, unit: str) -> str:
    return (
        f"Bland-Altman plot of {n} pairs: bias {bias:.3g} {unit}, 95 % limits of agreement {lower:.3g} to "
        f"{upper:.3g} {unit}."
    )
