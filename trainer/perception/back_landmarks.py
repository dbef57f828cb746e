"""Finds the landmarks of a bare or clothed back in one picture, each with its uncertainty, or says there
is none.

The network (models/back_landmarks.md) reads a 96 px square. It looks twice: at the whole letterboxed
picture for where the back is and how it lies, then at a crop turned upright, together with its mirror
image, for the landmarks. A mirrored picture is a plausible back: whether a webcam mirrors cannot be told
from its pictures.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.perception.back_plausibility import plausibility
from trainer.resources import resource_path

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
"""The network's outputs in order: the names of `trainer.back.frame.BACK_LANDMARKS` (a test holds them equal)."""
INPUT_SIZE = 96
"""Side of the square the network reads, px."""
PRESENCE_THRESHOLD = 0.5
"""From this presence on, a back is reported."""
MIN_SPAN_PX = 36.0
"""Below this size (the larger of C7-T12 and the shoulders' breadth) a back is too small to measure on."""
_CROP_MARGIN = 1.6
"""Side of the second look's crop over the extent of the landmarks."""
_PART = 0.55
"""Side of the parts looked at one by one, over the picture's longer side."""
_TRIED_MARGINS = (1.5, 2.2, 3.2)
_MIRROR = np.array([0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7])
_MAX_RELATIVE_SIGMA = 0.35
"""Median sigma over the C7-T7 length past which the back counts as too hidden to use (6 cm on an adult)."""
_IN_FRAME_MARGIN = 0.02


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


@dataclass(frozen=True, eq=False)
class _Reading:
    """What the network said about one square, in pixels of the picture."""

    points: NDArray[np.float64]
    sigma: NDArray[np.float64]
    presence: float
    whole: float
    """Mean probability that the landmarks lie inside the square: low when it shows a part of the back."""


