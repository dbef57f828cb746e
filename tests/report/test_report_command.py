"""``pijat report`` on a session folder as the program writes it."""

import dataclasses
from pathlib import Path

import pytest

from scripts.common import drawn_sessions as made
from trainer.cli import main
from trainer.report.render import render_report
from trainer.report.summary import events_of
from trainer.session.folder import write_session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    session = dataclasses.replace(made.synthetic(30, rounds=1), path=tmp_path / "my session")
    write_session(session, events_of(session.events), "old")
    return session.path


def test_writes_the_report_again(folder, capsys):
    assert main(["report", str(folder)]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and 'lang="id"' in page
    assert capsys.readouterr().out.strip() == str(folder / "report.html")
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_session_read_back_gives_the_same_page(folder):
    """Nothing that the page shows is lost in the files."""
    main(["report", str(folder)])
    written = (folder / "report.html").read_text(encoding="utf-8")
    direct = render_report(made.synthetic(30, rounds=1))
    assert _words(written) == _words(direct)


def test_other_place_and_language(folder, tmp_path):
    out = tmp_path / "for-the-village.html"
    assert main(["report", str(folder), "--out", str(out), "--lang", "en"]) == 0
    assert '<html lang="en"' in out.read_text(encoding="utf-8")
    assert (folder / "report.html").read_text(encoding="utf-8") == "old"


def test_no_session_is_one_sentence(tmp_path, capsys):
    assert main(["report", str(tmp_path / "nowhere")]) == 1
    error = capsys.readouterr().err
    assert "Expected a session folder" in error and len(error.strip().splitlines()) == 1


def test_a_folder_as_the_page_is_refused(folder, tmp_path, capsys):
    assert main(["report", str(folder), "--out", str(tmp_path)]) == 1
    assert "name a file in it" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(folder, tmp_path, capsys):
    assert main(["report", str(folder), "--out", str(tmp_path / "no" / "such" / "report.html")]) == 1
    assert "choose another place with --out" in capsys.readouterr().err


def _words(page: str) -> str:
    return (
        page[page.index("<main") : page.index("<svg", page.index("<main"))]
        + page[page.index("h-checklist") :]
    )
