"""What belongs to every stroke, export format, model and script: whoever adds one is told here what is missing."""

import re
from pathlib import Path

import pytest

from trainer.export.boris_project import _KEYS
from trainer.export.formats import FORMATS
from trainer.export.messages import WORDS
from trainer.report.palette import STROKE_COLOURS
from trainer.report.patterns import marks
from trainer.session.columns import EVENTS_SIDECAR
from trainer.strokes.decoder import DurationModel
from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.features import MIRRORED_KINDS, STROKE_OF_KIND, Kind
from trainer.strokes.names import STROKE_NAMES, STROKE_TITLES
from trainer.strokes.training.samples import kind_of

STROKES = [str(stroke) for stroke in StrokeType]
REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "table",
    [STROKE_NAMES, STROKE_COLOURS, _KEYS, EVENTS_SIDECAR["trial_type"]["Levels"]],
    ids=["names", "report's colours", "BORIS keys", "BIDS"],
)
def test_every_stroke_has_its_entry(table):
    assert [stroke for stroke in STROKES if stroke not in table] == []


def test_strokes_can_be_told_apart_by_colour_mark_and_key():
    for values in (
        [STROKE_COLOURS[stroke] for stroke in STROKES],
        [marks(stroke, 0, 0, 40, 10) for stroke in STROKES],
        [_KEYS[stroke] for stroke in STROKES],
    ):
        assert len(set(values)) == len(STROKES)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_stroke_has_one_name_everywhere(language):
    """In the report, at the desk and in exported files."""
    names = {kind: name.say(language) for kind, name in STROKE_NAMES.items()}
    assert len(set(names.values())) == len(STROKES)
    assert {kind: title.say(language).lower() for kind, title in STROKE_TITLES.items()} == names
    assert {kind: WORDS[language][kind] for kind in STROKES} == names


def test_nobody_keeps_names_of_strokes_of_his_own():
    own = {f'"{name.id}"' for name in STROKE_NAMES.values()}
    for path in sorted((REPOSITORY / "trainer").rglob("*.py")):
        if path.name != "names.py":
            text = path.read_text(encoding="utf-8").lower()
            assert [name for name in own if name in text] == [], path


OTHER_NAMES = re.compile(
    r"\b(tekanan melingkar|pijatan melingkar|diam menekan|tekanan diam"
    r"|(?:sapuan|elusan|guratan|gosokan) ke (?:atas|bawah))\b",
    re.IGNORECASE,
)
"""What the strokes were called elsewhere, and might be called again."""


def test_no_page_protocol_or_document_calls_a_stroke_otherwise():
    assert OTHER_NAMES.search("Tekanan melingkar: 12")
    told = []
    for folder, kinds in (("trainer", (".py", ".js", ".html", ".yaml", ".md")), ("docs", (".md",))):
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.suffix in kinds:
                found = OTHER_NAMES.findall(path.read_text(encoding="utf-8"))
                told += [f"{path.relative_to(REPOSITORY)}: {name}" for name in found]
    assert told == []


def test_every_class_of_the_network_is_decoded_mirrored_and_named():
    assert set(STROKE_OF_KIND) == set(Kind) - {Kind.NONE}
    assert {str(stroke) for stroke in STROKE_OF_KIND.values()} == set(STROKES)
    assert len(DurationModel().shortest_s) == len(Kind) == len(MIRRORED_KINDS)
    assert [MIRRORED_KINDS[mirrored] for mirrored in MIRRORED_KINDS] == list(Kind)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.NONE])
def test_a_labelled_stroke_teaches_its_own_class(kind):
    direction = {Kind.CIRCLE_CW: "cw", Kind.CIRCLE_CCW: "ccw"}.get(kind)
    assert kind_of(StrokeEvent(0.0, 1.0, STROKE_OF_KIND[kind], "left", direction=direction)) == kind


@pytest.mark.parametrize(("document", "names"), [("exchange.md", FORMATS), ("protocol-format.md", STROKES)])
def test_names_are_documented(document, names):
    named = set(re.findall(r"`([\w-]+)`", (REPOSITORY / "docs" / document).read_text(encoding="utf-8")))
    assert [name for name in names if name not in named] == []


@pytest.mark.parametrize("model", sorted(path.name for path in (REPOSITORY / "models").glob("*.onnx")))
def test_every_model_has_a_card_that_says_how_it_was_made(model):
    card = (REPOSITORY / "models" / model).with_suffix(".md").read_text(encoding="utf-8")
    card = card.replace("\\\n", " ")
    assert card.startswith(f"# Model card: {model}\n")
    assert f"models/{model}" in card and re.search(
        r"python -m scripts\.\w+ [^`\n]*models/" + re.escape(model), card
    )
    for said in (r"\bdata\b", r"\bseeds?\b", r"\bmeasured\b|\bfigures\b", r"\blimits\b|\bgets wrong\b"):
        assert re.search(said, card, re.IGNORECASE), f"{model}'s card says nothing of {said}"
