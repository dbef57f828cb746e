"""A recorded massage in, a scored session folder out: what ``pijat analyze`` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.analysis.frame_columns import FrameColumns
from trainer.analysis.pipeline import Pipeline
from trainer.errors import PijatError
from trainer.language import Language, Text, number
from trainer.session.model import Session, VideoMeta

if TYPE_CHECKING:
    from trainer.analysis.back_finding import FoundBack
    from trainer.analysis.outcome import RecordingFacts
    from trainer.back.calibration import Calibration
    from trainer.capture.video import VideoFile
    from trainer.protocol.model import Protocol

Progress = Callable[[float, float | None], None]
"""Told after each frame: seconds of video done, and seconds in all where known."""

PARTIAL = Text(
    id="Sesi ini tidak lengkap: analisis berhenti sebelum video selesai.",
    en="This session is partial: the analysis ended before the video did.",
)


class Interrupted(PijatError):
    """Somebody stopped the analysis; what was analysed up to then has been written as a partial session."""


@dataclass(frozen=True)
class Settings:
    """What a person may choose for an analysis.

    Attributes
    ----------
    calibration : Calibration or None
        Marked landmarks; None lets Pijat find the back by itself.
    protocol : str or Path or None
        Id of a built-in protocol or a protocol file; None for the default one.
    stroke_model : Path or None
        An ONNX stroke model in place of the shipped one.
    language : {"id", "en"}
        The language in which the report opens; it holds both.
    overwrite : bool
        Whether an older session in the output folder may be replaced.
    """

    calibration: Calibration | None = None
    protocol: str | Path | None = None
    stroke_model: Path | None = None
    language: Language = "id"
    overwrite: bool = False


def analyze(
    video: str | Path, out: str | Path, settings: Settings | None = None, progress: Progress | None = None
) -> Session:
    """Analyse a recorded massage and write its session folder.

    Parameters
    ----------
    video : path
        Any video that FFmpeg reads.
    out : path
        The session folder to write: absent or empty, unless `Settings.overwrite`.
    settings : Settings, optional
        Calibration, protocol and the like.
    progress : callable, optional
        Told seconds done and seconds in all.

    Returns
    -------
    Session
        As written.

    Raises
    ------
    PijatError
        With one sentence saying what to do, when the video, the calibration, the protocol or the output
        folder cannot be used.
    Interrupted
        On Ctrl-C, after what was analysed has been written as a partial session.
    """
    from trainer.analysis.back_finding import find_back
    from trainer.capture.video import open_video
    from trainer.perception.fetching import ensure_model
    from trainer.perception.model_hashes import model_hashes
    from trainer.perception.tracker import HandTracker
    from trainer.protocol.library import load as load_protocol
    from trainer.session.folder import check_output

    settings = settings or Settings()
    folder = Path(out)
    check_output(folder, overwrite=settings.overwrite)
    protocol = load_protocol(settings.protocol)
    with open_video(video) as file:
        hand_model = ensure_model("hand_landmarker")
        found = find_back(file, settings.calibration, hand_model)
        columns = FrameColumns()
        interrupted = False
        tracker = HandTracker(hand_model)
        models = model_hashes(tracker.model_sha256)
        with Pipeline(tracker, found.follower) as pipeline:
            try:
                for frame in file:
                    columns.append(pipeline.process(frame))
                    if progress is not None:
                        progress(frame.time_s, file.duration_s)
            except KeyboardInterrupt:
                interrupted = True
        if not len(columns):
            raise PijatError(
                Text(
                    f"Tidak ada gambar yang terbaca dalam {file.path.name}: rekam lagi.",
                    f"Expected pictures in {file.path.name}, found none that can be decoded: record it again.",
                )
            )
        complete = not interrupted and file.complete
        record = _Record(file, columns, found, protocol, models, complete)
        session = _write(folder, record, settings)
    if interrupted:
        raise Interrupted(
            Text(
                f"Berhenti setelah {number(float(columns.time_s[-1]), 1).id} detik video; yang sudah dianalisis "
                f"ada di {folder}.",
                f"Stopped after {columns.time_s[-1]:.1f} s of video; what was analysed is in {folder}.",
            )
        )
    return session


@dataclass(frozen=True, eq=False)
class _Record:
    """What the pass over the video left."""

    video: VideoFile
    columns: FrameColumns
    found: FoundBack
    protocol: Protocol
    models: dict[str, str]
    complete: bool


def _write(folder: Path, record: _Record, settings: Settings) -> Session:
    from trainer.analysis.outcome import conclude, write_outcome

    outcome = conclude(
        folder,
        record.columns,
        record.protocol,
        _facts(record),
        models=record.models,
        stroke_model=settings.stroke_model,
    )
    return write_outcome(outcome, language=settings.language, overwrite=settings.overwrite)


def _facts(record: _Record) -> RecordingFacts:
    """Return what ``session.json`` says of this video."""
    from trainer.analysis.outcome import RecordingFacts

    video, found = record.video, record.found
    partial = () if record.complete else (PARTIAL,)
    return RecordingFacts(
        video=VideoMeta(
            name=video.path.name,
            sha256=video.sha256,
            width=video.width,
            height=video.height,
            duration_s=round(float(record.columns.time_s[-1]), 4),
            fps_median=round(video.fps_median, 3),
            frames_read=video.frames_read,
            frames_dropped=video.frames_dropped,
        ),
        calibration=None if found.calibration is None else found.calibration.document(),
        calibration_source=found.source,
        complete=record.complete,
        warnings=(*video.warnings, *found.warnings, *partial),
    )
