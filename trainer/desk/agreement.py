"""How far graders agree, and the sessions on which they differ most, one click from grading."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from starlette.responses import Response

from trainer.desk.blindness import hidden_sessions
from trainer.desk.calls import Call
from trainer.desk.pages import page, tell
from trainer.desk.queries import newest_change
from trainer.errors import PijatError

if TYPE_CHECKING:
    from trainer.cohort.agreement import AgreementInputs, RaterAgreement
    from trainer.library.records import SessionRecord

_DIFFERING_SHOWN = 12
_KEPT = 3
_MOST_AT_ONCE = 20_000


def agreement_page(call: Call) -> Response:
    """Show who agrees with whom; in detail for one pair."""
    library, query = call.desk.library, call.query
    protocols = [name for name, _ in library.sessions.protocols()]
    protocol = query.get("protocol", "")
    if protocol not in protocols:
        protocol = protocols[0] if protocols else ""
    group = query.get("group", "")
    group_id = int(group) if group.isdecimal() and len(group) < 10 else None
    blind_only = query.get("blind") == "1"
    found: tuple[RaterAgreement, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    inputs: AgreementInputs | None = None
    left_out = 0
    if protocol:
        inputs, left_out = visible_ratings(call, ratings_of(call, protocol, group_id, blind_only=blind_only))
        found, pairs = _compared(inputs, (query.get("first", ""), query.get("second", "")))
    wanted = (query.get("first"), query.get("second"))
    chosen = next((one for one in found if (one.first, one.second) == wanted), found[0] if found else None)
    return page(
        call,
        "agreement",
        protocols=protocols,
        protocol=protocol,
        groups=library.groups.list(),
        group_id=group_id,
        blind_only=blind_only,
        found=found,
        pairs=pairs,
        chosen=chosen,
        differing=_differing(call, chosen),
        titles={} if inputs is None else {item.id: item.title for item in inputs.items},
        left_out=left_out,
        rater=lambda name: _rater(call, name),
    )


def ratings_of(
    call: Call, protocol: str, group_id: int | None, *, blind_only: bool = False
) -> AgreementInputs:
    """Return all signed ratings; read anew only when anything in the library has changed since."""
    key = (protocol, group_id, blind_only)
    version = newest_change(call.desk.library)
    kept = call.desk.ratings.get(key)
    if kept is not None and kept[0] == version:
        return kept[1]
    inputs = call.desk.library.agreement.get(protocol, group_id, blind_only=blind_only)
    call.desk.ratings = {**dict(list(call.desk.ratings.items())[-_KEPT:]), key: (version, inputs)}
    return inputs


def _compared(
    inputs: AgreementInputs, wanted: tuple[str, str]
) -> tuple[tuple[RaterAgreement, ...], tuple[tuple[str, str], ...]]:
    """Compare everybody; with very many ratings only the wanted pair, and name the others."""
    from trainer.cohort.agreement import ANY_FACILITATOR, CAMERA, compare_all, compare_raters

    if len(inputs.ratings) <= _MOST_AT_ONCE:
        return compare_all(inputs), ()
    several = [ANY_FACILITATOR] if len(inputs.raters) > 1 else []
    pairs = [
        *((CAMERA, rater) for rater in (*several, *inputs.raters)),
        *combinations(inputs.raters, 2),
    ]
    if not pairs:
        return (), ()
    first, second = wanted if wanted in pairs else pairs[0]
    return (compare_raters(inputs, first, second),), tuple(pairs)


def visible_ratings(call: Call, inputs: AgreementInputs) -> tuple[AgreementInputs, int]:
    """Leave out the sessions whose results this visitor must not know yet, and say how many."""
    hides = hidden_sessions(call)
    hidden = {rating.session for rating in inputs.ratings if hides(int(rating.session))}
    kept = tuple(rating for rating in inputs.ratings if rating.session not in hidden)
    return replace(inputs, ratings=kept), len(hidden)


def _differing(call: Call, chosen: RaterAgreement | None) -> list[tuple[object, SessionRecord | None]]:
    rows: list[tuple[object, SessionRecord | None]] = []
    for difference in chosen.differing[:_DIFFERING_SHOWN] if chosen else ():
        try:
            record: SessionRecord | None = call.desk.library.sessions.get(int(difference.session))
        except PijatError:
            record = None  # deleted in between
        rows.append((difference, record))
    return rows


def _rater(call: Call, name: str) -> str:
    from trainer.cohort.agreement import ANY_FACILITATOR, CAMERA

    if name == CAMERA:
        return tell(call, "camera")
    return tell(call, "every_facilitator") if name == ANY_FACILITATOR else name
