"""Recording what the camera sees so that a crash loses a second of it at most."""

import errno
import os
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from trainer.capture.frame import Frame
from trainer.errors import PijatError, reason
from trainer.language import Text

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels of the raw frame."""

_TIME_BASE = Fraction(1, 1000)
_CLUSTER_MS = 500
_SYNC_S = 1.0
_MOSAIC_CELLS = 6


class VideoRecorder:
    """Writes frames with their true times into a WebM file that any browser plays.

    WebM is a row of clusters that each stand alone; one is written every half second and forced onto the disk
    every second, so a killed program, an empty battery or a full disk leaves a file that plays up to then.
    Frames are neither repeated nor evened out.

    Parameters
    ----------
    path : Path
        The ``.webm`` file; must not exist yet.
    width, height : int
        Size of the frames, in pixels.
    bitrate : int
        Bits a second; at the default an hour takes about 0.7 GB.

    Raises
    ------
    PijatError
        When the file exists or cannot be written.
    """

    def __init__(self, path: Path, width: int, height: int, *, bitrate: int = 1_500_000) -> None:
        import av
        from av.error import FFmpegError

        self.path = path
        self._size = (width, height)
        self._last_ms = -1
        self.frames = 0
        self._synced_s = time.monotonic()
        if path.suffix.lower() != ".webm":
            raise PijatError(
                Text(
                    f"Nama rekaman harus berakhir dengan .webm, bukan {path.name}.",
                    f"Expected a name that ends in .webm for the recording, got {path.name}.",
                )
            )
        if path.exists():
            raise PijatError(
                Text(
                    f"Sudah ada berkas di {path}: pilih nama lain untuk rekaman.",
                    f"Expected no file at {path}, got one: choose another name for the recording.",
                ),
                "conflict",
            )
        # Written to the disk cluster by cluster, which is what survives a crash.
        options = {"cluster_time_limit": str(_CLUSTER_MS), "flush_packets": "1"}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(str(path), "w", format="webm", container_options=options)
            self._stream = self._container.add_stream("libvpx", rate=30)
            self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
            self._stream.bit_rate = bitrate
            self._stream.codec_context.time_base = _TIME_BASE
            self._stream.codec_context.thread_count = 1
            self._stream.codec_context.gop_size = 60
            self._stream.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
        except (FFmpegError, OSError) as error:
            raise _cannot(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, frame: Frame, hidden: Sequence[Box] = ()) -> None:
        """Record a frame.

        Parameters
        ----------
        frame : Frame
            Later than the one before; a frame within the same millisecond is left out.
        hidden : sequence of (x0, y0, x1, y1)
            Regions, in pixels, to be made unrecognisable, such as the head.

        Raises
        ------
        PijatError
            When the disk is full; what was recorded before stays playable.
        """
        import av
        from av.error import FFmpegError

        height, width = frame.image.shape[:2]
        if (width, height) != self._size:
            raise PijatError(
                Text(
                    f"Ukuran gambar kamera berubah dari {self._size[0]} x {self._size[1]} menjadi {width} x {height} "
                    "piksel: mulai lagi rekamannya.",
                    f"Expected frames of {self._size[0]} x {self._size[1]} pixels, got {width} x {height}.",
                )
            )
        at_ms = round(frame.time_s * 1000)
        if at_ms <= self._last_ms:
            return
        self._last_ms = at_ms
        image = frame.image
        for box in hidden:
            image = with_mosaic(image, box)
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        picture.pts, picture.time_base = at_ms, _TIME_BASE
        try:
            self._container.mux(self._stream.encode(picture))
        except (FFmpegError, OSError) as error:
            raise _cannot(self.path, error) from error
        self.frames += 1
        if time.monotonic() - self._synced_s >= _SYNC_S:
            self._synced_s = time.monotonic()
            self._sync()

    def _sync(self) -> None:
        """Force onto the disk what the system still holds in memory."""
        try:
            handle = os.open(self.path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        except OSError:  # a system that lends the file to one opener only
            return
        try:
            os.fsync(handle)
        except OSError as error:
            raise _cannot(self.path, error) from error
        finally:
            os.close(handle)

    def close(self) -> None:
        """Finish the file; without this it still plays, but its length is not noted."""
        from av.error import FFmpegError

        container = self._container
        if container is None:
            return
        self._container = None  # type: ignore[assignment]
        try:
            if self.frames:
                container.mux(self._stream.encode(None))
            container.close()
        except (FFmpegError, OSError) as error:
            raise _cannot(self.path, error) from error


def with_mosaic(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """Return a picture with a region reduced to a few flat cells, from which no face can be restored.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    box : (x0, y0, x1, y1)
        Pixels; cut to the picture.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        RGB; the given picture is left as it is.
    """
    height, width = image.shape[:2]
    x0, y0 = max(0, int(np.floor(box[0]))), max(0, int(np.floor(box[1])))
    x1, y1 = min(width, int(np.ceil(box[2]))), min(height, int(np.ceil(box[3])))
    if x0 >= x1 or y0 >= y1:
        return image
    covered = image.copy()
    cell = max(1, max(x1 - x0, y1 - y0) // _MOSAIC_CELLS)
    for y in range(y0, y1, cell):
        for x in range(x0, x1, cell):
            part = covered[y : min(y + cell, y1), x : min(x + cell, x1)]
            part[:] = part.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    return covered


def _cannot(path: Path, error: OSError | Exception) -> PijatError:
    number = getattr(error, "errno", None)
    if number == errno.ENOSPC:
        return PijatError(
            Text(
                f"Disk penuh: sediakan tempat; yang sudah direkam ada di {path}.",
                f"The disk is full: free some room; what was recorded so far is in {path}.",
            ),
            "busy",
        )
    # PyAV numbers what only FFmpeg knows above what a system has.
    known = isinstance(number, int) and 0 < number < 200
    why = reason(OSError(number, os.strerror(number or 0)) if known else OSError(str(error)))
    return PijatError(
        Text(
            f"Rekaman tidak dapat ditulis ke {path} ({why.id}): pilih folder lain.",
            f"Could not record to {path}: {why.en}; choose another folder.",
        ),
        "busy",
    )
