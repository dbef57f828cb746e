"""What is known of a back in a picture, and the join of several such findings."""

from dataclasses import dataclass

import numpy as np

from trainer.errors import PijatError
from trainer.language import Text

LANDMARKS: tuple[str, ...] = (
    "C7",
    "T3",
    "T7",
    "T12",
    "left_acromion",
    "left_scapula_inferior_angle",
    "left_scapula_spine_root",
    "left_rib_angle",
    "right_acromion",
    "right_scapula_inferior_angle",
    "right_scapula_spine_root",
    "right_rib_angle",
)
"""The landmarks of the back, in the order of the network's outputs; left and right are the recipient's.

`trainer.back.frame.BACK_LANDMARKS` is this list under the name by which the rest of the program knows it.
"""


@dataclass(frozen=True)
class BackDetection:
    """The back as seen in one picture.

    Attributes
    ----------
    landmarks : dict of str to (float, float)
        Pixels of the picture given (x right, y down). Only landmarks that lie inside the picture; names
        are those of `trainer.back.frame.BACK_LANDMARKS`, left and right the recipient's.
    sigma_px : dict of str to float
        Standard deviation along each axis, px, for the same names; calibrated on unseen renders.
    presence : float
        Probability, 0 to 1, that a usable back is in view, lowered when the landmarks make no anatomical
        sense.
    image_size : (int, int)
        Width and height of the picture, px.
    missing : tuple of str
        Landmarks that lie outside the picture.
    second_back : bool
        Whether another back is in view (only looked for when asked).
    """

    landmarks: dict[str, tuple[float, float]]
    sigma_px: dict[str, float]
    presence: float
    image_size: tuple[int, int]
    missing: tuple[str, ...] = ()
    second_back: bool = False

    def length_px(self) -> float:
        """Return the C7-T7 distance in px (half of C7-T12 would be longer); NaN when either is not in
        view.
        """
        return _distance(self.landmarks, "C7", "T7")

    def shoulder_width_px(self) -> float:
        """Return the distance between the acromia in px; NaN when either is not in view."""
        return _distance(self.landmarks, "left_acromion", "right_acromion")


def _distance(points: dict[str, tuple[float, float]], a: str, b: str) -> float:
    if a not in points or b not in points:
        return float("nan")
    return float(np.hypot(points[a][0] - points[b][0], points[a][1] - points[b][1]))


def combine(detections: list[BackDetection]) -> BackDetection:
    """Join detections of a back that did not move before a camera that did not move.

    Parameters
    ----------
    detections : list of BackDetection
        Of pictures of one size; one or more.

    Returns
    -------
    BackDetection
        Per landmark the median over the pictures that show it (in at least half of those that show most).
        Its sigma joins the typical stated sigma, which repeats from picture to picture and so does not
        shrink, with the scatter of the median.

    Raises
    ------
    PijatError
        When the list is empty or the sizes differ.
    """
    if not detections:
        raise PijatError(
            Text(
                "Punggung belum terlihat: perlihatkan seluruh punggung sebentar.",
                "Expected at least one detection of the back, got none: show the whole back for a moment.",
            )
        )
    if len({d.image_size for d in detections}) > 1:
        raise PijatError(
            Text(
                "Ukuran gambar berubah saat punggung dicari: coba lagi.",
                "Expected detections in pictures of one size, got several.",
            )
        )
    landmarks: dict[str, tuple[float, float]] = {}
    sigma: dict[str, float] = {}
    most = max(sum(name in d.landmarks for d in detections) for name in LANDMARKS)
    for name in LANDMARKS:
        points = np.array([d.landmarks[name] for d in detections if name in d.landmarks])
        if len(points) == 0 or len(points) < most / 2:
            continue
        stated = float(np.median([d.sigma_px[name] for d in detections if name in d.sigma_px]))
        middle = np.median(points, axis=0)
        scatter = 1.4826 * float(np.median(np.abs(points - middle)))
        landmarks[name] = (float(middle[0]), float(middle[1]))
        sigma[name] = float(np.hypot(stated, 1.25 * scatter / np.sqrt(len(points))))
    return BackDetection(
        landmarks=landmarks,
        sigma_px=sigma,
        presence=float(np.median([d.presence for d in detections])),
        image_size=detections[0].image_size,
        missing=tuple(name for name in LANDMARKS if name not in landmarks),
        second_back=sum(d.second_back for d in detections) * 2 > len(detections),
    )
