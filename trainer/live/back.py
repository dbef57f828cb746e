"""The back during practice: found by itself or dragged into place, followed, and looked at anew now and then."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from trainer.analysis.pipeline import FrameResult
from trainer.back.atlas import load_atlas
from trainer.back.automatic import register_automatic
from trainer.back.frame import BACK_LANDMARKS, BackMap
from trainer.back.registration import Registration
from trainer.capture.frame import Frame
from trainer.errors import PijatError
from trainer.language import Text, join
from trainer.live.model import BackSource, BackState, LiveError

if TYPE_CHECKING:
    from trainer.back.calibration import Calibration
    from trainer.back.following import BackFollower
    from trainer.perception.back_landmarks import BackDetection, BackLandmarkDetector
    from trainer.perception.observation import HandPair

LOOK_EVERY_S = 0.5
"""In set-up the network looks at most this often."""
CORRECT_EVERY_S = 4.0
"""In practice it looks this often, and every `LOOK_EVERY_S` while the back is lost."""
_TOGETHER = 5
"""Detections that are combined."""
_FRESH_S = 8.0
_ENOUGH = 3
_MOST_SHARE = 6.0
_SECOND_EVERY = 4
_MOVED = 0.12
"""Landmarks that far from where they are followed to, relative to C7-T7, mean that camera or person moved."""
_SIGMA_EVERY = 10
"""The map's uncertainty is worked out for every so many pictures: it changes slowly, and takes its time."""
_MID_BACK_CM = np.array([[0.0, 12.0]])


class LiveBack:
    """The registration of the back in a live picture.

    Parameters
    ----------
    detector : BackLandmarkDetector or None
        Finds the back by itself; None where the network is missing, and then a person places it.
    """

    def __init__(self, detector: BackLandmarkDetector | None) -> None:
        self._detector = detector
        self._seen: deque[tuple[float, BackDetection]] = deque(maxlen=_TOGETHER)
        self._looked_s = self._found_since_s = -np.inf
        self._cost_s = 0.0
        self._looks = 0
        self._second = False
        self._marked = False
        self._described = 0
        self._sigma_cm = float("nan")
        self.latest: BackDetection | None = None
        self.follower: BackFollower | None = None
        self.calibration: Calibration | None = None
        self.source: BackSource | None = None

    @property
    def finds(self) -> bool:
        """Whether the back can be found without a person's help."""
        return self._detector is not None

    @property
    def seen_for_s(self) -> float:
        """For how long the network's looks have found a back, s; 0 when the last one found none."""
        return self._looked_s - self._found_since_s if self.latest is not None else 0.0

    @property
    def _lost(self) -> bool:
        return self.follower is None or self.follower.status == "lost"

    def forget(self) -> None:
        """Look for the back anew."""
        self._seen.clear()
        self._marked = False
        self.latest, self.follower, self.calibration, self.source = None, None, None, None

    def place(self, landmarks: Mapping[str, tuple[float, float]], frame: Frame, hands: HandPair) -> None:
        """Take landmarks that a person put in place on a frame.

        Raises
        ------
        LiveError
            When they fit no back.
        """
        from trainer.back.calibration import parse_calibration

        size = (frame.image.shape[1], frame.image.shape[0])
        source: BackSource = "manual" if self.source in (None, "manual") else "corrected"
        document = {
            "schema_version": 1,
            "image_size": list(size),
            "time_s": max(0.0, frame.time_s),
            "landmarks": {name: [float(x), float(y)] for name, (x, y) in landmarks.items()},
            "source": source,
        }
        try:
            calibration = parse_calibration(document)
            registration = calibration.register()
        except PijatError as error:
            raise LiveError(
                join(Text("Titik-titik ini tidak cocok. ", "These marks fit no back. "), error.text),
                "landmarks",
            ) from error
        self._adopt(registration, calibration, source, frame, hands)

    def look(self, frame: Frame, seen: FrameResult, *, setting_up: bool) -> bool:
        """Look at a frame, if it is time to; return whether the back was registered anew.

        In set-up printed markers register the back as soon as they are seen; without them the network's
        detections are combined until they agree. A person's own placing is left alone. In practice detections only
        correct the following.
        """
        lost = self._lost
        every = LOOK_EVERY_S if setting_up or lost else CORRECT_EVERY_S
        # On a slow computer the hands come first: a look takes a sixth of the time at most.
        every = max(every, _MOST_SHARE * self._cost_s)
        if frame.time_s - self._looked_s < every:
            return False
        self._looked_s = frame.time_s
        by_person = self.source in ("manual", "corrected")
        if setting_up and not by_person and self._look_for_markers(frame, seen):
            return True
        if self._detector is None:
            return False
        found = self._detect(frame, for_second=setting_up)
        if self.latest is None:
            self._found_since_s = frame.time_s
        self.latest = found
        if not setting_up and self.follower is not None:
            if found is not None:
                landmarks = {name: np.array(at) for name, at in found.landmarks.items()}
                self.follower.correct(landmarks, found.sigma_px)
            return False
        if found is None:
            return False
        self._seen.append((frame.time_s, found))
        if by_person or (self._marked and not lost):
            return False
        if not lost and not _moved(seen, found.landmarks, found.length_px()):
            return False
        return self._register(frame, seen.hands)

    def _look_for_markers(self, frame: Frame, seen: FrameResult) -> bool:
        """Register the back by printed markers where they are seen and it is not known from them already."""
        from trainer.back.markers import detect_markers, find_marked_back, on_landmarks

        if self._marked and self.follower is not None and not self._lost:
            # Fitting a back takes a third of a second, seeing that the markers are where they were does not.
            places = on_landmarks(detect_markers(frame.image))
            if not _moved(seen, places, _length_px(self.follower.registration)):
                return False
        marked = find_marked_back(frame.image)
        if marked is None:
            return False
        calibration = marked.calibration(frame.time_s)
        self._adopt(marked.registration, calibration, "automatic", frame, seen.hands, marked=True)
        return True

    def _detect(self, frame: Frame, *, for_second: bool) -> BackDetection | None:
        """Detect; now and then look for another recipient too, which takes twice as long."""
        assert self._detector is not None
        began = time.perf_counter()
        thorough = for_second and self._looks % _SECOND_EVERY == _SECOND_EVERY - 1
        found = self._detector.detect(frame.image, look_for_second=thorough)
        self._looks += 1
        if thorough:
            self._second = found is not None and found.second_back
        else:
            self._cost_s = time.perf_counter() - began
        return None if found is None else replace(found, second_back=self._second)

    def _register(self, frame: Frame, hands: HandPair) -> bool:
        from trainer.back.calibration import Calibration
        from trainer.perception.back_landmarks import combine

        recent = [found for seen_s, found in self._seen if frame.time_s - seen_s <= _FRESH_S]
        size = (frame.image.shape[1], frame.image.shape[0])
        recent = [found for found in recent if found.image_size == size]
        if len(recent) < _ENOUGH:
            return False
        together = combine(recent)
        if not _agree(recent, together):
            return False
        registration = register_automatic(together)
        if registration is None:
            logging.getLogger(__name__).info("automatic landmarks fit no back")
            return False
        calibration = Calibration(
            image_size=size,
            time_s=max(0.0, frame.time_s),
            landmarks=together.landmarks,
            source="automatic",
            automatic_landmarks=tuple(together.landmarks),
        )
        self._adopt(registration, calibration, "automatic", frame, hands)
        return True

    def _adopt(
        self,
        registration: Registration,
        calibration: Calibration,
        source: BackSource,
        frame: Frame,
        hands: HandPair,
        *,
        marked: bool = False,
    ) -> None:
        from trainer.back.following import BackFollower

        self.follower = BackFollower(registration, frame, hands)
        self._described = 0
        self._marked = marked
        self.calibration, self.source = calibration, source

    def state(self, back: BackMap | None) -> BackState | None:
        """Describe how well the back is known in the frame of `back`; None when it was never placed."""
        if self.follower is None or self.source is None:
            return None
        if back is not None:
            if self._described % _SIGMA_EVERY == 0:
                self._sigma_cm = float(back.to_back(back.to_image(_MID_BACK_CM))[1][0])
            self._described += 1
        return BackState(
            status=self.follower.status,
            source=self.source,
            view_angle_deg=self.follower.registration.view_angle_deg,
            azimuth_deg=self.follower.registration.azimuth_deg,
            elevation_deg=self.follower.registration.elevation_deg,
            sigma_cm=self._sigma_cm if back is not None else float("nan"),
        )


