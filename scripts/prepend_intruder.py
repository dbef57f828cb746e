"""Put a second of something else before or into a clip: what no later frame may suffer from.

    python -m scripts.prepend_intruder CLIP hand OUT
    python -m scripts.prepend_intruder CLIP face OUT --at middle --seconds 1

CLIP is a video, or a folder with clip.mp4 (and truth.json); OUT the same. KIND is one of the pictures in
tests/data/intruders (made by scripts.render_intruders): hand (large, at the lens), back (bare, close by), face,
cloth (patterned), table (empty). The picture is cut to the clip's shape and trembles a little, as a hand-held
thing does; all later frames keep their distances in time. With a truth.json the truth is written along: in the
intruder's frames there are no hands and no back.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser

PICTURES = Path(__file__).parents[1] / "tests" / "data" / "intruders"
KINDS = ("hand", "back", "face", "cloth", "table")
TREMBLE_PX = 3.0
MARGIN = 1.05
"""Enlargement that leaves room for trembling."""
CRF = "18"


def intruder_picture(kind: str, width: int, height: int) -> NDArray[np.uint8]:
    """Return the picture of one kind, a little larger than the clip on every side, RGB."""
    import cv2

    image = cv2.imread(str(PICTURES / f"{kind}.jpg"))
    if image is None:
        raise FileNotFoundError(f"Expected {kind}.jpg in {PICTURES}, found none.")
    scale = MARGIN * max(width / image.shape[1], height / image.shape[0])
    larger = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(larger[:, :, ::-1])


def trembling(picture: NDArray[np.uint8], width: int, height: int, n: int) -> Iterator[NDArray[np.uint8]]:
    """Yield `n` frames, shape (height, width, 3): the picture, shifted by a few pixels from frame to frame."""
    generator = np.random.default_rng(0)
    steps = np.cumsum(generator.normal(0.0, 1.0, (n, 2)), axis=0)
    spare = np.array([picture.shape[0] - height, picture.shape[1] - width])
    for step in TREMBLE_PX * np.sin(steps):
        top, left = np.clip(np.round(spare / 2 + step).astype(int), 0, spare)
        yield np.ascontiguousarray(picture[top : top + height, left : left + width])


def write_clip(clip: Path, kind: str, out: Path, at_s: float, seconds: float) -> tuple[int, float]:
    """Write the clip with the intruder; return before which frame it was put and the time added, s."""
    import av

    with av.open(str(clip)) as source, av.open(str(out), "w") as target:
        given = source.streams.video[0]
        rate = given.average_rate or Fraction(25)
        n = max(1, round(seconds * rate))
        base = given.time_base or Fraction(1, 90_000)
        step = max(1, round(1 / (rate * base)))  # of a frame, in units of the time base
        stream = target.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = given.width, given.height, "yuv420p"
        stream.time_base = base
        stream.codec_context.time_base = base
        stream.options = {"crf": CRF, "preset": "veryfast"}
        first: int | None = None
        put: int | None = None

        def write(frame: Any, pts: int) -> None:
            frame.pts, frame.time_base = pts, base
            frame.pict_type = av.video.frame.PictureType.NONE
            for packet in stream.encode(frame):
                target.mux(packet)

        def intrude(at: int) -> None:
            picture = intruder_picture(kind, given.width, given.height)
            for i, image in enumerate(trembling(picture, given.width, given.height, n)):
                write(av.VideoFrame.from_ndarray(image, format="rgb24"), at + i * step)

        for number, frame in enumerate(source.decode(given)):
            pts = frame.pts if frame.pts is not None else number * step
            first = pts if first is None else first
            if put is None and (pts - first) * base >= at_s - 1e-6:
                put = number
                intrude(pts - first)
            write(frame, pts - first + (n * step if put is not None else 0))
        if put is None:
            raise ValueError(
                f"Expected a time within the clip for the intruder, got {at_s:g} s: it is shorter."
            )
        for packet in stream.encode():
            target.mux(packet)
    return put, float(n * step * base)


def truth_with_intruder(truth: dict[str, Any], put: int, added_s: float) -> dict[str, Any]:
    """Return the truth of the clip with the intruder.

    Parameters
    ----------
    truth : dict
        The clip's ``truth.json``.
    put : int
        Before which frame the intruder was put.
    added_s : float
        For how long, seconds.

    Returns
    -------
    dict
        Strokes that the intruder interrupts are two strokes.
    """
    frames, fps = truth["frames"], truth["fps"]
    n, start = round(added_s * fps), frames[put]["t"]
    hidden = [1] * len(truth["back_landmark_names"])
    between = [
        {"t": round(start + i / fps, 4), "back": frames[put]["back"], "back_occluded": hidden, "hands": {}}
        for i in range(n)
    ]
    later = [frame | {"t": round(frame["t"] + added_s, 4)} for frame in frames[put:]]
    segments = {
        hand: [part for segment in own for part in _split(segment, start, added_s)]
        for hand, own in truth["segments"].items()
    }
    return truth | {
        "name": f"{truth['name']}_intruder",
        "frames": [*frames[:put], *between, *later],
        "n_frames": len(frames) + n,
        "segments": segments,
    }


def _split(segment: dict[str, Any], at_s: float, added_s: float) -> list[dict[str, Any]]:
    start, end = segment.get("eff_start_s", segment["start_s"]), segment["end_s"]
    if end <= at_s:
        return [segment]
    after = segment | {"start_s": max(segment["start_s"], at_s) + added_s, "end_s": end + added_s}
    after["eff_start_s"] = max(start, at_s) + added_s
    return [after] if start >= at_s else [segment | {"end_s": at_s}, after]


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("clip", type=Path, metavar="CLIP")
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument(
        "--at", default="start", metavar="WHEN", help="start, middle, or seconds (default: start)"
    )
    parser.add_argument("--seconds", type=float, default=1.0, help="for how long (default: 1)")
    return parser.parse_args(argv)


def duration_s(clip: Path) -> float:
    """Return how long a video says it is, in seconds."""
    import av

    with av.open(str(clip)) as source:
        return float(source.duration or 0) / av.time_base


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    args = parse(argv)
    folder = args.clip.is_dir()
    clip = args.clip / "clip.mp4" if folder else args.clip
    if not clip.is_file():
        sys.stderr.write(f"Expected a video or a folder with clip.mp4, found none at {args.clip}.\n")
        return 2
    try:
        at_s = {"start": 0.0, "middle": duration_s(clip) / 2}.get(args.at)
        at_s = float(args.at) if at_s is None else at_s
    except ValueError:
        sys.stderr.write(f"Expected start, middle or seconds after --at, got {args.at!r}.\n")
        return 2
    out = args.out / "clip.mp4" if folder else args.out
    out.parent.mkdir(parents=True, exist_ok=True)
    put, added_s = write_clip(clip, args.kind, out, at_s, args.seconds)
    truth = args.clip / "truth.json"
    if folder and truth.is_file():
        whole = truth_with_intruder(json.loads(truth.read_text(encoding="utf-8")), put, added_s)
        (args.out / "truth.json").write_text(json.dumps(whole, separators=(",", ":")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
