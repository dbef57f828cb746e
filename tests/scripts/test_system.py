"""What the tests need of the system: installed where that may be, else named at the end with the one command."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from scripts.starting import __main__ as starting
from scripts.starting import system

BROWSER = system.Need("chromium", "the pages in a browser", lambda: False)
DATABASE = system.Need("postgresql", "the library on PostgreSQL", lambda: False)


@pytest.fixture
def bare(monkeypatch):
    """A Linux that has nothing that tests need but a browser; returns what was run on it."""
    needs = tuple(
        system.Need(need.package, need.tested, lambda there=need.package == "chromium": there)
        for need in system.NEEDS
    )
    ran = []
    monkeypatch.setattr(system, "NEEDS", needs)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system, "_program", lambda *names: True)
    monkeypatch.setattr(subprocess, "run", lambda command, **how: ran.append(command))
    return ran


def test_root_on_debian_installs_what_is_missing_and_only_that(bare, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    missing = system.missing()
    system.install(missing)
    update, install = bare
    assert update[:2] == ["apt-get", "update"]
    assert install[-5:] == ["libegl1", "libgles2", "postgresql", "fonts-dejavu-core", "git"]


def test_nothing_is_installed_without_the_right_to(bare, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    system.install(system.missing())
    assert bare == []


@pytest.mark.parametrize(
    ("platform", "says"),
    [
        ("linux", "sudo apt-get install -y chromium postgresql"),
        ("darwin", "brew install chromium postgresql"),
        ("win32", "winget install"),
    ],
)
def test_one_command_brings_what_is_missing(monkeypatch, platform, says):
    monkeypatch.setattr(sys, "platform", platform)
    assert says in system.command([BROWSER, DATABASE])


def test_the_last_lines_name_what_was_not_tested(monkeypatch, tmp_path, capfd):
    monkeypatch.setattr(system, "missing", lambda: [BROWSER, DATABASE])
    monkeypatch.setattr(system, "install", lambda needs: None)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "argv", ["start.py", "--test", "-k", "something"])
    monkeypatch.setattr(starting, "prepare", lambda *where: tmp_path / "python")
    asked = []

    def begin(command, cwd):
        asked.append(command)
        return SimpleNamespace(wait=lambda: 5)

    monkeypatch.setattr(subprocess, "Popen", begin)
    assert starting.main() == 5
    assert asked == [[str(tmp_path / "python"), "-m", "pytest", "-k", "something"]]
    *_, named, command = capfd.readouterr().out.splitlines()
    assert named == "Not tested here: the pages in a browser, the library on PostgreSQL. To test that too:"
    assert command == "    sudo apt-get install -y chromium postgresql"
