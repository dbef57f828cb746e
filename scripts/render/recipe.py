"""What varies from picture to picture: one random scene per seed, then several views of it.

Wider than any practice room, on purpose: what the network has seen as a nuisance here does not disturb it
there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scripts.render import wardrobe
from scripts.render.dressing import HAIR_RGB
from scripts.render.hands import ORIENTATION, POSES
from scripts.render.practitioner import SKIN_RGB

TONES = list(SKIN_RGB)
Spec = dict[str, Any]


@dataclass(frozen=True)
class Mix:
    """How often what is drawn, and from how near.

    Attributes
    ----------
    postures : tuple of float
        Shares of seated, prone and standing.
    clothes : tuple of float
        Shares of bare, shirt, drape, tank, gown, shawl, half and racer (straps that meet).
    bowed_deg : float
        Largest lean of the seated.
    seen_cm : (float, float)
        Height of the scene across the picture, its ends.
    prone_el_deg : (float, float)
        Elevation of the camera over a prone recipient.
    az_spread_deg : float
        Standard deviation of the azimuth about straight behind.
    nearest_cm : float
        Least distance of the camera.
    """

    postures: tuple[float, float, float] = (0.62, 0.26, 0.12)
    clothes: tuple[float, ...] = (0.50, 0.19, 0.08, 0.06, 0.03, 0.03, 0.03, 0.08)
    bowed_deg: float = 42.0
    seen_cm: tuple[float, float] = (38.0, 190.0)
    prone_el_deg: tuple[float, float] = (22.0, 85.0)
    az_spread_deg: float = 36.0
    nearest_cm: float = 45.0


WIDE = Mix()
CLOSE = Mix(
    postures=(0.44, 0.42, 0.14),
    clothes=(0.40, 0.26, 0.09, 0.07, 0.02, 0.03, 0.03, 0.10),
    bowed_deg=66.0,
    seen_cm=(34.0, 125.0),
    prone_el_deg=(10.0, 85.0),
    az_spread_deg=46.0,
    nearest_cm=38.0,
)
"""What photographs of massages show more of than practice rooms do: close-ups, people on tables and bowed over massage
chairs, clothes, views from the side."""
MIXES = {"wide": WIDE, "close": CLOSE}


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


def _pick(rng: np.random.Generator, options: list[Any], weights: list[float] | None = None) -> Any:
    share = None if weights is None else np.asarray(weights) / np.sum(weights)
    return options[int(rng.choice(len(options), p=share))]


def skin(rng: np.random.Generator) -> tuple[str, list[float]]:
    """Draw a tone between two neighbours of the scale, with its own cast: nearest name, linear RGB."""
    u = rng.uniform(0, len(TONES) - 1)
    i = int(u)
    rgb = (1 - (u - i)) * np.array(SKIN_RGB[TONES[i]]) + (u - i) * np.array(SKIN_RGB[TONES[i + 1]])
    rgb = rgb * rng.uniform(0.88, 1.12) * rng.uniform(0.94, 1.06, 3)
    return TONES[round(u)], [float(c) for c in rgb]


def colour(rng: np.random.Generator) -> list[float]:
    """Cloth or paint: near black to near white, mostly muted."""
    v = rng.uniform(0.02, 0.8)
    strength = rng.uniform(0.02, 0.35) if rng.random() < 0.7 else rng.uniform(0.3, 0.95)
    return [float(x) for x in np.clip(v * (1 + strength * rng.uniform(-1, 1, 3)), 0.01, 0.85)]


def _relief(rng: np.random.Generator) -> dict[str, float]:
    g = rng.uniform(0.1, 1.0)
    low_high = {"furrow": (0.2, 1.0), "erector": (0, 0.6), "c7": (0, 0.7), "spinous": (0, 0.35)}
    low_high |= {"border": (0, 0.8), "angle": (0, 0.8), "spine": (0, 0.7), "rib": (0, 0.12)}
    return {name: float(g * _between(rng, *ends)) for name, ends in low_high.items()}


def _posture(rng: np.random.Generator, posture: str, bowed: float = 42.0) -> Spec:
    if posture == "prone":
        ways = ["sides", "up", "hang", "head"]
        left = _pick(rng, ways)
        return {
            "lean": _between(rng, 82, 94),
            "flex": _between(rng, -6, 6),
            "head_nod": _between(rng, -20, 15),
            "head_turn": _pick(rng, [0.0, _between(rng, -70, 70)]),
            "arms": (left, left if rng.random() < 0.75 else _pick(rng, ways)),
            "table": colour(rng),
            "table_w": _between(rng, 30, 42),
            "table_end": _between(rng, 5, 70),
            "sink": _between(rng, 0.5, 2.5),
        }
    standing = posture == "standing"
    names = ["table", "sides", "lap", "hug", "forward", "neck", "loins", "hip", "overhead", "aside"]
    arms = [0.05, 0.6, 0.1, 0.1, 0.15] if standing else [0.5, 0.15, 0.15, 0.1, 0.1]
    arms += [0.12, 0.08, 0.06, 0.04, 0.06]
    left = _pick(rng, names, arms)
    right = left if rng.random() < 0.7 else _pick(rng, names, arms)
    return {
        "lean": _between(rng, 0, 12) if standing else _between(rng, 0, bowed),
        "flex": _between(rng, -2, 12) if standing else _between(rng, 2, 32),
        "head_nod": _between(rng, -15, 50),
        "head_turn": _between(rng, -35, 35),
        "arms": (left, right),
    }


def _clothes(rng: np.random.Generator, posture: str, shares: list[float]) -> Spec:
    kinds = ["bare", "shirt", "drape", "tank", "gown", "shawl", "half", "racer"]
    out = {
        "back": _pick(rng, kinds, shares),
        "cloth": colour(rng),
        "trousers": colour(rng),
        "waist": _between(rng, 0.58, 0.66),
        "bra": bool(rng.random() < 0.3),
        "bra_col": colour(rng),
        "front": bool(posture != "prone" and rng.random() < 0.5),
        "front_col": colour(rng),
        "drape_top": _between(rng, 0.68, 0.81),
        "strap_in": _between(rng, 1, 7),
        "strap_w": _between(rng, 2, 5),
        "gap": _between(rng, 2, 9),
        "gap_low": _between(rng, 0.58, 0.66),
        "shawl_low": _between(rng, 0.73, 0.79),
        "half_side": _pick(rng, [-1, 1]),
        "half_at": _between(rng, -5, 5),
        "cushion": colour(rng),
        "collar": _between(rng, -3.5, 1.5),
        "sleeve": _pick(rng, ["short", "long", "none"], [0.55, 0.25, 0.2]),
        "loose": float(rng.exponential(0.25)),
        "folds": float(rng.choice([0.2, rng.uniform(0.1, 1.1)])),
        "hem": 0.565 if rng.random() < 0.5 else _between(rng, 0.64, 0.70),
        "join": _between(rng, 0.70, 0.79),
        "fold_seed": int(rng.integers(1 << 20)),
    }
    if rng.random() < 0.4:
        k = rng.normal(size=(2, 3)) * [1, 1, 0.2]
        k = k / np.linalg.norm(k, axis=1, keepdims=True) * rng.uniform(0.3, 1.1)
        kind = _pick(rng, ["stripe", "check", "print"])
        out["pattern"] = {"kind": kind, "k": k.tolist(), "col": colour(rng), "w": _between(rng, 0.3, 0.9)}
    return out


def _hair(rng: np.random.Generator) -> Spec:
    out: Spec = {}
    if rng.random() < 0.85:
        base = np.array(HAIR_RGB[_pick(rng, list(HAIR_RGB))])
        out["hair"] = [float(c) for c in np.clip(base * rng.uniform(0.6, 1.5), 0.005, 0.5)]
    else:
        out["hair"] = colour(rng)  # dyed, a scarf or a cap
    out["bun"] = bool(rng.random() < 0.4)
    if not out["bun"] and rng.random() < 0.45:
        out["long_hair"] = {
            "length": float(rng.choice([rng.uniform(0, 6), rng.uniform(4, 22)])),
            "width": _between(rng, 3, 7.5),
            "lift": _between(rng, 0.3, 1.6),
            "shift": _between(rng, -6, 6),
        }
    return out


def recipient(rng: np.random.Generator, mix: Mix = WIDE) -> Spec:
    """Draw body, posture, clothes, skin and hair; a third have the reference body."""
    posture = _pick(rng, ["seated", "prone", "standing"], list(mix.postures))
    bodies = ["recipient", "pract_f", "pract_m", "pract_heavy"]
    shares = [float(x) for x in rng.dirichlet([1.6, 0.5, 0.7, 0.7])]
    r: Spec = {"posture": posture, "mix": dict(zip(bodies, shares, strict=True))}
    r["scale"] = [_between(rng, 0.93, 1.09), _between(rng, 0.95, 1.05), _between(rng, 0.9, 1.14)]
    r["tone"], r["skin"] = skin(rng)
    if rng.random() < 0.35:
        r["mix"], r["scale"] = {"recipient": 1.0}, [1.0, 1.0, 1.0]
    r |= _posture(rng, posture, mix.bowed_deg)
    r["arm_jitter"] = rng.normal(0, 0.1, (2, 2, 3)).tolist()
    if rng.random() < 0.75:
        r["relief"] = _relief(rng)
    r |= _clothes(rng, posture, list(mix.clothes)) | _hair(rng)
    r["breath_cm"] = 0.0
    # drawn last and always, so that scenes are the same but for this whether there is a wardrobe or not
    chance, which = rng.random(2), rng.random(2)
    suits, hair = wardrobe.names("clothes"), wardrobe.names("hair")
    if suits and r["back"] in ("shirt", "half", "gown") and chance[0] < 0.7:
        r["back"], r["suit"] = "shirt", suits[int(which[0] * len(suits))]
    if hair and chance[1] < 0.75:
        r.pop("long_hair", None)
        r["hair_shape"] = hair[int(which[1] * len(hair))]
    return r


def light(rng: np.random.Generator) -> Spec:
    """One lamp, a window or a dim room; exposed so that every tone gets dark, right and burnt pictures."""
    warm = rng.uniform(-0.25, 0.25)
    anywhere = rng.random() < 0.4
    return {
        "az": _between(rng, -180, 180) if anywhere else _between(rng, -80, 80),
        "el": _between(rng, 15, 85),
        "key": _between(rng, 0.3, 1.5),
        "fill": _between(rng, 0.1, 0.9),
        "fill_az": _between(rng, -180, 180),
        "ambient": _between(rng, 0.2, 0.8),
        "exposure": float(np.exp(rng.normal(-0.22, 0.32))),
        "softness": _between(rng, 0.003, 0.03),
        "col": [1.0 + max(0, warm) * 0.3, 0.95, 0.88 - warm],
        "wb": [float(x) for x in rng.uniform(0.88, 1.12, 3)],
        "noise": 0.0,
        "blur": 0.0,
        "vignette": _between(rng, 0, 0.4),
        "bump": _between(rng, 0.5, 1.6),
        "bg": colour(rng),
    }


def scene(seed: int, negative: bool = False, mix: Mix = WIDE) -> Spec:
    """Draw one scene.

    Parameters
    ----------
    seed : int
        All chance comes from it.
    negative : bool
        Only scenes that show no back: empty rooms, practitioners, recipients from the front.
    mix : Mix
        What is drawn how often.

    Returns
    -------
    dict
        ``kind`` is back, empty (a room), practitioner (and nobody else) or front.
    """
    rng = np.random.default_rng(seed)
    kinds = ["front", "empty", "practitioner"] if negative else ["back", "empty", "practitioner"]
    kind = _pick(rng, kinds, [0.62, 0.18, 0.2] if negative else [0.91, 0.035, 0.055])
    r = recipient(rng, mix)
    p: Spec = {
        "body": _pick(rng, ["pract_f", "pract_m", "pract_heavy"]),
        "torso": bool(rng.random() < (0.45 if kind == "back" else float(kind == "practitioner"))),
        "shirt": colour(rng),
        "trousers": colour(rng),
        "hair": r["hair"] if rng.random() < 0.5 else "black",
        "sleeve": _between(rng, 0.3, 1.3),
        "sub": 0,
        "stand_az": _pick(rng, [90.0, -90.0, 180.0]) + _between(rng, -30, 30),
        "yaw": _between(rng, -30, 30),
        "shift": _between(rng, -12, 12),
    }
    p["skin"] = skin(rng)[1]
    if r["posture"] != "prone" and p["torso"] and rng.random() < 0.3:
        p["torso_offset"] = [_between(rng, 40, 90) * _pick(rng, [-1, 1]), 0, _between(rng, -30, 60)]
    if kind in ("empty", "practitioner"):
        r["visible"] = False
        r["furnished"] = bool(rng.random() < 0.6)  # a table or a chair with nobody at it
    if kind == "front" and r["posture"] == "prone":  # turned over, a prone figure looks like one standing
        r |= _posture(rng, "standing") | {"posture": "standing"}
    wall, floor = colour(rng), colour(rng)
    if rng.random() < 0.5:  # walls are mostly pale and hardly coloured
        wall = [float(c) for c in rng.uniform(0.25, 0.85) * rng.uniform(0.92, 1.08, 3)]
    if kind == "front" and rng.random() < 0.6:  # dressed and standing: half of all photographs of people
        r |= _posture(rng, "standing") | {"posture": "standing", "back": "shirt"}
        suits = wardrobe.names("clothes")
        if suits:
            r["suit"] = _pick(rng, suits)
    room: Spec = {"wall": wall, "floor": floor, "clutter": int(rng.integers(0, 14))}
    room |= {"frames": int(rng.integers(0, 5)), "seed": int(rng.integers(1 << 30))}
    if rng.random() < 0.3:
        room["stripes"] = True
    if rng.random() < 0.3:
        room["rug"] = colour(rng)
    size = _pick(rng, [[320, 240], [240, 320], [352, 198]], [0.7, 0.15, 0.15])
    lamp = light(rng)
    if rng.random() < 0.5:  # dry to oiled skin
        r["roughness"], r["gloss"] = _between(rng, 0.28, 0.6), _between(rng, 0.6, 2.2)
    return {
        "seed": int(seed),
        "kind": kind,
        "size": size,
        "recipient": r,
        "practitioner": p,
        "room": room,
        "light": lamp,
    }


def camera(rng: np.random.Generator, spec: Spec, mix: Mix = WIDE) -> Spec:
    """Draw a view: mostly of the whole back, some from the front, some beside it, some from far away."""
    prone = spec["recipient"]["posture"] == "prone"
    c: Spec = {
        "fovy": _between(rng, 28, 68),
        "look_down": _between(rng, 4, 24),
        "look_right": _between(rng, -12, 12),
    }
    if prone:
        c |= {"az": _between(rng, -180, 180), "el": _between(rng, *mix.prone_el_deg)}
        c["roll"] = _between(rng, -25, 25)
    else:
        c["az"] = float(np.clip(rng.normal(0, mix.az_spread_deg), -78, 78))
        c["el"] = _between(rng, 0, 60) if rng.random() < 0.8 else _between(rng, 0, 78)
        c["roll"] = float(rng.normal(0, 8))
    if spec["kind"] == "front" or (not prone and rng.random() < 0.06):
        c["az"] = _between(rng, 125, 235)
        if rng.random() < 0.6:
            c["el"] = _between(rng, -5, 25)
    seen_cm = float(np.exp(rng.uniform(*np.log(mix.seen_cm))))  # of the scene across the picture's height
    c["dist"] = float(np.clip(seen_cm / 2 / np.tan(np.deg2rad(c["fovy"]) / 2), mix.nearest_cm, 270))
    if rng.random() < 0.15:
        c["look_right"], c["look_down"] = _between(rng, -30, 30), _between(rng, -8, 34)
    if rng.random() < (0.3 if spec["kind"] == "front" else 0.05):  # a foot, a hand, a face, a knee
        c["bone"] = _pick(rng, ["foot.L", "toe1-1.R", "wrist.R", "finger3-1.L", "head", "lowerleg01.R"])
        c["dist"], c["el"] = _between(rng, 28, 75), _between(rng, 0, 80)
    if spec["kind"] == "practitioner":  # from the front: from behind this would be a back, in a shirt
        c["dist"], c["az"] = min(260, c["dist"] * 1.5), float(rng.uniform(100, 260))
    return c


def hands(rng: np.random.Generator, spec: Spec) -> dict[str, Spec]:
    """Draw no hand, one or two, anywhere on the back or just above it."""
    if spec["kind"] == "empty":
        return {}
    out = {}
    for side, sign in (("left", -1), ("right", 1)):
        if rng.random() < 0.42:
            continue
        pose = _pick(rng, list(POSES))
        lateral = sign * rng.uniform(1, 12) * (1 if rng.random() < 0.85 else -1)
        out[side] = {
            "lat": float(lateral),
            "down": _between(rng, -2, 28),
            "lift": 0.0 if rng.random() < 0.7 else _between(rng, 0, 9),
            "pose": POSES[pose],
            "ori": tuple(np.array(ORIENTATION[pose]) + rng.normal(0, [25, 6, 15])),
        }
    return out
