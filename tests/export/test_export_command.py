"""``pijat export`` and ``pijat import`` as a person calls them."""

import json
import shutil
from pathlib import Path

import pytest

from trainer.cli import main
from trainer.export.formats import FORMATS
from trainer.session.table_files import read_events


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_from_the_command_line(
    name: str, session_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["export", str(session_folder), "--format", name, "--out", str(tmp_path / "out"), "--json"]) == 0
    )
    files = json.loads(capsys.readouterr().out)["files"]
    assert files
    assert all(Path(file).is_file() for file in files)


def test_a_human_timeline_goes_round_and_stands_beside_the_predicted(
    session_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["export", str(session_folder), "--format", "eaf", "--out", str(out)]) == 0
    document = next(out.glob("*.eaf"))
    assert main(["import", str(document), "--session", str(session_folder)]) == 0
    said = capsys.readouterr().out
    assert "5 strokes read" in said
    assert "left out: track revolutions_left (4)" in said
    human = read_events(session_folder / "events_human.tsv")
    assert (human["source"] == "human").all()
    assert (
        main(["evaluate", str(session_folder), "--truth", str(session_folder / "events_human.tsv"), "--json"])
        == 0
    )
    figures = json.loads(capsys.readouterr().out)["both"]
    assert figures["frame_accuracy"] == figures["f1_50"] == 1.0
    assert "thumb_error_median_cm" not in figures
    assert main(["agree", "timelines", str(session_folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kappa"] == pytest.approx(1.0, abs=1e-3)
    assert main(["export", str(session_folder), "--format", "boris-project", "--out", str(out)]) == 0
    project = json.loads((out / "pijat.boris").read_text())
    assert set(project["observations"]) == {"ibu-siti 01", "ibu-siti 01 (human)"}
    assert main(["import", str(document), "--session", str(session_folder)]) == 1
    assert "--overwrite" in capsys.readouterr().err


def test_several_sessions_at_once(session_folder: Path, tmp_path: Path) -> None:
    second = tmp_path / "ibu-dewi"
    shutil.copytree(session_folder, second)
    out = tmp_path / "out"
    assert main(["export", str(session_folder), str(second), "--format", "bids", "--out", str(out)]) == 0
    assert {p.name for p in out.glob("sub-*")} == {"sub-ibusiti01", "sub-ibudewi"}


@pytest.mark.parametrize(
    ("change", "word", "status"),
    [
        (lambda f: shutil.rmtree(f), "session folder", 1),
        (lambda f: (f / "session.json").unlink(), "session.json", 1),
        (lambda f: (f / "session.json").write_text("{"), "JSON", 1),
        (lambda f: (f / "session.json").write_text('{"schema_version": 99}'), "newer pijat", 1),
        (lambda f: (f / "thumbs.parquet").write_bytes(b"x"), "Parquet", 1),
        (lambda f: (f / "thumbs.parquet").unlink(), "thumbs.parquet", 1),
        (lambda f: (f / "events.tsv").write_text("onset\tduration\n"), "trial_type", 1),
    ],
)
def test_broken_sessions_get_one_sentence(
    change, word: str, status: int, session_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(session_folder)
    assert main(["export", str(session_folder), "--format", "tsv", "--out", str(tmp_path / "out")]) == status
    said = capsys.readouterr().err
    assert word in said
    assert said.count("\n") == 1


def test_two_sessions_of_one_name_are_refused(
    session_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = tmp_path / "elsewhere" / session_folder.name
    shutil.copytree(session_folder, twin)
    arguments = ["export", str(session_folder), str(twin), "--format", "tsv", "--out", str(tmp_path / "out")]
    assert main(arguments) == 1
    assert "twice" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_out_that_is_a_file_is_refused(
    session_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("")
    assert main(["export", str(session_folder), "--format", "tsv", "--out", str(tmp_path / "out")]) == 1
    assert "another --out" in capsys.readouterr().err


def test_media_is_linked_where_it_lies(session_folder: Path, tmp_path: Path) -> None:
    video = tmp_path / "sesi 1.mp4"
    video.write_bytes(b"")
    arguments = [
        "export",
        str(session_folder),
        "--media",
        str(video),
        "--out",
        str(tmp_path / "out"),
        "--format",
    ]
    assert main([*arguments, "eaf"]) == 0
    assert video.as_uri() in next((tmp_path / "out").glob("*.eaf")).read_text()
    assert main([*arguments, "boris-project"]) == 0
    project = json.loads((tmp_path / "out" / "pijat.boris").read_text())
    assert project["observations"]["ibu-siti 01"]["file"]["1"] == [str(video.resolve())]


def test_a_session_without_strokes_exports_in_every_format(session_folder: Path, tmp_path: Path) -> None:
    header = (session_folder / "events.tsv").read_text().split("\n")[0]
    (session_folder / "events.tsv").write_text(header + "\n")
    (session_folder / "revolutions.tsv").write_text("onset\tevent\thand\n")
    for name in FORMATS:
        assert main(["export", str(session_folder), "--format", name, "--out", str(tmp_path / name)]) == 0
