"""Where a page of Pijat is served: the port, and the addresses under which browsers call it."""

import contextlib
import errno
import secrets
import socket
import sys
from dataclasses import dataclass

from trainer.errors import PijatError, reason
from trainer.language import Text

FIRST_PORT = 8080
_PORTS_TRIED = 50


@dataclass(frozen=True)
class Address:
    """Where the page is.

    Attributes
    ----------
    hosts : tuple of str
        ``host:port`` under which it may be called; the first is the one to open.
    token : str or None
        Needed over the network.
    """

    hosts: tuple[str, ...]
    token: str | None

    @property
    def url(self) -> str:
        """The address to open on this computer."""
        return self._with_token(self.hosts[0])

    @property
    def network_urls(self) -> tuple[str, ...]:
        """Addresses for other devices; empty unless served to the network."""
        return tuple(
            self._with_token(host) for host in self.hosts if not host.startswith(("127.", "localhost"))
        )

    def _with_token(self, host: str) -> str:
        return f"http://{host}/" if self.token is None else f"http://{host}/?token={self.token}"


def listen(port: int | None, *, lan: bool = False, first: int = FIRST_PORT) -> socket.socket:
    """Open the port to serve on: that one, or the first free one from `first` on.

    Raises
    ------
    PijatError
        When it is taken.
    """
    host = "0.0.0.0" if lan else "127.0.0.1"
    wanted = range(first, first + _PORTS_TRIED) if port is None else (port,)
    for number in wanted:
        # Said to be TCP, so that asyncio turns Nagle's algorithm off: else an answer of two parts waits 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
            listener.listen(16)
        except OSError as error:
            listener.close()
            if port is None and error.errno in (errno.EADDRINUSE, errno.EACCES):
                continue
            why = reason(error)
            raise PijatError(
                Text(
                    f"Port {number} tidak dapat dipakai ({why.id}): tutup program lain itu, atau hapus "
                    "--port.",
                    f"Expected port {number} to be free, got: {why.en}. Close the other program, or leave "
                    "out --port.",
                ),
                "busy",
            ) from error
        return listener
    raise PijatError(
        Text(
            f"Tidak ada port kosong dari {first} sampai {first + _PORTS_TRIED - 1}: beri yang lain dengan "
            "--port.",
            f"Expected a free port from {first} to {first + _PORTS_TRIED - 1}, found none: give --port.",
        ),
        "busy",
    )


def address_of(listener: socket.socket, *, lan: bool) -> Address:
    """Return the addresses under which a listening socket is reached."""
    port = listener.getsockname()[1]
    names = ["127.0.0.1", "localhost", *(_network_addresses() if lan else ())]
    return Address(tuple(f"{name}:{port}" for name in names), secrets.token_urlsafe(24) if lan else None)


def _network_addresses() -> list[str]:
    """Return this computer's addresses on the network, IPv4."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        # Nothing is sent: connecting a datagram socket only chooses the way out.
        probe.connect(("192.0.2.1", 9))
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]  # type: ignore[misc]
    return list(dict.fromkeys(name for name in found if not name.startswith(("127.", "0."))))
