"""Serves the practice page: the threads that begin and end with it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import PijatError, reason
from trainer.language import Language, Text
from trainer.live.model import Choices
from trainer.live.record import recover, sole_user
from trainer.protocol.library import BUILTIN_IDS, builtin
from trainer.protocol.model import Protocol
from trainer.serving.address import Address
from trainer.serving.server import make_uvicorn
from trainer.web.app import create_app
from trainer.web.engine import Engine, make_session_in
from trainer.web.hub import Hub
from trainer.web.messages import recovered_entry
from trainer.web.source import CameraSource, ClipSource, PictureSource

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

DEMO_CLIP = "datasets/samples/oxytocin-demo.mp4"
DEMO_CALIBRATION = "datasets/samples/oxytocin-demo.calibration.json"


@dataclass(frozen=True)
class PracticeOptions:
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
    language: Language = "id"
    camera: int | None = None
    demo: bool = False
    lan: bool = False


def make_server(
    options: PracticeOptions, address: Address, *, ready: Callable[[], None] | None = None
) -> uvicorn.Server:
    """Put page, socket, models and camera together.

    Parameters
    ----------
    options : PracticeOptions
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

    try:
        options.sessions.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"{options.sessions} tidak dapat ditulis ({why.id}): pilih folder lain dengan --sessions.",
                f"Expected to write to {options.sessions}, got: {why.en}. Choose another --sessions.",
            ),
            "busy",
        ) from error
    offered = {name: (builtin(name), name) for name in BUILTIN_IDS}
    offered[options.protocol.id] = (options.protocol, options.protocol_ref)
    protocols = [protocol for protocol, _ in offered.values()]
    from_server = options.demo or options.camera is not None
    hub = Hub("server" if from_server else "browser", protocols)
    kind = "demo" if options.demo else "camera" if from_server else "browser"
    sources: list[PictureSource] = []

    def restart() -> None:
        for source in sources:
            source.restart()

    engine = Engine(
        make_session_in(options.sessions, kind),
        offered,
        Choices(options.protocol, options.protocol_ref, language="en" if options.language == "en" else "id"),
        hub.emit,
        on_start=restart,
    )
    if from_server:
        sources.append(_source(options, engine, hub))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        hub.open(engine)
        with sole_user(options.sessions) as alone:
            engine.start((lambda: _recover(options.sessions, hub)) if alone else None)
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
        options.sessions,
        protocols,
        address.hosts,
        token=address.token,
        language=options.language,
        lifespan=lifespan,
    )
    return make_uvicorn(app, socket=True)


def _source(options: PracticeOptions, engine: Engine, hub: Hub) -> PictureSource:
    if options.camera is not None:
        return CameraSource(
            options.camera, engine.image, hub.show, gone=engine.camera_gone, back=engine.clock_changed
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
