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

_ROBUST_SCALE = 1.5
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


@dataclass(frozen=True, eq=False)
class Posterior:
    """What the landmarks say about camera, back and displacement field.

    Attributes
    ----------
    parameters : ndarray, shape (p,)
        Pose (7) and modes of the surface.
    information : ndarray, shape (p, p)
        Inverse of their covariance.
    weights : ndarray, shape (2 n,)
        Residuals multiplied by the inverse of their covariance, in 1 / px.
    inverse_noise : ndarray, shape (2 n, 2 n)
        That inverse, 1 / px squared.
    slopes : ndarray, shape (2 n, p)
        Derivative of the landmarks' pixels to the parameters.
    lifts : ndarray, shape (n, 2, 2)
        Derivative of the landmarks' pixels to back coordinates; zero for landmarks off the skin.
    residual_sigma : ndarray, shape (n,)
        Length of each residual in standard deviations (of mark and atlas together).
    """

    parameters: Array
    information: Array
    weights: Array
    inverse_noise: Array
    slopes: Array
    lifts: Array
    residual_sigma: Array


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
        return _derivative(lambda p: self.pixels(p, at), parameters)

    def lifts(self, parameters: Array, at: Array) -> Array:
        """Return the derivative of pixels to back coordinates, shape (n, 2, 2)."""
        columns = []
        for axis in np.eye(2) * _STEP_CM:
            columns.append(
                (self.pixels(parameters, at + axis) - self.pixels(parameters, at - axis)) / (2 * _STEP_CM)
            )
        return np.stack(columns, axis=2)


def _derivative(function: Callable[[Array], Array], point: Array) -> Array:
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
            whitened, start, args=(inverse_sigma,), loss="soft_l1", f_scale=_ROBUST_SCALE, max_nfev=8
        )
        starts.append((fit.cost, len(starts), fit.x))
    starts.sort(key=lambda entry: entry[:2])
    finished: list[tuple[float, int, Array]] = []
    for _, _, start in starts[:2]:
        inverse_sigma = 1.0 / np.sqrt(_mark_variance(model, start, marks))
        fit = least_squares(
            whitened, start, args=(inverse_sigma,), loss="soft_l1", f_scale=_ROBUST_SCALE, max_nfev=60
        )
        finished.append((fit.cost, len(finished), fit.x))
    cost, _, parameters = min(finished, key=lambda entry: entry[:2])
    return parameters, 2.0 * cost / len(marks.names)


def _mark_variance(model: BackModel, parameters: Array, marks: Landmarks) -> Array:
    """Variance of each landmark's pixels from mark, atlas spread and misfit, per axis, shape (n, 2)."""
    covariance = _mark_covariance(model, parameters, marks)
    misfit = model.atlas.surface.misfit_cm**2
    lifts = _landmark_lifts(model, parameters, marks)
    covariance = covariance + misfit * lifts @ lifts.transpose(0, 2, 1)
    return np.stack([covariance[:, 0, 0], covariance[:, 1, 1]], axis=1)


def _landmark_lifts(model: BackModel, parameters: Array, marks: Landmarks) -> Array:
    lifts = np.zeros((len(marks.names), 2, 2))
    skin = marks.on_skin
    lifts[skin] = model.lifts(parameters, marks.at[skin])
    return lifts


def _mark_covariance(model: BackModel, parameters: Array, marks: Landmarks) -> Array:
    """Covariance of each landmark's pixels from the mark and the atlas spread, shape (n, 2, 2)."""
    skin = marks.on_skin
    covariance = np.zeros((len(marks.names), 2, 2))
    lifts = _landmark_lifts(model, parameters, marks)
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


def kernel(model: BackModel, a: Array, b: Array) -> Array:
    """Covariance of the displacement field between points of the back, shape (len(a), len(b)), cm squared."""
    c = model.atlas.surface
    square = ((a[:, None] - b[None]) ** 2).sum(axis=2)
    result: Array = c.misfit_cm**2 * np.exp(-0.5 * square / c.misfit_length_cm**2)
    return result


