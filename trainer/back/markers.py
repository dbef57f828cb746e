"""Printed markers on clothing or a mannequin: landmarks found by themselves, and centimetres that are exact.

The sheet of ``scripts/make_marker_sheet.py`` holds one ArUco marker per landmark (dictionary 4x4_50, 3 cm
wide). Cut out and stuck with their middles on the landmarks, they give the places; their known size gives the
scale. Markers are detected with OpenCV's ArUco module (Garrido-Jurado et al., Pattern Recognition 47, 2014).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.back.atlas import load_atlas
from trainer.back.automatic import MAX_COST
from trainer.back.calibration import Calibration
from trainer.back.registration import (
    Registration,
    RegistrationError,
    register,
)
from trainer.back.size import BackSize, MeasuredDistance

Array = NDArray[np.float64]

MARKER_CM = 3.0
"""Side of a printed marker's black square."""
DICTIONARY = cv2.aruco.DICT_4X4_50
MARKER_LANDMARKS: dict[int, str] = {
    0: "C7",
    1: "T3",
    2: "T7",
    3: "T12",
    4: "left_scapula_spine_root",
    5: "right_scapula_spine_root",
    6: "left_scapula_inferior_angle",
    7: "right_scapula_inferior_angle",
    8: "left_rib_angle",
    9: "right_rib_angle",
}
"""Which marker belongs on which landmark; others of the dictionary serve the scale only."""
LEAST_MARKERS = 5
"""On landmarks, seen together: one more than suffices, so that they check each other."""
_CENTRE_SIGMA_PX = 0.7
_CORNER_SIGMA_PX = 0.5
_PRINT_SIGMA = 0.01
"""How far a printer may be off in size."""


@dataclass(frozen=True, eq=False)
class Marker:
    """A marker seen in a picture.

    Attributes
    ----------
    number : int
        Its number in the dictionary.
    corners_px : ndarray, shape (4, 2)
        Corners of the black square, clockwise from its own top left.
    """

    number: int
    corners_px: Array

    @property
    def landmark(self) -> str | None:
        """The landmark it marks, if any."""
        return MARKER_LANDMARKS.get(self.number)

    @property
    def centre_px(self) -> Array:
        """Its middle (where the diagonals cross, which perspective keeps), shape (2,)."""
        a, b, c, d = self.corners_px
        along, across = c - a, d - b
        crossing = along[0] * across[1] - along[1] * across[0]
        if abs(crossing) < 1e-9:
            middle: Array = self.corners_px.mean(axis=0)
            return middle
        share = ((b - a)[0] * across[1] - (b - a)[1] * across[0]) / crossing
        point: Array = a + share * along
        return point


