"""Two timelines of the same recordings held against each other: two people, or the program and a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainer.evaluation.bland_altman import LimitsOfAgreement, limits_of_agreement
from trainer.evaluation.compare import ONSET_TOLERANCES_S
from trainer.evaluation.kappa import AgreementTable, merged_agreement
from trainer.evaluation.matching import match_by_overlap, onset_counts
from trainer.evaluation.segmental import (
    OVERLAPS,
    DetectionCounts,
    edit_score,
    frame_accuracy,
    overlap_counts,
)
from trainer.evaluation.timeline import TimedEvent, events_of_hand, frame_labels
from trainer.perception.observation import HANDS
from trainer.strokes.event import StrokeType

if TYPE_CHECKING:
    import pandas as pd

GRID_S = 0.04
"""Spacing of the moments at which two timelines without frames are compared, in seconds."""


@dataclass(frozen=True)
class TimelineAgreement:
    """How far the second annotator agrees with the first; add two of them to pool recordings.

    Attributes
    ----------
    time : AgreementTable
        Seconds by pair of labels, from the first to the last stroke of either.
    frames : tuple of (float, int)
        Frame accuracy and number of moments of each sequence (a hand in a recording).
    edit_scores : tuple of float
        One a sequence.
    overlap, onset : tuple of DetectionCounts
        For each of `OVERLAPS` and `ONSET_TOLERANCES_S`; the first annotator is taken as the truth. F1 is the
        same the other way round for `onset`, and nearly so for `overlap`.
    cycles, rate_hz : tuple of (float, float)
        Revolutions and rate of matched circular strokes, first and second annotator; NaN where one gave none.
    strokes : tuple of (float, float)
        Number of strokes in each sequence, first and second annotator.
    """

    time: AgreementTable = field(default_factory=lambda: AgreementTable({}))
    frames: tuple[tuple[float, int], ...] = ()
    edit_scores: tuple[float, ...] = ()
    overlap: tuple[DetectionCounts, ...] = (DetectionCounts(),) * len(OVERLAPS)
    onset: tuple[DetectionCounts, ...] = (DetectionCounts(),) * len(ONSET_TOLERANCES_S)
    cycles: tuple[tuple[float, float], ...] = ()
    rate_hz: tuple[tuple[float, float], ...] = ()
    strokes: tuple[tuple[float, float], ...] = ()

    def __add__(self, other: "TimelineAgreement") -> "TimelineAgreement":
        return TimelineAgreement(
            self.time + other.time,
            self.frames + other.frames,
            self.edit_scores + other.edit_scores,
            tuple(map(add, self.overlap, other.overlap)),
            tuple(map(add, self.onset, other.onset)),
            self.cycles + other.cycles,
            self.rate_hz + other.rate_hz,
            self.strokes + other.strokes,
        )

    def limits(self) -> dict[str, LimitsOfAgreement]:
        """Return Bland and Altman's limits of the counts and rates, by name."""
        return {
            name: limits_of_agreement([a for a, _ in pairs], [b for _, b in pairs])
            for name, pairs in (("cycles", self.cycles), ("rate_hz", self.rate_hz), ("strokes", self.strokes))
        }

    def summary(self) -> dict[str, Any]:
        """Return every figure by name, shares 0 to 1; NaN where there was nothing to compare."""
        moments = sum(n for _, n in self.frames)
        figures: dict[str, Any] = {
            "sequences": len(self.frames),
            "seconds": self.time.seconds,
            "kappa": self.time.kappa,
            "agreement": self.time.observed,
            "expected_by_chance": self.time.expected,
            "frame_accuracy": sum(a * n for a, n in self.frames) / moments if moments else float("nan"),
            "edit": float(np.mean(self.edit_scores)) if self.edit_scores else float("nan"),
        }
        for percent, counts in zip(("10", "25", "50"), self.overlap, strict=True):
            figures[f"f1_{percent}"] = counts.f1
        for tolerance, counts in zip(ONSET_TOLERANCES_S, self.onset, strict=True):
            figures[f"event_f1_{round(tolerance * 1000)}ms"] = counts.f1
        for name, limits in self.limits().items():
            figures |= {
                f"{name}_pairs": limits.n,
                f"{name}_bias": limits.bias,
                f"{name}_bias_interval": limits.bias_interval,
                f"{name}_lower_limit": limits.lower,
                f"{name}_upper_limit": limits.upper,
            }
        return figures


def compare_timelines(
    first: "pd.DataFrame", second: "pd.DataFrame", time_s: NDArray[np.float64] | None = None
) -> TimelineAgreement:
    """Compare two events tables of one recording.

    Parameters
    ----------
    first, second : DataFrame
        Columns as in ``events.tsv``.
    time_s : ndarray of float, shape (n,), optional
        Times of the recording's frames; without them moments `GRID_S` apart up to the last stroke.
    """
    if time_s is None:
        ends = [float((t["onset"] + t["duration"]).max()) for t in (first, second) if len(t)]
        time_s = np.arange(0.0, max(ends, default=0.0), GRID_S)
    return pool_agreement(
        _compare_hand(events_of_hand(first, hand), events_of_hand(second, hand), time_s) for hand in HANDS
    )


def pool_agreement(parts: Iterable[TimelineAgreement]) -> TimelineAgreement:
    """Return all parts added."""
    return reduce(add, parts, TimelineAgreement())


def _compare_hand(
    first: Sequence[TimedEvent],
    second: Sequence[TimedEvent],
    time_s: NDArray[np.float64],
) -> TimelineAgreement:
    a, b = frame_labels(first, time_s).tolist(), frame_labels(second, time_s).tolist()
    circles = [
        (first[t], second[p])
        for p, t in match_by_overlap(second, first)
        if first[t].label == StrokeType.CIRCULAR_PRESSURE
    ]
    edit = edit_score(b, a)
    return TimelineAgreement(
        time=merged_agreement(first, second),
        frames=((frame_accuracy(b, a), len(a)),) if a else (),
        edit_scores=() if np.isnan(edit) else (edit,),
        overlap=tuple(overlap_counts(b, a, threshold) for threshold in OVERLAPS),
        onset=tuple(onset_counts(second, first, tolerance) for tolerance in ONSET_TOLERANCES_S),
        cycles=tuple((_or_nan(x.cycles), _or_nan(y.cycles)) for x, y in circles),
        rate_hz=tuple((_or_nan(x.rate_hz), _or_nan(y.rate_hz)) for x, y in circles),
        strokes=((float(len(first)), float(len(second))),),
    )


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
