"""How far graders agree: the camera with a facilitator, and facilitators with each other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from trainer.cohort.results import NotComputed
from trainer.cohort.weighted_kappa import weighted_kappa
from trainer.evaluation.icc import IntraclassCorrelation, icc_2_1
from trainer.evaluation.kappa import AgreementTable
from trainer.language import Text
from trainer.protocol.model import Protocol, Scale
from trainer.protocol.ratings import BEST_RATING, points_of_rating, total_of

CAMERA = "camera"
"""Name of the camera among the raters."""
ANY_FACILITATOR = "*"
"""Stands for every facilitator: each of them paired with the camera counts."""


@dataclass(frozen=True)
class GradedItem:
    """An item of the checklist: its id, title and weight in the total."""

    id: str
    title: Text
    weight: float


@dataclass(frozen=True)
class Rating:
    """What one rater gave one item of one session.

    `points` is on the protocol's own scale, None for not observed. An item that a rater never had to judge, such
    as one that the camera leaves to the facilitator, has no rating at all: it is neither agreement nor left out.
    """

    session: str
    rater: str
    item: str
    points: float | None


@dataclass(frozen=True)
class AgreementInputs:
    """All ratings of one protocol's sessions; `raters` names the facilitators by code."""

    protocol_id: str
    scale: Scale
    items: tuple[GradedItem, ...]
    ratings: tuple[Rating, ...]

    @property
    def raters(self) -> tuple[str, ...]:
        """Facilitators that rated anything, in order."""
        return tuple(sorted({rating.rater for rating in self.ratings} - {CAMERA}))


@dataclass(frozen=True)
class ItemAgreement:
    """One item.

    Attributes
    ----------
    item : GradedItem
    n : int
        Sessions that both rated.
    left_out : int
        Sessions rated by both of which one or both did not observe this item.
    percent : float or None
        Of the `n` in which both gave the same; None for none.
    kappa : float or NotComputed
        Cohen's.
    weighted : float or NotComputed
        Quadratic weights; the same as `kappa` on done / not done.
    mean_difference : float or None
        Second minus first, in points of the scale: who is stricter.
    """

    item: GradedItem
    n: int
    left_out: int
    percent: float | None
    kappa: float | NotComputed
    weighted: float | NotComputed
    mean_difference: float | None


@dataclass(frozen=True)
class SessionDifference:
    """How two raters differ on one session.

    Attributes
    ----------
    session : str
    pair : (str, str)
        Who.
    first, second : float
        Percent of the points of the items that both observed.
    difference : float
        Second minus first, in percentage points.
    items : tuple of str
        Ids of the items that they rated differently, largest difference first.
    compared, left_out : int
        Items both observed, and items that one or both did not.
    """

    session: str
    pair: tuple[str, str]
    first: float
    second: float
    difference: float
    items: tuple[str, ...]
    compared: int
    left_out: int


@dataclass(frozen=True)
class RaterAgreement:
    """Two raters over all sessions that both rated.

    Attributes
    ----------
    first, second : str
        `CAMERA`, a facilitator's code, or `ANY_FACILITATOR`.
    sessions : int
        Pairs of ratings of a session.
    items : tuple of ItemAgreement
        In the protocol's order; those that both ever could rate.
    overall_n, overall_left_out : int
    overall_percent : float or None
        All items together.
    overall_kappa, overall_weighted : float or NotComputed
    totals : IntraclassCorrelation or NotComputed
        ICC(2,1) of the percent totals.
    total_bias : float or None
        Mean of second minus first total, percentage points.
    differing : tuple of SessionDifference
        Those that differ, most first.
    words : Text
    """

    first: str
    second: str
    sessions: int
    items: tuple[ItemAgreement, ...]
    overall_n: int
    overall_left_out: int
    overall_percent: float | None
    overall_kappa: float | NotComputed
    overall_weighted: float | NotComputed
    totals: IntraclassCorrelation | NotComputed
    total_bias: float | None
    differing: tuple[SessionDifference, ...]
    words: Text