class BackLandmarkDetector:
    """The back-landmark network, ready to use.

    Parameters
    ----------
    model_path : path, optional
        An ONNX file; the one that ships with Pijat by default.
    threads : int
        Threads onnxruntime may use for one picture.

    Raises
    ------
    PijatError
        When the file is missing or is not such a model.
    """

    def __init__(self, model_path: str | Path | None = None, threads: int = 1) -> None:
        import onnxruntime as ort

        path = Path(model_path) if model_path is not None else resource_path("models/back_landmarks.onnx")
        if not path.is_file():
            raise PijatError(f"Expected a back-landmark model at {path}, found no file: check the path.")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # onnxruntime gives its own exception types no public base class, hence the one base class all
        # errors share
        try:
            session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise PijatError(
                f"Expected a back-landmark model in {path.name}, could not read it: {error}"
            ) from error
        names = {output.name for output in session.get_outputs()}
        if not {"points", "log_sigma", "presence", "in_frame"} <= names:
            raise PijatError(
                f"Expected a back-landmark model in {path.name}, got one with outputs {sorted(names)}."
            )
        self._session: Any = session
        self._model_path = path
        meta = session.get_modelmeta().custom_metadata_map
        scale = json.loads(meta.get("sigma_scale", "[1.0]"))
        self._sigma_scale = np.broadcast_to(np.asarray(scale, np.float64), (len(LANDMARKS),))

    @property
    def model_path(self) -> Path:
        """Return the file in use, for the session's record."""
        return self._model_path

    def detect(self, image: NDArray[np.uint8], look_for_second: bool = False) -> BackDetection | None:
        """Find the back in one picture.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            RGB, raw (never mirrored).
        look_for_second : bool
            Also look for another recipient; costs one more pass.

        Returns
        -------
        BackDetection or None
            None when there is no back: nobody, a front, nothing but skin, a back too small, too hidden, or
            one whose landmarks make no sense.
        """
        if image.ndim != 3 or image.shape[2] != 3 or min(image.shape[:2]) < 8:
            raise PijatError(f"Expected an RGB picture of shape (height, width, 3), got {image.shape}.")
        found = self._find(image)
        if found is None:
            return None
        second = False
        if look_for_second:
            second = self._find(_without(image, found)) is not None
        return _detection(found, image, second)

    def presence(self, image: NDArray[np.uint8]) -> float:
        """Return the network's first impression, 0 to 1, that a back is in view; nothing is refused."""
        return max(reading.presence for reading in self._look_at_whole(image))

    def _find(self, image: NDArray[np.uint8]) -> _Reading | None:
        candidates = [r for r in self._look_at_whole(image) if r.presence > 0.15]
        candidates.sort(key=lambda r: -r.presence)
        for first in candidates[:2]:
            # the first look may take a part of the back for the whole: try crops of several sizes about it
            tries = [_crop(first.points, margin) for margin in _TRIED_MARGINS]
            reading = min(self._look(image, tries), key=_doubt)
            closer = self._look_closer(image, reading)
            reading = min((closer, self._look_closer(image, closer)), key=_doubt)
            presence = reading.presence * plausibility(reading.points, reading.sigma)
            reading = replace(reading, presence=presence)
            if presence >= PRESENCE_THRESHOLD and _usable(reading, image):
                return reading
        return None

    def _run(self, squares: NDArray[np.uint8]) -> tuple[NDArray[np.float64], ...]:
        feed = np.ascontiguousarray(squares.transpose(0, 3, 1, 2), np.float32)
        outputs = ["points", "log_sigma", "presence", "in_frame"]
        raw = self._session.run(outputs, {"image": feed})
        points, log_sigma, presence, in_frame = (np.asarray(x, np.float64) for x in raw)
        sigma = np.exp(np.clip(log_sigma, -7.0, 0.0)) * self._sigma_scale
        return points * INPUT_SIZE, sigma * INPUT_SIZE, _probability(presence), _probability(in_frame).mean(1)

    def _look_at_whole(self, image: NDArray[np.uint8]) -> list[_Reading]:
        """Look at the letterboxed picture; if no back stands upright in it, turned, and at its parts."""
        height, width = image.shape[:2]
        upright = self._look(image, [_whole(width, height, 0.0)])
        if upright[0].presence > 0.9:
            return upright
        others = [_whole(width, height, angle) for angle in (np.pi / 2, -np.pi / 2, np.pi)]
        scale = INPUT_SIZE / (_PART * max(width, height))
        for x in (0.25, 0.5, 0.75):
            for y in (0.33, 0.67):
                others.append(_similarity(scale, 0.0, np.array([x * width, y * height])))
        return upright + self._look(image, others)

    def _look_closer(self, image: NDArray[np.uint8], first: _Reading) -> _Reading:
        """Look at the crop a reading points to, and at its mirror image, and join the two."""
        matrix = _crop(first.points, _CROP_MARGIN)
        square = _warp(image, matrix)
        points, sigma, presence, whole = self._run(np.stack([square, square[:, ::-1]]))
        mirrored = points[1][_MIRROR]
        mirrored[:, 0] = INPUT_SIZE - mirrored[:, 0]
        sigma_b = sigma[1][_MIRROR]
        weight = sigma[0] ** -2 / (sigma[0] ** -2 + sigma_b**-2)
        joined = weight[:, None] * points[0] + (1 - weight)[:, None] * mirrored
        # the two share their faults: their mean keeps the error each states, and disagreement adds to it
        apart = ((points[0] - mirrored) ** 2).sum(1) / 8
        spread = np.sqrt((sigma[0] * sigma_b) + apart)
        return _Reading(
            _back(joined, matrix), spread / _scale(matrix), float(presence.mean()), float(whole.mean())
        )

    def _look(self, image: NDArray[np.uint8], matrices: list[NDArray[np.float64]]) -> list[_Reading]:
        points, sigma, presence, whole = self._run(np.stack([_warp(image, m) for m in matrices]))
        return [
            _Reading(_back(points[i], m), sigma[i] / _scale(m), float(presence[i]), float(whole[i]))
            for i, m in enumerate(matrices)
        ]


def _probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -40, 40))))


def _whole(width: int, height: int, angle: float) -> NDArray[np.float64]:
    scale = INPUT_SIZE / max(width, height)
    return _similarity(scale, angle, np.array([width / 2, height / 2]))


def _doubt(reading: _Reading) -> float:
    """Return the stated error over the size of the back, more where it is doubtful or cut."""
    size = float((reading.points.max(0) - reading.points.min(0)).max())
    sure = max(reading.presence * reading.whole**2, 1e-6)
    return float(np.median(reading.sigma)) / max(size, 1e-6) / sure


