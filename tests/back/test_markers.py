"""The printed sheet, and markers on a curved back drawn by the camera model with a known size."""

import xml.etree.ElementTree as ElementTree

import cv2
import numpy as np
import pytest

from trainer.back.atlas import load_atlas
from trainer.back.camera import project, rotation_matrix
from trainer.back.markers import (
    DICTIONARY,
    MARKER_CM,
    MARKER_LANDMARKS,
    detect_markers,
    register_markers,
    size_from_markers,
)
from trainer.back.registration import RegistrationError
from trainer.back.surface import BackSurface

SIZE = (1280, 720)


def _render(ratio, azimuth, skip=()):
    """Draw markers on a back `ratio` times the atlas's; return the picture and the map of atlas cm to pixels."""
    atlas = load_atlas()
    surface = BackSurface.from_modes(atlas.surface, np.array([0.1, -0.1, 0.0, 0.05, 0.0, 0.1]))
    turn = rotation_matrix(np.array([0.2, 0.0, 0.0])) @ rotation_matrix(np.array([0.0, azimuth, 0.0]))
    pose = np.array([*cv2.Rodrigues(turn)[0].ravel(), 0.02, 0.0, 1.0, 0.0])

    def pixels(back):
        return project(surface.points(np.atleast_2d(np.asarray(back, dtype=float))), pose, SIZE)

    image = np.full((SIZE[1], SIZE[0], 3), 150, np.uint8)
    dictionary = cv2.aruco.getPredefinedDictionary(DICTIONARY)
    half = MARKER_CM / ratio / 2
    for number, name in MARKER_LANDMARKS.items():
        if name in skip:
            continue
        centre = np.array(atlas.landmarks[name].at)
        picture = np.full((160, 160), 255, np.uint8)
        picture[20:140, 20:140] = cv2.aruco.generateImageMarker(dictionary, number, 120)
        corners = pixels(centre + np.array([[-half, -half], [half, -half], [half, half], [-half, half]]))
        from_corners = np.array([[19.5, 19.5], [139.5, 19.5], [139.5, 139.5], [19.5, 139.5]], np.float32)
        matrix = cv2.getPerspectiveTransform(from_corners, corners.astype(np.float32))
        drawn = cv2.warpPerspective(picture, matrix, SIZE, flags=cv2.INTER_LINEAR)
        there = cv2.warpPerspective(np.full_like(picture, 255), matrix, SIZE) > 127
        image[there] = drawn[there][:, None]
    noise = np.random.default_rng(0).normal(0, 3, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.7) + noise, 0, 255).astype(np.uint8), pixels


@pytest.mark.parametrize(("ratio", "azimuth"), [(1.0, 0.0), (1.08, 0.35), (0.92, -0.6)])
def test_markers_give_places_and_size(ratio, azimuth):
    image, pixels = _render(ratio, azimuth)
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


def test_any_marker_measures_the_size(scene):
    image, _ = _render(1.05, 0.2)
    markers = detect_markers(image)
    registration = register_markers(markers, SIZE)
    size = size_from_markers(registration, markers[:1])
    assert size.ratio == pytest.approx(1.05, abs=0.06)
    assert size.sigma > registration.size.sigma
    assert size_from_markers(registration, []) is None


def test_too_few_markers_are_refused():
    image, _ = _render(1.0, 0.0, skip=list(MARKER_LANDMARKS.values())[2:])
    with pytest.raises(RegistrationError, match="at least 4"):
        register_markers(detect_markers(image), SIZE)


def test_no_markers_in_a_plain_scene(scene):
    assert detect_markers(scene.draw()) == []


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
    subprocess.run([sys.executable, "scripts/make_marker_sheet.py", str(fresh)], cwd=repository, check=True)
    assert fresh.read_text() == (repository / "calibration" / "marker-sheet-a4.svg").read_text()
