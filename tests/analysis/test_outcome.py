"""From frames to a scored session, on a back whose size was measured."""

import json
from pathlib import Path

import numpy as np
import pytest

from scripts.common.drawn_sessions import synthetic
from trainer.analysis.frame_columns import FrameColumns
from trainer.analysis.outcome import RecordingFacts, conclude
from trainer.analysis.pipeline import FrameResult, ThumbSighting, landmark_pixels
from trainer.back.atlas import load_atlas
from trainer.back.calibration import parse_calibration
from trainer.back.frame import BACK_LANDMARKS
from trainer.perception.observation import HandObservation, HandPair, Status
from trainer.protocol.library import builtin
from trainer.report.render import render_report


def circling(lateral_cm, caudal_cm, seconds=6.0, fps=25):
    """Both thumbs circle at one level of the back, once a second, as they would be seen."""
    columns = FrameColumns()
    for index in range(int(seconds * fps)):
        angle = 2 * np.pi * index / fps
        hands, thumbs = {}, {}
        for hand, side in (("left", -1), ("right", 1)):
            at = (side * (lateral_cm + 1.2 * np.cos(angle)), caudal_cm + 1.2 * np.sin(angle))
            hands[hand] = HandObservation(hand, np.zeros((21, 2)), 1.0, Status.DETECTED, np.zeros(2), 1.0)
            thumbs[hand] = ThumbSighting((0.0, 0.0), at, 0.3, Status.DETECTED)
        columns.append(FrameResult(index, index / fps, HandPair(**hands), None, None, thumbs))
    return columns


def session_of(columns, sample_calibration: Path, ratio):
    document = json.loads(sample_calibration.read_text())
    usual = load_atlas().landmarks["T7"].at[1]
    document["scale"] = {"from": "C7", "to": "T7", "cm": round(ratio * usual, 3)}
    document = parse_calibration(document).document()
    facts = RecordingFacts(synthetic(10, rounds=1).meta.video, document, "manual", complete=True)
    return conclude(Path("nowhere"), columns, builtin("tegalagung-2022"), facts, models={}).session


def test_places_are_judged_and_named_on_a_back_of_this_size(sample_calibration: Path) -> None:
    # 9 cm from the spine is over the shoulder blade of a usual back, beside the spine on one a third larger.
    lateral = load_atlas().paraspinal_lateral_cm + 0.6
    columns = circling(lateral, 10.0)
    usual, large = (session_of(columns, sample_calibration, ratio) for ratio in (1.0, 1.3))
    assert (usual.meta.back_size_ratio, large.meta.back_size_ratio) == (
        1.0,
        pytest.approx(1.3, abs=1e-3),
    )
    assert set(usual.events["region"]) == {"scapular"} and set(large.events["region"]) == {"paraspinal"}
    corners = [session.meta.protocol.regions[0].polygon[2] for session in (usual, large)]
    assert corners[1] == pytest.approx([1.3 * value for value in corners[0]], rel=1e-3)
    assert render_report(large) != render_report(usual)


def test_landmarks_are_drawn_where_they_were_marked_on_any_back(sample_calibration: Path) -> None:
    document = json.loads(sample_calibration.read_text())
    for scale in (None, {"from": "C7", "to": "T12", "cm": 38.0}):
        calibration = parse_calibration({**document, "scale": scale})
        drawn = dict(zip(BACK_LANDMARKS, landmark_pixels(calibration.register()), strict=True))
        for name in ("C7", "T7", "T12"):
            assert np.hypot(*(drawn[name] - calibration.landmarks[name])) < 12.0, (scale, name)
