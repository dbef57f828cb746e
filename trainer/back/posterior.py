"""What is known of a back after the fit: its covariance, and a smooth field for what no parameter explains."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.back.fit import ROBUST_SCALE, BackModel, Landmarks, derivative, landmark_lifts, mark_covariance

Array = NDArray[np.float64]


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
        covariance = mark_covariance(model, parameters, marks)
        lifts = landmark_lifts(model, parameters, marks)
        slopes = derivative(lambda p: model.landmark_pixels(p, marks), parameters)
        residual = marks.pixels - model.landmark_pixels(parameters, marks)
        alone = covariance + model.atlas.surface.misfit_cm**2 * lifts @ lifts.transpose(0, 2, 1)
        lengths = np.sqrt(np.einsum("ni,nij,nj->n", residual, np.linalg.inv(alone), residual))
        # A mark far from where the others put it is believed less, as the soft L1 loss did.
        covariance *= np.maximum(1.0, lengths / ROBUST_SCALE)[:, None, None]
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
