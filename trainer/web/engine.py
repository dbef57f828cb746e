"""The one thread that looks at pictures: newest first, everything asked of the session in order."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text, join
from trainer.live.clock import SessionClock
from trainer.live.model import Choices, LiveError, LiveState
from trainer.live.placing import known_landmarks, known_size
from trainer.live.session import LiveSession
from trainer.live.strokes import warm_up
from trainer.perception.fetching import ModelUnreachableError
from trainer.protocol.model import Protocol
from trainer.web import messages
from trainer.web.options import chosen
from trainer.web.page_state import PAUSES, Emit, Json, PageState, Snapshot
from trainer.web.pictures import SentPicture, decode

_FAULT = Text(
    "Terjadi kesalahan pada gambar ini; latihan berlanjut.",
    "Something failed on this picture; the practice goes on.",
)
_CANNOT_BEGIN = Text("Pijat tidak bisa mulai. ", "Pijat cannot begin. ")
_NOT_LOADED = Text(
    "Model tidak dapat dimuat: jalankan pijat doctor.", "Loading the models failed: run pijat doctor."
)
_NO_MODEL = Text(
    "Pijat belum bisa mulai karena model tangan belum ada di komputer ini: sambungkan internet sekali saja, "
    "lalu Pijat melanjutkan sendiri.",
    "Pijat cannot begin yet, for the hand model is not on this computer: connect to the internet once, "
    "and Pijat goes on by itself.",
)
_BY_ITSELF = ("camera", "no_pictures")
_TRY_AGAIN_S = 5.0
_SETTLED_S = 0.3
_NO_PICTURES_S = 3.0
_WATCH_S = 0.5
_SOON_S = 0.1


@dataclass(frozen=True, eq=False)
class _Waiting:
    """The newest picture, not looked at yet."""

    sequence: int
    captured_s: float
    received_s: float
    size: tuple[int, int]
    image: Callable[[], NDArray[np.uint8]]
    owed: bool
    """Whether a page waits for its answer before it sends the next."""


class Engine:
    """Owns a `LiveSession` and the only thread that touches it.

    Parameters
    ----------
    make_session : callable
        Loads the models and returns the session; called in the thread.
    protocols : mapping of str to (Protocol, str)
        Protocols to choose from by id, each with its reference (id or file).
    choices : Choices
        To begin with.
    emit : callable
        Told every message for the page, in the thread.
    on_start : callable, optional
        Told when a practice begins, in the thread.
    """

    def __init__(
        self,
        make_session: Callable[[Choices], LiveSession],
        protocols: Mapping[str, tuple[Protocol, str]],
        choices: Choices,
        emit: Emit,
        on_start: Callable[[], None] | None = None,
    ) -> None:
        self._make_session, self._protocols, self._emit = make_session, protocols, emit
        self._on_start = on_start
        self._clock = SessionClock()
        self._wake = threading.Condition()
        self._asked: deque[Callable[[LiveSession], None]] = deque()
        self._newest: _Waiting | None = None
        self._loaded: Callable[[], None] | None = None
        self._ending = self._warm = self._behind = False
        self._received = self._analysed = self._dropped = 0
        self._received_s = time.monotonic()
        self._paused_s = 0.0
        self._sent_size: tuple[int, int] | None = None
        self._page = PageState(choices, emit)
        self._thread = threading.Thread(
            target=self._work, args=(choices,), name="pijat-practice", daemon=True
        )

    @property
    def snapshot(self) -> Snapshot:
        """Where the session is, readable from any thread."""
        return self._page.snapshot

    @property
    def looked(self) -> bool:
        """Whether a picture has been looked at yet."""
        return self._analysed > 0

    def start(self, loaded: Callable[[], None] | None = None) -> None:
        """Begin to load the models; `loaded` is called in the thread when that is done."""
        self._loaded = loaded
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Finish what is being done and free the models; an unfinished practice stays in its spool."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        self._thread.join(timeout_s)

    # -- from the loop's thread -----------------------------------------------------------------------------

    def picture(self, picture: SentPicture) -> None:
        """Take a picture of the page; one that still waits is dropped for it."""
        self._put(
            _Waiting(
                picture.sequence,
                picture.captured_s,
                time.monotonic(),
                picture.size,
                lambda: decode(picture),
                owed=True,
            )
        )

    def image(self, sequence: int, captured_s: float, image: NDArray[np.uint8]) -> None:
        """Take a picture of a camera of this computer."""
        size = (image.shape[1], image.shape[0])
        self._put(_Waiting(sequence, captured_s, time.monotonic(), size, lambda: image, owed=False))

    def _put(self, waiting: _Waiting) -> None:
        with self._wake:
            self._received += 1
            self._received_s = waiting.received_s
            self._dropped += self._newest is not None
            self._newest = waiting
            self._wake.notify()

    def joined(self) -> None:
        """Expect a new connection's clock and numbers."""

        def work(session: LiveSession) -> None:
            self._clock.rejoin()
            if session.state is LiveState.PRACTISING:
                self._pause(session, "connection")

        with self._wake:
            self._newest = None
            self._received = self._analysed = self._dropped = 0
        self._ask(work)

    def left(self) -> None:
        """The page went away."""
        self.joined()

    def clock_changed(self) -> None:
        """Expect another capture clock: the camera was opened again."""
        self._ask(lambda session: self._clock.rejoin())

    def camera_gone(self) -> None:
        """Pause because the camera of this computer gives no pictures."""

        def work(session: LiveSession) -> None:
            if session.state is LiveState.PRACTISING:
                self._pause(session, "camera")
            else:
                text = PAUSES["camera"]
                self._emit(messages.error_message("camera", text))

        self._ask(work)

    def place(self, landmarks: Mapping[str, tuple[float, float]]) -> None:
        """Place the back, where nobody and nothing else has."""

        def work(session: LiveSession) -> None:
            if not session.finds_back and not session.has_back and session.state is LiveState.SETUP:
                session.place_back(landmarks, None)

        self._ask(work)

    def message(self, document: Json) -> None:
        """Do what a text message of the page asks for."""
        self._ask(lambda session: self._obey(session, document))

    def _ask(self, work: Callable[[LiveSession], None]) -> None:
        with self._wake:
            self._asked.append(work)
            self._wake.notify()

    # -- in the worker's thread -----------------------------------------------------------------------------

    def _work(self, choices: Choices) -> None:
        session = self._load(choices)
        if session is None:
            return
        try:
            self._page.state(session, finds_back=session.finds_back)
            if self._loaded is not None:
                self._loaded()
            while self._turn(session):
                pass
        finally:
            session.close()

    def _load(self, choices: Choices) -> LiveSession | None:
        """Return the session; tries again until a model can be fetched, None when that is of no use or it ends."""
        while True:
            try:
                return self._make_session(choices)
            except ModelUnreachableError:
                self._page.not_loaded(_NO_MODEL)
            except PijatError as error:
                self._page.not_loaded(join(_CANNOT_BEGIN, error.text))
                return None
            except Exception:
                # A thread that dies silently would leave the page waiting for ever.
                logging.getLogger(__name__).exception("loading the models failed")
                self._page.not_loaded(join(_CANNOT_BEGIN, _NOT_LOADED))
                return None
            with self._wake:
                if self._wake.wait_for(lambda: self._ending, _TRY_AGAIN_S):
                    return None

    def _turn(self, session: LiveSession) -> bool:
        with self._wake:
            if not (self._asked or self._newest or self._ending):
                self._wake.wait(_SOON_S if self._behind else _WATCH_S)
            if self._ending:
                return False
            asked = self._asked.popleft() if self._asked else None
            newest = None
            if asked is None:
                newest, self._newest = self._newest, None
        sequence = None if newest is None else newest.sequence
        try:
            if asked is not None:
                asked(session)
            elif newest is not None:
                self._look(session, newest)
            else:
                self._behind = False
                session.go_on()
                self._watch(session)
        except LiveError as error:
            self._emit(messages.error_message(error.code, error.text, sequence=sequence))
        except PijatError as error:
            self._emit(messages.error_message("failed", error.text, sequence=sequence))
            if session.state is LiveState.PRACTISING and asked is None:
                self._pause_after_failure(session, error.text)
        except Exception:
            # One picture that a library chokes on must not end the massage; the log says what it was.
            logging.getLogger(__name__).exception("the practice thread failed")
            self._emit(messages.error_message("fault", _FAULT, sequence=sequence))
        self._page.remember(session)
        return True

    def _pause_after_failure(self, session: LiveSession, text: Text) -> None:
        """Stop recording when the disk is full: a person has to do something first."""
        try:
            session.pause("person")
        except PijatError:
            logging.getLogger(__name__).warning("could not note the pause")
        self._page.state(session, text=text)

    def _look(self, session: LiveSession, newest: _Waiting) -> None:
        if (
            session.state is LiveState.PAUSED
            and session.why in _BY_ITSELF
            and newest.received_s > self._paused_s + _SETTLED_S
        ):
            session.resume()
            self._page.state(session)
        try:
            image = newest.image()
            stream_s = self._clock.at(newest.captured_s, newest.received_s)
        except LiveError:
            raise
        except PijatError as error:
            raise LiveError(error.text, "time") from error
        result = session.frame(image, stream_s, dropped=self._dropped)
        self._analysed += 1
        if not self._warm:
            # Beside the set-up, once the first picture is answered.
            self._warm = True
            threading.Thread(target=warm_up, name="pijat-warm-up", daemon=True).start()
        self._sent_size = newest.size
        frames = {"received": self._received, "analysed": self._analysed, "dropped": self._dropped}
        taken_ms = 1000.0 * (time.monotonic() - newest.received_s)
        self._emit(messages.result_message(result, newest.sequence, newest.size, taken_ms, frames))
        self._behind = True

    def _watch(self, session: LiveSession) -> None:
        """Notice that pictures no longer come."""
        if session.state is LiveState.PRACTISING and time.monotonic() - self._received_s > _NO_PICTURES_S:
            self._pause(session, "no_pictures")

    def _pause(self, session: LiveSession, why: Any) -> None:
        session.pause(why)
        self._paused_s = time.monotonic()
        self._page.state(session)

    def _obey(self, session: LiveSession, document: Json) -> None:
        match document.get("type"):
            case "configure":
                session.configure(chosen(session.choices, document, self._protocols))
                self._page.choices(session)
            case "landmarks":
                size = known_size(document.get("size")) or self._sent_size
                session.place_back(known_landmarks(document.get("landmarks")), size)
            case "find_back":
                session.find_back()
            case "confirm":
                self._confirm(session, document)
            case "start":
                session.start()
                if self._on_start is not None:
                    self._on_start()
                    self._forget_shown()
                self._received_s = time.monotonic()
                self._page.state(session)
            case "pause" if document.get("why", "person") in ("person", "hidden", "camera"):
                self._pause(session, document.get("why", "person"))
            case "resume":
                session.resume()
                self._received_s = time.monotonic()
                self._page.state(session)
            case "stop" if document.get("reason") in ("finished", "pain"):
                self._stop(session, document["reason"])
            case "again":
                session.again()
                self._page.state(session)
                self._page.choices(session)
            case "discard":
                session.discard()
                self._page.state(session)
                self._page.choices(session)
            case _:
                raise LiveError(
                    Text("Pesan tidak dikenal.", "Expected a message of docs/live-protocol.md, got another."),
                    "message",
                )

    def _forget_shown(self) -> None:
        """Leave out the waiting picture of before the clip began anew; a page's own is owed an answer."""
        with self._wake:
            if self._newest is not None and not self._newest.owed:
                self._newest = None

    def _confirm(self, session: LiveSession, document: Json) -> None:
        item, done = document.get("item"), document.get("done")
        if not isinstance(item, str) or not (done is None or isinstance(done, bool)):
            raise LiveError(
                Text("Butir tidak dikenal.", "Expected an item and true, false or null, got something else."),
                "item",
            )
        session.confirm(item, done)
        self._page.choices(session)
        if session.state is LiveState.FINISHED and session.outcome is not None:
            self._emit(messages.summary_message(session.outcome, session.stopped))

    def _stop(self, session: LiveSession, reason: Any) -> None:
        try:
            session.stop(reason)
            self._page.saving()
            outcome = session.finish()
        except LiveError:
            raise
        except PijatError as error:
            self._page.not_saved(error.text)
            return
        self._page.state(session)
        self._emit(messages.summary_message(outcome, session.stopped))


def make_session_in(sessions: Path, source: str) -> Callable[[Choices], LiveSession]:
    """Return what loads the models and opens a session in a folder; takes a second or two when called."""

    def make(choices: Choices) -> LiveSession:
        from trainer.live.back import load_detector
        from trainer.perception.fetching import ensure_model
        from trainer.perception.tracker import HandTracker

        tracker = HandTracker(ensure_model("hand_landmarker"))
        return LiveSession(sessions, choices, tracker, load_detector(), source=source)

    return make
