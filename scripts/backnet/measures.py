"""How far found landmarks lie from true ones, in groups of pictures.

Errors are distances in the picture over the C7-T7 distance there, times 17.5 cm: half a vertebra is 1.5 cm, one 3 cm.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from trainer.perception.back_landmarks import BackDetection

C7_T7_CM = 17.5
HALF_VERTEBRA_CM, VERTEBRA_CM = 1.5, 3.0
ELSEWHERE_CM = 8.0
"""Median error from which on an answer is about something else: another person's back, most often."""


@dataclass
class Tally:
    """Errors of one group of pictures."""

    errors: list[float] = field(default_factory=list)
    standard: list[float] = field(default_factory=list)  # error along each axis over its stated sigma
    found: int = 0
    pictures: int = 0

    def row(self, name: str) -> str:
        """One line of a Markdown table."""
        found = f"{100 * self.found / self.pictures:.0f} % of {self.pictures}" if self.pictures else "-"
        if not self.errors:
            return f"| {name} | {found} | - | - | - | - | - |"
        e, z = np.array(self.errors), np.abs(self.standard)
        return (
            f"| {name} | {found} | {np.median(e):.2f} | {np.percentile(e, 95):.2f} "
            f"| {100 * np.mean(e > HALF_VERTEBRA_CM):.0f} % | {100 * np.mean(e > VERTEBRA_CM):.0f} % "
            f"| {100 * np.mean(z < 1):.0f} / {100 * np.mean(z < 2):.0f} % |"
        )


HEAD = """| pictures | backs found | median cm | p95 cm | over 1.5 cm | over 3 cm | within 1 / 2 sigma |
|---|---|---|---|---|---|---|"""


def say(text: str = "") -> None:
    """Print a line."""
    sys.stdout.write(text + "\n")


def tally(
    groups: dict[str, Tally], names: Iterable[str], found: BackDetection | None, truth: dict[str, Any]
) -> None:
    """Add one picture to its groups."""
    pixels_a_cm = np.hypot(*np.subtract(truth["C7"], truth["T7"])) / C7_T7_CM
    for group in (groups.setdefault(name, Tally()) for name in names):
        group.pictures += 1
        if found is None:
            continue
        group.found += 1
        for name in truth.keys() & found.landmarks.keys():
            delta = np.subtract(found.landmarks[name], truth[name])
            group.errors.append(float(np.hypot(*delta) / pixels_a_cm))
            group.standard.extend((delta / found.sigma_px[name]).tolist())


def median_cm(found: BackDetection, truth: dict[str, Any]) -> float:
    """Return the median distance of what both have; infinite when that is nothing."""
    scale = np.hypot(*np.subtract(truth["C7"], truth["T7"])) / C7_T7_CM
    both = truth.keys() & found.landmarks.keys()
    if not both:
        return float("inf")
    return float(np.median([np.hypot(*np.subtract(found.landmarks[n], truth[n])) for n in both]) / scale)


def print_groups(title: str, groups: dict[str, Tally]) -> None:
    """Print a Markdown table, what is about all pictures first."""
    say(f"{title}\n\n{HEAD}")
    for name in sorted(groups, key=lambda n: (not n.startswith("all"), n)):
        say(groups[name].row(name))
