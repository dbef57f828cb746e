"""What a facilitator says of a demonstration, entered into its score."""

from collections.abc import Mapping
from dataclasses import replace

from trainer.errors import PijatError
from trainer.language import Text
from trainer.protocol.judgement import NOT_MEASURED, WAITS, WELL_DONE
from trainer.protocol.model import Protocol
from trainer.protocol.ratings import (
    BEST_RATING,
    RATINGS,
    added_up,
    points_of_rating,
    rating_of_verdict,
    verdict_of_rating,
)
from trainer.protocol.score import ItemScore, Score, Verdict

_NOT_OBSERVED = Text("Tidak diamati.", "Not observed.")


def with_confirmations(protocol: Protocol, scored: Score, confirmed: Mapping[str, Verdict]) -> Score:
    """Enter the verdicts that a facilitator ticked during the practice and add up again.

    Parameters
    ----------
    protocol : Protocol
        The protocol of the score.
    scored : Score
        As `score` returned it.
    confirmed : mapping of str to Verdict
        Verdicts by item id; items of the camera may be overruled too.
    """
    items = []
    for item in scored.items:
        verdict = confirmed.get(item.id)
        if verdict is None:
            items.append(item)
            continue
        rating = rating_of_verdict(protocol.scale, verdict, minor=True)
        message = item.message
        if verdict == Verdict.MET:
            message = WELL_DONE
        elif verdict != Verdict.NOT_OBSERVED and item.message in (WAITS, NOT_MEASURED):
            message = protocol.step(item.id).instruction
        items.append(
            replace(
                item,
                verdict=verdict,
                points=points_of_rating(protocol.scale, rating, item.max_points),
                message=message,
                to_be_confirmed=item.to_be_confirmed and verdict == Verdict.NOT_OBSERVED,
                faults=() if verdict == Verdict.MET else item.faults,
            )
        )
    return added_up(scored, items)


def with_grades(protocol: Protocol, scored: Score, ratings: Mapping[str, float | None]) -> Score:
    """Enter a facilitator's grading, which replaces the camera's verdicts, and add up again.

    Parameters
    ----------
    protocol : Protocol
        The protocol of the score.
    scored : Score
        As it was read or made.
    ratings : mapping of str to float or None
        By item id, on the protocol's scale; None for not observed.

    Raises
    ------
    PijatError
        For a rating of an unknown item, or off the scale.
    """
    known = {item.id for item in scored.items}
    for item_id in ratings:
        if item_id not in known:
            raise PijatError(
                Text(
                    f'Butir "{item_id[:60]}" tidak ada dalam sesi ini: nilai butir dari daftar tiliknya.',
                    f'Expected grades of this session\'s items, got one of "{item_id[:60]}".',
                )
            )
    items = [
        _graded(item, ratings[item.id], protocol) if item.id in ratings else item for item in scored.items
    ]
    return added_up(scored, items, rater="facilitator")


def _graded(item: ItemScore, rating: float | None, protocol: Protocol) -> ItemScore:
    lowest, best = RATINGS[protocol.scale][0][0], BEST_RATING[protocol.scale]
    if rating is not None and not lowest <= rating <= best:
        raise PijatError(
            Text(
                'Beri {low} sampai {high} poin untuk "{item}" (skala {scale}), bukan {got}.',
                'Expected {low} to {high} points for "{item}" (scale {scale}), got {got}.',
            ).fill(low=lowest, high=best, item=item.id, scale=protocol.scale, got=float(rating))
        )
    verdict = verdict_of_rating(protocol.scale, rating)
    agrees = verdict.value == item.state
    return replace(
        item,
        observer="facilitator",
        verdict=verdict,
        to_be_confirmed=False,
        points=points_of_rating(protocol.scale, rating, item.max_points),
        # What the camera found wrong, and says to do, holds only where the facilitator agrees.
        message=item.message if agrees else _message(item, verdict, protocol),
        faults=item.faults if agrees else (),
    )


def _message(item: ItemScore, verdict: Verdict, protocol: Protocol) -> Text:
    if verdict == Verdict.MET:
        return WELL_DONE
    if verdict == Verdict.NOT_OBSERVED:
        return _NOT_OBSERVED
    try:
        return protocol.step(item.id).instruction
    except KeyError:  # the item that STOP adds is not a step of the protocol
        return item.message
