"""What one running desk holds: the library, who may come in, and its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.desk.visitors import RateLimiter, Visits
from trainer.language import Language

if TYPE_CHECKING:
    from trainer.cohort.agreement import AgreementInputs
    from trainer.library.records import FacilitatorRecord
    from trainer.library.store import Library


class Desk:
    """A desk that is open.

    Parameters
    ----------
    library : Library
        Open; the desk does not close it.
    port : int
        Part of the cookie's name, for browsers do not keep the cookies of two ports apart.
    locked : bool
        Whether the passphrase is asked for.
    language : {"id", "en"}
        In which the pages open.
    """

    def __init__(
        self, library: Library, *, port: int = 0, locked: bool = False, language: Language = "id"
    ) -> None:
        self.library = library
        self.locked = locked
        self.cookie = f"pijat_desk_{port}"
        self.door = RateLimiter()
        self.ratings: dict[tuple[str, int | None, bool], tuple[int, AgreementInputs]] = {}
        self.visits = Visits(library.passphrase.visit_key().encode(), language)

    def facilitator(self, facilitator_id: int | None) -> FacilitatorRecord | None:
        """Return who grades; None for nobody, or somebody who does no longer."""
        if facilitator_id is None:
            return None
        found = (one for one in self.library.facilitators.list() if one.id == facilitator_id and one.active)
        return next(found, None)

    def knows_facilitator(self, facilitator_id: int | None) -> bool:
        """Whether somebody of that id grades here."""
        return self.facilitator(facilitator_id) is not None
