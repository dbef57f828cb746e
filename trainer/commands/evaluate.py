"""``pijat evaluate``: a session against ground truth or a human timeline."""

import argparse
import json
import sys
from pathlib import Path

EXAMPLE = "pijat evaluate my-session --truth truth.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "session", type=Path, metavar="SESSION", help="session folder that pijat analyze wrote"
    )
    parser.add_argument(
        "--truth",
        type=Path,
        required=True,
        metavar="FILE",
        help="truth.json of a rendered clip, or a timeline such as events_human.tsv",
    )
    parser.add_argument("--json", action="store_true", help="print JSON for a program")


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    from trainer.evaluation.compare import compare, pool
    from trainer.evaluation.table import json_figures, text_table
    from trainer.evaluation.truth import read_truth
    from trainer.session.reader import open_thumbs, open_timeline, read_meta

    truth = read_truth(args.truth)
    read_meta(args.session)
    parts = compare(open_timeline(args.session), open_thumbs(args.session), truth)
    rows = [("left hand", parts["left"].summary()), ("right hand", parts["right"].summary())]
    rows.append(("both", pool(parts.values()).summary()))
    notes = [
        f"{real.unlabelled_contact_frames} frames of the {hand} hand touch the back unlabelled (none)."
        for hand, real in truth.hands.items()
        if real.unlabelled_contact_frames
    ]
    if args.json:
        keys = ("left", "right", "both")
        document = {key: json_figures(figures) for key, (_, figures) in zip(keys, rows, strict=True)}
        sys.stdout.write(json.dumps({"truth": truth.name, **document, "notes": notes}, indent=2) + "\n")
    else:
        sys.stdout.write(text_table(rows) + "".join(f"note: {note}\n" for note in notes))
    return 0
