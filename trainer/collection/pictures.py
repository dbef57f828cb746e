"""The pictures of one session's kept video, with what must not be recognised covered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainer.collection.dataset import picture_name
from trainer.collection.labels import BackView, Box, SeenFrame, hidden_boxes, label_of, seen_frames
from trainer.errors import PijatError
from trainer.language import Text
from trainer.session.files import inside
from trainer.session.model import LANDMARKS_FILE, LIVE, THUMBS_FILE
from trainer.session.parquet_files import read_landmarks, read_thumbs
from trainer.session.reader import read_meta

if TYPE_CHECKING:
    from trainer.session.model import SessionMeta

_SAME_MOMENT_S = 0.002
"""A recording of practice keeps times to the millisecond."""
_JPEG_QUALITY = 95


@dataclass(frozen=True, eq=False)
class CollectableSession:
    """A session whose video is there and is the one that was looked at.

    Attributes
    ----------
    video : Path
        The kept video.
    meta : SessionMeta
        ``session.json``.
    frames : list of SeenFrame
        Those in which the back is registered.
    view : BackView
        How the camera looks at the back, from the marked frame.
    """

    video: Path
    meta: SessionMeta
    frames: list[SeenFrame]
    view: BackView


def open_source(folder: Path) -> CollectableSession:
    """Read what is needed of a session folder.

    Raises
    ------
    PijatError
        When a file of it is damaged; of kind ``missing`` where there is nothing to collect: no kept video, another
        video, no back.
    """
    meta = read_meta(folder)
    if meta.video.name == LIVE or not (folder / meta.video.name).exists():
        raise _nothing(
            "videonya tidak disimpan di folder sesi", "its video was not kept in the session folder"
        )
    video = inside(folder, meta.video.name)
    if meta.calibration is None or meta.calibration_source == "none":
        raise _nothing("letak punggung tidak diketahui", "the back was not found or marked")
    view = _view(meta)
    landmarks = read_landmarks(inside(folder, LANDMARKS_FILE))
    frames = seen_frames(landmarks, read_thumbs(inside(folder, THUMBS_FILE)))
    return CollectableSession(video, meta, frames, view)


def pictures(
    source: CollectableSession, consent_id: str, every_s: float
) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield at most one picture for every `every_s` seconds, as JPEG, with its label.

    It is the first frame of those seconds in which the back, and with it the head, is known; what is chosen depends on
    nothing but the session.

    Parameters
    ----------
    source : CollectableSession
        The session.
    consent_id : str
        What the pictures are named by.
    every_s : float
        Seconds.

    Raises
    ------
    PijatError
        When the video cannot be read, or is not the one that was looked at.
    """
    from trainer.capture.video import open_video

    meta, times = source.meta, np.array([frame.time_s for frame in source.frames])
    with open_video(source.video) as video:
        same = (video.width, video.height) == (meta.video.width, meta.video.height)
        if not same or (meta.video.sha256 is not None and video.sha256 != meta.video.sha256):
            raise _nothing("videonya bukan yang dianalisis", "its video is not the one that was analysed")
        last = -1
        for frame in video:
            # Practice records by its own clock, and perhaps not from the first frame on.
            time_s = frame.time_s + (video.start_s if meta.live is not None else 0.0)
            slot = int((time_s + 1e-6) / every_s)
            seen = _at(source.frames, times, time_s) if slot != last else None
            hidden = None if seen is None else hidden_boxes(seen.back_px, (video.width, video.height))
            if seen is None or hidden is None:
                continue
            last = slot
            label = label_of(picture_name(consent_id, time_s), seen, hidden, meta, source.view, consent_id)
            yield _jpeg(covered(frame.image, hidden)), label


def covered(image: NDArray[np.uint8], hidden: Sequence[Box]) -> NDArray[np.uint8]:
    """Return a picture with regions made unrecognisable; see `trainer.capture.recording.with_mosaic`."""
    from trainer.capture.recording import with_mosaic

    for box in hidden:
        image = with_mosaic(image, box)
    return image


def _at(frames: Sequence[SeenFrame], times: NDArray[np.float64], time_s: float) -> SeenFrame | None:
    after = int(np.searchsorted(times, time_s - _SAME_MOMENT_S))
    if after < len(times) and abs(times[after] - time_s) <= _SAME_MOMENT_S:
        return frames[after]
    return None


def _view(meta: SessionMeta) -> BackView:
    from trainer.back.calibration import parse_calibration

    registered = (
        parse_calibration(meta.calibration).for_video((meta.video.width, meta.video.height)).register()
    )
    return BackView(registered.view_angle_deg, registered.azimuth_deg, registered.elevation_deg)


def _jpeg(image: NDArray[np.uint8]) -> bytes:
    import cv2

    done, content = cv2.imencode(
        ".jpg", np.ascontiguousarray(image[:, :, ::-1]), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    assert done
    return content.tobytes()


def _nothing(indonesian: str, english: str) -> PijatError:
    return PijatError(Text(indonesian, english), "missing")
