"""Following the back from frame to frame, outside the hands, without drift.

Every frame is aligned with a keyframe, not with the frame before it, so that errors do not add up. Another
keyframe is made when the picture has changed too much for the first one, and the first is tried again every
second or so. When to look is told by `follow_clock`, what moves everything by `scene_motion`, what the back
looks like by `appearance`, and what is believed by `motion_filter`.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import Alignment
from trainer.back.appearance import BackAppearance, back_outline
from trainer.back.follow_clock import FollowClock
from trainer.back.followed import FollowedMap, FollowSettings
from trainer.back.motion_filter import MotionFilter
from trainer.back.redetection import redetection
from trainer.back.reduction import ReducedView, Reduction
from trainer.back.registration import Registration
from trainer.back.scene_motion import SceneMotion
from trainer.capture.frame import Frame
from trainer.perception.observation import HandPair
from trainer.perception.plausibility import fitting
from trainer.perception.second_look import Box

Array = NDArray[np.float64]
FollowStatus = Literal["followed", "held", "lost"]

NO_HANDS = HandPair(None, None)
_POOR_SUPPORT = 0.6
"""Support under which a wider search is made."""
_WIDER_GAIN = 1.15
"""By this factor the wider search must find more of the back."""
_LEARN_SUPPORT = 0.5
"""Support from which what the hands have uncovered is learned."""


class BackFollower:
    """Follows the back through a video from one registered frame.

    Parameters
    ----------
    registration : Registration
        Of `frame`.
    frame : Frame
        The registered frame; it may lie anywhere in the video.
    hands : HandPair
        Hands in that frame, if known: they are left out.
    settings : FollowSettings
        How.

    Attributes
    ----------
    status : {"followed", "held", "lost"}
        After the last `update`: seen; nothing to see for a moment; lost.
    support : float
        Share of the back's gradients found again at the last look.

    Raises
    ------
    ValueError
        When the frame is not of the registration's size.
    """

    def __init__(
        self,
        registration: Registration,
        frame: Frame,
        hands: HandPair = NO_HANDS,
        settings: FollowSettings | None = None,
    ) -> None:
        height, width = frame.image.shape[:2]
        if (width, height) != tuple(registration.image_size):
            raise ValueError(f"Expected a frame of {registration.image_size}, got {(width, height)}.")
        self.registration = registration
        self.settings = settings or FollowSettings()
        self.status: FollowStatus = "followed"
        self._reduction = Reduction.of((width, height))
        # What is as large as a back is no hand on it, and would hide all there is to follow.
        self._box = _box(back_outline(registration, self._reduction, 0.0) / self._reduction.factor)
        view = self._reduction.view(frame.image, fitting(hands, self._box))
        outline = back_outline(registration, self._reduction, self.settings.margin)
        self._appearance = BackAppearance(outline, view, self.settings)
        self._scene = SceneMotion(view)
        self._clock = FollowClock(self.settings)
        self._filter = MotionFilter(self.settings)
        self._detector_bias: dict[str, Array] = {}

    @property
    def support(self) -> float:
        """Share of the back's gradients found again at the last look."""
        return self._filter.support

    def update(self, frame: Frame, hands: HandPair = NO_HANDS) -> FollowedMap | None:
        """Return the map of this frame, or None when the back is lost.

        Parameters
        ----------
        frame : Frame
            The next frame, of the size of the registered one.
        hands : HandPair
            The practitioner's hands in it.
        """
        now = frame.time_s
        first = self._clock.start(now)
        if self.status == "followed" and self._clock.resting(now):
            return self._map()
        view = self._reduction.view(frame.image, fitting(hands, self._box))
        elapsed = self._clock.look(now)
        before = self._filter.matrix
        if view.detail < self.settings.detail * self._appearance.detail:
            # Nothing can be told from it, and what seems to fit would be believed.
            return self._unseen(now, elapsed)
        change = self._scene.step(view)
        if change is not None:
            self._filter.carry(change)
        if self.status != "lost" and not self._track(view, now, elapsed, first):
            held = self._unseen(now, elapsed)
            if held is not None:
                return held
        if self.status == "lost" and not self._find_again(view, now):
            return None
        self._clock.seen(now)
        self.status = "followed"
        self._clock.moved(self._appearance.distance(self._filter.matrix, before))
        return self._map()

    def correct(self, landmarks_px: Mapping[str, Array], sigma_px: Mapping[str, float] | float) -> bool:
        """Take a re-detection of the landmarks in the frame of the last `update`.

        While the back is followed, the first such detection only tells how this detector differs from the
        calibration; later ones take out what another keyframe may have drifted, gently. When the back is
        lost, a detection says where to look again.

        Parameters
        ----------
        landmarks_px : mapping of str to ndarray, shape (2,)
            Pixels of the last frame.
        sigma_px : float or mapping of str to float
            Standard deviations in pixels.

        Returns
        -------
        bool
            Whether the detection agreed or was used.
        """
        found = redetection(self.registration.landmarks_px, landmarks_px, sigma_px, self._reduction)
        if found is None:
            return False
        if self.status != "lost" and not self._detector_bias:
            self._detector_bias = found.bias(self._filter.matrix)
            return True
        told = found.motion(self._detector_bias)
        if told is None:
            return False
        matrix, sigma = told
        if self.status == "lost":
            self._filter.matrix = matrix
            self._clock.seek_at_once()
            return True
        gap = self._appearance.distance(matrix, self._filter.matrix)
        if gap > 4.0 * np.hypot(sigma, self._filter.sigma_px) + 2.0:
            return False
        self._filter.nudge(matrix, sigma, self._appearance.keyframe)
        return True

    def _map(self) -> FollowedMap:
        full = self._reduction.full_motion(self._filter.matrix)
        return FollowedMap(self.registration, full, self._filter.sigma_px / self._reduction.factor)

    def _unseen(self, now: float, elapsed: float) -> FollowedMap | None:
        """Hold on for a moment without support; then the back is lost."""
        if self.status == "lost" or self._clock.unseen_too_long(now):
            self.status = "lost"
            return None
        self._filter.wait(elapsed)
        self.status = "held"
        return self._map()

    def _track(self, view: ReducedView, now: float, elapsed: float, first: bool) -> bool:
        """Follow a back that is not lost; return whether it was seen."""
        found = self._appearance.align(view, self._filter.matrix)
        stay_support = 0.0 if found is None else found.support_before
        found = self._better_at_home(found, view)
        # A bump, or a shift of the back, may have gone beyond the fine fit's reach.
        if (found is None or found.support < _POOR_SUPPORT) and self._clock.search_due(now):
            again = self._appearance.align(view, self._filter.matrix, coarse=True)
            if again is not None and (found is None or again.support > _WIDER_GAIN * found.support):
                found = again
        if found is None or not self._holds(found):
            return False
        if first:
            self._filter.take(found)
        elif self._filter.weigh(found, self._appearance.keyframe, stay_support, elapsed, now):
            self._appearance.keyframe.learn()
            if found.support > _LEARN_SUPPORT:
                self._appearance.uncover(view, self._filter.matrix, now)
        return True

    def _better_at_home(self, found: Alignment | None, view: ReducedView) -> Alignment | None:
        """Unless the back clearly fits better where it seems to have gone, it is where it was."""
        keyframe = self._appearance.keyframe
        usual = keyframe.offset(self._filter.home)
        gap = np.abs(usual - keyframe.offset(self._filter.matrix)).max()
        if found is not None:
            gap = max(gap, np.abs(usual - found.offset).max())
        if gap < self.settings.home_px:
            return found
        home = self._appearance.align(view, self._filter.home)
        if home is None or (found is not None and found.support > home.support + self.settings.home_support):
            return found
        return home

    def _holds(self, found: Alignment) -> bool:
        growth = np.sqrt(abs(np.linalg.det(found.matrix[:2, :2])))
        return bool(
            found.support > self.settings.support
            and 0.4 < growth < 2.5
            and found.visible > self.settings.visible
        )

    def _find_again(self, view: ReducedView, now: float) -> bool:
        """Look for a lost back everywhere; return whether it was found."""
        found = self._appearance.seek(view, self._filter.matrix) if self._clock.seek_due(now) else None
        if found is None:
            return False
        self._filter.take(found)
        return True


def _box(outline_px: Array) -> Box:
    (x0, y0), (x1, y1) = outline_px.min(axis=0).tolist(), outline_px.max(axis=0).tolist()
    return x0, y0, x1, y1
