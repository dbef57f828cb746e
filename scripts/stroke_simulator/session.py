"""A whole simulated demonstration: what both hands do, and what the tracker reports of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scripts.stroke_simulator import motion
from scripts.stroke_simulator.camera import Camera, Seen, observe, random_camera

Array = NDArray[np.float64]
CIRCLE, DOWN, UP, HOLD, OTHER = "circular_pressure", "downward_pass", "upward_pass", "static_hold", "other"


@dataclass(frozen=True)
class SimulatedEvent:
    """A stroke as it was really done; seconds, cm, Hz; None for n/a."""

    onset_s: float
    duration_s: float
    trial_type: str
    direction: str | None = None
    cycles: float | None = None
    rate_hz: float | None = None
    radius_cm: float | None = None
    length_cm: float | None = None
    detail: str = ""


@dataclass(frozen=True, eq=False)
class SimulatedHand:
    """One hand of a session: truth on the simulator's clock, events, and the track as seen."""

    hand: str
    path_cm: Array
    lift_cm: Array
    events: tuple[SimulatedEvent, ...]
    seen: Seen
    camera: Camera


@dataclass(frozen=True)
class _Aloft:
    """How much a person's hands are in the air.

    Attributes
    ----------
    waits : float
        Chance that a hand waits in the air before a stroke.
    slow, slowest_s : float
        See `motion.reposition`.
    """

    waits: float = 0.0
    slow: float = 0.25
    slowest_s: float = 2.2


@dataclass
class _Thumb:
    """The motion being put together."""

    position: Array
    pieces: list[Array]
    lifts: list[Array]
    events: list[SimulatedEvent]
    aloft: "_Aloft"
    ways: dict[str, float]
    held: list[Array]
    way: float = 0.0
    length: int = 0

    def append(self, path: Array, lift: Array) -> float:
        """Add a motion relative to the present position; return when it begins, in seconds."""
        start = self.length / motion.CLOCK_HZ
        self.pieces.append(self.position + path)
        self.lifts.append(lift)
        self.held.append(np.full(len(path), self.way))
        self.position = self.position + path[-1]
        self.length += len(path)
        return start


def _move_to(rng: np.random.Generator, thumb: _Thumb, target: Array, may_skip: bool) -> None:
    """Bring the thumb to `target`: lifted, slid, after a pause, after having been away; or stay where it is."""
    vector = target - thumb.position
    distance = float(np.hypot(*vector))
    chance = rng.random()
    if rng.random() < thumb.aloft.waits:
        thumb.append(*motion.hover(rng, rng.uniform(0.8, 9.0), vector))
        return
    if chance < 0.08:
        thumb.append(*motion.leave(rng, rng.uniform(0.8, 4.0), vector))
        return
    if may_skip and distance < 1.0 and chance < 0.5:
        return
    if rng.random() < 0.4:
        thumb.append(*motion.hold(rng, rng.uniform(0.05, 0.35)))
    if distance > 0.05:
        thumb.append(*motion.reposition(rng, vector, thumb.aloft.slow, thumb.aloft.slowest_s))
    if rng.random() < 0.4:
        thumb.append(*motion.hold(rng, rng.uniform(0.05, 0.35)))


def _stroke(rng: np.random.Generator, thumb: _Thumb, kind: str, tempo: float) -> None:
    """Do one stroke, after moving to where it starts."""
    # Half-way through a move the hand takes the shape of the stroke to come; here, all at once at its start.
    way = thumb.ways[kind] + 0.35 * rng.standard_normal()
    if rng.random() < 0.5:
        thumb.way = way
    side = np.sign(thumb.position[0]) or 1.0
    lateral = side * (rng.uniform(2, 6) if rng.random() < 0.8 else rng.uniform(-1, 13))
    near = rng.random() < 0.35
    here = thumb.position + rng.normal(0, 0.6, 2)
    if kind in (DOWN, UP):
        length = rng.uniform(5, 20)
        duration = float(np.clip(length / rng.uniform(2.5, 11) / tempo**0.5, 0.9, 7.0))
        top = rng.uniform(-2, 6)
        ends = [np.array([lateral, top]), np.array([lateral + side * rng.normal(0.8, 1.2), top + length])]
        start, end = ends if kind == DOWN else ends[::-1]
        if np.hypot(*(thumb.position - start)) < 4 and rng.random() < 0.7:
            start = thumb.position.copy()
        if near:
            end = here + (end - start)
            start = here
        _move_to(rng, thumb, start, may_skip=True)
        vector = end - thumb.position
        if abs(vector[1]) < 4:
            vector[1] = (1 if kind == DOWN else -1) * length
        thumb.way = way
        begin = thumb.append(*motion.along(rng, duration, vector, rng.uniform(0, 0.5)))
        direction = "caudal" if kind == DOWN else "cranial"
        thumb.events.append(
            SimulatedEvent(begin, duration, kind, direction, length_cm=float(np.hypot(*vector)))
        )
        return
    _move_to(rng, thumb, here if near else np.array([lateral, rng.uniform(-1, 20)]), may_skip=True)
    thumb.way = way
    if kind == CIRCLE:
        rate = float(np.clip(tempo * rng.uniform(0.7, 1.4), 0.35, 2.7))
        duration = max(rng.uniform(1.2, 8.0), rng.uniform(1.0, 2.0) / rate)
        radius = rng.uniform(0.5, 2.6) if rng.random() < 0.9 else rng.uniform(2.6, 3.5)
        clockwise = bool(rng.random() < 0.5)
        path, lift, revolutions = motion.circle(rng, duration, rate, radius, clockwise)
        begin = thumb.append(path, lift)
        sense = "cw" if clockwise else "ccw"
        cycles = float(revolutions[-1])
        thumb.events.append(SimulatedEvent(begin, duration, CIRCLE, sense, cycles, cycles / duration, radius))
    elif kind == HOLD:
        duration = rng.uniform(0.6, 5.0)
        thumb.events.append(SimulatedEvent(thumb.append(*motion.hold(rng, duration)), duration, HOLD))
    else:
        duration = rng.uniform(1.2, 6.0)
        path, lift, detail = motion.other(rng, duration)
        thumb.events.append(SimulatedEvent(thumb.append(path, lift), duration, OTHER, detail=detail))