def _crop(points: NDArray[np.float64], margin: float) -> NDArray[np.float64]:
    """Similarity that puts the landmarks upright and large into the square, shape (2, 3)."""
    lo, hi = points.min(0), points.max(0)
    extent = max(float((hi - lo).max()), 4.0)
    spine = points[3] - points[0]
    return _similarity(
        INPUT_SIZE / (extent * _CROP_MARGIN), float(np.arctan2(spine[0], spine[1])), (lo + hi) / 2
    )


def _similarity(scale: float, angle: float, centre: NDArray[np.float64]) -> NDArray[np.float64]:
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    matrix = np.array([[c, -s, 0.0], [s, c, 0.0]])
    matrix[:, 2] = INPUT_SIZE / 2 - matrix[:, :2] @ centre
    return matrix


def _scale(matrix: NDArray[np.float64]) -> float:
    return float(np.hypot(matrix[0, 0], matrix[1, 0]))


def _back(points: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T, np.float64)


def _warp(image: NDArray[np.uint8], matrix: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Cut the square out; shrink by area first, since a warp alone would alias."""
    import cv2

    scale, matrix = _scale(matrix), matrix.copy()
    if scale < 0.7:
        height, width = image.shape[:2]
        small = (max(8, round(width * scale * 1.25)), max(8, round(height * scale * 1.25)))
        image = np.asarray(cv2.resize(image, small, interpolation=cv2.INTER_AREA), np.uint8)
        matrix[:, :2] = matrix[:, :2] @ np.diag([width / small[0], height / small[1]])
    size = (INPUT_SIZE, INPUT_SIZE)
    return np.asarray(
        cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(0, 0, 0)), np.uint8
    )


def _inside(points: NDArray[np.float64], width: int, height: int) -> NDArray[np.bool_]:
    margin = _IN_FRAME_MARGIN * max(width, height)
    low, high = np.array([-margin, -margin]), np.array([width + margin, height + margin])
    return np.asarray(np.all((points >= low) & (points <= high), axis=1))


def _usable(reading: _Reading, image: NDArray[np.uint8]) -> bool:
    points = reading.points
    span = max(float(np.linalg.norm(points[0] - points[3])), float(np.linalg.norm(points[4] - points[8])))
    length = max(float(np.linalg.norm(points[0] - points[2])), 0.35 * span)
    inside = _inside(points, image.shape[1], image.shape[0])
    sharp = float(np.median(reading.sigma)) < _MAX_RELATIVE_SIGMA * length
    return span >= MIN_SPAN_PX and sharp and int(inside.sum()) >= 5


def _detection(reading: _Reading, image: NDArray[np.uint8], second: bool) -> BackDetection:
    height, width = image.shape[:2]
    inside = _inside(reading.points, width, height)
    named = list(zip(LANDMARKS, reading.points, reading.sigma, inside, strict=True))
    return BackDetection(
        landmarks={name: (float(p[0]), float(p[1])) for name, p, _, seen in named if seen},
        sigma_px={name: float(s) for name, _, s, seen in named if seen},
        presence=reading.presence,
        image_size=(width, height),
        missing=tuple(name for name, _, _, seen in named if not seen),
        second_back=second,
    )


def _without(image: NDArray[np.uint8], reading: _Reading) -> NDArray[np.uint8]:
    """Paint a found back (and the head above it) over with the picture's mean colour."""
    import cv2

    spine = reading.points[3] - reading.points[0]
    hull = np.concatenate(
        [reading.points, reading.points[:1] - 0.9 * spine, reading.points[3:4] + 0.6 * spine]
    )
    middle = hull.mean(0)
    grown = cv2.convexHull((middle + 1.35 * (hull - middle)).astype(np.int32))
    colour = [float(c) for c in image.reshape(-1, 3).mean(0)]
    return np.asarray(cv2.fillPoly(image.copy(), [grown], colour), np.uint8)


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
            "Expected at least one detection of the back, got none: show the whole back for a moment."
        )
    if len({d.image_size for d in detections}) > 1:
        raise PijatError("Expected detections in pictures of one size, got several.")
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
