"""Analyse other people's recordings, the back found by the program itself, and hold the sessions against labels.

    python -m scripts.evaluate_real_clips MIRRORS --out SCRATCH
    python -m scripts.evaluate_real_clips MIRRORS --out SCRATCH --only victorian linkuup --json

MIRRORS holds bare clones as owner+name/repo; the labels are datasets/real/real_clips.json, made by eye. The
recordings are copied to SCRATCH to be read; they are not ours: do not publish them.

What is counted, recording by recording:

back          usable recordings: ``yes`` when the landmarks that the session has within 0.2 s of a labelled moment lie
              on average within half of the C7-T7 distance of the labels (8.8 cm; a back turned by 90 degrees is
              farther off), ``wrong`` when they do not, ``elsewhere`` when it has a back only at other times, ``no``
              when it has none. Recordings without a back: ``wrong`` when it has one in any frame, else ``no``
off           that average, in C7-T7 distances
back share    share of the frames of the labelled stretches that have a back
hands found   over the labelled seconds in which the practitioner's hands are visible: hands found in the picture
              (no more than are visible) over hands visible
hands placed  the same for hands really seen and placed on the back, over hands that work on it
false hands   share of the frames of labelled seconds with more hands found than are visible
verdicts      camera items met, partly met or not met
on nothing    those of them given although not even one hand was seen on the back for 60 % of the massage: of the
              labelled seconds in which a hand works on the back; where none does, of nothing
on one hand   the same, although both hands were not seen for 60 %
"""

import argparse
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scripts.common.arguments import argument_parser
from scripts.common.mirrors import read_blob
from scripts.common.unseen_verdicts import placed_hands, seen_verdicts
from trainer.evaluation.table import Row, json_figures, markdown_table, text_table
from trainer.session.model import Session
from trainer.session.reader import open_session

if TYPE_CHECKING:
    import pandas as pd

LABELS = Path(__file__).parents[1] / "datasets" / "real" / "real_clips.json"
RIGHT_WITHIN = 0.5
"""Of the C7-T7 distance."""
NEAR_S = 0.2

COLUMNS = (
    ("back_off", "off (C7-T7)", ".2f"),
    ("back_share", "back share", ".0%"),
    ("hands_found", "hands found", ".0%"),
    ("hands_placed", "hands placed", ".0%"),
    ("false_hands", "false hands", ".0%"),
    ("verdicts", "verdicts", "d"),
    ("verdicts_on_nothing", "on nothing", "d"),
    ("verdicts_on_one_hand", "on one hand", "d"),
)


def back_off(label: Mapping[str, Any], landmarks: "pd.DataFrame") -> float:
    """Return how far the session's back lies from the labelled one, in C7-T7 distances of the label.

    The mean over the landmarks of a labelled moment, and the largest of these over the moments, so that a back
    that is right once and wrong later is wrong.

    Parameters
    ----------
    label : mapping
        A recording of the labels, with ``marks``.
    landmarks : DataFrame
        The back's rows of ``landmarks.parquet``.

    Returns
    -------
    float
        NaN when the session has no back near any labelled moment.
    """
    offs = []
    for mark in label["marks"]:
        near = landmarks[(landmarks["time_s"] - mark["time_s"]).abs() <= NEAR_S]
        if near.empty:
            continue
        closest = near.iloc[(near["time_s"] - mark["time_s"]).abs().argmin()]["frame"]
        found = near[near["frame"] == closest].set_index("keypoint")
        names = [name for name in mark["landmarks"] if name in found.index]
        points = found.loc[names, ["x", "y"]].to_numpy(np.float64)
        labelled = np.array([mark["landmarks"][name] for name in names])
        length = np.hypot(*np.subtract(mark["landmarks"]["C7"], mark["landmarks"]["T7"]))
        offs.append(float(np.hypot(*(points - labelled).T).mean() / length))
    return max(offs) if offs else float("nan")


def per_frame(label: Mapping[str, Any], time_s: NDArray[np.float64], field: str) -> NDArray[np.float64]:
    """Return a labelled count at each moment, shape (n,); NaN where nobody looked."""
    out = np.full(len(time_s), np.nan)
    for second in label.get("seconds", []):
        value = second[field]
        inside = (time_s >= second["from_s"]) & (time_s < second["from_s"] + 1)
        out[inside] = np.nan if value is None else value
    return out


def verdict_on_back(label: Mapping[str, Any], off: float, anywhere: bool) -> str:
    """Return yes, no, wrong or elsewhere."""
    if not anywhere:
        return "no"
    if label["view"] != "usable":
        return "wrong" if label["view"] == "none" else "yes"
    if math.isnan(off):
        return "elsewhere"
    return "yes" if off <= RIGHT_WITHIN else "wrong"


