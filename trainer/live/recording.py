"""One practice being put on disk: its spool, its video where the person agreed, and what happened when."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.analysis.pipeline import FrameResult
from trainer.back.head import head_box as square_beyond_neck
from trainer.capture.frame import Frame
from trainer.errors import PijatError
from trainer.live.model import Choices
from trainer.live.record import VIDEO_NAME, BackgroundRecorder, complete, new_session
from trainer.live.spool import SessionSpool, read_spool, spool_folder

if TYPE_CHECKING:
    from trainer.analysis.outcome import Outcome
    from trainer.back.calibration import Calibration
    from trainer.capture.recording import Box


class Recording:
    """Everything of one practice that must outlive the program.

    Parameters
    ----------
    sessions : Path
        Where the session folder will lie.
    choices : Choices
        Protocol, language, consent to video, and what the facilitator ticked already.
    source : str
        Where pictures come from.
    size : (int, int)
        Width and height of the pictures.
    models : mapping of str to str
        SHA-256 of the models that look at the pictures, by file name.

    Raises
    ------
    PijatError
        When the disk is full or the folder cannot be written.
    """

    def __init__(
        self,
        sessions: Path,
        choices: Choices,
        source: str,
        size: tuple[int, int],
        models: Mapping[str, str],
    ) -> None:
        now = dt.datetime.now().astimezone()
        start: dict[str, Any] = {
            "created": now.astimezone(dt.UTC).isoformat(timespec="seconds"),
            "protocol_ref": choices.protocol_ref,
            "language": choices.language,
            "mode": choices.mode,
            "source": source,
            "size": list(size),
            "models": dict(models),
        }
        self._spool = SessionSpool(spool_folder(new_session(sessions, now)), start)
        self._blur_head = choices.blur_head
        self._head: Box | None = None
        self._left_out = 0
        self._video = _open_video(self._spool.folder, size) if choices.keep_video else None
        for item, done in choices.confirmed.items():
            self.note(0.0, "confirm", item=item, done=done)

    def append(self, frame: Frame, seen: FrameResult) -> None:
        """Put a picture's result in the spool, and the picture in the video."""
        self._spool.append(seen)
        if self._video is None:
            return
        hidden: tuple[Box, ...] = ()
        if self._blur_head:
            self._head = head_box(seen) or self._head
            if self._head is None:
                self._left_out += 1  # nobody knows where the head is
                return
            hidden = (self._head,)
        self._video.append(replace(frame, index=seen.index, time_s=seen.time_s), hidden)

    def note(self, time_s: float, kind: str, **details: Any) -> None:
        """Put down at once that something happened."""
        self._spool.note(time_s, kind, **details)

    def note_back(self, time_s: float, calibration: Calibration | None, source: str | None) -> None:
        """Put down where the back is, if it is known."""
        if calibration is not None:
            self.note(time_s, "back", calibration=calibration.document(), source=source)

    def flush(self) -> None:
        """Put on disk what waits in memory."""
        self._spool.flush()

    def finish(self, time_s: float, dropped: int) -> Outcome:
        """Make the session folder and remove the spool.

        Raises
        ------
        PijatError
            When nothing was recorded or the folder cannot be written; the spool stays.
        """
        self._close_video()
        self.note(time_s, "frames", frames={"dropped": dropped}, video_left_out=self._left_out)
        self._spool.close()
        outcome = complete(read_spool(self._spool.folder), cut_off=False)
        self._spool.discard()
        return outcome

    def discard(self) -> None:
        """Remove all of it."""
        self._close_video()
        self._spool.discard()

    def leave(self) -> None:
        """Close, and leave the spool to be completed at the next start."""
        self._close_video()
        try:
            self._spool.close()
        except PijatError as error:
            logging.getLogger(__name__).warning("%s", error)

    def _close_video(self) -> None:
        if self._video is None:
            return
        self._video.close()
        self._left_out += self._video.left_out
        if self._video.failure is not None:
            logging.getLogger(__name__).warning("video: %s", self._video.failure)
        self._video = None


def _open_video(folder: Path, size: tuple[int, int]) -> BackgroundRecorder:
    from trainer.capture.recording import VideoRecorder

    return BackgroundRecorder(VideoRecorder(folder / VIDEO_NAME, *size))


def head_box(seen: FrameResult) -> Box | None:
    """Return where the recipient's head is at most: a generous square beyond C7, in pixels; None if unknown."""
    return None if seen.back_px is None else square_beyond_neck(seen.back_px)
