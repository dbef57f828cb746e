"""A camera of this computer, or the bundled clip in its place, as the source of pictures: no browser's camera."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text
from trainer.web.pictures import encode_picture

if TYPE_CHECKING:
    import cv2

_RETRY_S = 1.0
_SHOWN_EVERY_S = 1.0 / 31.0
_MOST_MISSED = 10
"""Reads in a row that fail before a camera counts as gone."""

Picture = tuple[float, NDArray[np.uint8]]


class PictureSource:
    """Reads pictures in a thread of its own and hands them on.

    Parameters
    ----------
    analyse : callable
        Given sequence number, capture time in seconds and RGB picture.
    show : callable
        Given each picture as a message to the page.
    """

    def __init__(
        self,
        analyse: Callable[[int, float, NDArray[np.uint8]], None],
        show: Callable[[bytes], None],
    ) -> None:
        self._analyse, self._show = analyse, show
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pijat-camera", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and free the camera."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def restart(self) -> None:
        """Told when a practice begins."""

    def _run(self) -> None:
        shown_s = 0.0
        for sequence, (captured_s, image) in enumerate(self._pictures(), start=1):
            if self._ending.is_set():
                return
            self._analyse(sequence, captured_s, image)
            now = time.monotonic()
            if now - shown_s >= _SHOWN_EVERY_S - 0.004:
                shown_s = now
                self._show(encode_picture(sequence, captured_s, image))

    def _pictures(self) -> Iterator[Picture]:
        raise NotImplementedError


class CameraSource(PictureSource):
    """A camera that OpenCV opens.

    Parameters
    ----------
    number : int
        As OpenCV counts them, from 0.
    gone, back : callable
        Told when the camera gives no more pictures, and when it does again.
    capture : callable, optional
        Opens the camera of a number; OpenCV's own way by default.

    Raises
    ------
    PijatError
        When there is no such camera, or another program has it.
    """

    def __init__(
        self,
        number: int,
        analyse: Callable[[int, float, NDArray[np.uint8]], None],
        show: Callable[[bytes], None],
        gone: Callable[[], None],
        back: Callable[[], None],
        capture: Callable[[int], cv2.VideoCapture] | None = None,
    ) -> None:
        super().__init__(analyse, show)
        self._number, self._gone, self._back = number, gone, back
        self._capture = capture or _camera_of
        self._camera: cv2.VideoCapture | None = self._opened()
        if self._camera is None:
            raise PijatError(_why_not(number), "missing")

    def _opened(self) -> cv2.VideoCapture | None:
        import cv2

        with _quiet():
            camera = self._capture(self._number)
        if not camera.isOpened():
            camera.release()
            return None
        camera.set(cv2.CAP_PROP_FRAME_WIDTH, 640)
        camera.set(cv2.CAP_PROP_FRAME_HEIGHT, 480)
        camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return camera

    def _pictures(self) -> Iterator[Picture]:
        import cv2

        missed = 0
        try:
            while not self._ending.is_set():
                if self._camera is None:
                    if self._ending.wait(_RETRY_S):
                        return
                    self._camera = self._opened()
                    if self._camera is not None:
                        self._back()
                    continue
                done, image = self._camera.read()
                if done and image is not None:
                    missed = 0
                    yield time.monotonic(), np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)
                    continue
                missed += 1
                if missed >= _MOST_MISSED:
                    logging.getLogger(__name__).warning("camera %d gives no pictures", self._number)
                    missed = 0
                    self._camera.release()
                    self._camera = None
                    self._gone()
                else:
                    self._ending.wait(0.03)
        finally:
            if self._camera is not None:
                self._camera.release()


def _camera_of(number: int) -> cv2.VideoCapture:
    import cv2

    return cv2.VideoCapture(number)


def _why_not(number: int, devices: Path = Path("/dev")) -> Text:
    """Say in one sentence why a camera does not open, as far as can be told."""
    if sys.platform.startswith("linux") and (devices / f"video{number}").exists():
        return Text(
            f"Kamera {number} ada tetapi tidak terbuka: tutup program yang memakainya, atau coba --camera dengan "
            "nomor lain.",
            f"Expected camera {number} to open, it is there but does not: close the program that uses it, or try "
            "--camera with another number.",
        )
    return Text(
        f"Tidak ada kamera nomor {number}: sambungkan kamera, tutup program yang memakainya, atau coba --camera "
        "dengan nomor lain.",
        f"Expected a camera with number {number}, found none: plug it in, close programs that use it, "
        "or try --camera with another number.",
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep OpenCV from writing warnings of its own: what is wrong is said in one sentence."""
    import cv2

    log = cv2.utils.logging
    before = log.getLogLevel()
    log.setLogLevel(log.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        log.setLogLevel(before)


class ClipSource(PictureSource):
    """A video in place of a camera, in real time, again and again; begins anew when a practice does."""

    def __init__(
        self,
        path: Path,
        analyse: Callable[[int, float, NDArray[np.uint8]], None],
        show: Callable[[bytes], None],
    ) -> None:
        super().__init__(analyse, show)
        self._path = path
        self._restart = threading.Event()

    def restart(self) -> None:
        """Play from the beginning."""
        self._restart.set()

    def _pictures(self) -> Iterator[Picture]:
        from trainer.capture.video import open_video

        while not self._ending.is_set():
            with open_video(self._path) as clip:
                began_s = time.monotonic()
                for frame in clip:
                    due_s = began_s + frame.time_s
                    if self._ending.wait(max(0.0, due_s - time.monotonic())):
                        return
                    if self._restart.is_set():
                        self._restart.clear()
                        break
                    if time.monotonic() - due_s > 0.5:  # the computer slept or is overloaded
                        began_s = time.monotonic() - frame.time_s
                        due_s = time.monotonic()
                    yield due_s, frame.image
