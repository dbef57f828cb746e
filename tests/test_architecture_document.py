"""docs/architecture.md tells what is there: its picture is drawn from the source, its names are names of the code."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from code_names import is_there, names_in

from scripts.common.code_map import LAYERS
from scripts.draw_architecture import PICTURE, picture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def document(repository: Path) -> str:
    return (repository / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def drawing(repository: Path) -> ET.Element:
    return ET.fromstring((repository / PICTURE).read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_picture_is_drawn_from_the_source_as_it_is(repository: Path):
    committed = (repository / PICTURE).read_text(encoding="utf-8")
    drawn = picture(repository / "trainer")
    assert committed == drawn, "run python -m scripts.draw_architecture and commit what it writes"


def test_the_picture_is_in_the_document_and_shows_every_package(document, drawing):
    assert f"]({PICTURE.relative_to('docs').as_posix()})" in document
    shown = {text.text for text in drawing.iter(f"{SVG}text") if text.get("class") == "name"}
    assert shown == {name for layer in LAYERS for name in layer}


def test_no_box_lies_on_another_and_no_arrow_runs_through_one(drawing):
    boxes = [
        (
            float(box.get("x", 0)),
            float(box.get("y", 0)),
            float(box.get("width", 0)),
            float(box.get("height", 0)),
        )
        for box in drawing.iter(f"{SVG}rect")
    ]
    for index, (x, y, wide, high) in enumerate(boxes):
        for other_x, other_y, other_wide, other_high in boxes[index + 1 :]:
            apart = (
                x + wide < other_x
                or other_x + other_wide < x
                or y + high < other_y
                or other_y + other_high < y
            )
            assert apart
    lengthwise = 0
    for path in drawing.iter(f"{SVG}path"):
        drawn = path.get("d", "")
        for at_x, from_y, to_y in re.findall(r"([\d.]+),([\d.]+) V([\d.]+)", drawn):
            lengthwise += 1
            for x, y, wide, high in boxes:
                assert not (x <= float(at_x) <= x + wide and y < float(to_y) and y + high > float(from_y)), (
                    drawn
                )
    assert lengthwise > 0


def test_words_fit_their_boxes(drawing):
    """At 0.53 of their height a letter: DejaVu Sans, wider than most, takes 0.50 on these lines."""
    sizes = {"name": 15, "words": 13}
    rect = None
    for element in drawing.iter():
        if element.tag == f"{SVG}rect":
            rect = element
        elif element.tag == f"{SVG}text" and element.get("class") in sizes and rect is not None:
            assert len(element.text or "") * 0.53 * sizes[element.get("class", "")] < float(
                rect.get("width", 0)
            )


def test_every_name_in_the_document_is_one_of_the_code(document):
    names = names_in(document)
    assert {"analysis.pipeline.Pipeline", "library.gradings.Gradings.sign", "export.eaf"} <= names
    assert not is_there("library.gradings.Gradings.shred") and not is_there("library.no_such_module.name")
    assert [name for name in sorted(names) if not is_there(name)] == []


def test_each_way_is_short(document):
    heads = [line.start() for line in re.finditer(r"^## ", document, re.MULTILINE)] + [len(document)]
    walks = [
        document[start:end] for start, end in pairwise(heads) if document[start:].startswith("## The way")
    ]
    assert len(walks) == 3
    for walk in walks:
        steps = re.findall(r"^(?:\d\.|   ) .*$", walk, re.MULTILINE)
        assert 0 < len(steps) <= 12, walk.splitlines()[0]
