"""Whatever a person can read is there in Indonesian and in English."""

import ast
import copy
from pathlib import Path

import pytest
from english import english_on, english_sentences, texts_in

from scripts.common.code_map import read_modules
from trainer.errors import PijatError
from trainer.language import Text

PACKAGE = Path(__file__).resolve().parent.parent / "trainer"


@pytest.fixture(scope="module")
def modules():
    return read_modules(PACKAGE)


def error_classes(modules):
    """Names of `PijatError` and of all that are derived from it."""
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for tree in modules.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"PijatError"}
    while more := {name for name, above in bases.items() if above & known} - known:
        known |= more
    return known


def in_one_language(modules):
    """Where an error is made of a plain string, ready to be looked at."""
    names = error_classes(modules)
    return [
        f"{module}:{node.lineno}"
        for module, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in names
        and (not node.args or isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp))
    ]


def test_every_error_has_both_languages(modules):
    assert len(error_classes(modules)) > 5
    assert in_one_language(modules) == []


@pytest.mark.parametrize(
    "wrong",
    [
        'PijatError("Expected a video.")',
        'errors.UsageError(f"Expected {x}.")',
        'PijatError("a" + b)',
        "PijatError()",
    ],
)
def test_an_error_in_one_language_is_found(wrong):
    planted = {
        "errors": ast.parse("class UsageError(PijatError): ..."),
        "planted": ast.parse(f"raise {wrong}"),
    }
    assert in_one_language(planted) == ["planted:1"]


def test_both_languages_say_something_and_each_in_its_own_words(modules):
    texts = [
        (f"{module}:{line}", id, en) for module, tree in modules.items() for line, id, en in texts_in(tree)
    ]
    assert len(texts) > 1000
    assert [place for place, id, en in texts if bool(id.strip()) != bool(en.strip())] == []
    assert [place for place, id, en in texts if id == en and len(en.split()) > 2] == []
    assert [(place, english_on(id)) for place, id, _ in texts if english_on(id)] == []


def test_english_on_an_indonesian_page_is_found():
    assert len(english_sentences()) > 1000
    page = '<p lang="en">Expected a video of the massage.</p><img alt="{}"><script>the, of, and</script>'
    assert english_on(page.format("Gambar kamera")) == []
    assert english_on(page.format("Picture of the camera, not of you"))
    assert english_on("<p>Pijat is ready: <b>the video is missing</b></p>")
    # A sentence of ours is known by itself, without any of the words that give English away.
    assert english_on(page.format("Getting Pijat ready …"))


def test_an_error_says_the_language_that_is_asked_for():
    error = PijatError(
        Text("Tidak ada video: pilih yang lain.", "There is no video: choose another."), "missing"
    )
    assert (error.text.say("id"), str(error)) == (
        "Tidak ada video: pilih yang lain.",
        "There is no video: choose another.",
    )


def test_an_error_stays_what_it_is_between_processes():
    error = PijatError(Text("Disk penuh.", "The disk is full."), "busy")
    told = copy.copy(error)
    assert (told.text, told.kind) == (error.text, error.kind)
