"""Photograph the practice page screen by screen, with the bundled clip as the camera.

    python -m scripts.screenshot_practice OUT [--lang en]

Walks through `pijat practice --demo` in headless Chromium at 1366x768, as docs/practice.md shows it.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common.arguments import argument_parser
from scripts.common.live_browser import FLAGS, browser_path, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

PRACTISED_S = 14.0


def walk(page: "Page", out: Path) -> None:
    """Go through the whole flow and keep a picture of each screen."""

    def keep(name: str) -> None:
        page.wait_for_timeout(1200)
        page.screenshot(path=out / f"{name}.jpg", type="jpeg", quality=82)

    page.wait_for_selector("#choose:not([hidden])")
    keep("practice-choose")
    page.click("#choose [data-go=learn]")
    for _ in range(5):
        page.click("#lesson-next")
    keep("practice-learn")
    page.click("#learn [data-go=setup]")
    wait_for(page, "pijat.stage.result?.back", 120)
    keep("practice-setup")
    page.click("#start")
    page.wait_for_selector("#practice-panel:not([hidden])", timeout=60000)
    wait_for(page, f"pijat.stage.result.elapsed_s > {PRACTISED_S}", 180)
    keep("practice")
    page.click("#finish")
    page.wait_for_selector("#summary:not([hidden])", timeout=120000)
    keep("practice-summary")


def main() -> None:
    """Start the demo, walk through it, end it."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--lang", choices=("id", "en"), default="en")
    parser.add_argument("--port", type=int, default=8766)
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as sessions, sync_playwright() as playwright:
        command = [sys.executable, "-m", "trainer", "practice", "--demo", "--no-browser", "--lang", args.lang]
        server = subprocess.Popen(
            [*command, "--port", str(args.port), "--sessions", sessions], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        server.stdout.readline()
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        try:
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(f"http://127.0.0.1:{args.port}/")
            walk(page, args.out)
        finally:
            browser.close()
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
