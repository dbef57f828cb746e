"""The page in a real browser: no fault, no request, both languages, A4."""

import re
from pathlib import Path

import pytest

from scripts.common import drawn_sessions as made
from trainer.report.render import render_report

pytestmark = pytest.mark.slow
A4_PAGES = 2

CONTRAST = """() => {
  const channel = (v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const parse = (s) => (s.match(/[\\d.]+/g) || []).map(Number);
  const ground = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const colour = parse(getComputedStyle(n).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
    if (!text || parent.closest('svg, script, style') || !parent.getClientRects().length) continue;
    const ink = luminance(parse(getComputedStyle(parent).color).slice(0, 3)), paper = luminance(ground(parent));
    const ratio = (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
    if (ratio < 4.5) poor.push([text, ratio]);
  }
  return poor;
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    sessions = {"whole": made.synthetic(), "short": made.synthetic(40, rounds=1), "empty": made.empty()}
    for name, session in sessions.items():
        (folder / f"{name}.html").write_text(render_report(session), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in sessions}


@pytest.mark.parametrize("name", ["whole", "empty"])
def test_no_fault_and_no_request(chromium, files, name):
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    faults, requests = [], []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(files[name].as_uri())
    page.click("button[data-language=en]")
    page.wait_for_timeout(200)
    assert faults == []
    assert requests == [files[name].as_uri()]
    page.close()


def test_language_switch_changes_every_text(chromium, files):
    page = chromium.new_page()
    page.goto(files["whole"].as_uri())
    assert page.locator("#h-checklist").inner_text() == "Daftar tilik"
    page.keyboard.press("Tab")  # to the content
    page.keyboard.press("Tab")  # Indonesia
    page.keyboard.press("Tab")  # English
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Oxytocin massage practice report"
    assert page.locator("#h-checklist").inner_text() == "Checklist"
    assert page.locator("#timeline-title").text_content() == "The massage over time"
    assert "Daftar" not in page.locator("body").inner_text()
    assert page.locator("button[data-language=en]").get_attribute("aria-pressed") == "true"
    page.click("button[data-language=id]")
    assert page.locator("#timeline-title").text_content() == "Jalannya pijatan"
    page.close()


def test_without_javascript_it_stays_in_its_language(chromium, files):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["whole"].as_uri())
    assert page.locator("#h-checklist").inner_text() == "Daftar tilik"
    assert not page.locator("#tools").is_visible()
    context.close()


@pytest.mark.parametrize("width", [360, 1366])
def test_fits_the_width_of_the_screen(chromium, files, width):
    page = chromium.new_page(viewport={"width": width, "height": 768})
    page.goto(files["short"].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_result_and_advice_are_on_the_first_screen(chromium, files):
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.goto(files["whole"].as_uri())
    box = page.locator(".hero").bounding_box()
    assert box["y"] + box["height"] < 768
    page.close()


def test_contrast_as_the_browser_computes_it(chromium, files):
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    for name in ("whole", "empty"):
        page.goto(files[name].as_uri())
        assert page.evaluate(CONTRAST) == []
    page.close()


@pytest.mark.parametrize("name", ["whole", "short", "empty"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_prints_on_two_sheets_of_a4(chromium, files, name, language):
    page = chromium.new_page()
    page.goto(files[name].as_uri())
    page.click(f"button[data-language={language}]")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(pdf) < 2_000_000  # nothing that the browser turns into big pictures
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == A4_PAGES
    width, height = (float(v) for v in re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())
    assert (width, height) == (pytest.approx(595, abs=1), pytest.approx(842, abs=1))
    page.close()
