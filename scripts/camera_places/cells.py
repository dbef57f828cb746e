"""The grid: which views are rendered, with whom in them, and where the thumbs are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

AZIMUTHS = (-140, -100, -75, -50, -25, 0, 25, 50, 75, 100, 140)
ELEVATIONS = (0, 15, 30, 45, 60)
DISTANCES_CM = (80, 140, 220)
MIDDLE_CM = 140
LOW_DEG, HIGH_DEG = 15, 45
"""Elevations of the two plans from above: about a laptop's on a table, and that of a phone above people's heads."""
OUTER_ELEVATIONS = (15, 30, 45)
"""Of the nearer and the farther views; the middle distance is seen from all elevations."""
ASIDE_AZIMUTHS, ASIDE_ELEVATIONS = (-75, -50, -25, 0, 25, 50, 75), (0, 15, 30, 45)
"""Of the companion who has stepped aside, at the middle distance only."""
SIZE = (640, 480)
FOVY = 46
"""Of a laptop's camera held level, degrees."""
COMPANIONS: dict[str, dict[str, Any]] = {
    "seated": {"shoulder": (17, -4, 42)},
    "standing": {"shoulder": (17, 16, 40)},
    "aside": {"shoulder": (17, 16, 40), "shift": 30},
}
"""Shoulders beside, above and out from T4-T5 of the recipient, and how far they are moved to her right, cm."""
DRAWN_PLACES = ((3.8, 4.0), (4.4, 13.0))
"""Lateral and caudal of the right thumb in the drawn pictures, cm; the left is its mirror image."""
DENSE_PLACES = tuple((lateral, down) for down in (2.0, 7.0, 12.0, 17.0) for lateral in (3.2, 4.2, 5.5))
"""The same for what the truth says of each view."""
POSES = ("fist", "flat")
HANDS = {"small": ("pract_f", 0.93), "large": ("pract_m", 1.06)}
"""Body of the practitioner and its size over the mesh's."""
_RECIPIENTS: tuple[dict[str, Any], ...] = (
    {"skin": "tan", "hair": "black"},
    {"skin": "medium", "hair": "black", "back": "shirt", "cloth": [0.42, 0.2, 0.24]},
    {"skin": "light", "hair": "brown", "back": "drape", "cloth": [0.3, 0.36, 0.34]},
    {"skin": "brown", "hair": "black"},
)
_PRACTITIONERS: tuple[dict[str, Any], ...] = (
    {"skin": "tan", "sleeve": 0.4, "shirt": [0.25, 0.12, 0.3]},
    {"skin": "olive", "sleeve": 1.75, "shirt": [0.12, 0.3, 0.26]},
    {"skin": "brown", "sleeve": 0.62, "shirt": [0.5, 0.5, 0.46]},
)


@dataclass(frozen=True)
class Cell:
    """One view.

    Attributes
    ----------
    azimuth, elevation : int
        Of the camera about the back, degrees; azimuth 0 is straight behind, + from the recipient's right.
    distance_cm : int
        From the camera to a point 13 cm below C7.
    companion : {"seated", "standing", "aside"}
        How the practitioner is: straight behind the recipient, who sits, or standing a step to her right.
    hands : {"small", "large"}
        Of the practitioner.
    number : int
        In the grid; picks looks and seeds.
    """

    azimuth: int
    elevation: int
    distance_cm: int
    companion: str
    hands: str
    number: int

    @property
    def name(self) -> str:
        """A name for files."""
        return f"az{self.azimuth:+d}_el{self.elevation}_d{self.distance_cm}_{self.companion}"

    def specification(self) -> dict[str, Any]:
        """Return the scene, as datasets/back_landmarks/README.md describes it."""
        body, scale = HANDS[self.hands]
        return {
            "name": self.name,
            "size": list(SIZE),
            "seed": 700_000 + self.number,
            "camera": {"az": self.azimuth, "el": self.elevation, "dist": self.distance_cm, "fovy": FOVY},
            "recipient": _RECIPIENTS[self.number % len(_RECIPIENTS)] | {"breath_cm": 0.0},
            "practitioner": {"torso": True, "body": body, "scale": scale}
            | COMPANIONS[self.companion]
            | _PRACTITIONERS[self.number % len(_PRACTITIONERS)],
            "light": {"az": self.azimuth + 35, "el": 55},
            "room": {},
        }


def cells() -> Iterator[Cell]:
    """Yield every view of the grid; small and large hands take turns, also between a view and its mirror image."""
    number = 0
    for companion in COMPANIONS:
        aside = companion == "aside"
        for distance in (MIDDLE_CM,) if aside else DISTANCES_CM:
            for elevation in _elevations(aside, distance):
                for azimuth in ASIDE_AZIMUTHS if aside else AZIMUTHS:
                    turn = ELEVATIONS.index(elevation) + int(azimuth > 0) + int(companion == "standing")
                    yield Cell(azimuth, elevation, distance, companion, tuple(HANDS)[turn % 2], number)
                    number += 1


def _elevations(aside: bool, distance: int) -> tuple[int, ...]:
    if aside:
        return ASIDE_ELEVATIONS
    return ELEVATIONS if distance == MIDDLE_CM else OUTER_ELEVATIONS
