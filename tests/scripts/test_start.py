"""The start: installs the lock once, then nothing; says in both languages what it cannot do."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_checkout import SmallCheckout

from scripts import start
from scripts.starting.stamp import State, state_of

INSTALLS = "Installing Pijat"


def without_network() -> tuple[str, ...]:
    """A prefix that runs a command where there is no network at all, or nothing where that is not possible."""
    for command in (("unshare", "-n"), ("unshare", "-r", "-n")):
        if (
            shutil.which("unshare")
            and subprocess.run([*command, "true"], capture_output=True).returncode == 0
        ):
            return command
    return ()


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A checkout after its first start."""
    checkout = SmallCheckout(tmp_path_factory.mktemp("start"))
    first = checkout.start("--demo")
    assert first.returncode == 0, first.stdout
    assert INSTALLS in first.stdout and "opened with 1.0 ['practice', '--demo']" in first.stdout
    return checkout


def opens(checkout, **how):
    """Start once more; the trainer must open. Return what was said."""
    again = checkout.start("--demo", **how)
    assert again.returncode == 0 and "opened with" in again.stdout, again.stdout
    return again.stdout


def everything(folder: Path):
    """Every file of an environment with its time, but for what Python caches."""
    return {
        path: path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts and path.is_file()
    }


@pytest.mark.slow
def test_a_second_start_without_network_installs_nothing_and_opens(installed):
    before = everything(installed.venv)
    said = opens(installed, online=False, prefix=without_network())
    assert said == "opened with 1.0 ['practice', '--demo']\n"
    assert everything(installed.venv) == before


def packages(venv):
    return next(venv.glob("[Ll]ib*/**/site-packages"))


def remove_stamp(venv):
    (venv / "pijat-installed.json").unlink()


def garble_stamp(venv):
    (venv / "pijat-installed.json").write_text('{"python": ', encoding="utf-8")


def remove_interpreter(venv):
    for python in [*venv.glob("bin/python*"), *venv.glob("Scripts/python*")]:
        python.unlink()


def replace_interpreter(venv):
    stamp = venv / "pijat-installed.json"
    text = stamp.read_text(encoding="utf-8")
    stamp.write_text(text.replace(json.dumps(sys.version), '"3.11.0 of yesterday"'), encoding="utf-8")


def remove_a_module(venv):
    (packages(venv) / "small_part.py").unlink()


def cut_a_module_short(venv):
    (packages(venv) / "small_part.py").write_text("", encoding="utf-8")


def install_another_version(venv):
    (packages(venv) / "small_part-1.0.dist-info").rename(packages(venv) / "small_part-0.9.dist-info")


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        remove_stamp,
        garble_stamp,
        remove_interpreter,
        replace_interpreter,
        remove_a_module,
        cut_a_module_short,
        install_another_version,
    ],
)
def test_damage_is_noticed(installed, tmp_path, damage):
    venv = Path(shutil.copytree(installed.venv, tmp_path / ".venv", symlinks=True))
    lock = installed.root / "requirements" / "run.txt"
    assert state_of(venv, installed.root, lock) is State.READY
    damage(venv)
    assert state_of(venv, installed.root, lock) is State.BROKEN


@pytest.mark.slow
def test_a_broken_environment_is_made_anew(installed):
    remove_interpreter(installed.venv)
    left = installed.venv / "left-from-before"
    left.touch()
    assert INSTALLS in opens(installed)
    assert not left.exists()
    assert INSTALLS not in opens(installed)


@pytest.mark.slow
def test_another_lock_is_installed_and_a_changed_project_needs_no_network(installed):
    installed.lock("1.1")
    try:
        assert "opened with 1.1" in opens(installed)
        with (installed.root / "pyproject.toml").open("a", encoding="utf-8") as project:
            project.write('description = "changed"\n')
        assert INSTALLS not in opens(installed, online=False)
    finally:
        installed.lock("1.0")
        opens(installed)


@pytest.mark.slow
def test_the_newest_of_everything_has_an_environment_of_its_own(tmp_path):
    checkout = SmallCheckout(tmp_path)
    checkout.lock("1.1")
    checkout.lock("1.0")
    newest = checkout.start("--newest", "--demo")
    assert "opened with 1.1 ['practice', '--demo']" in newest.stdout, newest.stdout
    assert (checkout.root / ".venv-newest").is_dir() and not checkout.venv.exists()
    assert "opened with 1.0" in opens(checkout)


@pytest.mark.slow
def test_a_moved_folder_opens_without_network(tmp_path):
    checkout = SmallCheckout(tmp_path)
    opens(checkout)
    checkout.root = checkout.root.rename(tmp_path / "a folder with spaces")
    assert INSTALLS not in opens(checkout, online=False, prefix=without_network())
    stamp = json.loads((checkout.venv / "pijat-installed.json").read_text(encoding="utf-8"))
    assert stamp["root"] == str(checkout.root)


