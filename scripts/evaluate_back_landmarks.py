"""Measure models/back_landmarks.onnx: unseen renders, whole rendered clips, photographs and footage.

    python -m scripts.evaluate_back_landmarks --renders HELD_OUT                 # of render_back_landmarks.py
    python -m scripts.evaluate_back_landmarks --clips CLIP_FOLDER ...            # clip.mp4 + truth.json
    python -m scripts.evaluate_back_landmarks --real MIRRORS                     # bare clones,
    owner+name/repo python -m scripts.evaluate_back_landmarks --renders HELD_OUT --calibrate     # write
    the sigma scale into the model

Errors are distances in the picture over the C7-T7 distance there, times 17.5 cm: half a vertebra is 1.5
cm, one 3 cm.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.backnet.data import presence_target, read_samples
from trainer.perception.back_landmarks import (
    LANDMARKS,
    BackDetection,
    BackLandmarkDetector,
    combine,
    doubts,
)

C7_T7_CM = 17.5
HALF_VERTEBRA_CM, VERTEBRA_CM = 1.5, 3.0
ELSEWHERE_CM = 8.0
"""Median error from which on an answer is about something else: another person's back, most often."""


@dataclass
class Tally:
    """Errors of one group of pictures."""

    errors: list[float] = field(default_factory=list)
    standard: list[float] = field(default_factory=list)  # error along each axis over its stated sigma
    found: int = 0
    pictures: int = 0

    def row(self, name: str) -> str:
        """One line of a Markdown table."""
        found = f"{100 * self.found / self.pictures:.0f} % of {self.pictures}" if self.pictures else "-"
        if not self.errors:
            return f"| {name} | {found} | - | - | - | - | - |"
        e, z = np.array(self.errors), np.abs(self.standard)
        return (
            f"| {name} | {found} | {np.median(e):.2f} | {np.percentile(e, 95):.2f} "
            f"| {100 * np.mean(e > HALF_VERTEBRA_CM):.0f} % | {100 * np.mean(e > VERTEBRA_CM):.0f} % "
            f"| {100 * np.mean(z < 1):.0f} / {100 * np.mean(z < 2):.0f} % |"
        )


HEAD = """| pictures | backs found | median cm | p95 cm | over 1.5 cm | over 3 cm | within 1 / 2 sigma |
|---|---|---|---|---|---|---|"""


