"""What each stroke is called: one name in Indonesian and in English, on pages, in reports and in exported files."""

from collections.abc import Mapping

from trainer.language import Text
from trainer.strokes.event import StrokeType

STROKE_NAMES: Mapping[str, Text] = {
    StrokeType.CIRCULAR_PRESSURE: Text("gerakan melingkar", "circles"),
    StrokeType.DOWNWARD_PASS: Text("usapan ke bawah", "downward pass"),
    StrokeType.UPWARD_PASS: Text("usapan ke atas", "upward pass"),
    StrokeType.STATIC_HOLD: Text("menekan diam", "resting"),
    StrokeType.OTHER: Text("gerakan lain", "other movement"),
}
"""By `StrokeType`, as within a sentence; the Indonesian ones are the words of the protocols."""
STROKE_TITLES: Mapping[str, Text] = {
    kind: Text(name.id.capitalize(), name.en.capitalize()) for kind, name in STROKE_NAMES.items()
}
"""The same names where they stand for themselves: in tables, legends and on buttons."""
