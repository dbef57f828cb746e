"""``pijat doctor``: what works on this machine and what to do about what does not."""

import argparse
import json
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path

from trainer import __version__
from trainer.commit import describe, this_commit
from trainer.doctor import Check, all_checks

EXAMPLE = "pijat doctor --json"
_MARKS = {"ok": "ok     ", "warning": "warning", "failed": "FAILED "}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="where sessions will be written (default: here)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="leave out the cameras and the measurement of speed"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int | None:
    """Run the checks; exit 1 when something that Pijat cannot do without is missing."""
    checks = all_checks(args.out, quick=args.quick)
    ready = all(check.state != "failed" for check in checks)
    if args.json:
        commit = this_commit()
        document = {
            "version": __version__,
            "commit": None if commit is None else asdict(commit),
            "ready": ready,
            "checks": [asdict(check) for check in checks],
        }
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        sys.stdout.write(f"Pijat {describe(__version__, this_commit())}\n\n{table(checks)}")
        verdict = (
            "Pijat works on this machine."
            if ready
            else "Pijat does not work here yet: do what stands after ->."
        )
        sys.stdout.write(f"\n{verdict}\n")
    return 0 if ready else 1


def table(checks: list[Check]) -> str:
    """Return the checks as text, one after the other, with advice below what needs it."""
    width = max(len(check.name) for check in checks)
    indent = " " * (width + 11)
    lines = []
    for check in checks:
        head = f"{_MARKS[check.state]}  {check.name:<{width}}  "
        lines += textwrap.wrap(check.detail, 100, initial_indent=head, subsequent_indent=indent) or [head]
        if check.advice:
            lines += textwrap.wrap(f"-> {check.advice}", 100, initial_indent=indent, subsequent_indent=indent)
    return "\n".join(lines) + "\n"
