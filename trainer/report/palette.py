"""The report's colours: one place, so that a test can check that every pair that meets is readable."""

from dataclasses import dataclass

PAPER = "#FAF5EB"
CARD = "#FFFDF8"
INK = "#2B2521"
MUTED = "#62584E"
LINE = "#E2D7C5"
ACCENT = "#17605D"
ACCENT_SOFT = "#E3EFEC"
LANE = "#F3ECDF"
UNSEEN = "#EDEBE7"
UNSEEN_LINE = "#8C8A86"
ON_COLOUR = "#FFFFFF"


@dataclass(frozen=True)
class Tone:
    """A foreground on its background, and the icon that carries the meaning without colour."""

    foreground: str
    background: str
    icon: str


VERDICT_TONES: dict[str, Tone] = {
    "met": Tone("#1F5F38", "#E3F1E5", "check"),
    "partly_met": Tone("#734A00", "#FBEBC7", "half"),
    "not_met": Tone("#96281F", "#FBE4DE", "cross"),
    "not_observed": Tone("#47525D", "#E8EBED", "unseen"),
    "to_confirm": Tone("#473B85", "#ECE9F6", "pen"),
}
"""Tones of the verdicts, and of the items that wait for a facilitator."""

OUTCOME_TONES: dict[str, Tone] = {
    "passed": VERDICT_TONES["met"],
    "not_yet": VERDICT_TONES["partly_met"],
    "too_little": VERDICT_TONES["not_observed"],
}
"""Tones of the whole demonstration: "not yet" is amber, since a trainee is still learning."""

STROKE_COLOURS: dict[str, str] = {
    "circular_pressure": "#1A7772",
    "downward_pass": "#B4531A",
    "upward_pass": "#7A479E",
    "static_hold": "#3B66A0",
    "other": "#75695B",
}
"""Colours of the strokes; each also has its own pattern (see `trainer.report.patterns`)."""

FAULT = "#B3261E"
SKIN = "#F3E2CF"
SKIN_DEEP = "#E5C9AC"
SKIN_LINE = "#B98F6C"
BONE = "#FFF9EE"
BONE_LINE = "#A98967"
RIB_MARK = "#FFE9AE"
DENSITY: tuple[str, ...] = ("#CFE6E1", "#8FC7BF", "#3F9790", "#0F5A56")
"""From the area that holds nearly all the time (pale) to the one that holds a quarter (dark)."""


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21, as WCAG 2.1 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
