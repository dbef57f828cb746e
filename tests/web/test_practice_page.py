"""The whole flow in a real browser whose camera plays the bundled clip: from opening to the report."""

import json
import re
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
SCRIPTS = Path(__file__).resolve().parent.parent.parent / "scripts"
PRACTISED_S = 10


@pytest.fixture(scope="module")
def live_browser():
    pytest.importorskip("playwright.sync_api")
    import shutil

    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        pytest.skip("needs Chromium (Debian: apt install chromium)")
    sys.path.insert(0, str(SCRIPTS))
    import live_browser

    return live_browser


@pytest.fixture(scope="module")
def camera(live_browser, sample, tmp_path_factory):
    return live_browser.camera_file(sample, tmp_path_factory.mktemp("camera") / "clip.y4m", seconds=8.0)


@pytest.mark.parametrize("language", ["id", "en"])
def test_from_opening_to_the_report(live_browser, camera, start_server, marks, language):
    server = start_server()
    faults, requests = [], []
    with live_browser.chromium(camera) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.on("console", lambda message: message.type == "error" and faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(server.url)
        page.wait_for_selector("#choose:not([hidden])")
        page.click(f"[data-language={language}]")
        assert page.get_attribute("html", "lang") == language
        assert page.locator("[name=protocol]").count() == 3

        page.click("#choose [data-go=learn]")
        for _ in range(5):
            page.click("#lesson-next")
        page.wait_for_selector("#learn svg circle")
        page.click("#learn [data-go=setup]")
        live_browser.wait_for(page, "pijat.connection.latencies.length > 3")
        page.evaluate("marks => pijat.connection.send({type: 'landmarks', landmarks: marks})", marks)
        live_browser.wait_for(page, "pijat.stage.result?.back?.source === 'manual'")
        page.check("#confirmations input >> nth=0")

        page.click("#start")
        page.wait_for_selector("#practice-panel:not([hidden])", timeout=20000)
        live_browser.wait_for(page, f"pijat.stage.result?.elapsed_s > {PRACTISED_S}", 180)
        assert page.evaluate(
            "pijat.stage.result.thumbs.left !== null || pijat.stage.result.thumbs.right !== null"
        )
        page.click("#finish")
        page.wait_for_selector("#summary:not([hidden])", timeout=120000)
        assert page.inner_text("#outcome")
        report = page.get_attribute("#report", "href")
        page.goto(f"{server.url.rstrip('/')}{report}")
        assert page.locator("h1").count() >= 1
    assert faults == []
    assert {url for url in requests if not url.startswith((server.url, "blob:", "data:"))} == set()
    sessions = [path for path in server.sessions.iterdir() if (path / "session.json").is_file()]
    assert len(sessions) == 1
    meta = json.loads((sessions[0] / "session.json").read_text(encoding="utf-8"))
    assert meta["complete"] is True
    assert PRACTISED_S - 1 < meta["video"]["duration_s"] < PRACTISED_S + 10
    score = json.loads((sessions[0] / "score.json").read_text(encoding="utf-8"))
    told = score["items"][0]
    assert told["observer"] == "facilitator"
    assert told["verdict"] == "met"
    assert not told["to_be_confirmed"]


def test_stop_for_pain_ends_the_practice(live_browser, camera, start_server, marks):
    server = start_server()
    with live_browser.chromium(camera) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(server.url)
        page.click("#choose [data-go=setup]")
        live_browser.wait_for(page, "pijat.connection.latencies.length > 3")
        page.evaluate("marks => pijat.connection.send({type: 'landmarks', landmarks: marks})", marks)
        page.click("#start")
        page.wait_for_selector("#practice-panel:not([hidden])", timeout=20000)
        live_browser.wait_for(page, "pijat.stage.result?.elapsed_s > 2", 90)
        page.keyboard.press("Escape")
        page.wait_for_selector("#stopped[open]")  # at once, whatever saving takes
        page.wait_for_selector("#summary:not([hidden])", state="attached", timeout=120000)
    (session,) = [path for path in server.sessions.iterdir() if (path / "session.json").is_file()]
    score = json.loads((session / "score.json").read_text(encoding="utf-8"))
    assert any("stop" in item["id"] or "pain" in item["id"] for item in score["items"])


def test_a_refused_camera_is_said_in_plain_words(live_browser, camera, start_server):
    server = start_server()
    with live_browser.chromium(camera) as browser:
        page = browser.new_page()
        page.add_init_script(
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
        )
        page.goto(server.url)
        page.click("[data-language=en]")
        page.click("#choose [data-go=setup]")
        page.wait_for_selector("#notice:not([hidden])")
        assert "not allowed" in page.inner_text("#notice")


def test_every_word_is_there_in_both_languages(repository):
    text = (repository / "trainer/web/static/texts.js").read_text(encoding="utf-8")
    indonesian, english = text.split("  en: {")
    keys = [
        {match for match in re.findall(r"(?:^|[{,]\s*|\n\s+)(\w+): \"", part)}
        for part in (indonesian, english.split("};")[0])
    ]
    assert len(keys[1]) > 60
    assert keys[0] == keys[1]
    used = set()
    for path in (repository / "trainer/web/static").glob("*.[hj]*"):
        content = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'data-t(?:-label)?="(\w+)"', content)) | set(
            re.findall(r'\bt\("(\w+)"', content)
        )
    assert used <= keys[1], used - keys[1]
