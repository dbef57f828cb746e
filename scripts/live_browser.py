"""A real Chromium with a fake camera, for the live benchmark, the screenshots and the end-to-end test.

The camera plays a video in a loop, as Motion JPEG, in real time, the way a webcam would.
"""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


def motion_jpeg(video: Path, target: Path, seconds: float | None = None) -> Path:
    """Write a video as the Motion JPEG file that Chromium's fake camera plays."""
    import av
    import cv2

    with av.open(str(video)) as source, target.open("wb") as out:
        for frame in source.decode(video=0):
            if seconds is not None and frame.time is not None and frame.time >= seconds:
                break
            done, jpeg = cv2.imencode(
                ".jpg", frame.to_ndarray(format="bgr24"), [cv2.IMWRITE_JPEG_QUALITY, 90]
            )
            if done:
                out.write(jpeg.tobytes())
    return target


@contextmanager
def chromium(camera: Path) -> Iterator["Browser"]:
    """Open Chromium with that Motion JPEG file as its camera."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        sys.exit("Expected Chromium on this machine, found none: install it (Debian: apt install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, f"--use-file-for-fake-video-capture={camera}"]
        )
        try:
            yield browser
        finally:
            browser.close()


def wait_for(page: "Page", expression: str, seconds: float = 60.0) -> None:
    """Wait until a JavaScript expression holds; the page's policy forbids Playwright's own way, which needs eval."""
    until = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > until:
            raise TimeoutError(f"Expected {expression} within {seconds:g} s, it never held.")
        page.wait_for_timeout(100)
