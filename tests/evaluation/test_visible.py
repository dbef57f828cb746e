"""What is counted where a body hides hands and back."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trainer.errors import PijatError
from trainer.evaluation.timeline import TimedEvent
from trainer.evaluation.truth import HandTruth, Truth, calibration_document, read_truth
from trainer.evaluation.visible import compare_visible, pool_visible, visible_stroke_counts

N, FPS = 40, 10.0
TIME_S = np.arange(N) / FPS


def truth_of(visible: np.ndarray) -> Truth:
    """Return four seconds in which both thumbs rest at (3, 5) throughout."""
    hold = (TimedEvent("static_hold", 0.0, 4.0),)
    still = np.tile([3.0, 5.0], (N, 1))
    labels = np.full(N, "static_hold", dtype=object)
    hand = HandTruth(hold, labels, still, np.ones(N, bool), visible)
    return Truth("drawn", "rendered", TIME_S, {"left": hand, "right": hand})


def track(lateral: np.ndarray, sigma: float = 0.4, status: str = "detected") -> pd.DataFrame:
    """Return the rows of both hands at those laterals and 5 cm down."""
    rows = {"time_s": TIME_S, "lateral_cm": lateral, "caudal_cm": np.full(N, 5.0)}
    rows |= {"sigma_cm": np.full(N, sigma), "status": np.where(np.isnan(lateral), "missing", status)}
    return pd.concat([pd.DataFrame(rows | {"hand": hand}) for hand in ("left", "right")])


NO_EVENTS = pd.DataFrame(columns=["hand", "trial_type", "onset", "duration"])


def test_only_visible_contacts_count_as_observed_and_only_placed_ones_can_be_wrong() -> None:
    visible = np.arange(N) < 20
    lateral = np.full(N, 3.5)
    lateral[10:20] = np.nan  # visible and not placed
    lateral[30:] = 9.0  # hidden, and placed 6 cm off
    figures = pool_visible(compare_visible(NO_EVENTS, track(lateral), truth_of(visible)).values()).summary()
    assert figures["visible_share"] == 0.5
    assert figures["visible_observed"] == figures["visible_seen"] == 0.5
    assert figures["thumb_error_p95_cm"] == pytest.approx(0.5)
    assert figures["placed_frames"] == 60
    assert figures["placed_wrong"] == pytest.approx(20 / 60)
    assert figures["hidden_placed"] == pytest.approx(40 / 60)


def test_an_honest_sigma_and_a_small_error_are_not_wrong() -> None:
    everything = np.ones(N, bool)
    unsure = track(np.full(N, 9.0), sigma=2.5)  # 6 cm off, but it says so
    near = track(np.full(N, 4.9), sigma=0.1)  # 19 sigmas, but under 2 cm
    for thumbs in (unsure, near):
        figures = pool_visible(compare_visible(NO_EVENTS, thumbs, truth_of(everything)).values()).summary()
        assert figures["placed_wrong"] == 0.0


def test_a_declined_recording_observes_nothing() -> None:
    nothing = track(np.full(N, np.nan)).iloc[:0]
    figures = pool_visible(compare_visible(NO_EVENTS, nothing, truth_of(np.ones(N, bool))).values()).summary()
    assert figures["visible_observed"] == 0.0
    assert np.isnan(figures["placed_wrong"])
    assert figures["f1_50_visible"] == 0.0


def test_hidden_strokes_neither_count_when_found_nor_when_left() -> None:
    seen, hidden = TimedEvent("a", 0.0, 1.5), TimedEvent("b", 2.0, 3.5)
    visible = TIME_S < 1.9
    both = visible_stroke_counts([seen, hidden], [seen, hidden], TIME_S, visible)
    one = visible_stroke_counts([seen], [seen, hidden], TIME_S, visible)
    assert both == one
    assert (both.true_positives, both.false_positives, both.false_negatives) == (1, 0, 0)
    invented = visible_stroke_counts([seen, TimedEvent("b", 1.4, 2.1)], [seen, hidden], TIME_S, visible)
    assert invented.false_positives == 1


def test_a_stroke_seen_for_half_of_its_frames_is_to_be_found() -> None:
    stroke = TimedEvent("a", 0.0, 4.0)
    assert visible_stroke_counts([], [stroke], TIME_S, np.arange(N) < 20).false_negatives == 1
    assert visible_stroke_counts([], [stroke], TIME_S, np.arange(N) < 19).false_negatives == 0


def test_a_timeline_without_pictures_cannot_be_held_against_what_is_visible() -> None:
    timeline = Truth("t", "timeline", None, {hand: HandTruth(()) for hand in ("left", "right")})
    with pytest.raises(PijatError, match="rendered clip"):
        compare_visible(NO_EVENTS, track(np.full(N, 3.0)), timeline)


def test_the_truth_says_what_is_visible_and_the_clearest_frame_is_marked(tmp_path: Path) -> None:
    hand = {"label": "none", "contact": True, "lateral_cm": 1.0, "down_cm": 2.0}
    frames = []
    for i, (hidden_back, hidden_tip) in enumerate([([1, 0, 0], 1), ([0, 0, 1], 0), ([0, 0, 0], 0)]):
        state = hand | {"occluded": [0, 0, 0, 0, hidden_tip] + [0] * 16}
        back = [[10.0 + i, 20.0], [30.0 + i, 40.0], [50.0, 60.0]]
        frames.append(
            {
                "t": i / 10,
                "back": back,
                "back_occluded": hidden_back,
                "hands": {"left": state, "right": state},
            }
        )
    document = {
        "size": [640, 480],
        "back_landmark_names": ["C7", "T7", "left_hip_joint"],
        "segments": {"left": [], "right": []},
        "frames": frames,
    }
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert read_truth(path).hands["left"].thumb_visible.tolist() == [False, True, True]
    first, clearest = calibration_document(path), calibration_document(path, clearest_frame=True)
    assert (first["time_s"], sorted(first["landmarks"])) == (0.0, ["T7"])
    # The hip is no landmark of the back: of two frames that show both landmarks the first is marked.
    assert (clearest["time_s"], clearest["landmarks"]) == (0.1, {"C7": [11.0, 20.0], "T7": [31.0, 40.0]})
