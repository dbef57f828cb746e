"""The whole flow in a real browser whose camera plays the bundled clip: from opening to the report."""

import json
import re
import time

import pytest
from english import english_on

pytestmark = pytest.mark.slow
PRACTISED_S = 6


@pytest.fixture(scope="module")
def live_browser(chromium_program):
    from scripts.common import live_browser

    return live_browser


@pytest.fixture(scope="module")
def camera(live_browser, sample, tmp_path_factory):
    return live_browser.camera_file(sample, tmp_path_factory.mktemp("camera") / "clip.y4m", seconds=8.0)


def place_back(live_browser, page, marks):
    """Put the back where it is, as a person would who drags it; the program may have found it before."""
    live_browser.wait_for(page, "pijat.connection.latencies.length > 3")
    page.evaluate(
        "marks => pijat.connection.send({type: 'landmarks', landmarks: marks, size: [640, 480]})", marks
    )
    live_browser.wait_for(page, "['manual', 'corrected'].includes(pijat.stage.result?.back?.source)")


def begin(live_browser, page, server, marks):
    """Practise with a placed back."""
    page.goto(server.url)
    page.click("#choose [data-go=setup]")
    place_back(live_browser, page, marks)
    page.evaluate("pijat.connection.send({type: 'start'})")
    page.wait_for_selector("#practice-panel:not([hidden])", timeout=60000)


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

        def check_language():
            assert bool(english_on(page.content())) == (language == "en")

        check_language()
        page.click("#choose [data-go=learn]")
        for _ in range(5):
            page.click("#lesson-next")
            check_language()
        page.wait_for_selector("#learn svg circle")
        page.click("#learn [data-go=setup]")
        place_back(live_browser, page, marks)
        check_language()
        page.check("#confirmations input >> nth=0")

        page.click("#start")
        began = time.monotonic()
        page.wait_for_selector("#practice-panel:not([hidden])", timeout=60000)
        live_browser.wait_for(page, f"pijat.stage.result?.elapsed_s > {PRACTISED_S}", 180)
        assert page.evaluate(
            "pijat.stage.result.thumbs.left !== null || pijat.stage.result.thumbs.right !== null"
        )
        check_language()
        page.click("#finish")
        page.wait_for_selector("#summary:not([hidden])", timeout=120000)
        took = time.monotonic() - began
        check_language()
        assert page.inner_text("#outcome")
        report = page.get_attribute("#report", "href")
        page.goto(f"{server.url.rstrip('/')}{report}")
        assert page.locator("h1").count() >= 1
        check_language()
    assert faults == []
    assert {url for url in requests if not url.startswith((server.url, "blob:", "data:"))} == set()
    sessions = [path for path in server.sessions.iterdir() if (path / "session.json").is_file()]
    assert len(sessions) == 1
    meta = json.loads((sessions[0] / "session.json").read_text(encoding="utf-8"))
    assert meta["complete"] is True
    assert PRACTISED_S - 1 < meta["video"]["duration_s"] < took + 1
    score = json.loads((sessions[0] / "score.json").read_text(encoding="utf-8"))
    told = score["items"][0]
    assert told["observer"] == "facilitator"
    assert told["verdict"] == "met"
    assert not told["to_be_confirmed"]


def test_stop_for_pain_ends_the_practice(live_browser, camera, start_server, marks):
    server = start_server()
    with live_browser.chromium(camera) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        begin(live_browser, page, server, marks)
        live_browser.wait_for(page, "pijat.stage.result?.elapsed_s > 2", 90)
        page.keyboard.press("Escape")
        page.wait_for_selector("#stopped[open]")  # at once, whatever saving takes
        page.wait_for_selector("#summary:not([hidden])", state="attached", timeout=120000)
    (session,) = [path for path in server.sessions.iterdir() if (path / "session.json").is_file()]
    score = json.loads((session / "score.json").read_text(encoding="utf-8"))
    assert any("stop" in item["id"] or "pain" in item["id"] for item in score["items"])


@pytest.fixture
def practising(live_browser, camera, start_server, marks):
    """A page that practises, the way every fault below begins."""
    server = start_server("--lang", "en")
    with live_browser.chromium(camera) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        begin(live_browser, page, server, marks)
        live_browser.wait_for(page, "pijat.stage.result?.elapsed_s > 1", 90)
        yield page


def elapsed(page):
    return page.evaluate("pijat.stage.result.elapsed_s")


def stands_still(page):
    """Return the practised time once the answers that were under way have come; it stays for a second and a half."""
    for _ in range(20):
        before = elapsed(page)
        page.wait_for_timeout(500)
        if elapsed(page) == before:
            break
    page.wait_for_timeout(1500)
    assert elapsed(page) == before
    return before


