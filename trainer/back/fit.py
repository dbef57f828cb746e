"""Fitting camera and back to marked landmarks: a robust least-squares fit, then its linear posterior.

The unknowns are the camera's pose and focal length and the few ways in which backs differ, with what is known
of each beforehand; on top lies a smooth displacement field on the skin (a Gaussian process) for what those
leave unexplained. Near the best fit everything is linear, so that the posterior of the field and its variance
anywhere on the back are closed formulas (universal kriging): Rasmussen & Williams, Gaussian Processes for
Machine Learning, 2.7.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from trainer.back.atlas import Atlas
from trainer.back.camera import FOCAL_LOG_SIGMA, FOCAL_PER_WIDTH, POSE_PARAMETERS, pose_guesses, project
from trainer.back.surface import BackSurface

Array = NDArray[np.float64]

ROBUST_SCALE = 1.5
"""Residuals beyond this many standard deviations count less (soft L1)."""
_STEP_CM = 0.25


@dataclass(frozen=True, eq=False)
class Landmarks:
    """The marked landmarks as the fit sees them.

    Attributes
    ----------
    names : tuple of str
        Landmark names.
    pixels : ndarray, shape (n, 2)
        Where they are marked.
    sigma_px : ndarray, shape (n,)
        Standard deviation of a mark along each axis.
    at : ndarray, shape (n, 2)
        Back coordinates from the atlas; NaN for those that lie off the skin.
    space : ndarray, shape (n, 3)
        Points off the skin, ``right, down, in``; NaN for those on the skin.
    spread : ndarray, shape (n, 3)
        Spread between people in cm: lateral, caudal, nothing (on the skin) or right, down, in.
    """

    names: tuple[str, ...]
    pixels: Array
    sigma_px: Array
    at: Array
    space: Array
    spread: Array

    @property
    def on_skin(self) -> NDArray[np.bool_]:
        """Which landmarks lie on the skin of the back, shape (n,)."""
        return np.isfinite(self.at[:, 0])


class BackModel:
    """Projection of the back under parameters: pose (7) and modes.

    Parameters
    ----------
    atlas : Atlas
        The anatomy.
    image_size : tuple of int
        Width and height in pixels.
    """

    def __init__(self, atlas: Atlas, image_size: tuple[int, int]) -> None:
        self.atlas = atlas
        self.image_size = image_size
        modes = len(atlas.surface.modes)
        self.size = POSE_PARAMETERS + modes
        self.prior_mean = np.concatenate([np.zeros(6), [np.log(FOCAL_PER_WIDTH)], np.zeros(modes)])
        # The pose is unknown; a very wide prior keeps the algebra regular.
        self.prior_sigma = np.concatenate(
            [np.full(3, 10.0), np.full(3, 30.0), [FOCAL_LOG_SIGMA], atlas.surface.mode_sigma]
        )

    def surface(self, parameters: Array) -> BackSurface:
        """Return the back under these parameters."""
        return BackSurface.from_modes(self.atlas.surface, parameters[POSE_PARAMETERS:])

    def pixels(self, parameters: Array, at: Array) -> Array:
        """Return the pixels, shape (n, 2), of points of the skin, shape (n, 2) in back cm."""
        return project(self.surface(parameters).points(at), parameters[:POSE_PARAMETERS], self.image_size)

    def landmark_pixels(self, parameters: Array, marks: Landmarks) -> Array:
        """Return where the landmarks would be seen, shape (n, 2)."""
        space = marks.space.copy()
        skin = marks.on_skin
        space[skin] = self.surface(parameters).points(marks.at[skin])
        return project(space, parameters[:POSE_PARAMETERS], self.image_size)

    def slopes(self, parameters: Array, at: Array) -> Array:
        """Return the derivative of pixels to parameters, shape (n, 2, p)."""
        return derivative(lambda p: self.pixels(p, at), parameters)

    def lifts(self, parameters: Array, at: Array) -> Array:
        """Return the derivative of pixels to back coordinates, shape (n, 2, 2)."""
        columns = []
        for axis in np.eye(2) * _STEP_CM:
            columns.append(
                (self.pixels(parameters, at + axis) - self.pixels(parameters, at - axis)) / (2 * _STEP_CM)
            )
        return np.stack(columns, axis=2)


def derivative(function: Callable[[Array], Array], point: Array) -> Array:
    """Return how a function's values change with each coordinate of a point, the coordinates last."""
    columns = []
    for index in range(len(point)):
        step = np.zeros(len(point))
        step[index] = 1e-5
        columns.append((function(point + step) - function(point - step)) / 2e-5)
    return np.stack(columns, axis=2)


