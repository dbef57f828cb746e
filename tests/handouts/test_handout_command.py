"""``pijat handout`` as a person types it."""

import openpyxl
import pytest
from test_group_page import BALIBO

from trainer.cli import main


@pytest.fixture
def measurements(tmp_path):
    path = tmp_path / "balibo.csv"
    path.write_text(BALIBO, encoding="utf-8")
    return path


def test_a_checklist_is_written_where_told(tmp_path, capsys):
    out = tmp_path / "daftar.html"
    assert main(["handout", "checklist", "jabodetabek-2025", "--language", "en", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert "Observer&#39;s checklist" in out.read_text(encoding="utf-8")


def test_a_group_from_a_table_with_a_workbook(measurements, tmp_path, capsys):
    out, book = tmp_path / "g.html", tmp_path / "g.xlsx"
    words = [
        "handout",
        "group",
        str(measurements),
        "--name",
        "Balibo",
        "--out",
        str(out),
        "--tables",
        str(book),
    ]
    assert main(words) == 0
    assert capsys.readouterr().out == f"{out}\n{book}\n"
    assert "Balibo" in out.read_text(encoding="utf-8")
    assert "Statistik" in openpyxl.load_workbook(book).sheetnames


def test_csv_is_a_file_per_table(measurements, tmp_path, capsys):
    out = tmp_path / "g.html"
    words = [
        "handout",
        "group",
        str(measurements),
        "--lang",
        "en",
        "--out",
        str(out),
        "--tables",
        str(tmp_path / "t.csv"),
    ]
    assert main(words) == 0
    written = capsys.readouterr().out.splitlines()
    assert [line.rsplit("/", 1)[-1] for line in written] == [
        "g.html", "t-knowledge-test.csv", "t-outcomes.csv", "t-statistics.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["feedback"], 2, "Expected a session folder"),
        (["group"], 2, "Expected a table of measurements"),
        (["checklist", "nosuch"], 1, "nosuch"),
        (["group", "nosuch.csv"], 1, "Expected a table at nosuch.csv"),
        (["feedback", "nosuch"], 1, "Expected a session folder, found none"),
        (["checklist", "--tables", "t.xlsx"], 2, "--tables with feedback or group"),
        (["group", "x.csv", "--tables", "t.ods"], 2, "end in .xlsx or .csv"),
        (["checklist", "--out", "none/here.html"], 1, "choose another place"),
    ],
)
def test_bad_usage_is_one_sentence(words, status, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["handout", *words]) == status
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
