"""What the page is told of the session's state, and what whoever comes later is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trainer.language import Text, join
from trainer.live.model import Choices
from trainer.live.session import LiveSession
from trainer.web import messages

Json = dict[str, Any]
Emit = Callable[[Json], None]

_SAVING = Text("Menyimpan dan menilai latihan.", "Saving and scoring the practice.")
_LOADING = Text("Menyiapkan pengamat tangan.", "Getting ready to watch the hands.")
PAUSES: Mapping[str, Text] = {
    "person": Text("Latihan dijeda.", "The practice is paused."),
    "hidden": Text(
        "Halaman tidak terlihat, jadi latihan dijeda.", "The page is hidden, so the practice is paused."
    ),
    "camera": Text(
        "Kamera terputus: sambungkan lagi, latihan berlanjut sendiri.",
        "The camera is gone: plug it in again, and the practice goes on by itself.",
    ),
    "connection": Text(
        "Halaman ditutup atau dimuat ulang, jadi latihan dijeda.",
        "The page was closed or reloaded, so the practice is paused.",
    ),
    "no_pictures": Text(
        "Tidak ada gambar dari kamera; latihan berlanjut sendiri.",
        "No pictures come from the camera; the practice goes on by itself.",
    ),
}


@dataclass(frozen=True)
class Snapshot:
    """Where the session is, readable from any thread."""

    state: Json
    choices: Json
    finds_back: bool = False


class PageState:
    """Tells the page, and remembers what a page that opens later has to be told.

    Parameters
    ----------
    choices : Choices
        To begin with.
    emit : callable
        Told every message for the page.
    """

    def __init__(self, choices: Choices, emit: Emit) -> None:
        self._emit = emit
        self.snapshot = Snapshot(
            messages.state_message("setup", "loading", _LOADING), messages.choices_message(choices, 0.0)
        )

    def remember(self, session: LiveSession) -> None:
        """Take note of the choices and of how far it is."""
        now = messages.choices_message(session.choices, session.time_s)
        self.snapshot = replace(self.snapshot, choices=now)

    def state(
        self, session: LiveSession, *, text: Text | None = None, finds_back: bool | None = None
    ) -> None:
        """Tell where the session is, with `text` or with why it is paused."""
        shown = text or (None if session.why is None else PAUSES[session.why])
        state = messages.state_message(session.state.value, session.why, shown)
        found = self.snapshot.finds_back if finds_back is None else finds_back
        self.snapshot = Snapshot(state, messages.choices_message(session.choices, session.time_s), found)
        self._emit(state)

    def choices(self, session: LiveSession) -> None:
        """Tell what is chosen."""
        self._emit({"type": "choices", **messages.choices_message(session.choices, session.time_s)})

    def saving(self) -> None:
        """Tell that the session is being written."""
        self._emit(messages.state_message("finished", "saving", _SAVING))

    def not_saved(self, why: Text) -> None:
        """Tell that the session could not be written."""
        text = join(Text("Latihan belum tersimpan. ", "The practice is not saved yet. "), why)
        self.snapshot = replace(self.snapshot, state=messages.state_message("finished", "failed", text))
        self._emit(self.snapshot.state)

    def not_loaded(self, why: Text) -> None:
        """Tell that the models could not be loaded, once for each reason."""
        state = messages.state_message("setup", "failed", why)
        if state == self.snapshot.state:
            return
        self.snapshot = replace(self.snapshot, state=state)
        self._emit(messages.error_message("loading", why, fatal=False))
        self._emit(state)
