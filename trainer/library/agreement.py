"""What the camera and the facilitators said of the same sessions, for `trainer.cohort.agreement` to compare."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library.database import Repository
from trainer.library.tables import Facilitator, Grade, Grading, Person, SessionRow, VerdictRow

if TYPE_CHECKING:
    from trainer.cohort.agreement import AgreementInputs, GradedItem, Rating
    from trainer.language import Text
    from trainer.protocol.model import Scale


class Agreement(Repository):
    """Ratings by several raters."""

    def get(
        self, protocol_id: str, group_id: int | None = None, *, blind_only: bool = False
    ) -> "AgreementInputs":
        """Return all signed ratings of a protocol's sessions, with the camera's of the same sessions.

        Parameters
        ----------
        protocol_id : str
            Of the sessions.
        group_id : int, optional
            Only sessions of this group's people.
        blind_only : bool
            Only gradings made without seeing the camera's verdicts: the only ones that say how far two agree
            independently of each other.

        Returns
        -------
        AgreementInputs
            Sessions are named by their number, as text. What waits for a person, or was ticked by one while
            practising, is no verdict of the camera and has no rating of it.
        """
        from trainer.cohort.agreement import AgreementInputs

        with self.database.reading() as db:
            graded = select(Grading.session_id).where(Grading.signed_at.is_not(None))
            if blind_only:
                graded = graded.where(Grading.blind)
            wanted = select(SessionRow.id).where(
                SessionRow.protocol_id == protocol_id, SessionRow.id.in_(graded)
            )
            if group_id is not None:
                wanted = wanted.join(Person, Person.id == SessionRow.person_id).where(
                    Person.group_id == group_id
                )
            scale, items = self._checklist(db, protocol_id)
            verdicts = db.scalars(
                select(VerdictRow)
                .where(VerdictRow.session_id.in_(wanted))
                .order_by(VerdictRow.session_id, VerdictRow.position)
            ).all()
            most = {(row.session_id, row.item_id): row.max_points for row in verdicts}
            newest = _newest_grades(wanted, blind_only=blind_only)
            given = db.execute(newest).all()
        ratings = (*_by_camera(scale, verdicts), *_by_people(scale, given, most))
        return AgreementInputs(protocol_id, scale, items, ratings)

    def _checklist(self, db: Session, protocol_id: str) -> "tuple[Scale, tuple[GradedItem, ...]]":
        """Return the protocol's scale and items: of the built-in one, else as its newest session tells them."""
        from trainer.cohort.agreement import GradedItem, graded_items
        from trainer.language import Text
        from trainer.protocol.library import BUILTIN_IDS, builtin
        from trainer.protocol.ratings import BEST_RATING

        if protocol_id in BUILTIN_IDS:
            protocol = builtin(protocol_id)
            return protocol.scale, graded_items(protocol)
        row = db.scalar(
            select(SessionRow)
            .where(SessionRow.protocol_id == protocol_id)
            .order_by(SessionRow.recorded_at.desc(), SessionRow.id.desc())
            .limit(1)
        )
        if row is None:
            raise PijatError(
                Text(
                    "Tidak ada sesi di perpustakaan yang dinilai dengan protokol itu: pilih protokol lain.",
                    "Expected a protocol that a session of the library was scored by, got another.",
                ),
                "missing",
            )
        scale, titles = _told(self.database.folder_path(row.folder))
        verdicts = db.scalars(
            select(VerdictRow).where(VerdictRow.session_id == row.id).order_by(VerdictRow.position)
        )
        return scale, tuple(
            GradedItem(
                verdict.item_id,
                titles.get(verdict.item_id, Text(verdict.item_id, verdict.item_id)),
                verdict.max_points / BEST_RATING[scale],
            )
            for verdict in verdicts
        )


def _newest_grades(wanted: Select[int], *, blind_only: bool) -> Select[int, str, str, float | None]:
    """Return the query for session, facilitator, item and rating of the newest grades of signed gradings."""
    newest = (
        select(Grade.grading_id, Grade.item_id, func.max(Grade.revision).label("revision"))
        .join(Grading, Grading.id == Grade.grading_id)
        .where(Grading.session_id.in_(wanted), Grading.signed_at.is_not(None))
        .group_by(Grade.grading_id, Grade.item_id)
        .subquery()
    )
    query = (
        select(Grading.session_id, Facilitator.code, Grade.item_id, Grade.rating)
        .join(Grading, Grading.id == Grade.grading_id)
        .join(Facilitator, Facilitator.id == Grading.facilitator_id)
        .join(
            newest,
            (Grade.grading_id == newest.c.grading_id)
            & (Grade.item_id == newest.c.item_id)
            & (Grade.revision == newest.c.revision),
        )
        .where(Grading.session_id.in_(wanted), Grading.signed_at.is_not(None))
        .order_by(Grading.session_id, Facilitator.code, Grade.item_id)
    )
    return query.where(Grading.blind) if blind_only else query


def _by_camera(scale: "Scale", verdicts: Sequence[VerdictRow]) -> "Iterator[Rating]":
    """Yield the camera's ratings; none of an item that it did not see."""
    from trainer.cohort.agreement import CAMERA, Rating
    from trainer.protocol.ratings import rating_of_points

    for row in verdicts:
        if row.by_camera:
            seen = row.verdict != "not_observed"
            rating = rating_of_points(scale, row.points, row.max_points) if seen else None
            yield Rating(str(row.session_id), CAMERA, row.item_id, rating)


def _by_people(
    scale: "Scale",
    given: Iterable[tuple[int, str, str, float | None]],
    most: Mapping[tuple[int, str], float],
) -> "Iterator[Rating]":
    """Yield the facilitators' ratings; None for what they did not observe."""
    from trainer.cohort.agreement import Rating
    from trainer.protocol.ratings import rating_of_points

    for session_id, code, item_id, points in given:
        whole = most.get((session_id, item_id), 0.0)
        rating = None if points is None else rating_of_points(scale, points, whole)
        yield Rating(str(session_id), code, item_id, rating)


def _told(folder: Path) -> "tuple[Scale, dict[str, Text]]":
    """Return the scale that a session was rated on and its items' titles.

    Sessions of before the scale was written down have 0-2. When the folder is missing or damaged, which the list
    says, ids stand in for titles.
    """
    from trainer.session.reader import read_meta, read_score

    try:
        scale = read_meta(folder).protocol.scale
        return scale or "0-2", {item.id: item.title for item in read_score(folder).items}
    except PijatError:
        return "0-2", {}