@pytest.mark.slow
def test_a_first_start_without_network_says_so_in_both_languages(tmp_path):
    checkout = SmallCheckout(tmp_path)
    for prefix in {(), without_network()}:
        first = checkout.start(online=False, prefix=prefix)
        assert first.returncode == 1
        assert "Tidak ada sambungan internet" in first.stdout and "no internet connection" in first.stdout
        assert "Traceback" not in first.stdout and "rrno" not in first.stdout
    assert "opened with 1.0" in opens(checkout)


@pytest.mark.slow
def test_a_package_with_another_hash_is_not_installed(tmp_path):
    checkout = SmallCheckout(tmp_path)
    checkout.lock("1.0", digest="0" * 64)
    refused = checkout.start()
    assert refused.returncode == 1 and "Installing failed" in refused.stdout
    assert not (checkout.venv / "pijat-installed.json").exists()


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path):
    checkout = SmallCheckout(tmp_path)
    foreign = tmp_path / "letters"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("dear", encoding="utf-8")
    refused = checkout.start("--venv", str(foreign))
    assert refused.returncode == 1 and "holds other files" in refused.stdout
    assert (foreign / "letter.txt").read_text(encoding="utf-8") == "dear"


@pytest.mark.slow
def test_two_starts_at_once_install_once(tmp_path):
    checkout = SmallCheckout(tmp_path)
    processes = [checkout.begin("--demo"), checkout.begin("--demo")]
    said = [process.communicate(timeout=240)[0] for process in processes]
    assert all("opened with 1.0" in text for text in said), said
    assert sum(INSTALLS in text for text in said) == 1


OTHER_PYTHONS = sorted(
    str(path)
    for path in Path.home().glob(".pyenv/versions/*/bin/python")
    if not path.parent.parent.name.startswith("2.")
)


@pytest.mark.slow
@pytest.mark.parametrize("python", dict.fromkeys([*OTHER_PYTHONS, sys.executable]))
def test_any_python_finds_one_that_fits(installed, python):
    assert opens(installed, python=python) == "opened with 1.0 ['practice', '--demo']\n"


def facts(**other):
    own = start.probe(sys.executable)
    assert own is not None
    return {**own, **other}


PYTHONS = start.locked_pythons()


def test_only_a_python_with_packages_fits():
    assert start.fits(facts(), PYTHONS)
    too_new = [PYTHONS[-1][0], PYTHONS[-1][1] + 1]
    for other in (
        {"version": [3, 10]},
        {"version": too_new},
        {"machine": "armv7l"},
        {"cpython": False},
        {"wide": False},
        {"free_threaded": True},
    ):
        assert not start.fits(facts(**other), PYTHONS), other
    assert start.probe(str(Path(__file__))) is None


def fake_python(folder, name, answer):
    """A program that answers the probe as some Python would."""
    script = folder / name
    script.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\n", encoding="utf-8")
    script.chmod(0o755)
    return str(script)


@pytest.fixture()
def only(tmp_path, monkeypatch):
    """No Python on this machine but those laid into one folder."""

    def those(running, **others):
        monkeypatch.setattr(sys, "executable", fake_python(tmp_path, "running", running))
        found = [sys.executable, *(fake_python(tmp_path, name, answer) for name, answer in others.items())]
        monkeypatch.setattr(start, "candidates", lambda pythons: found)
        return found

    return those


@pytest.mark.skipif(sys.platform == "win32", reason="fake Pythons are shell scripts")
def test_the_first_that_fits_is_taken_and_else_both_languages_say_what_to_install(only, monkeypatch):
    found = only(facts(version=[3, 15]), old=facts(version=[3, 8]), good=facts(version=[3, 13]))
    assert start.find_python(PYTHONS) == (found[2], None)
    found = only(facts(version=[3, 12], makes_environments=False), old=facts(version=[3, 8]))
    assert start.find_python(PYTHONS) == (None, found[0])
    assert start.advice(PYTHONS, found[0]).count("sudo apt install python3-venv") == 2
    only(facts(version=[3, 15]))
    assert start.find_python(PYTHONS) == (None, None)
    indonesian, english = start.advice(PYTHONS).splitlines()
    assert "memerlukan Python 3.11 sampai 3.14" in indonesian and "needs Python 3.11 to 3.14" in english
    only(facts(machine="armv7l"))
    assert "cannot run with a Python for linux armv7l" in start.advice(PYTHONS)
    monkeypatch.setattr(start, "find_python", lambda pythons: (None, None))
    with pytest.raises(SystemExit, match="armv7l"):
        start.main()


def test_the_python_launcher_of_windows_is_asked(monkeypatch):
    listing = (
        " -V:3.15 *        C:\\Program Files\\Python315\\python.exe\r\n"
        " -V:3.13          C:\\Users\\ibu sri\\AppData\\Local\\Programs\\Python\\Python313\\python.exe\r\n"
    )
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(
        subprocess, "run", lambda *args, **kwargs: subprocess.CompletedProcess(args, 0, listing.encode())
    )
    assert start.launcher_pythons() == [
        "C:\\Program Files\\Python315\\python.exe",
        "C:\\Users\\ibu sri\\AppData\\Local\\Programs\\Python\\Python313\\python.exe",
    ]
