"""The grid of views, how it is pooled, and its picture."""

import dataclasses
from typing import Any
from xml.etree import ElementTree

import pytest

from scripts.camera_places.cells import AZIMUTHS, DISTANCES_CM, cells
from scripts.camera_places.drawing import draw
from scripts.camera_places.measuring import Measured
from scripts.camera_places.summary import from_above, from_the_side, pooled, table


def view(visible: int, found: int, **changes: Any) -> Measured:
    """Return a view of which so many of ten contacts were visible, and found."""
    plain = Measured(25, 15, 140, "seated", "small", visible, 10, "yes", 10, found, found, 0.5, (1.0, 3.0))
    return dataclasses.replace(plain, **changes)


def test_every_view_is_once_in_the_grid_and_both_sizes_of_hands_meet_every_companion() -> None:
    grid = list(cells())
    assert len({cell.name for cell in grid}) == len(grid) == 112
    for companion in ("seated", "standing"):
        for azimuth in AZIMUTHS:
            own = {c.hands for c in grid if (c.companion, c.azimuth) == (companion, azimuth)}
            assert own == {"small", "large"}


@pytest.mark.parametrize(
    ("visible", "found", "kind"), [(9, 9, "good"), (9, 2, "poor"), (4, 10, "poor"), (2, 10, "hopeless")]
)
def test_a_place_is_good_when_much_can_be_seen_and_is_found(visible: int, found: int, kind: str) -> None:
    assert pooled([view(visible, found)]).kind == kind


def test_pooling_counts_contacts_and_not_views() -> None:
    place = pooled([view(10, 0), view(0, 0, contacts=30, drawn_visible=0, back="wrong", errors_cm=())])
    assert place.visible == 0.25
    assert (place.back, place.back_wrong) == (0.5, 0.5)
    assert place.found == 0.0
    assert place.error_median_cm == 2.0
    with pytest.raises(ValueError, match="at least one view"):
        pooled([])


def test_a_view_survives_its_file() -> None:
    assert Measured.from_json(view(5, 5).to_json()) == view(5, 5)


def test_the_picture_shows_every_measured_place_and_the_table_every_group() -> None:
    measured = [
        Measured(c.azimuth, c.elevation, c.distance_cm, c.companion, c.hands, 5, 10, "no", 4, 2, 0, 0.0, ())
        for c in cells()
    ]
    who = ("seated", "standing")
    above = {companion: from_above(measured, companion) for companion in who}
    side = {companion: from_the_side(measured, companion) for companion in who}
    assert len(above["seated"]) == len(AZIMUTHS) * len(DISTANCES_CM)
    picture = draw(above, side)
    root = ElementTree.fromstring(picture)
    sectors = [e for e in root.iter() if e.tag.endswith("path") and e.get("stroke") == "#fff"]
    assert len(sectors) == sum(len(places) for own in (above, side) for places in own.values())
    assert table(measured).count("\n") == 2 + 8 + 4 + 3 + 2 + 1
    assert "n/a" in table(measured)  # nothing was placed, so there is no error