def solve(model: BackModel, marks: Landmarks) -> tuple[Array, float]:
    """Find the most likely camera and back.

    Returns
    -------
    parameters : ndarray, shape (p,)
        The best of several starts.
    cost : float
        Robust cost per landmark, about 1 when all is as the model expects.
    """
    mean_surface = BackSurface.from_modes(model.atlas.surface, np.zeros(len(model.atlas.surface.modes)))
    space = marks.space.copy()
    skin = marks.on_skin
    space[skin] = mean_surface.points(marks.at[skin])

    def whitened(parameters: Array, inverse_sigma: Array) -> Array:
        residual = (model.landmark_pixels(parameters, marks) - marks.pixels) * inverse_sigma
        prior = (parameters[6:] - model.prior_mean[6:]) / model.prior_sigma[6:]
        return np.concatenate([residual.ravel(), prior])

    candidates: list[tuple[float, int, Array]] = []
    for guess in pose_guesses(space, marks.pixels, model.image_size):
        start = np.concatenate([guess, np.zeros(model.size - POSE_PARAMETERS)])
        off = np.abs(model.landmark_pixels(start, marks) - marks.pixels).sum()
        candidates.append((float(off), len(candidates), start))
    candidates.sort(key=lambda entry: entry[:2])
    starts: list[tuple[float, int, Array]] = []
    for _, _, start in candidates[:4]:
        inverse_sigma = 1.0 / np.sqrt(_mark_variance(model, start, marks))
        fit = least_squares(
            whitened, start, args=(inverse_sigma,), loss="soft_l1", f_scale=ROBUST_SCALE, max_nfev=8
        )
        starts.append((fit.cost, len(starts), fit.x))
    starts.sort(key=lambda entry: entry[:2])
    finished: list[tuple[float, int, Array]] = []
    for _, _, start in starts[:2]:
        inverse_sigma = 1.0 / np.sqrt(_mark_variance(model, start, marks))
        fit = least_squares(
            whitened, start, args=(inverse_sigma,), loss="soft_l1", f_scale=ROBUST_SCALE, max_nfev=60
        )
        finished.append((fit.cost, len(finished), fit.x))
    cost, _, parameters = min(finished, key=lambda entry: entry[:2])
    return parameters, 2.0 * cost / len(marks.names)


def _mark_variance(model: BackModel, parameters: Array, marks: Landmarks) -> Array:
    """Variance of each landmark's pixels from mark, atlas spread and misfit, per axis, shape (n, 2)."""
    covariance = mark_covariance(model, parameters, marks)
    misfit = model.atlas.surface.misfit_cm**2
    lifts = landmark_lifts(model, parameters, marks)
    covariance = covariance + misfit * lifts @ lifts.transpose(0, 2, 1)
    return np.stack([covariance[:, 0, 0], covariance[:, 1, 1]], axis=1)


def landmark_lifts(model: BackModel, parameters: Array, marks: Landmarks) -> Array:
    """Return how each landmark's pixels move with centimetres on the skin, shape (n, 2, 2); zero off the skin."""
    lifts = np.zeros((len(marks.names), 2, 2))
    skin = marks.on_skin
    lifts[skin] = model.lifts(parameters, marks.at[skin])
    return lifts


def mark_covariance(model: BackModel, parameters: Array, marks: Landmarks) -> Array:
    """Covariance of each landmark's pixels from the mark and the atlas spread, shape (n, 2, 2)."""
    skin = marks.on_skin
    covariance = np.zeros((len(marks.names), 2, 2))
    lifts = landmark_lifts(model, parameters, marks)
    for i in range(len(marks.names)):
        if skin[i]:
            spread = np.diag(marks.spread[i, :2] ** 2)
            covariance[i] = lifts[i] @ spread @ lifts[i].T
        else:
            point = np.repeat(marks.space[i][None], 6, axis=0)
            point += np.concatenate([np.eye(3), -np.eye(3)]) * _STEP_CM
            seen = project(point, parameters[:POSE_PARAMETERS], model.image_size)
            slope = (seen[:3] - seen[3:]).T / (2 * _STEP_CM)
            covariance[i] = slope @ np.diag(marks.spread[i] ** 2) @ slope.T
        covariance[i] += np.eye(2) * marks.sigma_px[i] ** 2
    return covariance
