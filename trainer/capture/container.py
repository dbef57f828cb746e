"""What FFmpeg's containers tell about a video before its frames are read."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from trainer.capture.orientation import Orientation, orientation_of
from trainer.errors import PijatError, reason
from trainer.language import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.container import InputContainer
    from av.sidedata.sidedata import SideData
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_MAX_DECODER_THREADS = 4
_LARGE_PX = 4096 * 2304
"""Above this, decode with slice threads: each frame thread would hold one more picture in memory."""
_DEMUXERS = (
    "mov,matroska,webm,avi,gif,mpegts,mpeg,mpegvideo,flv,live_flv,asf,ogg,mxf,nut,dv,rm,wtv,ivf,apng,h264,hevc,m4v,"
    "obu,av1,mjpeg,mpjpeg,yuv4mpegpipe,jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,wav,mp3,aac,flac,amr,aiff,ac3"
)
"""What a recording can be; not play lists, which name other files or hosts, nor text, taken for ASCII art."""


def check_file(path: Path) -> None:
    """Raise `PijatError` unless there is a readable file with something in it."""
    try:
        if path.is_dir():
            raise PijatError(
                Text(
                    f"{path} adalah folder: pilih berkas video di dalamnya.",
                    f"Expected a video file, got the directory {path}: name the file in it.",
                )
            )
        if not path.exists():
            raise PijatError(
                Text(
                    f"Tidak ada video di {path}: periksa namanya.",
                    f"Expected a video file at {path}, found none: check the name.",
                ),
                "missing",
            )
        with path.open("rb") as file:
            if not file.read(1):
                raise PijatError(
                    Text(
                        f"{path} kosong: salin lagi dari kamera.",
                        f"Expected a video, got {path} with no content: copy it again from the camera.",
                    )
                )
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"{path} tidak dapat dibaca ({why.id}): periksa izinnya.",
                f"Expected to read {path}, got: {why.en}.",
            )
        ) from error


def open_container(path: Path) -> "tuple[InputContainer, VideoStream]":
    """Open a file and choose its video stream, ready to decode; raise `PijatError` when there is none."""
    import av
    from av.error import FFmpegError

    # The protocol prefix keeps a colon in the name from being read as one; the whitelists keep a play list
    # that is named like a video from reaching for the network.
    options = {"protocol_whitelist": "file", "format_whitelist": _DEMUXERS}
    try:
        container = av.open(f"file:{path}", options=options, metadata_errors="replace")
    except (FFmpegError, OSError) as error:
        raise PijatError(_unreadable(path)) from error
    streams = [s for s in container.streams.video if not s.disposition & s.disposition.__class__.attached_pic]
    if not streams:
        sound = len(container.streams.audio) > 0
        container.close()
        raise PijatError(
            Text(
                f"{path} hanya berisi suara: pilih rekaman videonya.",
                f"Expected moving pictures in {path}, got only sound: choose the video recording.",
            )
            if sound
            else _unreadable(path)
        )
    best = container.streams.best("video")
    stream = next((s for s in streams if best is not None and s.index == best.index), streams[0])
    large = stream.codec_context.width * stream.codec_context.height > _LARGE_PX
    stream.thread_type = "SLICE" if large else "AUTO"
    stream.codec_context.thread_count = min(_MAX_DECODER_THREADS, os.cpu_count() or 1)
    return container, stream


def _unreadable(path: Path) -> Text:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return Text(
            f"{path} tidak utuh (indeksnya tidak ada): rekamannya terputus; salin sekali lagi.",
            f"Expected a video, got {path} without its index: the recording was cut off; copy it again.",
        )
    return Text(
        f"{path} tidak dapat dibaca sebagai video: pilih berkas mp4, mov, mkv, webm atau avi.",
        f"Expected a video, got {path} which cannot be decoded: choose an mp4, mov, mkv, webm or avi file.",
    )


def first_frame(container: "InputContainer", stream: "VideoStream", path: Path) -> "VideoFrame":
    """Decode the first picture; raise `PijatError` when there is none."""
    from av.error import FFmpegError

    with suppress(FFmpegError, OSError):
        for packet in container.demux(stream):
            with suppress(FFmpegError):
                for picture in packet.decode():
                    return picture  # type: ignore[return-value]
    raise PijatError(
        Text(
            f"Tidak ada gambar yang terbaca dalam {path}: videonya rusak; salin sekali lagi.",
            f"Expected at least one readable frame in {path}, got none: the video is damaged; copy it again.",
        )
    )


def frame_orientation(frame: "VideoFrame") -> Orientation:
    """Read how the picture is turned for display."""
    from av.sidedata.sidedata import Type

    sides = cast("Sequence[SideData]", frame.side_data)  # the stub takes its integer keys for names
    for index in range(len(sides)):
        if sides[index].type == Type.DISPLAYMATRIX:
            return orientation_of(bytes(sides[index]))
    return Orientation()


def nominal_rate(stream: "VideoStream") -> float:
    """Return the frame rate that the container claims, in Hz; 25 when it claims none."""
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0.01 <= float(rate) <= 1000.0:
            return float(rate)
    return 25.0


def duration_s(container: "InputContainer", stream: "VideoStream") -> float | None:
    """Return the length of the video stream in seconds, None when the container does not say."""
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
