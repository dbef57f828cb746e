"""Measure rendered clips in which a body hides hands and back, against what their camera could see.

    python -m scripts.evaluate_low_views CLIP_FOLDER... --out SCRATCH
    python -m scripts.evaluate_low_views CLIP_FOLDER... --out SCRATCH --calibration none --json

A clip folder holds clip.mp4 and truth.json (`python -m scripts.render_clip` makes it from one of
datasets/back_landmarks/specs/low_*.json). With ``--calibration truth`` (the default) the back is marked where the
truth has it, on the frame that shows most of it; with ``none`` the program finds the back by itself.

What is counted, over each hand's frames (`trainer.evaluation.visible`):

contact             the thumb touches the back (the truth's ``contact``: lifted by less than 0.3 cm)
visible             a contact whose thumb tip is in the picture and not hidden (the truth's ``occluded``, the
                    practitioner's own body, arms and hands included)
visible observed    share of the visible contacts for which the session places the thumb on the back
                    (thumbs.parquet: status detected, tracked or interpolated, with a position); a clip that
                    the program declines counts as nothing observed
visible seen        the same without the interpolated ones
thumb median, p95   distance along the back between placed and true thumb, of the visible contacts observed
placed wrong        share of ALL placed contacts, visible or hidden, that are off by more than 3 stated sigmas
                    and more than 2 cm
hidden placed       share of all placed contacts whose thumb tip is hidden
F1@50 visible       segmental F1 (an overlap of half) of the strokes whose thumb tip is visible in half of their
                    frames or more; the others are neither to be found nor to be left out
verdicts            camera items met, partly met or not met
on nothing          those of them given although not even one hand was really seen (detected or tracked, placed,
                    its tip visible) for 60 % of the massage, the frames in which a thumb touches the back
on one hand         the same, although both hands were not seen for 60 %
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scripts.common.arguments import argument_parser
from scripts.common.unseen_verdicts import SeenVerdicts, seen_verdicts
from scripts.evaluate import add_analysis_arguments, analysed, check_clips
from trainer.evaluation.compare import thumbs_at_truth
from trainer.evaluation.table import Row, json_figures, markdown_table, text_table
from trainer.evaluation.truth import Truth, read_truth
from trainer.evaluation.visible import VisibleFigures, compare_visible, pool_visible
from trainer.session.model import Session
from trainer.session.reader import open_session

COLUMNS = (
    ("contact_frames", "contacts", "d"),
    ("visible_share", "visible", ".0%"),
    ("visible_observed", "visible observed", ".1%"),
    ("visible_seen", "visible seen", ".1%"),
    ("thumb_error_median_cm", "thumb median (cm)", ".2f"),
    ("thumb_error_p95_cm", "thumb p95 (cm)", ".2f"),
    ("placed_frames", "placed", "d"),
    ("placed_wrong", "placed wrong", ".1%"),
    ("hidden_placed", "hidden placed", ".1%"),
    ("visible_strokes", "visible strokes", "d"),
    ("f1_50_visible", "F1@50 visible", ".3f"),
    ("verdicts", "verdicts", "d"),
    ("verdicts_on_nothing", "on nothing", "d"),
    ("verdicts_on_one_hand", "on one hand", "d"),
)


def figures_of(clip: Path, args: argparse.Namespace) -> tuple[VisibleFigures, SeenVerdicts | None]:
    """Return one clip's figures, both hands pooled, and its verdicts; None where it could not be analysed."""
    import pandas as pd

    truth = read_truth(clip / "truth.json")
    path = analysed(clip, args.out / clip.name, args)
    if path is None:
        thumbs = pd.DataFrame(columns=["hand", "time_s", "lateral_cm", "caudal_cm", "sigma_cm", "status"])
        events = pd.DataFrame(columns=["hand", "trial_type", "onset", "duration"])
        return pool_visible(compare_visible(events, thumbs, truth).values()), None
    session = open_session(path)
    figures = pool_visible(compare_visible(session.events, session.thumbs, truth).values())
    return figures, verdicts_of(session, truth)


def verdicts_of(session: Session, truth: Truth) -> SeenVerdicts:
    """Say what a session of a rendered clip states, and on how much."""
    if truth.time_s is None:
        raise ValueError("Expected the truth of a rendered clip, got a timeline.")
    seen = np.zeros(len(truth.time_s), np.intp)
    massage = np.zeros(len(truth.time_s), bool)
    for hand, real in truth.hands.items():
        track = session.thumbs[session.thumbs["hand"] == hand]
        measured, _, status = thumbs_at_truth(track, truth.time_s)
        really = np.isin(status, ["detected", "tracked"]) & np.isfinite(measured).all(axis=1)
        seen += really & np.asarray(real.thumb_visible)
        massage |= np.asarray(real.contact)
    return seen_verdicts(session.score, seen, massage)


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    add_analysis_arguments(parser)
    parser.set_defaults(clearest_frame=True)
    args = parser.parse_args(argv)
    wrong = check_clips(args.clips)
    if wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    parts: list[VisibleFigures] = []
    rows: list[Row] = []
    failed: list[str] = []
    counts = Counter[str]()
    for clip in args.clips:
        figures, verdicts = figures_of(clip, args)
        parts.append(figures)
        own = verdicts.counts() if verdicts else {}
        counts.update(own)
        rows.append((clip.name, figures.summary() | own))
        failed += [] if verdicts else [clip.name]
        sys.stderr.write(f"{clip.name} done\n")
    rows.append(("all", pool_visible(parts).summary() | counts))
    if args.json:
        sys.stdout.write(json.dumps({name: json_figures(row) for name, row in rows}, indent=1) + "\n")
    else:
        layout = markdown_table if args.markdown else text_table
        sys.stdout.write(layout(rows, COLUMNS))
    if failed:
        sys.stderr.write(f"Could not be analysed, counted as nothing observed: {', '.join(failed)}.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
