"""The protocol's areas on the back, for the map."""

from dataclasses import replace

from trainer.language import Text
from trainer.report.formats import plain
from trainer.session.model import SessionMeta, SessionRegion

_LONGEST_NAME = 80


def areas_of(meta: SessionMeta) -> tuple[SessionRegion, ...]:
    """Return the areas of the protocol a session was scored with, their names safe to show."""
    return tuple(
        replace(
            region,
            name=Text(plain(region.name.id, _LONGEST_NAME), plain(region.name.en, _LONGEST_NAME)),
        )
        for region in meta.protocol.regions
    )
