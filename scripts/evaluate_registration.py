"""How exactly marked landmarks turn pixels into centimetres, against rendered truth.

    python -m scripts.evaluate_registration CLIP_FOLDER... [--frames N] [--seed N]

For frames of each clip, the truth's landmarks (with or without label noise) are registered and the true
contact points of the thumbs are mapped onto the back; a plane (homography) and a thin plate spline on the
same landmarks are the yardsticks. `ratio` is the share of errors, per axis, within two stated standard
deviations (0.95 when honest).
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from scripts.common.arguments import argument_parser
from trainer.back.frame import BACK_LANDMARKS
from trainer.back.registration import register
from trainer.back.size import BackSize

Array = NDArray[np.float64]
Mapper = Callable[[Array], tuple[Array, Array]]

SETS: dict[str, tuple[str, ...]] = {
    "12": BACK_LANDMARKS,
    "6": (
        "C7",
        "T7",
        "T12",
        "left_scapula_inferior_angle",
        "right_scapula_inferior_angle",
        "right_scapula_spine_root",
    ),
    "4": ("C7", "T12", "left_scapula_inferior_angle", "right_scapula_inferior_angle"),
}
VIEWS = ((0.0, 20.0), (20.0, 45.0), (45.0, 90.0))


def plane(marks: Mapping[str, Array], known: Mapping[str, Array]) -> Mapper:
    """Homography through the landmarks whose place is known."""
    names = [name for name in marks if name in known]
    matrix, _ = cv2.findHomography(np.array([marks[n] for n in names]), np.array([known[n] for n in names]))

    def back(points: Array) -> tuple[Array, Array]:
        mapped = cv2.perspectiveTransform(points[None], matrix)[0]
        return mapped, np.full(len(points), np.nan)

    return back


def spline(marks: Mapping[str, Array], known: Mapping[str, Array]) -> Mapper:
    """Thin plate spline through the landmarks whose place is known."""
    names = [name for name in marks if name in known]
    fit = RBFInterpolator(
        np.array([marks[n] for n in names]), np.array([known[n] for n in names]), kernel="thin_plate_spline"
    )
    return lambda points: (fit(points), np.full(len(points), np.nan))


def surface(marks: Mapping[str, Array], size: tuple[int, int], noise_px: float) -> Mapper:
    """Pijat's own registration; the size of the back is known, as in the truth."""
    fitted = register(dict(marks), max(noise_px, 1.0), size, BackSize(1.0, 0.0, measured=True))
    return fitted.to_back


@dataclass(frozen=True, eq=False)
class Row:
    """What one method makes of one set of marks on one clip: errors (n, 2) and stated sigma per axis (n,), cm."""

    azimuth: float
    marks: str
    noise_px: float
    method: str
    error: Array
    sigma: Array


def evaluate(clip: Path, frames: int, rng: np.random.Generator) -> list[Row]:
    """Return one row per landmark set, noise and method."""
    truth = json.loads((clip / "truth.json").read_text(encoding="utf-8"))
    size = (int(truth["size"][0]), int(truth["size"][1]))
    known = {name: np.array(place, dtype=float) for name, place in truth["back_cm"].items()}
    azimuth = abs(float(truth["spec"]["camera"].get("az", 0)))
    count = len(truth["frames"])
    rows: list[Row] = []
    for chosen, names in SETS.items():
        for noise_px in (0.0, 3.0):
            errors: dict[str, list[Array]] = {"plane": [], "spline": [], "surface": []}
            sigmas: list[Array] = []
            for index in np.linspace(0, count - 1, frames).astype(int):
                frame = truth["frames"][index]
                places = dict(
                    zip(truth["back_landmark_names"], np.array(frame["back"], dtype=float), strict=True)
                )
                marks = {name: places[name] + rng.normal(0, noise_px, 2) for name in names}
                pixels, back = _contacts(truth["frames"][max(0, index - 3) : index + 4])
                if len(pixels) == 0:
                    continue
                for method, mapper in (
                    ("plane", plane(marks, known)),
                    ("spline", spline(marks, known)),
                    ("surface", surface(marks, size, noise_px)),
                ):
                    mapped, sigma = mapper(pixels)
                    errors[method].append(mapped - back)
                    if method == "surface":
                        sigmas.append(sigma)
            for method, found in errors.items():
                if found:
                    error = np.concatenate(found)
                    sigma = np.concatenate(sigmas) if method == "surface" else np.full(len(error), np.nan)
                    rows.append(Row(azimuth, chosen, noise_px, method, error, sigma))
    return rows


def _contacts(frames: list[dict[str, Any]]) -> tuple[Array, Array]:
    hands = [hand for frame in frames for hand in frame["hands"].values() if hand["contact"]]
    pixels = np.array([hand["contact_px"] for hand in hands], dtype=float).reshape(-1, 2)
    return pixels, np.array([[hand["lateral_cm"], hand["down_cm"]] for hand in hands], dtype=float).reshape(
        -1, 2
    )


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument(
        "clips", nargs="+", type=Path, help="folders with truth.json, or folders of such folders"
    )
    parser.add_argument("--frames", type=int, default=8, help="frames per clip (default 8)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    clips = sorted(
        p.parent for folder in args.clips for p in (*folder.glob("truth.json"), *folder.glob("*/truth.json"))
    )
    if not clips:
        sys.stderr.write("Expected folders with truth.json, got none.\n")
        return 1
    rng = np.random.default_rng(args.seed)
    rows = [row for clip in clips for row in evaluate(clip, args.frames, rng)]
    sys.stdout.write(
        f"{len(clips)} clips, {args.frames} frames each\n\n"
        "| marks | noise px | view | plane median / p95 cm | spline | Pijat | within 2 sigma | unmapped |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    for chosen in SETS:
        for noise_px in (0.0, 3.0):
            for low, high in (*VIEWS, (0.0, 90.0)):
                picked = [
                    r
                    for r in rows
                    if r.marks == chosen and r.noise_px == noise_px and low <= r.azimuth < high
                ]
                if not picked:
                    continue
                view = "all" if high - low == 90 else f"{low:.0f}-{high:.0f} deg"
                sys.stdout.write(f"| {chosen} | {noise_px:.0f} | {view} | {_cells(picked)} |\n")
    return 0


def _cells(rows: list[Row]) -> str:
    cells = []
    for method in ("plane", "spline", "surface"):
        distance = np.concatenate([np.hypot(*r.error.T) for r in rows if r.method == method])
        cells.append(f"{np.nanmedian(distance):.2f} / {np.nanpercentile(distance, 95):.2f}")
    error = np.concatenate([r.error for r in rows if r.method == "surface"])
    sigma = np.concatenate([r.sigma for r in rows if r.method == "surface"])
    seen = np.isfinite(sigma)
    cells.append(f"{(np.abs(error[seen]) < 2 * sigma[seen, None]).mean():.2f}")
    cells.append(f"{1 - seen.mean():.3f}")
    return " | ".join(cells)


if __name__ == "__main__":
    sys.exit(main())
