"""A first start without a network: the page says in one sentence what is wanted, and goes on once it is there."""

import os
import re

import pytest

from trainer.perception.fetching import ensure_model

pytestmark = pytest.mark.slow
REFUSED = "http://127.0.0.1:9"
NOT_YET = ("[data-go=setup]", "#start", "#mark", "#find")
"""The buttons that lead to nothing without the hand model."""


@pytest.fixture
def offline(tmp_path):
    """What a process is told so that it has no model and reaches nothing to fetch one from."""
    return {
        **dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), REFUSED),
        "no_proxy": "127.0.0.1,localhost",
        "PIP_INDEX_URL": f"{REFUSED}/simple",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
        "PIJAT_CACHE_DIR": str(tmp_path / "cache"),
        "PIJAT_HAND_LANDMARKER": "",
    }


def off(page):
    """Which of the buttons are off, in the order of the page."""
    return page.evaluate(
        "names => names.map(name => [...document.querySelectorAll(name)].map(button => button.disabled)).flat()",
        list(NOT_YET),
    )


@pytest.mark.parametrize("late", [False, True], ids=["page first", "page later"])
def test_one_sentence_and_no_button_that_cannot_work(chromium, start_server, offline, tmp_path, late):
    server = start_server(environment=offline)
    if late:  # whoever opens the page after it failed is told as well
        with server.page() as first:
            first.state("setup", "failed")
    page = chromium.new_page()
    page.goto(server.url)
    page.wait_for_selector("#notice:not([hidden])", timeout=60000)
    said = page.inner_text("#notice")
    assert "sambungkan internet" in said and "model tangan belum ada" in said
    assert said.count(".") == 1 and not re.search(r"rrno|127\.0\.0\.1|\.task|Traceback", said)
    assert off(page) == [True] * 5
    page.click("[data-language=en]")
    said = page.inner_text("#notice")
    assert "connect to the internet once" in said and said.count(".") == 1
    page.click("#choose [data-go=learn]")  # learning needs no model
    page.click("#lesson-list li:last-child button")
    assert page.is_visible("#lesson-title") and page.is_disabled("#lesson-next")

    # The network is back: here, the model comes.
    cache = tmp_path / "cache" / "models"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / "hand_landmarker.part").write_bytes(ensure_model("hand_landmarker"))
    (cache / "hand_landmarker.part").rename(cache / "hand_landmarker.task")
    page.wait_for_selector("#notice", state="hidden", timeout=90000)
    assert off(page) == [False] * 5 and page.is_enabled("#lesson-next")
