"""``pijat library``: import and check sessions, back up and restore, delete or export a person, set the passphrase."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import PijatError, UsageError
from trainer.language import Text
from trainer.progress_bar import SESSIONS, ProgressBar

if TYPE_CHECKING:
    from trainer.library.reports import ImportReport
    from trainer.library.store import Library

EXAMPLE = "pijat library import sessions/"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add one subcommand for each thing to do."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--library",
        metavar="DIR|URL",
        help="the library: a folder, or postgresql://user@host/name with its password in PGPASSWORD "
        "(default: $PIJAT_LIBRARY, else Pijat in your documents)",
    )
    shared.add_argument(
        "--root", type=Path, metavar="DIR", help="the library's folder, with a database on a server"
    )
    shared.add_argument("--json", action="store_true", help="print JSON for a program")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=summary, description=f"{summary}.", parents=[shared])

    add("import", "take a folder of sessions into the library; their files stay where they are").add_argument(
        "folder", type=Path, metavar="DIR", help="a session folder, or a folder of them"
    )
    listing = add("list", "list the sessions of the library")
    listing.add_argument("--search", default="", metavar="TEXT", help="part of a title, a code or a name")
    listing.add_argument("--person", metavar="CODE", help="only this person's")
    listing.add_argument("--protocol", metavar="ID", help="only those of this protocol")
    listing.add_argument(
        "--state", choices=("present", "missing", "changed"), help="only those in this state"
    )
    listing.add_argument("--page", type=int, default=1, metavar="N", help="page (default: 1)")
    add("check", "read all session folders again and say which are missing or changed")
    add("backup", "write the whole library, files included, to one file").add_argument(
        "file", type=Path, metavar="FILE.zip", help="a new file"
    )
    restoring = add("restore", "make a library from a backup; nothing is overwritten")
    restoring.add_argument("file", type=Path, metavar="FILE.zip", help="a backup")
    deleting = add("delete-person", "delete a person wholly: rows, session folders, exports")
    deleting.add_argument("code", metavar="CODE", help="the person's code")
    deleting.add_argument("--yes", action="store_true", help="do not ask")
    exporting = add("export-person", "write all that the library holds of a person to a folder")
    exporting.add_argument("code", metavar="CODE", help="the person's code")
    exporting.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new folder")
    add("passphrase", "set the desk's passphrase, read from the terminal or from standard input")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 1 when something is missing, changed, refused or left."""
    from trainer.library.store import default_library, open_library

    if args.action == "restore":
        from trainer.library.restore import restore

        report = restore(args.file, args.library or default_library(), root=args.root)
        return _say(args, f"Restored {report.rows} rows and {report.sessions} session folders.", vars(report))
    with open_library(args.library, root=args.root) as library:
        match args.action:
            case "import":
                return _import(library, args)
            case "list":
                return _list(library, args)
            case "check":
                return _check(library, args)
            case "backup":
                return _backup(library, args)
            case "delete-person":
                return _delete_person(library, args)
            case "export-person":
                return _export_person(library, args)
            case _:
                return _passphrase(library, args)


def _import(library: Library, args: argparse.Namespace) -> int:
    with ProgressBar("importing", SESSIONS) as bar:
        report = library.folders.add(args.folder, bar.move, actor=_actor())
    words = {
        "added": "added", "changed": "changed since the last import, taken anew", "moved": "found at a new place",
        "unchanged": "unchanged", "missing": "missing",
    }  # fmt: skip
    lines = [
        f"{len(getattr(report, name)):6}  {said}" for name, said in words.items() if getattr(report, name)
    ]
    lines += [f"        {one.path}" for one in report.missing]
    if report.refused:
        lines.append(f"{len(report.refused):6}  refused")
        lines += [f"        {path}: {why.en}" for path, why in report.refused]
    _say(args, "\n".join(lines), _import_document(report))
    return 1 if report.refused or report.missing else 0


def _import_document(report: ImportReport) -> dict[str, Any]:
    kinds = ("added", "unchanged", "changed", "moved", "missing")
    return {
        **{
            kind: [{"session": one.session_id, "folder": str(one.path)} for one in getattr(report, kind)]
            for kind in kinds
        },
        "refused": [{"folder": str(path), "reason": why.en} for path, why in report.refused],
    }


def _list(library: Library, args: argparse.Namespace) -> int:
    from trainer.library.records import SessionFilter

    person = None if args.person is None else library.people.find(args.person).id
    page = library.sessions.list(
        SessionFilter(
            search=args.search, person_id=person, protocol_id=args.protocol, state=args.state, page=args.page
        )
    )
    lines = [
        f"{one.id:6}  {one.recorded_at.astimezone():%Y-%m-%d %H:%M}  {one.person_code or '-':10}  "
        f"{'-' if one.percent is None else f'{one.percent:.0f} %':>5}  {one.protocol_id:20}  "
        f"{one.signed} signed  {'' if one.state == 'present' else one.state + '  '}{one.title}"
        for one in page.items
    ]
    lines.append(f"page {page.page} of {page.pages}, {page.total} sessions")
    document = {
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "sessions": [
            {
                "id": one.id,
                "title": one.title,
                "folder": str(one.folder),
                "person": one.person_code,
                "attempt": one.attempt,
                "protocol": one.protocol_id,
                "recorded_at": one.recorded_at.isoformat(),
                "percent": one.percent,
                "state": one.state,
                "video_consent": one.video_consent if one.has_video else None,
                "gradings": one.gradings,
                "signed": one.signed,
            }
            for one in page.items
        ],
    }
    return _say(args, "\n".join(lines), document)


