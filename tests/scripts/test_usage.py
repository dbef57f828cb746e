"""Every script shows its help without the extras, and every command that is written down runs as written."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PROGRAMS = sorted(
    path.stem for path in (REPOSITORY / "scripts").glob("*.py") if path.stem not in ("__init__", "start")
)
EXTRAS = ("torch", "onnx", "sklearn", "skimage", "matplotlib", "moderngl", "trimesh", "embreex", "playwright")
OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")

ASK_ALL = r"""
import contextlib, io, json, re, runpy, sys
for name in EXTRAS:
    sys.modules[name] = None


def ask(name, *words):
    sys.argv = [name, *words, "--help"]
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            runpy.run_module(f"scripts.{name}", run_name="__main__", alter_sys=True)
        return "it did not stop after its help", said.getvalue()
    except SystemExit as left:
        return left.code, said.getvalue()
    except ImportError as error:
        return str(error), ""


told = {}
for name in PROGRAMS:
    status, said = told[name] = ask(name)
    for job in re.findall(r"\{([\w,]+)\} \.\.\.", said.partition("\n\n")[0]):
        told[name] = status, said + "".join(ask(name, part)[1] for part in job.split(","))
print(json.dumps(told))
"""
"""Asks for every program's help, its jobs' included, in one process in which no module of an extra can be imported."""


@pytest.fixture(scope="module")
def helps() -> dict[str, tuple[object, str]]:
    code = f"EXTRAS, PROGRAMS = {EXTRAS!r}, {PROGRAMS!r}\n{ASK_ALL}"
    asked = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    return json.loads(asked.stdout)


@pytest.mark.parametrize("name", PROGRAMS)
def test_help_runs_without_the_extras(name, helps):
    status, said = helps[name]
    assert status == 0
    assert said.startswith(f"usage: python -m scripts.{name} ")
    assert f"    python -m scripts.{name}" in said or f" python -m scripts.{name} " in said, "no example"


def written() -> list[tuple[str, str, str]]:
    """Return place, script and arguments of every command that documents and docstrings tell to run."""
    folders = ("docs", "models", "datasets", "scripts", "trainer", "calibration")
    files = [path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*"))]
    files += sorted(REPOSITORY.glob("*.md"))
    found = []
    for path in files:
        if path.suffix not in (".md", ".py", ".yaml"):
            continue
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        for number, line in enumerate(text.splitlines(), 1):
            for match in re.finditer(r"python -m scripts\.(\w+)([^`\n;#(]*)", line):
                found.append((f"{path.relative_to(REPOSITORY)}:{number}", match[1], match[2]))
    return found


def test_commands_written_down_name_scripts_and_options_that_exist(helps):
    commands = [entry for entry in written() if entry[1] != "NAME"]
    assert len(commands) > 60
    wrong = []
    for place, name, rest in commands:
        if name not in helps:
            wrong.append(f"{place}: no script {name}")
            continue
        said = helps[name][1]
        offered = {
            option
            for usage in re.findall(r"usage:.*?\n\n", said + "\n\n", re.S)
            for option in OPTION.findall(usage)
        }
        wrong += [
            f"{place}: {name} has no {option}" for option in OPTION.findall(rest) if option not in offered
        ]
    assert not wrong


def test_no_text_tells_to_run_a_script_by_its_path():
    wrong = []
    for path in (*REPOSITORY.rglob("*.md"), *(REPOSITORY / "scripts").rglob("*.py")):
        if any(part.startswith(".") or part == "node_modules" for part in path.relative_to(REPOSITORY).parts):
            continue
        text = path.read_text(encoding="utf-8")
        wrong += [
            f"{path.relative_to(REPOSITORY)}: {match[0]}"
            for match in re.finditer(r"python3? scripts/\w+\.py", text)
            if not match[0].endswith("scripts/start.py")
        ]
    assert not wrong


def test_no_code_changes_the_search_path():
    wrong = [
        str(path.relative_to(REPOSITORY))
        for folder in ("scripts", "tests", "trainer")
        for path in sorted((REPOSITORY / folder).rglob("*.py"))
        if re.search(r"sys\.path\.(insert|append|extend)\(", path.read_text(encoding="utf-8"))
    ]
    assert not wrong
