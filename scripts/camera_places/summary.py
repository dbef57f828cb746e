"""The measured views pooled into places: good, poor and hopeless ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scripts.camera_places.cells import (
    AZIMUTHS,
    COMPANIONS,
    DISTANCES_CM,
    ELEVATIONS,
    HANDS,
    HIGH_DEG,
    LOW_DEG,
)
from scripts.camera_places.measuring import Measured

GOOD_VISIBLE, GOOD_BACK, GOOD_PLACED = 0.6, 0.5, 1 / 3
HOPELESS_VISIBLE = 0.3
"""Shares of the contacts that any camera could see, of the views whose back was found rightly, and of the visible
contacts that the program placed."""
BESIDE_DEG = (50, 75, 100)
"""Azimuths to either side that the upright section pools."""
BEHIND_DEG = (-25, 0)
"""The same for the companion who has stepped to her right."""
WELL_SEEN = (30, 45)
"""Elevations at which the table compares distances and hands."""
_MIRRORED = tuple(-a for a in BESIDE_DEG)
_ANGLES = {
    "behind": {
        "0": (0,),
        "±25": (-25, 25),
        "±50 to 100": (*BESIDE_DEG, *_MIRRORED),
        "±140": (-140, 140),
    },
    "aside": {"0": (0,), "25 away from her": (-25,), "50 and 75 away": (-50, -75), "25 towards her": (25,)},
}

Places = dict[tuple[int, int], "Place"]
Plans = tuple[Places, Places, Places]
"""By azimuth and distance for a low and a high camera, and by elevation and distance."""


@dataclass(frozen=True)
class Place:
    """Several views pooled.

    Attributes
    ----------
    views : int
        How many.
    visible : float
        Share of the contacts that any camera there could see.
    back : float
        Share of the views in which the program found the back by itself, rightly.
    back_wrong : float
        Share in which it found it elsewhere.
    found, placed : float
        Shares of the visible contacts whose hand was found in the picture, and that were placed on the back; NaN
        where none was visible.
    both_found : float
        Share of the pictures in which both hands were found.
    error_median_cm : float
        Of the placed ones; NaN where none was.
    """

    views: int
    visible: float
    back: float
    back_wrong: float
    found: float
    placed: float
    both_found: float
    error_median_cm: float

    @property
    def kind(self) -> str:
        """Return good, poor or hopeless."""
        if self.visible < HOPELESS_VISIBLE:
            return "hopeless"
        seen = self.visible >= GOOD_VISIBLE and self.back >= GOOD_BACK and self.placed >= GOOD_PLACED
        return "good" if seen else "poor"


def pooled(measured: Sequence[Measured]) -> Place:
    """Pool views; raises ValueError for none."""
    if not measured:
        raise ValueError("Expected at least one view to pool, got none.")
    contacts = sum(m.contacts for m in measured)
    drawn = sum(m.drawn_visible for m in measured)
    errors = np.array([e for m in measured for e in m.errors_cm])
    nan = float("nan")
    return Place(
        len(measured),
        sum(m.visible for m in measured) / contacts if contacts else nan,
        float(np.mean([m.back == "yes" for m in measured])),
        float(np.mean([m.back == "wrong" for m in measured])),
        sum(m.hands_found for m in measured) / drawn if drawn else nan,
        sum(m.placed for m in measured) / drawn if drawn else nan,
        float(np.mean([m.both_found for m in measured])),
        float(np.median(errors)) if len(errors) else nan,
    )


def plans(measured: Iterable[Measured], companion: str) -> Plans:
    """Pool the views with one companion into places, a view with its mirror image where the companion is behind."""
    mine = [m for m in measured if m.companion == companion]
    aside = companion == "aside"
    upright = [m for m in mine if (m.azimuth in BEHIND_DEG if aside else abs(m.azimuth) in BESIDE_DEG)]

    def plan(elevation: int) -> Places:
        level = [m for m in mine if m.elevation == elevation]
        if aside:
            return _by(level, AZIMUTHS, lambda m: m.azimuth)
        half = _by(level, sorted({abs(a) for a in AZIMUTHS}), lambda m: abs(m.azimuth))
        return {(a, d): half[abs(a), d] for a in AZIMUTHS for d in DISTANCES_CM if (abs(a), d) in half}

    return plan(LOW_DEG), plan(HIGH_DEG), _by(upright, ELEVATIONS, lambda m: m.elevation)


def _by(measured: Sequence[Measured], angles: Sequence[int], angle_of: Callable[[Measured], int]) -> Places:
    groups = {
        (a, d): [m for m in measured if (angle_of(m), m.distance_cm) == (a, d)]
        for a in angles
        for d in DISTANCES_CM
    }
    return {place: pooled(group) for place, group in groups.items() if group}


def table(measured: Sequence[Measured]) -> str:
    """Return the figures as Markdown: by companion, elevation and azimuth; then by distance and by hands."""
    lines = [
        "| views | pictures of | any camera could see | back found by itself (wrong) | hands found | both | placed "
        "| median error |",
        "|---|---|---|---|---|---|---|---|",
    ]
    groups = [
        (f"{companion}, {elevation}°, azimuth {words}", _views(measured, companion, elevation, angles))
        for companion in COMPANIONS
        for elevation in ELEVATIONS
        for words, angles in _ANGLES["aside" if companion == "aside" else "behind"].items()
    ]
    behind = [c for c in COMPANIONS if c != "aside"]
    beside = [m for c in behind for e in WELL_SEEN for m in _views(measured, c, e, (*BESIDE_DEG, *_MIRRORED))]
    where = " and ".join(f"{e}°" for e in WELL_SEEN) + " from the side"
    groups += [(f"{where}, {d} cm", [m for m in beside if m.distance_cm == d]) for d in DISTANCES_CM]
    groups += [(f"{where}, {hands} hands", [m for m in beside if m.hands == hands]) for hands in HANDS]
    groups.append(("all", list(measured)))
    for name, own in groups:
        if own:
            lines.append(_line(name, pooled(own)))
    return "\n".join(lines) + "\n"


def _views(
    measured: Sequence[Measured], companion: str, elevation: int, azimuths: Sequence[int]
) -> list[Measured]:
    return [
        m for m in measured if (m.companion, m.elevation) == (companion, elevation) and m.azimuth in azimuths
    ]


def _line(name: str, p: Place) -> str:
    def share(x: float) -> str:
        return "n/a" if np.isnan(x) else f"{100 * x:.0f} %"

    error = "n/a" if np.isnan(p.error_median_cm) else f"{p.error_median_cm:.2f} cm"
    cells = [name, str(p.views), share(p.visible), f"{share(p.back)} ({share(p.back_wrong)})"]
    cells += [share(p.found), share(p.both_found), share(p.placed), error]
    return "| " + " | ".join(cells) + " |"
