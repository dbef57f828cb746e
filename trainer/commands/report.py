"""``pijat report SESSION``: write the report of a session folder again."""

import argparse
import sys
from pathlib import Path

from trainer.commands.page_file import write_page

EXAMPLE = "pijat report my-session --lang en --open"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("session", type=Path, metavar="SESSION", help="the folder that pijat analyze wrote")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="where to write the page (default: report.html in the session folder)",
    )
    parser.add_argument(
        "--open", action="store_true", help="open the page in the browser; without a display, name it"
    )
    parser.add_argument(
        "--lang",
        choices=("id", "en"),
        default="id",
        help="the language shown first; the page holds both (default: id)",
    )


def run(args: argparse.Namespace) -> int:
    """Read the session, write its report and say where it lies."""
    from trainer.report.render import render_report
    from trainer.session.reader import open_session

    page = render_report(open_session(args.session, landmarks=False), language=args.lang)
    out: Path = args.out or args.session / "report.html"
    write_page(out, page)
    sys.stdout.write(f"{out}\n")
    if args.open:
        from trainer.commands.opening import open_in_browser

        open_in_browser(out)
    return 0
