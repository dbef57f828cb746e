"""Whether the set-up gets better: what each point was a few seconds ago, against now."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from trainer.live.model import Tick, Trend

BEFORE_S = 6.0
"""How far back is compared: long enough to walk to the camera and move it."""
STEP = 0.08
"""By how much `Tick.off` must change before it is called better or worse."""


class Trends:
    """Remembers the points of the set-up; to be told at every look."""

    def __init__(self) -> None:
        self._before: deque[tuple[float, dict[str, Tick]]] = deque()

    def noted(self, time_s: float, ticks: Sequence[Tick]) -> tuple[Tick, ...]:
        """Return the points with their trend, and remember them.

        Parameters
        ----------
        time_s : float
            Of the look, s; later than the one before.
        ticks : sequence of Tick
            As they are now.
        """
        while self._before and time_s - self._before[0][0] > BEFORE_S:
            self._before.popleft()
        told = tuple(replace(tick, trend=self._trend(tick)) for tick in ticks)
        self._before.append((time_s, {tick.code: tick for tick in ticks}))
        return told

    def _trend(self, tick: Tick) -> Trend | None:
        earlier = [before[tick.code] for _, before in self._before if tick.code in before]
        wrong = [one for one in earlier if one.ok is False]
        if not wrong or tick.ok is None:
            return None
        if tick.ok:
            return "mended"
        if tick.off < wrong[0].off - STEP:
            return "better"
        return "worse" if tick.off > wrong[0].off + STEP else None
