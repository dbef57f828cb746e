"""What the server says to the practice page, as JSON-ready objects; docs/live-protocol.md is the contract."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainer import __version__
from trainer.back.atlas import load_atlas
from trainer.back.frame import BACK_LANDMARKS, BackMap
from trainer.language import Text
from trainer.live.model import Choices, LiveResult
from trainer.perception.observation import HANDS, Hand
from trainer.protocol.model import Protocol, Region
from trainer.session.score_file import score_document

if TYPE_CHECKING:
    from trainer.analysis.outcome import Outcome

SCHEMA = 1
_EDGE_CM = 3.0
"""Outlines are drawn with points this close, for the back is curved."""

Json = dict[str, Any]


def result_message(
    result: LiveResult, sequence: int, sent: tuple[int, int], server_ms: float, frames: Mapping[str, int]
) -> Json:
    """Return the answer to a picture; `sent` is the size in which that came, whose pixels are answered in."""
    scale = np.array([sent[0] / result.size[0], sent[1] / result.size[1]])
    progress, cue = result.progress, result.cue
    return {
        "type": "result",
        "sequence": sequence,
        "time_s": round(result.seen.time_s, 4),
        "size": list(sent),
        "hands": {hand: _hand(result, hand, scale) for hand in HANDS},
        "back": _back(result, scale),
        "thumbs": {hand: _thumb(result, hand) for hand in HANDS},
        "strokes": {hand: _stroke(result, hand) for hand in HANDS},
        "counts": {side: asdict(count) for side, count in progress.counts.items()},
        "rounds": progress.rounds,
        "rounds_wanted": progress.rounds_wanted,
        "elapsed_s": round(progress.elapsed_s, 2),
        "remaining_s": None if progress.remaining_s is None else round(progress.remaining_s, 2),
        "step": progress.step,
        "steps_done": list(progress.steps_done),
        "cue": None
        if cue is None
        else {
            "id": cue.id,
            "kind": cue.kind,
            "text": asdict(cue.text),
            "target": [list(corner) for corner in cue.target] or None,
            "target_px": _target_px(result.seen.back, cue.target, scale),
        },
        "setup": None if result.setup is None else [asdict(tick) for tick in result.setup],
        "unseen": None if result.unseen is None else asdict(result.unseen),
        "server_ms": round(server_ms, 1),
        "frames": dict(frames),
    }


def hello_message(
    *,
    source: str,
    active: bool,
    protocols: Iterable[Protocol],
    finds_back: bool,
    state: Json,
    session: Json,
    recovered: Iterable[Json],
) -> Json:
    """Return the first message of a connection."""
    from trainer.protocol.display import protocol_document
    from trainer.web import pictures

    return {
        "type": "hello",
        "schema": SCHEMA,
        "version": __version__,
        "source": source,
        "active": active,
        "protocols": [protocol_document(protocol) for protocol in protocols],
        "state": state["state"],
        "why": state["why"],
        "text": state["text"],
        "session": session,
        "recovered": list(recovered),
        "finds_back": finds_back,
        "landmarks": {name: list(place.at) for name, place in load_atlas().landmarks.items()},
        "outlines": {name: _rounded(line) for name, line in load_atlas().outlines.items()},
        "limits": {
            "jpeg_bytes": pictures.MOST_JPEG_BYTES,
            "raw_bytes": pictures.MOST_RAW_BYTES,
            "longer_px": pictures.LONGER_PX,
            "shorter_px": pictures.SHORTER_PX,
        },
        "texts_per_s": TEXTS_PER_S,
    }


TEXTS_PER_S = 20


def choices_message(choices: Choices, time_s: float) -> Json:
    """Return the choices so far."""
    return {
        "protocol": choices.protocol.id,
        "language": choices.language,
        "mode": choices.mode,
        "keep_video": choices.keep_video,
        "blur_head": choices.blur_head,
        "confirmed": dict(choices.confirmed),
        "time_s": round(time_s, 3),
    }


def summary_message(outcome: Outcome, stopped: str | None) -> Json:
    """Return how the practice went."""
    session = outcome.session
    return {
        "type": "summary",
        "session": session.path.name,
        "report": f"/report/{session.path.name}",
        "score": score_document(session.score),
        "stopped": stopped,
        "time_s": session.meta.video.duration_s,
    }


def recovered_entry(outcome: Outcome) -> Json:
    """Return a session that was cut off, as `hello.recovered` lists it."""
    meta = outcome.session.meta
    name = outcome.session.path.name
    return {
        "session": name,
        "report": f"/report/{name}",
        "time_s": meta.video.duration_s,
        "created": meta.created,
    }


def error_message(code: str, text: Text, *, fatal: bool = False, sequence: int | None = None) -> Json:
    """Return a complaint."""
    message: Json = {"type": "error", "code": code, "text": asdict(text), "fatal": fatal}
    return message if sequence is None else {**message, "sequence": sequence}


def state_message(state: str, why: str | None, text: Text | None = None) -> Json:
    """Return where the session is."""
    return {"type": "state", "state": state, "why": why, "text": None if text is None else asdict(text)}


def _hand(result: LiveResult, hand: Hand, scale: NDArray[np.float64]) -> Json | None:
    seen = result.seen.hands.get(hand)
    if seen is None:
        return None
    return {
        "keypoints": _rounded(seen.keypoints * scale),
        "contact": _rounded(seen.contact_px.reshape(1, 2) * scale)[0],
        "contact_sigma_px": _number(seen.contact_sigma_px * float(scale.mean())),
        "status": seen.status.value,
        "score": _number(seen.score),
    }


def _thumb(result: LiveResult, hand: Hand) -> Json | None:
    point = result.points.get(hand)
    if point is None or not math.isfinite(point.lateral_cm):
        return None
    return {
        "lateral_cm": _number(point.lateral_cm),
        "caudal_cm": _number(point.caudal_cm),
        "sigma_cm": _number(point.sigma_cm),
        "status": point.status.value,
    }


def _stroke(result: LiveResult, hand: Hand) -> Json | None:
    event = result.strokes.get(hand)
    if event is None:
        return None
    return {
        "trial_type": event.trial_type.value,
        "direction": event.direction,
        "cycles": _number(event.cycles),
        "rate_hz": _number(event.rate_hz),
        "radius_cm": _number(event.radius_cm),
        "confidence": _number(event.confidence),
    }


def _back(result: LiveResult, scale: NDArray[np.float64]) -> Json | None:
    state, seen = result.back, result.seen
    if state is None:
        return None
    document: Json = {
        "status": state.status,
        "source": state.source,
        "landmarks": {},
        "outlines": {},
        "regions": [],
        "view_angle_deg": _number(state.view_angle_deg),
        "sigma_cm": _number(state.sigma_cm),
    }
    if seen.back is None or seen.back_px is None:
        return document
    document["landmarks"] = {
        name: at
        for name, at in zip(BACK_LANDMARKS, _rounded(seen.back_px * scale), strict=True)
        if None not in at
    }
    names, regions, points, ends = _drawn(result.protocol.regions)
    pixels = np.round(seen.back.to_image(seen.back.size_ratio * points) * scale, 1)
    kept = np.asarray(np.isfinite(pixels).all(axis=1), dtype=np.bool_)
    rows, whole = pixels.tolist(), bool(kept.all())
    lines = [
        rows[start:end] if whole else pixels[start:end][kept[start:end]].tolist()
        for start, end in zip((0, *ends), (*ends, len(rows)), strict=True)
    ]
    document["outlines"] = dict(zip(names, lines[: len(names)], strict=True))
    document["regions"] = [
        {"id": region[0], "kind": region[1], "side": region[2], "polygon": line}
        for region, line in zip(regions, lines[len(names) :], strict=True)
    ]
    return document


@cache
def _drawn(
    regions: tuple[Region, ...],
) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...], NDArray[np.float64], tuple[int, ...]]:
    """Return all that is drawn on the back, in cm of the atlas, as one array, and where to cut it apart again."""
    outlines = {name: line for name, line in load_atlas().outlines.items() if name != "spine"}
    outlines["spine"] = load_atlas().outlines["spine"]
    lines = [np.asarray(line, dtype=float) for line in outlines.values()]
    lines += [_densified(np.array(region.polygon)) for region in regions]
    ends = tuple(int(end) for end in np.cumsum([len(line) for line in lines])[:-1])
    labels = tuple((region.id, region.kind, region.side) for region in regions)
    return tuple(outlines), labels, np.concatenate(lines), ends


def _densified(polygon: NDArray[np.float64]) -> NDArray[np.float64]:
    parts = []
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        count = max(1, math.ceil(float(np.hypot(*(end - start))) / _EDGE_CM))
        parts.append(start + np.arange(count)[:, None] / count * (end - start))
    return np.concatenate(parts)


def _target_px(
    back: BackMap | None, target: tuple[tuple[float, float], ...], scale: NDArray[np.float64]
) -> list[list[float | None]] | None:
    if back is None or not target:
        return None
    return _finite(back.to_image(back.size_ratio * np.array(target)) * scale) or None


def _finite(points: NDArray[np.float64]) -> list[list[float | None]]:
    return _rounded(points[np.isfinite(points).all(axis=1)])


def _rounded(points: NDArray[np.float64]) -> list[list[float | None]]:
    rounded = np.round(np.asarray(points, dtype=float), 1)
    if np.isfinite(rounded).all():
        return rounded.tolist()  # type: ignore[no-any-return]
    return [[_number(x, 1), _number(y, 1)] for x, y in rounded.tolist()]


def _number(value: float | None, digits: int = 3) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, digits)