def graded_items(protocol: Protocol) -> tuple[GradedItem, ...]:
    """Return the items of a protocol."""
    return tuple(GradedItem(step.id, step.title, step.weight) for step in protocol.steps)


def compare_raters(inputs: AgreementInputs, first: str, second: str) -> RaterAgreement:
    """Hold two raters against each other.

    What either did not observe is left out of every figure, and how often is said.

    Parameters
    ----------
    inputs : AgreementInputs
    first, second : str
        `CAMERA` or a facilitator's code; `second` may be `ANY_FACILITATOR`.
    """
    by_rater: dict[tuple[str, str], dict[str, float | None]] = {}
    for rating in inputs.ratings:
        by_rater.setdefault((rating.session, rating.rater), {})[rating.item] = rating.points
    seconds = [r for r in inputs.raters if r != first] if second == ANY_FACILITATOR else [second]
    sessions = sorted({session for session, rater in by_rater if rater == first})
    pairs = [
        (session, other, by_rater[session, first], by_rater[session, other])
        for session in sessions
        for other in seconds
        if (session, other) in by_rater
    ]
    tables = [_item_pairs(item.id, pairs) for item in inputs.items]
    items = tuple(
        _item_agreement(item, rated, left_out)
        for item, (rated, left_out) in zip(inputs.items, tables, strict=True)
        if rated or left_out
    )
    everything = [pair for rated, _ in tables for pair in rated]
    differences = [
        found
        for session, other, a, b in pairs
        if (found := _session_difference(inputs, session, (first, other), a, b)) is not None
    ]
    percent, kappa, weighted = _figures(everything)
    totals = _totals(differences)
    return RaterAgreement(
        first=first,
        second=second,
        sessions=len(pairs),
        items=items,
        overall_n=len(everything),
        overall_left_out=sum(left_out for _, left_out in tables),
        overall_percent=percent,
        overall_kappa=kappa,
        overall_weighted=weighted,
        totals=totals,
        total_bias=sum(d.difference for d in differences) / len(differences) if differences else None,
        differing=tuple(
            sorted(
                (d for d in differences if d.items),
                key=lambda d: (-abs(d.difference), -len(d.items), d.session, d.pair),
            )
        ),
        words=_words(len(pairs), len(everything), sum(left_out for _, left_out in tables), percent),
    )


def compare_all(inputs: AgreementInputs) -> tuple[RaterAgreement, ...]:
    """Compare the camera with all facilitators together and with each, then each two facilitators.

    Pairs that share no session are left out.
    """
    camera = [(CAMERA, ANY_FACILITATOR)] if len(inputs.raters) > 1 else []
    wanted = [*camera, *((CAMERA, rater) for rater in inputs.raters), *combinations(inputs.raters, 2)]
    found = (compare_raters(inputs, first, second) for first, second in wanted)
    return tuple(agreement for agreement in found if agreement.sessions)


_Pairs = Sequence[tuple[str, str, Mapping[str, float | None], Mapping[str, float | None]]]


def _item_pairs(item: str, pairs: _Pairs) -> tuple[list[tuple[float, float]], int]:
    rated, left_out = [], 0
    for _, _, a, b in pairs:
        first, second = a.get(item), b.get(item)
        if first is not None and second is not None:
            rated.append((first, second))
        elif item in a and item in b:
            left_out += 1
    return rated, left_out


def _item_agreement(item: GradedItem, rated: list[tuple[float, float]], left_out: int) -> ItemAgreement:
    percent, kappa, weighted = _figures(rated)
    bias = sum(b - a for a, b in rated) / len(rated) if rated else None
    return ItemAgreement(item, len(rated), left_out, percent, kappa, weighted, bias)


