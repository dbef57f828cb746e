"""The stroke catalogue and the hands in the words of the field, Indonesian and English."""

from collections.abc import Mapping

from trainer.language import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "id": {
        "left": "Tangan kiri",
        "right": "Tangan kanan",
        "circular_pressure": "gerakan melingkar",
        "downward_pass": "usapan ke bawah",
        "upward_pass": "usapan ke atas",
        "static_hold": "menekan diam",
        "other": "gerakan lain",
        "cycles": "putaran",
    },
    "en": {
        "left": "Left hand",
        "right": "Right hand",
        "circular_pressure": "circles",
        "downward_pass": "downward pass",
        "upward_pass": "upward pass",
        "static_hold": "resting",
        "other": "other movement",
        "cycles": "turns",
    },
}
"""Word by language and entry."""
