"""Which detections can be the practitioner's hands at all."""

from __future__ import annotations

from collections.abc import Sequence

from trainer.perception.landmarker import Detection
from trainer.perception.second_look import Box

_SIZE_RANGE = (0.4, 2.2)  # of the usual size: perspective and foreshortening explain no more
_SIZE_TO_BACK = (0.08, 1.2)  # hand to the back's longer side; about 9 cm to 35 cm seen alike
_AROUND_BACK = 0.6  # of the back's longer side: further off, a hand is somebody else's


def plausible(detections: Sequence[Detection], usual_size: float | None, roi: Box | None) -> list[Detection]:
    """Drop hands of an impossible size or place.

    Parameters
    ----------
    detections : sequence of Detection
        Raw pixels.
    usual_size : float or None
        The stream's usual hand size in pixels, once known.
    roi : (x0, y0, x1, y1) or None
        Bounding box of the back in raw pixels, where known.
    """
    return [item for item in detections if _size_fits(item, usual_size, roi) and _near(item, roi)]


def _size_fits(item: Detection, usual_size: float | None, roi: Box | None) -> bool:
    if usual_size is not None and not _SIZE_RANGE[0] < item.size / usual_size < _SIZE_RANGE[1]:
        return False
    if roi is None:
        return True
    side = max(roi[2] - roi[0], roi[3] - roi[1])
    return _SIZE_TO_BACK[0] * side < item.size < _SIZE_TO_BACK[1] * side


def _near(item: Detection, roi: Box | None) -> bool:
    if roi is None:
        return True
    reach = _AROUND_BACK * max(roi[2] - roi[0], roi[3] - roi[1])
    x, y = item.keypoints.mean(axis=0).tolist()
    return bool(roi[0] - reach < x < roi[2] + reach and roi[1] - reach < y < roi[3] + reach)
