"""How far a thumb's measured position lies from the truth, and whether its stated uncertainty is honest."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


def _empty() -> NDArray[np.float64]:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class PositionErrors:
    """Position errors over frames in which the thumb truly touched the back; add two of them to pool.

    Attributes
    ----------
    offsets_cm : ndarray of float, shape (n, 2)
        Measured minus true ``lateral_cm, caudal_cm`` of the observed contact frames.
    sigma_cm : ndarray of float, shape (n,)
        Stated standard deviation per axis of the same frames.
    contact_frames : int
        Frames of contact, observed or not.
    seen_frames : int
        Frames of contact in which the hand was detected or tracked (not bridged by interpolation).
    """

    offsets_cm: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    sigma_cm: NDArray[np.float64] = field(default_factory=_empty)
    contact_frames: int = 0
    seen_frames: int = 0

    def __add__(self, other: "PositionErrors") -> "PositionErrors":
        return PositionErrors(
            np.concatenate([self.offsets_cm, other.offsets_cm]),
            np.concatenate([self.sigma_cm, other.sigma_cm]),
            self.contact_frames + other.contact_frames,
            self.seen_frames + other.seen_frames,
        )

    @property
    def distance_cm(self) -> NDArray[np.float64]:
        """Distance along the back between measured and true position in cm, shape (n,)."""
        return np.asarray(np.hypot(self.offsets_cm[:, 0], self.offsets_cm[:, 1]), dtype=np.float64)

    @property
    def observed_share(self) -> float:
        """Share of the contact frames that have a position; NaN without contact."""
        return len(self.offsets_cm) / self.contact_frames if self.contact_frames else float("nan")

    @property
    def seen_share(self) -> float:
        """Share of the contact frames in which the hand was really seen; NaN without contact."""
        return self.seen_frames / self.contact_frames if self.contact_frames else float("nan")

    def percentile_cm(self, percent: float) -> float:
        """Return that percentile of the distance in cm; NaN when nothing was observed."""
        return float(np.percentile(self.distance_cm, percent)) if len(self.offsets_cm) else float("nan")

    def within_sigma(self, multiple: float) -> float:
        """Return the share of single-axis errors within `multiple` stated sigmas.

        An honest Gaussian sigma gives 0.683 for 1 and 0.954 for 2; more means too cautious, less too sure.
        """
        if not len(self.sigma_cm):
            return float("nan")
        return float(np.mean(np.abs(self.offsets_cm) <= multiple * self.sigma_cm[:, None]))


def position_errors(
    measured_cm: NDArray[np.float64],
    sigma_cm: NDArray[np.float64],
    status: NDArray[np.object_],
    true_cm: NDArray[np.float64],
    contact: NDArray[np.bool_],
) -> PositionErrors:
    """Compare one thumb's path with the truth, frame by frame.

    Parameters
    ----------
    measured_cm : ndarray of float, shape (n, 2)
        ``lateral_cm, caudal_cm``; NaN where missing.
    sigma_cm : ndarray of float, shape (n,)
        Stated standard deviation per axis.
    status : ndarray of str, shape (n,)
        Values of `trainer.perception.observation.Status`.
    true_cm : ndarray of float, shape (n, 2)
        The truth, in the same coordinates.
    contact : ndarray of bool, shape (n,)
        Frames in which the thumb touches the back; only these count.
    """
    observed = contact & np.isfinite(measured_cm).all(axis=1)
    seen = contact & np.isin(status, ["detected", "tracked"])
    return PositionErrors(
        offsets_cm=measured_cm[observed] - true_cm[observed],
        sigma_cm=np.asarray(sigma_cm, dtype=np.float64)[observed],
        contact_frames=int(contact.sum()),
        seen_frames=int(seen.sum()),
    )
