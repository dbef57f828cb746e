"""How the thumbs move in each step, for the drawn demonstration: derived from the protocol's own data.

Nothing is drawn here; the paths are back coordinates over time, to be played in a loop.
"""

from dataclasses import dataclass

import numpy as np

from trainer.perception.observation import HANDS, Hand
from trainer.protocol.model import (
    CirclesCheck,
    CoverageCheck,
    PassesCheck,
    Protocol,
    Range,
    Region,
    RoundsCheck,
    Step,
)
from trainer.strokes.event import StrokeType

FRAMES_PER_S = 20
_RATE_HZ, _RADIUS_CM, _SPEED_CM_S = 1.0, 1.2, 5.0
_CIRCLES_A_SPOT = 2
_SPOTS = 3
_REST_S = 0.6
_LATERAL_CM = 4.0


@dataclass(frozen=True)
class AnimationKeyframe:
    """Where a thumb is at a moment of the loop.

    Attributes
    ----------
    time_s : float
        From the loop's start.
    lateral_cm, caudal_cm : float
        Back coordinates.
    touching : bool
        False while the hand is lifted and goes to another place.
    """

    time_s: float
    lateral_cm: float
    caudal_cm: float
    touching: bool


@dataclass(frozen=True)
class Motion:
    """The demonstration of one step.

    Attributes
    ----------
    step_id : str
        Which step.
    duration_s : float
        Length of the loop.
    thumbs : tuple of (Hand, tuple of AnimationKeyframe)
        Both thumbs, or one where the sides take turns; from behind, each hand works the side of its name.
    regions : tuple of str
        Ids of the regions to highlight.
    """

    step_id: str
    duration_s: float
    thumbs: tuple[tuple[Hand, tuple[AnimationKeyframe, ...]], ...]
    regions: tuple[str, ...]


def motion_of(protocol: Protocol, step: Step) -> Motion | None:
    """Return how the thumbs move in a step; None where it is not about moving them."""
    match step.check:
        case CirclesCheck():
            path = _circles(protocol, step.check)
            return _both_sides(step.id, path, step.check.regions)
        case PassesCheck():
            path = _passes(protocol, step.check)
            return _both_sides(step.id, path, step.check.regions)
        case CoverageCheck():
            return _both_sides(step.id, _along(step.check), step.check.regions)
        case RoundsCheck():
            circles = protocol.step(step.check.circles_step).check
            passes = protocol.step(step.check.passes_step).check
            if isinstance(circles, CirclesCheck) and isinstance(passes, PassesCheck):
                path = _joined(_circles(protocol, circles), _passes(protocol, passes))
                return _both_sides(step.id, path, tuple(dict.fromkeys(circles.regions + passes.regions)))
    return None


def _both_sides(step_id: str, path: list[AnimationKeyframe], regions: tuple[str, ...]) -> Motion:
    mirrored = [AnimationKeyframe(k.time_s, -k.lateral_cm, k.caudal_cm, k.touching) for k in path]
    by_hand = {"right": tuple(path), "left": tuple(mirrored)}
    return Motion(step_id, path[-1].time_s, tuple((hand, by_hand[hand]) for hand in HANDS), regions)


def _within(value: float, span: Range) -> float:
    """Return the value, or the nearest one well within the range."""
    low = -np.inf if span.minimum is None else span.minimum
    high = np.inf if span.maximum is None else span.maximum
    if low <= value <= high:
        return value
    return float((low + high) / 2) if np.isfinite(low + high) else float(low if np.isfinite(low) else high)


def _circles(protocol: Protocol, check: CirclesCheck) -> list[AnimationKeyframe]:
    """Return circles of the right thumb at a few spots from the top of the region to its bottom."""
    rate, radius = _within(_RATE_HZ, check.rate_hz), _within(_RADIUS_CM, check.radius_cm)
    region = _right(protocol, check.regions)
    levels = sorted(corner[1] for corner in region.polygon)
    top, bottom = max(levels[0], 0.0) + 2 * radius, levels[-1] - 2 * radius
    frames: list[AnimationKeyframe] = []
    for spot in np.linspace(top, bottom, _SPOTS):
        centre = _middle(region, float(spot))
        count = round(_CIRCLES_A_SPOT / rate * FRAMES_PER_S)
        angle = np.linspace(0, 2 * np.pi * _CIRCLES_A_SPOT, count + 1) - np.pi / 2
        began = frames[-1].time_s + _REST_S if frames else 0.0
        if frames:
            frames.append(AnimationKeyframe(began - 1 / FRAMES_PER_S, centre, float(spot) - radius, False))
        frames += [
            AnimationKeyframe(
                began + k / FRAMES_PER_S,
                centre + radius * float(np.cos(a)),
                float(spot) + radius * float(np.sin(a)),
                True,
            )
            for k, a in enumerate(angle)
        ]
    return _closed(frames)