def _say(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def tally(
    groups: dict[str, Tally], names: Iterable[str], found: BackDetection | None, truth: dict[str, Any]
) -> None:
    """Add one picture to its groups."""
    pixels_a_cm = np.hypot(*np.subtract(truth["C7"], truth["T7"])) / C7_T7_CM
    for group in (groups.setdefault(name, Tally()) for name in names):
        group.pictures += 1
        if found is None:
            continue
        group.found += 1
        for name in truth.keys() & found.landmarks.keys():
            delta = np.subtract(found.landmarks[name], truth[name])
            group.errors.append(float(np.hypot(*delta) / pixels_a_cm))
            group.standard.extend((delta / found.sigma_px[name]).tolist())


def _median_cm(found: BackDetection, truth: dict[str, Any]) -> float:
    scale = np.hypot(*np.subtract(truth["C7"], truth["T7"])) / C7_T7_CM
    both = truth.keys() & found.landmarks.keys()
    if not both:
        return float("inf")
    return float(np.median([np.hypot(*np.subtract(found.landmarks[n], truth[n])) for n in both]) / scale)


def evaluate_renders(detector: BackLandmarkDetector, folder: Path, limit: int | None) -> None:
    """Unseen renders, by view, skin, clothes, hands and posture; false presence on those without a back."""
    groups: dict[str, Tally] = {}
    false, negatives, seconds, calls = 0, 0, 0.0, 0
    elsewhere: dict[bool, list[bool]] = {
        True: [],
        False: [],
    }  # whether the practitioner's body is in the scene
    for sample in read_samples(folder)[:limit]:
        image = sample.read()
        height, width = image.shape[:2]
        began = time.process_time()
        found = detector.detect(image)
        seconds, calls = seconds + time.process_time() - began, calls + 1
        expected = presence_target(sample.points, sample, (width, height))
        if expected == 0.0:
            negatives, false = negatives + 1, false + (found is not None)
        if expected != 1.0:
            continue
        inside = np.all((sample.points >= 0) & (sample.points < [width, height]), axis=1)
        truth = {n: p for n, p, seen in zip(LANDMARKS, sample.points, inside, strict=True) if seen}
        truth |= {"C7": sample.points[0], "T7": sample.points[2]}
        m, view = sample.meta, float(str(sample.meta["view"]))
        if found is not None:
            elsewhere[bool(m["torso"])].append(_median_cm(found, truth) > ELSEWHERE_CM)
        span = float(np.linalg.norm(sample.points[4] - sample.points[8])) / width
        oblique = next(
            text for top, text in ((30, "0-30"), (50, "30-50"), (65, "50-65"), (91, "65-90")) if view < top
        )
        names = [
            "all",
            f"view {oblique} deg off the normal",
            f"tone {m['tone']}",
            f"back {m['back']}",
            f"hands {m['hands']}",
            f"posture {m['posture']}",
            "long hair" if m["hair"] else "hair up",
            "shoulders over a quarter of the width"
            if span > 0.25
            else "shoulders under a quarter of the width",
        ]
        tally(groups, names, found, truth)
    _say(f"Unseen renders in {folder.name}\n\n{HEAD}")
    for name in sorted(groups, key=lambda n: (n != "all", n)):
        _say(groups[name].row(name))
    _say(
        f"\nAnswers about something else than the recipient's back (over {ELSEWHERE_CM:.0f} cm off): "
        f"{sum(elsewhere[True])} of {len(elsewhere[True])} where the practitioner's body is in the scene, "
        f"{sum(elsewhere[False])} of {len(elsewhere[False])} where it is not."
    )
    each = 1000 * seconds / calls
    _say(
        f"\nA back reported in {false} of {negatives} pictures without one; {each:.0f} ms of processor a call.\n"
    )


def evaluate_clips(detector: BackLandmarkDetector, folders: list[Path], every: int) -> None:
    """Whole clips: single frames, and the join of all frames looked at (the camera is still)."""
    groups: dict[str, Tally] = {}
    for folder in folders:
        truth = json.loads((folder / "truth.json").read_text())
        order, recipient = truth["back_landmark_names"], truth["spec"].get("recipient", {})
        capture = cv2.VideoCapture(str(folder / "clip.mp4"))
        detections, places = [], []
        for i, frame in enumerate(truth["frames"]):
            ok, bgr = capture.read()
            if not ok:
                break
            if i % every:
                continue
            where = {n: p for n, p in zip(order, frame["back"], strict=True) if n in LANDMARKS}
            found = detector.detect(np.ascontiguousarray(bgr[:, :, ::-1]))
            label = f"{folder.name}, az {truth['spec'].get('camera', {}).get('az', 0):.0f}"
            label += f", {recipient.get('skin', 'light')}, {recipient.get('back', 'bare')}"
            tally(groups, ("all clips, single frames", label), found, where)
            places.append(where)
            if found is not None:
                detections.append(found)
        capture.release()
        middle = {n: np.median([p[n] for p in places], axis=0) for n in places[0]}
        joined = combine(detections) if detections else None
        tally(groups, ("all clips, frames joined", f"{folder.name}, frames joined"), joined, middle)
    _say(f"Rendered clips, every {every}th frame\n\n{HEAD}")
    for name in sorted(groups, key=lambda n: (not n.startswith("all"), n)):
        _say(groups[name].row(name))
    _say()


def _picture(entry: dict[str, Any], mirrors: Path, cache: dict[str, Any]) -> NDArray[np.uint8] | None:
    """Read a labelled picture or frame out of a bare clone."""
    repo = mirrors / entry["repo"].replace("/", "+") / "repo"
    if not repo.is_dir():
        return None
    if "frame" not in entry:
        done = subprocess.run(
            ["git", "-C", str(repo), "cat-file", "blob", entry["blob"]], capture_output=True
        )
        bgr = (
            cv2.imdecode(np.frombuffer(done.stdout, np.uint8), cv2.IMREAD_COLOR)
            if done.returncode == 0
            else None
        )
    else:
        if entry["blob"] not in cache:
            done = subprocess.run(
                ["git", "-C", str(repo), "cat-file", "blob", entry["blob"]], capture_output=True
            )
            file = cache["folder"] / (entry["blob"] + Path(entry["path"]).suffix)
            file.write_bytes(done.stdout)
            cache[entry["blob"]] = cv2.VideoCapture(str(file))
        cache[entry["blob"]].set(cv2.CAP_PROP_POS_FRAMES, entry["frame"])
        bgr = cache[entry["blob"]].read()[1]
    return None if bgr is None else np.ascontiguousarray(bgr[:, :, ::-1])


def evaluate_real(detector: BackLandmarkDetector, labels: Path, mirrors: Path, out: Path | None) -> None:
    """Photographs and footage labelled by eye; the labels' own repeatability where a picture was labelled
    twice.
    """
    import tempfile

    groups: dict[str, Tally] = {}
    counts: dict[str, list[int]] = {}  # of pictures without a back and doubtful ones: reported, all
    missing = 0
    ceiling: list[float] = []
    in_place: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        cache: dict[str, Any] = {"folder": Path(folder)}
        for number, entry in enumerate(json.loads(labels.read_text())["pictures"]):
            image = _picture(entry, mirrors, cache)
            if image is None:
                missing += 1
                continue
            found = detector.detect(image)
            if out is not None:
                _draw(image, entry, found, out / f"{number:03d}.jpg")
            batch = f"batch {entry.get('batch', 1)}"
            if entry["presence"] != "back":
                count = counts.setdefault(f"{entry['presence']}, {batch}", [0, 0])
                count[0], count[1] = count[0] + (found is not None), count[1] + 1
            else:
                truth = entry["landmarks"]
                names = [
                    "all",
                    f"tone {entry['tone']}",
                    f"clothes {entry['clothes']}",
                    f"posture {entry['posture']}",
                ]
                names += ["hands on or near the back" if entry["hands"] else "no hands"]
                names += ["footage" if "frame" in entry else "photographs", batch]
                tally(groups, names, found, truth)
                placed = _in_place(detector, image, truth)
                if placed is not None:
                    in_place.append(placed)
            if "again" in entry:
                scale = np.hypot(*np.subtract(entry["landmarks"]["C7"], entry["landmarks"]["T7"])) / C7_T7_CM
                both = entry["again"].keys() & entry["landmarks"].keys()
                ceiling += [
                    np.hypot(*np.subtract(entry["again"][n], entry["landmarks"][n])) / scale for n in both
                ]
    _say(f"Photographs and footage, labelled by eye\n\n{HEAD}")
    for name in sorted(groups, key=lambda n: (n != "all", n)):
        _say(groups[name].row(name))
    _say()
    for name, (reported, pictures) in sorted(counts.items()):
        _say(f"A back reported in {reported} of {pictures} pictures labelled {name}.")
    if in_place:
        raw, rest = np.median(in_place, axis=0)
        _say(
            f"Told where the back is: median {raw:.2f} cm over {len(in_place)} pictures, {rest:.2f} cm after "
            "one shift, turn and size of all landmarks."
        )
    if ceiling:
        _say(
            f"The same person labelling again: median {np.median(ceiling):.2f} cm, "
            f"p95 {np.percentile(ceiling, 95):.2f} cm, {len(ceiling)} landmarks."
        )
    if missing:
        _say(f"{missing} pictures could not be read from {mirrors.name}.")


def _in_place(
    detector: BackLandmarkDetector, image: NDArray[np.uint8], truth: dict[str, Any]
) -> tuple[float, float] | None:
    """Median error, cm, of a crop put where the back is; raw, and after one shift, turn and size of all points."""
    from trainer.perception.back_landmarks import _VIEWS, _Reading

    points = np.array([truth.get(name, (np.nan, np.nan)) for name in LANDMARKS], np.float64)
    known = np.isfinite(points).all(1)
    if not known[[0, 1, 2, 4, 8]].all() or known.sum() < 11:
        return None
    start = np.where(known[:, None], points, points[2] + 0.7 * (points[2] - points[0]))
    found = detector._look_closer(image, _Reading(start, np.ones(len(LANDMARKS)), 1.0, 1.0), _VIEWS).points
    a, b = found[known], points[known]
    scale = float(np.linalg.norm(points[0] - points[2])) / C7_T7_CM
    p, q = a - a.mean(0), b - b.mean(0)
    u, stretch, v = np.linalg.svd(p.T @ q)
    moved = p @ (u @ v) * stretch.sum() / (p**2).sum()
    raw, rest = np.linalg.norm(a - b, axis=1), np.linalg.norm(moved - q, axis=1)
    return float(np.median(raw)) / scale, float(np.median(rest)) / scale


def _draw(image: NDArray[np.uint8], entry: dict[str, Any], found: BackDetection | None, path: Path) -> None:
    picture = np.ascontiguousarray(image[:, :, ::-1])
    scale = 640 / max(picture.shape[:2])
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for name, p in entry.get("landmarks", {}).items():
        cv2.drawMarker(
            picture, (int(p[0] * scale), int(p[1] * scale)), _colour(name), cv2.MARKER_CROSS, 10, 2
        )
    for name, p in found.landmarks.items() if found else ():
        centre = (int(p[0] * scale), int(p[1] * scale))
        cv2.circle(picture, centre, max(3, int(found.sigma_px[name] * scale)), _colour(name), 1)
        cv2.circle(picture, centre, 2, _colour(name), -1)
    text = f"{entry['presence']} {found.presence:.2f}" if found else f"{entry['presence']} -"
    cv2.putText(picture, text, (5, 20), 0, 0.6, (255, 255, 255), 2)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture)


