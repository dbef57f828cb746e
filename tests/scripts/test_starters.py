"""The files that open Pijat by double click: they run the start, or say in both languages that Python is wanted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STARTERS = ("pijat.sh", "Pijat.command")
posix = pytest.mark.skipif(os.name == "nt", reason="shell scripts")

SAYS_ITS_WORDS = "import os, sys\nprint(os.getcwd(), sys.argv[1:])\nsys.exit(3)\n"


@pytest.fixture
def folder(repository: Path, tmp_path: Path) -> Path:
    """A checkout, in a path as people have them, whose start only says how it was called."""
    made = tmp_path / "Unduhan saya" / "pijat (1)"
    (made / "scripts").mkdir(parents=True)
    for name in STARTERS:
        text = (repository / name).read_text(encoding="utf-8")
        # What this machine has in the usual places must not help.
        (made / name).write_text(text.replace(":/usr/local/bin:/opt/homebrew/bin", ""), encoding="utf-8")
        (made / name).chmod(0o755)
    (made / "scripts" / "start.py").write_text(SAYS_ITS_WORDS, encoding="utf-8")
    return made


def run(folder: Path, name: str, *words: str, programs: dict[str, str], tmp_path: Path):
    """Run a starter where these programs are all there is."""
    there = tmp_path / "bin"
    there.mkdir()
    for tool in ("dirname", "uname"):
        (there / tool).symlink_to(shutil.which(tool))
    for program, text in programs.items():
        (there / program).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (there / program).chmod(0o755)
    return subprocess.run(
        [str(folder / name), *words],
        cwd=tmp_path,
        env={"PATH": str(there), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


@posix
@pytest.mark.parametrize("name", STARTERS)
def test_the_start_is_run_in_its_folder_with_the_words_and_its_exit_code(folder, name, tmp_path):
    python = f'exec "{sys.executable}" "$@"'
    ended = run(folder, name, "--demo", "two words", programs={"python3": python}, tmp_path=tmp_path)
    assert ended.stdout == f"{folder} ['--demo', 'two words']\n", ended.stderr
    assert ended.returncode == 3


@posix
def test_a_stub_and_an_old_python_are_passed_over(folder, tmp_path):
    programs = {
        "python3": "echo 'no developer tools were found' >&2; exit 1",
        "python3.12": f'exec "{sys.executable}" "$@"',
        "python": "exit 1",
    }
    assert run(folder, "pijat.sh", programs=programs, tmp_path=tmp_path).returncode == 3


@posix
def test_without_any_python_both_languages_say_what_to_install(folder, tmp_path):
    ended = run(folder, "pijat.sh", programs={"python3": "exit 1"}, tmp_path=tmp_path)
    assert ended.returncode == 1 and ended.stdout == ""
    indonesian, english = ended.stderr.splitlines()
    assert indonesian.startswith("Pijat memerlukan Python") and english.startswith("Pijat needs Python")


def test_they_can_be_run_and_end_their_lines_as_their_system_wants(repository):
    """Windows cannot be asked here: of its starter it is held that it does the same things in the same order."""
    for name in STARTERS:
        assert os.access(repository / name, os.X_OK) and b"\r" not in (repository / name).read_bytes()
    windows = (repository / "Pijat.bat").read_bytes()
    assert windows.count(b"\n") == windows.count(b"\r\n") > 15
    text = windows.decode("ascii")
    order = [
        text.index(part) for part in ('cd /d "%~dp0"', "in (py python3 python)", "pause", ":start", "%*")
    ]
    assert order == sorted(order)
    attributes = (repository / ".gitattributes").read_text(encoding="utf-8")
    assert "*.bat text eol=crlf" in attributes and "*.sh text eol=lf" in attributes


@pytest.mark.parametrize("name", ["README.md", "README.id.md"])
def test_both_read_mes_name_every_way_to_start(repository, name):
    text = (repository / name).read_text(encoding="utf-8")
    for way in ("Pijat.bat", *STARTERS, r"py scripts\start.py", "python3 scripts/start.py", "3.11", "3.14"):
        assert way in text, way
