"""Who is connected: one page practises, others wait; what each is sent, and no more than it can take."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from trainer.language import Text
from trainer.live.model import LiveError
from trainer.web import messages
from trainer.web.engine import Engine
from trainer.web.pictures import parse_picture, sequence_of

Json = dict[str, Any]

_MOST_TEXT = 64 * 1024
_BURST = 40
_MOST_WAITING = 200
_BUSY = Text(
    "Latihan sedang berjalan di tab lain. Lanjutkan di sini?",
    "Another tab is practising. Go on here instead?",
)
_TAKEN_OVER = Text("Latihan dilanjutkan di tab lain.", "The practice goes on in another tab.")


class Outbox:
    """What waits to be sent to one page: every message, but only the newest picture and the newest result."""

    def __init__(self) -> None:
        self._messages: deque[str] = deque()
        self._result: str | None = None
        self._picture: bytes | None = None
        self._some = asyncio.Event()

    def put(self, message: str) -> bool:
        """Add a message; False when the page has stopped reading."""
        self._messages.append(message)
        self._some.set()
        return len(self._messages) <= _MOST_WAITING

    def put_result(self, result: str) -> None:
        """Put a result in place of one that was not sent yet."""
        self._result = result
        self._some.set()

    def put_picture(self, picture: bytes) -> None:
        """Put a picture in place of one that was not sent yet."""
        self._picture = picture
        self._some.set()

    async def take(self) -> str | bytes:
        """Wait for what to send next."""
        while True:
            if self._messages:
                return self._messages.popleft()
            if self._picture is not None:
                picture, self._picture = self._picture, None
                return picture
            if self._result is not None:
                result, self._result = self._result, None
                return result
            self._some.clear()
            await self._some.wait()


class Allowance:
    """So many messages a second, and a few at once."""

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s, self._burst = per_s, burst
        self._left, self._at = burst, time.monotonic()

    def take(self) -> bool:
        """Whether one more may come now."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Hub:
    """Connects pages to the engine; all of it runs in the event loop, but for `emit` and `show`.

    Parameters
    ----------
    source : {"browser", "server"}
        Who takes the camera.
    protocols : list of Protocol
        To choose from.
    """

    def __init__(self, source: str, protocols: list[Any]) -> None:
        self._source, self._protocols = source, protocols
        self._loop: asyncio.AbstractEventLoop | None = None
        self._active: Outbox | None = None
        self._waiting: set[Outbox] = set()
        self._recovered: list[Json] = []
        self.engine: Engine | None = None

    def open(self, engine: Engine) -> None:
        """Begin, in the running loop."""
        self._loop = asyncio.get_running_loop()
        self.engine = engine

    # -- from other threads -------------------------------------------------------------------------------

    def emit(self, message: Json) -> None:
        """Send a message to the page that practises."""
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        self._later(self._deliver, text, message["type"] == "result")

    def show(self, picture: bytes) -> None:
        """Send a picture to the page that practises."""
        self._later(self._deliver_picture, picture)

    def tell_recovered(self, entries: list[Json]) -> None:
        """Tell the page, once, what sessions were completed that a crash had cut off."""
        self._later(self._deliver_recovered, entries)

    def _later(self, call: Any, *arguments: Any) -> None:
        if self._loop is None or self._loop.is_closed():
            return
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:  # the loop closed in between: the server is ending
            logging.getLogger(__name__).debug("the loop is closed")

    def _deliver(self, text: str, is_result: bool) -> None:
        if self._active is None:
            return
        if is_result:
            self._active.put_result(text)
        elif not self._active.put(text):
            logging.getLogger(__name__).warning("a page has stopped reading; it is left alone")
            self._active = None

    def _deliver_picture(self, picture: bytes) -> None:
        if self._active is not None:
            self._active.put_picture(picture)

    def _deliver_recovered(self, entries: list[Json]) -> None:
        if self._active is None:
            self._recovered += entries
        else:
            self._active.put(_text({"type": "recovered", "sessions": entries}))

    # -- one connection -----------------------------------------------------------------------------------

    async def serve(self, socket: WebSocket) -> None:
        """Talk to one page until it goes."""
        await socket.accept()
        box = Outbox()
        sending = asyncio.create_task(_send(socket, box))
        try:
            if self._active is None:
                self._activate(box)
            else:
                self._waiting.add(box)
                box.put(_text(self._hello(active=False)))
                box.put(_text(_inactive("busy", _BUSY)))
            await self._receive(socket, box)
        except WebSocketDisconnect:
            pass
        finally:
            sending.cancel()
            self._waiting.discard(box)
            if self._active is box:
                self._active = None
                if self.engine is not None:
                    self.engine.left()

    def _activate(self, box: Outbox) -> None:
        assert self.engine is not None
        previous, self._active = self._active, box
        self._waiting.discard(box)
        if previous is not None:
            self._waiting.add(previous)
            previous.put(_text(_inactive("taken_over", _TAKEN_OVER)))
        self.engine.joined()
        box.put(_text(self._hello(active=True)))
        self._recovered = []

    def _hello(self, *, active: bool) -> Json:
        assert self.engine is not None
        now = self.engine.snapshot
        return messages.hello_message(
            source=self._source,
            active=active,
            protocols=self._protocols,
            finds_back=now.finds_back,
            state=now.state,
            session=now.choices,
            recovered=self._recovered if active else (),
        )

    async def _receive(self, socket: WebSocket, box: Outbox) -> None:
        texts = Allowance(messages.TEXTS_PER_S, _BURST)
        complaints = Allowance(5, 20)
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            data, text = message.get("bytes"), message.get("text")
            try:
                if data is not None:
                    self._picture(data, box)
                elif text is not None:
                    self._text(text, box, texts)
            except LiveError as error:
                sequence = None if data is None else sequence_of(data)
                # Whoever sends nothing but rubbish need not be told each time.
                if complaints.take():
                    box.put(_text(messages.error_message(error.code, error.text, sequence=sequence)))

    def _picture(self, data: bytes, box: Outbox) -> None:
        if self._active is not box or self.engine is None:
            raise LiveError(_BUSY, "inactive")
        if self._source != "browser":
            raise LiveError(
                Text(
                    "Kamera dipegang oleh Pijat sendiri.",
                    "The server takes the camera itself; send no frames.",
                ),
                "source",
            )
        self.engine.picture(parse_picture(data))

    def _text(self, text: str, box: Outbox, allowance: Allowance) -> None:
        if not allowance.take():
            raise LiveError(
                Text(
                    "Terlalu banyak pesan sekaligus.",
                    f"Expected at most {messages.TEXTS_PER_S} messages a second.",
                ),
                "rate",
            )
        document = parse_text(text)
        if document.get("type") == "take_over":
            if self._active is not box:
                self._activate(box)
            return
        if self._active is not box or self.engine is None:
            raise LiveError(_BUSY, "inactive")
        self.engine.message(document)


def parse_text(text: str) -> Json:
    """Read a text message.

    Raises
    ------
    LiveError
        When it is too long, no JSON, or no object.
    """
    wrong = LiveError(Text("Pesan tidak terbaca.", "Expected a JSON object, got something else."), "message")
    if len(text) > _MOST_TEXT:
        raise wrong
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(document, dict):
        raise wrong
    return document


async def _send(socket: WebSocket, box: Outbox) -> None:
    """Send what waits, as fast as the page reads."""
    try:
        while True:
            item = await box.take()
            if isinstance(item, str):
                await socket.send_text(item)
            else:
                await socket.send_bytes(item)
    except (WebSocketDisconnect, RuntimeError):
        # The page went away between two messages; the receiving side notices too.
        return


def _inactive(why: str, text: Text) -> Json:
    return {"type": "inactive", "why": why, "text": {"id": text.id, "en": text.en}}


def _text(message: Json) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