def figures_of(label: Mapping[str, Any], session: Session) -> tuple[str, dict[str, float | int]]:
    """Return whether the back was found, and the figures of one recording."""
    marks, thumbs = session.landmarks, session.thumbs
    time_s, placed = placed_hands(thumbs)
    back = marks[marks["entity"] == "back"]
    off = back_off(label, back) if label.get("marks") else float("nan")
    with_back = np.isin(time_s, back["time_s"].unique())
    usable = np.zeros(len(time_s), bool)
    for start, end in label["back_visible_s"]:
        usable |= (time_s >= start) & (time_s < end)
    hands = marks[marks["entity"].isin(["hand_left", "hand_right"])]
    count = hands.groupby("time_s")["entity"].nunique()
    found = count.reindex(time_s, fill_value=0).to_numpy(np.float64)
    visible = per_frame(label, time_s, "hands_visible")
    working = per_frame(label, time_s, "hands_on_back")
    looked = ~np.isnan(visible)
    seen_on_back = np.minimum(placed, np.nan_to_num(working)).astype(np.intp)
    verdicts = seen_verdicts(session.score, seen_on_back, np.nan_to_num(working) > 0)
    return verdict_on_back(label, off, bool(len(back))), {
        "back_off": off,
        "back_share": float(with_back[usable].mean()) if usable.any() else float("nan"),
        "hands_found": _share(np.minimum(found, visible)[looked].sum(), visible[looked].sum()),
        "hands_placed": _share(seen_on_back.sum(), np.nansum(working)),
        "false_hands": _share((found > visible)[looked].sum(), looked.sum()),
    } | verdicts.counts()


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def session_of(label: Mapping[str, Any], args: argparse.Namespace) -> Session | None:
    """Analyse a recording, or read the session that is there; None where it cannot be had or read."""
    folder = args.out / label["id"]
    if not (args.reuse and (folder / "session.json").is_file()):
        content = read_blob(args.mirrors, label["repo"], label["blob"])
        if content is None:
            sys.stderr.write(f"{label['id']}: not in {args.mirrors.name}\n")
            return None
        shutil.rmtree(folder, ignore_errors=True)
        args.out.mkdir(parents=True, exist_ok=True)
        video = args.out / f"{label['id']}{Path(label['path']).suffix}"
        video.write_bytes(content)
        command = [sys.executable, "-m", "trainer.cli", "analyze", str(video), "--out", str(folder)]
        done = subprocess.run(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        if done.returncode:
            sys.stderr.write(f"{label['id']}: {done.stderr.strip().splitlines()[-1:]}\n")
            return None
    sys.stderr.write(f"{label['id']} done\n")
    return open_session(folder)


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("mirrors", type=Path, metavar="MIRRORS")
    parser.add_argument("--out", type=Path, required=True, help="where recordings and sessions are written")
    parser.add_argument(
        "--labels", type=Path, default=LABELS, help="instead of datasets/real/real_clips.json"
    )
    parser.add_argument("--only", nargs="+", metavar="ID", help="these recordings alone")
    parser.add_argument("--reuse", action="store_true", help="use sessions that are there already")
    parser.add_argument("--markdown", action="store_true", help="print a table for docs/results.md")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args(argv)
    recordings = json.loads(args.labels.read_text(encoding="utf-8"))["recordings"]
    known = {label["id"] for label in recordings}
    if args.only and not known.issuperset(args.only):
        sys.stderr.write(f"Expected ids of {args.labels.name}, got {sorted(set(args.only) - known)}.\n")
        return 2
    rows: list[Row] = []
    answers: dict[str, tuple[str, str]] = {}
    for label in recordings:
        if args.only and label["id"] not in args.only:
            continue
        session = session_of(label, args)
        if session is None:
            continue
        answer, figures = figures_of(label, session)
        answers[label["id"]] = (label["view"], answer)
        rows.append((f"{label['id']} ({label['view']}: {answer})", figures))
    if not rows:
        sys.stderr.write(
            f"Expected clones as owner+name/repo in {args.mirrors}, found none of the labels'.\n"
        )
        return 1
    _print(rows, answers, args)
    return 0


def _print(rows: Sequence[Row], answers: Mapping[str, tuple[str, str]], args: argparse.Namespace) -> None:
    usable = [answer for view, answer in answers.values() if view == "usable"]
    none = [answer for view, answer in answers.values() if view == "none"]
    total = {
        "usable": len(usable),
        "back_found": usable.count("yes"),
        "back_wrong": usable.count("wrong"),
        "without_a_back": len(none),
        "false_backs": none.count("wrong"),
        "verdicts_on_nothing": sum(int(figures["verdicts_on_nothing"]) for _, figures in rows),
        "verdicts_on_one_hand": sum(int(figures["verdicts_on_one_hand"]) for _, figures in rows),
    }
    if args.json:
        each = {
            name: {"view": answers[name][0], "back": answers[name][1]} | json_figures(figures)
            for name, (_, figures) in zip(answers, rows, strict=True)
        }
        sys.stdout.write(json.dumps({"all": total, "recordings": each}, indent=1) + "\n")
        return
    layout = markdown_table if args.markdown else text_table
    sys.stdout.write(layout(rows, COLUMNS))
    sys.stdout.write(
        f"Usable recordings: back found in {total['back_found']} of {total['usable']}, wrong in "
        f"{total['back_wrong']}. Without a back: {total['false_backs']} false of {total['without_a_back']}. "
        f"Verdicts that rest on no hand seen for 60 % of the massage: {total['verdicts_on_nothing']}; on both "
        f"hands not seen for that long: {total['verdicts_on_one_hand']}.\n"
    )


if __name__ == "__main__":
    raise SystemExit(main())