def _figures(
    rated: Sequence[tuple[float, float]],
) -> tuple[float | None, float | NotComputed, float | NotComputed]:
    if not rated:
        return None, _NO_PAIRS, _NO_PAIRS
    counts: dict[tuple[str, str], float] = {}
    for a, b in rated:
        pair = (f"{a:g}", f"{b:g}")
        counts[pair] = counts.get(pair, 0.0) + 1
    table = AgreementTable(counts)
    return (
        100 * table.observed,
        _known(table.kappa),
        _known(weighted_kappa(table)),
    )


def _known(value: float) -> float | NotComputed:
    return value if math.isfinite(value) else _ONE_RATING


def _session_difference(
    inputs: AgreementInputs,
    session: str,
    pair: tuple[str, str],
    a: Mapping[str, float | None],
    b: Mapping[str, float | None],
) -> SessionDifference | None:
    both: list[tuple[GradedItem, float, float]] = []
    left_out = 0
    for item in inputs.items:
        x, y = a.get(item.id), b.get(item.id)
        if x is not None and y is not None:
            both.append((item, x, y))
        elif item.id in a and item.id in b:
            left_out += 1
    first = _percent(inputs.scale, [(item.weight, x) for item, x, _ in both])
    second = _percent(inputs.scale, [(item.weight, y) for item, _, y in both])
    if first is None or second is None:
        return None
    differing = sorted(
        ((abs(y - x) * item.weight, item.id) for item, x, y in both if x != y), key=lambda d: (-d[0], d[1])
    )
    return SessionDifference(
        session,
        pair,
        first,
        second,
        second - first,
        tuple(name for _, name in differing),
        len(both),
        left_out,
    )


def _percent(scale: Scale, weighted: Sequence[tuple[float, float]]) -> float | None:
    """Return the percent that ratings come to, each with the weight of its item."""
    most = [weight * BEST_RATING[scale] for weight, _ in weighted]
    rated = zip(weighted, most, strict=True)
    return total_of((points_of_rating(scale, rating, whole), whole) for (_, rating), whole in rated).percent


def _totals(differences: Sequence[SessionDifference]) -> IntraclassCorrelation | NotComputed:
    if len(differences) < 2:
        return NotComputed(
            Text(
                f"Tidak dihitung: perlu paling sedikit 2 sesi yang dinilai keduanya, ada {len(differences)}.",
                f"Not computed: it takes at least 2 sessions rated by both, there "
                f"{'is' if len(differences) == 1 else 'are'} {len(differences)}.",
            )
        )
    found = icc_2_1([(d.first, d.second) for d in differences])
    if not math.isfinite(found.value):
        return NotComputed(
            Text(
                "Tidak dihitung: semua nilai total sama, jadi tidak ada yang dapat dibedakan.",
                "Not computed: all totals are the same, so there is nothing to tell apart.",
            )
        )
    return found


_NO_PAIRS = NotComputed(
    Text(
        "Tidak dihitung: tidak ada sesi yang dinilai keduanya.", "Not computed: no session was rated by both."
    )
)
_ONE_RATING = NotComputed(
    Text(
        "Tidak dihitung: keduanya selalu memberi nilai yang sama, jadi kesepakatan karena kebetulan tidak dapat "
        "dipisahkan.",
        "Not computed: both always gave the same rating, so agreement by chance cannot be told apart.",
    )
)


def _words(sessions: int, n: int, left_out: int, percent: float | None) -> Text:
    if not n or percent is None:
        return Text("Belum ada butir yang dinilai keduanya.", "No item has been rated by both yet.")
    rest_id = f"; {left_out} tidak diikutkan karena tidak terlihat" if left_out else ""
    rest_en = f"; {left_out} left out as not observed" if left_out else ""
    return Text(
        f"Sepakat pada {percent:.0f} % dari {n} penilaian dalam {sessions} sesi{rest_id}.",
        f"They agree on {percent:.0f}% of {n} ratings in {sessions} session{'s' if sessions > 1 else ''}{rest_en}.",
    )
