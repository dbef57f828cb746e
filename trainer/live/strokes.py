"""What follows the picture and need not hold up its answer: putting it on disk, and reading strokes from it.

The coaching reading lies 0.7 s behind the hand anyway; that it comes with the next picture's answer or the one
after that is not noticed, while a slow disk or a long circle to measure would be. A picture's work is begun beside
the hand landmarker's on the next picture, or when none comes: begun at once it would hold up the answer on its way
out, and the next picture on its way in, for Python runs one thread at a time.
"""

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from trainer.back.causal import CausalPoint
from trainer.perception.observation import HANDS, Hand, Status
from trainer.strokes.event import StrokeEvent
from trainer.strokes.streaming import StreamingRecogniser

_MOST_BEHIND = 6
"""Pictures; with more than that waiting, the answer waits too."""


@dataclass(frozen=True)
class StrokesNow:
    """What the hands were doing.

    Attributes
    ----------
    current : mapping of hand to StrokeEvent
        Strokes going on; only hands that are at one.
    finished : tuple of StrokeEvent
        Strokes that have come to an end since the last time.
    """

    current: Mapping[Hand, StrokeEvent] = field(default_factory=dict)
    finished: tuple[StrokeEvent, ...] = ()


class StrokeWorker:
    """Reads both hands' strokes in a thread of its own, in order."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pijat-strokes")
        self._kept: Callable[[], StrokesNow] | None = None
        self._pending: deque[Future[StrokesNow]] = deque()
        self._recognisers: dict[Hand, StreamingRecogniser] = {}
        self._current: Mapping[Hand, StrokeEvent] = {}

    def push(
        self, time_s: float, points: Mapping[Hand, CausalPoint], first: Callable[[], None]
    ) -> StrokesNow:
        """Hand over a picture's thumbs, to be read after `go_on`, and take what has been read so far.

        Parameters
        ----------
        time_s : float
            Session time, rising.
        points : mapping of hand to CausalPoint
            Filtered places; a hand without one is not seen.
        first : callable
            Done in the thread before the strokes are read: puts the picture's result on disk.

        Raises
        ------
        PijatError
            Whatever `first` raised for this or an earlier picture.
        """
        self.go_on()
        self._kept = partial(self._read, time_s, dict(points), first)
        return self._collect(_MOST_BEHIND)

    def go_on(self) -> None:
        """Begin to read what was handed over last, in the thread."""
        kept, self._kept = self._kept, None
        if kept is not None:
            self._pending.append(self._thread.submit(kept))

    def drain(self) -> StrokesNow:
        """Wait until everything handed over is done."""
        self.go_on()
        return self._collect(0)

    def close(self) -> None:
        """Wait for what was handed over, whatever comes of it, and end the thread."""
        self.go_on()
        self._thread.shutdown(wait=True)
        self._pending.clear()

    def _collect(self, most_behind: int) -> StrokesNow:
        finished: list[StrokeEvent] = []
        while self._pending and (len(self._pending) > most_behind or self._pending[0].done()):
            now = self._pending.popleft().result()
            finished += now.finished
            self._current = now.current
        return StrokesNow(self._current, tuple(finished))

    def _read(
        self, time_s: float, points: Mapping[Hand, CausalPoint], first: Callable[[], None]
    ) -> StrokesNow:
        first()
        current: dict[Hand, StrokeEvent] = {}
        finished: list[StrokeEvent] = []
        for hand in HANDS:
            if hand not in self._recognisers:
                self._recognisers[hand] = StreamingRecogniser(hand)
            point = points.get(hand)
            if point is None:
                now = self._recognisers[hand].push(time_s, np.nan, np.nan, Status.MISSING)
            else:
                now = self._recognisers[hand].push(
                    time_s, point.lateral_cm, point.caudal_cm, point.status, point.palm_cm, point.sigma_cm
                )
            finished += now.finished
            if now.current is not None:
                current[hand] = now.current
        return StrokesNow(current, tuple(finished))


def warm_up() -> None:
    """Read a made-up circle, so that no library is loaded while somebody practises: that takes up to a second."""
    recogniser = StreamingRecogniser("left")
    for sample in range(200):
        time_s = sample / 25
        turn = 2 * np.pi * time_s
        recogniser.push(time_s, -3.0 + np.cos(turn), 8.0 + np.sin(turn), Status.DETECTED)
    recogniser.finish()
