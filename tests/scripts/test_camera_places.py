"""The grid of views, how it is pooled, and its picture."""

import itertools
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from scripts.camera_places.cells import AZIMUTHS, COMPANIONS, DISTANCES_CM, HIGH_DEG, LOW_DEG, cells
from scripts.camera_places.drawing import draw
from scripts.camera_places.measuring import Measured
from scripts.camera_places.summary import plans, pooled, table


def view(visible: int, found: int, **changes: Any) -> Measured:
    """Return a view of which so many of ten contacts were visible, and found."""
    plain = Measured(25, 15, 140, "seated", "small", visible, 10, "yes", 10, found, found, 0.5, (1.0, 3.0))
    return replace(plain, **changes)


def grid() -> list[Measured]:
    """Return the whole grid, every view the same."""
    places = ("azimuth", "elevation", "distance_cm", "companion", "hands")
    return [view(5, 2, **{field: getattr(cell, field) for field in places}) for cell in cells()]


def test_every_view_is_once_in_the_grid_and_both_sizes_of_hands_meet_every_companion_and_height() -> None:
    every = list(cells())
    assert len({cell.name for cell in every}) == len(every) == 270
    for companion, elevation in itertools.product(COMPANIONS, (LOW_DEG, HIGH_DEG)):
        own = {c.hands for c in every if (c.companion, c.elevation) == (companion, elevation)}
        assert own == {"small", "large"}
    by_place = {(c.companion, c.elevation, c.distance_cm, c.azimuth): c.hands for c in every}
    assert all(
        by_place[companion, elevation, distance, -azimuth] != hands
        for (companion, elevation, distance, azimuth), hands in by_place.items()
        if azimuth
    )


@pytest.mark.parametrize(
    ("visible", "changes", "kind"),
    [
        (9, {}, "good"),
        (9, {"back": "no"}, "poor"),
        (9, {"placed": 2}, "poor"),
        (9, {"drawn_visible": 0}, "poor"),
        (4, {}, "poor"),
        (2, {}, "hopeless"),
    ],
)
def test_a_place_is_good_when_much_can_be_seen_and_back_and_thumbs_are_found(
    visible: int, changes: dict[str, Any], kind: str
) -> None:
    assert pooled([view(visible, 9, **changes)]).kind == kind


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


def test_a_view_is_pooled_with_its_mirror_image_where_the_companion_is_straight_behind() -> None:
    both = [view(10, 0, azimuth=50), view(0, 0, azimuth=-50)]
    low, high, upright = plans(both, "seated")
    assert (low[50, 140].visible, low[-50, 140].visible) == (0.5, 0.5)
    assert high == {}
    assert upright[LOW_DEG, 140].visible == 0.5
    low, _, upright = plans([replace(m, companion="aside") for m in both], "aside")
    assert (low[50, 140].visible, low[-50, 140].visible) == (1.0, 0.0)
    assert upright == {}


def test_the_picture_shows_every_measured_place_and_the_table_every_group() -> None:
    measured = [replace(m, placed=0, errors_cm=()) for m in grid()]
    drawn = {companion: plans(measured, companion) for companion in COMPANIONS}
    low, high, _ = drawn["standing"]
    assert len(low) == len(high) == len(AZIMUTHS) * len(DISTANCES_CM)
    root = ElementTree.fromstring(draw(drawn))
    sectors = [e for e in root.iter() if e.tag.endswith("path") and e.get("stroke") == "#fff"]
    once = sum(len(places) for own in drawn.values() for places in own)
    assert len(sectors) == once + sum(
        len(drawn[c][2]) for c in ("seated", "standing")
    )  # to her left and right
    rows = table(measured).splitlines()[2:]
    assert len(rows) == len(set(rows)) == 2 * 5 * 4 + 4 * 4 + 3 + 2 + 1
    assert all(row.endswith("| n/a |") for row in rows)  # nothing was placed, so there is no error
    assert rows[-1].startswith("| all | 270 | 50 % |")
