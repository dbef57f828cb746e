"""How the back is followed, and what following yields: the registration carried to another frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.back.registration import Registration

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FollowSettings:
    """How the back is followed. Pixels are those of the reduced picture, 160 wide.

    Attributes
    ----------
    lost_after_s : float
        Without support for this long the back counts as lost.
    rest_s : float
        While nothing moves, look only this often.
    rest_px : float
        Less motion than this between two looks is nothing.
    support : float
        Share of the visible gradients that must be found again.
    detail : float
        Share of the first picture's changes from pixel to pixel under which nothing can be told from a picture.
    visible : float
        Share of the gradients that must be in view and free of hands.
    again_support, again_likeness : float
        What it takes to believe that a lost back was found again: support, and plain correlation of the
        pictures.
    margin : float
        How far beyond the modelled back the picture is used, relative to the back's size in it: neck,
        shoulders and waist move with the back and have the edges that skin lacks.
    wander_px : tuple of float
        How far a back usually moves by itself in a second (shift, shift, growth, turn).
    home_s : float
        The back's usual place is its mean over about this time.
    home_px : float
        Farther from there than this, it is asked whether the back might not be in its usual place after all;
    home_support : float
        it is, unless its support is larger by this where it seems to be.
    leap_support : float
        A leap must gain this much support.
    dragged_px : float
        Doubt about a fit whose support is lower than at its start, per unit of support.
    floor_px : float
        The alignment is not trusted to better than this.
    gate : float
        A motion of the back alone by more than this many standard deviations must last for `gate_s` to be
        believed.
    gate_s : float
        That time.
    learn_s : float
        How often what hands have uncovered is learned.
    search_s : float
        How often a wider search is made while little of the back is found again.
    """

    lost_after_s: float = 0.4
    rest_s: float = 0.1
    rest_px: float = 0.1
    support: float = 0.3
    detail: float = 0.3
    visible: float = 0.12
    again_support: float = 0.5
    again_likeness: float = 0.75
    margin: float = 0.2
    wander_px: tuple[float, float, float, float] = (0.3, 0.3, 0.15, 0.15)
    home_s: float = 10.0
    home_px: float = 0.4
    home_support: float = 0.04
    leap_support: float = 0.05
    dragged_px: float = 25.0
    floor_px: float = 0.1
    gate: float = 4.0
    gate_s: float = 0.25
    learn_s: float = 0.5
    search_s: float = 0.15


@dataclass(frozen=True, eq=False)
class FollowedMap:
    """The registration of the calibrated frame, carried to another frame; a `trainer.back.frame.BackMap`.

    Attributes
    ----------
    registration : Registration
        Of the calibrated frame.
    matrix : ndarray, shape (3, 3)
        Takes pixels of the calibrated frame to pixels of this frame (affine).
    sigma_px : float
        Standard deviation of that, pixels of this frame.
    """

    registration: Registration
    matrix: Array
    sigma_px: float

    def _home(self, points_px: Array) -> Array:
        points = np.asarray(points_px, dtype=float)
        (a, b, x), (c, d, y) = self.matrix[0], self.matrix[1]
        determinant = a * d - b * c
        left, down = points[:, 0] - x, points[:, 1] - y
        return np.stack([(d * left - b * down) / determinant, (a * down - c * left) / determinant], axis=1)

    @property
    def size_ratio(self) -> float:
        """Real cm per cm of the atlas."""
        return self.registration.size_ratio

    @property
    def _growth(self) -> float:
        (a, b, _), (c, d, _) = self.matrix[0], self.matrix[1]
        return float(np.sqrt(abs(a * d - b * c)))

    def to_back(self, points_px: Array) -> tuple[Array, Array]:
        """Map pixels onto the back; see `trainer.back.frame.BackMap.to_back`."""
        home = self._home(points_px)
        back, sigma = self.registration.to_back(home)
        follow = self.sigma_px / self._growth * self.registration.cm_per_px(home)
        return back, np.hypot(sigma, follow)

    def to_image(self, back_cm: Array) -> Array:
        """Map back coordinates to pixels of this frame."""
        pixels = self.registration.to_image(back_cm)
        result: Array = pixels @ self.matrix[:2, :2].T + self.matrix[:2, 2]
        return result

    def cm_per_px(self, points_px: Array) -> Array:
        """Return the size of a pixel on the skin in cm, shape (n,)."""
        return self.registration.cm_per_px(self._home(points_px)) / self._growth

    def map_sigma(self, points_px: Array) -> Array:
        """Return the standard deviation without that of the size of the back, cm, shape (n,)."""
        home = self._home(points_px)
        follow = self.sigma_px / self._growth * self.registration.cm_per_px(home)
        result: Array = np.hypot(self.registration.map_sigma(home), follow)
        return result
