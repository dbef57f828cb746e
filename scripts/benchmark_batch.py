"""Throughput of ``pijat batch`` with one and with more processes, beside the bare hand landmarker, in one run.

    python -m scripts.benchmark_batch VIDEO... --jobs 2 --markdown

The bare landmarker decodes every video and looks at every frame in one process, nothing else; a batch does all of
``pijat analyze``. Memory is the peak of the worker processes, each by itself.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.common.arguments import argument_parser

BARE = """
import sys
from trainer.capture.video import open_video
from trainer.perception.landmarker import HandLandmarker
from trainer.perception.fetching import ensure_model
model = ensure_model("hand_landmarker")
for path in sys.argv[1:]:
    with open_video(path) as video, HandLandmarker(model) as bare:
        for frame in video:
            bare.detect(frame.image, frame.time_s)
"""


def timed(command: Sequence[str]) -> float:
    """Run a command to its end; return its wall time, s."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def batch(videos: Sequence[Path], processes: int, out: Path) -> dict[str, Any]:
    """Analyse videos with so many processes; return seconds and the largest worker's memory."""
    names = [str(video) for video in videos]
    command = [
        sys.executable,
        "-m",
        "trainer.cli",
        "batch",
        *names,
        "--jobs",
        str(processes),
        "--out",
        str(out),
    ]
    wall = timed(command)
    records = [json.loads(path.read_text(encoding="utf-8")) for path in (out / "jobs").glob("*.json")]
    return {
        "wall_s": wall,
        "video_s": sum(r["video_s"] for r in records),
        "peak_mb": max(r["peak_mb"] for r in records),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("videos", nargs="+", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes of the larger batch")
    parser.add_argument("--markdown", action="store_true", help="print a table for docs/results.md")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        bare_s = timed([sys.executable, "-c", BARE, *map(str, args.videos)])
        runs = {n: batch(args.videos, n, Path(scratch) / str(n)) for n in sorted({1, args.jobs})}
    video_s = runs[1]["video_s"]
    rows = [("bare hand landmarker, one process", f"{video_s / bare_s:.2f}", "n/a")]
    rows += [
        (f"pijat batch --jobs {n}", f"{run['video_s'] / run['wall_s']:.2f}", f"{run['peak_mb']:.0f}")
        for n, run in runs.items()
    ]
    head = ("what", "seconds of video a second", "peak MB a worker")
    if args.markdown:
        lines = ["| " + " | ".join(row) + " |" for row in (head, ("---",) * 3, *rows)]
    else:
        lines = ["  ".join(cell.ljust(34) for cell in row).rstrip() for row in (head, *rows)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
