"""Strokes and hands in exported files, Indonesian and English."""

from collections.abc import Mapping

from trainer.language import Language, Text
from trainer.strokes.names import STROKE_NAMES

_TEXTS: Mapping[str, Text] = {
    "left": Text("Tangan kiri", "Left hand"),
    "right": Text("Tangan kanan", "Right hand"),
    **STROKE_NAMES,
    "cycles": Text("putaran", "turns"),
}
_LANGUAGES: tuple[Language, ...] = ("id", "en")
WORDS: Mapping[Language, Mapping[str, str]] = {
    language: {str(entry): text.say(language) for entry, text in _TEXTS.items()} for language in _LANGUAGES
}
"""Word by language and entry."""
