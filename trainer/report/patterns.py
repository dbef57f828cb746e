"""Marks and hatching that tell strokes apart without colour, and the icons of the verdicts.

Everything is drawn as plain lines: a browser that prints SVG pattern fills writes each of them as a picture, which
makes a PDF of a hundred megabytes that takes minutes.
"""

import math

from markupsafe import Markup

from trainer.report.palette import LANE, MUTED, ON_COLOUR, STROKE_COLOURS, UNSEEN, UNSEEN_LINE
from trainer.report.svg import element, group

_PITCH_X, _PITCH_Y = 9.0, 8.333
_NARROWEST = 3.0
_HATCH = 6.0


def _chevron(size: float, down: bool) -> str:
    width, height = 3 * size, (3.4 if down else -3.4) * size
    return f"m{-width:.2g} {-height / 2:.2g}l{width:.2g} {height:.2g}l{width:.2g} {-height:.2g}"


def _mark(kind: str, size: float) -> str:
    """One stroke's mark around the current point, as relative path data."""
    if kind == "circular_pressure":
        r = 2.2 * size
        return f"m{-r:.2g} 0a{r:.2g} {r:.2g} 0 1 0 {2 * r:.2g} 0a{r:.2g} {r:.2g} 0 1 0 {-2 * r:.2g} 0"
    if kind in ("downward_pass", "upward_pass"):
        return _chevron(size, kind == "downward_pass")
    if kind == "static_hold":
        return f"m{-3 * size:.2g} 0h{6 * size:.2g}"
    half = 2.2 * size
    return f"m{-half:.2g} {-half:.2g}l{2 * half:.2g} {2 * half:.2g}m0 {-2 * half:.2g}l{-2 * half:.2g} {2 * half:.2g}"


def marks(kind: str, x: float, y: float, width: float, height: float, keep_free: float = 0.0) -> str:
    """Path data of a stroke's marks, evenly spread in a box; `keep_free` leaves a gap of that width for a label."""
    if width < _NARROWEST:
        return ""
    size = min(1.0, (width - 0.8) / 6.4)
    columns, rows = max(1, int(width / _PITCH_X)), max(1, int(height / _PITCH_Y))
    mark = _mark(kind, size)
    places = (
        (x + width * (c + 0.5) / columns, y + height * (r + 0.5) / rows)
        for c in range(columns)
        for r in range(rows)
    )
    middle_x, middle_y = x + width / 2, y + height / 2
    return "".join(
        f"M{px:.1f} {py:.1f}{mark}"
        for px, py in places
        if not (abs(px - middle_x) < keep_free / 2 and abs(py - middle_y) < 0.6 * _PITCH_Y)
    )


def marks_path(d: str) -> Markup | None:
    """The element that draws marks on a coloured bar."""
    if not d:
        return None
    return element(
        "path", d=d, fill="none", stroke=ON_COLOUR, stroke_opacity=0.6, stroke_width=1.1, stroke_linecap="round",
        stroke_linejoin="round",
    )  # fmt: skip


def hatch(x: float, y: float, width: float, height: float) -> str:
    """Path data of diagonal lines that fill a box."""
    lines = []
    # lines run up to the right: px + py = k, on a grid that is the same for all boxes
    k = math.ceil((x + y) / _HATCH) * _HATCH
    while k < x + y + width + height:
        left = max(x, k - y - height)
        right = min(x + width, k - y)
        if right - left > 0.3:
            lines.append(f"M{left:.1f} {k - left:.1f}L{right:.1f} {k - right:.1f}")
        k += _HATCH
    return "".join(lines)


def unseen(boxes: list[tuple[float, float, float, float]], opacity: float = 1.0) -> Markup:
    """Hatched boxes (x, y, width, height): not seen, or with less opacity bridged."""
    return group([
        element("path", d="".join(f"M{x:.1f} {y:g}h{w:.1f}v{h:g}h-{w:.1f}z" for x, y, w, h in boxes), fill=UNSEEN),
        element("path", d="".join(hatch(*box) for box in boxes), stroke=UNSEEN_LINE, stroke_width=1.2,
                stroke_opacity=opacity),
    ]) if boxes else Markup("")  # fmt: skip


def swatch(fill: str) -> Markup:
    """A small patch for a legend: a stroke, ``unsure``, ``unseen``, or a colour."""
    inside: tuple[Markup | None, ...]
    if fill in STROKE_COLOURS:
        inside = (
            element("rect", width=26, height=14, rx=3, fill=STROKE_COLOURS[fill]),
            marks_path(marks(fill, 0, 0, 26, 14)),
        )
    elif fill == "unsure":
        inside = (element("rect", x=1, y=1, width=24, height=12, rx=3, fill=LANE, stroke=MUTED, stroke_width=1.5,
                          stroke_dasharray="3 2"),)  # fmt: skip
    elif fill == "unseen":
        inside = (unseen([(0, 0, 26, 14)]),)
    else:
        inside = (element("rect", x=0.5, y=0.5, width=25, height=13, rx=3, fill=fill),)
    return element(
        "svg", *inside, viewBox="0 0 26 14", width=26, height=14, aria_hidden="true", class_="swatch"
    )


_ICONS: dict[str, str] = {
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "half": "M6 12h12",
    "cross": "M7 7l10 10M17 7L7 17",
    "unseen": "M3.5 12c4.5-6.5 12.5-6.5 17 0-4.5 6.5-12.5 6.5-17 0zM4.5 19.5l15-15",
    "pen": "M5.5 18.5l.8-3.6L15.4 5.8l2.8 2.8-9.1 9.1zM13.6 7.6l2.8 2.8",
    "alert": "M12 4.5L21 19.5H3zM12 10v4.5M12 16.9v.2",
}
_ROUND = {"check", "half", "cross"}


def icon(name: str) -> Markup:
    """A line icon in the current colour, for decoration beside words."""
    ring = element("circle", cx=12, cy=12, r=10) if name in _ROUND else None
    scale = "translate(12 12) scale(.72) translate(-12 -12)" if name in _ROUND else None
    return element(
        "svg", ring, group([element("path", d=_ICONS[name])], transform=scale), viewBox="0 0 24 24", class_="icon",
        aria_hidden="true", fill="none", stroke="currentColor", stroke_width=2, stroke_linecap="round",
        stroke_linejoin="round",
    )  # fmt: skip
