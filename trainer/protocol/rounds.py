"""Counting rounds: a circling phase and a pass in the protocol's direction, on the same side of the spine."""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.protocol.intervals import Interval


@dataclass(frozen=True)
class Part:
    """A stroke as rounds see it.

    Attributes
    ----------
    interval : (float, float)
        Seconds.
    cycles : float
        Revolutions it adds to the circling phase.
    passes : bool
        Whether it is a pass.
    """

    interval: Interval
    cycles: float
    passes: bool


@dataclass(frozen=True)
class Rounds:
    """Rounds of one side.

    Attributes
    ----------
    done : tuple of (float, float)
        Each finished round, seconds.
    in_order : int
        How many of them began with the circles.
    open_cycles : float
        Revolutions since the last finished round that no pass has followed yet.
    """

    done: tuple[Interval, ...]
    in_order: int
    open_cycles: float


def count_rounds(parts: Sequence[Part], minimum_cycles: float) -> Rounds:
    """Count the rounds of one side.

    A round is done as soon as there have been, in whatever order or at once, `minimum_cycles` revolutions and
    one pass since the round before. Strokes of the kind that finished a round belong to that round: three
    passes in a row after circling are one round, and so is circling at five spots before one pass.
    """
    done: list[Interval] = []
    in_order = 0
    cycles, passed, began, circles_first = 0.0, False, None, True
    finished_by: str | None = None
    for part in sorted(parts, key=lambda item: item.interval):
        kind = (
            "both" if part.passes and part.cycles >= minimum_cycles else "pass" if part.passes else "circles"
        )
        if finished_by == kind and kind != "both":
            done[-1] = (done[-1][0], max(done[-1][1], part.interval[1]))
            continue
        finished_by = None
        if began is None:
            began, circles_first = part.interval[0], kind != "pass"
        cycles += part.cycles
        passed = passed or part.passes
        if passed and cycles >= minimum_cycles:
            done.append((began, part.interval[1]))
            in_order += circles_first
            cycles, passed, began, finished_by = 0.0, False, None, kind
    return Rounds(tuple(done), in_order, cycles if not passed else 0.0)
