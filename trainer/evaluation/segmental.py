"""Frame-wise and segmental agreement of two label sequences, as work on action segmentation defines it.

The definitions are those of the evaluation that accompanies MS-TCN [1]_, which took them from the temporal
convolutional networks of Lea et al. [2]_: consecutive frames of one label are one segment, segments of
background take no part in the edit score or in F1, a predicted segment is compared with the true segment of
the same label that it overlaps best, and of several predictions on one true segment only the first is a hit.
F1 is computed from counts pooled over sequences; the edit score is averaged over sequences.

References
----------
.. [1] Y. A. Farha and J. Gall, "MS-TCN: Multi-stage temporal convolutional network for action segmentation",
   CVPR 2019, pp. 3575-3584.
.. [2] C. Lea, M. D. Flynn, R. Vidal, A. Reiter and G. D. Hager, "Temporal convolutional networks for action
   segmentation and detection", CVPR 2017, pp. 156-165.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BACKGROUND = "none"
"""The label of frames without a stroke: repositioning, lifted or off the back."""
OVERLAPS: tuple[float, ...] = (0.10, 0.25, 0.50)
"""The overlap thresholds at which F1 is customarily given."""


@dataclass(frozen=True)
class Segment:
    """A run of frames of one label: frames ``start <= i < end``."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class DetectionCounts:
    """Hits and misses of a detector; add two of them to pool sequences.

    Examples
    --------
    >>> (DetectionCounts(3, 1, 0) + DetectionCounts(0, 0, 1)).f1
    0.75
    """

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0

    def __add__(self, other: "DetectionCounts") -> "DetectionCounts":
        return DetectionCounts(
            self.true_positives + other.true_positives,
            self.false_positives + other.false_positives,
            self.false_negatives + other.false_negatives,
        )

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; NaN when nothing was predicted."""
        predicted = self.true_positives + self.false_positives
        return self.true_positives / predicted if predicted else float("nan")

    @property
    def recall(self) -> float:
        """Share of the true that was found; NaN when there was nothing to find."""
        actual = self.true_positives + self.false_negatives
        return self.true_positives / actual if actual else float("nan")

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1; NaN when nothing was to be found and nothing was."""
        total = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / total if total else float("nan")


def segments(labels: Sequence[str], background: str | None = BACKGROUND) -> list[Segment]:
    """Return the runs of equal labels, those of `background` left out.

    Examples
    --------
    >>> segments(["none", "a", "a", "b"])
    [Segment(label='a', start=1, end=3), Segment(label='b', start=3, end=4)]
    """
    runs: list[Segment] = []
    start = 0
    for index in range(1, len(labels) + 1):
        if index == len(labels) or labels[index] != labels[start]:
            if labels[start] != background:
                runs.append(Segment(str(labels[start]), start, index))
            start = index
    return runs


def frame_accuracy(predicted: Sequence[str], truth: Sequence[str]) -> float:
    """Return the share of frames with the right label, background included; NaN for no frames.

    Examples
    --------
    >>> frame_accuracy(["a", "a", "none", "b"], ["a", "a", "a", "b"])
    0.75
    """
    _check_lengths(predicted, truth)
    if not len(truth):
        return float("nan")
    return float(np.mean(np.asarray(predicted, dtype=object) == np.asarray(truth, dtype=object)))


def levenshtein(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the number of insertions, deletions and substitutions that turn one sequence into the other."""
    previous = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        current = [i]
        for j, b in enumerate(second, start=1):
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b)))
        previous = current
    return previous[-1]


def edit_score(predicted: Sequence[str], truth: Sequence[str], background: str | None = BACKGROUND) -> float:
    """Return the segmental edit score: order of the segments, whatever their length.

    Parameters
    ----------
    predicted, truth : sequence of str
        One label a frame, equally many.
    background : str or None
        The label whose segments do not count; None counts them all.

    Returns
    -------
    float
        ``1 - levenshtein / max(number of segments)``, 0 to 1; NaN when neither sequence has a segment.

    Examples
    --------
    >>> edit_score(["a", "none", "b", "b"], ["a", "a", "b", "c"])
    0.6666666666666667
    """
    _check_lengths(predicted, truth)
    p = [run.label for run in segments(predicted, background)]
    y = [run.label for run in segments(truth, background)]
    longest = max(len(p), len(y))
    return 1 - levenshtein(p, y) / longest if longest else float("nan")


def overlap_counts(
    predicted: Sequence[str], truth: Sequence[str], overlap: float, background: str | None = BACKGROUND
) -> DetectionCounts:
    """Count segments that overlap a true segment of their label by at least `overlap`.

    Parameters
    ----------
    predicted, truth : sequence of str
        One label a frame, equally many.
    overlap : float
        Least intersection over union, 0 to 1; 0.5 gives F1@50.
    background : str or None
        The label whose segments do not count.

    Returns
    -------
    DetectionCounts
        Add those of several sequences, then take ``.f1``.
    """
    _check_lengths(predicted, truth)
    y = segments(truth, background)
    hits = [False] * len(y)
    false_positives = 0
    for p in segments(predicted, background):
        scores = [_intersection_over_union(p, run) if p.label == run.label else 0.0 for run in y]
        best = int(np.argmax(scores)) if scores else -1
        if best >= 0 and scores[best] >= overlap and not hits[best]:
            hits[best] = True
        else:
            false_positives += 1
    found = sum(hits)
    return DetectionCounts(found, false_positives, len(y) - found)


def _intersection_over_union(a: Segment, b: Segment) -> float:
    # Where runs are apart MS-TCN's intersection is negative; that and 0 both fail every threshold above 0.
    return max(0, min(a.end, b.end) - max(a.start, b.start)) / (max(a.end, b.end) - min(a.start, b.start))


def _check_lengths(predicted: Sequence[str], truth: Sequence[str]) -> None:
    if len(predicted) != len(truth):
        raise ValueError(
            f"Expected as many predicted labels as true ones ({len(truth)}), got {len(predicted)}."
        )
