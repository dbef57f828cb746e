"""The model against photographs and footage labelled by eye (datasets/back_landmarks/real_labels.json)."""

import json
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.backnet.measures import C7_T7_CM, Tally, print_groups, say, tally
from scripts.common.mirrors import read_blob
from trainer.perception.back_landmarks import LANDMARKS, BackDetection, BackLandmarkDetector


def _picture(entry: dict[str, Any], mirrors: Path, cache: dict[str, Any]) -> NDArray[np.uint8] | None:
    """Read a labelled picture or frame out of a bare clone."""
    if "frame" not in entry:
        content = read_blob(mirrors, entry["repo"], entry["blob"])
        bgr = None if content is None else cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    else:
        if entry["blob"] not in cache:
            content = read_blob(mirrors, entry["repo"], entry["blob"])
            if content is None:
                return None
            file = cache["folder"] / (entry["blob"] + Path(entry["path"]).suffix)
            file.write_bytes(content)
            cache[entry["blob"]] = cv2.VideoCapture(str(file))
        cache[entry["blob"]].set(cv2.CAP_PROP_POS_FRAMES, entry["frame"])
        bgr = cache[entry["blob"]].read()[1]
    return None if bgr is None else np.ascontiguousarray(bgr[:, :, ::-1], np.uint8)


def evaluate_real(detector: BackLandmarkDetector, labels: Path, mirrors: Path, out: Path | None) -> None:
    """Photographs and footage labelled by eye; the labels' own repeatability where a picture was labelled
    twice.
    """
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
    print_groups("Photographs and footage, labelled by eye", groups)
    say()
    for name, (reported, pictures) in sorted(counts.items()):
        say(f"A back reported in {reported} of {pictures} pictures labelled {name}.")
    if in_place:
        raw, rest = np.median(in_place, axis=0)
        say(
            f"Told where the back is: median {raw:.2f} cm over {len(in_place)} pictures, {rest:.2f} cm after "
            "one shift, turn and size of all landmarks."
        )
    if ceiling:
        say(
            f"The same person labelling again: median {np.median(ceiling):.2f} cm, "
            f"p95 {np.percentile(ceiling, 95):.2f} cm, {len(ceiling)} landmarks."
        )
    if missing:
        say(f"{missing} pictures could not be read from {mirrors.name}.")


def _in_place(
    detector: BackLandmarkDetector, image: NDArray[np.uint8], truth: dict[str, Any]
) -> tuple[float, float] | None:
    """Median error, cm, of a crop put where the back is; raw, and after one shift, turn and size of all points."""
    from trainer.perception.back_landmarks import _VIEWS
    from trainer.perception.back_reading import Reading

    points = np.array([truth.get(name, (np.nan, np.nan)) for name in LANDMARKS], np.float64)
    known = np.asarray(np.isfinite(points).all(1))
    if not known[[0, 1, 2, 4, 8]].all() or known.sum() < 11:
        return None
    start = np.where(known[:, None], points, points[2] + 0.7 * (points[2] - points[0]))
    found = detector._look_closer(image, Reading(start, np.ones(len(LANDMARKS)), 1.0, 1.0), _VIEWS).points
    a, b = found[known], points[known]
    scale = float(np.linalg.norm(points[0] - points[2])) / C7_T7_CM
    p, q = a - a.mean(0), b - b.mean(0)
    u, stretch, v = np.linalg.svd(p.T @ q)
    moved = p @ (u @ v) * stretch.sum() / (p**2).sum()
    raw, rest = np.linalg.norm(a - b, axis=1), np.linalg.norm(moved - q, axis=1)
    return float(np.median(raw)) / scale, float(np.median(rest)) / scale


def _draw(image: NDArray[np.uint8], entry: dict[str, Any], found: BackDetection | None, path: Path) -> None:
    scale = 640 / max(image.shape[:2])
    bgr = np.ascontiguousarray(image[:, :, ::-1])
    picture = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for name, p in entry.get("landmarks", {}).items():
        cv2.drawMarker(
            picture, (int(p[0] * scale), int(p[1] * scale)), _colour(name), cv2.MARKER_CROSS, 10, 2
        )
    text = f"{entry['presence']} -"
    if found is not None:
        text = f"{entry['presence']} {found.presence:.2f}"
        for name, p in found.landmarks.items():
            centre = (int(p[0] * scale), int(p[1] * scale))
            cv2.circle(picture, centre, max(3, int(found.sigma_px[name] * scale)), _colour(name), 1)
            cv2.circle(picture, centre, 2, _colour(name), -1)
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
