"""``pijat strokes``: the stroke recogniser alone, on anybody's trajectory."""

import argparse
import json
import sys
from pathlib import Path

EXAMPLE = "pijat strokes track.csv > events.tsv"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "track",
        type=Path,
        metavar="TRACK.csv",
        help="CSV or TSV with columns time_s, lateral_cm, caudal_cm and optionally hand; "
        "empty or n/a values and missing rows are gaps",
    )
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="another stroke model (ONNX) than the one that ships"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int | None:
    """Recognise the strokes of a trajectory and print them as the events table."""
    from trainer.session.tables import events_frame
    from trainer.strokes.recogniser import recognise
    from trainer.strokes.track_file import read_tracks

    events = recognise(read_tracks(args.track), args.model).events
    table = events_frame(events)
    if args.json:
        rows = [
            {key: None if value != value else value for key, value in row.items()}
            for row in table.to_dict("records")
        ]
        for row, event in zip(rows, events, strict=True):
            row["revolution_onsets_s"] = [round(onset, 4) for onset in event.revolution_onsets_s]
        json.dump(rows, sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        table.to_csv(sys.stdout, sep="\t", index=False, na_rep="n/a", lineterminator="\n")
    return 0
