"""How a thumb moves during each stroke and between strokes: positions in cm on a fixed clock.

Every function returns ``(path_cm, lift_cm)``: lateral and caudal position relative to the start, shape (n, 2), and
height above the skin, shape (n,). Rates and sizes are wider than the human figures of the field reports (circles
0.5-2 Hz and 0.8-2.5 cm, passes 1.5-5 s), because beginners are slower, faster and less regular than that.
"""

import numpy as np
from numpy.typing import NDArray

CLOCK_HZ = 100.0
"""Rate at which motion is simulated."""

Path = NDArray[np.float64]


def smooth_noise(rng: np.random.Generator, n: int, tau_s: float, clock_hz: float = CLOCK_HZ) -> Path:
    """Return unit-variance Gaussian noise with correlation time `tau_s`, shape (n,)."""
    knots = max(4, int(np.ceil(n / (tau_s * clock_hz))) + 4)
    values = rng.standard_normal(knots)
    where = np.linspace(1.0, 1.0 + (n - 1) / (tau_s * clock_hz), n) if n > 1 else np.array([1.0])
    index = np.clip(where.astype(int), 1, knots - 3)
    u = where - index
    # Uniform cubic B-spline through random coefficients: smooth, and cheap on long stretches.
    weights = np.stack([(1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3]) / 6
    mixed = sum(weights[k] * values[index - 1 + k] for k in range(4))
    return np.asarray(mixed / np.sqrt((weights**2).sum(0).mean()))


def circle(
    rng: np.random.Generator, duration_s: float, rate_hz: float, radius_cm: float, clockwise: bool
) -> tuple[Path, Path, NDArray[np.float64]]:
    """Return a circular stroke, starting at its own first point, and its unwrapped phase in revolutions.

    Ellipses, flattened ("half-closed") loops, drifting centres, uneven speed around the loop and from loop to loop.
    Clockwise as seen by someone looking at the back: lateral grows to the right and caudal downwards, as in an image.
    """
    n = max(2, round(duration_s * CLOCK_HZ))
    t = np.arange(n) / CLOCK_HZ
    steady = rng.random() < 0.4
    speed = (
        np.ones(n)
        if steady
        else np.exp(rng.uniform(0.02, 0.18) * smooth_noise(rng, n, rng.uniform(0.5, 2.0)))
    )
    revolutions = np.concatenate([[0.0], np.cumsum(speed[:-1])]) / CLOCK_HZ
    revolutions *= rate_hz * duration_s / max(revolutions[-1] + 1 / CLOCK_HZ, 1e-9)
    theta = 2 * np.pi * revolutions
    start = rng.uniform(0, 2 * np.pi)
    if not steady:
        # Faster on one side of the loop than on the other.
        theta = theta + rng.uniform(0, 0.35) * (np.sin(theta + start) - np.sin(start))
    ratio = 1.0 if rng.random() < 0.35 else rng.uniform(0.45, 1.0)
    tilt = rng.uniform(0, np.pi)
    size = radius_cm * (1 + rng.uniform(0, 0.2) * smooth_noise(rng, n, rng.uniform(0.6, 2.0)))
    long_axis, short_axis = size / np.sqrt(ratio), size * np.sqrt(ratio)
    angle = theta + start
    u, v = long_axis * np.cos(angle), short_axis * np.sin(angle)
    if rng.random() < 0.25:
        # A half-closed circle: one side cut off.
        u = np.maximum(u, -rng.uniform(0.1, 0.8) * long_axis)
    if rng.random() < 0.4:
        second = rng.uniform(0, 0.18) * size
        u = u + second * np.cos(2 * angle + rng.uniform(0, 6.28))
        v = v + second * np.sin(2 * angle + rng.uniform(0, 6.28))
    if not clockwise:
        v = -v
    path = np.stack([u * np.cos(tilt) - v * np.sin(tilt), u * np.sin(tilt) + v * np.cos(tilt)], 1)
    drift = np.zeros(2)
    if rng.random() < 0.5:
        drift = np.array([rng.normal(0, 0.15), rng.normal(0, 0.7)]) * min(1.0, radius_cm * rate_hz)
    path = path + t[:, None] * drift
    path += 0.08 * radius_cm * np.stack([smooth_noise(rng, n, 1.0) for _ in range(2)], 1)
    return path - path[0], np.zeros(n), revolutions


def _ease(rng: np.random.Generator, u: Path) -> Path:
    """Return one of several ways to get from 0 to 1: constant, minimum jerk, lopsided, hesitating."""
    jerk = u**3 * (10 - 15 * u + 6 * u**2)
    smoothstep = u * u * (3 - 2 * u)
    kind = rng.integers(4)
    if kind == 0:
        share = rng.uniform(0, 1)
        return share * smoothstep + (1 - share) * u
    if kind == 1:
        return jerk
    if kind == 2:
        warped = u ** rng.uniform(0.6, 1.6)
        return warped * warped * (3 - 2 * warped)
    share = rng.uniform(0.3, 1)
    waves = rng.integers(1, 4)
    # A hesitating hand: never backwards, for the added wave is shallower than the ramp.
    wave = u - np.sin(2 * np.pi * waves * u) / (2 * np.pi * waves)
    return np.asarray(share * smoothstep + (1 - share) * wave)


def _across(vector_cm: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.array([-vector_cm[1], vector_cm[0]]) / max(np.hypot(*vector_cm), 1e-6))


def _steadiness(rng: np.random.Generator) -> float:
    """Return how much a way departs from a straight line; some do not at all, strokes as well as moves."""
    return 0.0 if rng.random() < 0.3 else rng.uniform(0.3, 1.3)


def _bowed(rng: np.random.Generator, u: Path, vector_cm: NDArray[np.float64]) -> Path:
    """Return what a hand adds to a straight way: a bow, and a little wandering that fades at both ends."""
    bow = rng.normal(0, 0.05) * np.hypot(*vector_cm) * np.sin(np.pi * u)
    fade = 0.15 * np.minimum(1, 4 * u * (1 - u))
    wander = np.stack([smooth_noise(rng, len(u), 0.6) for _ in range(2)], 1)
    return np.asarray(bow[:, None] * _across(vector_cm) + fade[:, None] * wander)


def along(
    rng: np.random.Generator, duration_s: float, vector_cm: NDArray[np.float64], wobble_cm: float
) -> tuple[Path, Path]:
    """Return a stroke from the start to `vector_cm`, bowed and wobbling."""
    n = max(2, round(duration_s * CLOCK_HZ))
    u = np.linspace(0, 1, n)
    path = _ease(rng, u)[:, None] * vector_cm
    steady = _steadiness(rng)
    sway = (
        wobble_cm
        * np.sin(2 * np.pi * (rng.uniform(0.5, 2.0) * u * duration_s + rng.random()))
        * np.sin(np.pi * u)
    )
    path = path + steady * (_bowed(rng, u, vector_cm) + sway[:, None] * _across(vector_cm))
    return path, np.zeros(n)


def hold(rng: np.random.Generator, duration_s: float) -> tuple[Path, Path]:
    """Return a thumb that stays where it is: tremor, breathing of the recipient, slow creep."""
    n = max(2, round(duration_s * CLOCK_HZ))
    t = np.arange(n) / CLOCK_HZ
    breathing = rng.uniform(0, 0.15) * np.sin(2 * np.pi * rng.uniform(0.18, 0.35) * t + rng.uniform(0, 6.28))
    path = np.stack([smooth_noise(rng, n, 0.8), smooth_noise(rng, n, 0.8)], 1) * rng.uniform(0.01, 0.12)
    path[:, 1] += breathing
    path += t[:, None] * rng.normal(0, 0.05, 2)
    return path - path[0], np.zeros(n)


def other(rng: np.random.Generator, duration_s: float) -> tuple[Path, Path, str]:
    """Return a stroke that is none of the taught ones, and its name: kneading, tapping, rubbing, sideways, random."""
    n = max(2, round(duration_s * CLOCK_HZ))
    kind = str(
        rng.choice(["kneading", "tapping", "rubbing", "sideways", "random"], p=[0.22, 0.18, 0.28, 0.14, 0.18])
    )
    rate = rng.uniform(0.5, 2.5)
    speed = np.exp(0.12 * smooth_noise(rng, n, 1.0))
    phase = 2 * np.pi * rate * np.cumsum(speed) / CLOCK_HZ + rng.uniform(0, 6.28)
    lift = np.zeros(n)
    slow = np.stack([smooth_noise(rng, n, 1.5) for _ in range(2)], 1) * rng.uniform(0.1, 0.8)
    if kind == "kneading":
        # The thumb closes on the fingers and opens again, along a line that turns slowly.
        angle = rng.uniform(0, np.pi) + 0.3 * smooth_noise(rng, n, 2.0)
        grip = rng.uniform(0.5, 2.0) * (1 + 0.25 * smooth_noise(rng, n, 0.8)) * np.cos(phase)
        path = grip[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1) + slow
        lift = np.maximum(0, rng.uniform(0, 0.8) * np.sin(phase))
    elif kind == "tapping":
        height = rng.uniform(0.8, 4.0)
        fast = 2 * np.pi * rng.uniform(1.5, 5.0) * np.cumsum(speed) / CLOCK_HZ
        lift = height * np.abs(np.sin(fast / 2)) * (1 + 0.2 * smooth_noise(rng, n, 0.5))
        path = slow + 0.3 * height * np.stack([np.sin(fast), np.cos(fast)], 1) * rng.normal(0, 0.3, 2)
    elif kind == "rubbing":
        # To and fro on a line; up and down the spine only when too fast to be passes.
        line = rng.normal(0, 0.5) if rng.random() < 0.7 else rng.uniform(0, np.pi)
        if abs(np.sin(line)) > 0.7:
            phase = phase * max(1.0, 1.2 / rate)
        reach = rng.uniform(0.8, 5.0) * (1 + 0.2 * smooth_noise(rng, n, 0.8)) * np.sin(phase)
        width = rng.uniform(0, 0.12)
        path = reach[:, None] * np.array([np.cos(line), np.sin(line)])
        path += (
            width * reach.std() * np.sin(phase + 1.5)[:, None] * np.array([-np.sin(line), np.cos(line)])
            + 0.4 * slow
        )
    elif kind == "sideways":
        # Strokes across the back, some lifted on the way back.
        saw = (phase / (2 * np.pi) * 0.6) % 1.0
        there = rng.uniform(0.5, 0.8)
        across = np.where(saw < there, saw / there, 1 - (saw - there) / (1 - there))
        path = (
            np.stack([rng.uniform(4, 10) * (across - across[0]), rng.normal(0, 1.0) * across], 1) + 0.5 * slow
        )
        lift = np.where(saw >= there, rng.uniform(0, 4) * np.sin(np.pi * (saw - there) / (1 - there)), 0)
    else:
        path = np.stack([smooth_noise(rng, n, rng.uniform(0.25, 0.7)) for _ in range(2)], 1) * rng.uniform(
            0.7, 3.5
        )
        lift = np.maximum(0, smooth_noise(rng, n, 0.5)) * rng.uniform(0, 1.2)
    return path - path[0], np.maximum(lift, 0), kind


def reposition(
    rng: np.random.Generator, vector_cm: NDArray[np.float64], slow: float = 0.25, slowest_s: float = 2.2
) -> tuple[Path, Path]:
    """Return a move to another place: mostly lifted, sometimes slid quickly over the skin; no stroke.

    A share `slow` of the lifted moves takes as long as a stroke, up to `slowest_s`.
    """
    distance = float(np.hypot(*vector_cm))
    lifted = rng.random() < (0.85 if distance > 0.8 else 0.3)
    if lifted:
        duration = rng.uniform(0.25, 0.9) if rng.random() >= slow else rng.uniform(0.9, slowest_s)
        height = rng.uniform(0.3, 1.5) + rng.uniform(0.15, 0.6) * distance
        if duration > 0.9:
            height = max(height, 2.0)
    else:
        duration = rng.uniform(0.15, 0.55)
        height = 0.0
    duration = max(duration, distance / 60.0)
    n = max(2, round(duration * CLOCK_HZ))
    u = np.linspace(0, 1, n)
    # As uneven as a pass: a way must not be known for a move by its being straight.
    path = _ease(rng, u)[:, None] * vector_cm + _steadiness(rng) * _bowed(rng, u, vector_cm)
    hump = np.sin(np.pi * u ** rng.uniform(0.7, 1.4)) ** rng.uniform(0.5, 1.5)
    return path, min(height, 9.0) * hump


def hover(rng: np.random.Generator, away_s: float, vector_cm: NDArray[np.float64]) -> tuple[Path, Path]:
    """Return a hand that waits in the air, nearly still, and comes down at `vector_cm`.

    It goes there at the start, at the end, or slowly all the while, as hands do whose turn it is not.
    """
    n = max(4, round(away_s * CLOCK_HZ))
    t = np.arange(n) / CLOCK_HZ
    up, down = rng.uniform(6, 30, 2)
    top = rng.uniform(2, 16)
    lift = np.minimum(np.minimum(t * up, (t[-1] - t) * down), top)
    begin, end = np.sort(rng.uniform(0, 1, 2)) if rng.random() < 0.7 else (0.0, 1.0)
    u = np.clip((t / t[-1] - begin) / max(end - begin, 0.25 / away_s), 0, 1)
    sway = np.stack([smooth_noise(rng, n, rng.uniform(0.4, 1.2)) for _ in range(2)], 1)
    sway *= float(np.exp(rng.uniform(np.log(0.03), np.log(0.8)))) * (np.minimum(lift, 2) / 2)[:, None]
    lift = np.maximum(lift + 0.3 * smooth_noise(rng, n, 1.0) * np.minimum(lift, 1), 0)
    return (u * u * (3 - 2 * u))[:, None] * vector_cm + sway, lift


def leave(rng: np.random.Generator, away_s: float, vector_cm: NDArray[np.float64]) -> tuple[Path, Path]:
    """Return a hand that rises, stays away for a while and comes down at `vector_cm`."""
    n = max(4, round(away_s * CLOCK_HZ))
    t = np.arange(n) / CLOCK_HZ
    up, down = rng.uniform(6, 30, 2)
    top = rng.uniform(4, 20)
    lift = np.minimum(np.minimum(t * up, (t[-1] - t) * down), top)
    u = t / t[-1]
    swing = np.stack([smooth_noise(rng, n, 1.0) for _ in range(2)], 1) * rng.uniform(0, 5)
    path = (u * u * (3 - 2 * u))[:, None] * vector_cm + swing * (np.minimum(lift, 4) / 4)[:, None]
    return path, lift
