"""What is true of a drawn picture: where landmarks lie in it, and which of them any camera there could see."""

from typing import Any

import numpy as np

from scripts.render.recipient import LATERAL_CM, LEVEL_CM
from scripts.render.scene import Scene

BACK_TOLERANCE_CM, HAND_TOLERANCE_CM = 1.6, 2.2
"""How far behind the drawn surface a landmark may lie before it counts as hidden."""
CONTACT_LIFT_CM = 0.3


def pixels(points: Any) -> list[list[float]]:
    """Return points, shape (n, 2), as lists of tenths of pixels."""
    return [[round(float(c), 1) for c in p] for p in points]


def back_truth(scene: Scene, t: float) -> dict[str, Any]:
    """Return ``back`` (pixels, in the order of the recipient's landmarks) and ``back_occluded`` of the last picture.

    The four joints lie inside the body and count as hidden.
    """
    landmarks = scene.recipient.landmarks()
    x = np.array(list(landmarks.values()))
    back, hidden = scene.occluded(x + scene.breathe(x, t), BACK_TOLERANCE_CM)
    hidden[[name.endswith("joint") for name in landmarks]] = True
    return {"back": pixels(back), "back_occluded": [int(h) for h in hidden]}


def hand_truth(
    scene: Scene, placed: dict[str, Any], lateral: float, down: float, lift: float
) -> dict[str, Any]:
    """Return a hand's landmarks, which of them are hidden, its contact, and where on the back that is.

    Parameters
    ----------
    scene : Scene
        Just drawn.
    placed : dict
        That hand, as `Scene.draw` returns it.
    lateral, down, lift : float
        Where its thumb is, cm.
    """
    u, away = scene.occluded(placed["landmarks"], HAND_TOLERANCE_CM)
    return {
        "px": pixels(u),
        "occluded": [int(h) for h in away],
        "contact_px": pixels(scene.project(placed["contact"])[0])[0],
        "lateral_cm": round(float(lateral), 2),
        "down_cm": round(float(down), 2),
        "lift_cm": round(float(lift), 2),
        "contact": bool(lift < CONTACT_LIFT_CM),
    }


def back_places() -> dict[str, list[float]]:
    """Return where the back landmarks lie, ``lateral, down`` in cm."""
    level = {"scapula_inferior_angle": LEVEL_CM["T7"], "scapula_spine_root": LEVEL_CM["T3"]}
    level["rib_angle"] = (LEVEL_CM["T5"] + LEVEL_CM["T6"]) / 2
    places: dict[str, list[float]] = {name: [0, LEVEL_CM[name]] for name in ("C7", "T3", "T7", "T12")}
    for side, sign in (("left", -1), ("right", 1)):
        places |= {f"{side}_{name}": [sign * lateral, level[name]] for name, lateral in LATERAL_CM.items()}
    return places
