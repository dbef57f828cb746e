"""What the one reader of session folders lets through, what it refuses, and that it says where the matter lies."""

import json
import os
import shutil

import pandas as pd
import pytest

from scripts.common.drawn_folders import write_folder
from trainer.errors import PijatError
from trainer.report.render import render_report
from trainer.session import files as files_module
from trainer.session.meta_file import meta_document
from trainer.session.reader import open_session, open_timeline, read_meta, read_score
from trainer.session.score_file import score_document


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("sound") / "sesi", 20.0)


@pytest.fixture
def folder(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "sesi")


def change(path, *way, to):
    document = json.loads(path.read_text(encoding="utf-8"))
    holder = document
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = to
    path.write_text(json.dumps(document), encoding="utf-8")


def said(act, *args):
    with pytest.raises(PijatError) as caught:
        act(*args)
    return caught.value.text


def test_too_little_judged_has_no_percentage_and_says_nothing_of_passing(folder):
    for name in ("percent", "passed"):
        change(folder / "score.json", name, to=None)
    score = read_score(folder)
    assert score.percent is None and score.passed is None and score.outcome == "too_little"
    assert score_document(score)["percent"] is None
    assert "None" not in render_report(open_session(folder))


def test_what_a_later_version_adds_stays(folder):
    change(folder / "session.json", "weather", to={"rain": [1, None]})
    meta = read_meta(folder)
    assert meta.others == {"weather": {"rain": [1, None]}}
    written = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(meta_document(meta))) == written
    change(folder / "score.json", "items", 0, "colour", to="blue")
    assert read_score(folder).items


def test_what_older_sessions_lack_is_not_asked_for(folder):
    for name, gone in (("session.json", ("software_commit", "back_size_ratio")), ("score.json", ())):
        document = json.loads((folder / name).read_text(encoding="utf-8"))
        for field in gone:
            document.pop(field, None)
        document.get("protocol", {}).pop("scale", None)
        for item in document.get("items", ()):
            item.pop("faults", None)
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    thumbs = pd.read_parquet(folder / "thumbs.parquet").drop(columns="palm_cm")
    thumbs.to_parquet(folder / "thumbs.parquet", index=False)
    session = open_session(folder)
    assert (session.meta.software_commit, session.meta.back_size_ratio, session.meta.protocol.scale) == (
        None,
        1.0,
        None,
    )
    assert {item.faults for item in session.score.items} == {()}
    assert session.thumbs["palm_cm"].isna().all()


@pytest.mark.parametrize(
    ("file", "way", "value", "where"),
    [
        ("session.json", ("video", "duration_s"), -1, "video.duration_s"),
        ("session.json", ("video", "duration_s"), float("nan"), "video.duration_s"),
        ("session.json", ("video", "width"), True, "video.width"),
        ("session.json", ("video", "sha256"), "ff", "video.sha256"),
        ("session.json", ("created",), "yesterday", "created"),
        ("session.json", ("complete",), "no", "complete"),
        ("session.json", ("calibration_source",), "guessed", "calibration_source"),
        ("session.json", ("protocol", "regions", 0, "polygon"), [[0, 0]], "protocol.regions[0].polygon"),
        ("session.json", ("warnings",), ["text"], "warnings[0]"),
        ("session.json", ("schema_version",), "1", "schema_version"),
        ("score.json", ("schema_version",), 2, "newer"),
        ("score.json", ("percent",), 101, "percent"),
        ("score.json", ("passed",), 1, "passed"),
        ("score.json", ("advice",), ["none such"], "advice[0]"),
        ("score.json", ("items", 0, "verdict"), "splendid", "items[0].verdict"),
        ("score.json", ("items", 1, "points"), 10**400, "items[1].points"),
        ("score.json", ("items", 0, "title"), {"id": "a"}, "items[0].title"),
    ],
)
def test_the_field_that_is_wrong_is_named(folder, file, way, value, where):
    change(folder / file, *way, to=value)
    text = said(open_session, folder)
    assert where in text.en and file in text.en
    assert file in text.id and text.id != text.en


def test_two_items_of_one_name_are_no_checklist(folder):
    items = json.loads((folder / "score.json").read_text(encoding="utf-8"))["items"]
    change(folder / "score.json", "items", to=[*items, items[0]])
    assert f"items[{len(items)}].id" in said(read_score, folder).en


def test_the_cell_that_is_wrong_is_named_by_column_and_row(folder):
    table = pd.read_csv(folder / "events.tsv", sep="\t", keep_default_na=False)
    table["onset"] = table["onset"].astype(object)
    table.loc[1, "onset"] = "1e9"  # over thirty years, whose frames would fill any memory
    table.to_csv(folder / "events.tsv", sep="\t", index=False)
    text = said(open_timeline, folder)
    assert "onset, row 2 " in text.en and "onset, baris 2 " in text.id and "1000000000" in text.en


def test_words_that_turn_or_break_lines_are_not_repeated(folder):
    change(folder / "session.json", "calibration_source", to="a\n\u202e\x1b[31mb")
    text = said(read_meta, folder)
    assert text.en.isprintable() and text.id.isprintable()


def test_a_file_may_not_lead_out_of_its_folder(folder, tmp_path):
    elsewhere = tmp_path / "score.json"
    shutil.move(folder / "score.json", elsewhere)
    (folder / "score.json").symlink_to(elsewhere)
    assert "a link to another place" in said(read_score, folder).en


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("file", ["score.json", "events.tsv", "thumbs.parquet"])
def test_a_pipe_keeps_nobody_waiting(folder, file):
    (folder / file).unlink()
    os.mkfifo(folder / file)
    assert file in said(open_session, folder).en


@pytest.mark.parametrize(
    ("file", "limit"), [("score.json", "LARGEST_JSON"), ("session.json", "LARGEST_JSON")]
)
def test_a_file_that_is_too_large_is_not_read(folder, monkeypatch, file, limit):
    monkeypatch.setattr(files_module, limit, 2**20)
    with (folder / file).open("ab") as end:
        end.write(b" " * 2**21)
    text = said(open_session, folder)
    assert "at most 1 MB" in text.en and file in text.en
