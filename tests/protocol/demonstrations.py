"""Demonstrations put together by hand for the golden tests: exact circles and passes, no recogniser."""

from dataclasses import dataclass, field

import numpy as np

from trainer.back.track import ThumbTrack
from trainer.protocol.demonstration import Demonstration
from trainer.strokes.event import StrokeEvent, StrokeType

FPS = 10.0
SIDE = {"left": -1.0, "right": 1.0}


@dataclass
class Writer:
    """Writes strokes one after the other for both hands, with the tracks that belong to them."""

    now: float = 0.0
    idle_in_sight: bool = False
    events: list = field(default_factory=list)
    knots: dict = field(default_factory=lambda: {"left": [], "right": []})

    def _add(self, kind, seconds, hands, place, **figures):
        for hand in set(SIDE) - set(hands) if self.idle_in_sight else ():
            time = self.now + np.arange(0, seconds, 1 / FPS)
            self.knots[hand].append((time, np.full_like(time, SIDE[hand] * 6.0), np.full_like(time, -1.0)))
        for hand in hands:
            time = self.now + np.arange(0, seconds, 1 / FPS)
            lateral, caudal = place(SIDE[hand], (time - self.now))
            self.knots[hand].append((time, lateral, caudal))
            self.events.append(
                StrokeEvent(
                    self.now,
                    seconds,
                    StrokeType(kind),
                    hand,
                    lateral_cm=float(np.mean(lateral)),
                    caudal_cm=float(np.mean(caudal)),
                    **figures,
                )
            )
        self.now += seconds

    def circles(
        self, seconds, *, lateral=4.0, caudal=8.0, rate=1.0, radius=1.2, hands=("left", "right"), **figures
    ):
        def place(side, t):
            angle = 2 * np.pi * rate * t
            return side * lateral + radius * np.cos(angle), caudal + radius * np.sin(angle)

        figures = {
            "cycles": rate * seconds,
            "rate_hz": rate,
            "radius_cm": radius,
            "direction": "cw",
            **figures,
        }
        self._add("circular_pressure", seconds, hands, place, **figures)
        return self

    def passes(self, seconds=3.0, *, start=0.0, end=17.0, lateral=4.0, hands=("left", "right"), **figures):
        def place(side, t):
            return np.full_like(t, side * lateral), start + (end - start) * t / (seconds - 1 / FPS)

        down = end > start
        figures = {
            "direction": "caudal" if down else "cranial",
            "length_cm": abs(end - start),
            "speed_cm_s": abs(end - start) / seconds,
            **figures,
        }
        self._add("downward_pass" if down else "upward_pass", seconds, hands, place, **figures)
        return self

    def hold(
        self, seconds, *, lateral=4.0, caudal=8.0, hands=("left", "right"), kind="static_hold", **figures
    ):
        self._add(
            kind,
            seconds,
            hands,
            lambda side, t: (np.full_like(t, side * lateral), np.full_like(t, caudal)),
            **figures,
        )
        return self

    def rest(self, seconds, *, seen=True):
        """Both hands lie still without a stroke, seen by the camera or not."""
        for hand in ("left", "right"):
            time = self.now + np.arange(0, seconds, 1 / FPS)
            where = (SIDE[hand] * 4.0, 8.0) if seen else (np.nan, np.nan)
            self.knots[hand].append((time, np.full_like(time, where[0]), np.full_like(time, where[1])))
        self.now += seconds
        return self

    def rounds(self, count=3, circling=6.0, **figures):
        for _ in range(count):
            for caudal in (3.0, 8.0, 13.0):
                self.circles(circling / 3, caudal=caudal, **figures)
            self.passes()
        return self

    def done(self, *, sigma=0.4, hidden=(), end=None, **more):
        tracks = {}
        for hand in ("left", "right"):
            if not self.knots[hand]:
                continue
            time, lateral, caudal = (np.concatenate(part) for part in zip(*self.knots[hand], strict=True))
            if hand in hidden:
                lateral = caudal = np.full_like(time, np.nan)
            status = np.where(np.isfinite(lateral), "detected", "missing")
            spread = np.where(np.isfinite(lateral), sigma, np.nan)
            tracks[hand] = ThumbTrack(
                hand, time, lateral, caudal, lateral, caudal, spread, status, lateral, caudal
            )
        return Demonstration(tuple(self.events), tracks, 0.0, self.now if end is None else end, **more)


def minutes_of_rounds(minutes):
    """Rounds of 24 s circling at three spots and a pass of 3 s, until the time is full."""
    writer = Writer()
    while writer.now < 60 * minutes:
        writer.rounds(1, circling=24.0)
    return writer


def items(scored):
    return {item.id: item for item in scored.items}


def verdicts(scored):
    return {item.id: str(item.verdict) for item in scored.items}


def faults(scored):
    return {item.id: item.faults for item in scored.items if item.faults}
