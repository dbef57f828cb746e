"""``pijat train``: teach a model one's own labelled sessions."""

import argparse
import importlib.util
import json
import math
import sys
from pathlib import Path

EXAMPLE = "pijat train strokes my-sessions/ --out my-strokes.onnx"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("what", choices=["strokes"], help="which model: the stroke recogniser")
    parser.add_argument(
        "dataset",
        type=Path,
        metavar="DATASET",
        help="a data set (datasets/strokes/README.md), or a folder of sessions labelled through `pijat import`",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="MODEL.onnx", help="the model to write")
    parser.add_argument(
        "--start", type=Path, metavar="FILE", help="the model to start from (default: the shipped one)"
    )
    parser.add_argument("--steps", type=int, default=300, metavar="N", help="optimiser steps (default 300)")
    parser.add_argument(
        "--folds",
        type=int,
        default=4,
        metavar="N",
        help="how often people are left out to test it (default 4)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same model (default 1)")
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON")


def run(args: argparse.Namespace) -> int | None:
    """Teach, compare, write."""
    from trainer.errors import PijatError, UsageError
    from trainer.language import Text

    if args.steps < 1 or args.folds < 1:
        raise UsageError(
            Text(
                f"Sedikitnya 1 langkah dan 1 lipatan, bukan {args.steps} dan {args.folds}.",
                f"Expected at least 1 step and 1 fold, got {args.steps} and {args.folds}.",
            )
        )
    lacking = [name for name in ("torch", "onnx") if importlib.util.find_spec(name) is None]
    if lacking:
        raise PijatError(
            Text(
                f"Pelatihan memerlukan {' dan '.join(lacking)}, yang belum terpasang: pip install "
                "'pijat-trainer[train]'.",
                f"Training needs {' and '.join(lacking)}, not installed here: pip install 'pijat-trainer[train]'.",
            ),
            "missing",
        )
    from trainer.strokes.training.dataset import read_dataset
    from trainer.strokes.training.finetune import finetune

    recordings = read_dataset(args.dataset)
    if not args.out.parent.is_dir():
        raise PijatError(
            Text(
                f"Folder {args.out.parent} untuk {args.out.name} tidak ada: buat dahulu.",
                f"Expected a folder to write {args.out.name} into, found none at {args.out.parent}.",
            ),
            "missing",
        )
    people = len({recording.group for recording in recordings})
    sys.stderr.write(f"{len(recordings)} recordings of {people} people\n")
    found = finetune(
        recordings,
        args.out,
        start=args.start,
        steps=args.steps,
        most_folds=args.folds,
        seed=args.seed,
        say=_say,
    )
    before, after = found.before.figures(), found.after.figures()
    if args.json:
        document = {
            "model": str(args.out),
            "recordings": len(recordings),
            "people": people,
            "on_people_left_out": found.honest,
            "before": {name: _plain(value) for name, value in before.items()},
            "after": {name: _plain(value) for name, value in after.items()},
        }
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
        return 0
    where = (
        f"on people left out, {found.folds} times"
        if found.honest
        else "on the one person it was taught: flattering"
    )
    sys.stdout.write(f"{f'measured {where}':<46}{'before':>9}{'after':>9}\n")
    for name, value in before.items():
        sys.stdout.write(f"{name:<46}{_shown(value):>9}{_shown(after[name]):>9}\n")
    sys.stdout.write(f"written: {args.out} (use it with --stroke-model or pijat strokes --model)\n")
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def _shown(value: float) -> str:
    return "n/a" if math.isnan(value) else f"{value:.3f}"
