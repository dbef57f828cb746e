"""One clock for a session whose pictures come over several connections, each with a clock of its own."""

import math

from trainer.errors import PijatError
from trainer.language import Text

_LEAST_STEP_S = 0.001
_LONGEST_STEP_S = 60.0
"""A capture clock that leaps further within one connection is not believed."""


class SessionClock:
    """Turns capture times of connections into seconds of one stream that never runs backwards.

    Within a connection the capture clock rules, for it knows when a picture was taken. Between connections (the
    page was reloaded, the camera was unplugged) the server's clock says how long the gap was.
    """

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._captured_s = -math.inf
        self._time_s = -math.inf
        self._received_s = 0.0

    def rejoin(self) -> None:
        """Expect another capture clock from the next picture on."""
        self._offset_s = None

    def at(self, captured_s: float, received_s: float) -> float:
        """Return the stream time of a picture, in seconds; 0 for the first.

        Parameters
        ----------
        captured_s : float
            On the capture clock.
        received_s : float
            On the server's monotonic clock.

        Raises
        ------
        PijatError
            When the capture time is no number, or does not rise within a connection.
        """
        if not math.isfinite(captured_s):
            raise PijatError(
                Text(
                    "Waktu gambar tidak ada: muat ulang halaman ini.",
                    "Expected a capture time, got none: reload the page.",
                )
            )
        if self._offset_s is None:
            began = not math.isfinite(self._time_s)
            gap = 0.0 if began else max(_LEAST_STEP_S, received_s - self._received_s)
            self._offset_s = (0.0 if began else self._time_s + gap) - captured_s
        elif captured_s <= self._captured_s:
            raise PijatError(
                Text(
                    "Waktu gambar tidak bertambah: muat ulang halaman ini.",
                    "Expected capture times that rise, got one that does not: reload the page.",
                )
            )
        elif captured_s - self._captured_s > _LONGEST_STEP_S + received_s - self._received_s:
            raise PijatError(
                Text(
                    "Waktu gambar melompat bermenit-menit: muat ulang halaman ini.",
                    "Expected capture times in milliseconds, got a leap of minutes: reload the page.",
                )
            )
        self._captured_s, self._received_s = captured_s, received_s
        self._time_s = max(captured_s + self._offset_s, self._time_s + _LEAST_STEP_S)
        if self._time_s < 0:  # only the very first, from rounding
            self._time_s = 0.0
        return self._time_s