def _passes(protocol: Protocol, check: PassesCheck) -> list[AnimationKeyframe]:
    """Return one pass of the right thumb in the protocol's direction, and the lifted way back."""
    margin = 2.0 if check.direction == "caudal" else -2.0
    start = check.start_caudal_cm.maximum if check.direction == "caudal" else check.start_caudal_cm.minimum
    end = check.end_caudal_cm.minimum if check.direction == "caudal" else check.end_caudal_cm.maximum
    first, last = (start or 0.0) - 1.5 * margin, (end or 0.0) + margin
    region = _right(protocol, check.regions)
    seconds = abs(last - first) / _within(_SPEED_CM_S, check.speed_cm_s)
    u = np.linspace(0, 1, round(seconds * FRAMES_PER_S) + 1)
    levels = first + (last - first) * (3 * u**2 - 2 * u**3)
    frames = [
        AnimationKeyframe(k / FRAMES_PER_S, _middle(region, float(level)), float(level), True)
        for k, level in enumerate(levels)
    ]
    return _closed(frames)


def _along(check: CoverageCheck) -> list[AnimationKeyframe]:
    """Return circles that travel along the spine, or a pass where circles are not among the strokes."""
    circling = StrokeType.CIRCULAR_PRESSURE in check.strokes
    seconds = 8.0 if circling else 3.0
    count = round(seconds * FRAMES_PER_S)
    u = np.linspace(0, 1, count + 1)
    angle = 2 * np.pi * _RATE_HZ * u * seconds
    radius = _RADIUS_CM if circling else 0.0
    level = check.from_caudal_cm + (check.to_caudal_cm - check.from_caudal_cm) * u
    lateral = _LATERAL_CM + radius * np.cos(angle)
    caudal = level + radius * np.sin(angle)
    return _closed(
        [
            AnimationKeyframe(k / FRAMES_PER_S, float(lateral[k]), float(caudal[k]), True)
            for k in range(count + 1)
        ]
    )


def _closed(frames: list[AnimationKeyframe]) -> list[AnimationKeyframe]:
    """Lead back to the first place with the hand lifted."""
    first, end = frames[0], frames[-1].time_s
    return [
        *frames,
        AnimationKeyframe(end + 1 / FRAMES_PER_S, frames[-1].lateral_cm, frames[-1].caudal_cm, False),
        AnimationKeyframe(end + _REST_S, first.lateral_cm, first.caudal_cm, False),
    ]


def _joined(first: list[AnimationKeyframe], second: list[AnimationKeyframe]) -> list[AnimationKeyframe]:
    later = first[-1].time_s + 1 / FRAMES_PER_S
    moved = [AnimationKeyframe(k.time_s + later, k.lateral_cm, k.caudal_cm, k.touching) for k in second]
    return [*first, *moved]


def _right(protocol: Protocol, regions: tuple[str, ...]) -> Region:
    """Return the region on the recipient's right, or a mirror image of the only other one."""
    chosen = [protocol.region(name) for name in regions]
    for region in chosen:
        if region.side == "right":
            return region
    region = chosen[0]
    mirrored = tuple((abs(lateral), caudal) for lateral, caudal in region.polygon)
    return Region(region.id, region.name, region.kind, "right", mirrored)


def _middle(region: Region, level: float) -> float:
    """Return the middle of the region at that level, at most `_LATERAL_CM` from the spine."""
    polygon = region.polygon
    crossings = []
    for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (y0 > level) != (y1 > level):
            crossings.append(x0 + (level - y0) / (y1 - y0) * (x1 - x0))
    if len(crossings) < 2:
        return _LATERAL_CM
    return float(min(_LATERAL_CM, (min(crossings) + max(crossings)) / 2))
