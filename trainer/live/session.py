"""A practice session as it happens: set-up, practice, pauses, end. No camera, no socket, no clock of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.analysis.pipeline import FrameResult
from trainer.capture.frame import Frame
from trainer.language import Text
from trainer.live.model import (
    Choices,
    LiveError,
    LiveResult,
    LiveState,
    PauseReason,
    StopReason,
    Tick,
)
from trainer.live.practice import Practice, Practised, not_begun
from trainer.live.view import LiveView, no_picture
from trainer.perception.model_hashes import model_hashes

if TYPE_CHECKING:
    from trainer.analysis.outcome import Outcome
    from trainer.back.causal import CausalPoint
    from trainer.perception.back_landmarks import BackLandmarkDetector
    from trainer.perception.observation import Hand
    from trainer.perception.tracker import HandTracker


class LiveSession:
    """One person's practice, again and again; every method is to be called from one thread.

    Parameters
    ----------
    sessions : Path
        Where session folders are written.
    choices : Choices
        What is practised, and how, to begin with.
    tracker : HandTracker
        Closed with this.
    detector : BackLandmarkDetector or None
        Finds the back; None when a person has to place it.
    source : str
        Where pictures come from, for the record: ``browser``, ``camera`` or ``demo``.
    """

    def __init__(
        self,
        sessions: Path,
        choices: Choices,
        tracker: HandTracker,
        detector: BackLandmarkDetector | None,
        *,
        source: str = "browser",
    ) -> None:
        self.choices = choices
        self.state = LiveState.SETUP
        self.why: PauseReason | None = None
        self.outcome: Outcome | None = None
        self.stopped: StopReason | None = None
        self._sessions, self._source = sessions, source
        self._models = model_hashes(tracker.model_sha256)
        self._view = LiveView(tracker, detector)
        self._practice: Practice | None = None
        self._not_begun = not_begun(choices, 1.0)

    @property
    def finds_back(self) -> bool:
        """Whether the back can be found by itself."""
        return self._view.finds_back

    @property
    def has_back(self) -> bool:
        """Whether the back is found or placed."""
        return self._view.has_back

    @property
    def time_s(self) -> float:
        """Seconds since the first practised frame; 0 in set-up."""
        return 0.0 if self._practice is None else self._practice.time_s

    # -- pictures -----------------------------------------------------------------------------------------

    def frame(self, image: NDArray[np.uint8], stream_s: float, *, dropped: int = 0) -> LiveResult:
        """Look at the next picture.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            RGB, raw.
        stream_s : float
            Of `trainer.live.clock.SessionClock`; later than the one before.
        dropped : int
            Pictures that were passed over so far, for the record.

        Raises
        ------
        LiveError
            When the picture has another shape than those before.
        PijatError
            When the disk is full; the practice is paused then.
        """
        self.go_on()
        setting_up = self.state is LiveState.SETUP
        frame, seen = self._view.look(
            image, stream_s, setting_up=setting_up, resting=self.state is LiveState.FINISHED
        )
        if setting_up:
            points = self._view.points(frame, seen)
            return self._result(Practised(seen, {}, None), points, self._view.setup_ticks(frame, seen))
        if self.state is LiveState.PRACTISING:
            return self._practised(frame, seen, dropped)
        # In a pause and after the end: seen, not recorded.
        return self._result(Practised(replace(seen, time_s=self.time_s), {}, None), {}, None)

    def go_on(self) -> None:
        """Begin what the last picture left to be done behind its answer: for when no other picture comes soon."""
        if self._practice is not None:
            self._practice.go_on()

    def _practised(self, frame: Frame, seen: FrameResult, dropped: int) -> LiveResult:
        points = self._view.points(frame, seen)
        in_view = self._view.recently_seen(frame.time_s)
        return self._result(self._begun.look(frame, seen, points, in_view, dropped), points, None)

    def _result(
        self, now: Practised, points: Mapping[Hand, CausalPoint], setup: tuple[Tick, ...] | None
    ) -> LiveResult:
        assert self._view.size is not None
        practice = self._practice
        return LiveResult(
            state=self.state,
            seen=now.seen,
            size=self._view.size,
            back=self._view.back_state(now.seen.back),
            points=points,
            strokes=now.strokes,
            progress=self._not_begun if practice is None else practice.progress(now.strokes),
            cue=now.cue,
            setup=setup,
            unseen=self._view.unseen(self.state),
            protocol=self.choices.protocol,
        )

    @property
    def _begun(self) -> Practice:
        assert self._practice is not None
        return self._practice

    # -- what the person asks for -------------------------------------------------------------------------

    def configure(self, choices: Choices) -> None:
        """Take other choices, in set-up."""
        self._need("configure", LiveState.SETUP)
        self.choices = choices
        self._not_begun = not_begun(choices, self._view.size_ratio)

    def place_back(self, landmarks: Mapping[str, tuple[float, float]], sent: tuple[int, int] | None) -> None:
        """Take the landmarks that a person put on the newest picture; `sent` is the size of that as it came."""
        self._need("landmarks", LiveState.SETUP, LiveState.PRACTISING, LiveState.PAUSED)
        self._view.place_back(landmarks, sent)
        if self._practice is not None:
            self._practice.note_back(*self._view.calibration)

    def find_back(self) -> None:
        """Forget the back and look anew, in set-up."""
        self._need("find_back", LiveState.SETUP)
        self._view.forget_back()

    def confirm(self, item: str, done: bool | None) -> None:
        """Take a facilitator's word on an item: done, not done, or (None) withdrawn.

        After the end the session is scored and written again.
        """
        if item not in {step.id for step in self.choices.protocol.steps}:
            raise LiveError(
                Text(
                    "Butir itu tidak ada dalam protokol.",
                    f"Expected an item of the protocol, got {item[:40]!r}.",
                ),
                "item",
            )
        ticked = {name: value for name, value in self.choices.confirmed.items() if name != item}
        if done is not None:
            ticked[item] = done
        self.choices = replace(self.choices, confirmed=ticked)
        if self._practice is not None:
            self._practice.note_confirmed(item, done)
        if self.state is LiveState.FINISHED and self.outcome is not None:
            self.outcome = self._written_again(self.outcome, ticked)

    def _written_again(self, outcome: Outcome, ticked: Mapping[str, bool]) -> Outcome:
        from trainer.analysis.outcome import confirmed, write_outcome
        from trainer.live.record import VIDEO_NAME

        again = confirmed(outcome, ticked)
        video = outcome.session.path / VIDEO_NAME
        attachments = {VIDEO_NAME: video} if video.is_file() else {}
        write_outcome(again, language=self.choices.language, overwrite=True, attachments=attachments)
        return again

    def start(self) -> None:
        """Begin to practise: from the next picture on everything is recorded."""
        self._need("start", LiveState.SETUP)
        if self._view.size is None:
            raise no_picture()
        self._view.restart()
        self._practice = Practice(
            self._sessions, self.choices, self._source, self._view.size, self._view.size_ratio, self._models
        )
        self._practice.note_back(*self._view.calibration)
        self.state, self.why, self.outcome, self.stopped = LiveState.PRACTISING, None, None, None

    def pause(self, why: PauseReason) -> None:
        """Stop recording for a while; the session's time runs on."""
        if self.state is LiveState.PAUSED:
            self.why = why
            return
        self._need("pause", LiveState.PRACTISING)
        # Paused it is, even when the disk is full.
        self.state, self.why = LiveState.PAUSED, why
        self._begun.pause(why)

    def resume(self) -> None:
        """Go on after a pause."""
        self._need("resume", LiveState.PAUSED)
        self._begun.resume()
        self.state, self.why = LiveState.PRACTISING, None

    def discard(self) -> None:
        """Throw away what was practised; back to set-up."""
        self._need("discard", LiveState.PRACTISING, LiveState.PAUSED)
        self._begun.discard()
        self._to_setup()

    def again(self) -> None:
        """Set up anew after the end, with the same choices and the same back; the ticks of the facilitator go."""
        self._need("again", LiveState.FINISHED)
        self._begun.leave()  # what could not be written is completed at the next start
        self.choices = replace(self.choices, confirmed={})
        self.outcome, self.stopped = None, None
        self._to_setup()

    def _to_setup(self) -> None:
        self._practice = None
        self._not_begun = not_begun(self.choices, self._view.size_ratio)
        self._view.restart()
        self.state, self.why = LiveState.SETUP, None

    def stop(self, reason: StopReason) -> None:
        """End the practice; `finish` then makes the session of it.

        ``pain`` is put on disk with its time before anything else happens.
        """
        self._need("stop", LiveState.PRACTISING, LiveState.PAUSED)
        # Stopped it is, even when the disk is full.
        self.state, self.why, self.stopped = LiveState.FINISHED, None, reason
        if reason == "pain":
            self._begun.note_pain()

    def finish(self) -> Outcome:
        """Read what was recorded with full context, score it and write the session folder.

        Raises
        ------
        PijatError
            When nothing was recorded or the folder cannot be written; what was recorded stays in the spool.
        """
        self._need("finish", LiveState.FINISHED)
        if self.outcome is not None:
            raise LiveError(
                Text("Tidak ada latihan untuk disimpan.", "There is no practice to keep."), "nothing"
            )
        self.outcome = self._begun.finish()
        return self.outcome

    def close(self) -> None:
        """Free the models; a practice that is going on is left in its spool, to be completed at the next start."""
        if self._practice is not None:
            self._practice.leave()
        self._view.close()

    def _need(self, asked: str, *states: LiveState) -> None:
        if self.state not in states:
            raise LiveError(
                Text(
                    "Itu tidak bisa dilakukan sekarang.",
                    f"Expected {asked} in {' or '.join(states)}, got it in {self.state}.",
                ),
                "state",
            )