def detect_markers(image: NDArray[np.uint8]) -> list[Marker]:
    """Find the markers in a picture; a number that is seen twice is left out, for it cannot be trusted.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    """
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    settings.cornerRefinementWinSize = 3
    settings.minMarkerPerimeterRate = 0.015
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(DICTIONARY), settings)
    corners, numbers, _ = detector.detectMarkers(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    if numbers is None:
        return []
    seen = [int(number) for number in np.asarray(numbers).ravel()]
    return [
        Marker(number, np.asarray(corner, dtype=float).reshape(4, 2))
        for number, corner in zip(seen, corners, strict=True)
        if seen.count(number) == 1
    ]


def on_landmarks(markers: Sequence[Marker]) -> dict[str, Array]:
    """Return the middles of the markers that belong on landmarks, pixels by the landmark's name."""
    return {marker.landmark: marker.centre_px for marker in markers if marker.landmark is not None}


@dataclass(frozen=True, eq=False)
class MarkedBack:
    """A back found by its printed markers.

    Attributes
    ----------
    registration : Registration
        Places by the markers' middles, size by the markers' own.
    landmarks : mapping of str to tuple of float
        Where the markers' middles are, pixels.
    """

    registration: Registration
    landmarks: Mapping[str, tuple[float, float]]

    @property
    def scale(self) -> MeasuredDistance | None:
        """C7-T7 along the skin, cm; None when no marker gave the size."""
        if not self.registration.size.measured:
            return None
        return MeasuredDistance(
            "C7", "T7", round(load_atlas().levels["T7"] * self.registration.size_ratio, 2)
        )

    def calibration(self, time_s: float) -> Calibration:
        """Return what the calibration file says of it, for a frame at `time_s` seconds."""
        width, height = self.registration.image_size
        return Calibration(
            image_size=(int(width), int(height)),
            time_s=max(0.0, time_s),
            landmarks=self.landmarks,
            source="automatic",
            scale=self.scale,
            automatic_landmarks=tuple(self.landmarks),
        )


def find_marked_back(image: NDArray[np.uint8]) -> MarkedBack | None:
    """Find a back by the printed markers on it.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        RGB.

    Returns
    -------
    MarkedBack or None
        None when fewer than `LEAST_MARKERS` lie on landmarks, or when they contradict each other or anatomy: a
        marker in a wrong place must not pass for centimetre truth.
    """
    markers = detect_markers(image)
    places = on_landmarks(markers)
    if len(places) < LEAST_MARKERS:
        return None
    try:
        registration = register_markers(markers, (image.shape[1], image.shape[0]))
    except RegistrationError:
        return None
    if registration.cost > MAX_COST or registration.suspects:
        return None
    landmarks = {name: (float(at[0]), float(at[1])) for name, at in places.items()}
    return MarkedBack(registration, landmarks)


def register_markers(markers: Sequence[Marker], image_size: tuple[int, int]) -> Registration:
    """Register a back from markers on its landmarks.

    Parameters
    ----------
    markers : sequence of Marker
        At least four on landmarks, not all on the spine.
    image_size : tuple of int
        Width and height of the picture in pixels.

    Raises
    ------
    RegistrationError
        When they do not suffice, or left and right are swapped.
    """
    places = on_landmarks(markers)
    first = register(places, _CENTRE_SIGMA_PX, image_size)
    size = size_from_markers(first, markers)
    return first if size is None else register(places, _CENTRE_SIGMA_PX, image_size, size)


def size_from_markers(registration: Registration, markers: Sequence[Marker]) -> BackSize | None:
    """Measure the size of the back by markers that lie anywhere on it.

    Parameters
    ----------
    registration : Registration
        Of the same picture.
    markers : sequence of Marker
        Seen in it.

    Returns
    -------
    BackSize or None
        None when no marker lies on the mapped back.
    """
    ratios, sigmas = [], []
    for marker in markers:
        # Local differences of the map, not the map at the corners: its tables are too coarse for a marker's
        # edge.
        middle = marker.centre_px
        span = float(np.abs(marker.corners_px - middle).max()) * 2.0
        probe = np.array([[span, 0.0], [-span, 0.0], [0.0, span], [0.0, -span]]) + middle
        back, _ = registration.to_back(probe)
        if not np.isfinite(back).all():
            continue
        slope = np.stack([(back[0] - back[1]) / (2 * span), (back[2] - back[3]) / (2 * span)], axis=1)
        corners = (marker.corners_px - middle) @ slope.T
        area = 0.5 * abs(
            sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(corners, np.roll(corners, -1, 0), strict=True))
        )
        side_px = float(np.mean(np.hypot(*(marker.corners_px - np.roll(marker.corners_px, -1, 0)).T)))
        if area <= 0 or side_px < 4:
            continue
        # The map is in atlas centimetres times its own ratio; a marker shows what they really are.
        ratios.append(registration.size.ratio * MARKER_CM / float(np.sqrt(area)))
        sigmas.append(np.hypot(_CORNER_SIGMA_PX / side_px, 0.03))
    if not ratios:
        return None
    weight = 1.0 / np.square(sigmas)
    ratio = float((weight * ratios).sum() / weight.sum())
    sigma = float(np.hypot(np.sqrt(1.0 / weight.sum()), _PRINT_SIGMA))
    return BackSize(ratio, sigma, measured=True)
