"""``pijat practice``: practise in front of a camera, with a trainer that watches."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.commands.opening import check_port, open_address
from trainer.errors import UsageError
from trainer.language import Text
from trainer.resources import home_folder

if TYPE_CHECKING:
    from trainer.serving.address import Address

EXAMPLE = "pijat practice --demo"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pijat practice``."""
    parser.add_argument("--demo", action="store_true", help="play a bundled clip as the camera")
    parser.add_argument(
        "--camera",
        type=int,
        metavar="N",
        help="take the camera here (0 is the first) instead of in the browser",
    )
    parser.add_argument("--protocol", metavar="ID|FILE", help="what to practise (see `pijat protocol list`)")
    parser.add_argument(
        "--sessions",
        type=Path,
        metavar="DIR",
        help="where sessions are kept (default: Pijat in your documents)",
    )
    parser.add_argument(
        "--port", type=int, metavar="N", help="port of the page (default: the first free one)"
    )
    parser.add_argument("--no-browser", action="store_true", help="only serve; open nothing")
    parser.add_argument(
        "--lan",
        action="store_true",
        help="let other devices of this network open the page, with a token that is shown as a QR code",
    )
    parser.add_argument(
        "--lang", choices=("id", "en"), default="id", help="language in which the page opens (default: id)"
    )


def run(args: argparse.Namespace) -> int | None:
    """Serve the page until Ctrl-C."""
    from trainer.protocol.library import load
    from trainer.serving.address import address_of, listen
    from trainer.web.serving import PracticeOptions, make_server

    check_port(args.port)
    if args.demo and args.camera is not None:
        raise UsageError(
            Text(
                "Pilih salah satu: --demo atau --camera.",
                "Expected --demo or --camera, got both: choose one.",
            )
        )
    if args.camera is not None and args.camera < 0:
        raise UsageError(
            Text(
                f"--camera harus 0 atau lebih, bukan {args.camera}.",
                f"Expected --camera 0 or higher, got {args.camera}.",
            )
        )
    protocol = load(args.protocol)
    options = PracticeOptions(
        sessions=_sessions(args.sessions),
        protocol=protocol,
        protocol_ref=_reference(args.protocol, protocol.id),
        language=args.lang,
        camera=args.camera,
        demo=args.demo,
        lan=args.lan,
    )
    listener = listen(args.port, lan=args.lan)
    try:
        address = address_of(listener, lan=args.lan)

        def ready() -> None:
            _tell(address, options.sessions)
            if not args.no_browser:
                open_address(address.url)

        # Reading strokes must not hold up the next picture for longer than this; Python's own way is 5 ms.
        sys.setswitchinterval(0.001)
        server = make_server(options, address, ready=ready)
        # uvicorn ends in order first and then raises what interrupted it.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        listener.close()
    sys.stdout.write(f"Sessions are in {options.sessions}\n")
    return None


def _sessions(chosen: Path | None) -> Path:
    if chosen is None:
        chosen = home_folder()
    if chosen.exists() and not chosen.is_dir():
        raise UsageError(
            Text(
                f"--sessions harus folder, bukan berkas {chosen}.",
                f"Expected --sessions to be a folder, got the file {chosen}.",
            )
        )
    return chosen.resolve()


def _reference(chosen: str | None, protocol_id: str) -> str:
    """Return what a recovery after a crash will find the protocol by."""
    if chosen is None or chosen == protocol_id:
        return protocol_id
    return str(Path(chosen).resolve())


def _tell(address: "Address", sessions: Path) -> None:
    lines = [
        f"Practise at {address.url} (Ctrl-C ends).",
        f"Sessions are kept in {sessions}; nothing is sent anywhere.",
    ]
    if address.token is not None:
        lines += _network_lines(address)
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _network_lines(address: "Address") -> list[str]:
    urls = address.network_urls
    if not urls:
        return ["This computer has no network address, so that no other device can reach the page."]
    return [
        "",
        _qr(urls[0]),
        f"On another device: {urls[0]}",
        "Whoever is in this network and has this address sees the camera's picture and the reports, and can start and",
        "stop the practice. The connection is not encrypted. Browsers give their camera only to this computer, so that",
        "other devices need --camera here; they then show what this computer sees.",
    ]


def _qr(url: str) -> str:
    import io

    import segno

    text = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(text, compact=True)
    return text.getvalue()
