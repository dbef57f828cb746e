"""Session folders that anybody may have made: read whole, or refused in one sentence; never a traceback.

What the reader lets through is also used by everything that shows or passes on a session, for a value that crashes
the report is no session either.
"""

import datetime as dt
import os
import random
import shutil

import pytest

from scripts.common.drawn_folders import write_folder
from scripts.common.mutations import damage_folder
from trainer.desk.demonstration import read_demonstration, thumbs_bytes, timeline_document
from trainer.desk.drawing import back_for_replay
from trainer.desk.grading_view import grading_document
from trainer.desk.messages import words
from trainer.desk.scales import rules_of
from trainer.errors import PijatError
from trainer.evaluation.agreement import compare_timelines
from trainer.export.formats import FORMATS, export_sessions
from trainer.export.source import open_source
from trainer.handouts.feedback import feedback_of_session
from trainer.handouts.render import feedback_page
from trainer.library.folder_facts import read_folder
from trainer.library.grading_records import GradingRecord
from trainer.report.regions import areas_of
from trainer.report.render import render_report
from trainer.session.reader import open_revolutions, open_session

FILES = (
    "session.json",
    "score.json",
    "events.tsv",
    "revolutions.tsv",
    "thumbs.parquet",
    "landmarks.parquet",
)
ROUNDS = int(os.environ.get("PIJAT_DAMAGES", "40"))
"""Damaged folders a test; PIJAT_DAMAGES asks for more."""

GRADING = GradingRecord(
    1, 1, 1, "F1", "Bu Ani", True, dt.datetime(2026, 1, 2, tzinfo=dt.UTC), None, 0.0, 1, (), False
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    live = {"source": "browser", "mode": "coached", "pauses_s": [[2.0, 3.0]], "stopped_for_pain_s": None}
    return write_folder(
        tmp_path_factory.mktemp("sound") / "sesi",
        20.0,
        live=live,
        confirmations={"a": True, "b": False},
        warnings=[{"id": "Latihan dijeda.", "en": "The practice was paused."}],
        calibration={"schema_version": 1, "image_size": [640, 480], "landmarks": {"C7": [320, 100]}},
    )


def damaged(sound, folder, seed, names=FILES):
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(sound, folder)
    return damage_folder(random.Random(seed), folder, names)


def read(folder):
    session = open_session(folder)
    open_revolutions(folder, len(session.events))
    return session


def desk(folder):
    shown = read_demonstration(folder)
    rules = rules_of(shown.meta, shown.score)
    for hidden in (True, False):
        grading_document(shown, GRADING, rules, "id", hidden=hidden)
    back_for_replay(areas_of(shown.meta), words("id")["replay"])
    thumbs_bytes(folder)
    timeline_document(folder)


def export(folder):
    source = open_source(folder)
    for name in FORMATS:
        export_sessions([source], name, folder.parent / "exported")


def evaluate(folder):
    events = open_session(folder, landmarks=False).events
    compare_timelines(events, events)


def hand_out(folder):
    session = open_session(folder, landmarks=False)
    feedback_page(feedback_of_session(session.meta, session.score))


USES = {
    "read": read,
    "report": lambda folder: render_report(open_session(folder, landmarks=False)),
    "desk": desk,
    "export": export,
    "evaluate": evaluate,
    "hand out": hand_out,
    "import": read_folder,
}


@pytest.mark.slow
@pytest.mark.parametrize("use", USES)
def test_a_damaged_folder_is_used_or_refused_in_one_sentence(sound, tmp_path, use):
    refused = 0
    for seed in range(ROUNDS):
        how = damaged(sound, tmp_path / "sesi", f"{use} {seed}")
        try:
            USES[use](tmp_path / "sesi")
        except PijatError as error:
            refused += 1
            for said in (error.text.id, error.text.en):
                assert said.strip() and said.isprintable() and len(said) < 600, (seed, how, said)
        except Exception as error:
            raise AssertionError(f"{use}, seed {seed}: {how}") from error
    assert refused > ROUNDS / 10


def test_the_same_seed_damages_the_same(sound, tmp_path):
    ways = {damaged(sound, tmp_path / "sesi", seed) for seed in range(20)}
    assert ways == {damaged(sound, tmp_path / "sesi", seed) for seed in range(20)}
    assert len(ways) > 5
