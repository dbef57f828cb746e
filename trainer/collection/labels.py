"""What is known of a session's frames, and what a collected picture's label says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainer.back.frame import BACK_LANDMARKS
from trainer.back.head import head_box
from trainer.perception.observation import HAND_KEYPOINTS, HANDS, Hand, Status

if TYPE_CHECKING:
    import pandas as pd

    from trainer.session.model import SessionMeta

Box = tuple[float, float, float, float]
_SEEN = (Status.DETECTED.value, Status.TRACKED.value)


@dataclass(frozen=True, eq=False)
class SeenFrame:
    """What was seen of one frame.

    Attributes
    ----------
    time_s : float
        Seconds from the first frame.
    back_px : ndarray of float, shape (12, 2)
        `BACK_LANDMARKS` as registered, in pixels; NaN for those that are not known.
    hands_px : mapping of {"left", "right"} to ndarray of float, shape (21, 2)
        Only the hands that were seen.
    sigma_cm : float or None
        The larger one of the thumbs' `sigma_cm`; None where no thumb was placed.
    """

    time_s: float
    back_px: NDArray[np.float64]
    hands_px: Mapping[Hand, NDArray[np.float64]]
    sigma_cm: float | None


@dataclass(frozen=True)
class BackView:
    """How the camera looks at the back, degrees: off its normal, sideways (from her right), from above."""

    angle_deg: float
    azimuth_deg: float
    elevation_deg: float


def seen_frames(landmarks: pd.DataFrame, thumbs: pd.DataFrame) -> list[SeenFrame]:
    """Return the frames in which the back is registered, in order of time.

    Parameters
    ----------
    landmarks, thumbs : DataFrame
        As `trainer.session.model.Session` holds them.
    """
    backs = _by_frame(landmarks, "back", BACK_LANDMARKS)
    hands = {hand: _by_frame(landmarks, f"hand_{hand}", HAND_KEYPOINTS) for hand in HANDS}
    placed = thumbs[thumbs["status"].isin(_SEEN) & thumbs["sigma_cm"].notna()]
    sigmas = placed.groupby("frame")["sigma_cm"].max()
    rows = landmarks[landmarks["entity"] == "back"]
    times = dict(zip(rows["frame"].tolist(), rows["time_s"].tolist(), strict=True))
    return [
        SeenFrame(
            times[frame],
            back,
            {hand: points[frame] for hand, points in hands.items() if frame in points},
            float(sigmas[frame]) if frame in sigmas.index else None,
        )
        for frame, back in sorted(backs.items(), key=lambda item: times[item[0]])
    ]


def _by_frame(landmarks: pd.DataFrame, entity: str, names: tuple[str, ...]) -> dict[int, NDArray[np.float64]]:
    """Return the points of an entity by frame, NaN where there is none."""
    place = {name: number for number, name in enumerate(names)}
    rows = landmarks[(landmarks["entity"] == entity) & landmarks["keypoint"].isin(names)]
    frames, which = np.unique(rows["frame"].to_numpy(dtype=np.int64), return_inverse=True)
    points = np.full((len(frames), len(names), 2), np.nan)
    columns = np.array([place[name] for name in rows["keypoint"]], dtype=int)
    points[which, columns] = rows[["x", "y"]].to_numpy(dtype=float)
    return {int(frame): points[number] for number, frame in enumerate(frames)}


def hidden_boxes(back_px: NDArray[np.float64], size: tuple[int, int]) -> tuple[Box, ...] | None:
    """Return what of a picture must not be recognised; None where nobody knows where the head is.

    The mother's head, and all of the picture above the base of her neck: a companion who sits or stands behind her has
    their face there.

    Parameters
    ----------
    back_px : ndarray of float, shape (12, 2)
        `BACK_LANDMARKS` in pixels.
    size : (int, int)
        Width and height of the picture, pixels.
    """
    head = head_box(back_px)
    if head is None:
        return None
    neck_y = float(back_px[BACK_LANDMARKS.index("C7")][1])
    return (0.0, 0.0, float(size[0]), neck_y), head


def label_of(
    file: str, seen: SeenFrame, hidden: tuple[Box, ...], meta: SessionMeta, view: BackView, consent: str
) -> dict[str, Any]:
    """Return a picture's line, in the fields of datasets/back_landmarks/README.md and those of own recordings.

    Parameters
    ----------
    file : str
        Name of the picture.
    seen : SeenFrame
        What was seen of it.
    hidden : tuple of (x0, y0, x1, y1)
        What was made unrecognisable in it, pixels.
    meta : SessionMeta
        Of its session.
    view : BackView
        How the camera looks at the back.
    consent : str
        The consent's id.
    """
    size = (meta.video.width, meta.video.height)
    return {
        "file": file,
        "kind": "back",
        "px": _points(seen.back_px),
        "occ": [int(covered) for covered in _occluded(seen, hidden, size)],
        "behind": False,
        "facing": round(float(np.cos(np.radians(view.angle_deg))), 3),
        "view": round(view.angle_deg, 1),
        "az": round(view.azimuth_deg, 1),
        "el": round(view.elevation_deg, 1),
        "hands": len(seen.hands_px),
        "size": list(size),
        "hand_px": {hand: _points(points) for hand, points in seen.hands_px.items()},
        "source": meta.calibration_source,
        "sigma_cm": None if seen.sigma_cm is None else round(seen.sigma_cm, 3),
        "time_s": round(seen.time_s, 3),
        "consent": consent,
    }


def _points(points: NDArray[np.float64]) -> list[list[float | None]]:
    return [[round(float(c), 2) if np.isfinite(c) else None for c in point] for point in points]


def _occluded(seen: SeenFrame, hidden: tuple[Box, ...], size: tuple[int, int]) -> list[bool]:
    """Whether each landmark of the back is not to be seen: outside, made unrecognisable, or under a hand."""
    import cv2

    outlines = [
        cv2.convexHull(points[np.isfinite(points).all(axis=1)].astype(np.float32))
        for points in seen.hands_px.values()
    ]
    boxes = [*hidden]

    def covered(x: float, y: float) -> bool:
        if not (0 <= x < size[0] and 0 <= y < size[1]):  # NaN too
            return True
        under = any(cv2.pointPolygonTest(outline, (x, y), False) >= 0 for outline in outlines)
        return under or any(x0 <= x <= x1 and y0 <= y < y1 for x0, y0, x1, y1 in boxes)

    return [covered(float(x), float(y)) for x, y in seen.back_px]
