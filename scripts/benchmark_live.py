"""How fast practice is in a real browser: pictures a second and picture-to-answer time, by the browser's own clock.

    python -m scripts.benchmark_live [--seconds 60] [--markdown]

Starts `pijat practice` and headless Chromium on this machine, with the bundled clip as a fake camera of 30 different
pictures a second, so that the browser's own drawing takes its share of the same processors. The bare hand landmarker
is timed on the clip's frames before and after. On a machine that has other work to do only the processor time a
picture, and its ratio to the bare landmarker's, mean anything.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from scripts.common.arguments import argument_parser
from scripts.common.live_browser import bare_page, camera_file, processor_seconds

SAMPLE = Path(__file__).resolve().parent.parent / "datasets" / "samples" / "oxytocin-demo.mp4"
CAMERA_FPS = 30
CAMERA_S = 16.0

BEGIN = """const c = pijat.connection;
for (const list of [c.latencies, c.trips, c.answers]) list.length = 0;
pijat.seen = {began: performance.now(), skipped: c.skipped, server: [], frames: null};
c.addEventListener("result", ({detail}) => {
  pijat.seen.server.push(detail.server_ms);
  pijat.seen.first ??= detail.frames;
  pijat.seen.last = detail.frames;
});"""
END = """(() => { const c = pijat.connection, s = pijat.seen; return {
  elapsed: performance.now() - s.began, latencies: [...c.latencies], trips: [...c.trips], server: s.server,
  skipped: c.skipped - s.skipped, dropped: s.last.dropped - s.first.dropped, size: pijat.stage.result.size}; })()"""


def bare_landmarker_ms(frames: int = 150) -> tuple[float, float]:
    """Return MediaPipe's hand landmarker alone on the sample's frames: milliseconds and processor milliseconds a frame.

    The first is a median, the second a mean.
    """
    from trainer.capture.video import open_video
    from trainer.perception.fetching import ensure_model
    from trainer.perception.landmarker import HandLandmarker

    took, used = [], 0.0
    with (
        open_video(SAMPLE) as video,
        HandLandmarker(ensure_model("hand_landmarker"), detection=0.5, presence=0.5) as landmarker,
    ):
        for frame in video:
            began, used_before = time.perf_counter(), time.process_time()
            landmarker.detect(frame.image, frame.time_s)
            took.append(1e3 * (time.perf_counter() - began))
            used += 1e3 * (time.process_time() - used_before)
            if len(took) == frames:
                break
    return statistics.median(took), used / len(took)


def wait_until_up(address: str, seconds: float = 60.0) -> None:
    """Wait for the server to answer."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}api/health", timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    sys.exit("Expected the practice server to answer within a minute, it did not.")


