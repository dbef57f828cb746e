"""Hold the hand tracker, and the bare hand landmarker, against rendered clips with ground truth.

    python -m scripts.evaluate_hands CLIP_FOLDER... --model hand_landmarker.task [--no-roi] [--save DIR]
    [--markdown]

A clip folder holds clip.mp4 and truth.json. Every frame goes through the bare landmarker (full frame,
thresholds 0.5 and 0.3) and through the tracker, one after the other, so that their times are comparable.
The back's box that the tracker is given comes from the truth's back landmarks, as a calibration would give
it; ``--no-roi`` withholds it. Figures are over frames in which the thumb touches the back, except false
hands (all frames).
"""

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser
from trainer.capture.video import open_video
from trainer.perception.contact import hand_size
from trainer.perception.landmarker import Detection, HandLandmarker
from trainer.perception.observation import HANDS, Hand, HandPair, Status
from trainer.perception.tracker import HandTracker

_SAME = 0.6  # in hand sizes: median landmark distance under which an answer is that hand
_COLUMNS = (
    "found",
    "detected",
    "wrong side",
    "false",
    "px med",
    "px p95",
    "palm med",
    "cm med",
    "cm p95",
    "nres",
)


@dataclass(frozen=True, eq=False)
class Answer:
    """One hand of one frame, as some method answers."""

    keypoints: NDArray[np.float64]
    contact: NDArray[np.float64]
    sigma: float
    detected: bool


@dataclass
class Tally:
    """What is counted about one method."""

    frames: int = 0
    contacts: int = 0
    found: int = 0
    detected: int = 0
    wrong_side: int = 0
    false: int = 0
    seconds: float = 0.0
    error_px: list[float] = field(default_factory=list)
    error_palm: list[float] = field(default_factory=list)
    error_cm: list[float] = field(default_factory=list)
    normalised: list[float] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Pool another clip."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def figures(self) -> dict[str, float]:
        """Return the figures of the table."""
        nowhere = [float("nan")]
        return {
            "found": self.found / max(self.contacts, 1),
            "detected": self.detected / max(self.contacts, 1),
            "wrong side": self.wrong_side / max(self.contacts, 1),
            "false": self.false / max(self.frames, 1),
            "px med": float(np.median(self.error_px or nowhere)),
            "px p95": float(np.percentile(self.error_px or nowhere, 95)),
            "palm med": float(np.median(self.error_palm or nowhere)),
            "cm med": float(np.median(self.error_cm or nowhere)),
            "cm p95": float(np.percentile(self.error_cm or nowhere, 95)),
            "nres": float(np.sqrt(np.mean(np.square(self.normalised or nowhere)))),
            "ms": 1e3 * self.seconds / max(self.frames, 1),
        }


def from_bare(detections: list[Detection]) -> dict[Hand, Answer]:
    """Take the landmarker at its word: its label is the hand, the tip is the contact."""
    answers: dict[Hand, Answer] = {}
    for item in sorted(detections, key=lambda item: item.label_score):
        answers[item.label] = Answer(item.keypoints, item.keypoints[4], float("nan"), True)
    return answers


def from_pair(pair: HandPair) -> dict[Hand, Answer]:
    """Take what the tracker says."""
    answers: dict[Hand, Answer] = {}
    for hand in HANDS:
        seen = pair.get(hand)
        if seen is not None:
            answers[hand] = Answer(
                seen.keypoints, seen.contact_px, seen.contact_sigma_px, seen.status is Status.DETECTED
            )
    return answers


