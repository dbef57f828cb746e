"""docs/data-formats.md names every column and field that the program writes."""

import dataclasses
import re
from pathlib import Path

import pytest

from trainer.back.frame import BACK_LANDMARKS
from trainer.perception.observation import HAND_KEYPOINTS, Status
from trainer.protocol.score import Evidence, ItemScore, Measure, Score, Verdict
from trainer.session.columns import EVENTS_SIDECAR
from trainer.session.model import EVENTS_COLUMNS, LANDMARKS_COLUMNS, REVOLUTIONS_COLUMNS, THUMBS_COLUMNS
from trainer.strokes.event import StrokeType

SECTIONS = {
    "### landmarks.parquet": LANDMARKS_COLUMNS,
    "### thumbs.parquet": (*THUMBS_COLUMNS, *(status.value for status in Status)),
    "### events.tsv": (*EVENTS_COLUMNS, *(kind.value for kind in StrokeType)),
    "### revolutions.tsv": REVOLUTIONS_COLUMNS,
    "### score.json": (
        *(field.name for kind in (Score, ItemScore, Measure, Evidence) for field in dataclasses.fields(kind)),
        *(verdict.value for verdict in Verdict),
    ),
}


@pytest.fixture(scope="module")
def document(repository: Path) -> str:
    return (repository / "docs" / "data-formats.md").read_text(encoding="utf-8")


def _section(document: str, heading: str) -> str:
    after = document.split(f"\n{heading}\n", 1)[1]
    return re.split(r"\n##+ ", after, maxsplit=1)[0]


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_name_is_in_its_section(document, heading):
    named = set(re.findall(r"`([^`]+)`", _section(document, heading)))
    assert set(SECTIONS[heading]) <= named


def test_no_column_is_described_that_is_not_written(document):
    for heading, columns in (("### thumbs.parquet", THUMBS_COLUMNS), ("### events.tsv", EVENTS_COLUMNS)):
        first_cells = re.findall(r"^\| (`[^|]+) \|", _section(document, heading), re.MULTILINE)
        assert set(re.findall(r"`([^`]+)`", " ".join(first_cells))) == set(columns)


def test_every_landmark_of_the_back_can_be_put_together_from_it(document):
    section = _section(document, "## Calibration file")
    for name in BACK_LANDMARKS:
        bare = name.removeprefix("left_").removeprefix("right_")
        assert f"`{bare}`" in section


def test_every_keypoint_of_a_hand_can_be_put_together_from_it(document):
    section = _section(document, "### landmarks.parquet")
    for name in HAND_KEYPOINTS:
        finger, _, joint = name.partition("_")
        assert f"`{name}`" in section or (f"`{finger}_`" in section and f"`{joint}`" in section)


def test_the_sidecar_describes_every_column():
    assert set(EVENTS_SIDECAR) == set(EVENTS_COLUMNS)


def test_the_fields_of_a_written_session_are_named(document):
    """The names under session.json are those that the program puts there."""
    section = _section(document, "### session.json")
    named = set(re.findall(r"`([^`]+)`", section))
    for name in (
        "schema_version", "software_version", "software_commit", "created", "complete", "models", "protocol", "video",
        "calibration", "calibration_source", "parameters", "warnings", "live", "confirmations", "regions",
        "frames_dropped",
    ):  # fmt: skip
        assert name in named
