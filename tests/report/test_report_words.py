"""Numbers, times and words as people read them."""

import pytest

from trainer.language import Text
from trainer.report import messages
from trainer.report.formats import (
    allowed_range,
    clock,
    date,
    duration,
    number,
    plain,
    quantity,
    with_sigma,
)  # fmt: skip
from trainer.report.svg import chart, element, path_of, words


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (1.5, "1,5", "1.5"), (0.333, "0,33", "0.33"), (3.0, "3", "3"), (12.34, "12,3", "12.3"),
        (1234.5, "1.234", "1,234"), (-0.001, "0", "0"), (-2.5, "−2,5", "−2.5"),
        (None, "–", "–"), (float("nan"), "–", "–"),
    ],
)  # fmt: skip
def test_numbers(value, indonesian, english):
    assert number(value) == Text(indonesian, english)


@pytest.mark.parametrize(
    ("seconds", "english"),
    [
        (0, "0 s"), (4.52, "4.5 s"), (30, "30 s"), (59.97, "1 min"), (150, "2 min 30 s"),
        (14400, "4 h"), (3900, "1 h 5 min"),
    ],
)  # fmt: skip
def test_durations(seconds, english):
    assert duration(seconds).en == english


def test_clock():
    assert [clock(s) for s in (0, 59.99, 61, 3599, 3600, 14399)] == [
        "0:00",
        "0:59",
        "1:01",
        "59:59",
        "1:00:00",
        "3:59:59",
    ]


def test_value_with_uncertainty_and_unit():
    assert with_sigma(1.0834, 0.06, "Hz").id == "1,08 ± 0,06\N{NO-BREAK SPACE}putaran/detik"
    assert with_sigma(10.42, 0.6, "cm").en == "10.4 ± 0.6\N{NO-BREAK SPACE}cm"
    assert with_sigma(3, None, "x").en == "3\N{NO-BREAK SPACE}times"
    assert quantity(12.5, "%") == Text("12,5 %", "12.5%")


def test_ranges():
    assert allowed_range(0.5, 2) == Text("0,5–2", "0.5–2")
    assert allowed_range(3, None) == Text("min 3", "min 3")
    assert allowed_range(None, 5) == Text("maks 5", "max 5")
    assert allowed_range(None, None) is None


def test_dates(monkeypatch):
    assert date("2025-11-21T09:40:00") == Text("21 November 2025, 09.40", "21 November 2025, 09:40")
    assert date("not a date").en == "not a date"
    assert date(None).en == "–"


def test_plain_takes_away_what_could_turn_or_hide_words():
    assert plain("a\u202eb\u2067c\x00d\u200be") == "a\ufffdb\ufffdc\ufffdd\ufffde"
    assert plain("x" * 500, 10) == "xxxxxxxxx…"
    assert plain("Bu Siti – ibu ke-2.mp4") == "Bu Siti – ibu ke-2.mp4"


def test_svg_escapes_words_and_attributes():
    assert str(element("text", "<&>", data_id='"<')) == '<text data-id="&#34;&lt;">&lt;&amp;&gt;</text>'
    made = str(words(1, 2.5, Text("<a>", "<b>"), class_="tick"))
    assert 'class="l-id tick"' in made and "&lt;a&gt;" in made and "&lt;b&gt;" in made
    assert "<x>" not in str(chart("n", Text("<x>", "<x>"), Text("<x>", "<x>"), 1, 1))


def test_paths_are_short_and_exact():
    assert path_of([(0, 0), (10, -5), (10, -5), (7, 20)]) == "M0 0l10-5-3 25"
    assert path_of([(3, 4)]) == "M3 4l0 0"
    assert path_of([]) == ""
    assert path_of([(0, 0), (1, 0), (1, 1)], closed=True).endswith("z")


def test_every_sentence_is_in_both_languages_and_they_differ():
    tables = (
        messages.TEXTS, messages.HAND_NAMES, messages.VERDICT_NAMES, messages.OUTCOME_NAMES,
        messages.OUTCOME_SENTENCES, messages.STATUS_NAMES, messages.CALIBRATION_NAMES,
    )  # fmt: skip
    same = {
        key for table in tables for key, text in table.items()
        if not text.id.strip() or not text.en.strip() or text.id == text.en
    }  # fmt: skip
    assert same <= {"video"}
