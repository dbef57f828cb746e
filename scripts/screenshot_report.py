"""Take pictures of a report: the first screen of a small laptop, the whole page, and the A4 pages.

    python -m scripts.screenshot_report my-session --out pictures --language en

Writes ``screen.png`` (1366x768), ``page.png`` (the whole page), ``report.pdf`` (A4 as the browser prints it)
and, where poppler's pdftoppm is installed, ``print-1.png`` and so on. Needs Playwright (in the test extra)
and a Chromium (``--chromium``, else one on the path, else Playwright's own).
"""

import shutil
import subprocess
import sys
from pathlib import Path

from scripts.common.arguments import argument_parser


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("report", type=Path, help="a session folder or a report.html")
    parser.add_argument("--out", type=Path, default=Path("report-pictures"), help="folder for the pictures")
    parser.add_argument("--language", choices=("id", "en"), default="id")
    parser.add_argument("--height", type=int, default=768, help="height of the first screen in pixels")
    parser.add_argument("--scale", type=float, default=1.0, help="device pixels per CSS pixel")
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    args = parser.parse_args()
    page_file = args.report / "report.html" if args.report.is_dir() else args.report
    if not page_file.is_file():
        sys.stderr.write(f"expected a report at {page_file}, found none: run `pijat report` first\n")
        return 1
    args.out.mkdir(parents=True, exist_ok=True)
    take(page_file, args.out, args.language, args.height, args.scale, args.chromium)
    pdftoppm = shutil.which("pdftoppm")
    if pdftoppm:
        subprocess.run(
            [pdftoppm, "-r", "80", "-png", args.out / "report.pdf", args.out / "print"], check=True
        )
    for path in sorted(args.out.iterdir()):
        sys.stdout.write(f"{path}\n")
    return 0


def take(page_file: Path, out: Path, language: str, height: int, scale: float, chromium: str | None) -> None:
    """Take the pictures of an open browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1366, "height": height}, device_scale_factor=scale)
        page.goto(page_file.resolve().as_uri())
        page.locator(f"button[data-language={language}]").click()
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=out / "screen.png")
        page.screenshot(path=out / "page.png", full_page=True)
        page.pdf(path=out / "report.pdf", prefer_css_page_size=True, print_background=True)
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
