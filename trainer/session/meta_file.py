"""``session.json``: from the document to `SessionMeta`, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast, get_args

from trainer.commit import Commit
from trainer.language import Text
from trainer.protocol.model import Scale
from trainer.session.fields import LONGEST_NAME, LONGEST_S, Group, Place, Value, writable
from trainer.session.leaves import map_leaves
from trainer.session.model import (
    SESSION_FILE,
    SESSION_SCHEMA_VERSION,
    CalibrationSource,
    LiveMeta,
    ProtocolMeta,
    SessionMeta,
    SessionRegion,
    VideoMeta,
)

_MOST_MODELS = 100
_MOST_REGIONS = 200
_MOST_CORNERS = 2000
_MOST_WARNINGS = 1000
_MOST_PAUSES = 10_000
_MOST_CONFIRMED = 500
_MOST_PIXELS = 100_000
_MOST_FRAMES = 10**9
_FARTHEST_CM = 10_000.0
_KNOWN = (
    "schema_version",
    "software_version",
    "software_commit",
    "created",
    "models",
    "protocol",
    "parameters",
    "back_size_ratio",
    "complete",
    "video",
    "calibration",
    "calibration_source",
    "warnings",
    "live",
    "confirmations",
)


def meta_of(document: Mapping[str, Any]) -> SessionMeta:
    """Read the content of a ``session.json`` that is in memory.

    Raises
    ------
    PijatError
        One sentence, as `parse_meta`.
    """
    return parse_meta(Group(document, Place(SESSION_FILE, "memory")))


def parse_meta(group: Group) -> SessionMeta:
    """Read ``session.json``, its schema version checked already.

    Raises
    ------
    PijatError
        One sentence naming the field that is missing, of another type or out of range.
    """
    ratio, live, ticked = (group.maybe(name) for name in ("back_size_ratio", "live", "confirmations"))
    commit, calibration = group.maybe("software_commit"), group.take_or_null("calibration")
    return SessionMeta(
        software_version=group.take("software_version").word(),
        software_commit=None if commit is None or commit.is_null else _commit(commit.group()),
        created=group.take("created").moment(),
        models={
            name: value.word() for name, value in group.take("models").group().fields(_MOST_MODELS).items()
        },
        protocol=_protocol(group.take("protocol").group()),
        parameters=_parameters(group.take("parameters")),
        complete=group.take("complete").switch(),
        video=_video(group.take("video").group()),
        calibration=None if calibration is None else _object(calibration),
        calibration_source=cast(
            CalibrationSource, group.take("calibration_source").choice(get_args(CalibrationSource))
        ),
        warnings=tuple(entry.bilingual() for entry in group.take("warnings").entries(_MOST_WARNINGS)),
        back_size_ratio=1.0 if ratio is None else ratio.number(0.2, 5.0),
        live=None if live is None else _live(live.group()),
        confirmations=None
        if ticked is None
        else {name: value.switch() for name, value in ticked.group().fields(_MOST_CONFIRMED).items()},
        others=group.others(_KNOWN),
    )


def meta_document(meta: SessionMeta) -> dict[str, Any]:
    """Return the object of ``session.json``."""
    protocol = asdict(meta.protocol)
    if meta.protocol.scale is None:
        del protocol["scale"]
    document: dict[str, Any] = {
        "schema_version": SESSION_SCHEMA_VERSION,
        "software_version": meta.software_version,
        "software_commit": None if meta.software_commit is None else asdict(meta.software_commit),
        "created": meta.created,
        "models": dict(meta.models),
        "protocol": protocol,
        "parameters": meta.parameters,
        "back_size_ratio": meta.back_size_ratio,
        "complete": meta.complete,
        "video": asdict(meta.video),
        "calibration": meta.calibration,
        "calibration_source": meta.calibration_source,
        "warnings": [asdict(warning) for warning in meta.warnings],
    }
    if meta.live is not None:
        document["live"] = asdict(meta.live)
    if meta.confirmations is not None:
        document["confirmations"] = dict(meta.confirmations)
    return document | dict(meta.others)


def meta_as_written(meta: SessionMeta) -> SessionMeta:
    """Return what a reader will find: texts that no file can hold, such as odd file names, made writable."""
    return map_leaves(meta, lambda value: writable(value) if isinstance(value, str) else value)


def _commit(group: Group) -> Commit:
    date, changed = group.take_or_null("date"), group.take_or_null("changed")
    return Commit(
        id=group.take("id").word(),
        date=None if date is None else date.word(),
        changed=None if changed is None else changed.switch(),
    )


def _object(value: Value) -> dict[str, Any]:
    value.group()
    return cast(dict[str, Any], value.json())


def _parameters(value: Value) -> dict[str, Any]:
    strokes = value.group().maybe("strokes")
    unsure = None if strokes is None else strokes.group().maybe("unsure_below")
    if unsure is not None:
        unsure.number(0.0, 1.0)
    return _object(value)


def _protocol(group: Group) -> ProtocolMeta:
    scale = group.maybe("scale")
    return ProtocolMeta(
        id=group.take("id").word(),
        version=group.take("version").word(),
        sha256=group.take("sha256").sha256(),
        scale=None if scale is None else cast(Scale, scale.choice(get_args(Scale))),
        regions=tuple(_region(entry.group()) for entry in group.take("regions").entries(_MOST_REGIONS)),
    )


def _region(group: Group) -> SessionRegion:
    polygon = group.take("polygon")
    corners = tuple(_pair(corner, -_FARTHEST_CM, _FARTHEST_CM) for corner in polygon.entries(_MOST_CORNERS))
    if len(corners) < 3:
        polygon.fail(Text("paling sedikit 3 titik", "at least 3 corners"))
    return SessionRegion(
        id=group.take("id").word(),
        name=group.take("name").bilingual(),
        kind="avoid" if group.take("kind").choice(("target", "avoid")) == "avoid" else "target",
        polygon=corners,
    )


def _pair(value: Value, least: float, most: float) -> tuple[float, float]:
    numbers = value.entries(2)
    if len(numbers) != 2:
        value.fail(Text("2 bilangan", "2 numbers"))
    return numbers[0].number(least, most), numbers[1].number(least, most)


def _video(group: Group) -> VideoMeta:
    digest = group.take_or_null("sha256")
    return VideoMeta(
        name=group.take("name").text(LONGEST_NAME),
        sha256=None if digest is None else digest.sha256(),
        width=group.take("width").whole(1, _MOST_PIXELS),
        height=group.take("height").whole(1, _MOST_PIXELS),
        duration_s=group.take("duration_s").seconds(),
        fps_median=group.take("fps_median").number(0.0, 100_000.0),
        frames_read=group.take("frames_read").whole(0, _MOST_FRAMES),
        frames_dropped=group.take("frames_dropped").whole(0, _MOST_FRAMES),
    )


def _live(group: Group) -> LiveMeta:
    pain = group.take_or_null("stopped_for_pain_s")
    return LiveMeta(
        source=group.take("source").word(),
        mode=group.take("mode").word(),
        pauses_s=tuple(
            _pair(pause, 0.0, LONGEST_S) for pause in group.take("pauses_s").entries(_MOST_PAUSES)
        ),
        stopped_for_pain_s=None if pain is None else pain.seconds(),
    )
