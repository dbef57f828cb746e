"""``score.json``: from the document to `Score`, and back."""

import dataclasses
import math
from collections.abc import Mapping
from enum import Enum
from typing import Any, cast, get_args

import numpy as np

from trainer.language import Text
from trainer.perception.observation import HANDS, Hand
from trainer.protocol.ratings import MOST_ADVICE
from trainer.protocol.score import (
    SCORE_SCHEMA_VERSION,
    Evidence,
    ItemScore,
    Measure,
    Observer,
    Score,
    Verdict,
)
from trainer.session.fields import Group, Place, Value, writable
from trainer.session.leaves import map_leaves
from trainer.session.model import SCORE_FILE

_MOST_ITEMS = 500
_MOST_MEASURES = 200
_MOST_EVIDENCE = 50_000
_MOST_FAULTS = 100
_MOST_POINTS = 1e6
_LARGEST = 1e12
_LONGEST_UNIT = 40
_DECIMALS = 6


def score_of(document: Mapping[str, Any]) -> Score:
    """Read the content of a ``score.json`` that is in memory.

    Raises
    ------
    PijatError
        One sentence, as `parse_score`.
    """
    return parse_score(Group(document, Place(SCORE_FILE, "memory")))


def parse_score(group: Group) -> Score:
    """Read ``score.json``, its schema version checked already.

    Raises
    ------
    PijatError
        One sentence naming the field that is missing, of another type or out of range.
    """
    entries = group.take("items").entries(_MOST_ITEMS)
    items = tuple(_item(entry.group()) for entry in entries)
    known: set[str] = set()
    for entry, item in zip(entries, items, strict=True):
        if item.id in known:
            entry.group().take("id").fail(Text("tiap butir satu kali", "each item once"))
        known.add(item.id)
    most, percent, passed = (
        group.take("max_points"),
        group.take_or_null("percent"),
        group.take_or_null("passed"),
    )
    return Score(
        protocol_id=group.take("protocol_id").word(),
        protocol_version=group.take("protocol_version").word(),
        protocol_hash=group.take("protocol_hash").sha256(),
        protocol_title=group.take("protocol_title").bilingual(),
        items=items,
        points=group.take("points").number(0.0, most.number(0.0, _MOST_ITEMS * _MOST_POINTS)),
        max_points=most.number(0.0, _MOST_ITEMS * _MOST_POINTS),
        percent=None if percent is None else percent.number(0.0, 100.0),
        pass_mark_percent=group.take("pass_mark_percent").number(0.0, 100.0),
        passed=None if passed is None else passed.switch(),
        not_observed=_ids(group.take("not_observed"), known, _MOST_ITEMS),
        advice=_ids(group.take("advice"), known, MOST_ADVICE),
    )


def score_document(score: Score) -> dict[str, Any]:
    """Return the object of ``score.json``."""
    document = dataclasses.asdict(score_as_written(score))
    return {"schema_version": SCORE_SCHEMA_VERSION, **map_leaves(document, _plain)}


def score_as_written(score: Score) -> Score:
    """Return what a reader will find: numbers to 1e-6, texts that a file can hold."""
    return map_leaves(score, _rounded)


def _rounded(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(value, _DECIMALS) if math.isfinite(value) else None
    return writable(value) if type(value) is str else value


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _ids(value: Value, known: set[str], most: int) -> tuple[str, ...]:
    entries = value.entries(most)
    for entry in entries:
        if entry.word() not in known:
            entry.fail(Text("butir dari daftar ini", "an item of this checklist"))
    return tuple(entry.word() for entry in entries)


def _item(group: Group) -> ItemScore:
    most, faults = group.take("max_points").number(0.0, _MOST_POINTS), group.maybe("faults")
    return ItemScore(
        id=group.take("id").word(),
        title=group.take("title").bilingual(),
        observer=cast(Observer, group.take("observer").choice(get_args(Observer))),
        verdict=Verdict(group.take("verdict").choice([verdict.value for verdict in Verdict])),
        to_be_confirmed=group.take("to_be_confirmed").switch(),
        points=group.take("points").number(0.0, most),
        max_points=most,
        critical=group.take("critical").switch(),
        measures=tuple(_measure(entry.group()) for entry in group.take("measures").entries(_MOST_MEASURES)),
        evidence=tuple(_evidence(entry.group()) for entry in group.take("evidence").entries(_MOST_EVIDENCE)),
        message=group.take("message").bilingual(),
        source=group.take("source").text(),
        faults=() if faults is None else tuple(fault.word() for fault in faults.entries(_MOST_FAULTS)),
    )


def _measure(group: Group) -> Measure:
    return Measure(
        name=group.take("name").word(),
        label=group.take("label").bilingual(),
        value=_number(group, "value", -_LARGEST),
        unit=group.take("unit").text(_LONGEST_UNIT),
        sigma=_number(group, "sigma", 0.0),
        minimum=_number(group, "minimum", -_LARGEST),
        maximum=_number(group, "maximum", -_LARGEST),
    )


def _number(group: Group, name: str, least: float) -> float | None:
    value = group.take_or_null(name)
    return None if value is None else value.number(least, _LARGEST)


def _evidence(group: Group) -> Evidence:
    hand = group.take_or_null("hand")
    return Evidence(
        start_s=group.take("start_s").seconds(),
        end_s=group.take("end_s").seconds(),
        hand=None if hand is None else cast(Hand, hand.choice(HANDS)),
        kind="fault" if group.take("kind").choice(("supports", "fault")) == "fault" else "supports",
    )