def _check(library: Library, args: argparse.Namespace) -> int:
    from trainer.library.records import SessionFilter

    with ProgressBar("checking", SESSIONS) as bar:
        findings = library.folders.check(bar.move)
    total = library.sessions.list().total
    videos = library.sessions.list(SessionFilter(video_without_consent=True, per_page=500))
    lines = [f"{len(findings)} of {total} session folders are missing or changed."]
    lines += [f"  {one.state}  {one.path}: {one.reason.en}" for one in findings]
    if videos.total:
        lines.append(f"{videos.total} sessions hold a video without the person's recorded consent.")
        lines += [f"  {one.person_code or 'nobody assigned'}  {one.folder}" for one in videos.items]
    document = {
        "sessions": total,
        "findings": [
            {"session": one.session_id, "folder": str(one.path), "state": one.state, "reason": one.reason.en}
            for one in findings
        ],
        "video_without_consent": [one.id for one in videos.items],
    }
    _say(args, "\n".join(lines), document)
    return 1 if findings else 0


def _backup(library: Library, args: argparse.Namespace) -> int:
    from trainer.library.backup import backup

    with ProgressBar("backing up", SESSIONS) as bar:
        report = backup(library, args.file, bar.move)
    lines = [
        f"{report.path}: {report.rows} rows, {report.sessions} session folders, {report.bytes / 1e6:.1f} MB.",
        *(f"  session {number}: {reason}" for number, reason in report.not_whole),
    ]
    document = {
        "file": str(report.path),
        "rows": report.rows,
        "sessions": report.sessions,
        "files": report.files,
        "bytes": report.bytes,
        "not_whole": [{"session": number, "reason": reason} for number, reason in report.not_whole],
    }
    _say(args, "\n".join(lines), document)
    return 1 if report.not_whole else 0


def _delete_person(library: Library, args: argparse.Namespace) -> int:
    person = library.people.find(args.code)
    if not args.yes:
        if not sys.stdin.isatty():
            raise UsageError(
                Text(
                    "Tambahkan --yes untuk menghapus selamanya; di sini tidak ada layar perintah untuk bertanya.",
                    "Expected --yes, or a terminal to ask on, got neither: add --yes to delete for good.",
                )
            )
        sys.stderr.write(
            f"Type {person.code} to delete this person and {person.sessions} sessions for good: "
        )
        sys.stderr.flush()
        if sys.stdin.readline().strip() != person.code:
            raise PijatError(
                Text(
                    "Tidak ada yang dihapus.",
                    "Nothing was deleted.",
                )
            )
    receipt = library.people.delete(person.id, actor=_actor())
    lines = [
        f"Deleted {sum(receipt.rows.values())} rows, {len(receipt.folders)} session folders, "
        f"{len(receipt.exports)} exports.",
        "A search of the database and the library's folder afterwards found nothing of theirs."
        if receipt.verified
        else "Something of theirs is left:",
        *(f"  {left.en}" for left in receipt.remaining),
        "Backups made before still hold them: delete those.",
    ]
    document = {
        "at": receipt.at.isoformat(timespec="seconds"),
        "rows": dict(receipt.rows),
        "folders": [str(path) for path in receipt.folders],
        "exports": [str(path) for path in receipt.exports],
        "verified": receipt.verified,
        "remaining": [left.en for left in receipt.remaining],
    }
    _say(args, "\n".join(lines), document)
    return 0 if receipt.verified else 1


def _export_person(library: Library, args: argparse.Namespace) -> int:
    exported = library.people.export(library.people.find(args.code).id, args.out, actor=_actor())
    lines = [f"{exported.path}: {sum(exported.rows.values())} rows, {exported.sessions} session folders."]
    lines += [f"  {missing.en}" for missing in exported.lacking]
    document = {
        "folder": str(exported.path),
        "rows": dict(exported.rows),
        "sessions": exported.sessions,
        "lacking": [missing.en for missing in exported.lacking],
    }
    _say(args, "\n".join(lines), document)
    return 1 if exported.lacking else 0


def _passphrase(library: Library, args: argparse.Namespace) -> int:
    # Never an argument: those are seen by everybody on the machine and stay in the shell's history.
    if sys.stdin.isatty():
        passphrase = getpass.getpass("New passphrase: ")
        if getpass.getpass("Once more: ") != passphrase:
            raise PijatError(
                Text(
                    "Kedua frasa sandi tidak sama: tidak ada yang diubah.",
                    "Expected the same passphrase twice, got two: nothing was changed.",
                )
            )
    else:
        passphrase = sys.stdin.readline().rstrip("\r\n")
    library.passphrase.set(passphrase, actor=_actor())
    return _say(args, "The passphrase is set; everybody must come in anew.", {"set": True})


def _say(args: argparse.Namespace, text: str, document: dict[str, Any]) -> int:
    told = json.dumps(document, ensure_ascii=False, indent=2) if args.json else text
    if told:
        sys.stdout.write(told + "\n")
    return 0


def _actor() -> str:
    try:
        return f"command line, {getpass.getuser()}"
    except (KeyError, OSError):
        return "command line"
