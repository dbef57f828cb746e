"""The rating scales of a checklist, and the camera's verdict as a rating on them."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.errors import PijatError
from trainer.language import Text
from trainer.protocol.model import Protocol, Scale
from trainer.protocol.ratings import BEST_RATING, RATINGS, level_of_points, points_of_rating
from trainer.protocol.score import Score
from trainer.session.model import SessionMeta


@dataclass(frozen=True)
class Rules:
    """By what a demonstration is rated.

    Attributes
    ----------
    scale : str
        As in the protocol, see `trainer.protocol.ratings`.
    protocol : Protocol or None
        None when the protocol's file is not at hand; then nobody knows who can see each item.
    known : bool
        Whether the scale is the protocol's own; else 0-2 stands in.
    """

    scale: Scale
    protocol: Protocol | None
    known: bool

    @property
    def levels(self) -> tuple[tuple[int, Text], ...]:
        """Ratings of the scale, lowest first."""
        return RATINGS[self.scale]

    @property
    def best(self) -> float:
        """The best rating."""
        return BEST_RATING[self.scale]

    def level_of(self, points: float, max_points: float) -> int:
        """Turn an item's points into the level of the scale they stand for."""
        return level_of_points(self.scale, points, max_points)

    def points_of(self, level: int | None, max_points: float) -> float | None:
        """Turn a level of the scale into an item's points; None, not observed, stays None."""
        return None if level is None else points_of_rating(self.scale, level, max_points)


def rules_of(meta: SessionMeta, score: Score) -> Rules:
    """Find the scale that a session is rated on: its own, else the built-in protocol's of that id and hash."""
    from trainer.protocol.library import builtin

    try:
        protocol: Protocol | None = builtin(score.protocol_id)
    except PijatError:
        protocol = None
    if protocol is not None and protocol.hash != score.protocol_hash:
        # Another version of it: who observes what still holds only for items of the same id; ask nothing of it.
        protocol = protocol if score.protocol_version == protocol.version else None
    if meta.protocol.scale is not None:
        return Rules(meta.protocol.scale, protocol, True)
    if protocol is not None:
        return Rules(protocol.scale, protocol, True)
    return Rules("0-2", None, False)
