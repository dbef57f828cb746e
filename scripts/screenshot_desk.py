"""Take a picture of a demonstration being graded at the facilitator's desk, the first items already graded.

    python -m scripts.screenshot_desk my-session --out docs/img/desk-grading.png

A copy of the session goes into a library of its own, which is thrown away. Needs Playwright (in the test extra) and a
Chromium on the path.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.benchmark_live import wait_until_up
from scripts.common.arguments import argument_parser
from scripts.common.live_browser import FLAGS, browser_path

if TYPE_CHECKING:
    from playwright.sync_api import Page


def main() -> int:
    """Take the picture."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("session", type=Path, help="a session folder")
    parser.add_argument("--out", type=Path, default=Path("desk-grading.png"))
    parser.add_argument("--language", choices=("id", "en"), default="id")
    parser.add_argument("--graded", type=int, default=5, help="items that are graded before")
    parser.add_argument("--at", type=float, default=8.0, help="second of the session that is shown")
    args = parser.parse_args()
    if not (args.session / "session.json").is_file():
        sys.stderr.write(f"Expected a session folder, got {args.session}: run `pijat analyze` first.\n")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        library = Path(scratch) / "library"
        shutil.copytree(args.session, library / args.session.name)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "trainer", "desk", "--no-browser", "--port", str(port)]
        desk = subprocess.Popen([*command, "--library", str(library)], stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_until_up(address)
            take(address, args.out, args.language, args.graded, args.at)
        finally:
            desk.terminate()
            desk.wait(timeout=20)
    return 0


def take(address: str, out: Path, language: str, graded: int, at_s: float) -> None:
    """Sit down, import, begin to grade, and take the picture."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{address}who")
        page.click(f"button[value={language}]")
        page.goto(address)
        page.fill("form[action='/who/new'] [name=code]", "F-01")
        page.fill("form[action='/who/new'] [name=name]", "Bidan Ani")
        page.click("form[action='/who/new'] button")
        page.click("form[action='/import']:has([name=own]) button")
        page.click("tr[data-row] a")
        page.click("button[name=blind][value='0']")
        grade(page, graded, at_s)
        page.screenshot(path=out)
        browser.close()


def grade(page: "Page", graded: int, at_s: float) -> None:
    """Confirm what the camera says of the first items, and say of what it did not see that nobody did."""
    page.wait_for_selector(".item.active")
    for _ in range(graded):
        page.keyboard.press("Enter")
        if page.inner_text("#trouble"):
            page.keyboard.press("n")
    page.wait_for_selector("#saving[data-state=saved]")
    page.evaluate(
        """(at) => { const seek = document.querySelector('input[type=range]');
        seek.value = at; seek.dispatchEvent(new Event('input', {bubbles: true})); }""",
        at_s,
    )
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)


if __name__ == "__main__":
    raise SystemExit(main())
