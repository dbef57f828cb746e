"""``pijat collect``: pictures of own sessions for training, of those whose people agreed."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from trainer.language import Text, system_language
from trainer.progress_bar import SESSIONS, ProgressBar

EXAMPLE = "pijat collect sessions/ --out own-pictures"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "sessions", nargs="+", type=Path, metavar="SESSION", help="session folders, or folders of them"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DATASET", help="folder of the pictures")
    parser.add_argument(
        "--every",
        type=float,
        default=2.0,
        metavar="SECONDS",
        help="one picture for as many seconds (default: 2)",
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(args: argparse.Namespace) -> int:
    """Collect, and name what was left out; 1 when a session is damaged."""
    from trainer.collection.collecting import collect

    with ProgressBar("collecting", SESSIONS) as bar:
        done = collect(args.sessions, args.out, args.every, bar.move)
    if args.json:
        document: dict[str, Any] = {
            "dataset": str(done.dataset),
            "collected": [{"session": str(path), "pictures": count} for path, count in done.pictures],
            "left_out": [
                {"session": str(one.session), "reason": one.why.en, "removed": one.removed}
                for one in done.left_out
            ],
        }
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        language = system_language(os.environ)
        total = Text(
            "{pictures} gambar dari {sessions} sesi ada di {folder}; {left} sesi tidak diambil.",
            "{pictures} pictures of {sessions} sessions are in {folder}; sessions left out: {left}.",
        ).fill(
            pictures=sum(count for _, count in done.pictures),
            sessions=len(done.pictures),
            folder=done.dataset,
            left=len(done.left_out),
        )
        gone = Text(" ({count} gambarnya dihapus)", " ({count} pictures of it were deleted)")
        lines = [total.say(language)]
        for one in done.left_out:
            removed = gone.fill(count=one.removed).say(language) if one.removed else ""
            lines.append(f"  {one.session}: {one.why.say(language)}{removed}")
        sys.stdout.write("\n".join(lines) + "\n")
    return 1 if any(one.damaged for one in done.left_out) else 0
