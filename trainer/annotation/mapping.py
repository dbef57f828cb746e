"""From an annotator's words to the stroke catalogue: nothing is guessed, nothing dropped in silence."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from trainer.annotation.model import Annotation
from trainer.errors import PijatError
from trainer.evaluation.timeline import TimedEvent
from trainer.export.messages import WORDS
from trainer.language import Text, join_with
from trainer.perception.observation import HANDS, Hand
from trainer.session.columns import EVENTS_SIDECAR
from trainer.strokes.event import StrokeType

IGNORE = "ignore"
"""What a mapping says of labels and tracks that are no strokes."""
_DEPTH = 8
OWN_TRACKS = ("revolutions_", "figures_", "checklist_")
"""Tiers that ``pijat export`` itself adds to the strokes."""


@dataclass(frozen=True)
class LabelMapping:
    """What a mapping file says.

    Attributes
    ----------
    labels : mapping of str to str
        Annotator's label, lower case, to an entry of the catalogue or `IGNORE`.
    tracks : mapping of str to str
        Tier, subject or hand, lower case, to ``left``, ``right`` or `IGNORE`.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    tracks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MappedEvent:
    """One stroke of a person's timeline."""

    hand: Hand
    event: TimedEvent
    details: Mapping[str, str]


@dataclass(frozen=True)
class Imported:
    """A person's timeline in the words of the catalogue, and what was left out by their leave.

    Attributes
    ----------
    events : tuple of MappedEvent
        In order of onset.
    ignored : mapping of str to int
        What was left out and how often: ignored labels and tracks, and points in time, which are no strokes.
    """

    events: tuple[MappedEvent, ...]
    ignored: Mapping[str, int]


def read_mapping(path: Path) -> LabelMapping:
    """Read a mapping file (YAML with ``labels`` and ``tracks``).

    Raises
    ------
    PijatError
        Naming the entry that is wrong.
    """
    from trainer.strict_yaml import in_line, read_plain

    def complain(line: int, wrong: Text) -> NoReturn:
        raise PijatError(in_line(path.name, line, wrong))

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PijatError(
            Text(
                f"Berkas padanan {path} tidak dapat dibaca: periksa letaknya, dan simpan sebagai UTF-8.",
                f"Expected a mapping file in {path}, but could not read it ({error}).",
            )
        ) from error
    document = read_plain(text, _DEPTH, complain)
    if not isinstance(document, dict):
        raise PijatError(
            Text(
                f"{path.name} harus berisi labels dan tracks.",
                f"Expected labels and tracks in {path.name}, got something else.",
            )
        )
    unknown = sorted(set(map(str, document)) - {"labels", "tracks"})
    if unknown:
        raise PijatError(
            Text(
                f"{path.name} hanya boleh berisi labels dan tracks, bukan {unknown[0]}.",
                f"Expected only labels and tracks in {path.name}, got {unknown[0]}.",
            )
        )
    labels = _section(document, "labels", (*map(str, StrokeType), IGNORE), path)
    return LabelMapping(labels, _section(document, "tracks", (*HANDS, IGNORE), path))


def apply_mapping(annotations: Sequence[Annotation], mapping: LabelMapping, name: str) -> Imported:
    """Put a person's marks into the words of the catalogue.

    Parameters
    ----------
    annotations : sequence of Annotation
    mapping : LabelMapping
        The person's own; entries of the catalogue and their words in both languages are known without it, and
        so are tracks whose name says left, right, kiri or kanan.
    name : str
        Of the file, for messages.

    Raises
    ------
    PijatError
        Listing every label, with how often it occurs, and every track that nobody can place.
    """
    labels = {**_known_labels(), **mapping.labels}
    ignored: Counter[str] = Counter()
    lost_labels: Counter[str] = Counter()
    lost_tracks: Counter[str] = Counter()
    events = []
    for mark in annotations:
        hand = mapping.tracks.get(mark.track.strip().lower()) or _hand_in(mark.track)
        if hand == IGNORE or (hand is None and mark.track.lower().startswith(OWN_TRACKS)):
            ignored[f"track {mark.track}"] += 1
            continue
        label = labels.get(mark.label.strip().lower())
        if label == IGNORE:
            ignored[f"label {mark.label}"] += 1
        elif mark.end_s <= mark.onset_s:
            ignored[f"point {mark.label}"] += 1
        elif label is None or hand is None:
            lost_labels[mark.label] += label is None
            lost_tracks[mark.track] += hand is None
        else:
            which: Hand = "left" if hand == "left" else "right"
            events.append(MappedEvent(which, TimedEvent(label, mark.onset_s, mark.end_s), _details(mark)))
    _complain(+lost_labels, +lost_tracks, name)
    events.sort(key=lambda e: (e.event.onset_s, e.hand))
    return Imported(tuple(events), dict(sorted(ignored.items())))


def _complain(labels: Counter[str], tracks: Counter[str], name: str) -> None:
    parts = []
    if labels:
        parts.append(Text(f"label {_listed(labels)}", f"labels {_listed(labels)}"))
    if tracks:
        listed = _listed(tracks)
        parts.append(Text(f"jejak tanpa tangan {listed}", f"tracks without a hand {listed}"))
    if parts:
        unknown, strokes = join_with(Text(" dan ", " and "), parts), ", ".join(StrokeType)
        raise PijatError(
            Text(
                f"{name} memuat {unknown.id} yang tidak dikenal: tulis padanannya dalam berkas untuk --mapping, di "
                f"bawah labels ({strokes} atau {IGNORE}) atau tracks (left, right atau {IGNORE}).",
                f"Expected words of the stroke catalogue in {name}, got the unknown {unknown.en}: name each in a file "
                f"for --mapping, under labels ({strokes} or {IGNORE}) or tracks (left, right or {IGNORE}).",
            )
        )


def _listed(found: Counter[str]) -> str:
    return ", ".join(f"{word!r} ({count})" for word, count in sorted(found.items()))


def _known_labels() -> dict[str, str]:
    known = {str(stroke): str(stroke) for stroke in StrokeType}
    for words in WORDS.values():
        known |= {words[stroke].lower(): stroke for stroke in map(str, StrokeType)}
    return known


def _hand_in(track: str) -> str | None:
    if track.lower().startswith(OWN_TRACKS):
        return None
    words = set(re.split(r"[^a-z]+", track.lower()))
    left, right = bool(words & {"left", "kiri"}), bool(words & {"right", "kanan"})
    return None if left == right else "left" if left else "right"


def _details(mark: Annotation) -> dict[str, str]:
    kept = {}
    for name, value in mark.details.items():
        levels = EVENTS_SIDECAR.get(name, {}).get("Levels")
        if name in EVENTS_SIDECAR and name != "source" and (levels is None or value in levels):
            kept[name] = value
    return kept


def _section(document: Mapping[str, object], name: str, allowed: Sequence[str], path: Path) -> dict[str, str]:
    section = document.get(name) or {}
    if not isinstance(section, dict):
        raise PijatError(
            Text(
                f"{name} dalam {path.name} harus daftar 'kata: padanan'.",
                f"Expected {name} in {path.name} to be a list of 'word: entry', got something else.",
            )
        )
    for word, target in section.items():
        if target not in allowed:
            raise PijatError(
                Text(
                    f"{word!r} dalam {path.name} harus salah satu dari {', '.join(allowed)}, bukan {target!r}.",
                    f"Expected one of {', '.join(allowed)} for {word!r} in {path.name}, got {target!r}.",
                )
            )
    return {str(word).strip().lower(): str(target) for word, target in section.items()}
