"""A real Chromium with a fake camera, for the live benchmark, the screenshots and the end-to-end test.

The camera plays a video's pictures in a loop, uncompressed, the way a webcam gives 640x480: Chromium takes the raw
format of a real one too, up to that size. Every picture of the video is shown for one camera picture, so a clip of
25 pictures a second plays at 1.2 times its speed on a camera of 30, and no picture comes twice.
"""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from websockets.sync.client import ClientConnection

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


def camera_file(video: Path, target: Path, *, fps: int = 30, seconds: float | None = None) -> Path:
    """Write a video's pictures as the YUV4MPEG2 file that Chromium's fake camera plays, `fps` of them a second."""
    import av
    import numpy as np

    with av.open(str(video)) as source, target.open("wb") as out:
        stream = source.streams.video[0]
        out.write(f"YUV4MPEG2 W{stream.width} H{stream.height} F{fps}:1 Ip A1:1 C420mpeg2\n".encode())
        for frame in source.decode(stream):
            if seconds is not None and frame.time is not None and frame.time >= seconds:
                break
            planes = frame.to_ndarray(format="yuv420p")
            out.write(b"FRAME\n" + np.ascontiguousarray(planes).tobytes())
    return target


def browser_path() -> str:
    """Return where Chromium is."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        sys.exit("Expected Chromium on this machine, found none: install it (Debian: apt install chromium).")
    return path


class BarePage:
    """A page that is only asked things, as a person's would be: nobody listens to its network.

    Playwright has every message of every WebSocket reported to it, which for camera pictures costs more than the
    page itself does.
    """

    def __init__(self, socket: "ClientConnection") -> None:
        self._socket = socket
        self._numbers = itertools.count(1)

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command of the DevTools protocol and return its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=60))
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return answer["result"]

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression comes to; a promise is waited for."""
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 60.0) -> None:
        """Wait until an expression holds."""
        until = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > until:
                raise TimeoutError(f"Expected {expression} within {seconds:g} s, it never held.")
            time.sleep(0.02)

    def click(self, selector: str) -> None:
        """Press a button, once it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(f"{found} && {found}.offsetParent !== null")
        self.evaluate(f"{found}.click()")


@contextmanager
def bare_page(
    camera: Path, address: str, *flags: str, size: tuple[int, int] = (1366, 768)
) -> Iterator[BarePage]:
    """Open Chromium with that file as its camera, on that page."""
    from websockets.sync.client import connect

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        own = ("--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}")
        shape = (f"--window-size={size[0]},{size[1]}", f"--use-file-for-fake-video-capture={camera}")
        command = [browser_path(), *FLAGS, *own, *shape, *flags, "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        try:
            port = next(
                found.group(1)
                for line in process.stderr
                if (found := re.search(r"DevTools listening on ws://[^:]+:(\d+)/", line))
            )
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=20) as answer:
                target = next(one for one in json.load(answer) if one["type"] == "page")
            with connect(target["webSocketDebuggerUrl"], max_size=None) as socket:
                page = BarePage(socket)
                page.call("Page.navigate", url=address)
                yield page
        finally:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def chromium(camera: Path, *flags: str) -> Iterator["Browser"]:
    """Open Chromium with that file as its camera."""
    from playwright.sync_api import sync_playwright

    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, f"--use-file-for-fake-video-capture={camera}", *flags]
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


def processor_seconds(root: int) -> dict[str, float]:
    """Return the processor time that a process and its descendants have used so far, in seconds by kind (Linux only).

    Kinds are Chromium's (``renderer``, ``gpu-process``, ``utility``, ...), ``browser`` for its first process, and
    ``other``.
    """
    parents, used, kinds = {}, {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ").split()
        except OSError:  # it has ended
            continue
        number = int(entry.name)
        parents[number] = int(fields[1])
        used[number] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        kind = next((word.removeprefix("--type=") for word in words if word.startswith("--type=")), None)
        kinds[number] = kind or ("browser" if words and "chrom" in words[0] else "other")
    total: dict[str, float] = {}
    for number in used:
        ancestor = number
        while ancestor not in (root, 0, 1) and ancestor in parents:
            ancestor = parents[ancestor]
        if ancestor == root:
            total[kinds[number]] = total.get(kinds[number], 0.0) + used[number]
    return total
