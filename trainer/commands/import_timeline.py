"""``pijat import``: a person's annotation as a human timeline beside the predicted one."""

import argparse
import json
import re
import sys
from pathlib import Path

from trainer.errors import UsageError
from trainer.language import Text

EXAMPLE = "pijat import annotation.eaf --session my-session --mapping labels.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=".eaf, .boris, or a table of events (.tsv, .csv)"
    )
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--session", type=Path, metavar="SESSION", help="session folder it belongs to")
    place.add_argument("--out", type=Path, metavar="TABLE.tsv", help="write the timeline there instead")
    parser.add_argument("--mapping", type=Path, metavar="YAML", help="your words in those of the catalogue")
    parser.add_argument("--annotator", metavar="NAME", help="whose timeline it is, to keep several apart")
    parser.add_argument("--observation", metavar="ID", help="which observation of a BORIS project")
    parser.add_argument("--overwrite", action="store_true", help="replace a timeline that is there already")
    parser.add_argument("--json", action="store_true", help="print what was read as JSON")


def run(args: argparse.Namespace) -> int:
    """Read, map, write, and say what was read and what was left out."""
    from trainer.annotation.mapping import LabelMapping, read_mapping
    from trainer.annotation.timeline import import_timeline, write_timeline

    mapping = read_mapping(args.mapping) if args.mapping else LabelMapping()
    target = _target(args)
    imported = import_timeline(args.file, mapping, args.observation)
    written = write_timeline(imported, target, args.file, mapping, overwrite=args.overwrite)
    if args.json:
        document = {
            "events": len(imported.events),
            "ignored": dict(imported.ignored),
            "files": [str(p) for p in written],
        }
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return 0
    sys.stdout.write(f"{len(imported.events)} strokes read into {written[0]}\n")
    for what, count in imported.ignored.items():
        sys.stdout.write(f"left out: {what} ({count})\n")
    return 0


def _target(args: argparse.Namespace) -> Path:
    from trainer.session.reader import read_meta

    if args.annotator and not re.fullmatch(r"[0-9A-Za-z-]+", args.annotator):
        raise UsageError(
            Text(
                f"--annotator hanya boleh huruf, angka, dan tanda hubung, bukan {args.annotator!r}.",
                f"Expected letters, digits and dashes as --annotator, got {args.annotator!r}.",
            )
        )
    if args.session is None:
        out: Path = args.out
        return out
    folder: Path = args.session
    read_meta(folder)
    return folder / (f"events_human_{args.annotator}.tsv" if args.annotator else "events_human.tsv")
