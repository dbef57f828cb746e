"""Measure models/back_landmarks.onnx: unseen renders, whole rendered clips, photographs and footage.

    python -m scripts.evaluate_back_landmarks --renders HELD_OUT                 # of render_back_landmarks.py
    python -m scripts.evaluate_back_landmarks --clips CLIP_FOLDER ...            # clip.mp4 + truth.json
    python -m scripts.evaluate_back_landmarks --real MIRRORS                     # bare clones: MIRRORS/owner+name/repo
    python -m scripts.evaluate_back_landmarks --renders HELD_OUT --calibrate     # write the sigma scale into the model

Errors are distances in the picture over the C7-T7 distance there, times 17.5 cm: half a vertebra is 1.5 cm, one 3 cm.
"""

import json
import time
from pathlib import Path

import cv2
import numpy as np

from scripts.backnet.data import presence_target, read_samples
from scripts.backnet.measures import ELSEWHERE_CM, Tally, median_cm, print_groups, say, tally
from scripts.backnet.real_pictures import evaluate_real
from scripts.backnet.sigma_scale import calibrate
from scripts.common.arguments import argument_parser
from trainer.perception.back_landmarks import LANDMARKS, BackLandmarkDetector, combine


def evaluate_renders(detector: BackLandmarkDetector, folder: Path, limit: int | None) -> None:
    """Unseen renders, by view, skin, clothes, hands and posture; false presence on those without a back."""
    groups: dict[str, Tally] = {}
    false, negatives, seconds, calls = 0, 0, 0.0, 0
    # by whether the practitioner's body is in the scene
    elsewhere: dict[bool, list[bool]] = {True: [], False: []}
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
            elsewhere[bool(m["torso"])].append(median_cm(found, truth) > ELSEWHERE_CM)
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
    print_groups(f"Unseen renders in {folder.name}", groups)
    say(
        f"\nAnswers about something else than the recipient's back (over {ELSEWHERE_CM:.0f} cm off): "
        f"{sum(elsewhere[True])} of {len(elsewhere[True])} where the practitioner's body is in the scene, "
        f"{sum(elsewhere[False])} of {len(elsewhere[False])} where it is not."
    )
    each = 1000 * seconds / calls
    say(
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
    print_groups(f"Rendered clips, every {every}th frame", groups)
    say()


def main() -> None:
    """Measure what is asked for, or calibrate."""
    parser = argument_parser(__file__, __doc__)
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
