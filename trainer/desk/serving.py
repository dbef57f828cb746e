"""Serves the desk: opens the library, locks the door when others can reach it, runs until it is stopped."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import PijatError
from trainer.language import Text
from trainer.serving.address import Address
from trainer.serving.server import make_uvicorn

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

    from trainer.language import Language, Text
    from trainer.library.store import Library

FIRST_PORT = 8090


@dataclass(frozen=True)
class DeskOptions:
    """How to serve.

    Attributes
    ----------
    library : str or Path or None
        Its folder, file or address; None for the default one.
    language : {"id", "en"}
        In which the pages open.
    lan : bool
        Serve the network too, behind the passphrase.
    """

    library: str | Path | None = None
    language: Language = "id"
    lan: bool = False


def make_server(
    options: DeskOptions, library: Library, address: Address, *, ready: Callable[[], None] | None = None
) -> uvicorn.Server:
    """Put the desk together.

    Parameters
    ----------
    options : DeskOptions
        How to serve.
    library : Library
        Open.
    address : Address
        Of the listening socket.
    ready : callable, optional
        Told when the page can be opened.

    Raises
    ------
    PijatError
        When it is to be reached by others and no passphrase was set.
    """
    from trainer.desk.app import create_app
    from trainer.desk.desk import Desk

    if options.lan and not library.passphrase.exists():
        raise PijatError(
            Text(
                "Kata sandi harus ada sebelum perangkat lain boleh membuka meja: buat dengan `pijat library "
                "passphrase`.",
                "Expected a passphrase before other devices may reach the desk, found none: set one with "
                "`pijat library passphrase`.",
            ),
            "denied",
        )
    port = int(address.hosts[0].rpartition(":")[2])
    desk = Desk(library, port=port, locked=options.lan, language=options.language)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if ready is not None:
            ready()
        yield

    return make_uvicorn(create_app(desk, address.hosts, lifespan=lifespan))
