"""Docstrings tell what is there: their examples run, the names in them exist, and pdoc shows them without a warning."""

import ast
import doctest
import importlib
import re
from pathlib import Path

import pytest
from code_names import is_there
from export_sample import write_session

import trainer
from scripts.build_reference import build
from scripts.common.code_map import read_modules

ROOT = Path(trainer.__file__).parent
WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
    for folder in (ROOT, ROOT.parent / "scripts")
    for path in sorted(folder.rglob("*.py"))
    if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.fixture
def given(tmp_path: Path, sample: Path) -> dict[str, Path]:
    """What examples may take for granted."""
    import matplotlib

    matplotlib.use("Agg")
    return {
        "session_folder": write_session(tmp_path / "ibu-siti 01"),
        "library_folder": tmp_path / "library",
        "video_file": sample,
    }


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_run_as_they_stand(name: str, given: dict[str, Path]):
    module = importlib.import_module(name)
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    result = doctest.testmod(module, extraglobs=given, optionflags=flags)
    assert result.failed == 0 and result.attempted > 0


def test_no_example_is_left_out(repository: Path):
    found = [
        path.name
        for folder in ("trainer", "scripts")
        for path in (repository / folder).rglob("*.py")
        if "doctest: +SKIP" in path.read_text(encoding="utf-8")
    ]
    assert found == [] and len(WITH_EXAMPLES) > 15


@pytest.mark.slow
def test_every_name_in_docstrings_is_one_of_the_code(repository: Path):
    wrong = []
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for module, tree in read_modules(repository / "trainer").items():
        for node in ast.walk(tree):
            said = ast.get_docstring(node) if isinstance(node, kinds) else None
            for name in re.findall(r"`trainer\.([\w.]+)`", said or ""):
                if not is_there(name):
                    wrong.append(f"{module}: {name}")
    assert wrong == []


@pytest.mark.slow
def test_the_reference_shows_a_module_and_says_what_it_cannot(tmp_path, monkeypatch):
    assert build(tmp_path / "fine", ["trainer.language"]) == []
    page = (tmp_path / "fine" / "trainer" / "language.html").read_text(encoding="utf-8")
    assert "Indonesian" in page and "analyze" in trainer.__all__
    monkeypatch.syspath_prepend(tmp_path)
    source = '"""Says."""\n\nclass Odd:\n    """Is."""\n\n    {}seen: "NoSuchType" = None\n'
    (tmp_path / "wrong_types.py").write_text(source.format(""))
    (tmp_path / "private_types.py").write_text(source.format("_"))
    assert any("NoSuchType" in words for words in build(tmp_path / "wrong", ["wrong_types"]))
    assert build(tmp_path / "private", ["private_types"]) == []