def test_faults_under_way_pause_and_are_mended(live_browser, practising):
    """Camera gone, tab hidden, server away: said in words, not counted as practice, and gone on from."""
    page = practising
    # The camera is pulled out: its track ends, and nothing more comes until there is a camera again.
    page.evaluate(
        """const track = pijat.camera.stream.getVideoTracks()[0];
        globalThis.plugged = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
        track.stop();
        track.dispatchEvent(new Event('ended'));"""
    )
    live_browser.wait_for(page, "!document.getElementById('stage-note').hidden")
    assert "camera is gone" in page.inner_text("#stage-note")
    live_browser.wait_for(page, "document.getElementById('notice').textContent.includes('no camera')")
    paused_at = stands_still(page)
    page.evaluate(
        """navigator.mediaDevices.getUserMedia = plugged;
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));"""
    )
    live_browser.wait_for(page, f"pijat.stage.result.elapsed_s > {paused_at + 0.5}", 60)
    assert page.is_hidden("#stage-note") and page.is_hidden("#notice")

    # Another tab in front: the page says that it is hidden, and goes on when it is back.
    hide = """hidden => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(hide, True)
    live_browser.wait_for(page, "!document.getElementById('stage-note').hidden")
    assert "hidden" in page.inner_text("#stage-note")
    paused_at = stands_still(page)
    page.evaluate(hide, False)
    live_browser.wait_for(page, f"pijat.stage.result.elapsed_s > {paused_at + 0.5}", 60)

    # A page that stalls for two seconds sends nothing old afterwards, and is answered for what it sees then.
    usual = page.evaluate("Math.max(...pijat.connection.latencies.slice(-20))")
    answered = page.evaluate("pijat.connection.answers.length")
    page.evaluate("const until = performance.now() + 2000; while (performance.now() < until);")
    live_browser.wait_for(page, f"pijat.connection.answers.length > {answered} + 70", 60)
    late = page.evaluate("Math.max(...pijat.connection.latencies.slice(-20))")
    assert late < max(1500, 2 * usual)  # a busy machine is late all the time


def test_a_slow_computer_makes_pictures_smaller_only_where_that_helps(live_browser, camera, start_server):
    """The rule itself, told rates as a slow computer would have them; half pictures are really half as wide."""
    server = start_server()
    with live_browser.chromium(camera) as browser:
        page = browser.new_page()
        page.goto(server.url)
        page.click("#choose [data-go=setup]")
        live_browser.wait_for(page, "pijat.connection.latencies.length > 0")
        assert page.evaluate("pijat.stage.result.size") == [640, 480]
        page.evaluate(
            """globalThis.told = (rate) => {
                Object.defineProperty(pijat.connection, 'rate', { value: rate, configurable: true });
                pijat.camera.since = -1e6;
                pijat.camera.adapt();
                return pijat.camera.level;
            };
            pijat.camera.steady(false);"""
        )
        assert page.evaluate("told(5)") == 0  # not while setting up
        page.evaluate("pijat.camera.steady(true)")
        assert page.evaluate("told(22)") == 0  # above 20 a second nothing is made smaller
        assert page.evaluate("told(15)") == 1
        live_browser.wait_for(page, "pijat.stage.result.size[0] === 320", 30)
        assert page.evaluate("told(15.5)") == 0  # it did not help
        assert page.evaluate("told(15)") == 0  # and is not tried again soon
        live_browser.wait_for(page, "pijat.stage.result.size[0] === 640", 30)
        page.evaluate("pijat.camera.steady(true)")
        assert page.evaluate("told(15)") == 1
        assert page.evaluate("told(19)") == 1  # it helped
        assert page.evaluate("told(26)") == 0  # and is not needed any more


def test_handles_stay_on_the_skin_when_pictures_become_smaller(live_browser, camera, start_server, marks):
    server = start_server("--lang", "en")
    with live_browser.chromium(camera) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(server.url)
        page.click("#choose [data-go=setup]")
        place_back(live_browser, page, marks)
        page.click("#mark")
        handle = page.locator(".handle", has_text="C7")
        before = handle.bounding_box()
        page.evaluate("pijat.connection.halve(true)")
        live_browser.wait_for(page, "pijat.stage.result.size[0] === 320", 30)
        handle.press(
            "ArrowRight"
        )  # mirrored for the eye: to the left in the picture, by a pixel of the small one
        after = handle.bounding_box()
        assert abs(after["x"] - before["x"]) < 15 and abs(after["y"] - before["y"]) < 8
        page.wait_for_timeout(1500)
        answered = page.evaluate("pijat.connection.answers.length")
        live_browser.wait_for(page, f"pijat.connection.answers.length > {answered} + 5")
        found = page.evaluate("pijat.stage.result.back.landmarks.C7")
        assert found == pytest.approx([marks["C7"][0] / 2, marks["C7"][1] / 2], abs=5)


def test_a_browser_without_a_stream_of_pictures_sends_jpegs(live_browser, camera, start_server):
    server = start_server()
    with live_browser.chromium(camera) as browser:
        page = browser.new_page()
        page.add_init_script("delete globalThis.MediaStreamTrackProcessor")
        page.goto(server.url)
        page.click("#choose [data-go=setup]")
        live_browser.wait_for(page, "pijat.connection.latencies.length > 5")
        assert page.evaluate("pijat.stage.result.size") == [640, 480]
        assert page.evaluate("pijat.camera.sizes.length") == 4


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
        page.click("[data-language=id]")
        assert "ditolak" in page.inner_text("#notice")


def test_a_language_can_be_chosen_once_the_server_is_heard(live_browser, camera, start_server):
    server = start_server()
    with live_browser.chromium(camera) as browser:
        page = browser.new_page()
        held = []
        page.route("**/static/app.js", lambda route: held.append(route))
        page.goto(server.url, wait_until="commit")
        page.wait_for_selector("[data-language=en]")
        assert page.is_disabled("[data-language=en]") and page.is_disabled("[data-language=id]")
        while not held:
            page.wait_for_timeout(50)
        held[0].continue_()
        page.click("[data-language=en]")
        page.click("#choose [data-go=learn]")
        assert page.get_attribute("html", "lang") == "en"


def test_every_word_is_there_in_both_languages(repository):
    text = (repository / "trainer/web/static/messages.js").read_text(encoding="utf-8")
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
