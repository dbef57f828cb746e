"""``pijat consent``: whether the people of a session let its pictures train Pijat; written down, shown, taken back."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import UsageError
from trainer.language import Language, Text, system_language

if TYPE_CHECKING:
    from trainer.session.consent import TrainingConsent

EXAMPLE = 'pijat consent give my-session --mother "Bu Sari" --companion "Pak Budi" --taken-by "Bidan Ani"'


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        action.add_argument("session", type=Path, metavar="SESSION", help="the session folder")
        action.add_argument("--json", action="store_true", help="print the outcome as JSON")
        return action

    giving = add("give", "write down that mother and companion agree, after both have read or heard what to")
    giving.add_argument("--mother", required=True, metavar="NAME", help="who was massaged")
    giving.add_argument("--companion", required=True, metavar="NAME", help="who massaged")
    taking = add(
        "withdraw", "write down that the consent is taken back, and delete the pictures that were collected"
    )
    for action, words in ((giving, "who asked them"), (taking, "who writes it down")):
        action.add_argument("--taken-by", required=True, metavar="NAME", help=words)
        action.add_argument("--date", metavar="YYYY-MM-DD", help="when it was said (default: today)")
    add("show", "say what was agreed, by whom, and where pictures were collected")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 1 when pictures are left that a person must delete."""
    language = system_language(os.environ)
    if args.action == "give":
        from trainer.session.consent import STATEMENT, give_consent

        given = give_consent(
            args.session,
            mother=args.mother,
            companion=args.companion,
            taken_by=args.taken_by,
            date=_day(args.date),
        )
        return _say(args, [STATEMENT.say(language), *_lines(given, language)], _document(given))
    if args.action == "withdraw":
        return _withdraw(args, language)
    from trainer.session.consent import read_consent
    from trainer.session.reader import read_meta

    read_meta(args.session)
    consent = read_consent(args.session)
    if consent is None:
        nobody = Text("Belum ada persetujuan untuk sesi ini.", "No consent is noted for this session.")
        return _say(args, [nobody.say(language)], {"given": False, "words": [], "collected": []})
    return _say(args, _lines(consent, language), _document(consent))


def _withdraw(args: argparse.Namespace, language: Language) -> int:
    from trainer.collection.collecting import withdraw

    done = withdraw(args.session, taken_by=args.taken_by, date=_day(args.date))
    removed = Text("{folder}: {count} gambar dihapus.", "{folder}: {count} pictures deleted.")
    left = Text("{folder}: gambarnya belum terhapus: {why}", "{folder}: its pictures are left: {why}")
    lines = [
        *_lines(done.consent, language),
        *(removed.fill(folder=path, count=count).say(language) for path, count in done.removed),
        *(left.fill(folder=path, why=why).say(language) for path, why in done.left),
    ]
    document = _document(done.consent) | {
        "removed": [{"dataset": str(path), "pictures": count} for path, count in done.removed],
        "left": [{"dataset": str(path), "reason": why.en} for path, why in done.left],
    }
    _say(args, lines, document)
    return 1 if done.left else 0


def _lines(consent: TrainingConsent, language: Language) -> list[str]:
    agreed = Text(
        "{date}: {mother} (ibu) dan {companion} (pendamping) setuju; dicatat {taken_by}.",
        "{date}: {mother} (mother) and {companion} (companion) agree; noted by {taken_by}.",
    )
    taken = Text(
        "{date}: persetujuan dicabut; dicatat {taken_by}.", "{date}: taken back; noted by {taken_by}."
    )
    said = [(agreed if word.given else taken).fill(**vars(word)).say(language) for word in consent.words]
    lies = Text("Gambarnya ada di {folder}.", "Pictures of it lie in {folder}.")
    return said + [lies.fill(folder=path).say(language) for path in consent.collected]


def _document(consent: TrainingConsent) -> dict[str, Any]:
    return {
        "id": consent.id,
        "given": consent.newest.given,
        "words": [vars(word) | {"date": word.date.isoformat()} for word in consent.words],
        "collected": [str(path) for path in consent.collected],
    }


def _say(args: argparse.Namespace, lines: list[str], document: dict[str, Any]) -> int:
    told = json.dumps(document, ensure_ascii=False, indent=2) if args.json else "\n".join(lines)
    sys.stdout.write(told + "\n")
    return 0


def _day(typed: str | None) -> dt.date:
    if typed is None:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise UsageError(
            Text(
                "Tulis --date sebagai tahun-bulan-hari, misalnya 2026-11-30.",
                "Expected --date as YYYY-MM-DD, such as 2026-11-30, got something else.",
            )
        ) from None
