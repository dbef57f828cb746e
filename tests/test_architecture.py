"""The rules of docs/architecture.md that a machine can hold: imports go one way, and nothing is left unsaid."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.common.code_map import circles, imported, layer_of, module_imports, read_modules
from trainer.cli import COMMANDS, main


@pytest.fixture(scope="module")
def modules(repository: Path) -> dict[str, ast.Module]:
    return read_modules(repository / "trainer")


def test_imports_go_one_way(modules):
    wrong = []
    for module, tree in modules.items():
        own = layer_of(module)
        assert own is not None, f"{module} has no place in LAYERS and docs/architecture.md"
        for name in imported(tree):
            other = layer_of(name)
            if other is None:  # a name of the package itself, such as __version__
                continue
            beside = other[0] == own[0] and other[1] != own[1]
            if other[0] > own[0] or beside:
                wrong.append(f"{module} imports {name}")
    assert not wrong


def test_no_circle_is_left(modules):
    """Not even one that is closed inside a function: what needs each other belongs in one module."""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []
    assert circles(module_imports(modules)) == []


def test_no_class_name_stands_twice(modules):
    """One name, one thing: whoever searches for a class finds it."""
    homes: dict[str, list[str]] = {}
    for module, tree in modules.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(module)
    assert len(homes) > 200
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_order_is_that_of_the_document(repository: Path):
    document = (repository / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = [line for line in document.splitlines() if line.startswith("| `trainer/")]
    packages = {path.parent.name for path in (repository / "trainer").glob("*/__init__.py")}
    named = [name for name in packages if any(f"{name}/`" in line for line in table)]
    assert sorted(named) == sorted(packages)
    ranks = [layer_of(line.split("`")[1].removeprefix("trainer/").rstrip("/"))[0] for line in table[:9]]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("home", "names"),
    [
        ("files", {"mkstemp", "mkdtemp", "mktemp", "NamedTemporaryFile"}),
        ("progress_bar", {"tqdm"}),
    ],
)
def test_one_module_writes_temporary_files_and_one_draws_progress(modules, home, names):
    """What takes a file's place whole or not at all, and what a bar reads like, is decided once."""
    users = {
        module
        for module, tree in modules.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in names)
        or (isinstance(node, ast.Name) and node.id in names)
    }
    assert users == {home}


def test_nothing_is_swallowed_scattered_or_printed(modules):
    wrong = []
    for module, tree in modules.items():
        for node in ast.walk(tree):
            where = f"{module}, line {getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or (
                    isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
                )
                # What is caught whole is raised again, or reported with its traceback.
                kept = any(
                    isinstance(inner, ast.Raise)
                    or (isinstance(inner, ast.Attribute) and inner.attr == "exception")
                    or (isinstance(inner, ast.Attribute) and inner.attr == "error")
                    for inner in ast.walk(node)
                )
                if node.type is None or (broad and not kept):
                    wrong.append(f"{where}: swallows every error")
            elif isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                wrong.append(f"{where}: star import")
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                wrong.append(f"{where}: print")
            elif isinstance(node, ast.Import | ast.ImportFrom) and any(
                name.split(".")[0] in ("pickle", "joblib")
                for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
                + [alias.name for alias in node.names]
            ):
                wrong.append(f"{where}: pickle")
    assert not wrong


def test_every_module_says_what_it_is_for(modules):
    assert [name for name, tree in modules.items() if tree.body and not ast.get_docstring(tree)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name, capsys):
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    module = {"import": "import_timeline"}.get(name, name)
    example = importlib.import_module(f"trainer.commands.{module}").EXAMPLE
    assert example.startswith(f"pijat {name}")
    assert f"example: {example}" in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name, repository: Path):
    module = {"import": "import_timeline"}.get(name, name)
    example = importlib.import_module(f"trainer.commands.{module}").EXAMPLE
    document = (repository / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"## pijat {name}\n" in document
    assert COMMANDS[name][1:] in document.replace("\n", " ")
    assert f"    {example}\n" in document


@pytest.mark.parametrize(
    "words", [["analyze"], ["nosuch"], ["report", "x", "--nosuch"], ["models", "nosuch"]]
)
def test_bad_usage_is_one_sentence_and_two(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(words)
    said = capsys.readouterr()
    assert left.value.code == 2
    assert said.out == "" and said.err.count("\n") == 1 and said.err.startswith("pijat: ")
    assert "--help" in said.err


def test_help_answers_at_once(repository: Path):
    command = [sys.executable, "-X", "importtime", "-m", "trainer", "--help"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=repository).stderr
    heavy = {"numpy", "cv2", "mediapipe", "pandas", "scipy", "onnxruntime", "av", "sklearn", "torch", "yaml"}
    named = {line.rsplit("|", 1)[-1].strip() for line in loaded.splitlines()}
    assert not heavy & named
    took = []
    for _ in range(3):
        began = children_s()
        subprocess.run([sys.executable, "-m", "trainer", "--help"], capture_output=True, check=True)
        took.append(children_s() - began)
    # Of the processor, for the tests share theirs; some 0.2 s.
    assert min(took) < 1.0


def children_s() -> float:
    """Return the processor time of programs that were run and have ended, in seconds."""
    used = os.times()
    return used.children_user + used.children_system
