"""Patterns that tell strokes apart without colour, and the icons of the verdicts."""

from markupsafe import Markup

from trainer.report.palette import ON_COLOUR, STROKE_COLOURS, UNSEEN, UNSEEN_LINE
from trainer.report.svg import element, group

_MARKS: dict[str, tuple[float, float, str]] = {
    "circular_pressure": (9, 8.333, "M4.5 1.9a2.2 2.2 0 1 0 .01 0z"),
    "downward_pass": (9, 8.333, "M1.5 2.5l3 3.4 3-3.4"),
    "upward_pass": (9, 8.333, "M1.5 5.8l3-3.4 3 3.4"),
    "static_hold": (8, 5, "M0 2.5h8"),
    "other": (7, 7, "M1 1l5 5M6 1l-5 5"),
}
"""Width, height and path of each stroke's mark."""


def definitions() -> Markup:
    """Pattern elements: ``stroke-<type>`` for each stroke and ``unseen``; once per page."""
    made = [
        element(
            "pattern",
            element("rect", width=width, height=height, fill=STROKE_COLOURS[kind]),
            element(
                "path",
                d=path,
                fill="none",
                stroke=ON_COLOUR,
                stroke_opacity=0.55,
                stroke_width=1.1,
                stroke_linecap="round",
                stroke_linejoin="round",
            ),
            id=f"stroke-{kind}",
            width=width,
            height=height,
            patternUnits="userSpaceOnUse",
        )
        for kind, (width, height, path) in _MARKS.items()
    ]
    made.append(
        element(
            "pattern",
            element("rect", width=6, height=6, fill=UNSEEN),
            element("path", d="M0 0V6", stroke=UNSEEN_LINE, stroke_width=2),
            id="unseen",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        )
    )
    made.append(
        element(
            "pattern",
            element("rect", width=6, height=6, fill=UNSEEN),
            element("path", d="M0 0V6", stroke=UNSEEN_LINE, stroke_width=1, stroke_opacity=0.7),
            id="bridged",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(-45)",
        )
    )
    return Markup("").join(made)


def swatch(fill: str) -> Markup:
    """A small patterned patch for a legend."""
    return element(
        "svg",
        element("rect", x=0.5, y=0.5, width=25, height=13, rx=3, fill=fill),
        viewBox="0 0 26 14",
        width=26,
        height=14,
        aria_hidden="true",
        class_="swatch",
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
        "svg",
        ring,
        group([element("path", d=_ICONS[name])], transform=scale),
        viewBox="0 0 24 24",
        class_="icon",
        aria_hidden="true",
        fill="none",
        stroke="currentColor",
        stroke_width=2,
        stroke_linecap="round",
        stroke_linejoin="round",
    )
