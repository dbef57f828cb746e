"""How the back has moved since the calibrated frame, and how sure that is: a Kalman filter with a gate."""

import numpy as np
from numpy.typing import NDArray

from trainer.back.alignment import IDENTITY, Alignment, Keyframe
from trainer.back.followed import FollowSettings

Array = NDArray[np.float64]


class MotionFilter:
    """Weighs what is seen of the back against what the scene's motion makes expect.

    Motions are matrices, shape (3, 3), from reduced pixels of the calibrated frame to those of the present one.

    Parameters
    ----------
    settings : FollowSettings
        How far a back wanders, and what a leap must show.

    Attributes
    ----------
    matrix : ndarray, shape (3, 3)
        The motion now.
    home : ndarray, shape (3, 3)
        The motion to the back's usual place: where it has been of late, carried along by the scene.
    support : float
        Share of the back's gradients found again at the last look.
    """

    def __init__(self, settings: FollowSettings) -> None:
        self._settings = settings
        self._variance = np.zeros(4)
        self._doubt_s: float | None = None
        self.matrix = IDENTITY.copy()
        self.home = IDENTITY.copy()
        self.support = 1.0

    @property
    def sigma_px(self) -> float:
        """Standard deviation of the motion, reduced pixels."""
        return float(np.sqrt(self._variance.sum() / 2.0))

    def carry(self, change: Array) -> None:
        """The scene has moved by `change` since the last picture, and the back with it."""
        self.matrix = change @ self.matrix
        self.home = change @ self.home

    def wait(self, elapsed_s: float) -> None:
        """The back was not seen for so many seconds."""
        self._variance = self._wandered(elapsed_s)

    def take(self, found: Alignment) -> None:
        """Believe an alignment as it is."""
        self.matrix = found.matrix
        self.home = found.matrix.copy()
        self._variance = self._noise(found)
        self.support = found.support
        self._doubt_s = None

    def weigh(
        self, found: Alignment, keyframe: Keyframe, stay_support: float, elapsed_s: float, now_s: float
    ) -> bool:
        """Take in an alignment of the back's keyframe.

        Parameters
        ----------
        found : Alignment
            What was seen.
        keyframe : Keyframe
            In whose coordinates.
        stay_support : float
            Support without any motion of the back's own.
        elapsed_s, now_s : float
            Seconds since the last look, and the picture's time.

        Returns
        -------
        bool
            Whether it was as expected. If not it is withheld for a while, then believed as it is if it
            explains the picture better than staying does.
        """
        expected = keyframe.offset(self.matrix)
        variance = self._wandered(elapsed_s)
        noise = self._noise(found)
        surprise = found.offset - expected
        self.support = found.support
        if (np.abs(surprise) > self._settings.gate * np.sqrt(variance + noise)).any():
            self._doubt_s = now_s if self._doubt_s is None else self._doubt_s
            # However long it lasts, a leap must explain the picture better than staying does.
            if (
                now_s - self._doubt_s < self._settings.gate_s
                or found.support < stay_support + self._settings.leap_support
            ):
                self._variance = variance
            else:
                self.take(found)
            return False
        self._doubt_s = None
        gain = variance / (variance + noise)
        self.matrix = keyframe.motion(expected + gain * surprise)
        self._variance = (1.0 - gain) * variance
        home, here = keyframe.offset(self.home), keyframe.offset(self.matrix)
        self.home = keyframe.motion(home + min(1.0, elapsed_s / self._settings.home_s) * (here - home))
        return True

    def nudge(self, wanted: Array, sigma_px: float, keyframe: Keyframe) -> None:
        """Move gently towards a motion that was measured otherwise, with its sigma in reduced pixels."""
        variance = np.maximum(self._variance[:2].mean(), self._settings.floor_px**2)
        gain = float(variance / (variance + sigma_px**2))
        here = keyframe.offset(self.matrix)
        self.matrix = keyframe.motion(here + 0.2 * gain * (keyframe.offset(wanted) - here))

    def _wandered(self, elapsed_s: float) -> Array:
        return np.asarray(self._variance + np.square(self._settings.wander_px) * elapsed_s, dtype=float)

    def _noise(self, found: Alignment) -> Array:
        # Twice the jackknife's figure: it does not know of shadows and arms that hide in several parts.
        # A fit that agrees less than what it began with has been dragged off.
        dragged = self._settings.dragged_px * max(0.0, found.support_before - found.support)
        return 4.0 * found.sigma**2 + self._settings.floor_px**2 + dragged**2
