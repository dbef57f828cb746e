"""What a live session leaves: a spool while it runs, a session folder when it is over, however it ended."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from trainer.analysis.frame_columns import FrameColumns
from trainer.analysis.outcome import Outcome, RecordingFacts, conclude, confirmed, write_outcome
from trainer.capture.frame import Frame
from trainer.errors import PijatError
from trainer.language import Text
from trainer.live.spool import SpooledSession, find_spools, read_spool
from trainer.session.model import LIVE, CalibrationSource, LiveMeta, VideoMeta

if TYPE_CHECKING:
    from trainer.capture.recording import Box, VideoRecorder

VIDEO_NAME = "practice.webm"
SESSION_PREFIX = "practice-"
_LOCK_NAME = ".practice.lock"
_VIDEO_QUEUE = 12

CUT_OFF = Text(
    "Sesi ini tidak lengkap: program berhenti sebelum latihan selesai.",
    "This session is partial: the program ended before the practice did.",
)
_NO_BACK = Text(
    "Punggung tidak ditandai, jadi letak ibu jari tidak dinilai.",
    "The back was not marked, so that the thumbs' places are not judged.",
)
_PAUSED = Text(
    "Latihan dijeda {times} kali, {seconds:.0f} detik seluruhnya.",
    "The practice was paused (times: {times}), {seconds:.0f} seconds in all.",
)
_NOT_RECORDED = Text(
    "Video tidak lengkap: {count} gambar tidak terekam.",
    "The video lacks {count} pictures that were not recorded.",
)


def new_session(sessions: Path, now: dt.datetime) -> Path:
    """Return a folder for a session that begins now; it does not exist yet."""
    stem = f"{SESSION_PREFIX}{now:%Y%m%d-%H%M%S}"
    for name in (stem, *(f"{stem}-{number}" for number in range(2, 1000))):
        if not (sessions / name).exists() and not (sessions / f".{name}.partial").exists():
            return sessions / name
    raise PijatError(
        Text(
            f"Sudah ada seribu sesi dari detik ini di {sessions}: coba lagi sebentar lagi.",
            f"Expected room for another session in {sessions}, got a thousand of this second.",
        ),
        "conflict",
    )


def complete(spool: SpooledSession, *, cut_off: bool) -> Outcome:
    """Make a session of what a spool holds, and write its folder; the spool is left for the caller to remove.

    Parameters
    ----------
    spool : SpooledSession
        Of a session that is over.
    cut_off : bool
        Whether it did not come to its end.

    Raises
    ------
    PijatError
        When there is nothing in it, its protocol is gone, or the folder cannot be written.
    """
    from trainer.protocol.library import load

    columns = FrameColumns()
    for result in spool.results():
        columns.append(result)
    folder = _session_of(spool.folder)
    story = _read_notes(spool.notes)
    protocol = load(spool.start["protocol_ref"])
    if not len(columns):
        raise PijatError(
            Text(
                "Belum ada gambar latihan sama sekali: berlatihlah sebentar.",
                "Expected at least one picture of the practice, got none: practise for a moment.",
            )
        )
    video = spool.folder / VIDEO_NAME
    attachments = {VIDEO_NAME: video} if video.is_file() and video.stat().st_size else {}
    facts = _facts(spool, columns, story, bool(attachments), cut_off=cut_off)
    models = spool.start.get("models", {})
    outcome = conclude(
        folder,
        columns,
        protocol,
        facts,
        models=models,
        stopped_s=story.pain_s,
        pauses_s=facts.live.pauses_s if facts.live else (),
    )
    outcome = confirmed(outcome, story.confirmed)
    write_outcome(outcome, language=spool.start["language"], attachments=attachments)
    return outcome


def recover(sessions: Path) -> list[Outcome]:
    """Complete what a killed program left unfinished in a folder; what cannot be completed stays as it is."""
    import shutil

    done = []
    for folder in find_spools(sessions):
        try:
            spool = read_spool(folder)
            if not len(spool.records):
                shutil.rmtree(folder, ignore_errors=True)
                continue
            if not _session_of(folder).exists():
                done.append(complete(spool, cut_off=True))
            shutil.rmtree(folder, ignore_errors=True)
        except (PijatError, OSError, KeyError) as error:
            logging.getLogger(__name__).warning("could not complete %s: %s", folder.name, error)
    return done


@contextlib.contextmanager
def sole_user(sessions: Path) -> Iterator[bool]:
    """Say whether this program alone practises into a folder; a killed program's claim dies with it."""
    sessions.mkdir(parents=True, exist_ok=True)
    with (sessions / _LOCK_NAME).open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError:
            yield False
        else:
            yield True


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class BackgroundRecorder:
    """Records video beside the analysis, in a thread of its own; a picture that finds it busy is left out.

    Parameters
    ----------
    recorder : VideoRecorder
        Closed with this.
    """

    def __init__(self, recorder: VideoRecorder) -> None:
        self._recorder = recorder
        self._waiting: queue.Queue[tuple[Frame, Sequence[Box]] | None] = queue.Queue(maxsize=_VIDEO_QUEUE)
        self.left_out = 0
        self.failure: str | None = None
        self._thread = threading.Thread(target=self._work, name="pijat-video", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, frame: Frame, hidden: Sequence[Box] = ()) -> None:
        """Record a frame, if there is time."""
        try:
            self._waiting.put_nowait((frame, hidden))
        except queue.Full:
            self.left_out += 1

    def close(self) -> None:
        """Record what waits and finish the file."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _work(self) -> None:
        try:
            while (item := self._waiting.get()) is not None:
                if self.failure is None:
                    self._append(*item)
                else:
                    self.left_out += 1
        finally:
            try:
                self._recorder.close()
            except PijatError as error:
                self.failure = str(error)

    def _append(self, frame: Frame, hidden: Sequence[Box]) -> None:
        try:
            self._recorder.append(frame, hidden)
        except PijatError as error:
            # The massage goes on: what is seen of it matters more than its video.
            self.failure = str(error)
            self.left_out += 1


@dataclass(frozen=True)
class _PracticeNotes:
    """What the notes of a spool tell."""

    confirmed: dict[str, bool]
    pauses: list[list[float | None]]
    pain_s: float | None
    calibration: Any
    calibration_source: CalibrationSource
    frames: dict[str, int]
    video_left_out: int


def _read_notes(notes: Sequence[Mapping[str, Any]]) -> _PracticeNotes:
    ticked: dict[str, bool] = {}
    pauses: list[list[float | None]] = []
    pain_s: float | None = None
    calibration: Any = None
    source: CalibrationSource = "none"
    frames: dict[str, int] = {}
    left_out = 0
    for note in notes:
        match note["kind"]:
            case "confirm" if note["done"] is None:
                ticked.pop(note["item"], None)
            case "confirm":
                ticked[note["item"]] = bool(note["done"])
            case "pause":
                pauses.append([note["time_s"], None])
            case "resume" if pauses:
                pauses[-1][1] = note["time_s"]
            case "pain":
                pain_s = float(note["time_s"])
            case "back":
                calibration, source = note["calibration"], note["source"]
            case "frames":
                frames = dict(note["frames"])
                left_out = int(note.get("video_left_out", 0))
    return _PracticeNotes(ticked, pauses, pain_s, calibration, source, frames, left_out)


def _facts(
    spool: SpooledSession, columns: FrameColumns, story: _PracticeNotes, recorded: bool, *, cut_off: bool
) -> RecordingFacts:
    times, (width, height) = columns.time_s, spool.start["size"]
    fps = 1.0 / float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    warnings = [CUT_OFF] if cut_off else []
    if story.calibration is None:
        warnings.append(_NO_BACK)
    closed = [(float(start or 0.0), float(times[-1] if end is None else end)) for start, end in story.pauses]
    if closed:
        seconds = sum(max(0.0, end - start) for start, end in closed)
        warnings.append(_filled(_PAUSED, times=len(closed), seconds=seconds))
    if recorded and story.video_left_out:
        warnings.append(_filled(_NOT_RECORDED, count=story.video_left_out))
    return RecordingFacts(
        created=spool.start["created"],
        complete=not cut_off,
        video=VideoMeta(
            name=VIDEO_NAME if recorded else LIVE,
            sha256=None,
            width=width,
            height=height,
            duration_s=round(float(times[-1]), 4),
            fps_median=round(fps, 3),
            frames_read=len(columns),
            frames_dropped=int(story.frames.get("dropped", 0)),
        ),
        calibration=story.calibration,
        calibration_source=story.calibration_source,
        warnings=tuple(warnings),
        live=LiveMeta(
            source=spool.start["source"],
            mode=spool.start["mode"],
            pauses_s=tuple(closed),
            stopped_for_pain_s=story.pain_s,
        ),
    )


def _filled(text: Text, **values: float) -> Text:
    return Text(text.id.format(**values), text.en.format(**values))


def _session_of(spool_folder: Path) -> Path:
    name = spool_folder.name.removeprefix(".").removesuffix(".partial")
    return spool_folder.parent / name
