"""``pijat export``: sessions in the formats of other tools."""

import argparse
import json
import sys
from pathlib import Path

from trainer.errors import UsageError
from trainer.export.formats import FORMATS
from trainer.language import Text

EXAMPLE = "pijat export my-session --format eaf --media massage.mp4 --out exported"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    width = max(map(len, FORMATS))
    parser.description = "Write sessions in the formats of other tools.\n\nformats:\n" + "\n".join(
        f"  {name.ljust(width)}  {summary}" for name, (_, summary) in FORMATS.items()
    )
    parser.add_argument("sessions", nargs="+", type=Path, metavar="SESSION", help="session folders")
    parser.add_argument("--format", required=True, choices=tuple(FORMATS), help="what to write")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to write into")
    parser.add_argument(
        "--media", type=Path, metavar="VIDEO", help="where the video lies, to link it (with one session only)"
    )
    parser.add_argument("--json", action="store_true", help="print the written files as JSON")


def run(args: argparse.Namespace) -> int:
    """Export and name what was written."""
    from trainer.export.formats import export_sessions
    from trainer.export.source import open_source

    if args.media is not None:
        if len(args.sessions) > 1:
            raise UsageError(
                Text(
                    "--media hanya untuk satu sesi: ekspor sesi satu per satu.",
                    "Expected one session with --media, got several: export them one by one.",
                )
            )
        if not args.media.is_file():
            raise UsageError(
                Text(
                    f"Tidak ada video di {args.media}: periksa namanya.",
                    f"Expected the video at {args.media}, found none.",
                ),
                "missing",
            )
    sources = [open_source(folder, args.media) for folder in args.sessions]
    written = export_sessions(sources, args.format, args.out)
    if args.json:
        sys.stdout.write(
            json.dumps({"format": args.format, "files": [str(p) for p in written]}, indent=2) + "\n"
        )
    else:
        sys.stdout.write("".join(f"{path}\n" for path in written))
    return 0
