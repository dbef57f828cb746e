"""``pijat calibrate``: mark the landmarks of the back on a frame of a video, on a local page."""

import argparse
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.commands.opening import check_port
from trainer.errors import PijatError, UsageError
from trainer.language import Text, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainer.back.calibration import Calibration
    from trainer.back.markers import MarkedBack
    from trainer.calibrate.frames import Candidate
    from trainer.calibrate.server import CalibrationTask

EXAMPLE = "pijat calibrate massage.mp4 --out massage.calibration.json"
_GUIDE_BOX = (-2000, -900, 4000, 4700)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pijat calibrate``."""
    parser.add_argument("video", metavar="VIDEO", help="the recording whose back is to be marked")
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="where to write (default: VIDEO with .calibration.json); an existing one is edited",
    )
    parser.add_argument("--time", metavar="S", type=float, help="show frames around this second of the video")
    parser.add_argument("--no-browser", action="store_true", help="only say where the page is; open nothing")
    parser.add_argument(
        "--port", metavar="N", type=int, default=0, help="port of the page (default: any free one)"
    )


def run(args: argparse.Namespace) -> int:
    """Serve the page until the calibration is saved; return 1 when it was left without saving."""
    from trainer.calibrate.server import create_app

    if args.time is not None and not 0.0 <= args.time < 1e6:
        raise UsageError(
            Text(
                f"--time harus berupa detik sejak awal video, bukan {number(args.time).id}.",
                f"Expected --time in seconds from the start of the video, got {args.time:g}.",
            )
        )
    check_port(args.port, lowest=0)
    video = Path(args.video)
    out = Path(args.out) if args.out else video.with_suffix(".calibration.json")
    if out.is_dir():
        raise UsageError(
            Text(
                f"--out harus berkas, bukan folder {out}.",
                f"Expected --out to be a file, got the folder {out}.",
            )
        )
    task = _task(video, out, args.time)

    from trainer.serving.address import address_of, listen
    from trainer.serving.server import make_uvicorn

    listener = listen(args.port)
    served = address_of(listener, lan=False)

    def finished() -> None:
        server.should_exit = True

    server = make_uvicorn(create_app(task, served.hosts, finished))
    address = served.url
    sys.stdout.write(f"Mark the back at {address} (Ctrl-C to leave without saving).\n")
    sys.stdout.flush()
    if not args.no_browser:
        webbrowser.open(address)
    server.run(sockets=[listener])
    if task.saved is None:
        sys.stderr.write("pijat: nothing was saved.\n")
        return 1
    sys.stdout.write(f"Wrote {out}. Use it with: pijat analyze {video} --calibration {out} --out FOLDER\n")
    return 0


def _task(video: Path, out: Path, time_s: float | None) -> "CalibrationTask":
    from trainer.calibrate.frames import candidates
    from trainer.calibrate.server import CalibrationTask
    from trainer.capture.video import open_video

    with open_video(video) as opened:
        start = _earlier(out, (opened.width, opened.height))
        wanted = start.time_s if start is not None and time_s is None else time_s
        frames = candidates(opened, opened.duration_s, wanted)
    chosen = max(range(len(frames)), key=lambda i: frames[i].sharpness)
    if wanted is not None:
        chosen = min(range(len(frames)), key=lambda i: abs(frames[i].time_s - wanted))
    marked = {} if start is not None else _marked(frames)
    guesses = {} if start is not None or marked else _found(frames)
    guesses |= {number: _rounded(found.landmarks) for number, found in marked.items()}
    if marked and wanted is None:
        chosen = max(marked, key=lambda i: (len(marked[i].landmarks), frames[i].sharpness))
    elif guesses and wanted is None:
        chosen = max(guesses, key=lambda i: frames[i].sharpness)
    return CalibrationTask(
        video_name=video.name,
        frames=frames,
        chosen=chosen,
        out=out,
        guide_svg=_guide(),
        guesses=guesses,
        marked={number: found.scale for number, found in marked.items()},
        start=start,
    )


def _earlier(out: Path, size: tuple[int, int]) -> "Calibration | None":
    """Return the calibration that is there already, to go on from; a bad or foreign one is an error."""
    from trainer.back.calibration import load_calibration

    return load_calibration(out).for_video(size) if out.exists() else None


def _marked(frames: "list[Candidate]") -> "dict[int, MarkedBack]":
    """Backs found by printed markers, per frame."""
    from trainer.back.markers import find_marked_back

    seen = {number: find_marked_back(frame.image) for number, frame in enumerate(frames)}
    return {number: found for number, found in seen.items() if found is not None}


def _rounded(landmarks: "Mapping[str, tuple[float, float]]") -> dict[str, tuple[float, float]]:
    return {name: (round(x, 1), round(y, 1)) for name, (x, y) in landmarks.items()}


def _found(frames: "list[Candidate]") -> dict[int, dict[str, tuple[float, float]]]:
    """Landmarks that Pijat finds by itself, per frame; none where the model is not installed."""
    from trainer.back.registration import RegistrationError, register
    from trainer.perception.back_landmarks import BackLandmarkDetector

    try:
        detector = BackLandmarkDetector()
    except PijatError:
        return {}
    guesses: dict[int, dict[str, tuple[float, float]]] = {}
    for index, frame in enumerate(frames):
        found = detector.detect(frame.image)
        if found is None:
            continue
        try:
            register(found.landmarks, found.sigma_px, found.image_size)
        except RegistrationError:
            continue
        guesses[index] = _rounded(found.landmarks)
    return guesses


def _guide() -> str:
    """Draw the back that shows where each landmark lies."""
    from trainer.back.atlas import load_atlas
    from trainer.report.anatomy import body, definitions

    box = " ".join(str(value) for value in _GUIDE_BOX)
    drawn = f"<defs>{definitions()}</defs>{body(load_atlas(), 38.0, 'guide')}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{drawn}</svg>'