def to_back(truth: dict[str, Any], frame: dict[str, Any], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map pixels to back centimetres with the homography of this frame's true back landmarks."""
    import cv2

    names = truth["back_landmark_names"]
    cm = np.array(list(truth["back_cm"].values()), dtype=np.float64)
    px = np.array([frame["back"][names.index(name)] for name in truth["back_cm"]], dtype=np.float64)
    matrix, _ = cv2.findHomography(px, cm)
    mapped = cv2.perspectiveTransform(points.reshape(-1, 1, 2), matrix)
    return np.asarray(mapped.reshape(-1, 2), dtype=np.float64)


def count(tally: Tally, answers: dict[Hand, Answer], truth: dict[str, Any], frame: dict[str, Any]) -> None:
    """Add one frame to a tally."""
    tally.frames += 1
    true = {hand: np.array(frame["hands"][hand]["px"], dtype=np.float64) for hand in HANDS}
    for hand in HANDS:
        answer = answers.get(hand)
        touching = bool(frame["hands"][hand]["contact"])
        tally.contacts += touching
        if answer is None:
            continue
        distance = {
            other: float(np.median(np.hypot(*(answer.keypoints - true[other]).T))) / hand_size(true[other])
            for other in HANDS
        }
        nearest = min(HANDS, key=lambda other: distance[other])
        if distance[nearest] > _SAME:
            tally.false += 1
            continue
        if not touching:
            continue
        # An answer for this hand that lies on the other one is on the wrong side, and no find.
        if nearest != hand and distance[hand] > _SAME:
            tally.wrong_side += 1
            continue
        if nearest != hand:
            tally.wrong_side += 1
            continue
        tally.found += 1
        tally.detected += answer.detected
        contact = np.array(frame["hands"][hand]["contact_px"], dtype=np.float64)
        error = answer.contact - contact
        tally.error_px.append(float(np.hypot(*error)))
        tally.error_palm.append(tally.error_px[-1] / hand_size(true[hand]))
        cm = to_back(truth, frame, np.vstack([answer.contact, contact]))
        tally.error_cm.append(float(np.hypot(*(cm[0] - cm[1]))))
        tally.normalised.extend((error / answer.sigma).tolist())


def evaluate(folder: Path, model: bytes, roi: bool, save: Path | None) -> dict[str, Tally]:
    """Run all three methods over a clip."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    tallies = {"bare 0.5": Tally(), "bare 0.3": Tally(), "tracker": Tally()}
    record: list[list[float]] = []
    with (
        HandLandmarker(model) as half,
        HandLandmarker(model, detection=0.3, presence=0.3, tracking=0.3) as third,
        HandTracker(model) as tracker,
        open_video(folder / "clip.mp4") as video,
    ):
        for frame in video:
            if frame.index >= len(truth["frames"]):
                break
            true = truth["frames"][frame.index]
            back = np.array(true["back"], dtype=np.float64)
            (x0, y0), (x1, y1) = back.min(axis=0).tolist(), back.max(axis=0).tolist()
            start = time.perf_counter()
            bare_half = half.detect(frame.image, frame.time_s)
            tallies["bare 0.5"].seconds += time.perf_counter() - start
            start = time.perf_counter()
            bare_third = third.detect(frame.image, frame.time_s)
            tallies["bare 0.3"].seconds += time.perf_counter() - start
            start = time.perf_counter()
            pair = tracker.update(frame, (x0, y0, x1, y1) if roi else None)
            tallies["tracker"].seconds += time.perf_counter() - start
            count(tallies["bare 0.5"], from_bare(bare_half), truth, true)
            count(tallies["bare 0.3"], from_bare(bare_third), truth, true)
            count(tallies["tracker"], from_pair(pair), truth, true)
            for hand, answer in from_pair(pair).items():
                row = [frame.index, HANDS.index(hand), answer.detected, answer.sigma, *answer.contact]
                record.append([*row, *answer.keypoints.ravel().tolist()])
    if save is not None:
        save.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(save / f"{folder.name}.npz", hands=np.array(record))
    return tallies


def rows(clip: str, tallies: dict[str, Tally]) -> list[tuple[str, str, dict[str, float]]]:
    """Return a clip's rows of the table, with each method's time over the bare landmarker's."""
    bare = tallies["bare 0.5"].figures()["ms"]
    table = []
    for method, tally in tallies.items():
        figures = tally.figures()
        figures["ratio"] = figures["ms"] / bare if bare else float("nan")
        table.append((clip, method, figures))
    return table


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("clips", nargs="+", type=Path, help="folders with clip.mp4 and truth.json")
    parser.add_argument("--model", type=Path, required=True, help="hand_landmarker.task")
    parser.add_argument("--no-roi", action="store_true", help="withhold the back's box from the tracker")
    parser.add_argument("--save", type=Path, help="folder for the tracker's answers, one .npz per clip")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    args = parser.parse_args()
    model = args.model.read_bytes()
    pooled = {"bare 0.5": Tally(), "bare 0.3": Tally(), "tracker": Tally()}
    names = (*_COLUMNS, "ms", "ratio")
    gap, edge = (" | ", "|") if args.markdown else ("  ", "")
    print(edge + gap.join(["clip", "method", *names]) + edge, flush=True)
    if args.markdown:
        print("|" + "---|" * (len(names) + 2))
    for clip in [*args.clips, None]:
        if clip is not None:
            tallies = evaluate(clip, model, not args.no_roi, args.save)
            for method, tally in tallies.items():
                pooled[method].add(tally)
        for name, method, figures in rows(clip.name if clip else "all", tallies if clip else pooled):
            cells = [
                f"{figures[column]:.3f}" if column in _SHARES else f"{figures[column]:.2f}"
                for column in names
            ]
            print(edge + gap.join([name, method, *cells]) + edge, flush=True)
    return 0


_SHARES = ("found", "detected", "wrong side", "false")

if __name__ == "__main__":
    sys.exit(main())
