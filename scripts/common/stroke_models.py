"""What the temporal network is compared with: a rule, and scikit-learn models on windows of the same features."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from trainer.strokes.features import Kind
from trainer.strokes.grid import GRID_HZ

Floats = NDArray[np.float64]
KINDS = len(Kind)


def _turning(velocity: Floats, half_s: float) -> Floats:
    """Return signed turning in revolutions within a window, each step weighted by whether the hand moves at all."""
    heading = np.arctan2(velocity[1], velocity[0])
    turn = (np.diff(heading, prepend=heading[:1]) + np.pi) % (2 * np.pi) - np.pi
    moving = np.hypot(*velocity) > 1.0
    samples = 2 * half_s * GRID_HZ
    return np.asarray(uniform_filter1d(turn * moving, max(1, round(samples))) * samples / (2 * np.pi))


class Rule:
    """Turning-angle thresholds: the sixty-line baseline."""

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return 0.94 for the class of the rule."""
        velocity = gaussian_filter1d(rows[0:2].astype(float) * 10, 0.08 * GRID_HZ, axis=1)
        speed = uniform_filter1d(np.hypot(*velocity), round(0.5 * GRID_HZ))
        turning = _turning(velocity, 0.7)
        along = uniform_filter1d(velocity[1], round(0.6 * GRID_HZ))
        kind = np.full(rows.shape[1], int(Kind.NONE))
        kind[speed < 1.5] = Kind.HOLD
        kind[(along > 2.5) & (np.abs(turning) < 0.5)] = Kind.DOWN
        kind[(along < -2.5) & (np.abs(turning) < 0.5)] = Kind.UP
        kind[(turning > 0.5) & (speed >= 1.5)] = Kind.CIRCLE_CW
        kind[(turning < -0.5) & (speed >= 1.5)] = Kind.CIRCLE_CCW
        kind[rows[7] < 0.5] = Kind.NONE
        out = np.full((rows.shape[1], KINDS), 0.01, np.float32)
        out[np.arange(len(kind)), kind] = 1 - 0.01 * (KINDS - 1)
        return out


def windowed(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return statistics of windows of 0.4 to 3 s around each sample, shape (n, features)."""
    rows = rows.astype(float)
    velocity = gaussian_filter1d(rows[0:2] * 10, 1.0, axis=1)
    speed = np.hypot(*velocity)
    path = np.cumsum(rows[0:2] * 10 / GRID_HZ, axis=1)
    columns = [rows[2], rows[3], rows[4], rows[5], velocity[0], velocity[1], speed, rows[7], rows[9]]
    for half in (0.2, 0.5, 1.0, 1.5):
        size = round(2 * half * GRID_HZ)
        mean = uniform_filter1d(path, size, axis=1)
        mean_square = uniform_filter1d(path**2, size, axis=1)
        spread = np.sqrt(np.maximum(mean_square - mean**2, 0))
        columns += [
            *uniform_filter1d(velocity, size, axis=1),
            uniform_filter1d(speed, size),
            _turning(velocity, half),
            *spread,
            uniform_filter1d(path[0] * path[1], size) - mean[0] * mean[1],
            uniform_filter1d(rows[7], size),
            uniform_filter1d(rows[8], size),
            *(np.roll(path, -size // 2, 1) - np.roll(path, size // 2, 1)),
        ]
    # What the same windows say a moment earlier and later.
    flat = np.stack(columns, 1)
    shift = round(0.8 * GRID_HZ)
    before, after = np.roll(flat[:, 6:20], shift, 0), np.roll(flat[:, 6:20], -shift, 0)
    return np.concatenate([flat, before, after], 1).astype(np.float32)


@dataclass
class Windowed:
    """A scikit-learn classifier on `windowed` features."""

    model: Any

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the classifier's probabilities for all classes."""
        found = self.model.predict_proba(windowed(rows))
        out = np.full((rows.shape[1], KINDS), 1e-4, np.float32)
        out[:, self.model.classes_.astype(int)] = found
        return np.asarray(out / out.sum(1, keepdims=True))


def sklearn_models(seed: int) -> dict[str, Any]:
    """Return untrained scikit-learn classifiers by name."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
        "random forest": RandomForestClassifier(150, min_samples_leaf=5, n_jobs=1, random_state=seed),
        "gradient boosting": HistGradientBoostingClassifier(
            max_iter=200, learning_rate=0.1, random_state=seed
        ),
    }
