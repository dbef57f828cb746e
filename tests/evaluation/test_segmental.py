"""Segmental metrics against figures worked out by hand and against the definition stated anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.evaluation.segmental import (
    DetectionCounts,
    edit_score,
    frame_accuracy,
    overlap_counts,
    segments,
)

LABELS = st.lists(st.sampled_from(["none", "a", "b", "c"]), min_size=1, max_size=60)


def test_frame_accuracy_counts_background_frames_too() -> None:
    assert frame_accuracy(["none", "a", "a", "b"], ["none", "a", "b", "b"]) == 0.75


def test_edit_score_ignores_length_and_background() -> None:
    truth = ["none"] * 5 + ["a"] * 10 + ["none"] * 3 + ["b"] * 10
    predicted = ["a"] * 25 + ["none"] + ["b"] * 2
    assert edit_score(predicted, truth) == 1.0


def test_edit_score_of_one_missing_segment_of_three() -> None:
    assert edit_score(["a", "c", "c"], ["a", "b", "c"]) == pytest.approx(2 / 3)


def test_oversegmentation_costs_edit_and_f1() -> None:
    truth = ["a"] * 10
    predicted = ["a"] * 4 + ["none"] * 2 + ["a"] * 4
    assert edit_score(predicted, truth) == 0.5
    # The first piece overlaps by 0.4: a hit at 25 %, and the second piece is then a false alarm.
    assert overlap_counts(predicted, truth, 0.25) == DetectionCounts(1, 1, 0)
    assert overlap_counts(predicted, truth, 0.5) == DetectionCounts(0, 2, 1)


def test_overlap_of_exactly_the_threshold_is_a_hit() -> None:
    assert overlap_counts(["a", "none"], ["a", "a"], 0.5) == DetectionCounts(1, 0, 0)


def test_f1_pools_counts_over_sequences() -> None:
    pooled = DetectionCounts(8, 2, 0) + DetectionCounts(0, 0, 2)
    assert pooled.precision == 0.8
    assert pooled.recall == 0.8
    assert pooled.f1 == pytest.approx(0.8)
    assert np.isnan(DetectionCounts().f1)


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="as many"):
        frame_accuracy(["a"], ["a", "b"])


@given(LABELS)
def test_a_perfect_prediction_is_perfect(labels: list[str]) -> None:
    assert frame_accuracy(labels, labels) == 1.0
    counts = overlap_counts(labels, labels, 0.5)
    assert counts.false_positives == counts.false_negatives == 0
    assert counts.true_positives == len(segments(labels))


@given(LABELS, st.randoms())
def test_counts_agree_with_the_definition_written_as_arrays(truth: list[str], random) -> None:
    """The published definition, stated anew with dense arrays: intersection over union of frame masks."""
    predicted = [random.choice(["none", "a", "b", "c", t, t, t]) for t in truth]
    for overlap in (0.1, 0.25, 0.5):
        hit: set[int] = set()
        false_positives = 0
        masks = [(run.label, _mask(run.start, run.end, len(truth))) for run in segments(truth)]
        for run in segments(predicted):
            mine = _mask(run.start, run.end, len(truth))
            scores = [
                (mine & m).sum() / (mine | m).sum() if label == run.label else 0.0 for label, m in masks
            ]
            best = int(np.argmax(scores)) if scores else -1
            if best >= 0 and scores[best] >= overlap and best not in hit:
                hit.add(best)
            else:
                false_positives += 1
        expected = DetectionCounts(len(hit), false_positives, len(masks) - len(hit))
        got = overlap_counts(predicted, truth, overlap)
        # Apart from one another, union of masks and span differ, but then the overlap is nil both ways.
        assert got == expected


def _mask(start: int, end: int, length: int):
    mask = np.zeros(length, dtype=bool)
    mask[start:end] = True
    return mask
