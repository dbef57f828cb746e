"""Counting while somebody practises: circles and passes by side, rounds, steps, time left."""

from collections.abc import Iterable, Mapping
from typing import Literal

from trainer.live.model import Progress, SideCount
from trainer.perception.observation import Hand
from trainer.protocol.model import CirclesCheck, DurationCheck, PassesCheck, Protocol, RoundsCheck
from trainer.protocol.rounds import Part, Rounds, count_rounds
from trainer.strokes.event import StrokeEvent, StrokeType

_RecipientSide = Literal["left", "right"]
_SIDES: tuple[_RecipientSide, _RecipientSide] = ("left", "right")
_PASS_OF = {"caudal": StrokeType.DOWNWARD_PASS, "cranial": StrokeType.UPWARD_PASS}
_LEAST_CYCLES = 0.75
"""What is called circling but has turned less is not counted yet."""


class ProgressCounter:
    """Keeps count of one practice.

    Strokes on the spinous line itself belong to no side and are not counted, nor passes against the protocol's
    direction. The score afterwards is made from everything with full context and may differ by a stroke.

    Parameters
    ----------
    protocol : Protocol
        What is practised.
    """

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._circles = protocol.first_check(CirclesCheck)
        self._passes = protocol.first_check(PassesCheck)
        self._rounds = protocol.first_check(RoundsCheck)
        self._duration = protocol.first_check(DurationCheck)
        self._finished: list[StrokeEvent] = []

    @property
    def finished(self) -> tuple[StrokeEvent, ...]:
        """The strokes that have come to an end so far."""
        return tuple(self._finished)

    def add(self, events: Iterable[StrokeEvent]) -> None:
        """Take strokes that have come to an end."""
        self._finished.extend(events)

    def progress(self, elapsed_s: float, current: Mapping[Hand, StrokeEvent]) -> Progress:
        """Say how far the practice is.

        Parameters
        ----------
        elapsed_s : float
            Practised so far, without the pauses.
        current : mapping of hand to StrokeEvent
            Strokes going on.
        """
        counts = {side: self._count(side, current.values()) for side in _SIDES}
        rounds = {side: self._rounds_of(side, current.values()) for side in _SIDES}
        done = self._steps_done(counts, rounds)
        wanted = self._wanted()
        reached = None if wanted is None else min(len(one.done) for one in rounds.values())
        remaining = self._remaining(elapsed_s)
        return Progress(
            counts=counts,
            rounds=reached,
            rounds_wanted=wanted,
            elapsed_s=elapsed_s,
            remaining_s=remaining,
            step=self._step(done, rounds, remaining),
            steps_done=done,
        )

    def _wanted(self) -> int | None:
        return None if self._rounds is None else round(self._rounds[1].rounds.minimum or 1)

    def _remaining(self, elapsed_s: float) -> float | None:
        if self._duration is None or self._duration[1].minutes.minimum is None:
            return None
        check = self._duration[1]
        wanted = 60.0 * (check.minutes.minimum or 0.0) * (2 if check.scope == "per_side" else 1)
        return max(0.0, wanted - elapsed_s)

    def _count(self, side: _RecipientSide, current: Iterable[StrokeEvent]) -> SideCount:
        circles, passes = 0.0, 0
        for event in self._finished:
            if event.side == side:
                circles += _whole_cycles(event)
                passes += self._is_pass(event)
        # A pass counts when it is finished, circles as they come.
        circles += sum(_whole_cycles(event) for event in current if event.side == side)
        return SideCount(int(circles), passes)

    def _is_pass(self, event: StrokeEvent) -> bool:
        return self._passes is not None and event.trial_type == _PASS_OF[self._passes[1].direction]

    def _rounds_of(self, side: _RecipientSide, current: Iterable[StrokeEvent]) -> Rounds:
        parts = [
            Part((event.onset_s, event.end_s), _whole_cycles(event), self._is_pass(event))
            for event in self._finished
            if event.side == side and (self._is_pass(event) or _whole_cycles(event) > 0)
        ]
        parts += [
            Part((event.onset_s, event.end_s), _whole_cycles(event), passes=False)
            for event in current
            if event.side == side and _whole_cycles(event) > 0
        ]
        return count_rounds(parts, self._cycles_a_round())

    def _cycles_a_round(self) -> float:
        return self._rounds[1].minimum_cycles if self._rounds is not None else 1.0

    def _steps_done(
        self, counts: Mapping[_RecipientSide, SideCount], rounds: Mapping[_RecipientSide, Rounds]
    ) -> tuple[str, ...]:
        done = []
        for step in self._protocol.steps:
            match step.check:
                case CirclesCheck(minimum_cycles=least):
                    is_done = all(count.circles >= least for count in counts.values())
                case PassesCheck(minimum_passes=least):
                    is_done = all(count.passes >= least for count in counts.values())
                case RoundsCheck(rounds=wanted):
                    is_done = all(len(one.done) >= (wanted.minimum or 1) for one in rounds.values())
                case _:
                    is_done = False
            if is_done:
                done.append(step.id)
        return tuple(done)

    def _step(
        self, done: tuple[str, ...], rounds: Mapping[_RecipientSide, Rounds], remaining_s: float | None
    ) -> str | None:
        """Return the step to do now: circles, then the pass, round after round, or the first that is not done."""
        if self._rounds is not None:
            step, check = self._rounds
            if step.id in done and not remaining_s:
                return None
            enough = max(check.minimum_cycles, self._circles[1].minimum_cycles if self._circles else 0.0)
            circled = all(one.open_cycles >= enough for one in rounds.values())
            return check.passes_step if circled else check.circles_step
        for step in self._protocol.steps:
            if isinstance(step.check, CirclesCheck | PassesCheck) and step.id not in done:
                return step.id
        if remaining_s:
            last = [
                step for step in self._protocol.steps if isinstance(step.check, CirclesCheck | PassesCheck)
            ]
            return last[-1].id if last else None
        return None


def _whole_cycles(event: StrokeEvent) -> float:
    if event.trial_type != StrokeType.CIRCULAR_PRESSURE or event.cycles is None:
        return 0.0
    return float(round(event.cycles)) if event.cycles >= _LEAST_CYCLES else 0.0
