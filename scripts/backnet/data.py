"""Rendered pictures with their labels, as the generator wrote them."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SWAP: tuple[int, ...] = (0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7)
"""Where each of `trainer.back.frame.BACK_LANDMARKS` goes when the picture is mirrored."""


@dataclass(frozen=True)
class Sample:
    """One rendered picture.

    Attributes
    ----------
    path : pathlib.Path
        The JPEG.
    points : ndarray of float, shape (12, 2)
        Landmarks in pixels, seen or not; NaN where there is no back.
    occluded : ndarray of bool, shape (12,)
        Behind something, or outside the picture.
    facing : float
        Cosine between the back's normal and the direction to the camera.
    is_back : bool
        False for rooms without a recipient.
    meta : dict
        Everything else the generator noted (tone, clothes, view, hands), for the tables.
    """

    path: Path
    points: NDArray[np.float64]
    occluded: NDArray[np.bool_]
    facing: float
    is_back: bool
    meta: dict[str, object]

    def read(self) -> NDArray[np.uint8]:
        """Decode the picture, RGB."""
        bgr = cv2.imread(str(self.path))
        if bgr is None:
            raise ValueError(f"Expected a picture in {self.path}, got something that OpenCV cannot decode.")
        return np.ascontiguousarray(bgr[:, :, ::-1], np.uint8)

    def read_near(self) -> NDArray[np.uint8] | None:
        """Decode the mask of what is not the room (255); None where none was written."""
        path = self.path.with_name(f"{self.path.stem}_near.png")
        mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) if path.is_file() else None
        return None if mask is None else np.asarray(mask, np.uint8)


def read_samples(folder: Path) -> list[Sample]:
    """Read all ``labels*.jsonl`` of a folder; lines still being written are skipped."""
    samples = []
    for labels in sorted(folder.glob("labels*.jsonl")):
        text = labels.read_text()
        for line in text[: text.rfind("\n") + 1].splitlines():
            row = json.loads(line)
            is_back = row["kind"] in ("back", "front") and not row["behind"]
            points = np.array(row["px"], np.float64)
            samples.append(
                Sample(
                    path=folder / row["file"],
                    points=points if is_back else np.full((12, 2), np.nan),
                    occluded=np.array(row["occ"], bool),
                    facing=float(row["facing"]),
                    is_back=is_back,
                    meta=row,
                )
            )
    return samples


def presence_target(points: NDArray[np.float64], sample: Sample, size: tuple[int, int]) -> float:
    """Return 1 for a back in view, 0 for none, NaN for what a fair observer would call doubtful.

    Parameters
    ----------
    points : ndarray, shape (12, 2)
        The landmarks in the picture the network sees, px.
    sample : Sample
        Where it comes from.
    size : (int, int)
        Width and height of that picture.
    """
    if not sample.is_back:
        return 0.0
    inside = np.all((points >= 0) & (points < np.array(size)), axis=1)
    if sample.facing < 0.02 or inside.sum() <= 2:
        return 0.0
    # what hides nearly all of a back is a person or a pillar in front of it; clothes do not count as hiding
    hidden = sample.occluded[inside].mean()
    long = float(np.linalg.norm(points[0] - points[3]))
    wide = float(np.linalg.norm(points[4] - points[8]))
    if sample.facing < 0.15 or inside.sum() < 6 or inside[:4].sum() < 2 or hidden > 0.6:
        return float("nan")
    return 1.0 if max(long, wide) > 0.08 * max(size) else float("nan")
