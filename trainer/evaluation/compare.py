"""A session against the truth: every figure of the table of goals, per hand and pooled."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.evaluation.matching import match_by_overlap, onset_counts
from trainer.evaluation.position import PositionErrors, position_errors
from trainer.evaluation.segmental import BACKGROUND, OVERLAPS, DetectionCounts, edit_score, overlap_counts
from trainer.evaluation.timeline import events_of_hand, frame_labels
from trainer.evaluation.truth import Truth
from trainer.language import Text
from trainer.perception.observation import HANDS, Hand
from trainer.strokes.event import StrokeType

if TYPE_CHECKING:
    import pandas as pd

ONSET_TOLERANCES_S: tuple[float, ...] = (0.1, 0.25, 0.5)
"""Onset tolerances of the event F1, in seconds."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Figures of one hand in one session, or of several pooled by adding them.

    Attributes
    ----------
    frames, frames_right : int
        Frames compared, and those with the right label.
    edit_scores : tuple of float
        One segmental edit score a sequence (a hand in a session), 0 to 1.
    overlap : tuple of DetectionCounts
        One for each of `trainer.evaluation.segmental.OVERLAPS`.
    onset : tuple of DetectionCounts
        One for each of `ONSET_TOLERANCES_S`.
    onset_errors_s : tuple of float
        Predicted minus true onset of matched strokes, seconds.
    cycle_errors : tuple of float
        Predicted minus true revolutions of matched circular strokes; NaN where no count was given.
    rate_errors_hz : tuple of float
        Predicted minus true rate of matched circular strokes; NaN where no rate was given.
    directions_right : int
        Matched circular strokes with the right direction.
    circles_true : int
        Circular strokes to be found.
    lifted_frames, lifted_called_stroke : int
        Frames in which the hand is truly off the skin and makes no stroke, and those of them called a stroke.
    position : PositionErrors or None
        None where the truth holds no positions.
    """

    frames: int = 0
    frames_right: int = 0
    edit_scores: tuple[float, ...] = ()
    overlap: tuple[DetectionCounts, ...] = (DetectionCounts(),) * len(OVERLAPS)
    onset: tuple[DetectionCounts, ...] = (DetectionCounts(),) * len(ONSET_TOLERANCES_S)
    onset_errors_s: tuple[float, ...] = ()
    cycle_errors: tuple[float, ...] = ()
    rate_errors_hz: tuple[float, ...] = ()
    directions_right: int = 0
    circles_true: int = 0
    lifted_frames: int = 0
    lifted_called_stroke: int = 0
    position: PositionErrors | None = field(default=None)

    def __add__(self, other: "Comparison") -> "Comparison":
        known = [p for p in (self.position, other.position) if p is not None]
        return Comparison(
            self.frames + other.frames,
            self.frames_right + other.frames_right,
            self.edit_scores + other.edit_scores,
            tuple(map(add, self.overlap, other.overlap)),
            tuple(map(add, self.onset, other.onset)),
            self.onset_errors_s + other.onset_errors_s,
            self.cycle_errors + other.cycle_errors,
            self.rate_errors_hz + other.rate_errors_hz,
            self.directions_right + other.directions_right,
            self.circles_true + other.circles_true,
            self.lifted_frames + other.lifted_frames,
            self.lifted_called_stroke + other.lifted_called_stroke,
            reduce(add, known) if known else None,
        )

    def summary(self) -> dict[str, float | int]:
        """Return every figure by name, unit in the name, shares 0 to 1; NaN where there was none to take."""
        cycles, rates = np.abs(np.array(self.cycle_errors)), np.abs(np.array(self.rate_errors_hz))
        onsets = np.abs(np.array(self.onset_errors_s))
        figures: dict[str, float | int] = {
            "frames": self.frames,
            "frame_accuracy": self.frames_right / self.frames if self.frames else float("nan"),
            "edit": _mean(np.array(self.edit_scores)),
        }
        for percent, counts in zip(("10", "25", "50"), self.overlap, strict=True):
            figures[f"f1_{percent}"] = counts.f1
        for tolerance, counts in zip(ONSET_TOLERANCES_S, self.onset, strict=True):
            figures[f"event_f1_{round(tolerance * 1000)}ms"] = counts.f1
        figures |= {
            "onset_error_median_s": _percentile(onsets, 50),
            "onset_error_p95_s": _percentile(onsets, 95),
            "circles_true": self.circles_true,
            "circles_found": len(self.cycle_errors),
            "circles_counted_within_one": _share(int((cycles <= 1.0).sum()), self.circles_true),
            "cycle_error_mean": _mean(cycles),
            "cycle_error_max": _percentile(cycles, 100),
            "rate_error_median_hz": _percentile(rates, 50),
            "rate_error_p95_hz": _percentile(rates, 95),
            "direction_right": _share(self.directions_right, len(self.cycle_errors)),
        }
        if self.position is not None:
            figures |= {
                "contact_frames": self.position.contact_frames,
                "thumb_error_median_cm": self.position.percentile_cm(50),
                "thumb_error_p95_cm": self.position.percentile_cm(95),
                "observed_share": self.position.observed_share,
                "seen_share": self.position.seen_share,
                "within_1_sigma": self.position.within_sigma(1),
                "within_2_sigma": self.position.within_sigma(2),
                "lifted_called_stroke": _share(self.lifted_called_stroke, self.lifted_frames),
            }
        return figures


def pool(parts: Iterable[Comparison]) -> Comparison:
    """Return all parts added: counts and errors pooled, edit scores kept apart for their mean."""
    return reduce(add, parts, Comparison())


def compare(events: "pd.DataFrame", thumbs: "pd.DataFrame", truth: Truth) -> dict[Hand, Comparison]:
    """Hold a session's timeline and thumb tracks against the truth.

    Parameters
    ----------
    events : DataFrame
        Columns as in ``events.tsv``.
    thumbs : DataFrame
        Columns as in ``thumbs.parquet``.
    truth : Truth
        Of the same recording.

    Returns
    -------
    dict of hand to Comparison
    """
    return {hand: _compare_hand(events, thumbs[thumbs["hand"] == hand], truth, hand) for hand in HANDS}


def _compare_hand(events: "pd.DataFrame", track: "pd.DataFrame", truth: Truth, hand: Hand) -> Comparison:
    real = truth.hands[hand]
    predicted = events_of_hand(events, hand)
    track_s = np.asarray(track["time_s"], dtype=np.float64)
    time_s = truth.time_s if truth.time_s is not None else track_s
    given, expected = frame_labels(predicted, time_s), truth.labels_at(hand, time_s)
    pairs = match_by_overlap(predicted, real.events)
    circles = [
        (predicted[p], real.events[t])
        for p, t in pairs
        if real.events[t].label == StrokeType.CIRCULAR_PRESSURE
    ]
    edit = edit_score(given.tolist(), expected.tolist())
    lifted = (
        (expected == BACKGROUND) & ~real.contact
        if real.contact is not None
        else np.zeros(len(expected), bool)
    )
    return Comparison(
        frames=len(expected),
        frames_right=int(np.sum(given == expected)),
        edit_scores=() if np.isnan(edit) else (edit,),
        overlap=tuple(overlap_counts(given.tolist(), expected.tolist(), o) for o in OVERLAPS),
        onset=tuple(onset_counts(predicted, real.events, s) for s in ONSET_TOLERANCES_S),
        onset_errors_s=tuple(predicted[p].onset_s - real.events[t].onset_s for p, t in pairs),
        cycle_errors=tuple(_difference(p.cycles, t.cycles) for p, t in circles),
        rate_errors_hz=tuple(_difference(p.rate_hz, t.rate_hz) for p, t in circles),
        directions_right=sum(p.direction is not None and p.direction == t.direction for p, t in circles),
        circles_true=sum(t.label == StrokeType.CIRCULAR_PRESSURE for t in real.events),
        lifted_frames=int(lifted.sum()),
        lifted_called_stroke=int((lifted & (given != BACKGROUND)).sum()),
        position=_positions(track, truth, hand),
    )


def _positions(track: "pd.DataFrame", truth: Truth, hand: Hand) -> PositionErrors | None:
    real = truth.hands[hand]
    if truth.time_s is None or real.position_cm is None or real.contact is None:
        return None
    measured, sigma, status = thumbs_at_truth(track, truth.time_s)
    return position_errors(measured, sigma, status, real.position_cm, real.contact)


def thumbs_at_truth(
    track: "pd.DataFrame", truth_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]:
    """Read one hand's track at the truth's frames.

    Parameters
    ----------
    track : DataFrame
        One hand's rows of ``thumbs.parquet``.
    truth_s : ndarray of float, shape (n,)
        Times of the truth's frames in seconds.

    Returns
    -------
    measured : ndarray of float, shape (n, 2)
        ``lateral_cm, caudal_cm``; NaN where there is none.
    sigma_cm : ndarray of float, shape (n,)
        Stated standard deviation per axis.
    status : ndarray of str objects, shape (n,)
        Values of `trainer.perception.observation.Status`.
    """
    index = nearest_frames(np.asarray(track["time_s"], dtype=np.float64), truth_s)
    near = index >= 0
    columns = {
        name: np.asarray(track[name], dtype=np.float64) for name in ("lateral_cm", "caudal_cm", "sigma_cm")
    }
    measured = np.full((len(truth_s), 2), np.nan)
    measured[near] = np.column_stack([columns["lateral_cm"], columns["caudal_cm"]])[index[near]]
    sigma = np.full(len(truth_s), np.nan)
    sigma[near] = columns["sigma_cm"][index[near]]
    status = np.full(len(truth_s), "missing", dtype=object)
    status[near] = np.asarray(track["status"].astype(str), dtype=object)[index[near]]
    return measured, sigma, status


def nearest_frames(track_s: NDArray[np.float64], truth_s: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return, for each of the truth's frames, the row of the track at the same moment; -1 where none is.

    "The same" is within half of the truth's frame spacing.

    Raises
    ------
    PijatError
        When the track's times do not fit the truth's at all: it is the truth of another recording.
    """
    if not len(track_s):
        return np.full(len(truth_s), -1, dtype=np.intp)
    tolerance = 0.5 * float(np.median(np.diff(truth_s))) if len(truth_s) > 1 else 0.02
    right = np.clip(np.searchsorted(track_s, truth_s), 1, max(len(track_s) - 1, 1))
    right = np.minimum(right, len(track_s) - 1)
    left = np.maximum(right - 1, 0)
    best = np.where(np.abs(track_s[left] - truth_s) <= np.abs(track_s[right] - truth_s), left, right)
    result = np.where(np.abs(track_s[best] - truth_s) <= tolerance + 1e-9, best, -1)
    if (result < 0).mean() > 0.9:
        raise PijatError(
            Text(
                "Waktu dalam data acuan tidak cocok dengan gambar sesi ini: pakai data acuan dari videonya "
                "sendiri.",
                "Expected the truth of the session's own video, got times that do not fit its frames.",
            )
        )
    return np.asarray(result, dtype=np.intp)


def _difference(predicted: float | None, truth: float | None) -> float:
    return float("nan") if predicted is None or truth is None else predicted - truth


def _mean(values: NDArray[np.float64]) -> float:
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else float("nan")


def _percentile(values: NDArray[np.float64], percent: float) -> float:
    values = values[np.isfinite(values)]
    return float(np.percentile(values, percent)) if len(values) else float("nan")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
