"""Strokes as they happen: the coaching reading, at most 0.7 s behind the hand."""

import math
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.perception.observation import Hand, Status
from trainer.strokes.event import StrokeEvent
from trainer.strokes.features import STROKE_OF_KIND, TURNS, Kind, features
from trainer.strokes.grid import GRID_HZ, resample
from trainer.strokes.measure import describe
from trainer.strokes.network import load_network
from trainer.strokes.palm import RunningReference

_MEMORY_S = 7.0
"""What the network is shown: more than it can see."""
_LONGEST_S = 60.0
"""A stroke's figures are taken from its last minute at most."""
_TOGETHER = 2
"""Samples that are read at once: halves the work, for 0.04 s of delay."""
_STAY = 0.985
"""Chance that a stroke goes on from one sample to the next: 2.7 s on average."""
_MEASURED_EVERY_S = 0.4
"""Count, rate and radius of the stroke going on are taken anew this often."""
_BACKDATED_S = 1.6
"""Onsets are moved back at most this far."""
_SHORTEST_S = 0.32
"""A change must last this long before it is announced as a stroke."""


@dataclass(frozen=True)
class StrokeNow:
    """What a hand was doing a moment ago.

    Attributes
    ----------
    time_s : float
        The moment that is spoken of; at most 0.7 s before the last push.
    current : StrokeEvent or None
        The stroke going on, measured so far; None for no stroke.
    probability : float
        Of the present class, given all that was seen so far.
    finished : tuple of StrokeEvent
        Strokes that this push has brought to an end.
    """

    time_s: float
    current: StrokeEvent | None
    probability: float
    finished: tuple[StrokeEvent, ...] = ()