def _moved(seen: FrameResult, landmarks: Mapping[str, ArrayLike], length_px: float) -> bool:
    """Whether landmarks lie elsewhere than where the back is followed to; `length_px` is C7-T7."""
    if seen.back_px is None:
        return True
    followed = dict(zip(BACK_LANDMARKS, seen.back_px, strict=True))
    gaps = [float(np.hypot(*(followed[name] - np.asarray(at)))) for name, at in landmarks.items()]
    return bool(gaps) and bool(np.isfinite(length_px)) and float(np.nanmedian(gaps)) > _MOVED * length_px


def _length_px(registration: Registration) -> float:
    """C7-T7 in the picture of a registration."""
    places = load_atlas().landmarks
    ends = registration.to_image(registration.size_ratio * np.array([places["C7"].at, places["T7"].at]))
    return float(np.hypot(*(ends[1] - ends[0])))


def _agree(recent: list[BackDetection], together: BackDetection) -> bool:
    """Whether detections say the same place, which they do not while somebody walks through the picture."""
    length = together.length_px()
    if not np.isfinite(length):
        length = together.shoulder_width_px() * 0.5
    if not np.isfinite(length):
        return False
    for found in recent:
        gaps = [
            float(np.hypot(at[0] - found.landmarks[name][0], at[1] - found.landmarks[name][1]))
            for name, at in together.landmarks.items()
            if name in found.landmarks
        ]
        if not gaps or float(np.median(gaps)) > _MOVED * length:
            return False
    return True


def load_detector() -> BackLandmarkDetector | None:
    """Return the network that finds the back; None, with a word in the log, where it is missing."""
    from trainer.perception.back_landmarks import BackLandmarkDetector

    began = time.monotonic()
    try:
        detector = BackLandmarkDetector()
    except PijatError as error:
        logging.getLogger(__name__).warning("%s The back is placed by hand.", error)
        return None
    logging.getLogger(__name__).info("back network loaded in %.2f s", time.monotonic() - began)
    return detector
