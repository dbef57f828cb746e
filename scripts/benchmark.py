"""How fast the program is beside the bare hand landmarker, and how much memory a long video takes.

    python -m scripts.benchmark clip.mp4 --calibration calibration.json
    python -m scripts.benchmark clip.mp4 --calibration calibration.json --minutes 1 10 --markdown

Speed: every frame goes through the bare landmarker (MediaPipe's hand landmarker in VIDEO mode, two hands,
the whole frame) and through the whole pipeline, in turn first and second, in one process and one run, so
that both meet the same machine at the same moment. Memory: the clip is repeated into one long video, which
``pijat analyze`` analyses in a process of its own; the figure is that process's peak resident set.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.common.arguments import argument_parser

WARM_UP = 20
"""Frames at the start that do not count: models load, caches fill."""


def speed(clip: Path, calibration: Path | None, frames: int) -> dict[str, float]:
    """Return milliseconds a frame of decoding, of the bare landmarker and of the pipeline."""
    from trainer.analysis.back_finding import find_back
    from trainer.analysis.pipeline import Pipeline
    from trainer.back.calibration import load_calibration
    from trainer.capture.video import open_video
    from trainer.perception.fetching import ensure_model
    from trainer.perception.landmarker import HandLandmarker
    from trainer.perception.tracker import HandTracker

    model = ensure_model("hand_landmarker")
    times: dict[str, list[float]] = {"decode": [], "bare": [], "pipeline": []}
    with open_video(clip) as video:
        found = find_back(video, load_calibration(calibration) if calibration else None, model)
        with HandLandmarker(model) as bare, Pipeline(HandTracker(model), found.follower) as pipeline:
            started = time.perf_counter()
            for frame in video:
                times["decode"].append(time.perf_counter() - started)
                turns = [("bare", lambda f: bare.detect(f.image, f.time_s)), ("pipeline", pipeline.process)]
                for name, work in turns if frame.index % 2 else reversed(turns):
                    started = time.perf_counter()
                    work(frame)
                    times[name].append(time.perf_counter() - started)
                if frame.index + 1 >= frames + WARM_UP:
                    break
                started = time.perf_counter()
    counted = {name: [1000 * t for t in values[WARM_UP:]] for name, values in times.items()}
    if not counted["bare"]:
        raise SystemExit(f"Expected more than {WARM_UP} frames in {clip}, got fewer.")
    result = {f"{name}_median_ms": statistics.median(values) for name, values in counted.items()}
    result |= {f"{name}_mean_ms": statistics.fmean(values) for name, values in counted.items()}
    result["frames"] = len(counted["bare"])
    result["ratio_of_medians"] = result["pipeline_median_ms"] / result["bare_median_ms"]
    result["ratio_of_means"] = result["pipeline_mean_ms"] / result["bare_mean_ms"]
    result["fps"] = 1000 / (result["decode_mean_ms"] + result["pipeline_mean_ms"])
    return result


def repeat(clip: Path, target: Path, minutes: float) -> None:
    """Write the clip's packets again and again until the video is so long."""
    import av

    with av.open(str(clip)) as probe:
        stream = probe.streams.video[0]
        assert stream.time_base is not None and stream.duration is not None
        length, seconds = stream.duration, float(stream.duration * stream.time_base)
    with av.open(str(target), "w") as output:
        copy = None
        for turn in range(max(1, round(minutes * 60 / seconds))):
            with av.open(str(clip)) as source:
                stream = source.streams.video[0]
                copy = copy or output.add_stream_from_template(stream)
                for packet in source.demux(stream):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + turn * length, packet.dts + turn * length
                    packet.stream = copy
                    output.mux(packet)


def memory(clip: Path, calibration: Path | None, minutes: float, scratch: Path) -> dict[str, float]:
    """Return peak memory and wall time of ``pijat analyze`` on a video of that length."""
    video, out = scratch / f"{minutes:g}min.mp4", scratch / f"{minutes:g}min"
    repeat(clip, video, minutes)
    command = [sys.executable, "-m", "trainer.cli", "analyze", str(video), "--out", str(out)]
    if calibration:
        command += ["--calibration", str(calibration)]
    started = time.perf_counter()
    # os.wait4 reports this child alone; resource.getrusage would report the largest of all children so far.
    with (scratch / "errors.txt").open("w+", encoding="utf-8") as errors:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        errors.seek(0)
        said = errors.read()
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"pijat analyze failed on {minutes:g} minutes: {said}")
    read = json.loads((out / "session.json").read_text(encoding="utf-8"))["video"]["frames_read"]
    unit = 1024 if sys.platform != "darwin" else 1
    return {
        "minutes": minutes,
        "frames": read,
        "peak_mb": usage.ru_maxrss * unit / 2**20,
        "wall_s": wall,
        "wall_ms_per_frame": 1000 * wall / read,
    }


def report(figures: dict[str, Any], markdown: bool) -> str:
    """Return the figures for people."""
    s = figures["speed"]
    rows = [
        ("decoding", f"{s['decode_median_ms']:.1f} ms a frame (median)"),
        ("bare hand landmarker", f"{s['bare_median_ms']:.1f} ms (median), {s['bare_mean_ms']:.1f} ms (mean)"),
        (
            "whole pipeline",
            f"{s['pipeline_median_ms']:.1f} ms (median), {s['pipeline_mean_ms']:.1f} ms (mean)",
        ),
        (
            "pipeline / bare landmarker",
            f"{s['ratio_of_medians']:.2f} (medians), {s['ratio_of_means']:.2f} (means)",
        ),
        ("frames a second, decoding included", f"{s['fps']:.1f}"),
    ]
    rows += [
        (
            f"pijat analyze, {m['minutes']:g} min of video",
            f"{m['peak_mb']:.0f} MB at most, {m['wall_ms_per_frame']:.1f} ms a frame, {m['frames']} frames",
        )
        for m in figures["memory"]
    ]
    rows.append(("machine", figures["machine"]))
    if markdown:
        return "| what | measured |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows)
    width = max(len(name) for name, _ in rows)
    return "".join(f"{name.ljust(width)}  {value}\n" for name, value in rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--calibration", type=Path, help="calibration file; else the back is found by itself")
    parser.add_argument("--frames", type=int, default=400, help="frames to time")
    parser.add_argument("--minutes", type=float, nargs="*", default=[], help="lengths of video for memory")
    parser.add_argument("--markdown", action="store_true", help="print a table for docs/results.md")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args(argv)
    figures: dict[str, Any] = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python "
        f"{platform.python_version()}",
        "speed": speed(args.clip, args.calibration, args.frames),
        "memory": [],
    }
    with tempfile.TemporaryDirectory() as scratch:
        for minutes in args.minutes:
            figures["memory"].append(memory(args.clip, args.calibration, minutes, Path(scratch)))
    sys.stdout.write(json.dumps(figures, indent=1) + "\n" if args.json else report(figures, args.markdown))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
