"""What one running desk holds: the library, who may come in, and how its errors are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.desk.errors import MissingError
from trainer.desk.visitors import RateLimiter, Visits
from trainer.errors import PijatError
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

    def status_of(self, error: PijatError) -> int:
        """Return the HTTP status with which an error is answered."""
        from sqlalchemy.exc import SQLAlchemyError

        from trainer.desk.errors import BlindError
        from trainer.library.faults import ConflictError

        if isinstance(error, BlindError):
            return 403
        if isinstance(error, MissingError):
            return 404
        if isinstance(error, ConflictError):
            return 409
        # The library says in words what its database said: locked, gone, full.
        gone = str(error).startswith("The library's database")
        return 503 if gone or isinstance(error.__cause__, SQLAlchemyError | ConnectionError) else 400
