"""Analyse rendered clips with ``pijat analyze`` and hold the sessions against their ground truth.

    python -m scripts.evaluate CLIP_FOLDER... --out SCRATCH
    python -m scripts.evaluate CLIP_FOLDER... --out SCRATCH --calibration none --markdown

A clip folder holds clip.mp4 and truth.json. With ``--calibration truth`` (the default) each clip gets the
calibration that a careful person would have made on its first frame: the landmarks in sight, marked where
the truth has them, with a marking error if ``--label-noise-px`` is given. With ``none`` the program finds the
back by itself.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.common.arguments import argument_parser
from trainer.evaluation.compare import Comparison, compare, pool
from trainer.evaluation.table import Row, json_figures, markdown_table, text_table
from trainer.evaluation.truth import calibration_document, read_truth
from trainer.session.reader import open_session


def analysed(clip: Path, session: Path, args: argparse.Namespace) -> Path | None:
    """Analyse a clip into a session folder, or use the one there; None when the analysis failed."""
    if args.reuse and (session / "session.json").is_file():
        return session
    shutil.rmtree(session, ignore_errors=True)
    session.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "trainer.cli", "analyze", str(clip / "clip.mp4"), "--out", str(session)]
    if args.calibration == "truth":
        calibration = session.with_name(f"{session.name}.calibration.json")
        document = calibration_document(
            clip / "truth.json",
            noise_px=args.label_noise_px,
            seed=args.seed,
            with_scale=args.measured_scale,
            clearest_frame=args.clearest_frame,
        )
        calibration.write_text(json.dumps(document), encoding="utf-8")
        command += ["--calibration", str(calibration)]
    result = subprocess.run(
        command + args.extra, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    if result.returncode:
        sys.stderr.write(f"{clip.name}: {result.stderr.strip().splitlines()[-1:]}\n")
        return None
    return session


def rows_of(clips: Sequence[Path], args: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """Return a row for each clip and hand and the pooled ones, and the names of the clips that failed."""
    rows: list[Row] = []
    every: dict[str, list[Comparison]] = {"left": [], "right": []}
    failed = []
    for clip in clips:
        session_path = analysed(clip, args.out / clip.name, args)
        if session_path is None:
            failed.append(clip.name)
            continue
        session = open_session(session_path)
        parts = compare(session.events, session.thumbs, read_truth(clip / "truth.json"))
        for hand, part in parts.items():
            every[hand].append(part)
            if args.per_hand:
                rows.append((f"{clip.name} {hand}", part.summary()))
        rows.append((clip.name, pool(parts.values()).summary()))
        sys.stderr.write(f"{clip.name} done\n")
    rows += [(f"all, {hand} hand", pool(parts).summary()) for hand, parts in every.items()]
    rows.append(("all", pool(every["left"] + every["right"]).summary()))
    return rows, failed


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argument_parser(__file__, __doc__)
    add_analysis_arguments(parser)
    parser.add_argument("--per-hand", action="store_true", help="a row for each hand of each clip too")
    return parser.parse_args(argv)


def add_analysis_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which clips are analysed, how, and how the figures are printed."""
    parser.add_argument("clips", nargs="+", type=Path, metavar="CLIP_FOLDER")
    parser.add_argument("--out", type=Path, required=True, help="where the sessions are written")
    parser.add_argument("--calibration", choices=("truth", "none"), default="truth")
    parser.add_argument("--label-noise-px", type=float, default=0.0, metavar="PX", help="marking error (sd)")
    parser.add_argument("--measured-scale", action="store_true", help="give the true C7-T7 distance as well")
    parser.add_argument(
        "--clearest-frame",
        action="store_true",
        help="mark the frame in which most of the back is in sight, not the first",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the marking error")
    parser.add_argument("--reuse", action="store_true", help="use sessions that are there already")
    parser.add_argument("--markdown", action="store_true", help="print a table for docs/results.md")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--extra", nargs=argparse.REMAINDER, default=[], help="further arguments of pijat analyze"
    )


def check_clips(clips: Sequence[Path]) -> str | None:
    """Return what is wrong with the clip folders, as a sentence, or None."""
    lacking = [clip for clip in clips if not (clip / "truth.json").is_file()]
    if not lacking:
        return None
    return f"Expected clip.mp4 and truth.json in each clip folder, found none in {lacking[0]}."


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks for."""
    args = parse(argv)
    wrong = check_clips(args.clips)
    if wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    rows, failed = rows_of(args.clips, args)
    if args.json:
        sys.stdout.write(json.dumps({name: json_figures(figures) for name, figures in rows}, indent=1) + "\n")
    else:
        layout = markdown_table if args.markdown else text_table
        # The pooled figures first, then clip by clip.
        sys.stdout.write(layout(rows[-3:]) + "\n" + layout(rows[:-3]))
    if failed:
        sys.stderr.write(f"Could not be analysed: {', '.join(failed)}.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
