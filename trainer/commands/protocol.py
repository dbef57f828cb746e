"""``pijat protocol``: list the built-in protocols, show one, or check a file."""

import argparse
import json
import sys
from pathlib import Path

from trainer.errors import UsageError
from trainer.language import Text

EXAMPLE = "pijat protocol check my-protocol.yaml"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the actions ``list``, ``show`` and ``check``."""
    parser.add_argument("action", choices=("list", "show", "check"), help="what to do")
    parser.add_argument(
        "protocol", nargs="?", metavar="ID|FILE", help="a built-in id or a YAML file (for show and check)"
    )
    parser.add_argument(
        "--lang", choices=("id", "en"), default="en", help="language of the texts (default: en)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON for a program")


def run(args: argparse.Namespace) -> int | None:
    """Print what was asked for."""
    from trainer.protocol import library
    from trainer.protocol.display import protocol_document, protocol_lines

    if args.action == "list":
        if args.protocol is not None:
            raise UsageError(
                Text(
                    f'Jangan tulis apa pun setelah "list", bukan "{args.protocol}"; pakai `pijat protocol show ID`.',
                    f'Expected nothing after "list", got "{args.protocol}"; use `pijat protocol show ID`.',
                )
            )
        protocols = [library.builtin(protocol_id) for protocol_id in library.BUILTIN_IDS]
        if args.json:
            _write_json(
                [
                    {
                        "id": p.id,
                        "version": p.version,
                        "hash": p.hash,
                        "default": p.id == library.DEFAULT_ID,
                        "title": {"id": p.title.id, "en": p.title.en},
                    }
                    for p in protocols
                ]
            )
            return 0
        for p in protocols:
            default = "  (default)" if p.id == library.DEFAULT_ID else ""
            sys.stdout.write(f"{p.id:20} {p.version:8} {getattr(p.title, args.lang)}{default}\n")
        return 0
    if args.protocol is None:
        raise UsageError(
            Text(
                f'Tulis id atau berkas setelah "{args.action}"; contoh: {EXAMPLE}',
                f'Expected an id or a file after "{args.action}", got none; example: {EXAMPLE}',
            )
        )
    if args.action == "check":
        protocol = library.load_file(Path(args.protocol))
        if args.json:
            _write_json(
                {"valid": True, "id": protocol.id, "version": protocol.version, "hash": protocol.hash}
            )
        else:
            sys.stdout.write(
                f"{args.protocol} is a valid protocol: {protocol.id} {protocol.version}, "
                f"{len(protocol.steps)} items, sha256 {protocol.hash[:12]}.\n"
            )
        return 0
    protocol = library.load(args.protocol)
    if args.json:
        _write_json(protocol_document(protocol))
    else:
        sys.stdout.write("\n".join(protocol_lines(protocol, args.lang)) + "\n")
    return 0


def _write_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
