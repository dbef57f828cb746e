"""When the back was last seen, looked at and searched for: what each look of the follower may cost."""

import numpy as np

from trainer.back.followed import FollowSettings

_SEEK_EVERY_S = 0.15
_STILL_LOOKS = 3


class FollowClock:
    """The times by which the follower rests, searches and gives up. Seconds of the video.

    Parameters
    ----------
    settings : FollowSettings
        The intervals.
    """

    def __init__(self, settings: FollowSettings) -> None:
        self._settings = settings
        self._seen_s: float | None = None
        self._looked_s = -np.inf
        self._searched_s = -np.inf
        self._sought_s = -np.inf
        self._still = 0

    def start(self, now_s: float) -> bool:
        """Take the time of a frame; return whether it is the first one."""
        if self._seen_s is not None:
            return False
        self._seen_s, self._looked_s = now_s, now_s
        return True

    def resting(self, now_s: float) -> bool:
        """Whether nothing has moved lately and the last look will do."""
        return self._still >= _STILL_LOOKS and now_s - self._looked_s < self._settings.rest_s

    def look(self, now_s: float) -> float:
        """Begin a look; return the seconds since the last one, at most 1."""
        elapsed = float(np.clip(now_s - self._looked_s, 0.0, 1.0))
        self._looked_s = now_s
        return elapsed

    def seen(self, now_s: float) -> None:
        """The back was seen."""
        self._seen_s = now_s

    def unseen_too_long(self, now_s: float) -> bool:
        """Whether the back has been out of sight for so long that it counts as lost."""
        return self._seen_s is not None and now_s - self._seen_s > self._settings.lost_after_s

    def search_due(self, now_s: float) -> bool:
        """Whether a wider search around the back may be made; notes it if so."""
        if not now_s - self._searched_s > self._settings.search_s:
            return False
        self._searched_s = now_s
        return True

    def seek_due(self, now_s: float) -> bool:
        """Whether a lost back may be sought in the whole picture; notes it if so."""
        if now_s - self._sought_s < _SEEK_EVERY_S:
            return False
        self._sought_s = now_s
        return True

    def seek_at_once(self) -> None:
        """There is a new hint of where a lost back may be."""
        self._sought_s = -np.inf

    def moved(self, distance_px: float) -> None:
        """The back moved by so many reduced pixels between two looks."""
        self._still = self._still + 1 if distance_px < self._settings.rest_px else 0
