"""CONTRIBUTING.md names files, tests and names of code that are there."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
TEXT = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([^`\n]+)`", TEXT)))
PATHS = [
    name
    for name in NAMED
    if re.fullmatch(r"(trainer|scripts|tests|docs|models|datasets|types)/[\w./-]+", name)
]
MADE_BY_HAND = re.compile(r"…|NAME|\*")


@pytest.mark.parametrize("path", [path for path in PATHS if not MADE_BY_HAND.search(path)])
def test_every_file_is_there(path):
    assert (REPOSITORY / path).exists()


def test_recipes_name_many_files():
    assert len(PATHS) > 45


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every word of the sources."""
    files = [
        path
        for folder in ("trainer", "scripts", "tests")
        for suffix in ("py", "js", "yaml")
        for path in (REPOSITORY / folder).rglob(f"*.{suffix}")
        if path != Path(__file__)
    ]
    files += [REPOSITORY / "pyproject.toml", REPOSITORY / ".gitignore"]
    return {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    "name", [name for name in NAMED if re.fullmatch(r"[A-Z_a-z]\w+", name) and not MADE_BY_HAND.search(name)]
)
def test_every_name_is_one_of_the_code(name, words):
    assert name in words


def test_one_test_that_it_runs_is_there():
    found = re.search(r"`pytest (tests/\S+) -k (\w+)`", TEXT)
    assert re.search(rf"def test_\w*{found[2]}", (REPOSITORY / found[1]).read_text(encoding="utf-8"))


@pytest.mark.parametrize("word", ["lint", "types", "check"])
def test_what_npm_runs_is_in_its_manifest(word):
    assert f"npm run {word}" in TEXT
    assert f'"{word}":' in (REPOSITORY / "package.json").read_text(encoding="utf-8")
