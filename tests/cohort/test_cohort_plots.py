"""The plots: well-formed pictures with named axes, nothing in them that loads or runs, marks where values are."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from trainer.cohort.adherence import HomeCareEntry, HomeCareGoal, adherence
from trainer.cohort.attempts import Attempt, learning_curves
from trainer.cohort.comparison import compare_paired
from trainer.cohort.plots import gain_svg, home_care_svg, learning_curves_svg, paired_lines_svg
from trainer.language import Text
from trainer.protocol.model import Range

TITLE, UNIT = Text("Tes pengetahuan", "Knowledge test"), Text("poin", "points")
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>&\"'"


def parsed(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text and root.find(f"{SVG}desc").text
    assert not re.search(r"<script|<image|href|style=|\bon\w+=|nan\b", svg)
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def test_paired_lines_mark_everyone_and_name_the_axis():
    root = parsed(
        paired_lines_svg([50, 60, 70, None], [60, 55, 90, 80], title=TITLE, unit=UNIT, limits=(0, 100))
    )
    assert len(list(root.iter(f"{SVG}circle"))) == 7
    dashed = [p for p in root.iter(f"{SVG}path") if p.get("stroke-dasharray")]
    assert len(dashed) == 1  # the one who fell
    assert {"Tes pengetahuan (poin)", "Sebelum", "Sesudah", "rata-rata 60,0", "rata-rata 68,3"} <= set(
        texts(root)
    )
    english = texts(parsed(paired_lines_svg([50, 60], [60, 55], title=TITLE, unit=UNIT, language="en")))
    assert {"Knowledge test (points)", "Before", "After", "mean 55.0"} <= set(english)


def test_a_line_ends_where_its_value_is():
    root = parsed(paired_lines_svg([0, 100], [100, 0], title=TITLE, unit=UNIT, limits=(0, 100)))
    circles = sorted((float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle"))
    (left, top), (_, bottom), (right, _), _ = circles
    assert left < right and bottom - top == pytest.approx(294, abs=1)


def test_classes_are_named_and_counted_without_a_mean():
    names = (Text("kurang", "poor"), Text("cukup", "fair"), Text("lancar", "fluent"))
    root = parsed(paired_lines_svg([1, 1, 2], [3, 3, 3], title=TITLE, unit=UNIT, classes=names))
    assert {"kurang", "cukup", "lancar", "2", "1"} <= set(texts(root))
    assert not any("rata-rata" in text for text in texts(root))


def test_gains_show_zero_the_mean_and_its_interval():
    comparison = compare_paired([10, 20, 30, 40], [12, 25, 29, 47], UNIT)
    root = parsed(gain_svg(comparison, title=TITLE))
    assert len(list(root.iter(f"{SVG}circle"))) == 4
    assert "tidak berubah" in texts(root) and "Sesudah dikurangi sebelum (poin)" in texts(root)
    assert any(text.startswith("rata-rata 3,2") and "IK 95%" in text for text in texts(root))
    # One gain has no interval, and none is drawn.
    single = parsed(gain_svg(compare_paired([10], [12]), title=TITLE))
    assert not any("IK" in text for text in texts(single))


def test_learning_curves_leave_gaps_and_count_who_is_left():
    rows = [Attempt("P-1", n, None, None if n == 2 else 40.0 + n, n == 3) for n in (1, 2, 3)]
    rows += [Attempt(HOSTILE, 1, None, 60.0, False)]
    root = parsed(learning_curves_svg(learning_curves(rows), title=TITLE, pass_mark_percent=75))
    shown = texts(root)
    assert {"n = 2", "n = 1", "batas lulus 75%", "Latihan ke-", "Nilai dari yang terlihat (%)"} <= set(shown)
    broken = [p.get("d") for p in root.iter(f"{SVG}path") if p.get("stroke-opacity") == "0.5"]
    assert any(d.count("M") == 2 for d in broken)
    assert any("<script" in text for text in shown)  # as text, cut short


def test_home_care_tells_no_massage_from_not_logged():
    goal = HomeCareGoal(2, 14, Range(), "test")
    day = date(2026, 3, 1)
    log = [HomeCareEntry(day, 2, None, "x"), HomeCareEntry(day + timedelta(days=1), 0, None, "x", pain=True)]
    result = adherence(log, goal, until=day + timedelta(days=3))
    root = parsed(home_care_svg([("P-1", result, log)], title=TITLE))
    cells = [r for r in root.iter(f"{SVG}rect") if r.get("stroke-dasharray")]
    assert len(cells) == 2 + 1  # two days not logged, and the legend's
    assert "tidak dicatat" in texts(root) and "P-1" in texts(root)


def test_a_year_at_home_shows_its_last_weeks():
    day = date(2026, 3, 1)
    log = [HomeCareEntry(day + timedelta(days=n), 1, None, "x") for n in range(0, 365, 3)]
    result = adherence(log, HomeCareGoal(1, None, Range(), "test"), until=day + timedelta(days=364))
    root = parsed(home_care_svg([("P-1", result, log)], title=TITLE))
    assert "303" in texts(root) and "1" not in texts(root)
    assert all(float(r.get("width")) > 3 for r in root.iter(f"{SVG}rect"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_to_draw_is_said(language):
    pictures = (
        paired_lines_svg([], [], title=TITLE, unit=UNIT, language=language),
        paired_lines_svg([None], [None], title=TITLE, unit=UNIT, language=language),
        gain_svg(compare_paired([], []), title=TITLE, language=language),
        learning_curves_svg([], title=TITLE, language=language),
        learning_curves_svg(
            learning_curves([Attempt("P", 1, None, None, None)]), title=TITLE, language=language
        ),
        home_care_svg([], title=TITLE, language=language),
    )
    for svg in pictures:
        assert {"id": "Belum ada data", "en": "Nothing to draw"}[language] in svg
        parsed(svg)


def test_equal_and_extreme_values_still_have_axes():
    for before, after in (([5, 5], [5, 5]), ([0], [0]), ([1e-9, 2e-9], [3e-9, 4e-9]), ([-1e6], [1e6])):
        parsed(paired_lines_svg(before, after, title=TITLE, unit=UNIT))
        parsed(gain_svg(compare_paired(before, after), title=TITLE))
