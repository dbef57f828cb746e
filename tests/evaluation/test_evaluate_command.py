"""``pijat evaluate`` as a person calls it."""

import json
from pathlib import Path

import pytest

from trainer.cli import main


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("gone.json", None, "found no file"),
        ("truth.json", "{", "JSON"),
        ("truth.json", "{}", "frames"),
        ("truth.mp4", "", ".tsv"),
        ("truth.tsv", "onset\tduration\n", "trial_type"),
    ],
)
def test_a_bad_truth_gets_one_sentence(
    name: str, content: str | None, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    assert main(["evaluate", str(tmp_path), "--truth", str(tmp_path / name)]) == 1
    said = capsys.readouterr().err
    assert word in said
    assert said.count("\n") == 1


@pytest.mark.slow
def test_the_bundled_sample_against_its_truth(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The main job end to end on data of our own: analysed, then held against the truth."""
    samples = repository / "datasets" / "samples"
    truth = samples / "oxytocin-demo.truth.json"
    session = tmp_path / "session"
    calibration = samples / "oxytocin-demo.calibration.json"
    video = samples / "oxytocin-demo.mp4"
    assert main(["analyze", str(video), "--calibration", str(calibration), "--out", str(session)]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(session), "--truth", str(truth), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["both"]
    assert figures["thumb_error_median_cm"] <= 0.8
    assert figures["f1_50"] >= 0.75
    assert figures["observed_share"] >= 0.98
    assert figures["circles_counted_within_one"] >= 0.9
