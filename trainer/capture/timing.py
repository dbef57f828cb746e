"""True frame times from the presentation timestamps of a file, whatever is wrong with them."""

from array import array
from fractions import Fraction

import numpy as np

_RESUME_S = 1.0
"""A step back by more than this is a new start of the clock, not a frame out of order."""
_GAP_S = 5.0
"""A step forward by more than this is worth a warning."""


class FrameClock:
    """Turns presentation timestamps into seconds from the first frame, strictly increasing.

    A frame that repeats the time of the one before, or lies up to a second before it, is dropped: its true
    time is unknown. After a larger step back (two recordings joined, a clock that was set) time goes on where
    it stood, one usual interval later.

    Parameters
    ----------
    rate_hz : float
        Frame rate by which frames without timestamps are spaced.

    Attributes
    ----------
    dropped : int
        Frames refused.
    resumed : int
        Large steps back.
    untimed : int
        Frames that had no timestamp.
    longest_gap_s : float
        Longest interval between two frames, in seconds.
    """

    def __init__(self, rate_hz: float) -> None:
        self._interval_s = 1.0 / rate_hz
        self._origin: Fraction | None = None
        self._shift_s = 0.0
        self._last_s: float | None = None
        self._intervals = array("d")
        self.dropped = 0
        self.resumed = 0
        self.untimed = 0
        self.longest_gap_s = 0.0

    @property
    def last_s(self) -> float | None:
        """Time of the last frame accepted, in seconds."""
        return self._last_s

    @property
    def origin_s(self) -> float:
        """Presentation time of the first frame that had one, in seconds; 0 before it."""
        return 0.0 if self._origin is None else float(self._origin)

    @property
    def rate_hz(self) -> float | None:
        """Median frame rate of the frames accepted so far, in Hz; None before the second."""
        if not self._intervals:
            return None
        return float(1.0 / np.median(np.frombuffer(self._intervals, dtype=np.float64)))

    @property
    def gap(self) -> bool:
        """Whether some interval was long enough to be worth telling."""
        return self.longest_gap_s > _GAP_S and self.longest_gap_s > 10 * self._usual_s()

    def tell(self, pts: int | None, time_base: Fraction | None) -> float | None:
        """Return the time of the next frame in seconds, or None if it must be dropped.

        Parameters
        ----------
        pts : int or None
            Presentation timestamp, in units of `time_base`.
        time_base : Fraction or None
            Seconds.
        """
        if pts is None or not time_base:
            self.untimed += 1
            time_s = 0.0 if self._last_s is None else self._last_s + self._interval_s
        else:
            moment = pts * time_base
            if self._origin is None:
                # Frames that had no timestamp may have gone before.
                self._origin = moment
                self._shift_s = 0.0 if self._last_s is None else self._last_s + self._interval_s
            time_s = float(moment - self._origin) + self._shift_s
        if self._last_s is not None and time_s <= self._last_s:
            if time_s > self._last_s - _RESUME_S:
                self.dropped += 1
                return None
            self.resumed += 1
            resumed_s = self._last_s + self._usual_s()
            self._shift_s += resumed_s - time_s
            time_s = resumed_s
        if self._last_s is not None:
            self._intervals.append(time_s - self._last_s)
            self.longest_gap_s = max(self.longest_gap_s, time_s - self._last_s)
        self._last_s = time_s
        return time_s

    def _usual_s(self) -> float:
        return self._interval_s if not self._intervals else float(np.median(self._intervals))
