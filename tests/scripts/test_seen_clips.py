"""What the scripts that measure low views and real recordings count."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts.common.drawn_score import item, score
from scripts.common.unseen_verdicts import placed_hands, seen_verdicts
from scripts.evaluate_real_clips import LABELS, back_off, per_frame, verdict_on_back
from trainer.back.frame import BACK_LANDMARKS
from trainer.session.score_file import score_of
from trainer.strokes.event import StrokeType

SCORE = score_of(
    score(
        [
            item("f", ("f", "f"), "met"),
            item("g", ("g", "g"), "not_met"),
            item("h", ("h", "h")),
            item("a", ("a", "a"), "met", observer="facilitator"),
        ],
        None,
        (),
    )
)
MARK = {"C7": [100, 100], "T7": [100, 200], "left_acromion": [0, 120]}
LABEL = {"view": "usable", "marks": [{"time_s": 1.0, "landmarks": MARK}]}


def back_rows(shift: float, time_s: float = 1.0) -> pd.DataFrame:
    """Return the labelled back moved sideways, as landmarks.parquet holds it."""
    rows = [(0, time_s, "back", name, x + shift, y, 1.0) for name, (x, y) in MARK.items()]
    return pd.DataFrame(rows, columns=["frame", "time_s", "entity", "keypoint", "x", "y", "score"])


def test_only_camera_verdicts_that_say_something_count() -> None:
    massage = np.ones(10, bool)
    seen = seen_verdicts(SCORE, np.array([2] * 5 + [1] * 2 + [0] * 3), massage)
    assert seen.verdicts == ("f: met", "g: not_met")
    assert (seen.a_hand_seen, seen.both_seen) == (0.7, 0.5)
    assert (seen.on_nothing, seen.on_one_hand) == (0, 2)


def test_a_verdict_without_any_massage_rests_on_nothing() -> None:
    assert seen_verdicts(SCORE, np.full(10, 2), np.zeros(10, bool)).on_nothing == 2


def test_interpolated_and_unplaced_thumbs_are_not_seen() -> None:
    rows = [
        (0.0, "left", 1.0, "detected"),
        (0.0, "right", 1.0, "tracked"),
        (0.1, "left", 1.0, "interpolated"),
        (0.1, "right", np.nan, "detected"),
    ]
    time_s, hands = placed_hands(pd.DataFrame(rows, columns=["time_s", "hand", "lateral_cm", "status"]))
    assert time_s.tolist() == [0.0, 0.1]
    assert hands.tolist() == [2, 0]


@pytest.mark.parametrize(("shift", "answer"), [(20, "yes"), (80, "wrong")])
def test_a_back_is_right_within_half_of_its_upper_part(shift: float, answer: str) -> None:
    off = back_off(LABEL, back_rows(shift))
    assert off == pytest.approx(shift / 100)
    assert verdict_on_back(LABEL, off, True) == answer


def test_a_back_at_other_times_or_where_there_is_none() -> None:
    off = back_off(LABEL, back_rows(0, time_s=3.0))
    assert np.isnan(off)
    assert verdict_on_back(LABEL, off, True) == "elsewhere"
    assert verdict_on_back(LABEL, off, False) == "no"
    assert verdict_on_back({"view": "none"}, float("nan"), True) == "wrong"


def test_counts_of_a_second_hold_for_its_frames_and_no_others() -> None:
    label = {"seconds": [{"from_s": 1, "hands_visible": 2}, {"from_s": 2, "hands_visible": None}]}
    values = per_frame(label, np.array([0.9, 1.0, 1.9, 2.0]), "hands_visible")
    assert np.array_equal(values, [np.nan, 2, 2, np.nan], equal_nan=True)


def test_the_labels_are_complete_and_in_the_words_of_the_catalogue() -> None:
    document = json.loads(Path(LABELS).read_text(encoding="utf-8"))
    strokes = {None, *map(str, StrokeType)}
    for label in document["recordings"]:
        assert label["view"] in ("usable", "doubtful", "none")
        assert (label["view"] == "usable") == bool(label.get("marks"))
        for mark in label.get("marks", []):
            assert {"C7", "T7"} <= mark["landmarks"].keys() <= set(BACK_LANDMARKS)
            assert any(start <= mark["time_s"] <= end for start, end in label["back_visible_s"])
        for second in label.get("seconds", []):
            assert second["from_s"] < label["duration_s"]
            assert second["hands_on_back"] <= second["hands_visible"] <= 2
            assert second["stroke"] in strokes
    assert sum(label["view"] == "usable" for label in document["recordings"]) >= 6
