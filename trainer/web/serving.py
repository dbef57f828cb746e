"""Serves the practice page: the port, the addresses, the threads that begin and end with it."""

from __future__ import annotations

import contextlib
import errno
import logging
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import PijatError
from trainer.protocol.library import BUILTIN_IDS, builtin
from trainer.protocol.model import Protocol
from trainer.session.live_model import Choices
from trainer.session.live_record import recover, sole_user
from trainer.web.app import create_app
from trainer.web.engine import Engine, make_session_in
from trainer.web.hub import Hub
from trainer.web.messages import recovered_entry
from trainer.web.source import CameraSource, ClipSource, PictureSource

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

FIRST_PORT = 8080
_PORTS_TRIED = 50
_MOST_MESSAGE = 1024 * 1024
DEMO_CLIP = "datasets/samples/oxytocin-demo.mp4"
DEMO_CALIBRATION = "datasets/samples/oxytocin-demo.calibration.json"


@dataclass(frozen=True)
class Plan:
    """How to serve.

    Attributes
    ----------
    sessions : Path
        Where session folders go.
    protocol : Protocol
        To begin with; a protocol file's joins the built-in ones.
    protocol_ref : str
        Its id or file.
    language : {"id", "en"}
        In which the page opens.
    camera : int or None
        A camera that the server takes itself; None leaves it to the browser.
    demo : bool
        Play the bundled clip as the camera.
    lan : bool
        Serve the network too, with a token.
    """

    sessions: Path
    protocol: Protocol
    protocol_ref: str
    language: str = "id"
    camera: int | None = None
    demo: bool = False
    lan: bool = False


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


def listen(port: int | None, *, lan: bool = False) -> socket.socket:
    """Open the port to serve on: that one, or the first free one from `FIRST_PORT` on.

    Raises
    ------
    PijatError
        When it is taken.
    """
    host = "0.0.0.0" if lan else "127.0.0.1"
    wanted = range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED) if port is None else (port,)
    for number in wanted:
        listener = socket.socket()
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
            listener.listen(16)
        except OSError as error:
            listener.close()
            if port is None and error.errno in (errno.EADDRINUSE, errno.EACCES):
                continue
            raise PijatError(
                f"Expected port {number} to be free, got: {error.strerror}. Close the other program, or leave "
                "out --port."
            ) from error
        return listener
    raise PijatError(
        f"Expected a free port from {FIRST_PORT} to {FIRST_PORT + _PORTS_TRIED - 1}, found none: give --port."
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


def make_server(plan: Plan, address: Address, *, ready: Callable[[], None] | None = None) -> uvicorn.Server:
    """Put page, socket, models and camera together.

    Parameters
    ----------
    plan : Plan
        How to serve.
    address : Address
        Of the listening socket.
    ready : callable, optional
        Told when the page can be opened.

    Raises
    ------
    PijatError
        When there is no such camera, or the sessions cannot be written where they should.
    """
    import cv2  # noqa: F401 - OpenCV's loader does not bear being imported by two threads at once
    import uvicorn

    try:
        plan.sessions.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PijatError(
            f"Expected to write to {plan.sessions}, got: {error.strerror}. Choose another --sessions."
        ) from error
    offered = {name: (builtin(name), name) for name in BUILTIN_IDS}
    offered[plan.protocol.id] = (plan.protocol, plan.protocol_ref)
    protocols = [protocol for protocol, _ in offered.values()]
    from_server = plan.demo or plan.camera is not None
    hub = Hub("server" if from_server else "browser", protocols)
    kind = "demo" if plan.demo else "camera" if from_server else "browser"
    sources: list[PictureSource] = []

    def restart() -> None:
        for source in sources:
            source.restart()

    engine = Engine(
        make_session_in(plan.sessions, kind),
        offered,
        Choices(plan.protocol, plan.protocol_ref, language="en" if plan.language == "en" else "id"),
        hub.emit,
        on_start=restart,
    )
    if from_server:
        sources.append(_source(plan, engine, hub))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        hub.open(engine)
        with sole_user(plan.sessions) as alone:
            engine.start((lambda: _recover(plan.sessions, hub)) if alone else None)
            for source in sources:
                source.start()
            if ready is not None:
                ready()
            try:
                yield
            finally:
                for source in sources:
                    source.stop()
                engine.stop()

    app = create_app(
        hub,
        plan.sessions,
        protocols,
        address.hosts,
        token=address.token,
        language=plan.language,
        lifespan=lifespan,
    )
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="on",
            ws_max_size=_MOST_MESSAGE,
            ws_max_queue=8,
            ws_per_message_deflate=False,
            ws_ping_interval=10.0,
            ws_ping_timeout=20.0,
            timeout_graceful_shutdown=3,
            server_header=False,
        )
    )


def _source(plan: Plan, engine: Engine, hub: Hub) -> PictureSource:
    if plan.camera is not None:
        return CameraSource(
            plan.camera, engine.image, hub.show, gone=engine.camera_gone, back=engine.clock_changed
        )
    from trainer.back.calibration import load_calibration
    from trainer.resources import resource_path

    marks = load_calibration(resource_path(DEMO_CALIBRATION)).landmarks
    placed = False

    def analyse(sequence: int, captured_s: float, image: object) -> None:
        nonlocal placed
        engine.image(sequence, captured_s, image)  # type: ignore[arg-type]
        if not placed and engine.snapshot.state["why"] != "loading" and engine.looked:
            # Where the network that finds the back is missing, the clip's own marks stand in for a person.
            placed = True
            engine.place(marks)

    return ClipSource(resource_path(DEMO_CLIP), analyse, hub.show)


def _recover(sessions: Path, hub: Hub) -> None:
    try:
        done = recover(sessions)
    except OSError as error:
        logging.getLogger(__name__).warning("could not look for unfinished sessions: %s", error)
        return
    if done:
        hub.tell_recovered([recovered_entry(outcome) for outcome in done])
