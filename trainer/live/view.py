"""What a live session sees: pictures in, hands and back and filtered thumbs out, and how good the set-up is."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.analysis.pipeline import FrameResult, Pipeline
from trainer.back.causal import CausalPoint, CausalTrackFilter
from trainer.back.frame import BackMap
from trainer.capture.frame import Frame
from trainer.language import Text
from trainer.live.back import LiveBack
from trainer.live.model import BackSource, BackState, LiveError, LiveState, Tick, Unseen
from trainer.live.setup import placed, ticks
from trainer.live.sight import Sight
from trainer.live.trend import Trends
from trainer.perception.observation import HANDS, Hand, Status

if TYPE_CHECKING:
    from trainer.back.calibration import Calibration
    from trainer.perception.back_landmarks import BackDetection, BackLandmarkDetector
    from trainer.perception.tracker import HandTracker

_TICK_EVERY_S = 0.5
_SEEN_LATELY_S = 1.0
_PLACED_SIGMA_PX = 4.0
_SHAPE = 0.02
"""Pictures whose shape differs by more than this are of another camera."""


class LiveView:
    """The pictures of one camera, in order; knows nothing of practising.

    Parameters
    ----------
    tracker : HandTracker
        Closed with this.
    detector : BackLandmarkDetector or None
        Finds the back; None when a person has to place it.
    """

    def __init__(self, tracker: HandTracker, detector: BackLandmarkDetector | None) -> None:
        self._pipeline = Pipeline(tracker, None)
        self._back = LiveBack(detector)
        self._latest: tuple[Frame, FrameResult] | None = None
        self._size: tuple[int, int] | None = None
        self._frames = 0
        self._times: deque[float] = deque(maxlen=45)
        self._hand_seen_s: dict[Hand, float] = {}
        self._ticks: tuple[Tick, ...] = ()
        self._ticked_s = -np.inf
        self._filters: dict[Hand, CausalTrackFilter] = {}
        self._sight = Sight()
        self._trends = Trends()
        self.restart()

    @property
    def finds_back(self) -> bool:
        """Whether the back can be found by itself."""
        return self._back.finds

    @property
    def has_back(self) -> bool:
        """Whether the back is found or placed."""
        return self._back.follower is not None

    @property
    def size_ratio(self) -> float:
        """Real centimetres per centimetre of the usual back; 1 while no back is known."""
        follower = self._back.follower
        return 1.0 if follower is None else follower.registration.size_ratio

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the pictures, those of the first; None before there is any."""
        return self._size

    @property
    def calibration(self) -> tuple[Calibration | None, BackSource | None]:
        """The landmarks of the back, and who placed them."""
        return self._back.calibration, self._back.source

    def look(
        self, image: NDArray[np.uint8], stream_s: float, *, setting_up: bool, resting: bool
    ) -> tuple[Frame, FrameResult]:
        """Look at the next picture.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            RGB, raw; smaller than the first one is allowed, of another shape only while `setting_up`.
        stream_s : float
            Later than the one before.
        setting_up : bool
            Whether the back may be registered anew.
        resting : bool
            Whether nobody needs the back at the moment.

        Raises
        ------
        LiveError
            When the picture has another shape than those before.
        """
        frame = Frame(self._frames, stream_s, self._fitted(image, may_change=setting_up))
        self._frames += 1
        seen = self._pipeline.process(frame)
        self._latest = (frame, seen)
        self._times.append(stream_s)
        for hand in HANDS:
            if seen.hands.get(hand) is not None:
                self._hand_seen_s[hand] = stream_s
        if not resting and self._back.look(frame, seen, setting_up=setting_up):
            self._pipeline.follow(self._back.follower)
            self._sight.forget()
        follower = self._back.follower
        self._sight.add(seen, None if follower is None else follower.status)
        return frame, seen

    def _fitted(self, image: NDArray[np.uint8], *, may_change: bool) -> NDArray[np.uint8]:
        """Bring a picture to the size of the session's first: the page may send smaller ones under way."""
        import cv2

        size = (image.shape[1], image.shape[0])
        if self._size is None:
            self._size = size
        if size == self._size:
            return image
        if abs(size[0] * self._size[1] / (size[1] * self._size[0]) - 1.0) > _SHAPE:
            if may_change:
                self._size = size
                self.forget_back()
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

    def points(self, frame: Frame, seen: FrameResult) -> dict[Hand, CausalPoint]:
        """Return both thumbs' filtered places on the back; empty while no back is known."""
        if not self.has_back:
            return {}
        found = {}
        for hand in HANDS:
            thumb = seen.thumbs.get(hand)
            filtered = self._filters[hand]
            # The stream's time, which never goes back between set-up and practice.
            if thumb is None:
                found[hand] = filtered.update(frame.time_s, np.nan, np.nan, np.nan, Status.MISSING)
            else:
                found[hand] = filtered.update(
                    frame.time_s, *thumb.back_cm, thumb.sigma_cm, thumb.status, thumb.palm_cm
                )
        return found

    def restart(self) -> None:
        """Begin anew: the thumbs' places so far say nothing about those to come."""
        self._filters = {hand: CausalTrackFilter() for hand in HANDS}
        if self._latest is not None:
            for filtered in self._filters.values():
                filtered.update(self._latest[0].time_s, np.nan, np.nan, np.nan, Status.MISSING)
        self._ticks, self._ticked_s = (), -np.inf
        self._sight.restart()

    def back_state(self, back: BackMap | None) -> BackState | None:
        """Describe how well the back is known in the picture of `back`."""
        return self._back.state(back)

    def place_back(self, landmarks: Mapping[str, tuple[float, float]], sent: tuple[int, int] | None) -> None:
        """Take the landmarks that a person put on the newest picture; `sent` is the size of that as it came.

        Raises
        ------
        LiveError
            When there is no picture, or they fit no back.
        """
        if self._latest is None or self._size is None:
            raise no_picture()
        frame, seen = self._latest
        across, down = (1.0, 1.0) if sent is None else (self._size[0] / sent[0], self._size[1] / sent[1])
        scaled = {name: (x * across, y * down) for name, (x, y) in landmarks.items()}
        self._back.place(scaled, frame, seen.hands)
        self._pipeline.follow(self._back.follower)
        self.restart()

    def forget_back(self) -> None:
        """Look for the back anew."""
        self._back.forget()
        self._pipeline.follow(None)
        self._sight.forget()

    def recently_seen(self, time_s: float) -> dict[Hand, bool]:
        """Say of each hand whether it was seen within the last second."""
        return {hand: time_s - self._hand_seen_s.get(hand, -np.inf) < _SEEN_LATELY_S for hand in HANDS}

    def unseen(self, state: LiveState) -> Unseen | None:
        """Say what the camera has not seen: in set-up ever, while practising for the last seconds."""
        if state is LiveState.SETUP:
            back = self._back.follower
            return self._sight.never_seen(has_back=back is not None and back.status != "lost")
        return self._sight.missing_now() if state is LiveState.PRACTISING else None

    def setup_ticks(self, frame: Frame, seen: FrameResult) -> tuple[Tick, ...]:
        """Say point by point whether the set-up is right; looked at twice a second."""
        if frame.time_s - self._ticked_s < _TICK_EVERY_S or self._size is None:
            return self._ticks
        self._ticked_s = frame.time_s
        back = self._back.state(seen.back)
        where: BackDetection | None = self._back.latest
        if seen.back_px is not None and (where is None or self._back.source != "automatic"):
            where = placed(seen.back_px, self._size, _PLACED_SIGMA_PX)
        span = self._times[-1] - self._times[0]
        fps = (len(self._times) - 1) / span if span > 1.0 else None
        now = ticks(
            frame.image,
            back,
            where,
            self._sight.hands(),
            fps,
            finds_back=self._back.finds,
            seen_for_s=self._back.seen_for_s,
        )
        self._ticks = self._trends.noted(frame.time_s, now)
        return self._ticks

    def close(self) -> None:
        """Free the models."""
        self._pipeline.close()


def no_picture() -> LiveError:
    """Return the complaint that there is nothing to work on yet."""
    return LiveError(
        Text("Belum ada gambar dari kamera.", "There is no picture from the camera yet."), "no_picture"
    )
