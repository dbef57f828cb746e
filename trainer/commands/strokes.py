"""``pijat strokes``: the stroke recogniser alone, on anybody's trajectory."""

import argparse
import json
import sys
from pathlib import Path

EXAMPLE = "pijat strokes track.csv > events.tsv"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "track", type=Path, metavar="TRACK.csv",
        help="CSV or TSV with columns time_s, lateral_cm, caudal_cm and optionally hand; empty or n/a is a gap",
    )
    parser.add_argument("--model", type=Path, metavar="FILE", help="another stroke model (ONNX) than the one that ships")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int | None:
    """Recognise the strokes of a trajectory and print them as the events table."""
    from trainer.session.folder import events_frame
    from trainer.strokes.recogniser import recognise
    from trainer.strokes.track_file import read_tracks

    events = recognise(read_tracks(args.track), args.model).events
    if args.json:
        from trainer.session.folder import events_json

        json.dump(events_json(events), sys.stdout, indent=1)
        sys.stdout.write("\n")
        return 0
    events_frame(events).to_csv(sys.stdout, sep="\t", index=False, na_rep="n/a")
    return 0
