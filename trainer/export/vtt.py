"""Captions over the video, in WebVTT, one file in Indonesian and one in English.

Specification: https://www.w3.org/TR/webvtt1/
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trainer.export.messages import WORDS
from trainer.export.source import ExportSource, json_text, provenance, write_file
from trainer.export.tiers import Mark, stroke_marks
from trainer.language import Language
from trainer.perception.observation import HANDS

# The left hand is captioned on the left of the picture, where it is when the camera stands behind.
_PLACE = {"left": "position:5% align:start", "right": "position:95% align:end"}


def export(sources: Sequence[ExportSource], out: Path) -> list[Path]:
    """Write ``NAME.id.vtt`` and ``NAME.en.vtt`` for each session; return their paths."""
    return [
        write_file(out / f"{source.name}.{language}.vtt", captions(source, language))
        for source in sources
        for language in WORDS
    ]


def captions(source: ExportSource, language: Language) -> str:
    """Return the predicted strokes as captions in that language; the provenance stands in a note."""
    note = json.dumps(json.loads(json_text(provenance(source))), ensure_ascii=False)
    # "-->" may not occur in a note: it would end it.
    blocks = ["WEBVTT", "NOTE " + note.replace("-->", "--\\u003e")]
    cues = [
        (mark, hand, f"{hand}-{number}")
        for hand in HANDS
        for number, mark in enumerate(stroke_marks(source.session.events, hand), start=1)
        if mark.end_ms > mark.start_ms
    ]
    for mark, hand, name in sorted(cues, key=lambda cue: (cue[0].start_ms, cue[1])):
        when = f"{timestamp(mark.start_ms)} --> {timestamp(mark.end_ms)} {_PLACE[hand]}"
        blocks.append(f"{name}\n{when}\n{_sentence(mark, hand, WORDS[language], language)}")
    return "\n\n".join(blocks) + "\n"


def timestamp(ms: int) -> str:
    """Return a WebVTT timestamp.

    Examples
    --------
    >>> timestamp(3723004)
    '01:02:03.004'
    """
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"


def _sentence(mark: Mark, hand: str, words: Mapping[str, str], language: Language) -> str:
    facts = [words.get(mark.text, mark.text)]
    details: Mapping[str, Any] = mark.details
    if details.get("rate_hz") is not None:
        facts.append(_decimal(details["rate_hz"], 1, language) + " Hz")
    if details.get("cycles") is not None:
        facts.append(f"{_decimal(details['cycles'], 1, language)} {words['cycles']}")
    if details.get("length_cm") is not None:
        facts.append(_decimal(details["length_cm"], 0, language) + " cm")
    text = f"{words[hand]}: {', '.join(facts)}"
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _decimal(value: float, digits: int, language: Language) -> str:
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "id" else text
