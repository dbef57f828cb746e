"""A second of something else in a clip leaves all else as it was."""

import json
from pathlib import Path

import av
import numpy as np
import pytest

from scripts.prepend_intruder import KINDS, main, truth_with_intruder
from trainer.evaluation.truth import read_truth

LOW = Path(__file__).parents[1] / "data" / "low" / "low_choose_1"


def frames_of(clip: Path) -> tuple[list[float], list[np.ndarray]]:
    """Return the times and the small grey pictures of a clip."""
    times, pictures = [], []
    with av.open(str(clip)) as source:
        for frame in source.decode(video=0):
            times.append(float(frame.time))
            pictures.append(frame.reformat(64, 48, "gray").to_ndarray().astype(float))
    return times, pictures


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_an_intruder_in_front_moves_every_frame_by_its_second(kind: str, tmp_path: Path) -> None:
    assert main([str(LOW), kind, str(tmp_path / "out")]) == 0
    before_s, before = frames_of(LOW / "clip.mp4")
    after_s, after = frames_of(tmp_path / "out" / "clip.mp4")
    assert len(after) == len(before) + 20
    assert np.allclose(np.subtract(after_s[20:], 1.0), before_s, atol=1e-3)
    assert all(np.abs(a - b).mean() < 4 for a, b in zip(after[20:], before, strict=True))
    assert all(np.abs(a - before[0]).mean() > 15 for a in after[:20])
    assert any(np.abs(a - after[0]).mean() > 0 for a in after[1:20])  # it trembles


def test_the_truth_is_written_along(tmp_path: Path) -> None:
    assert main([str(LOW), "face", str(tmp_path), "--at", "middle", "--seconds", "0.5"]) == 0
    plain, with_it = read_truth(LOW / "truth.json"), read_truth(tmp_path / "truth.json")
    assert with_it.time_s is not None
    assert len(with_it.time_s) == len(frames_of(tmp_path / "clip.mp4")[0])
    inside = (with_it.time_s >= 4.0 - 1e-6) & (with_it.time_s < 4.5 - 1e-6)
    for hand, real in plain.hands.items():
        own = with_it.hands[hand]
        assert own.contact is not None
        assert real.contact is not None
        assert not own.contact[inside].any()
        assert np.array_equal(own.contact[~inside], real.contact)
        strokes = sum(event.duration_s for event in real.events)
        assert sum(event.duration_s for event in own.events) == pytest.approx(strokes)
        assert not any(event.onset_s < 4.49 and event.end_s > 4.01 for event in own.events)


def test_strokes_before_stay_and_strokes_after_move() -> None:
    truth = json.loads((LOW / "truth.json").read_text(encoding="utf-8"))
    first, *_, last = truth["segments"]["right"]
    moved = truth_with_intruder(truth, len(truth["frames"]) - 10, 1.0)["segments"]["right"]
    assert moved[0] == first
    assert moved[-1]["end_s"] == pytest.approx(last["end_s"] + 1.0)


def test_bad_arguments_are_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nothing"), "hand", str(tmp_path / "out")]) == 2
    assert main([str(LOW), "hand", str(tmp_path / "out"), "--at", "noon"]) == 2
    assert "start, middle or seconds" in capsys.readouterr().err
