"""What must not be sent to somebody who grades without the camera, until they have signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from trainer.desk.queries import open_blind_sessions, seen_sessions
from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    from trainer.desk.calls import Call
    from trainer.library.records import GradingRecord, SessionDetail


def own_grading(call: Call, gradings: Iterable[GradingRecord]) -> GradingRecord | None:
    """Return the visitor's grading among those of a session."""
    return next((g for g in gradings if g.facilitator_id == call.visitor.facilitator_id), None)


def is_hidden(call: Call, detail: SessionDetail) -> bool:
    """Whether the camera's results of a session, and other graders', are kept from this visitor.

    A blind grading hides them until it is signed. Before a grading is begun, the visitor's own wish decides.
    """
    mine = own_grading(call, detail.gradings)
    return call.visitor.blind if mine is None else mine.blind and mine.signed_at is None


def refuse_hidden(call: Call, detail: SessionDetail) -> None:
    """Refuse what would show the camera's results.

    Raises
    ------
    PijatError
        When they are hidden.
    """
    if is_hidden(call, detail):
        raise PijatError(
            Text(
                "Hasil kamera tampil setelah Anda menandatangani penilaian Anda.",
                "Expected a signed grading before the camera's results are shown: sign first.",
            ),
            "denied",
        )


def hidden_sessions(call: Call) -> Callable[[int], bool]:
    """Return what tells, of any session's number, whether its results are hidden from this visitor; see `is_hidden`."""
    library, facilitator_id = call.desk.library, call.visitor.facilitator_id
    if call.visitor.blind:
        seen = seen_sessions(library, facilitator_id)
        return lambda session_id: session_id not in seen
    blind = open_blind_sessions(library, facilitator_id)
    return lambda session_id: session_id in blind


def grades_blind(call: Call) -> bool:
    """Whether this visitor must not know the results of some session now."""
    return call.visitor.blind or bool(open_blind_sessions(call.desk.library, call.visitor.facilitator_id))