class StreamingRecogniser:
    """One thumb's strokes, sample by sample; one instance for each hand.

    A forward filter over the network's coaching reading (a Markov chain that mostly stays) keeps the answer from
    flickering; a change is announced once it has lasted `_SHORTEST_S`, back-dated to where it began.

    Parameters
    ----------
    hand : {"left", "right"}
        The practitioner's hand.
    model_path : path, optional
        An ONNX stroke model.
    """

    def __init__(self, hand: Hand, model_path: Path | str | None = None) -> None:
        self._hand: Hand = hand
        self._network = load_network(model_path)
        self._raw: deque[tuple[float, float, float, bool, float, float]] = deque()
        self._skin = RunningReference()
        self._start_s: float | None = None
        self._read = 0
        self._measured_at = 0
        self._belief = np.full(len(Kind), 1.0 / len(Kind))
        self._kind = Kind.NONE
        self._onset_s = 0.0
        self._candidate: tuple[Kind, float] | None = None
        self._heard: deque[tuple[float, Kind]] = deque(maxlen=round(_BACKDATED_S * GRID_HZ))
        self._latest = StrokeNow(0.0, None, 1.0)

    @property
    def delay_s(self) -> float:
        """How far the answer lies behind the hand, at most, in seconds, for a camera of at least 15 frames a second."""
        return (self._network.look_ahead + _TOGETHER) / GRID_HZ + 1 / 15

    def push(
        self,
        time_s: float,
        lateral_cm: float,
        caudal_cm: float,
        status: Status = Status.DETECTED,
        palm_cm: float = math.nan,
        sigma_cm: float = math.nan,
    ) -> StrokeNow:
        """Take the next frame (NaN for no position or size) and return what the hand was doing `delay_s` ago.

        `palm_cm` is the palm's length as `trainer.back.track.ThumbTrack` has it, `sigma_cm` how sure the position is,
        which says how much that length counts. Frames must come in order; one that
        does not is passed over.
        """
        if self._start_s is None:
            self._start_s = self._onset_s = time_s
        if self._raw and time_s <= self._raw[-1][0]:
            return replace(self._latest, finished=())
        seen = status in (Status.DETECTED, Status.TRACKED)
        self._raw.append((time_s, lateral_cm, caudal_cm, seen, palm_cm, sigma_cm))
        self._skin.add(time_s, palm_cm)
        while self._raw and self._raw[0][0] < time_s - _LONGEST_S:
            self._raw.popleft()
        due = int((time_s - self._start_s) * GRID_HZ + 1e-6) - self._network.look_ahead
        if due < self._read + _TOGETHER - 1:
            return replace(self._latest, finished=())
        finished = self._advance(due)
        current = self._latest.current
        if self._kind == Kind.NONE:
            current = None
        elif (
            current is None
            or finished
            or current.onset_s != self._onset_s
            or due - self._measured_at >= round(_MEASURED_EVERY_S * GRID_HZ)
        ):
            current = self._measured(self._clock(due), finished=False)
            self._measured_at = due
        self._latest = StrokeNow(self._clock(due), current, float(self._belief[self._kind]))
        return replace(self._latest, finished=tuple(finished))

    def finish(self) -> tuple[StrokeEvent, ...]:
        """End the stream; return the stroke that was still going on, if any."""
        event = self._measured(self._raw[-1][0]) if self._raw else None
        self._kind = Kind.NONE
        return (event,) if event is not None else ()

    def _clock(self, sample: int) -> float:
        assert self._start_s is not None
        return self._start_s + sample / GRID_HZ

    def _advance(self, due: int) -> list[StrokeEvent]:
        """Read samples up to and including number `due`."""
        assert self._start_s is not None
        oldest = max(0, self._read - round(_MEMORY_S * GRID_HZ))
        recent = np.array([entry for entry in self._tail(self._clock(oldest) - 0.2)], float)
        newest = int((recent[-1, 0] - self._start_s) * GRID_HZ + 1e-6)
        grid = resample(
            recent[:, 0],
            recent[:, 1:3],
            recent[:, 3] > 0,
            start_s=self._clock(oldest),
            palm_cm=recent[:, 4],
            sigma_cm=recent[:, 5],
        )
        if len(grid) < newest - oldest + 1:
            return []
        probabilities = self._network.probabilities(features(grid, self._skin.cm), "coach")
        finished: list[StrokeEvent] = []
        for sample in range(self._read, due + 1):
            finished += self._hear(self._clock(sample), probabilities[sample - oldest].astype(float))
        self._read = due + 1
        return finished

    def _tail(self, since_s: float) -> list[tuple[float, float, float, bool, float, float]]:
        tail = []
        for entry in reversed(self._raw):
            tail.append(entry)
            if entry[0] < since_s:
                break
        return tail[::-1]

    def _hear(self, time_s: float, probability: NDArray[np.float64]) -> list[StrokeEvent]:
        """Update the belief with one sample; return strokes that have ended."""
        moved = _STAY * self._belief + (1 - _STAY) * (1 - self._belief) / (len(Kind) - 1)
        # Neighbouring samples say much the same: the evidence of each counts for a third.
        belief = moved * np.maximum(probability, 1e-4) ** 0.35
        self._belief = belief / belief.sum()
        self._heard.append((time_s, Kind(int(probability.argmax()))))
        best = Kind(int(self._belief.argmax()))
        if best == self._kind:
            self._candidate = None
            return []
        if self._candidate is None or self._candidate[0] != best:
            self._candidate = (best, time_s)
        if time_s - self._candidate[1] < _SHORTEST_S - 1e-9:
            return []
        turned_s = self._since_when(*self._candidate)
        ended = self._measured(turned_s)
        self._kind, self._onset_s = self._candidate[0], turned_s
        self._candidate = None
        return [ended] if ended is not None else []

    def _since_when(self, kind: Kind, flipped_s: float) -> float:
        """Return when the single samples began to speak for a class, before the belief as a whole turned."""
        since, strays = flipped_s, 0
        for time_s, heard in reversed(self._heard):
            if time_s >= flipped_s:
                continue
            if time_s <= self._onset_s:
                break
            if heard == kind:
                since, strays = time_s, 0
            elif (strays := strays + 1) > 2:
                break
        return since

    def _measured(self, until_s: float, *, finished: bool = True) -> StrokeEvent | None:
        if self._kind == Kind.NONE:
            return None
        rows = np.array(
            [entry for entry in self._tail(self._onset_s) if self._onset_s <= entry[0] <= until_s], float
        )
        rows = rows.reshape(-1, 6)
        good = np.isfinite(rows[:, 1]) & (rows[:, 3] > 0)
        return describe(
            STROKE_OF_KIND[self._kind],
            self._hand,
            self._onset_s,
            max(until_s, self._onset_s),
            rows[good, 0],
            rows[good, 1:3],
            confidence=float(self._belief[self._kind]),
            observed=float(good.mean()) if len(rows) else 0.0,
            trim=finished,
            clockwise=TURNS.get(self._kind),
        )
