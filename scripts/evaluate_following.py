"""How well the back is followed: on clips as they are, and on clips shaken, bumped and blacked out for minutes.

    python -m scripts.evaluate_following CLIP_FOLDER... [--minutes 15] [--shift] [--hands truth|none]

A clip is played forwards and backwards for the wanted time while the picture is moved by a known similarity (slow
sway, breathing, bumps of up to 4 % of the picture, half a second of darkness every two minutes). The true contact
points move with it, so that the distance between where the followed map puts a thumb and where it was rendered is the
error; `own` is that of the registration alone, without any motion. With --shift the back alone moves within the clip as
it is, by 2 to 5 % of the picture, smoothly cut out of its surroundings.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser
from trainer.back.following import NO_HANDS, BackFollower
from trainer.back.registration import Registration, register
from trainer.capture.frame import Frame
from trainer.capture.video import open_video
from trainer.perception.observation import HandObservation, HandPair, Status

Array = NDArray[np.float64]
DARK_EVERY_S = 120.0
DARK_FOR_S = 0.5
BUMP_EVERY_S = 37.0


def moved(time_s: float, size: tuple[int, int], bumps: NDArray[np.float64]) -> Array:
    """The known motion of the picture at a time: a similarity, shape (3, 3)."""
    width, height = size
    shake = np.array([np.sin(0.31 * time_s), np.sin(0.23 * time_s + 1)]) * 0.012 * width
    breath = 1.0 + 0.004 * np.sin(2 * np.pi * 0.27 * time_s)
    sway = np.radians(1.2 * np.sin(0.11 * time_s))
    shift = shake + bumps[int(time_s // BUMP_EVERY_S) % len(bumps)]
    matrix = np.eye(3)
    matrix[:2, :2] = breath * np.array([[np.cos(sway), -np.sin(sway)], [np.sin(sway), np.cos(sway)]])
    centre = np.array([width / 2, height / 2])
    matrix[:2, 2] = centre - matrix[:2, :2] @ centre + shift
    return matrix


def back_shift(time_s: float, size: tuple[int, int]) -> Array:
    """Where the recipient has moved to by a time, pixels: aside after 3 s, down after 6 s, back after 10 s."""
    aside = 0.022 * np.clip(time_s - 3, 0, 1) - 0.047 * np.clip((time_s - 10) / 1.5, 0, 1)
    down = 0.016 * np.clip(time_s - 6, 0, 1) + 0.0025 * np.sin(1.7 * time_s)
    return np.array([aside, down]) * size[0]


def body_mask(registration: Registration, size: tuple[int, int]) -> NDArray[np.float32]:
    """1 on the modelled back and somewhat beyond, falling softly to 0, shape (height, width)."""
    pixels = registration.forward.values[..., :2].reshape(-1, 2)
    hull = cv2.convexHull(pixels.astype(np.float32))[:, 0]
    hull = hull.mean(axis=0) + 1.5 * (hull - hull.mean(axis=0))
    mask = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(hull).astype(np.int32), 255)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.035 * size[0]).astype(np.float32) / 255, np.float32)


def forwards_and_backwards(count: int) -> Iterator[int]:
    """Yield frame numbers to the end and back again, without end."""
    while True:
        yield from range(count)
        yield from range(count - 2, 0, -1)


def true_hands(frame: dict[str, Any], matrix: Array) -> HandPair:
    """Return the hands of a frame of ``truth.json``, moved with the picture."""
    found = {}
    for name, hand in frame["hands"].items():
        points = np.array(hand["px"], dtype=float) @ matrix[:2, :2].T + matrix[:2, 2]
        found[name] = HandObservation(name, points, 1.0, Status.DETECTED, points[4], 2.0)
    return HandPair(found.get("left"), found.get("right"))


def evaluate(clip: Path, minutes: float, with_hands: bool, shift: bool) -> str:
    """Follow the back through a clip; return its row of the table."""
    truth = json.loads((clip / "truth.json").read_text(encoding="utf-8"))
    with open_video(clip / "clip.mp4") as video:
        images = [frame.image for frame in video]
    size = (images[0].shape[1], images[0].shape[0])
    count = min(len(images), len(truth["frames"]))
    moving = minutes > 0
    total = int(60 * minutes * truth["fps"]) if moving else count
    rng = np.random.default_rng(7)
    bumps = np.vstack([np.zeros(2), rng.uniform(-0.04, 0.04, (40, 2)) * size[0]])
    names = truth["back_landmark_names"]
    marks = {n: tuple(p) for n, p in zip(names, truth["frames"][0]["back"], strict=True) if "joint" not in n}
    registration = register(marks, 1.0, size)
    hands = true_hands(truth["frames"][0], np.eye(3)) if with_hands else NO_HANDS
    mask = body_mask(registration, size)
    follower = BackFollower(registration, Frame(0, 0.0, images[0]), hands)
    errors, own, when, spent, lost, dark_seen, relocks = [], [], [], 0.0, 0, [], []
    order = forwards_and_backwards(count)
    dark_since: float | None = None
    back_since: float | None = None
    for step in range(total):
        index = next(order)
        now = step / truth["fps"]
        frame = truth["frames"][index]
        matrix = moved(now, size, bumps) if moving else np.eye(3)
        if shift:
            matrix[:2, 2] = back_shift(now, size)
        image = images[index]
        dark = moving and now > DARK_EVERY_S and now % DARK_EVERY_S < 2 * DARK_FOR_S
        if dark:
            image = np.full_like(image, 12)
        elif shift:
            x, y = (base - matrix[k, 2] * mask for k, base in enumerate(np.meshgrid(*map(np.arange, size))))
            image = cv2.remap(image, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR).astype(
                np.uint8
            )
        elif moving:
            image = cv2.warpAffine(image, matrix[:2], size, borderMode=cv2.BORDER_REFLECT_101).astype(
                np.uint8
            )
        pair = true_hands(frame, matrix) if with_hands and not dark else NO_HANDS
        start = time.process_time()
        found = follower.update(Frame(step, now, image), pair)
        spent += time.process_time() - start
        if dark:
            dark_since = now if dark_since is None else dark_since
            back_since = None
            if found is None:
                dark_seen.append(now - dark_since)
            continue
        if dark_since is not None:
            dark_since, back_since = None, now
        if found is None:
            lost += 1
            continue
        if back_since is not None:
            relocks.append(now - back_since)
            back_since = None
        for hand in frame["hands"].values():
            if hand["contact"]:
                place = np.array([hand["contact_px"]], dtype=float)
                there = np.array([hand["lateral_cm"], hand["down_cm"]])
                errors.append(found.to_back(place @ matrix[:2, :2].T + matrix[:2, 2])[0][0] - there)
                own.append(registration.to_back(place)[0][0] - there)
                when.append(now)
    distance, alone = np.hypot(*np.array(errors).T), np.hypot(*np.array(own).T)
    drift = np.hypot(*np.median((np.array(errors) - np.array(own))[np.array(when) > 0.9 * when[-1]], axis=0))
    noticed = min(dark_seen) if dark_seen else float("nan")
    return (
        f"| {clip.name} | {truth['spec']['camera'].get('az', 0):.0f} | {np.nanmedian(alone):.2f} / "
        f"{np.nanpercentile(alone, 95):.2f} | {np.nanmedian(distance):.2f} / {np.nanpercentile(distance, 95):.2f} | "
        f"{drift:.2f} | {lost / total:.3f} | {noticed:.2f} | {max(relocks, default=float('nan')):.2f} | "
        f"{1000 * spent / total:.2f} |"
    )


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument(
        "clips", nargs="+", type=Path, help="folders with clip.mp4 and truth.json, or folders of such"
    )
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="play that long with motion; 0: the clip as it is"
    )
    parser.add_argument(
        "--hands", choices=("truth", "none"), default="truth", help="hand masks given to the follower"
    )
    parser.add_argument("--shift", action="store_true", help="let the back alone shift (not with --minutes)")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    clips = sorted(
        p.parent for folder in args.clips for p in (*folder.glob("truth.json"), *folder.glob("*/truth.json"))
    )
    if not clips:
        sys.stderr.write("Expected folders with truth.json, got none.\n")
        return 1
    sys.stdout.write(
        "| clip | view deg | own median / p95 cm | followed median / p95 cm | drift at the end cm | lost share | "
        "darkness noticed s | found again s | CPU ms a frame |\n|---|---|---|---|---|---|---|---|---|\n"
    )
    for clip in clips:
        sys.stdout.write(
            evaluate(clip, 0.0 if args.shift else args.minutes, args.hands == "truth", args.shift) + "\n"
        )
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
