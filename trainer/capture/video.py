"""A recorded video as a stream of upright frames with their true times (PyAV)."""

import hashlib
import os
from collections.abc import Iterator
from fractions import Fraction
from heapq import heapify, heappop, heappush
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from trainer.capture.container import (
    check_file,
    duration_s,
    first_frame,
    frame_orientation,
    nominal_rate,
    open_container,
)
from trainer.capture.frame import Frame
from trainer.capture.timing import FrameClock
from trainer.language import Text

if TYPE_CHECKING:
    from av.container import InputContainer


def open_video(path: str | os.PathLike[str]) -> "VideoFile":
    """Open a recorded video.

    Parameters
    ----------
    path : path
        Any container and codec that FFmpeg reads: mp4, mov, mkv, webm, avi, gif, ...

    Returns
    -------
    VideoFile
        A context manager; iterate over it for the frames.

    Raises
    ------
    PijatError
        When there is no such file or nothing in it can be shown as a picture.

    Examples
    --------
    ``video_file`` is any video of a massage.

    >>> with open_video(video_file) as video:
    ...     first = next(iter(video))
    >>> first.time_s, first.image.shape
    (0.0, (480, 640, 3))
    """
    return VideoFile(Path(path))


class VideoFile:
    """A recorded video; iterating yields `trainer.capture.frame.Frame`, one in memory at a time.

    Every iteration starts at the first frame. Counts, rate and warnings tell of the iteration so far.

    Attributes
    ----------
    path : Path
        The file.
    width, height : int
        Size of the upright frames, in pixels.
    orientation : Orientation
        How the stored pictures are turned.
    duration_s : float or None
        Estimated length in seconds, from the container; None when it does not say.
    frame_count : int or None
        Estimated number of frames.
    fps : float
        Nominal frame rate in Hz, from the container; see `fps_median` for the true one.
    frames_read, frames_dropped : int
        Frames yielded; frames left out because their time was repeated, ran backwards, or because they could
        not be decoded.
    complete : bool
        False once the file turned out to be cut off or damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        check_file(path)
        self.frames_read = 0
        self.frames_dropped = 0
        self.complete = True
        self._sha256: str | None = None
        self._clock: FrameClock | None = None
        self._resized = 0
        self._corrupt = 0
        self._open: InputContainer | None = None
        container, stream = open_container(path)
        with container:
            self.fps = nominal_rate(stream)
            self.duration_s = duration_s(container, stream)
            self._indexed_frames = int(stream.frames or 0)
            first = first_frame(container, stream, path)
            self.orientation = frame_orientation(first)
            self._stored_size = (first.width, first.height)
            self.width, self.height = self.orientation.size(first.width, first.height)
            self._square = stream.sample_aspect_ratio in (None, 0, Fraction(1))
        if self._indexed_frames > 0:
            self.frame_count: int | None = self._indexed_frames
        else:
            self.frame_count = None if self.duration_s is None else max(1, round(self.duration_s * self.fps))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a running iteration ends."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @property
    def fps_median(self) -> float:
        """Median frame rate in Hz of the frames read so far; the nominal rate before the second."""
        seen = None if self._clock is None else self._clock.rate_hz
        return self.fps if seen is None else seen

    @property
    def start_s(self) -> float:
        """When the file says that its first frame is, in seconds: what was recorded may begin later than its clock."""
        return 0.0 if self._clock is None else self._clock.origin_s

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, in hexadecimal; read once, in pieces."""
        if self._sha256 is None:
            with self.path.open("rb") as file:
                self._sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return self._sha256

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What is wrong with the file, so far."""
        texts: list[Text] = []

        def warn(indonesian: str, english: str) -> None:
            texts.append(Text(indonesian, english))

        clock = self._clock
        if not self.complete:
            last = 0.0 if clock is None or clock.last_s is None else clock.last_s
            warn(
                f"Berkas video terpotong atau rusak: hanya {last:.1f} detik pertama yang terbaca.",
                f"The video file is cut off or damaged: only the first {last:.1f} seconds could be read.",
            )
        if self.frames_dropped:
            warn(
                f"{self.frames_dropped} gambar dilewati: waktunya berulang, mundur, atau gambarnya rusak.",
                f"{self.frames_dropped} frames were left out: their time was repeated or ran backwards, or "
                "they could not be decoded.",
            )
        if self._corrupt:
            warn(
                f"{self._corrupt} gambar rusak sebagian.",
                f"{self._corrupt} frames are partly damaged.",
            )
        if clock is not None and clock.resumed:
            warn(
                f"Jam video mundur {clock.resumed} kali; waktu dilanjutkan dari gambar sebelumnya.",
                f"The clock of the video jumps back (times: {clock.resumed}); time goes on where it stood.",
            )
        if clock is not None and clock.untimed:
            warn(
                f"{clock.untimed} gambar tidak mencatat waktu; dipakai laju {self.fps:.3g} gambar per detik.",
                f"{clock.untimed} frames have no time; they are spaced at {self.fps:.3g} frames a second.",
            )
        if clock is not None and clock.gap:
            warn(
                f"Ada jeda {clock.longest_gap_s:.1f} detik tanpa gambar di dalam video.",
                f"The video has a gap of {clock.longest_gap_s:.1f} seconds without frames.",
            )
        if self._resized:
            warn(
                f"Ukuran gambar berubah di tengah video; disamakan menjadi {self.width} x {self.height}.",
                f"The picture size changes within the video; brought to {self.width} x {self.height}.",
            )
        if not self._square:
            warn(
                "Piksel video ini tidak persegi; posisi diukur pada gambar sebagaimana tersimpan.",
                "This video has non-square pixels; positions are measured on the picture as stored.",
            )
        return tuple(texts)

    def __iter__(self) -> Iterator[Frame]:
        from av.error import FFmpegError
        from av.video.reformatter import VideoReformatter

        from trainer.capture.color import to_rgb

        self.close()
        self.frames_read = self.frames_dropped = self._resized = self._corrupt = 0
        self.complete = True
        clock = self._clock = FrameClock(self.fps)
        reformatter = VideoReformatter()
        container, stream = open_container(self.path)
        self._open = container
        undecodable = 0
        # AVI counts packets and knows no presentation times: FFmpeg guesses wrong where frames are reordered.
        in_order = "avi" in container.format.name.split(",")
        waiting: list[int] = []
        try:
            packets = container.demux(stream)
            while self._open is container:
                try:
                    packet = next(packets, None)
                except (FFmpegError, OSError):
                    self.complete = False
                    break
                if packet is None:
                    break
                if in_order and packet.dts is not None:
                    heappush(waiting, packet.dts)
                try:
                    decoded = packet.decode()
                except FFmpegError:
                    undecodable += 1
                    if in_order and packet.dts in waiting:
                        waiting.remove(packet.dts)
                        heapify(waiting)
                    self.frames_dropped += 1
                    continue
                for picture in decoded:
                    pts = heappop(waiting) if waiting else picture.pts
                    time_s = clock.tell(pts, picture.time_base or stream.time_base)
                    if time_s is None:
                        self.frames_dropped += 1
                        continue
                    self._corrupt += bool(picture.is_corrupt)
                    self._resized += (picture.width, picture.height) != self._stored_size
                    image = self.orientation.apply(to_rgb(picture, reformatter, self._stored_size))
                    index = self.frames_read
                    self.frames_read += 1
                    yield Frame(index, time_s, image)
            self.complete = self.complete and not self._ends_early(clock, undecodable)
        finally:
            container.close()
            if self._open is container:
                self._open = None

    def _ends_early(self, clock: FrameClock, undecodable: int) -> bool:
        """Whether the frames stop well before the container's index or header says they do."""
        handled = self.frames_read + self.frames_dropped
        if undecodable and clock.last_s is not None and self.duration_s is not None:
            return clock.last_s + 3 / self.fps_median < self.duration_s
        if self._indexed_frames:
            # Edit lists and decoders leave a few frames out; a cut loses more than that.
            return handled < 0.98 * self._indexed_frames - 5
        if self.duration_s is None or clock.last_s is None or clock.resumed:
            return False
        return clock.last_s + max(1.0, 5 / self.fps_median) < self.duration_s
