"""``pijat desk``: the facilitator's desk, where demonstrations are graded and a cohort is followed."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.commands.opening import check_port, open_address

if TYPE_CHECKING:
    from trainer.library.store import Library
    from trainer.serving.address import Address

EXAMPLE = "pijat desk"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pijat desk``."""
    parser.add_argument(
        "--library",
        metavar="DIR|URL",
        help="the library: a folder, or postgresql://user@host/name with its password in PGPASSWORD "
        "(default: $PIJAT_LIBRARY, else Pijat in your documents)",
    )
    parser.add_argument(
        "--root", type=Path, metavar="DIR", help="the library's folder, with a database on a server"
    )
    parser.add_argument(
        "--port", type=int, metavar="N", help="port of the page (default: the first free one)"
    )
    parser.add_argument("--no-browser", action="store_true", help="only serve; open nothing")
    parser.add_argument(
        "--lan",
        action="store_true",
        help="let other devices of this network in, behind the passphrase of `pijat library passphrase`",
    )
    parser.add_argument(
        "--lang", choices=("id", "en"), default="id", help="language in which the page opens (default: id)"
    )


def run(args: argparse.Namespace) -> int | None:
    """Serve the desk until Ctrl-C."""
    check_port(args.port)
    from trainer.library.store import open_library

    library: str | Path | None = args.library
    if library is not None and "://" not in str(library):
        library = Path(library)
    with open_library(library, root=args.root) as opened:
        _serve(args, library, opened)
    return None


def _serve(args: argparse.Namespace, library: str | Path | None, opened: "Library") -> None:
    from trainer.desk.serving import FIRST_PORT, DeskOptions, make_server
    from trainer.serving.address import address_of, listen

    options = DeskOptions(library, args.lang, args.lan)
    listener = listen(args.port, lan=args.lan, first=FIRST_PORT)
    try:
        address = address_of(listener, lan=args.lan)

        def ready() -> None:
            _tell(address, opened.shown)
            if not args.no_browser:
                open_address(f"http://{address.hosts[0]}/")

        server = make_server(options, opened, address, ready=ready)
        # uvicorn ends in order first and then raises what interrupted it.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        listener.close()


def _tell(address: "Address", library: str) -> None:
    lines = [
        f"The desk is open at http://{address.hosts[0]}/ (Ctrl-C ends).",
        f"The library is {library}; nothing is sent anywhere.",
    ]
    if address.token is not None:
        urls = [f"http://{host}/" for host in address.hosts if not host.startswith(("127.", "localhost"))]
        lines.append(
            f"On other devices of this network: {', '.join(urls)} (with the passphrase; not encrypted)."
            if urls
            else "This computer has no network address, so that no other device can reach the desk."
        )
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
