"""How fast practice is in a real browser: pictures a second and picture-to-answer time, by the browser's own clock.

    python scripts/benchmark_live.py [--seconds 60] [--markdown]

Starts `pijat practice` and headless Chromium on this machine, with the bundled clip as a fake camera, so that
the browser's own decoding and drawing take their share of the same processors. The bare hand landmarker is
timed on the clip's frames before and after.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from live_browser import chromium, motion_jpeg, wait_for

SAMPLE = Path(__file__).resolve().parent.parent / "datasets" / "samples" / "oxytocin-demo.mp4"

BEGIN = """pijat.connection.latencies.length = 0;
pijat.connection.skipped = 0;
pijat.began = performance.now();"""
END = "[performance.now() - pijat.began, pijat.connection.latencies.slice(), pijat.connection.skipped]"


def bare_landmarker_ms(frames: int = 150) -> float:
    """Return the median milliseconds of MediaPipe's hand landmarker alone on the sample's frames."""
    from trainer.capture.video import open_video
    from trainer.perception.landmarker import HandLandmarker
    from trainer.perception.models import ensure_model

    took = []
    with (
        open_video(SAMPLE) as video,
        HandLandmarker(ensure_model("hand_landmarker"), detection=0.5, presence=0.5) as landmarker,
    ):
        for frame in video:
            began = time.perf_counter()
            landmarker.detect(frame.image, frame.time_s)
            took.append(1e3 * (time.perf_counter() - began))
            if len(took) == frames:
                break
    return statistics.median(took)


def wait_until_up(address: str, seconds: float = 60.0) -> None:
    """Wait for the server to answer."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}api/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("Expected the practice server to answer within a minute, it did not.")


def measure(
    address: str, camera: Path, seconds: float, landmarks: dict[str, list[float]]
) -> dict[str, float]:
    """Practise for that long and return what the page's own clock says."""
    with chromium(camera) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        began = time.perf_counter()
        page.goto(address)
        page.click("#choose [data-go=setup]")
        wait_for(page, "pijat.connection.latencies.length > 0")
        first_s = time.perf_counter() - began
        page.evaluate("marks => pijat.connection.send({type: 'landmarks', landmarks: marks})", landmarks)
        page.wait_for_timeout(3000)
        page.click("#start")
        page.wait_for_selector("#practice-panel:not([hidden])", timeout=20000)
        page.wait_for_timeout(3000)
        page.evaluate(
            "pijat.connection.latencies.length = 0; pijat.connection.skipped = 0; pijat.began = performance.now()"
        )
        page.wait_for_timeout(int(1000 * seconds))
        took = page.evaluate(
            "[performance.now() - pijat.began, pijat.connection.latencies.slice(), pijat.connection.skipped]"
        )
        size = page.evaluate("pijat.stage.result.size")
        page.click("#finish")
        page.wait_for_selector("#summary:not([hidden])", timeout=120000)
    elapsed_ms, latencies, skipped = took
    ordered = sorted(latencies)
    return {
        "first_answer_s": first_s,
        "answers_per_s": 1000 * len(ordered) / elapsed_ms,
        "latency_p50_ms": ordered[len(ordered) // 2],
        "latency_p95_ms": ordered[int(0.95 * len(ordered))],
        "skipped": skipped,
        "width": size[0],
        "height": size[1],
        "seconds": elapsed_ms / 1000,
    }


def main() -> None:
    """Run the benchmark and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    landmarks = json.loads(SAMPLE.with_suffix(".calibration.json").read_text(encoding="utf-8"))["landmarks"]
    bare = [bare_landmarker_ms()]
    with tempfile.TemporaryDirectory() as scratch:
        camera = motion_jpeg(SAMPLE, Path(scratch) / "camera.mjpeg")
        address = f"http://127.0.0.1:{args.port}/"
        command = [sys.executable, "-m", "trainer", "practice", "--no-browser", "--port", str(args.port)]
        server = subprocess.Popen([*command, "--sessions", scratch], stdout=subprocess.DEVNULL)
        try:
            wait_until_up(address)
            figures = measure(address, camera, args.seconds, landmarks)
        finally:
            server.terminate()
            server.wait(timeout=20)
    bare.append(bare_landmarker_ms())
    figures["bare_landmarker_ms"] = statistics.mean(bare)
    if not args.markdown:
        print(json.dumps(figures, indent=1))
        return
    rows = [
        ("answers a second", f"{figures['answers_per_s']:.1f}"),
        ("picture to answer, median", f"{figures['latency_p50_ms']:.0f} ms"),
        ("picture to answer, 95th percentile", f"{figures['latency_p95_ms']:.0f} ms"),
        ("opening the page to the first answer", f"{figures['first_answer_s']:.1f} s"),
        ("size of the pictures at the end", f"{figures['width']:.0f}x{figures['height']:.0f}"),
        ("newer picture taken instead", f"{figures['skipped']:.0f} in {figures['seconds']:.0f} s"),
        ("bare hand landmarker, whole frame", f"{figures['bare_landmarker_ms']:.1f} ms"),
    ]
    print("| what | measured |\n|---|---|")
    print("\n".join(f"| {name} | {value} |" for name, value in rows))


if __name__ == "__main__":
    main()
