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
