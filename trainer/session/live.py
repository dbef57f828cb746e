"""A practice session as it happens: set-up, practice, pauses, end. No camera, no socket, no clock of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.back.causal import CausalPoint, CausalTrackFilter
from trainer.capture.frame import Frame
from trainer.perception.observation import HANDS, Hand, Status
from trainer.protocol.coaching import Coach, Cue
from trainer.protocol.score import Text
from trainer.protocol.sizing import sized
from trainer.session.live_back import LiveBack
from trainer.session.live_model import (
    Choices,
    LiveError,
    LiveResult,
    LiveState,
    PauseReason,
    StopReason,
    Tick,
)
from trainer.session.live_progress import ProgressCounter
from trainer.session.live_recording import Recording
from trainer.session.live_setup import placed, ticks
from trainer.session.live_strokes import StrokesBehind
from trainer.session.pipeline import FrameResult, Pipeline

if TYPE_CHECKING:
    from trainer.perception.back_landmarks import BackDetection, BackLandmarkDetector
    from trainer.perception.tracker import HandTracker
    from trainer.session.outcome import Outcome
    from trainer.strokes.event import StrokeEvent

_TICK_EVERY_S = 0.5
_SEEN_LATELY_S = 1.0
_PLACED_SIGMA_PX = 4.0
_SHAPE = 0.02
"""Pictures whose shape differs by more than this are of another camera."""


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
        self._pipeline = Pipeline(tracker, None)
        self._back = LiveBack(detector)
        self._latest: tuple[Frame, FrameResult] | None = None
        self._size: tuple[int, int] | None = None
        self._frames = 0
        self._times: deque[float] = deque(maxlen=45)
        self._hand_seen_s: dict[Hand, float] = {}
        self._ticks: tuple[Tick, ...] = ()
        self._ticked_s = -np.inf
        self._recording: Recording | None = None
        self._strokes: StrokesBehind | None = None
        self._dropped = 0
        self._begin_counting()

    def _begin_counting(self) -> None:
        self._filters: dict[Hand, CausalTrackFilter] = {hand: CausalTrackFilter() for hand in HANDS}
        follower = self._back.follower
        size = follower.registration.size_ratio if follower is not None else 1.0
        protocol = sized(self.choices.protocol, size)
        self._counter = ProgressCounter(protocol)
        self._coach = Coach(protocol) if self.choices.mode == "coach" else None
        self._recorded = 0
        self._origin_s: float | None = None
        self._paused_s = 0.0
        self._pause_began_s = 0.0
        self._resuming = False
        self._time_s = 0.0

    @property
    def finds_back(self) -> bool:
        """Whether the back can be found by itself."""
        return self._back.finds

    @property
    def has_back(self) -> bool:
        """Whether the back is found or placed."""
        return self._back.follower is not None

    @property
    def time_s(self) -> float:
        """Seconds since the first practised frame; 0 in set-up."""
        return self._time_s

    # -- pictures -----------------------------------------------------------------------------------------

    def frame(self, image: NDArray[np.uint8], stream_s: float, *, dropped: int = 0) -> LiveResult:
        """Look at the next picture.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            RGB, raw.
        stream_s : float
            Of `trainer.session.live_clock.SessionClock`; later than the one before.
        dropped : int
            Pictures that were passed over so far, for the record.

        Raises
        ------
        LiveError
            When the picture has another shape than those before.
        PijatError
            When the disk is full; the practice is paused then.
        """
        frame = Frame(self._frames, stream_s, self._fitted(image))
        self._frames += 1
        self._dropped = dropped
        seen = self._pipeline.process(frame)
        self._latest = (frame, seen)
        self._times.append(stream_s)
        for hand in HANDS:
            if seen.hands.get(hand) is not None:
                self._hand_seen_s[hand] = stream_s
        setting_up = self.state is LiveState.SETUP
        if self.state is not LiveState.FINISHED and self._back.look(frame, seen, setting_up=setting_up):
            self._pipeline.follow(self._back.follower)
        if self.state is LiveState.PRACTISING:
            return self._practised(frame, seen)
        return self._watched(frame, seen)

    def _fitted(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Bring a picture to the size of the session's first: the page may send smaller ones under way."""
        import cv2

        size = (image.shape[1], image.shape[0])
        if self._size is None:
            self._size = size
        if size == self._size:
            return image
        if abs(size[0] * self._size[1] / (size[1] * self._size[0]) - 1.0) > _SHAPE:
            if self.state is LiveState.SETUP:
                self._size = size
                self.find_back()
                return image
            raise LiveError(
                Text(
                    "Gambar kamera berubah bentuk: kembali ke persiapan.",
                    f"Expected pictures of the shape {self._size[0]} x {self._size[1]}, got {size[0]} x {size[1]}: "
                    "go back to the set-up.",
                ),
                "shape",
            )
        return np.asarray(cv2.resize(image, self._size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def _watched(self, frame: Frame, seen: FrameResult) -> LiveResult:
        """Answer in set-up, in a pause and after the end: seen, not recorded."""
        if self.state is LiveState.SETUP and frame.time_s - self._ticked_s >= _TICK_EVERY_S:
            self._ticked_s = frame.time_s
            self._ticks = self._setup_ticks(frame, seen)
        points = self._points(frame, seen) if self.state is LiveState.SETUP else {}
        if self.state is not LiveState.SETUP:
            seen = replace(seen, time_s=self._time_s)
        return self._result(seen, points, {}, None, self._ticks if self.state is LiveState.SETUP else None)

    def _practised(self, frame: Frame, seen: FrameResult) -> LiveResult:
        if self._origin_s is None:
            self._origin_s = frame.time_s
        self._time_s = frame.time_s - self._origin_s
        if self._resuming:
            self._resumed()
        seen = replace(seen, index=self._recorded, time_s=self._time_s)
        points = self._points(frame, seen)
        recording = self._needed_recording()
        assert self._strokes is not None
        now = self._strokes.push(seen.time_s, points, lambda: recording.append(frame, seen))
        self._recorded += 1
        self._counter.add(now.finished)
        return self._result(seen, points, now.current, self._cue(frame, seen, now.current), None)

    def _needed_recording(self) -> Recording:
        assert self._recording is not None
        return self._recording

    def _resumed(self) -> None:
        self._resuming = False
        self._paused_s += self._time_s - self._pause_began_s
        self._needed_recording().note(self._time_s, "resume")

    def _cue(self, frame: Frame, seen: FrameResult, strokes: Mapping[Hand, StrokeEvent]) -> Cue | None:
        if self._coach is None:
            return None
        in_view = [
            hand
            for hand in HANDS
            if hand in strokes or frame.time_s - self._hand_seen_s.get(hand, -np.inf) < _SEEN_LATELY_S
        ]
        return self._coach.advise(seen.time_s, {hand: strokes.get(hand) for hand in in_view})

    def _points(self, frame: Frame, seen: FrameResult) -> dict[Hand, CausalPoint]:
        if self._back.follower is None:
            return {}
        points = {}
        for hand in HANDS:
            thumb = seen.thumbs.get(hand)
            filtered = self._filters[hand]
            # The stream's time, which never goes back between set-up and practice.
            if thumb is None:
                points[hand] = filtered.update(frame.time_s, np.nan, np.nan, np.nan, Status.MISSING)
            else:
                points[hand] = filtered.update(frame.time_s, *thumb.back_cm, thumb.sigma_cm, thumb.status)
        return points

    def _result(
        self,
        seen: FrameResult,
        points: Mapping[Hand, CausalPoint],
        strokes: Mapping[Hand, StrokeEvent],
        cue: Cue | None,
        setup: tuple[Tick, ...] | None,
    ) -> LiveResult:
        assert self._size is not None
        return LiveResult(
            state=self.state,
            seen=seen,
            size=self._size,
            back=self._back.state(seen.back),
            points=points,
            strokes=strokes,
            progress=self._counter.progress(max(0.0, self._time_s - self._paused_s), strokes),
            cue=cue,
            setup=setup,
            protocol=self.choices.protocol,
        )

    def _setup_ticks(self, frame: Frame, seen: FrameResult) -> tuple[Tick, ...]:
        assert self._size is not None
        back = self._back.state(seen.back)
        where: BackDetection | None = self._back.latest
        if seen.back_px is not None and (where is None or self._back.source != "automatic"):
            where = placed(seen.back_px, self._size, _PLACED_SIGMA_PX)
        hands = {hand: frame.time_s - self._hand_seen_s.get(hand, -np.inf) < _SEEN_LATELY_S for hand in HANDS}
        span = self._times[-1] - self._times[0]
        fps = (len(self._times) - 1) / span if span > 1.0 else None
        return ticks(frame.image, back, where, hands, fps, finds_back=self._back.finds)

    # -- what the person asks for -------------------------------------------------------------------------

    def configure(self, choices: Choices) -> None:
        """Take other choices, in set-up."""
        self._need("configure", LiveState.SETUP)
        self.choices = choices
        self._begin_counting()

    def place_back(self, landmarks: Mapping[str, tuple[float, float]], sent: tuple[int, int] | None) -> None:
        """Take the landmarks that a person put on the newest picture; `sent` is the size of that as it came."""
        self._need("landmarks", LiveState.SETUP, LiveState.PRACTISING, LiveState.PAUSED)
        if self._latest is None or self._size is None:
            raise LiveError(
                Text("Belum ada gambar dari kamera.", "There is no picture from the camera yet."),
                "no_picture",
            )
        frame, seen = self._latest
        across, down = (1.0, 1.0) if sent is None else (self._size[0] / sent[0], self._size[1] / sent[1])
        scaled = {name: (x * across, y * down) for name, (x, y) in landmarks.items()}
        self._back.place(scaled, frame, seen.hands)
        self._pipeline.follow(self._back.follower)
        self._filters = {hand: self._restarted(frame.time_s) for hand in HANDS}
        if self._recording is not None:
            self._recording.note_back(self._time_s, self._back.calibration, self._back.source)

    @staticmethod
    def _restarted(time_s: float) -> CausalTrackFilter:
        """Return a filter that knows no place yet, for the map has changed."""
        fresh = CausalTrackFilter()
        fresh.update(time_s, np.nan, np.nan, np.nan, Status.MISSING)
        return fresh

    def find_back(self) -> None:
        """Forget the back and look anew, in set-up."""
        self._need("find_back", LiveState.SETUP)
        self._back.forget()
        self._pipeline.follow(None)

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
        if self._recording is not None:
            self._recording.note(self._time_s, "confirm", item=item, done=done)
        if self.state is LiveState.FINISHED and self.outcome is not None:
            self.outcome = self._written_again(self.outcome, ticked)

    def _written_again(self, outcome: Outcome, ticked: Mapping[str, bool]) -> Outcome:
        from trainer.session.live_record import VIDEO_NAME
        from trainer.session.outcome import confirmed, write_outcome

        again = confirmed(outcome, ticked)
        video = outcome.session.path / VIDEO_NAME
        attachments = {VIDEO_NAME: video} if video.is_file() else {}
        write_outcome(again, language=self.choices.language, overwrite=True, attachments=attachments)
        return again

    def start(self) -> None:
        """Begin to practise: from the next picture on everything is recorded."""
        self._need("start", LiveState.SETUP)
        if self._size is None:
            raise LiveError(
                Text("Belum ada gambar dari kamera.", "There is no picture from the camera yet."),
                "no_picture",
            )
        self._begin_counting()
        if self._latest is not None:
            self._filters = {hand: self._restarted(self._latest[0].time_s) for hand in HANDS}
        self._recording = Recording(self._sessions, self.choices, self._source, self._size)
        self._recording.note_back(0.0, self._back.calibration, self._back.source)
        self._strokes = StrokesBehind()
        self.state, self.why, self.outcome, self.stopped = LiveState.PRACTISING, None, None, None

    def pause(self, why: PauseReason) -> None:
        """Stop recording for a while; the session's time runs on."""
        if self.state is LiveState.PAUSED:
            self.why = why
            return
        self._need("pause", LiveState.PRACTISING)
        recording, resumed = self._needed_recording(), not self._resuming
        # Paused it is, even when the disk is full.
        self._resuming = False
        self.state, self.why = LiveState.PAUSED, why
        if resumed:
            self._pause_began_s = self._time_s
            recording.note(self._time_s, "pause", why=why)
        self._settle()
        recording.flush()

    def resume(self) -> None:
        """Go on after a pause."""
        self._need("resume", LiveState.PAUSED)
        # How long the pause was is known when the next picture comes.
        self._resuming = True
        self.state, self.why = LiveState.PRACTISING, None

    def discard(self) -> None:
        """Throw away what was practised; back to set-up."""
        self._need("discard", LiveState.PRACTISING, LiveState.PAUSED)
        self._end_strokes()
        if self._recording is not None:
            self._recording.discard()
            self._recording = None
        self._to_setup()

    def again(self) -> None:
        """Set up anew after the end, with the same choices and the same back; the ticks of the facilitator go."""
        self._need("again", LiveState.FINISHED)
        if self._recording is not None:  # it could not be written; the next start completes it
            self._recording.leave()
            self._recording = None
        self.choices = replace(self.choices, confirmed={})
        self.outcome, self.stopped = None, None
        self._to_setup()

    def _to_setup(self) -> None:
        self._begin_counting()
        if self._latest is not None:
            self._filters = {hand: self._restarted(self._latest[0].time_s) for hand in HANDS}
        self._ticks, self._ticked_s = (), -np.inf
        self.state, self.why = LiveState.SETUP, None

    def stop(self, reason: StopReason) -> None:
        """End the practice; `finish` then makes the session of it.

        ``pain`` is put on disk with its time before anything else happens.
        """
        self._need("stop", LiveState.PRACTISING, LiveState.PAUSED)
        if reason == "pain":
            self._needed_recording().note(self._time_s, "pain")
        self.state, self.why, self.stopped = LiveState.FINISHED, None, reason

    def finish(self) -> Outcome:
        """Read what was recorded with full context, score it and write the session folder.

        Raises
        ------
        PijatError
            When nothing was recorded or the folder cannot be written; what was recorded stays in the spool.
        """
        self._need("finish", LiveState.FINISHED)
        if self._recording is None:
            raise LiveError(
                Text("Tidak ada latihan untuk disimpan.", "There is no practice to keep."), "nothing"
            )
        self._end_strokes()
        self.outcome = self._recording.finish(self._time_s, self._dropped)
        self._recording = None
        return self.outcome

    def _settle(self) -> None:
        """Wait until every picture so far is on disk and read."""
        if self._strokes is not None:
            self._counter.add(self._strokes.drain().finished)

    def _end_strokes(self) -> None:
        if self._strokes is not None:
            self._strokes.close()
            self._strokes = None

    def close(self) -> None:
        """Free the models; a practice that is going on is left in its spool, to be completed at the next start."""
        self._end_strokes()
        if self._recording is not None:
            self._recording.leave()
            self._recording = None
        self._pipeline.close()

    def _need(self, asked: str, *states: LiveState) -> None:
        if self.state not in states:
            raise LiveError(
                Text(
                    "Itu tidak bisa dilakukan sekarang.",
                    f"Expected {asked} in {' or '.join(states)}, got it in {self.state}.",
                ),
                "state",
            )
