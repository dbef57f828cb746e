"""Verdicts of a session that rest on hands which were hardly seen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.protocol.score import Score, Verdict

if TYPE_CHECKING:
    import pandas as pd

LEAST_SEEN = 0.6
"""Share of the massage in which a hand must have been seen for a verdict to rest on something."""


@dataclass(frozen=True)
class SeenVerdicts:
    """What a session says, and on how much.

    Attributes
    ----------
    verdicts : tuple of str
        ``item: verdict`` of every camera item that is met, partly met or not met.
    a_hand_seen, both_seen : float
        Share of the massage's frames in which at least one hand, or both, were really seen on the back; NaN
        where there was no massage.
    """

    verdicts: tuple[str, ...]
    a_hand_seen: float
    both_seen: float

    @property
    def on_nothing(self) -> int:
        """Verdicts given although not even one hand was seen for 60 % of the massage (or there was none)."""
        return 0 if self.a_hand_seen >= LEAST_SEEN else len(self.verdicts)

    @property
    def on_one_hand(self) -> int:
        """Verdicts given although the two hands together were not seen for 60 % of the massage."""
        return 0 if self.both_seen >= LEAST_SEEN else len(self.verdicts)

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        return {
            "verdicts": len(self.verdicts),
            "verdicts_on_nothing": self.on_nothing,
            "verdicts_on_one_hand": self.on_one_hand,
        }


def seen_verdicts(score: Score, hands_seen: NDArray[np.intp], massage: NDArray[np.bool_]) -> SeenVerdicts:
    """Say which verdicts a score gives, and how much of the massage was seen.

    Parameters
    ----------
    score : Score
        ``score.json``.
    hands_seen : ndarray of int, shape (n,)
        Hands really seen on the back in each frame: 0, 1 or 2.
    massage : ndarray of bool, shape (n,)
        Frames in which the massage is going on.
    """
    given = tuple(
        f"{item.id}: {item.verdict}"
        for item in score.items
        if item.by_camera and item.verdict != Verdict.NOT_OBSERVED
    )
    during = hands_seen[massage]
    if not len(during):
        return SeenVerdicts(given, float("nan"), float("nan"))
    return SeenVerdicts(given, float((during >= 1).mean()), float((during >= 2).mean()))


def placed_hands(thumbs: "pd.DataFrame") -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the session's frame times and how many thumbs are really seen and placed on the back in each.

    Parameters
    ----------
    thumbs : DataFrame
        Columns as in ``thumbs.parquet``.

    Returns
    -------
    time_s : ndarray of float, shape (n,)
        Seconds.
    hands : ndarray of int, shape (n,)
        0, 1 or 2: status detected or tracked, with a position.
    """
    seen = thumbs["status"].isin(["detected", "tracked"]) & thumbs["lateral_cm"].notna()
    count = seen.groupby(thumbs["time_s"]).sum().sort_index()
    return count.index.to_numpy(np.float64), np.asarray(count, np.intp)
