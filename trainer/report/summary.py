"""What a session comes to, in numbers: what was seen, what was done, how sure the positions are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.perception.observation import Hand, Status
from trainer.session.model import Session
from trainer.session.tables import events_from_frame
from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.recogniser import UNSURE_BELOW

if TYPE_CHECKING:
    import pandas as pd

_SEEN = (Status.DETECTED.value, Status.TRACKED.value)


@dataclass(frozen=True, eq=False)
class HandTrack:
    """One thumb's path: seconds, centimetres and the `Status` of each position, as arrays of one length."""

    hand: Hand
    time_s: NDArray[np.float64]
    lateral_cm: NDArray[np.float64]
    caudal_cm: NDArray[np.float64]
    sigma_cm: NDArray[np.float64]
    status: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Frames in which the thumb was really seen (detected or followed)."""
        return np.isin(self.status, _SEEN)

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Frames with a position on the back, bridged ones included."""
        return np.isfinite(self.lateral_cm) & np.isfinite(self.caudal_cm)


@dataclass(frozen=True)
class StrokeCount:
    """How much of one stroke one hand did, `unsure` ones included; ``None`` where it says nothing."""

    count: int
    unsure: int
    seconds: float
    cycles: float | None
    rate_hz: float | None


@dataclass(frozen=True)
class HandSummary:
    """What was seen of one hand.

    Attributes
    ----------
    hand : {"left", "right"}
        The practitioner's hand.
    frames : int
        Rows of the thumb table.
    shares : dict of str to float
        Share of frames per `Status`, 0 to 1.
    unplaced : float
        Share of frames in which the thumb was seen but could not be put on the back.
    gaps : tuple of (float, float)
        Start and end (s) of the stretches in which the hand was not seen (bridged or missing).
    longest_gap : (float, float) or None
        The longest of them.
    sigma_median_cm, sigma_p95_cm : float or None
        Standard deviation of the placed positions.
    strokes : dict of str to StrokeCount
        By stroke; only those that occur.
    """

    hand: Hand
    frames: int
    shares: dict[str, float]
    unplaced: float
    gaps: tuple[tuple[float, float], ...]
    longest_gap: tuple[float, float] | None
    sigma_median_cm: float | None
    sigma_p95_cm: float | None
    strokes: dict[str, StrokeCount]

    @property
    def seen(self) -> float:
        """Share of frames in which the hand was really seen."""
        return self.shares[Status.DETECTED.value] + self.shares[Status.TRACKED.value]


def track_of(thumbs: "pd.DataFrame", hand: Hand) -> HandTrack:
    """Take one hand's rows out of the table of a session's thumbs, in order of time."""
    rows = thumbs
    if len(rows):
        rows = rows[rows["hand"] == hand].sort_values("time_s")

    def column(name: str) -> NDArray[np.float64]:
        return np.asarray(
            rows[name].to_numpy(dtype=np.float64, na_value=np.nan) if len(rows) else [], dtype=np.float64
        )

    status = (
        rows["status"].to_numpy(dtype=object).astype(np.str_) if len(rows) else np.empty(0, dtype=np.str_)
    )
    return HandTrack(
        hand, column("time_s"), column("lateral_cm"), column("caudal_cm"), column("sigma_cm"), status
    )


def events_of(table: "pd.DataFrame") -> list[StrokeEvent]:
    """Turn the table of a session's events into strokes, in order of onset."""
    if not len(table):
        return []
    sure = table["confidence"].fillna(1.0)  # a person's annotation carries none
    found = events_from_frame(table.assign(confidence=sure))
    return sorted(found, key=lambda event: (event.onset_s, event.hand))


def session_seconds(session: Session, tracks: Iterable[HandTrack], events: Iterable[StrokeEvent]) -> float:
    """Length of the session in seconds: the video's, and no less than what was recorded in it."""
    ends = [session.meta.video.duration_s]
    ends += [float(track.time_s[-1]) for track in tracks if len(track)]
    ends += [event.end_s for event in events]
    return max(ends)


def summarise(
    track: HandTrack, events: Iterable[StrokeEvent], seconds: float, unsure_below: float = UNSURE_BELOW
) -> HandSummary:
    """Sum up one hand in a session of that length; a hand without a row was never seen."""
    n = len(track)
    shares = {status.value: float(np.mean(track.status == status.value)) if n else 0.0 for status in Status}
    if not n:
        shares[Status.MISSING.value] = 1.0
    sigma = track.sigma_cm[track.placed & np.isfinite(track.sigma_cm)]
    gaps = tuple(runs(track.time_s, ~track.seen)) if n else ((0.0, seconds),)
    return HandSummary(
        hand=track.hand,
        frames=n,
        shares=shares,
        unplaced=float(np.mean(track.seen & ~track.placed)) if n else 0.0,
        gaps=gaps,
        longest_gap=max(gaps, key=lambda gap: gap[1] - gap[0], default=None),
        sigma_median_cm=float(np.median(sigma)) if len(sigma) else None,
        sigma_p95_cm=float(np.percentile(sigma, 95)) if len(sigma) else None,
        strokes=count_strokes((event for event in events if event.hand == track.hand), unsure_below),
    )


def count_strokes(
    events: Iterable[StrokeEvent], unsure_below: float = UNSURE_BELOW
) -> dict[str, StrokeCount]:
    """Count strokes by type; cycles add up, the rate is cycles over their seconds."""
    by_type: dict[str, list[StrokeEvent]] = {}
    for event in events:
        by_type.setdefault(event.trial_type.value, []).append(event)
    counts = {}
    for kind in StrokeType:
        chosen = by_type.get(kind.value)
        if not chosen:
            continue
        turning = [e for e in chosen if e.cycles is not None]
        cycles = sum(e.cycles or 0.0 for e in turning)
        turning_s = sum(e.duration_s for e in turning)
        counts[kind.value] = StrokeCount(
            count=len(chosen),
            unsure=sum(event.confidence < unsure_below for event in chosen),
            seconds=sum(e.duration_s for e in chosen),
            cycles=cycles if turning else None,
            rate_hz=cycles / turning_s if turning_s > 0 else None,
        )
    return counts


def runs(time_s: NDArray[np.float64], mask: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Stretches in which `mask` holds, each from its first frame to the next frame after its last.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Seconds, increasing.
    mask : ndarray of bool, shape (n,)
        What to look for.
    """
    if not len(time_s) or not mask.any():
        return []
    edges = np.diff(np.concatenate(([0], mask.astype(np.int8), [0])))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    step = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    after = np.append(time_s, time_s[-1] + step)
    return [(float(time_s[a]), float(after[b])) for a, b in zip(starts, stops, strict=True)]
