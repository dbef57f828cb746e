"""The protocol's areas on the back, for the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.errors import PijatError
from trainer.language import Text
from trainer.report.formats import plain


@dataclass(frozen=True)
class ProtocolRegion:
    """A polygon on the back (``lateral_cm, caudal_cm`` of its corners), and whether strokes belong there."""

    name: Text
    wanted: bool
    polygon: tuple[tuple[float, float], ...]


def areas_of(meta: Mapping[str, Any]) -> tuple[ProtocolRegion, ...]:
    """Return the areas of the protocol a session was scored with.

    They are read from ``meta["protocol"]["regions"]`` (which a session may carry, so that a report can be
    written again where the protocol's file is not at hand), else from the built-in protocol of that id if it
    is still the same one. Empty when neither is there: a map without areas is better than the wrong ones.
    """
    protocol = meta.get("protocol") or {}
    regions = protocol.get("regions")
    if isinstance(regions, Sequence) and regions:
        return tuple(area for area in (_from_json(region) for region in regions) if area is not None)
    return _built_in(str(protocol.get("id", "")), str(protocol.get("sha256", protocol.get("hash", ""))))


def _built_in(protocol_id: str, protocol_hash: str) -> tuple[ProtocolRegion, ...]:
    from trainer.protocol.library import builtin

    try:
        protocol = builtin(protocol_id)
    except PijatError:
        return ()
    if protocol.hash != protocol_hash:
        return ()
    return tuple(
        ProtocolRegion(region.name, region.kind == "target", region.polygon) for region in protocol.regions
    )


def _from_json(region: object) -> ProtocolRegion | None:
    if not isinstance(region, Mapping):
        return None
    try:
        polygon = tuple((float(x), float(y)) for x, y in region["polygon"])
    except (KeyError, TypeError, ValueError):
        return None
    if len(polygon) < 3:
        return None
    name = region.get("name") or {}
    text = (
        Text(plain(name.get("id", ""), 80), plain(name.get("en", ""), 80))
        if isinstance(name, Mapping)
        else Text("", "")
    )
    return ProtocolRegion(text, region.get("kind", "target") == "target", polygon)
