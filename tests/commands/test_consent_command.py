"""``pijat consent``: given, shown and taken back from the command line, in the terminal's language."""

import json

import pytest

from scripts.common.drawn_folders import write_folder
from trainer.cli import main

GIVE = ["--mother", "Bu Sari", "--companion", "Pak Budi", "--taken-by", "Bidan Ani"]


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "session", 5.0)


@pytest.mark.parametrize(
    ("locale", "agreed", "taken", "nobody"),
    [
        ("id_ID.UTF-8", "setuju; dicatat Bidan Ani", "persetujuan dicabut", "Belum ada persetujuan"),
        ("C.UTF-8", "agree; noted by Bidan Ani", "taken back", "No consent is noted"),
    ],
)
def test_it_is_given_shown_and_taken_back(folder, capsys, monkeypatch, locale, agreed, taken, nobody):
    monkeypatch.setenv("LC_ALL", locale)
    assert main(["consent", "show", str(folder)]) == 0
    assert nobody in capsys.readouterr().out
    assert main(["consent", "give", str(folder), *GIVE, "--date", "2026-03-01"]) == 0
    said = capsys.readouterr().out
    assert agreed in said and "2026-03-01" in said and "Pijat." in said.splitlines()[0]
    assert main(["consent", "withdraw", str(folder), "--taken-by", "Bidan Rina"]) == 0
    assert taken in capsys.readouterr().out
    assert main(["consent", "show", str(folder), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [word["given"] for word in document["words"]] == [True, False] and document["given"] is False


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["give", "{}", *GIVE, "--date", "yesterday"], 2),
        (["give", "{}", *GIVE, "--date", "2199-01-01"], 2),
        (["give", "{}/nowhere", *GIVE], 1),
        (["withdraw", "{}", "--taken-by", "x"], 1),
        (["show", "{}/nowhere"], 1),
    ],
)
def test_what_cannot_be_is_one_sentence(folder, capsys, words, status):
    assert main(["consent", *(word.format(folder) for word in words)]) == status
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("pijat: ") and said.err.count("\n") == 1
    assert not (folder / "consent.json").exists()


def test_a_damaged_one_is_one_sentence(folder, capsys):
    (folder / "consent.json").write_text('{"schema_version": 1}', encoding="utf-8")
    assert main(["consent", "withdraw", str(folder), "--taken-by", "x"]) == 1
    said = capsys.readouterr().err
    assert "consent.json" in said and said.count("\n") == 1