def _colour(name: str) -> tuple[int, int, int]:
    return (
        (0, 255, 0)
        if name.startswith("left")
        else (255, 0, 255)
        if name.startswith("right")
        else (0, 255, 255)
    )


def calibrate(model: Path, folders: list[Path], limit: int | None) -> None:
    """Write into the model how its sigmas must be changed, on these renders.

    First by how much they grow where views disagree or presence is wanting: the exponents that make the errors most
    likely under a Laplace law. Then, per landmark, the larger of two factors: the one that brings 68 % of errors within
    one sigma, and the one that brings 95 % within 1.96; errors have heavier tails than a Gaussian, and a sigma that
    hides them would be a guess.
    """
    import onnx
    from scipy.optimize import minimize

    proto = onnx.load(model)
    del proto.metadata_props[:]
    onnx.save(proto, model)
    detector = BackLandmarkDetector(model)
    doubt: list[NDArray[np.float64]] = []
    standard: list[NDArray[np.float64]] = []  # (12, 2) errors along the axes over the sigma stated
    for sample in (s for folder in folders for s in read_samples(folder)[:limit]):
        image = sample.read()
        if presence_target(sample.points, sample, (image.shape[1], image.shape[0])) != 1.0:
            continue
        found = detector._find(image)
        if found is not None:
            doubt.append(doubts(found.disagreement, found.presence))
            standard.append(np.abs(found.points - sample.points) / found.sigma[:, None])
    x, z = np.array(doubt), np.array(standard)

    def unlikeliness(w: NDArray[np.float64]) -> float:
        b = w[0] + x @ w[1:]
        return float(np.mean(z.mean((1, 2)) * np.exp(-b) + b) + 0.02 * (w[1:] ** 2).sum())

    exponents = np.maximum(minimize(unlikeliness, np.zeros(3)).x[1:], 0.0).round(3)
    z = z / np.exp(x @ exponents)[:, None, None]
    factor: Callable[[NDArray[np.float64]], float] = lambda e: float(  # noqa: E731
        max(np.percentile(e, 68.3), np.percentile(e, 95) / 1.96)
    )
    scale = [round(factor(z[:, i]), 3) for i in range(len(LANDMARKS))]
    for key, value in (("sigma_scale", scale), ("sigma_doubt", exponents.tolist())):
        entry = proto.metadata_props.add()
        entry.key, entry.value = key, json.dumps(value)
    onnx.save(proto, model)
    _say(f"sigma scale {dict(zip(LANDMARKS, scale, strict=True))} and doubt {exponents} from {len(z)} backs")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    root = Path(__file__).parents[1]
    parser.add_argument("--model", type=Path, default=root / "models/back_landmarks.onnx")
    parser.add_argument("--renders", type=Path, nargs="+", default=[])
    parser.add_argument("--clips", type=Path, nargs="*", default=[])
    parser.add_argument("--every", type=int, default=25, help="look at every so many frames of a clip")
    parser.add_argument("--real", type=Path, help="folder of bare clones named owner+name/repo")
    parser.add_argument("--labels", type=Path, default=root / "datasets/back_landmarks/real_labels.json")
    parser.add_argument(
        "--draw", type=Path, help="write the real pictures with what was found here (keep them private)"
    )
    parser.add_argument("--limit", type=int, help="first so many renders only")
    parser.add_argument("--calibrate", action="store_true")
    args = parser.parse_args()
    if args.calibrate:
        calibrate(args.model, args.renders, args.limit)
        return
    detector = BackLandmarkDetector(args.model)
    for folder in args.renders:
        evaluate_renders(detector, folder, args.limit)
    if args.clips:
        evaluate_clips(detector, args.clips, args.every)
    if args.real:
        evaluate_real(detector, args.labels, args.real, args.draw)


if __name__ == "__main__":
    main()
