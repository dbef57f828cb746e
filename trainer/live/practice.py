"""One practice from its start to its end: what is recorded, counted and said meanwhile, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.analysis.pipeline import FrameResult
from trainer.back.causal import CausalPoint
from trainer.capture.frame import Frame
from trainer.live.model import BackSource, Choices, PauseReason, Progress
from trainer.live.progress import ProgressCounter
from trainer.live.recording import Recording
from trainer.live.strokes import StrokeWorker
from trainer.perception.observation import Hand
from trainer.protocol.coaching import Coach, Cue
from trainer.protocol.sizing import sized

if TYPE_CHECKING:
    from trainer.analysis.outcome import Outcome
    from trainer.back.calibration import Calibration
    from trainer.strokes.event import StrokeEvent


@dataclass(frozen=True, eq=False)
class Practised:
    """What one practised picture came to.

    Attributes
    ----------
    seen : FrameResult
        With the practice's own frame number and time.
    strokes : mapping of hand to StrokeEvent
        What a hand was doing a moment ago.
    cue : Cue or None
        To be said now.
    """

    seen: FrameResult
    strokes: Mapping[Hand, StrokeEvent]
    cue: Cue | None


class Practice:
    """One person's practice; on disk from the first picture on.

    Parameters
    ----------
    sessions : Path
        Where the session folder is written.
    choices : Choices
        What is practised, and how.
    source : str
        Where pictures come from, for the record.
    size : (int, int)
        Width and height of the pictures.
    size_ratio : float
        Of the recipient's back to the usual one.
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
        size_ratio: float,
        models: Mapping[str, str],
    ) -> None:
        protocol = sized(choices.protocol, size_ratio)
        self._counter = ProgressCounter(protocol)
        self._coach = Coach(protocol) if choices.mode == "coach" else None
        self._recording: Recording | None = Recording(sessions, choices, source, size, models)
        self._strokes = StrokeWorker()
        self._frames = 0
        self._dropped = 0
        self._origin_s: float | None = None
        self._paused_s = 0.0
        self._pause_began_s = 0.0
        self._resuming = False
        self.time_s = 0.0
        """Seconds since the first practised picture, pauses included."""

    def look(
        self,
        frame: Frame,
        seen: FrameResult,
        points: Mapping[Hand, CausalPoint],
        in_view: Mapping[Hand, bool],
        dropped: int,
    ) -> Practised:
        """Take the next picture.

        Parameters
        ----------
        frame : Frame
            In the stream's time.
        seen : FrameResult
            Of `frame`.
        points : mapping of hand to CausalPoint
            The thumbs' filtered places.
        in_view : mapping of hand to bool
            Whether a hand was seen lately; a cue is not given to one that was not.
        dropped : int
            Pictures that were passed over so far, for the record.

        Raises
        ------
        PijatError
            When the disk is full.
        """
        if self._origin_s is None:
            self._origin_s = frame.time_s
        self.time_s = frame.time_s - self._origin_s
        self._dropped = dropped
        recording = self._open_recording()
        if self._resuming:
            self._resuming = False
            self._paused_s += self.time_s - self._pause_began_s
            recording.note(self.time_s, "resume")
        seen = replace(seen, index=self._frames, time_s=self.time_s)
        now = self._strokes.push(seen.time_s, points, lambda: recording.append(frame, seen))
        self._frames += 1
        self._counter.add(now.finished)
        return Practised(seen, now.current, self._cue(now.current, in_view))

    def _cue(self, strokes: Mapping[Hand, StrokeEvent], in_view: Mapping[Hand, bool]) -> Cue | None:
        if self._coach is None:
            return None
        told = [hand for hand, seen in in_view.items() if seen or hand in strokes]
        return self._coach.advise(self.time_s, {hand: strokes.get(hand) for hand in told})

    def go_on(self) -> None:
        """Begin what the last picture left to be done behind its answer."""
        self._strokes.go_on()

    def progress(self, strokes: Mapping[Hand, StrokeEvent]) -> Progress:
        """Say how far it is, with the strokes going on."""
        return self._counter.progress(max(0.0, self.time_s - self._paused_s), strokes)

    def note_back(self, calibration: Calibration | None, source: BackSource | None) -> None:
        """Put down where the back is now."""
        if self._recording is not None:
            self._recording.note_back(self.time_s, calibration, source)

    def note_confirmed(self, item: str, done: bool | None) -> None:
        """Put down a facilitator's word."""
        if self._recording is not None:
            self._recording.note(self.time_s, "confirm", item=item, done=done)

    def note_pain(self) -> None:
        """Put down that it was stopped for pain."""
        self._open_recording().note(self.time_s, "pain")

    def pause(self, why: PauseReason) -> None:
        """Stop for a while, with everything so far on disk; the practice's time runs on."""
        recording, resumed = self._open_recording(), not self._resuming
        self._resuming = False
        if resumed:
            self._pause_began_s = self.time_s
            recording.note(self.time_s, "pause", why=why)
        self._counter.add(self._strokes.drain().finished)
        recording.flush()

    def resume(self) -> None:
        """Go on; how long the pause was is known when the next picture comes."""
        self._resuming = True

    def finish(self) -> Outcome:
        """Read what was recorded with full context, score it and write the session folder.

        Raises
        ------
        PijatError
            When nothing was recorded or the folder cannot be written; what was recorded stays in the spool.
        """
        self._strokes.close()
        outcome = self._open_recording().finish(self.time_s, self._dropped)
        self._recording = None
        return outcome

    def discard(self) -> None:
        """Throw all of it away."""
        self._strokes.close()
        if self._recording is not None:
            self._recording.discard()
            self._recording = None

    def leave(self) -> None:
        """Close; what is not finished stays in its spool, to be completed at the next start."""
        self._strokes.close()
        if self._recording is not None:
            self._recording.leave()
            self._recording = None

    def _open_recording(self) -> Recording:
        assert self._recording is not None
        return self._recording


def not_begun(choices: Choices, size_ratio: float) -> Progress:
    """Return how far a practice is that has not begun."""
    return ProgressCounter(sized(choices.protocol, size_ratio)).progress(0.0, {})
