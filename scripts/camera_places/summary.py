"""The measured views pooled into places: good, poor and hopeless ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scripts.camera_places.cells import AZIMUTHS, DISTANCES_CM, ELEVATIONS, LOW_ELEVATIONS, MIDDLE_CM
from scripts.camera_places.measuring import Measured

GOOD_VISIBLE, GOOD_FOUND = 0.6, 0.6
HOPELESS_VISIBLE = 0.3
"""Shares of the contacts that any camera could see, and of the visible ones whose hand the program found."""


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
        return "good" if self.visible >= GOOD_VISIBLE and self.found >= GOOD_FOUND else "poor"


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


def from_above(measured: Iterable[Measured], companion: str) -> dict[tuple[int, int], Place]:
    """Pool the low elevations: by azimuth and distance."""
    mine = [m for m in measured if m.companion == companion and m.elevation in LOW_ELEVATIONS]
    return _by(mine, AZIMUTHS, DISTANCES_CM, lambda m: (m.azimuth, m.distance_cm))


def from_the_side(measured: Iterable[Measured], companion: str) -> dict[tuple[int, int], Place]:
    """Pool the azimuths that are not straight behind: by elevation and distance."""
    mine = [m for m in measured if m.companion == companion and m.azimuth != 0]
    return _by(mine, ELEVATIONS, DISTANCES_CM, lambda m: (m.elevation, m.distance_cm))


def _by(
    measured: Sequence[Measured],
    angles: Sequence[int],
    distances: Sequence[int],
    key: Callable[[Measured], tuple[int, int]],
) -> dict[tuple[int, int], Place]:
    groups = {(a, d): [m for m in measured if key(m) == (a, d)] for a in angles for d in distances}
    return {place: pooled(group) for place, group in groups.items() if group}


def table(measured: Sequence[Measured]) -> str:
    """Return the figures as Markdown: by azimuth at the low elevations, by elevation, distance, companion, hands."""
    lines = [
        "| views | pictures of | any camera could see | back found by itself (wrong) | hands found | both | placed "
        "| median error |",
        "|---|---|---|---|---|---|---|---|",
    ]
    low = [m for m in measured if m.elevation in LOW_ELEVATIONS]
    middle = [m for m in measured if m.distance_cm == MIDDLE_CM]
    groups: list[tuple[str, list[Measured]]] = []
    for companion in ("seated", "standing"):
        for azimuth in sorted({abs(a) for a in AZIMUTHS}):
            own = [m for m in low if m.companion == companion and abs(m.azimuth) == azimuth]
            groups.append((f"companion {companion}, azimuth {'±' if azimuth else ''}{azimuth}", own))
    for elevation in ELEVATIONS:
        own = [m for m in middle if m.elevation == elevation and m.azimuth]
        groups.append((f"elevation {elevation}, {MIDDLE_CM} cm, azimuth not 0", own))
    for distance in DISTANCES_CM:
        groups.append((f"{distance} cm", [m for m in low if m.distance_cm == distance]))
    for hands in ("small", "large"):
        groups.append((f"{hands} hands", [m for m in measured if m.hands == hands]))
    groups.append(("all", list(measured)))
    for name, own in groups:
        if own:
            lines.append(_line(name, pooled(own)))
    return "\n".join(lines) + "\n"


def _line(name: str, p: Place) -> str:
    def share(x: float) -> str:
        return "n/a" if np.isnan(x) else f"{100 * x:.0f} %"

    error = "n/a" if np.isnan(p.error_median_cm) else f"{p.error_median_cm:.2f} cm"
    cells = [name, str(p.views), share(p.visible), f"{share(p.back)} ({share(p.back_wrong)})"]
    cells += [share(p.found), share(p.both_found), share(p.placed), error]
    return "| " + " | ".join(cells) + " |"