def _perform(
    rng: np.random.Generator,
    kinds: Sequence[str],
    duration_s: float,
    side: float,
    tempo: float,
    aloft: _Aloft,
    ways: dict[str, float],
) -> _Thumb:
    start = np.array([side * rng.uniform(2, 6), rng.uniform(-1, 15)])
    thumb = _Thumb(start, [], [], [], aloft, ways, [])
    if rng.random() < aloft.waits:
        # Waits from the start for the other hand.
        path, lift = motion.hover(rng, rng.uniform(1.0, 12.0), rng.normal(0, 1, 2))
        begin = int(len(lift) * rng.uniform(0.1, 0.5))
        thumb.append(path[begin:] - path[begin], lift[begin:])
    elif rng.random() < 0.5:
        # Comes from the air at the start.
        path, lift = motion.leave(rng, rng.uniform(0.6, 2.5), rng.normal(0, 1, 2))
        half = int(len(lift) * rng.uniform(0.2, 0.8))
        thumb.append(path[half:] - path[half], lift[half:])
    for kind in kinds:
        if thumb.length / motion.CLOCK_HZ > duration_s:
            break
        _stroke(rng, thumb, kind, tempo)
    if rng.random() < 0.3:
        path, lift = motion.leave(rng, rng.uniform(1.5, 4.0), rng.normal(0, 3, 2))
        half = int(len(lift) * rng.uniform(0.3, 0.6))
        thumb.append(path[:half], lift[:half])
    elif rng.random() < 2 * aloft.waits:
        path, lift = motion.hover(rng, rng.uniform(3.0, 12.0), rng.normal(0, 2, 2))
        end = int(len(lift) * rng.uniform(0.5, 0.9))
        thumb.append(path[:end], lift[:end])
    return thumb


def _script(rng: np.random.Generator, duration_s: float) -> list[str]:
    """Return what a person sets out to do: habits (the same stroke again) rather than independent draws."""
    weights = rng.dirichlet([4.0, 2.0, 2.0, 1.3, 1.5])
    kinds: list[str] = []
    for _ in range(int(duration_s) + 2):
        if kinds and rng.random() < 0.35:
            kinds.append({DOWN: UP, UP: DOWN}.get(kinds[-1], kinds[-1]) if rng.random() < 0.5 else kinds[-1])
        else:
            kinds.append(str(rng.choice([CIRCLE, DOWN, UP, HOLD, OTHER], p=weights)))
    return kinds


def simulate_session(
    seed: int | Sequence[int], duration_s: float = 30.0, camera: Camera | None = None, severity: float = 1.0
) -> tuple[SimulatedHand, SimulatedHand]:
    """Return the left and the right hand of one simulated person's session.

    Parameters
    ----------
    seed : int or sequence of int
        Names the person and the session; the same seed gives the same session.
    duration_s : float
        Seconds; the session ends within or shortly after it.
    camera : Camera, optional
        How both hands are seen; a random one if not given.
    severity : float
        Scales the errors of a random camera; 0 gives a perfect tracker.
    """
    rng = np.random.default_rng(seed)
    tempo = float(np.exp(rng.uniform(np.log(0.42), np.log(2.2))))
    script = _script(rng, duration_s)
    view = camera or random_camera(rng, severity)
    together = rng.random() < 0.7
    aloft = _aloft(rng, view)
    ways = {kind: float(rng.standard_normal()) for kind in (CIRCLE, DOWN, UP, HOLD, OTHER)}
    hands = []
    for hand, side in (("left", -1.0), ("right", 1.0)):
        kinds = script if together else _script(rng, duration_s)
        thumb = _perform(rng, kinds, duration_s, side, tempo, aloft, ways)
        path, lift = np.concatenate(thumb.pieces), np.concatenate(thumb.lifts)
        path, lift = _rounded(path), np.maximum(_rounded(lift[:, None])[:, 0], 0)
        held = _rounded(np.concatenate(thumb.held)[:, None], 0.12)[:, 0]
        seen = observe(rng, path, lift, view, held)
        hands.append(SimulatedHand(hand, path, lift, tuple(thumb.events), seen, view))
    return hands[0], hands[1]


def _aloft(rng: np.random.Generator, view: Camera) -> _Aloft:
    """Return how much hands are in the air.

    Where the palm's size is not known, nothing tells a waiting hand from a resting one; there, waiting is as rare as
    it is among people who know what to do next, so that doubt falls in favour of a stroke.
    """
    if not view.palm.known or rng.random() < 0.35:
        return _Aloft()
    return _Aloft(rng.uniform(0.02, 0.25), rng.uniform(0.2, 0.45), rng.uniform(2.2, 5.0))


def _rounded(values: Array, width_s: float = 0.03) -> Array:
    """Round the corners between two motions as a hand's inertia does."""
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(gaussian_filter1d(values, width_s * motion.CLOCK_HZ, axis=0, mode="nearest"))
