"""``pijat handout``: write what goes on paper: blank daftar tilik, feedback, a group's report."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.commands.page_file import write_page
from trainer.errors import UsageError
from trainer.language import Text

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE = "pijat handout checklist tegalagung-2022 --lang id --out daftar-tilik.html"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "kind",
        choices=("checklist", "feedback", "group"),
        help="a blank daftar tilik, one trainee's feedback, or a group's report",
    )
    parser.add_argument(
        "source",
        nargs="?",
        metavar="PROTOCOL|SESSION|TABLE",
        help="checklist: a protocol's id or file (default: tegalagung-2022); feedback: a session folder; "
        "group: a table of measurements (CSV, see docs/cohort.md)",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the page (HTML, A4)")
    parser.add_argument(
        "--lang", "--language", dest="lang", choices=("id", "en"), default="id", help="language (default: id)"
    )
    parser.add_argument("--trainee", default="", metavar="CODE", help="feedback: the trainee's code or name")
    parser.add_argument("--name", default="", help="feedback and group: the group's name")
    parser.add_argument("--attempt", type=int, metavar="N", help="feedback: which attempt it was")
    parser.add_argument(
        "--tables", type=Path, metavar="FILE", help="feedback and group: the figures too, as .xlsx or .csv"
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser, to print it")


def run(args: argparse.Namespace) -> int:
    """Write the page, and the tables where they are wanted; say where they lie."""
    if args.kind != "checklist" and args.source is None:
        folder, table = (
            Text("folder sesi", "a session folder"),
            Text("tabel ukuran", "a table of measurements"),
        )
        what = folder if args.kind == "feedback" else table
        raise UsageError(
            Text(
                f'Tulis {what.id} setelah "{args.kind}"; contoh: {EXAMPLE}',
                f'Expected {what.en} after "{args.kind}", got none; example: {EXAMPLE}',
            )
        )
    if args.kind == "checklist" and args.tables is not None:
        raise UsageError(
            Text(
                "--tables hanya untuk feedback atau group; checklist tidak punya tabel.",
                "Expected --tables with feedback or group, got it with checklist, which has none.",
            )
        )
    if args.tables is not None and args.tables.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(
            Text(
                f"--tables harus berakhir dengan .xlsx atau .csv, bukan {args.tables.name}.",
                f"Expected --tables to end in .xlsx or .csv, got {args.tables.name}.",
            )
        )
    page, name, tables = {"checklist": _checklist, "feedback": _feedback, "group": _group}[args.kind](args)
    out: Path = args.out or Path(name)
    write_page(out, page)
    sys.stdout.write(f"{out}\n")
    if args.tables is not None:
        for path in _write_tables(tables, args.tables):
            sys.stdout.write(f"{path}\n")
    if args.open:
        from trainer.commands.opening import open_in_browser

        open_in_browser(out)
    return 0


_Made = tuple[str, str, "dict[str, pd.DataFrame]"]


def _checklist(args: argparse.Namespace) -> _Made:
    from trainer.handouts.render import checklist_page
    from trainer.protocol import library

    protocol = library.load(args.source)
    return checklist_page(protocol, language=args.lang), f"checklist-{protocol.id}-{args.lang}.html", {}


def _feedback(args: argparse.Namespace) -> _Made:
    from trainer.handouts.cohort_tables import feedback_table
    from trainer.handouts.feedback import feedback_of_session
    from trainer.handouts.render import feedback_page
    from trainer.session.reader import read_meta, read_score

    folder = Path(args.source)
    feedback = feedback_of_session(
        read_meta(folder), read_score(folder), trainee=args.trainee, group=args.name, attempt=args.attempt
    )
    name = str(folder / "feedback.html")
    return (
        feedback_page(feedback, language=args.lang),
        name,
        {"feedback": feedback_table(feedback, args.lang)},
    )


def _group(args: argparse.Namespace) -> _Made:
    from datetime import UTC, datetime

    from trainer.handouts.cohort_tables import group_tables
    from trainer.handouts.group_file import read_measurements, report_of_measurements
    from trainer.handouts.render import group_page

    rows = read_measurements(args.source)
    name = args.name or Path(args.source).stem
    report = report_of_measurements(rows, name=name, made_at=datetime.now(UTC))
    page = str(Path(args.source).with_suffix(".html"))
    return group_page(report, language=args.lang), page, group_tables(report, args.lang)


def _write_tables(tables: "dict[str, pd.DataFrame]", path: Path) -> list[Path]:
    """One workbook; or a CSV file per table that holds anything, named after the first."""
    from trainer.handouts.tables import tables_to_xlsx, write_csv

    if path.suffix.lower() == ".xlsx":
        tables_to_xlsx(tables, path)
        return [path]
    filled = {name: table for name, table in tables.items() if len(table)} or dict(list(tables.items())[:1])
    if len(filled) == 1:
        write_csv(next(iter(filled.values())), path)
        return [path]
    written = []
    for name, table in filled.items():
        part = path.with_name(f"{path.stem}-{name.lower().replace(' ', '-')}{path.suffix}")
        write_csv(table, part)
        written.append(part)
    return written
