"""A timeline as evaluation sees it: labelled intervals of one hand, wherever they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.evaluation.segmental import BACKGROUND

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TimedEvent:
    """One labelled interval of one hand; ``None`` where a figure is not known.

    Attributes
    ----------
    label : str
        Entry of the stroke catalogue.
    onset_s, end_s : float
        Seconds from the first frame; the interval is ``onset_s <= t < end_s``.
    cycles : float or None
        Revolutions of a circular stroke.
    rate_hz : float or None
        Revolutions a second.
    direction : str or None
        ``cw``, ``ccw``, ``caudal`` or ``cranial``.
    radius_cm : float or None
        Mean radius of a circular stroke.
    """

    label: str
    onset_s: float
    end_s: float
    cycles: float | None = None
    rate_hz: float | None = None
    direction: str | None = None
    radius_cm: float | None = None

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.onset_s

    def overlap(self, other: "TimedEvent") -> float:
        """Return intersection over union of the two intervals, 0 to 1.

        Examples
        --------
        >>> TimedEvent("a", 0.0, 2.0).overlap(TimedEvent("a", 1.0, 3.0))
        0.3333333333333333
        """
        shared = min(self.end_s, other.end_s) - max(self.onset_s, other.onset_s)
        span = max(self.end_s, other.end_s) - min(self.onset_s, other.onset_s)
        return max(0.0, shared) / span if span > 0 else 0.0


def events_of_hand(table: "pd.DataFrame", hand: str) -> list[TimedEvent]:
    """Return one hand's rows of an events table (columns as in ``events.tsv``), in order of onset."""
    rows = table[table["hand"] == hand].sort_values("onset", kind="stable")
    return [
        TimedEvent(
            label=str(row["trial_type"]),
            onset_s=float(row["onset"]),
            end_s=float(row["onset"]) + float(row["duration"]),
            cycles=_number(row.get("cycles")),
            rate_hz=_number(row.get("rate_hz")),
            direction=row["direction"] if isinstance(row.get("direction"), str) else None,
            radius_cm=_number(row.get("radius_cm")),
        )
        for row in rows.to_dict("records")
    ]


def frame_labels(
    events: Sequence[TimedEvent], time_s: NDArray[np.float64], background: str = BACKGROUND
) -> NDArray[np.object_]:
    """Return the label of each moment.

    Parameters
    ----------
    events : sequence of TimedEvent
        Of one hand. Where two overlap, the one that starts later wins.
    time_s : ndarray of float, shape (n,)
        Moments, seconds from the first frame.
    background : str
        The label outside all events.

    Returns
    -------
    ndarray of str objects, shape (n,)

    Examples
    --------
    >>> frame_labels([TimedEvent("a", 0.1, 0.3)], np.array([0.0, 0.1, 0.2, 0.3])).tolist()
    ['none', 'a', 'a', 'none']
    """
    # Times are written with so many decimals; a hair's breadth must not move a boundary by a frame.
    hair = 1e-6
    labels = np.full(len(time_s), background, dtype=object)
    for event in sorted(events, key=lambda e: e.onset_s):
        labels[(time_s >= event.onset_s - hair) & (time_s < event.end_s - hair)] = event.label
    return labels


def _number(value: object) -> float | None:
    if not isinstance(value, int | float | np.number):
        return None
    number = float(value)
    return None if np.isnan(number) else number
