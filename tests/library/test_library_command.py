"""``pijat library`` from the command line."""

import io
import json
import os
import pty
import subprocess
import sys

import pytest
from session_folders import make_session

from trainer.cli import main
from trainer.library.store import open_library


@pytest.fixture
def pijat(place, capsys, monkeypatch):
    """Run ``pijat library`` on a library in each database; return the status, stdout and stderr."""

    def run(*words, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        named = ["--library", str(place.name), "--root", str(place.root)]
        status = main(["library", words[0], *named, *map(str, words[1:])])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.mark.slow
def test_from_import_to_deletion(pijat, place, tmp_path):
    for number in range(2):
        make_session(place.root / "sessions" / f"s{number}", created=f"2026-03-0{number + 1}T00:00:00+00:00")
    assert pijat("import", place.root / "sessions") == (0, "     2  added\n", "")
    status, out, _ = pijat("import", place.root / "sessions", "--json")
    assert status == 0 and len(json.loads(out)["unchanged"]) == 2
    with place.open() as library:
        person = library.people.add(name="Siti")
        library.sessions.assign(library.sessions.list().items[0].id, person.id)
    status, out, _ = pijat("list", "--person", "p-0001")
    assert status == 0 and out.count("\n") == 2 and "P-0001" in out and "page 1 of 1, 1 sessions" in out
    assert json.loads(pijat("list", "--json")[1])["total"] == 2
    assert pijat("check")[0] == 0
    (place.root / "sessions" / "s0").rename(tmp_path / "away")
    status, out, _ = pijat("check")
    assert status == 1 and "1 of 2 session folders are missing or changed" in out and "missing" in out
    assert pijat("import", tmp_path / "away")[0:2] == (0, "     1  found at a new place\n")
    status, out, _ = pijat("export-person", "P-0001", "--out", tmp_path / "siti")
    assert status == 0 and (tmp_path / "siti" / "person.json").is_file()
    status, out, _ = pijat("backup", tmp_path / "b.zip")
    assert status == 0 and (tmp_path / "b.zip").is_file() and "2 session folders" in out
    assert pijat("delete-person", "P-0001")[0] == 2
    status, out, _ = pijat("delete-person", "P-0001", "--yes", "--json")
    assert status == 0 and json.loads(out)["verified"] is True
    assert pijat("delete-person", "P-0001", "--yes")[2].startswith("pijat: Expected the code of a person")
    again = tmp_path / "again"
    assert main(["library", "restore", str(tmp_path / "b.zip"), "--library", str(again)]) == 0
    with open_library(again) as library:
        assert library.people.find("P-0001").sessions == 1 and library.folders.check() == ()
    assert main(["library", "restore", str(tmp_path / "b.zip"), "--library", str(again)]) == 2


def test_the_passphrase_comes_from_standard_input(pijat, place):
    status, out, err = pijat("passphrase", stdin="delapan kata yang mudah\n")
    assert status == 0 and "delapan" not in out + err
    with place.open() as library:
        assert library.passphrase.check("delapan kata yang mudah")
    assert pijat("passphrase", stdin="short\n")[0] == 1


@pytest.mark.slow
def test_the_passphrase_is_asked_for_on_a_terminal_unseen(tmp_path):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "trainer", "library", "passphrase", "--library", str(tmp_path)]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as asked:
        os.close(theirs)
        shown = b""
        for prompt in (b"New passphrase: ", b"Once more: "):
            while prompt not in shown:
                shown += os.read(ours, 1024)
            os.write(ours, b"delapan kata yang mudah\n")
        while b"passphrase is set" not in shown:
            shown += os.read(ours, 1024)
    os.close(ours)
    assert asked.returncode == 0 and b"delapan" not in shown
    with open_library(tmp_path) as library:
        assert library.passphrase.check("delapan kata yang mudah")


def test_bad_usage_is_one_sentence(pijat, tmp_path, capsys):
    status, out, err = pijat("import", tmp_path / "none")
    assert (status, out) == (2, "") and err.count("\n") == 1
    status, _, err = pijat("list", "--page", "0")
    assert status == 2 and err.count("\n") == 1
    with pytest.raises(SystemExit) as left:
        main(["library"])
    assert left.value.code == 2