def measure(
    address: str, camera: Path, seconds: float, landmarks: dict[str, list[float]], server: int
) -> dict[str, Any]:
    """Practise for that long and return what the page's own clock says, and what the processors did."""
    with bare_page(camera, address) as page:
        opened_s = time.perf_counter()
        page.click("#choose [data-go=setup]")
        page.wait_for("pijat.stage.video.currentTime > 0")
        first_picture_s = time.perf_counter() - opened_s
        page.wait_for("pijat.connection.latencies.length > 0")
        first_answer_s = time.perf_counter() - opened_s
        page.evaluate(f"pijat.connection.send({{type: 'landmarks', landmarks: {json.dumps(landmarks)}}})")
        time.sleep(3)
        page.click("#start")
        page.wait_for("!document.getElementById('practice-panel').hidden", 20)
        time.sleep(3)
        page.evaluate(f"void (() => {{ {BEGIN} }})()")
        before = {"server": processor_seconds(server), "browser": processor_seconds(os.getpid())}
        time.sleep(seconds)
        seen = page.evaluate(END)
        after = {"server": processor_seconds(server), "browser": processor_seconds(os.getpid())}
        page.click("#finish")
        page.wait_for("!document.getElementById('summary').hidden", 120)
    ordered = sorted(seen["latencies"])
    count = len(ordered)

    def used_ms(kind: str, parts: set[str]) -> float:
        return float(1000 * sum(after[kind][part] - before[kind].get(part, 0.0) for part in parts))

    pictures = count + seen["skipped"]
    parts = set(after["browser"]) - {"other"}
    return {
        "first_picture_s": first_picture_s,
        "first_answer_s": first_answer_s,
        "camera_per_s": 1000 * pictures / seen["elapsed"],
        "answers_per_s": 1000 * count / seen["elapsed"],
        "latency_p50_ms": ordered[count // 2],
        "latency_p95_ms": ordered[int(0.95 * count)],
        "trip_p50_ms": statistics.median(seen["trips"]),
        "server_p50_ms": statistics.median(seen["server"]),
        "skipped": seen["skipped"],
        "dropped": seen["dropped"],
        "width": seen["size"][0],
        "height": seen["size"][1],
        "seconds": seen["elapsed"] / 1000,
        "server_cpu_ms": used_ms("server", set(after["server"])) / count,
        "browser_cpu_ms": used_ms("browser", parts) / pictures,
        "browser_cpu_by_kind_ms": {
            part: round(used_ms("browser", {part}) / pictures, 2) for part in sorted(parts)
        },
    }


def main() -> None:
    """Run the benchmark and print it."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    landmarks = json.loads(SAMPLE.with_suffix(".calibration.json").read_text(encoding="utf-8"))["landmarks"]
    bare = [bare_landmarker_ms()]
    with tempfile.TemporaryDirectory() as scratch:
        camera = camera_file(SAMPLE, Path(scratch) / "camera.y4m", fps=CAMERA_FPS, seconds=CAMERA_S)
        address = f"http://127.0.0.1:{args.port}/"
        command = [sys.executable, "-m", "trainer", "practice", "--no-browser", "--port", str(args.port)]
        began = time.perf_counter()
        server = subprocess.Popen([*command, "--sessions", scratch], stdout=subprocess.DEVNULL)
        try:
            wait_until_up(address)
            up_s = time.perf_counter() - began
            figures = measure(address, camera, args.seconds, landmarks, server.pid)
        finally:
            server.terminate()
            server.wait(timeout=20)
    bare.append(bare_landmarker_ms())
    figures["program_up_s"] = up_s
    figures["bare_landmarker_ms"] = statistics.mean(each[0] for each in bare)
    figures["bare_landmarker_cpu_ms"] = statistics.mean(each[1] for each in bare)
    if not args.markdown:
        print(json.dumps(figures, indent=1))
        return
    seconds, bare_cpu = figures["seconds"], figures["bare_landmarker_cpu_ms"]
    rows = [
        ("pictures a second that the camera gave", f"{figures['camera_per_s']:.1f}"),
        ("answers a second", f"{figures['answers_per_s']:.1f}"),
        ("picture to answer, median", f"{figures['latency_p50_ms']:.0f} ms"),
        ("picture to answer, 95th percentile", f"{figures['latency_p95_ms']:.0f} ms"),
        ("of that: on the wire and at the server, median", f"{figures['trip_p50_ms']:.0f} ms"),
        ("of that: at the server, median", f"{figures['server_p50_ms']:.0f} ms"),
        ("starting the program until the page can be opened", f"{figures['program_up_s']:.1f} s"),
        ("opening the page to the first picture shown", f"{figures['first_picture_s']:.1f} s"),
        ("opening the page to the first answer", f"{figures['first_answer_s']:.1f} s"),
        ("size of the pictures at the end", f"{figures['width']:.0f}x{figures['height']:.0f}"),
        ("newer picture taken instead", f"{figures['skipped']:.0f} in {seconds:.0f} s"),
        ("dropped by the server", f"{figures['dropped']:.0f} in {seconds:.0f} s"),
        ("bare hand landmarker, whole frame", f"{figures['bare_landmarker_ms']:.1f} ms"),
        ("processor time an answer, server", _times(figures["server_cpu_ms"], bare_cpu)),
        (
            "processor time an answer, browser with its fake camera",
            _times(figures["browser_cpu_ms"], bare_cpu),
        ),
    ]
    print("| what | measured |\n|---|---|")
    print("\n".join(f"| {name} | {value} |" for name, value in rows))


def _times(cpu_ms: float, bare_ms: float) -> str:
    return f"{cpu_ms:.1f} ms ({cpu_ms / bare_ms:.2f} times the bare landmarker's)"


if __name__ == "__main__":
    main()
