"""A session's tables against a truth made by hand, and against the rendered clips."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trainer.errors import PijatError
from trainer.evaluation.compare import compare, nearest_frames, pool
from trainer.evaluation.matching import match_by_overlap, onset_counts
from trainer.evaluation.position import position_errors
from trainer.evaluation.segmental import DetectionCounts
from trainer.evaluation.timeline import TimedEvent
from trainer.evaluation.truth import Truth, calibration_document, read_truth
from trainer.session.model import EVENTS_COLUMNS, THUMBS_COLUMNS


def tables_from(truth: Truth, *, shift_s: float = 0.0, off_cm: float = 0.0, sigma_cm: float = 0.5):
    """The tables of a session that measured the truth exactly, or off by so much."""
    assert truth.time_s is not None
    thumbs, events = [], []
    for hand, real in truth.hands.items():
        assert real.position_cm is not None
        n = len(truth.time_s)
        thumbs.append(
            pd.DataFrame(
                {
                    "frame": np.arange(n),
                    "time_s": truth.time_s,
                    "hand": hand,
                    "image_x": 0.0,
                    "image_y": 0.0,
                    "lateral_cm_raw": real.position_cm[:, 0],
                    "caudal_cm_raw": real.position_cm[:, 1],
                    "lateral_cm": real.position_cm[:, 0] + off_cm,
                    "caudal_cm": real.position_cm[:, 1],
                    "sigma_cm": sigma_cm,
                    "palm_cm": np.nan,
                    "status": "detected",
                }
            )
        )
        events += [
            {
                "onset": e.onset_s + shift_s,
                "duration": e.duration_s,
                "trial_type": e.label,
                "hand": hand,
                "cycles": e.cycles,
                "rate_hz": e.rate_hz,
                "direction": e.direction,
            }
            for e in real.events
        ]
    table = pd.DataFrame(events, columns=list(EVENTS_COLUMNS))
    return table, pd.concat(thumbs, ignore_index=True)[list(THUMBS_COLUMNS)]


@pytest.fixture
def small_truth(tmp_path: Path) -> Path:
    """Four seconds at 10 fps: both hands circle twice a second, then the right hand passes down."""
    circle = {
        "label": "circle",
        "start_s": 0.5,
        "eff_start_s": 1.0,
        "end_s": 2.0,
        "rate_hz": 2.0,
        "direction": "cw",
        "radius_cm": 1.0,
    }
    pass_down = {"label": "pass_down", "start_s": 2.5, "eff_start_s": 2.5, "end_s": 3.5}
    frames = []
    for i in range(40):
        t = i / 10
        label = "circle" if 10 <= i < 20 else "none" if i < 10 else "transition"
        state = {"label": label, "contact": i >= 10, "lateral_cm": 3.0, "down_cm": 5.0}
        right = {**state, "label": "pass_down" if 25 <= i < 35 else label}
        frames.append(
            {
                "t": t,
                "back": [[10.0, 20.0], [30.0, 40.0], [1.0, 2.0]],
                "back_occluded": [0, 1, 0],
                "hands": {"left": state, "right": right},
            }
        )
    document = {
        "name": "small",
        "size": [640, 480],
        "back_landmark_names": ["C7", "T7", "left_hip_joint"],
        "back_cm": {"C7": [0, 0], "T7": [0, 17.5]},
        "segments": {"left": [circle], "right": [circle, pass_down]},
        "frames": frames,
    }
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_truth_is_read_in_the_words_of_the_catalogue(small_truth: Path) -> None:
    truth = read_truth(small_truth)
    (circle,) = truth.hands["left"].events
    assert (circle.label, circle.onset_s, circle.end_s, circle.cycles) == ("circular_pressure", 1.0, 2.0, 2.0)
    assert [e.label for e in truth.hands["right"].events] == ["circular_pressure", "downward_pass"]
    assert set(truth.hands["right"].labels) == {"none", "circular_pressure", "downward_pass"}


def test_a_perfect_session_scores_perfectly(small_truth: Path) -> None:
    truth = read_truth(small_truth)
    figures = pool(compare(*tables_from(truth), truth).values()).summary()
    assert (
        figures["frame_accuracy"] == figures["edit"] == figures["f1_50"] == figures["observed_share"] == 1.0
    )
    assert (
        figures["thumb_error_p95_cm"] == figures["onset_error_p95_s"] == figures["rate_error_p95_hz"] == 0.0
    )
    assert figures["circles_counted_within_one"] == figures["direction_right"] == 1.0
    assert figures["contact_frames"] == 60
    assert figures["lifted_called_stroke"] == 0.0


def test_a_stroke_seen_in_a_lifted_hand_is_reported(small_truth: Path) -> None:
    truth = read_truth(small_truth)
    events, thumbs = tables_from(truth)
    hover = {"onset": 0.0, "duration": 0.5, "trial_type": "static_hold", "hand": "left"}
    left = compare(pd.concat([events, pd.DataFrame([hover])], ignore_index=True), thumbs, truth)[
        "left"
    ].summary()
    # Ten frames are lifted before the circle, five of them called a hold.
    assert left["lifted_called_stroke"] == 0.5


def test_a_late_session_pays_in_onset_and_frames(small_truth: Path) -> None:
    truth = read_truth(small_truth)
    figures = pool(compare(*tables_from(truth, shift_s=0.3), truth).values()).summary()
    assert figures["onset_error_median_s"] == pytest.approx(0.3)
    assert figures["event_f1_250ms"] == 0.0
    assert figures["event_f1_500ms"] == 1.0
    # Three strokes, three frames wrong at either end of each, of 80.
    assert figures["frame_accuracy"] == pytest.approx(1 - 18 / 80)


def test_positions_and_sigma(small_truth: Path) -> None:
    truth = read_truth(small_truth)
    figures = pool(compare(*tables_from(truth, off_cm=0.8, sigma_cm=0.5), truth).values()).summary()
    assert figures["thumb_error_median_cm"] == pytest.approx(0.8)
    # One axis off by 1.6 sigma, the other by nothing.
    assert figures["within_1_sigma"] == 0.5
    assert figures["within_2_sigma"] == 1.0


def test_missing_positions_lower_the_observed_share_and_not_the_error(small_truth: Path) -> None:
    truth = read_truth(small_truth)
    events, thumbs = tables_from(truth)
    gone = (thumbs["hand"] == "left") & (thumbs["time_s"] >= 2.5)
    thumbs.loc[gone, ["lateral_cm", "caudal_cm", "sigma_cm"]] = np.nan
    thumbs.loc[gone, "status"] = "missing"
    left = compare(events, thumbs, truth)["left"].summary()
    assert left["observed_share"] == left["seen_share"] == pytest.approx(0.5)
    assert left["thumb_error_p95_cm"] == 0.0


def test_dropped_frames_count_as_unobserved(small_truth: Path) -> None:
    truth = read_truth(small_truth)
    events, thumbs = tables_from(truth)
    left = compare(events, thumbs[thumbs["frame"] % 2 == 0], truth)["left"].summary()
    assert left["observed_share"] == pytest.approx(0.5)


def test_the_truth_of_another_recording_is_refused() -> None:
    with pytest.raises(PijatError, match="own video"):
        nearest_frames(np.arange(100, 110) / 25, np.arange(0, 50) / 25)


def test_a_missing_circle_is_a_miscount(small_truth: Path) -> None:
    truth = read_truth(small_truth)
    events, thumbs = tables_from(truth)
    left = compare(events[events["hand"] == "right"], thumbs, truth)["left"].summary()
    assert left["circles_counted_within_one"] == 0.0
    assert np.isnan(left["cycle_error_mean"])


def test_each_prediction_answers_one_event_at_most() -> None:
    truth = [TimedEvent("a", 0, 2), TimedEvent("a", 2, 4)]
    whole = [TimedEvent("a", 0, 4)]
    assert len(match_by_overlap(whole, truth)) == 1
    assert onset_counts(whole, truth, 5.0) == DetectionCounts(1, 0, 1)
    # A greedy pairing would give the first prediction to the first event and leave one of each over.
    assert onset_counts(
        [TimedEvent("a", 1.0, 2), TimedEvent("a", 0.4, 2)],
        [TimedEvent("a", 0.9, 2), TimedEvent("a", 1.5, 4)],
        0.55,
    ) == DetectionCounts(2, 0, 0)
    assert match_by_overlap([TimedEvent("b", 0, 2)], truth) == []


def test_frames_without_contact_do_not_count() -> None:
    errors = position_errors(
        np.array([[1.0, 1.0], [9.0, 9.0]]),
        np.array([1.0, 1.0]),
        np.array(["detected", "detected"], dtype=object),
        np.array([[1.0, 2.0], [0.0, 0.0]]),
        np.array([True, False]),
    )
    assert errors.contact_frames == 1
    assert errors.distance_cm.tolist() == [1.0]


def test_calibration_marks_only_what_is_in_sight(small_truth: Path) -> None:
    document = calibration_document(small_truth)
    assert document["landmarks"] == {"C7": [10.0, 20.0]}
    assert document["image_size"] == [640, 480]
    noisy = calibration_document(small_truth, noise_px=2.0, seed=1)
    assert noisy["landmarks"]["C7"] != [10.0, 20.0]
    assert noisy == calibration_document(small_truth, noise_px=2.0, seed=1)


def test_an_unknown_label_in_a_timeline_is_named(tmp_path: Path) -> None:
    path = tmp_path / "human.tsv"
    path.write_text("onset\tduration\ttrial_type\thand\n0\t1\ttickling\tleft\n", encoding="utf-8")
    with pytest.raises(PijatError, match="tickling"):
        read_truth(path)


@pytest.mark.slow
def test_rendered_clips_are_perfect_against_themselves(clips: Path) -> None:
    for path in sorted(clips.glob("*/truth.json")):
        truth = read_truth(path)
        figures = pool(compare(*tables_from(truth), truth).values()).summary()
        # Where a boundary falls between frames, frame labels and interval must still agree.
        assert figures["frame_accuracy"] == figures["f1_50"] == 1.0, path.parent.name
        assert figures["thumb_error_p95_cm"] == 0.0
        calibration = calibration_document(path)
        assert len(calibration["landmarks"]) >= 4
