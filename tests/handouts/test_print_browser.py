"""The pages as a real browser prints them: A4, one sheet where promised, nothing cut off, no request."""

from dataclasses import replace
from pathlib import Path

import pytest
from handout_samples import ARABIC, SIGNED, feedback, group, item, overfull, usual

from trainer.handouts.render import checklist_page, feedback_page, group_page
from trainer.language import Text
from trainer.protocol.library import BUILTIN_IDS, builtin

pytestmark = pytest.mark.slow
A4_POINTS = (595, 842)
LONG_NAME = "Siti Contoh Rahmawati binti Haji Abdullah Contoh Panjang Sekali as-Sundawi, S.Tr.Keb., M.Kes."


def printed(chromium, html: str, folder: Path) -> tuple[int, dict[str, list[float]]]:
    """Return the number of A4 pages, and the paper's sizes as laid out for print."""
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    page = chromium.new_page()
    faults, requests = [], []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1037})
    sizes = page.evaluate(
        """() => {
          const paper = document.querySelector('.paper');
          const wide = [...document.querySelectorAll('.paper *:not(svg *)')].filter(
            (node) => node.getBoundingClientRect().right > paper.getBoundingClientRect().right + 1);
          return {height: [paper.scrollHeight, paper.clientHeight], wide: wide.map((node) => node.className)};
        }"""
    )
    page.close()
    assert faults == [] and requests == [file.as_uri()]
    # Chromium writes each page as an object with its size.
    assert pdf.count(b"/MediaBox [0 0 594.95996 841.91998]") == pdf.count(b"/MediaBox")
    return pdf.count(b"/Type /Page\n") or pdf.count(b"/Type /Page "), sizes


USUAL, FULL = feedback(usual()), overfull(16)


@pytest.mark.parametrize(
    "made",
    [
        USUAL,
        feedback([item(n, by_facilitator=True) for n in range(14)], signature=SIGNED, trainee=LONG_NAME),
        feedback([item(n, comment="Catatan singkat.") for n in range(24)], trainee=ARABIC, signature=SIGNED),
        feedback([]),
        overfull(5),
        FULL,
        overfull(44),
        overfull(90),
        replace(FULL, score=replace(FULL.score, passed=True), complete=True, pain=False, signature=SIGNED),
        replace(USUAL, comment="W M " * 300, score=replace(USUAL.score, advice=())),
    ],
    ids=[
        "usual",
        "certificate",
        "arabic",
        "empty",
        "full-5",
        "full-16",
        "full-44",
        "full-90",
        "full-signed",
        "note",
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_feedback_is_one_sheet_and_nothing_is_cut_off(chromium, tmp_path, made, language):
    pages, sizes = printed(chromium, feedback_page(made, language=language), tmp_path)
    assert pages == 1
    content, sheet = sizes["height"]
    assert content <= sheet
    assert sizes["wide"] == []


@pytest.mark.parametrize("protocol", BUILTIN_IDS)
def test_a_builtin_checklist_is_one_sheet(chromium, tmp_path, protocol):
    for language in ("id", "en"):
        pages, sizes = printed(chromium, checklist_page(builtin(protocol), language=language), tmp_path)
        assert pages == 1 and sizes["wide"] == []


def test_a_long_checklist_goes_on_over_pages(chromium, tmp_path):
    protocol = builtin("tegalagung-2022")
    steps = tuple(
        replace(step, id=f"{step.id}{n}", title=Text("W" * 200, "Langkah " * 40))
        for n in range(4)
        for step in protocol.steps
    )
    pages, sizes = printed(chromium, checklist_page(replace(protocol, steps=steps)), tmp_path)
    assert pages >= 4 and sizes["wide"] == []


@pytest.mark.parametrize(("people", "least", "most"), [(0, 1, 1), (1, 1, 4), (25, 4, 9), (40, 4, 10)])
def test_groups_of_any_size_come_out_on_a4(chromium, tmp_path, people, least, most):
    pages, sizes = printed(chromium, group_page(group(people)), tmp_path)
    assert least <= pages <= most and sizes["wide"] == []


def test_hostile_group_names_do_not_widen_the_page(chromium, tmp_path):
    made = replace(group(2), name="W" * 5000, description=ARABIC * 30)
    _pages, sizes = printed(chromium, group_page(made), tmp_path)
    assert sizes["wide"] == []
