"""Strokes with what their thumbs' paths add: where they went, how surely, and at which level they begin and end."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trainer.back.track import ThumbTrack
from trainer.protocol.intervals import Interval
from trainer.strokes.event import StrokeEvent, StrokeType

_LEAST_OBSERVED = 0.3
"""A stroke of which less than this share was really seen counts as unsure."""
_LEAST_SIGMA_CM = 0.25
_END_S = 0.1
"""The ends of a pass are read over this long, to average the jitter."""
_SIDE_CM = 0.5


@dataclass(frozen=True, eq=False)
class Stroke:
    """A stroke event with what its thumb's path adds.

    Attributes
    ----------
    path_cm : ndarray, shape (n, 2)
        Where it went, ``lateral_cm, caudal_cm``; its mean alone when there is no track; empty when unknown.
    sigma_cm : float
        Median uncertainty of the positions, per axis.
    start_caudal_cm, end_caudal_cm : float
        Level at its ends (of the drifting centre, for a circle); NaN when unknown.
    sure : bool
        Recognised with enough confidence, and enough of it seen.
    """

    event: StrokeEvent
    path_cm: NDArray[np.float64]
    sigma_cm: float
    start_caudal_cm: float
    end_caudal_cm: float
    sure: bool

    @property
    def interval(self) -> Interval:
        """Start and end in seconds."""
        return self.event.onset_s, self.event.end_s

    @property
    def centre_cm(self) -> tuple[float, float]:
        """Mean position, ``lateral_cm, caudal_cm``; NaN when unknown."""
        if self.event.lateral_cm is not None and self.event.caudal_cm is not None:
            return self.event.lateral_cm, self.event.caudal_cm
        if not len(self.path_cm):
            return float("nan"), float("nan")
        lateral, caudal = self.path_cm.mean(axis=0)
        return float(lateral), float(caudal)

    @property
    def side(self) -> Literal["left", "right"] | None:
        """The recipient's side; None on the spinous line itself or when unknown."""
        lateral = self.centre_cm[0]
        if not abs(lateral) > _SIDE_CM:
            return None
        return "right" if lateral > 0 else "left"

    @property
    def travel_cm(self) -> float:
        """Way along the spine, positive downwards; NaN when unknown."""
        return self.end_caudal_cm - self.start_caudal_cm


def placed_stroke(event: StrokeEvent, track: ThumbTrack | None, unsure_below: float) -> Stroke:
    """Return an event with what its thumb's path adds; at least of confidence `unsure_below` and seen, it is sure."""
    path, sigma = np.empty((0, 2)), _LEAST_SIGMA_CM
    start = end = float("nan")
    if track is not None and len(track):
        first, stop = np.searchsorted(track.time_s, (event.onset_s - 1e-6, event.end_s - 1e-6))
        part = slice(int(first), int(stop))
        chosen = np.isfinite(track.lateral_cm[part]) & np.isfinite(track.caudal_cm[part])
        path = np.column_stack([track.lateral_cm[part][chosen], track.caudal_cm[part][chosen]])
        if len(path):
            spread = track.sigma_cm[part][chosen]
            known = spread[np.isfinite(spread)]
            sigma = max(_LEAST_SIGMA_CM, float(np.median(known))) if len(known) else sigma
            start, end = _ends(event, track.time_s[part][chosen], path[:, 1])
    if not len(path) and event.lateral_cm is not None and event.caudal_cm is not None:
        half = (event.length_cm or 0.0) / 2 * (-1 if event.trial_type == StrokeType.UPWARD_PASS else 1)
        start, end = event.caudal_cm - half, event.caudal_cm + half
        path = np.array([[event.lateral_cm, level] for level in np.linspace(start, end, 9)])
    sure = event.confidence >= unsure_below and event.observed >= _LEAST_OBSERVED
    return Stroke(event, path, sigma, start, end, sure)


def _ends(
    event: StrokeEvent, time_s: NDArray[np.float64], caudal_cm: NDArray[np.float64]
) -> tuple[float, float]:
    if event.trial_type == StrokeType.CIRCULAR_PRESSURE and len(time_s) >= 8:
        slope, level = np.polyfit(time_s - event.onset_s, caudal_cm, 1)
        return float(level), float(level + slope * event.duration_s)
    first = caudal_cm[time_s <= time_s[0] + _END_S]
    last = caudal_cm[time_s >= time_s[-1] - _END_S]
    return float(np.median(first)), float(np.median(last))


def join_parts(before: Stroke, after: Stroke) -> Stroke:
    """Return two parts of one pass as one; its length and speed are those of its path."""
    event = replace(
        before.event,
        duration_s=after.event.end_s - before.event.onset_s,
        length_cm=None,
        speed_cm_s=None,
        confidence=min(before.event.confidence, after.event.confidence),
    )
    path = np.concatenate([before.path_cm, after.path_cm])
    sigma = max(before.sigma_cm, after.sigma_cm)
    return Stroke(event, path, sigma, before.start_caudal_cm, after.end_caudal_cm, sure=True)
