"""A session against what the camera could see: for clips in which a body hides hands and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.evaluation.compare import thumbs_at_truth
from trainer.evaluation.position import PositionErrors, position_errors
from trainer.evaluation.segmental import DetectionCounts, overlap_counts
from trainer.evaluation.timeline import TimedEvent, events_of_hand, frame_labels
from trainer.evaluation.truth import Truth
from trainer.language import Text
from trainer.perception.observation import HANDS, Hand

if TYPE_CHECKING:
    import pandas as pd

WRONG_SIGMA, WRONG_CM = 3.0, 2.0
"""A placed thumb is confidently wrong when it is off by more than both: so many of its own stated sigmas, and cm."""
STROKE_VISIBLE = 0.5
"""A stroke counts when the tip of the thumb is visible in at least this share of its frames."""
F1_OVERLAP = 0.5


@dataclass(frozen=True, eq=False)
class VisibleFigures:
    """Figures of one hand in one session, or of several pooled by adding them.

    Attributes
    ----------
    visible : PositionErrors
        Over the frames in which the thumb touches the back and its tip is visible.
    contact_frames : int
        Frames in which the thumb touches the back, visible or not.
    placed_frames : int
        Frames of contact, visible or not, for which the session gives the thumb a place.
    wrong_frames : int
        Those of them that are off by more than `WRONG_SIGMA` stated sigmas and more than `WRONG_CM`.
    hidden_placed_frames : int
        Placed frames of contact in which the tip is not visible.
    strokes : DetectionCounts
        Strokes visible in at least half of their frames, overlapped by at least half.
    """

    visible: PositionErrors = field(default_factory=PositionErrors)
    contact_frames: int = 0
    placed_frames: int = 0
    wrong_frames: int = 0
    hidden_placed_frames: int = 0
    strokes: DetectionCounts = field(default_factory=DetectionCounts)

    def __add__(self, other: "VisibleFigures") -> "VisibleFigures":
        return VisibleFigures(
            self.visible + other.visible,
            self.contact_frames + other.contact_frames,
            self.placed_frames + other.placed_frames,
            self.wrong_frames + other.wrong_frames,
            self.hidden_placed_frames + other.hidden_placed_frames,
            self.strokes + other.strokes,
        )

    def summary(self) -> dict[str, float | int]:
        """Return every figure by name, unit in the name, shares 0 to 1; NaN where there was none to take."""
        nan = float("nan")
        return {
            "contact_frames": self.contact_frames,
            "visible_share": self.visible.contact_frames / self.contact_frames
            if self.contact_frames
            else nan,
            "visible_observed": self.visible.observed_share,
            "visible_seen": self.visible.seen_share,
            "thumb_error_median_cm": self.visible.percentile_cm(50),
            "thumb_error_p95_cm": self.visible.percentile_cm(95),
            "placed_frames": self.placed_frames,
            "placed_wrong": self.wrong_frames / self.placed_frames if self.placed_frames else nan,
            "hidden_placed": self.hidden_placed_frames / self.placed_frames if self.placed_frames else nan,
            "visible_strokes": self.strokes.true_positives + self.strokes.false_negatives,
            "f1_50_visible": self.strokes.f1,
        }


def pool_visible(parts: Iterable[VisibleFigures]) -> VisibleFigures:
    """Return all parts added."""
    return reduce(add, parts, VisibleFigures())


def compare_visible(
    events: "pd.DataFrame", thumbs: "pd.DataFrame", truth: Truth
) -> dict[Hand, VisibleFigures]:
    """Hold a session against what the camera could see.

    Parameters
    ----------
    events : DataFrame
        Columns as in ``events.tsv``.
    thumbs : DataFrame
        Columns as in ``thumbs.parquet``; no rows where the recording was declined.
    truth : Truth
        Of a rendered clip.

    Returns
    -------
    dict of hand to VisibleFigures

    Raises
    ------
    PijatError
        When the truth does not say what is visible.
    """
    return {hand: _of_hand(events, thumbs[thumbs["hand"] == hand], truth, hand) for hand in HANDS}


def _of_hand(events: "pd.DataFrame", track: "pd.DataFrame", truth: Truth, hand: Hand) -> VisibleFigures:
    real = truth.hands[hand]
    if truth.time_s is None or real.position_cm is None or real.contact is None or real.thumb_visible is None:
        raise PijatError(
            Text(
                "Ini garis waktu, yang tidak menyebut apa yang terlihat: pakai data acuan klip buatan.",
                "Expected the truth of a rendered clip, got a timeline: it does not say what is visible.",
            )
        )
    measured, sigma, status = thumbs_at_truth(track, truth.time_s)
    placed = real.contact & np.isfinite(measured).all(axis=1)
    off_cm = np.hypot(*(measured - real.position_cm).T)
    wrong = placed & (off_cm > WRONG_CM) & (off_cm > WRONG_SIGMA * sigma)
    visible = real.contact & real.thumb_visible
    return VisibleFigures(
        visible=position_errors(measured, sigma, status, real.position_cm, visible),
        contact_frames=int(real.contact.sum()),
        placed_frames=int(placed.sum()),
        wrong_frames=int(wrong.sum()),
        hidden_placed_frames=int((placed & ~visible).sum()),
        strokes=visible_stroke_counts(
            events_of_hand(events, hand), real.events, truth.time_s, real.thumb_visible
        ),
    )


def visible_stroke_counts(
    predicted: Sequence[TimedEvent],
    true: Sequence[TimedEvent],
    time_s: NDArray[np.float64],
    visible: NDArray[np.bool_],
) -> DetectionCounts:
    """Count strokes found, for those that are visible in at least half of their frames.

    True strokes that are hidden for longer are left out, and so are predicted strokes that lie for more than
    half of their length in such a one: neither finding it nor leaving it counts.

    Parameters
    ----------
    predicted, true : sequence of TimedEvent
        Of one hand.
    time_s : ndarray of float, shape (n,)
        Times of the frames in seconds.
    visible : ndarray of bool, shape (n,)
        Whether the tip of the thumb is visible.
    """
    hidden = [event for event in true if _share_visible(event, time_s, visible) < STROKE_VISIBLE]
    counted = [event for event in true if event not in hidden]
    kept = [event for event in predicted if _share_inside(event, hidden) <= 0.5]
    labels = frame_labels(kept, time_s).tolist(), frame_labels(counted, time_s).tolist()
    return overlap_counts(*labels, F1_OVERLAP)


def _share_visible(event: TimedEvent, time_s: NDArray[np.float64], visible: NDArray[np.bool_]) -> float:
    inside = (time_s >= event.onset_s) & (time_s < event.end_s)
    return float(visible[inside].mean()) if inside.any() else 0.0


def _share_inside(event: TimedEvent, others: Sequence[TimedEvent]) -> float:
    shared = sum(max(0.0, min(event.end_s, o.end_s) - max(event.onset_s, o.onset_s)) for o in others)
    return shared / event.duration_s if event.duration_s > 0 else 0.0
