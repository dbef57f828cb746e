"""MediaPipe's hand landmarker (VIDEO mode): from a window of a frame to hands in raw pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text
from trainer.perception.contact import hand_size
from trainer.perception.observation import HANDS, Hand

if TYPE_CHECKING:
    from mediapipe.tasks.python.vision import HandLandmarker as _TaskLandmarker


@dataclass(frozen=True)
class Window:
    """A rectangle of the raw frame that the landmarker looks at.

    Attributes
    ----------
    x, y, width, height : int
        Pixels of the raw frame; the rectangle lies inside it.
    """

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def whole(cls, image: NDArray[np.uint8]) -> Window:
        """Return the window that is the whole frame."""
        return cls(0, 0, int(image.shape[1]), int(image.shape[0]))

    @classmethod
    def square(cls, centre: tuple[float, float], side: float, frame_width: int, frame_height: int) -> Window:
        """Return a square about `centre`, shifted (and if need be cut) to lie inside the frame."""
        width = round(min(max(side, 32.0), frame_width))
        height = round(min(max(side, 32.0), frame_height))
        x = min(max(round(centre[0] - width / 2), 0), frame_width - width)
        y = min(max(round(centre[1] - height / 2), 0), frame_height - height)
        return cls(x, y, width, height)

    def contains(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Tell whether a point lies inside, at least `margin` pixels from the edge."""
        return (
            self.x + margin <= x <= self.x + self.width - margin
            and self.y + margin <= y <= self.y + self.height - margin
        )


@dataclass(frozen=True, eq=False)
class Detection:
    """One hand as the landmarker sees it, before anybody has judged whose it is.

    Attributes
    ----------
    label : {"left", "right"}
        The model's handedness; right in about 95-98 % of detections on raw (unmirrored) frames.
    label_score : float
        0.5 to 1, the model's belief in its label.
    keypoints : ndarray of float, shape (21, 2)
        Raw pixels.
    """

    label: Hand
    label_score: float
    keypoints: NDArray[np.float64]

    @cached_property
    def size(self) -> float:
        """Hand size in pixels, see `hand_size`."""
        return hand_size(self.keypoints)


class HandLandmarker:
    """The hand landmarker, opened from bytes, for one stream of frames.

    Must be closed (use it as a context manager): an unclosed landmarker keeps its threads and its memory.

    Parameters
    ----------
    model : bytes
        A ``hand_landmarker.task`` bundle.
    detection, presence, tracking : float
        MediaPipe's thresholds, 0 to 1: to accept a palm, to keep a hand, to take a palm for a hand that is
        already followed.
    num_hands : int
        Hands at most.
    max_side : int
        Larger windows are shrunk to this longer side (pixels) first; the networks see 192 and 224 pixels.

    stills : bool
        Whether frames have nothing to do with one another; then no hand is followed from one to the next.

    Raises
    ------
    PijatError
        When MediaPipe or the system's GL libraries are missing, or the bundle is none.
    """

    def __init__(
        self,
        model: bytes,
        *,
        detection: float = 0.5,
        presence: float = 0.5,
        tracking: float = 0.5,
        num_hands: int = 2,
        max_side: int = 960,
        stills: bool = False,
    ) -> None:
        self._max_side = max_side
        self._stills = stills
        self._last_ms = -1
        self._task: _TaskLandmarker | None = _open(model, detection, presence, tracking, num_hands, stills)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the landmarker; closing twice is harmless."""
        task, self._task = self._task, None
        if task is not None:
            task.close()

    def forget(self) -> None:
        """Show it a black picture, so that it lets go of the hands it follows and searches anew."""
        import mediapipe as mp

        if self._task is not None and not self._stills:
            self._last_ms += 1
            black = np.zeros((64, 64, 3), dtype=np.uint8)
            self._task.detect_for_video(mp.Image(image_format=mp.ImageFormat.SRGB, data=black), self._last_ms)

    def detect(
        self, image: NDArray[np.uint8], time_s: float, window: Window | None = None
    ) -> list[Detection]:
        """Find hands in a window of a frame.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            RGB, raw.
        time_s : float
            Seconds; MediaPipe wants strictly increasing whole milliseconds, so a time that rounds to one
            already used is moved on by a millisecond.
        window : Window, optional
            Where to look; the whole frame by default.  MediaPipe follows hands relative to the window, so
            moving it much makes it search anew.
        """
        import cv2
        import mediapipe as mp

        if self._task is None:
            raise PijatError(
                Text(
                    "Pengenal tangan sudah ditutup: muat ulang halaman ini.",
                    "Expected an open hand landmarker, got a closed one: open a new HandTracker.",
                ),
                "busy",
            )
        window = window or Window.whole(image)
        part = image[window.y : window.y + window.height, window.x : window.x + window.width]
        longer = max(window.width, window.height)
        if longer > self._max_side:
            # Taking every n-th pixel first keeps an 8K frame affordable; the rest is a proper area mean.
            step = max(1, longer // (2 * self._max_side))
            part = part[::step, ::step]
            scale = self._max_side / max(part.shape[:2])
            size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
            part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        self._last_ms = max(round(time_s * 1000), self._last_ms + 1)
        picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(part))
        result = (
            self._task.detect(picture)
            if self._stills
            else self._task.detect_for_video(picture, self._last_ms)
        )
        found = []
        for handedness, landmarks in zip(result.handedness, result.hand_landmarks, strict=True):
            places = np.array([(point.x, point.y) for point in landmarks], dtype=np.float64)
            label = str(handedness[0].category_name).lower()
            if label not in HANDS or not np.isfinite(places).all():
                continue
            found.append(
                Detection(
                    label=label,
                    label_score=float(handedness[0].score),
                    keypoints=places * (window.width, window.height) + (window.x, window.y),
                )
            )
        return found


def _open(
    model: bytes, detection: float, presence: float, tracking: float, num_hands: int, stills: bool
) -> _TaskLandmarker:
    try:
        from mediapipe.tasks.python import BaseOptions, vision
    except ImportError as error:
        raise PijatError(
            Text(
                "Paket mediapipe tidak dapat dipakai: pasang lagi pijat-trainer.",
                f"Expected the package mediapipe, got: {error}. Install pijat-trainer again.",
            )
        ) from error
    except OSError as error:
        raise PijatError(_no_gl(error)) from error
    options = vision.HandLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=model),
        running_mode=vision.RunningMode.IMAGE if stills else vision.RunningMode.VIDEO,
        num_hands=num_hands,
        min_hand_detection_confidence=detection,
        min_hand_presence_confidence=presence,
        min_tracking_confidence=tracking,
    )
    try:
        return vision.HandLandmarker.create_from_options(options)
    except OSError as error:
        raise PijatError(_no_gl(error)) from error
    except (ValueError, RuntimeError) as error:
        raise PijatError(
            Text(
                f"Model pengenal tangan ({len(model)} byte) ditolak MediaPipe: unduh lagi dengan `pijat models`.",
                f"Expected a hand_landmarker.task bundle, got {len(model)} bytes that MediaPipe refuses: fetch "
                "the model again with `pijat models`.",
            )
        ) from error


def _no_gl(error: OSError) -> Text:
    return Text(
        "Pustaka GL sistem ini tidak ada. Di Debian atau Ubuntu: apt install libegl1 libgles2.",
        f"Expected the system's GL libraries, got: {error}. On Debian or Ubuntu: apt install libegl1 libgles2.",
    )
