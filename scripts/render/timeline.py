"""From a list of strokes to where each hand is at every frame."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from scripts.render.hands import ORIENTATION, POSES
from scripts.render.mesh import Array
from scripts.render.shapes import smoothstep

POSE_OF = {
    "circle": "fist",
    "pass_down": "flat",
    "pass_up": "flat",
    "rest": "relaxed",
    "off_region": "fist",
    "on_spine": "fist",
}
Stroke = dict[str, Any]


def smooth_noise(rng: np.random.Generator, n: int, fps: float, seconds: float, amplitude: float) -> Array:
    """Noise of unit-free standard deviation `amplitude`, smooth over `seconds`."""
    sigma = seconds * fps
    x = gaussian_filter1d(rng.standard_normal(n + int(8 * sigma)), sigma)[int(4 * sigma) :][:n]
    return np.asarray(amplitude * x / max(1e-9, 1 / np.sqrt(2 * np.sqrt(np.pi) * sigma)))


def expand(strokes: list[Stroke]) -> dict[str, list[Stroke]]:
    """Give each hand its list; ``both`` is mirrored about the spine (direction too, unless told not to)."""
    out: dict[str, list[Stroke]] = {"left": [], "right": []}
    for stroke in strokes:
        for hand in ("left", "right") if stroke["hand"] == "both" else (stroke["hand"],):
            e = {k: v for k, v in stroke.items() if k != "hand"} | {"hand": hand}
            if stroke["hand"] == "both":
                sign = 1 if hand == "right" else -1
                for key in ("centre", "from", "to"):
                    if key in e:
                        e[key] = [sign * e[key][0], e[key][1]]
                if hand == "left" and "direction" in e and stroke.get("mirror_direction", True):
                    e["direction"] = {"cw": "ccw", "ccw": "cw"}[e["direction"]]
                if hand == "left" and e["label"] == "on_spine":
                    e["centre"] = [e["centre"][0], e["centre"][1] + stroke.get("stagger_cm", 3.5)]
            out[hand].append(e)
    for strokes_of_hand in out.values():
        strokes_of_hand.sort(key=lambda e: e["start_s"])
    return out


def path(e: Stroke, t: float) -> Array:
    """Lateral, down of the thumb at time `t` of a stroke (directions as seen looking at the back)."""
    begin = e["eff_start_s"]
    if "from" in e:
        u = (t - begin) / max(1e-6, e["end_s"] - begin)
        u = 0.6 * float(smoothstep(u)) + 0.4 * float(np.clip(u, 0, 1))
        return np.asarray(np.asarray(e["from"]) * (1 - u) + np.asarray(e["to"]) * u)
    centre, radius = np.array(e["centre"], float), e.get("radius_cm", 0)
    if radius <= 0 or e["label"] == "rest":
        return centre
    sign = 1 if e.get("direction", "cw") == "cw" else -1
    angle = 2 * np.pi * e.get("rate_hz", 1.0) * (t - begin) * sign + e.get("phase", 0.0)
    return np.asarray(centre + radius * np.array([np.sin(angle), -np.cos(angle)]))


def _pose_of(e: Stroke) -> str:
    return str(e.get("pose", POSE_OF[e["label"]]))


def _set_effective_starts(strokes: list[Stroke]) -> None:
    """Give a hand that must travel up to 0.6 s at the start of its next stroke."""
    previous: Stroke | None = None
    for e in strokes:
        e["eff_start_s"] = e["start_s"]
        if previous is not None:
            gap = e["start_s"] - previous["end_s"]
            way = np.linalg.norm(path(e, e["start_s"]) - path(previous, previous["end_s"]))
            if gap < 0.35 and (way > 0.8 or _pose_of(e) != _pose_of(previous)):
                e["eff_start_s"] = min(e["start_s"] + 0.6, e["start_s"] + 0.3 * (e["end_s"] - e["start_s"]))
        previous = e


def _between(strokes: list[Stroke], t: float, sign: int) -> tuple[Array, float, str, Stroke]:
    """Place, lift, label and posture of a hand that is in no stroke."""
    before = [e for e in strokes if e["end_s"] <= t]
    after = [e for e in strokes if e["eff_start_s"] > t]
    if before and after:
        b, f = before[-1], after[0]
        u = (t - b["end_s"]) / max(1e-6, f["eff_start_s"] - b["end_s"])
        start, end = path(b, b["end_s"]), path(f, f["eff_start_s"])
        way, s = float(np.linalg.norm(start - end)), float(smoothstep(u))
        arch = np.sin(np.pi * u) * (min(6, 0.5 + 0.35 * way) if way > 0.8 else 0)
        lift = arch + b.get("lift_cm", 0) * (1 - u) + f.get("lift_cm", 0) * u
        return start * (1 - s) + end * s, float(lift), "transition", f if u > 0.4 else b
    if after:
        f = after[0]
        return (
            path(f, f["eff_start_s"]),
            min(14, (f["eff_start_s"] - t) * 12) + f.get("lift_cm", 0),
            "approach",
            f,
        )
    if before:
        b = before[-1]
        return path(b, b["end_s"]), min(14, (t - b["end_s"]) * 12) + b.get("lift_cm", 0), "leave", b
    return np.array([sign * 9.0, 17.0]), 0.0, "none", {"label": "rest"}


def timeline(
    strokes: list[Stroke], hand: str, n: int, fps: float, rng: np.random.Generator
) -> dict[str, Any]:
    """Work out ``lat``, ``down``, ``lift`` (cm), ``pose`` (20), ``ori`` (3), ``label``, ``segment`` per
    frame.
    """
    sign = 1 if hand == "right" else -1
    place, lift = np.zeros((n, 2)), np.zeros(n)
    label: NDArray[Any] = np.full(n, "none", dtype=object)
    segment = -np.ones(n, int)
    orientation, pose = np.zeros((n, 3)), np.zeros((n, 20))
    _set_effective_starts(strokes)
    for i in range(n):
        t = i / fps
        current = [(k, e) for k, e in enumerate(strokes) if e["eff_start_s"] <= t < e["end_s"]]
        if current:
            segment[i], e = current[0]
            place[i], lift[i], label[i] = path(e, t), e.get("lift_cm", 0), e["label"]
        else:
            place[i], lift[i], label[i], e = _between(strokes, t, sign)
        name = _pose_of(e)
        pose[i], orientation[i] = POSES[name].vector(), ORIENTATION[name]
        if "az" in e:
            orientation[i, 0] = e["az"]

    def smooth(x: Array, seconds: float) -> Array:
        return np.asarray(gaussian_filter1d(x, max(0.01, seconds * fps), axis=0, mode="nearest"))

    lat, down, lift = smooth(place[:, 0], 0.03), smooth(place[:, 1], 0.03), smooth(lift, 0.05)
    pose, orientation = smooth(pose, 0.14), smooth(orientation, 0.14)
    lift[lift < 0.04] = 0
    lat += smooth_noise(rng, n, fps, 0.5, 0.12)
    down += smooth_noise(rng, n, fps, 0.5, 0.15)
    orientation += np.stack([smooth_noise(rng, n, fps, 0.7, a) for a in (3.0, 2.0, 2.5)], 1)
    pose += np.stack([smooth_noise(rng, n, fps, 0.8, 1.2) for _ in range(20)], 1)
    return {
        "lat": lat,
        "down": down,
        "lift": lift,
        "label": label,
        "segment": segment,
        "ori": orientation,
        "pose": pose,
    }
