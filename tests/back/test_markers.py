"""The printed sheet, and markers on a curved back drawn by the camera model with a known size."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from trainer.back.atlas import load_atlas
from trainer.back.calibration import load_calibration, save_calibration
from trainer.back.markers import (
    MARKER_CM,
    MARKER_LANDMARKS,
    detect_markers,
    find_marked_back,
    register_markers,
    size_from_markers,
)
from trainer.back.registration import RegistrationError

SIZE = (1280, 720)


@pytest.mark.parametrize(("ratio", "azimuth"), [(1.0, 0.0), (1.08, 0.35), (0.92, -0.6)])
def test_markers_give_places_and_size(draw_markers, ratio, azimuth):
    image, pixels = draw_markers(ratio, azimuth)
    markers = detect_markers(image)
    assert {marker.number for marker in markers} == set(MARKER_LANDMARKS)
    registration = register_markers(markers, SIZE)
    assert registration.size.measured
    assert registration.size.sigma < 0.02
    assert registration.size.ratio == pytest.approx(ratio, abs=2.5 * registration.size.sigma)
    places = np.array([[3.0, 5.0], [-4.0, 12.0], [5.0, 18.0]])
    found, sigma = registration.to_back(pixels(places))
    assert np.abs(found - places * ratio).max() < 0.45
    assert (sigma < 0.6).all()


def test_any_marker_measures_the_size(draw_markers):
    image, _ = draw_markers(1.05, 0.2)
    markers = detect_markers(image)
    registration = register_markers(markers, SIZE)
    size = size_from_markers(registration, markers[:1])
    assert size.ratio == pytest.approx(1.05, abs=0.06)
    assert size.sigma > registration.size.sigma
    assert size_from_markers(registration, []) is None


def test_too_few_markers_are_refused(draw_markers):
    image, _ = draw_markers(1.0, 0.0, skip=list(MARKER_LANDMARKS.values())[2:])
    with pytest.raises(RegistrationError, match="at least 4"):
        register_markers(detect_markers(image), SIZE)


def test_a_marked_back_is_found_with_its_size_and_written_down(draw_markers, tmp_path):
    image, pixels = draw_markers(1.08, 0.35)
    found = find_marked_back(image)
    assert set(found.landmarks) == set(MARKER_LANDMARKS.values())
    atlas = load_atlas()
    for name, at in found.landmarks.items():
        assert np.hypot(*(pixels(atlas.landmarks[name].at)[0] - at)) < 2.0
    assert found.scale.cm == pytest.approx(1.08 * atlas.levels["T7"], rel=0.03)
    save_calibration(found.calibration(2.5), tmp_path / "c.json")
    again = load_calibration(tmp_path / "c.json").register()
    assert again.size_ratio == pytest.approx(1.08, rel=0.03)


def test_a_misplaced_or_missing_marker_is_not_believed(draw_markers):
    places = {**MARKER_LANDMARKS}
    few, _ = draw_markers(1.0, 0.0, skip=list(places.values())[4:])
    assert find_marked_back(few) is None
    swapped, _ = draw_markers(
        1.0, 0.0, instead={4: "right_scapula_inferior_angle", 7: "left_scapula_spine_root"}
    )
    assert find_marked_back(swapped) is None


def test_no_markers_in_a_plain_scene(scene):
    assert detect_markers(scene.draw()) == []
    assert find_marked_back(scene.draw()) is None


def test_the_printed_sheet_holds_every_marker_at_its_size(repository):
    dots_mm = 6
    root = ElementTree.parse(repository / "calibration" / "marker-sheet-a4.svg").getroot()
    assert (root.get("width"), root.get("height")) == ("210mm", "297mm")
    page = np.full((297 * dots_mm, 210 * dots_mm, 3), 255, np.uint8)
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        if rect.get("fill") not in ("#000", "#fff") or rect.get("x") is None:
            continue
        x, y, w, h = (round(float(rect.get(key)) * dots_mm) for key in ("x", "y", "width", "height"))
        page[y : y + h, x : x + w] = 0 if rect.get("fill") == "#000" else 255
    markers = {marker.number: marker for marker in detect_markers(page)}
    assert set(markers) == set(MARKER_LANDMARKS)
    for marker in markers.values():
        sides = np.hypot(*(marker.corners_px - np.roll(marker.corners_px, -1, 0)).T)
        assert sides == pytest.approx(10 * MARKER_CM * dots_mm, rel=0.01)


def test_the_sheet_is_what_the_script_draws(repository, tmp_path):
    import subprocess
    import sys

    fresh = tmp_path / "sheet.svg"
    subprocess.run(
        [sys.executable, "-m", "scripts.make_marker_sheet", str(fresh)], cwd=repository, check=True
    )
    assert fresh.read_text() == (repository / "calibration" / "marker-sheet-a4.svg").read_text()
