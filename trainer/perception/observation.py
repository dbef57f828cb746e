"""What perception says about one frame, in raw image pixels (x right, y down)."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Hand = Literal["left", "right"]
"""The practitioner's hand."""
HANDS: tuple[Hand, Hand] = ("left", "right")

HAND_KEYPOINTS: tuple[str, ...] = (
    "wrist",
    *(
        f"{finger}_{joint}"
        for finger, joints in (
            ("thumb", ("cmc", "mcp", "ip", "tip")),
            ("index", ("mcp", "pip", "dip", "tip")),
            ("middle", ("mcp", "pip", "dip", "tip")),
            ("ring", ("mcp", "pip", "dip", "tip")),
            ("pinky", ("mcp", "pip", "dip", "tip")),
        )
        for joint in joints
    ),
)
"""Names of the 21 hand landmarks, in MediaPipe's order."""


class Status(StrEnum):
    """How a position came to be known."""

    DETECTED = "detected"
    """Found by the hand landmarker in this very frame."""
    TRACKED = "tracked"
    """The landmarker lost the hand; its picture was followed by optical flow."""
    INTERPOLATED = "interpolated"
    """Not seen; bridged between two sightings, with growing uncertainty."""
    MISSING = "missing"
    """Not seen and not bridged."""


@dataclass(frozen=True, eq=False)
class HandObservation:
    """One hand in one frame.

    Attributes
    ----------
    hand : {"left", "right"}
        The practitioner's hand.
    keypoints : ndarray of float, shape (21, 2)
        Pixels, in the order of `HAND_KEYPOINTS`.
    score : float
        0 to 1.
    status : Status
        `Status.DETECTED` or `Status.TRACKED`.
    contact_px : ndarray of float, shape (2,)
        Where the thumb's pad meets the skin, in pixels (not the tip landmark, which lies above the skin).
    contact_sigma_px : float
        Standard deviation of `contact_px` along each axis, in pixels.
    palm_px : float
        How large the palm looks, in pixels (`trainer.perception.contact.hand_size`); NaN where the landmarker did
        not see the hand in this very frame. A hand that is lifted towards the camera looks larger.
    """

    hand: Hand
    keypoints: NDArray[np.float64]
    score: float
    status: Status
    contact_px: NDArray[np.float64]
    contact_sigma_px: float
    palm_px: float = math.nan


@dataclass(frozen=True, eq=False)
class HandPair:
    """Both hands of one frame; ``None`` for a hand that was not seen."""

    left: HandObservation | None
    right: HandObservation | None

    def get(self, hand: Hand) -> HandObservation | None:
        """Return the observation of that hand, if any."""
        return self.left if hand == "left" else self.right
