"""A curved back with printed markers on it, drawn here."""

import cv2
import numpy as np

from trainer.back.atlas import load_atlas
from trainer.back.camera import project, rotation_matrix
from trainer.back.markers import DICTIONARY, MARKER_CM, MARKER_LANDMARKS
from trainer.back.surface import BackSurface

MARKED_SIZE = (1280, 720)


def draw_markers(ratio, azimuth, skip=(), instead=None):
    """Draw markers on a back `ratio` times the atlas's; return the picture and the map of atlas cm to pixels."""
    atlas = load_atlas()
    surface = BackSurface.from_modes(atlas.surface, np.array([0.1, -0.1, 0.0, 0.05, 0.0, 0.1]))
    turn = rotation_matrix(np.array([0.2, 0.0, 0.0])) @ rotation_matrix(np.array([0.0, azimuth, 0.0]))
    pose = np.array([*cv2.Rodrigues(turn)[0].ravel(), 0.02, 0.0, 1.0, 0.0])

    def pixels(back):
        return project(surface.points(np.atleast_2d(np.asarray(back, dtype=float))), pose, MARKED_SIZE)

    image = np.full((MARKED_SIZE[1], MARKED_SIZE[0], 3), 150, np.uint8)
    dictionary = cv2.aruco.getPredefinedDictionary(DICTIONARY)
    half = MARKER_CM / ratio / 2
    for number, name in MARKER_LANDMARKS.items():
        if name in skip:
            continue
        name = (instead or {}).get(number, name)
        centre = np.array(atlas.landmarks[name].at)
        picture = np.full((160, 160), 255, np.uint8)
        picture[20:140, 20:140] = cv2.aruco.generateImageMarker(dictionary, number, 120)
        corners = pixels(centre + np.array([[-half, -half], [half, -half], [half, half], [-half, half]]))
        from_corners = np.array([[19.5, 19.5], [139.5, 19.5], [139.5, 139.5], [19.5, 139.5]], np.float32)
        matrix = cv2.getPerspectiveTransform(from_corners, corners.astype(np.float32))
        drawn = cv2.warpPerspective(picture, matrix, MARKED_SIZE, flags=cv2.INTER_LINEAR)
        there = cv2.warpPerspective(np.full_like(picture, 255), matrix, MARKED_SIZE) > 127
        image[there] = drawn[there][:, None]
    noise = np.random.default_rng(0).normal(0, 3, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.7) + noise, 0, 255).astype(np.uint8), pixels
