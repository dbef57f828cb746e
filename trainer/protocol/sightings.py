"""When a thumb was seen, and when it was seen moving."""

import numpy as np

from trainer.back.track import ThumbTrack
from trainer.perception.observation import Status
from trainer.protocol import intervals
from trainer.protocol.intervals import Interval

_BELIEVED_CM = 3.0
"""A thumb that may be a hand's breadth away from where it seems to be was not seen: it may be another thing."""
_SPEED_OVER_S = 0.33
_RESTING_CM_S = 1.5


def seen_intervals(track: ThumbTrack) -> list[Interval]:
    """Return when the thumb was really seen and mapped onto the back."""
    if not len(track):
        return []
    seen = np.isin(track.status, [Status.DETECTED.value, Status.TRACKED.value])
    # Not known, in a trajectory of bare positions, is not doubted.
    seen &= np.isfinite(track.lateral_cm) & ~(track.sigma_cm > _BELIEVED_CM)
    step = np.diff(track.time_s)
    usual = float(np.median(step)) if len(step) else 0.04
    width = np.append(np.minimum(step, 3 * usual), usual)
    return intervals.union(
        (float(time), float(time + long)) for time, long in zip(track.time_s[seen], width[seen], strict=True)
    )


def moving_intervals(track: ThumbTrack) -> list[Interval]:
    """Return when the thumb was seen on the back and faster than a resting one."""
    seen = np.isin(track.status, [Status.DETECTED.value, Status.TRACKED.value])
    seen &= np.isfinite(track.lateral_cm) & np.isfinite(track.caudal_cm)
    found: list[Interval] = []
    time = track.time_s
    # Over a third of a second, so that the jitter of the positions is no movement.
    ahead = np.minimum(np.searchsorted(time, time + _SPEED_OVER_S), len(time) - 1)
    for first, last in zip(range(len(time)), ahead.tolist(), strict=True):
        if last <= first or not (seen[first] and seen[last]):
            continue
        way = np.hypot(
            track.lateral_cm[last] - track.lateral_cm[first], track.caudal_cm[last] - track.caudal_cm[first]
        )
        if way > _RESTING_CM_S * (time[last] - time[first]) and time[last] - time[first] < 2 * _SPEED_OVER_S:
            found.append((float(time[first]), float(time[last])))
    return intervals.union(found)
