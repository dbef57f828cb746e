"""A recorded video as a stream of upright frames with their true times (PyAV)."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from trainer.capture.frame import Frame
from trainer.capture.orientation import Orientation, orientation_of
from trainer.capture.timing import FrameClock
from trainer.errors import PijatError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_MAX_DECODER_THREADS = 4
_LARGE_PX = 4096 * 2304
"""Above this, decode with slice threads: each frame thread would hold one more picture in memory."""
_NOT_VIDEO = frozenset({"tty", "hls", "concat", "dash", "webvtt", "srt", "ass", "image2", "lavfi"})
"""Containers that text or play lists are taken for; a play list could even name files elsewhere."""


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
    >>> with open_video("massage.mp4") as video:  # doctest: +SKIP
    ...     for frame in video:
    ...         print(frame.time_s, frame.image.shape)
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
        _check_file(path)
        self.frames_read = 0
        self.frames_dropped = 0
        self.complete = True
        self._sha256: str | None = None
        self._clock: FrameClock | None = None
        self._resized = 0
        self._corrupt = 0
        self._open: InputContainer | None = None
        container, stream = _open_container(path)
        with container:
            self.fps = _nominal_rate(stream)
            self.duration_s = _duration_s(container, stream)
            self._indexed_frames = int(stream.frames or 0)
            first = _first_frame(container, stream, path)
            self.orientation = _orientation(first)
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
    def sha256(self) -> str:
        """SHA-256 of the file, in hexadecimal; read once, in pieces."""
        if self._sha256 is None:
            with self.path.open("rb") as file:
                self._sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return self._sha256

    @property
    def warnings(self) -> tuple[dict[str, str], ...]:
        """What is wrong with the file, so far, as texts in Indonesian (``id``) and English (``en``)."""
        texts: list[dict[str, str]] = []

        def warn(indonesian: str, english: str) -> None:
            texts.append({"id": indonesian, "en": english})

        clock = self._clock
        if not self.complete:
            last = 0.0 if clock is None or clock.last_s is None else clock.last_s
            warn(
                f"Berkas video terpotong atau rusak: hanya {last:.1f} detik pertama yang terbaca.",
                f"The video file is cut off or damaged: only the first {last:.1f} seconds could be read.",
            )
        if self.frames_dropped:
            warn(
                f"{self.frames_dropped} gambar dilewati karena waktunya berulang, mundur, atau gambarnya rusak.",
                f"{self.frames_dropped} frames were left out: their time was repeated or ran backwards, or they "
                "could not be decoded.",
            )
        if self._corrupt:
            warn(
                f"{self._corrupt} gambar rusak sebagian.",
                f"{self._corrupt} frames are partly damaged.",
            )
        if clock is not None and clock.resumed:
            warn(
                f"Jam video mundur {clock.resumed} kali; waktu dilanjutkan dari gambar sebelumnya.",
                f"The clock of the video jumps back {clock.resumed} times; time goes on from the frame before.",
            )
        if clock is not None and clock.untimed:
            warn(
                f"{clock.untimed} gambar tidak mencatat waktu; dipakai laju {self.fps:.3g} gambar per detik.",
                f"{clock.untimed} frames carry no time; they are spaced by the frame rate, {self.fps:.3g} per second.",
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
        container, stream = _open_container(self.path)
        self._open = container
        undecodable = 0
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
                try:
                    decoded = packet.decode()
                except FFmpegError:
                    undecodable += 1
                    self.frames_dropped += 1
                    continue
                for picture in decoded:
                    time_s = clock.tell(picture.pts, picture.time_base or stream.time_base)
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


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise PijatError(f"Expected a video file, got the directory {path}: name the file in it.")
        if not path.exists():
            raise PijatError(f"Expected a video file at {path}, found none: check the name.")
        with path.open("rb") as file:
            if not file.read(1):
                raise PijatError(
                    f"Expected a video, got {path} with no content: copy it again from the camera."
                )
    except OSError as error:
        raise PijatError(f"Expected to read {path}, got: {error.strerror or error}.") from error


def _open_container(path: Path) -> "tuple[InputContainer, VideoStream]":
    import av
    from av.error import FFmpegError

    # The protocol prefix keeps a colon in the name from being read as one; the whitelist keeps a play list that
    # is named like a video from reaching for the network.
    try:
        container = av.open(f"file:{path}", options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except (FFmpegError, OSError) as error:
        raise PijatError(_unreadable(path)) from error
    if _NOT_VIDEO & set(container.format.name.split(",")):
        container.close()
        raise PijatError(_unreadable(path))
    streams = [s for s in container.streams.video if not s.disposition & s.disposition.__class__.attached_pic]
    if not streams:
        sound = len(container.streams.audio) > 0
        container.close()
        raise PijatError(
            f"Expected moving pictures in {path}, got only sound: choose the video recording."
            if sound
            else _unreadable(path)
        )
    best = container.streams.best("video")
    stream = next((s for s in streams if best is not None and s.index == best.index), streams[0])
    large = stream.codec_context.width * stream.codec_context.height > _LARGE_PX
    stream.thread_type = "SLICE" if large else "AUTO"
    stream.codec_context.thread_count = min(_MAX_DECODER_THREADS, os.cpu_count() or 1)
    return container, stream


def _unreadable(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return f"Expected a video, got {path} without its index: the recording or the copy was cut off; copy it again."
    return f"Expected a video, got {path} which no decoder can read: choose an mp4, mov, mkv, webm, avi or gif file."


def _first_frame(container: "InputContainer", stream: "VideoStream", path: Path) -> "VideoFrame":
    from av.error import FFmpegError

    with suppress(FFmpegError, OSError):
        for packet in container.demux(stream):
            with suppress(FFmpegError):
                for picture in packet.decode():
                    return picture  # type: ignore[return-value]
    raise PijatError(
        f"Expected at least one readable frame in {path}, got none: the video is damaged; copy it again."
    )


def _orientation(frame: "VideoFrame") -> Orientation:
    from av.sidedata.sidedata import Type

    data = frame.side_data.get(Type.DISPLAYMATRIX)
    return orientation_of(None if data is None else bytes(data))


def _nominal_rate(stream: "VideoStream") -> float:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0.01 <= float(rate) <= 1000.0:
            return float(rate)
    return 25.0


def _duration_s(container: "InputContainer", stream: "VideoStream") -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    text = stream.metadata.get("DURATION")  # Matroska's per-track tag
    if text is not None:
        with suppress(ValueError):
            hours, minutes, seconds = text.split(":")
            return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    # The container's length is that of its longest stream, which may be the sound.
    if container.duration and len(container.streams) == 1:
        return container.duration / 1_000_000
    return None