def posterior(model: BackModel, marks: Landmarks, parameters: Array) -> Posterior:
    """Refine a robust fit by one generalised least-squares step, and keep its covariance."""
    count = len(marks.names)
    skin = marks.on_skin
    at = np.where(skin[:, None], marks.at, 1e6)  # far away: the field does not tie landmarks off the skin
    for _ in range(2):
        covariance = _mark_covariance(model, parameters, marks)
        lifts = _landmark_lifts(model, parameters, marks)
        slopes = _derivative(lambda p: model.landmark_pixels(p, marks), parameters)
        residual = marks.pixels - model.landmark_pixels(parameters, marks)
        alone = covariance + model.atlas.surface.misfit_cm**2 * lifts @ lifts.transpose(0, 2, 1)
        lengths = np.sqrt(np.einsum("ni,nij,nj->n", residual, np.linalg.inv(alone), residual))
        # A mark far from where the others put it is believed less, as the soft L1 loss did.
        covariance *= np.maximum(1.0, lengths / _ROBUST_SCALE)[:, None, None]
        noise = np.zeros((2 * count, 2 * count))
        field = kernel(model, at, at)
        for i in range(count):
            noise[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] += covariance[i]
            for j in range(count):
                noise[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] += field[i, j] * lifts[i] @ lifts[j].T
        inverse = np.asarray(np.linalg.inv(noise), dtype=np.float64)
        flat = slopes.reshape(2 * count, -1)
        information = np.diag(model.prior_sigma**-2.0) + flat.T @ inverse @ flat
        pull = np.zeros(model.size)
        pull[6:] = (model.prior_mean[6:] - parameters[6:]) / model.prior_sigma[6:] ** 2
        step = np.linalg.solve(information, flat.T @ inverse @ residual.ravel() + pull)
        trial = parameters + step
        if np.all(np.isfinite(trial)):
            parameters = trial
    residual = marks.pixels - model.landmark_pixels(parameters, marks)
    return Posterior(
        parameters=parameters,
        information=information,
        weights=inverse @ residual.ravel(),
        inverse_noise=inverse,
        slopes=flat,
        lifts=lifts,
        residual_sigma=lengths,
    )


def displacement(model: BackModel, marks: Landmarks, fitted: Posterior, at: Array) -> tuple[Array, Array]:
    """Return the displacement field and the standard deviation of the map at points of the back.

    Parameters
    ----------
    at : ndarray, shape (n, 2)
        Back coordinates in cm (of the atlas).

    Returns
    -------
    shift_cm : ndarray, shape (n, 2)
        Where the point really lies on the modelled surface, relative to `at`.
    sigma_cm : ndarray, shape (n,)
        Standard deviation per axis of a point mapped here, in cm of the atlas; infinite where the skin is
        seen edge-on.
    """
    known = np.where(marks.on_skin[:, None], marks.at, 1e6)
    cross = kernel(model, at, known)
    # (n, 2, 2k): covariance between the field here and the landmarks' pixels
    tied = np.einsum("nk,kij->njki", cross, fitted.lifts).reshape(len(at), 2, -1)
    shift = tied @ fitted.weights
    lifts = model.lifts(fitted.parameters, at)
    determinant = np.linalg.det(lifts)
    usable = np.abs(determinant) > 1e-6
    inverse_lifts = np.linalg.inv(np.where(usable[:, None, None], lifts, np.eye(2)))
    own = inverse_lifts @ model.slopes(fitted.parameters, at)
    rest = own - tied @ fitted.inverse_noise @ fitted.slopes
    explained = np.einsum("nij,jk,nik->ni", tied, fitted.inverse_noise, tied)
    from_parameters = np.einsum("nij,jk,nik->ni", rest, np.linalg.inv(fitted.information), rest)
    variance = model.atlas.surface.misfit_cm**2 - explained + from_parameters
    sigma = np.sqrt(np.maximum(variance, 0.0).mean(axis=1))
    return shift, np.where(usable, sigma, np.inf)
