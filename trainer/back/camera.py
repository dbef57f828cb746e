"""A pinhole camera looking at a back: projection, and the first guess of its pose."""

import cv2
import numpy as np
from numpy.typing import NDArray

FOCAL_PER_WIDTH = 0.95
"""Usual focal length over the longer side of the picture: webcams 0.65-0.9, phones 0.75-1.1, lenses above."""
FOCAL_LOG_SIGMA = 0.25
"""Spread of its logarithm."""
POSE_PARAMETERS = 7
"""Rotation vector (3), translation in metres (3), logarithm of the focal length over the longer side (1)."""


def project(
    points: NDArray[np.float64], pose: NDArray[np.float64], image_size: tuple[int, int]
) -> NDArray[np.float64]:
    """Project points in space.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        ``right, down, in`` in cm.
    pose : ndarray, shape (7,)
        See `POSE_PARAMETERS`.
    image_size : tuple of int
        Width and height in pixels; the principal point is the middle.

    Returns
    -------
    ndarray, shape (n, 2)
        Pixels; points behind the camera come out mirrored and far away.
    """
    rotation = rotation_matrix(pose[:3])
    camera = points @ rotation.T + 100.0 * pose[3:6]
    focal = max(image_size) * np.exp(pose[6])
    depth = np.where(np.abs(camera[:, 2]) < 1e-3, 1e-3, camera[:, 2])
    result: NDArray[np.float64] = focal * camera[:, :2] / depth[:, None] + 0.5 * np.asarray(
        image_size, dtype=float
    )
    return result


def rotation_matrix(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rotation of a rotation vector in radians (Rodrigues), shape (3, 3)."""
    angle = float(np.sqrt(vector @ vector))
    if angle < 1e-9:
        return np.eye(3)
    x, y, z = vector / angle
    cross: NDArray[np.float64] = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    result: NDArray[np.float64] = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)
    return result


def pose_guesses(
    points: NDArray[np.float64], pixels: NDArray[np.float64], image_size: tuple[int, int]
) -> list[NDArray[np.float64]]:
    """Return likely poses of a camera of usual focal length, best first (SQPnP, then turned either way).

    A back is nearly flat, so that a pose and its mirror image about the line of sight explain few landmarks
    almost alike: the caller refines each and keeps the best.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        In space, cm; at least four.
    pixels : ndarray, shape (n, 2)
        Where they are seen.
    image_size : tuple of int
        Width and height in pixels.
    """
    focal = max(image_size) * FOCAL_PER_WIDTH
    matrix = np.array([[focal, 0, image_size[0] / 2], [0, focal, image_size[1] / 2], [0, 0, 1.0]])
    guesses: list[NDArray[np.float64]] = []
    try:
        _, vectors, shifts, _ = cv2.solvePnPGeneric(
            np.ascontiguousarray(points), np.ascontiguousarray(pixels), matrix, None, flags=cv2.SOLVEPNP_SQPNP
        )
    except cv2.error:
        vectors, shifts = (), ()
    log_focal = np.log(FOCAL_PER_WIDTH)
    for vector, shift in zip(vectors, shifts, strict=True):
        if shift[2, 0] > 0:
            guesses.append(np.concatenate([vector.ravel(), shift.ravel() / 100.0, [log_focal]]))
    guesses.extend(_level_guesses(points, pixels, image_size))
    return guesses


def _level_guesses(
    points: NDArray[np.float64], pixels: NDArray[np.float64], image_size: tuple[int, int]
) -> list[NDArray[np.float64]]:
    """Return poses from behind, either side, and above, with size, roll and place from the pixels."""
    focal = max(image_size) * FOCAL_PER_WIDTH
    centre_px = pixels.mean(axis=0)
    spread_px = pixels - centre_px
    result = []
    for azimuth, elevation in ((0.0, 0.0), (0.7, 0.2), (-0.7, 0.2), (0.0, 0.5), (1.0, 0.2), (-1.0, 0.2)):
        turn = rotation_matrix(np.array([0.0, azimuth, 0.0]))
        turn = rotation_matrix(np.array([elevation, 0.0, 0.0])) @ turn
        seen = points @ turn.T
        flat = seen[:, :2] - seen[:, :2].mean(axis=0)
        # The similarity (roll and size) that lays the seen points over the pixels, as complex numbers.
        a, b = flat[:, 0] + 1j * flat[:, 1], spread_px[:, 0] + 1j * spread_px[:, 1]
        factor = (np.conj(a) @ b) / max(float((np.abs(a) ** 2).sum()), 1e-9)
        size, roll = max(abs(factor), 1e-3), np.angle(factor)
        rotation = rotation_matrix(np.array([0.0, 0.0, roll])) @ turn
        depth = focal / size
        middle = np.append((centre_px - 0.5 * np.asarray(image_size)) * depth / focal, depth)
        shift = middle - rotation @ points.mean(axis=0)
        vector = cv2.Rodrigues(rotation)[0].ravel()
        result.append(np.concatenate([vector, shift / 100.0, [np.log(FOCAL_PER_WIDTH)]]))
    return result
