"""A session, with a facilitator's grades where there are any, as feedback for the trainee."""

from collections.abc import Mapping

from trainer.errors import PijatError
from trainer.handouts.model import FacilitatorGrade, Feedback, Signature
from trainer.language import Text
from trainer.protocol.facilitator import with_grades
from trainer.protocol.model import Protocol
from trainer.protocol.score import Score
from trainer.report.checklist import safe_to_show
from trainer.session.model import SessionMeta

_STOP = "stop"
"""The item that STOP adds to a checklist."""


def feedback_of_session(
    meta: SessionMeta,
    score: Score,
    *,
    trainee: str = "",
    group: str = "",
    attempt: int | None = None,
    grades: Mapping[str, FacilitatorGrade] | None = None,
    protocol: Protocol | None = None,
    signature: Signature | None = None,
    comment: str = "",
) -> Feedback:
    """Turn a session into feedback.

    Parameters
    ----------
    meta, score : SessionMeta, Score
        As `trainer.session.reader` reads them.
    trainee, group, attempt : str, str, int
        For the heading.
    grades : mapping of str to FacilitatorGrade, optional
        By item id; they replace the camera's verdicts, and the result is added up again.
    protocol : Protocol, optional
        Of the session; needed for `grades`, whose ratings are on its scale.
    signature : Signature, optional
        Without it the page is no certificate.
    comment : str
        The facilitator's, on the whole.

    Raises
    ------
    PijatError
        For grades without a protocol, of an unknown item, or off the scale.
    """
    if grades and protocol is None:
        raise PijatError(
            Text(
                "Nilai fasilitator memerlukan protokolnya: poin dihitung dengan skalanya.",
                "Expected the protocol with a facilitator's grades, got none: points need its scale.",
            )
        )
    if grades and protocol is not None:
        score = with_grades(protocol, score, {item: grade.rating for item, grade in grades.items()})
    return Feedback(
        trainee=trainee,
        group=group,
        attempt=attempt,
        recorded_at=meta.created,
        duration_s=meta.video.duration_s,
        score=safe_to_show(score),
        comments={item: grade.comment for item, grade in (grades or {}).items()},
        complete=meta.complete,
        pain=score.find(_STOP) is not None,
        signature=signature,
        comment=comment,
    )
