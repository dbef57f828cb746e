"""Chance-corrected agreement of two timelines, weighted by time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trainer.evaluation.segmental import BACKGROUND
from trainer.evaluation.timeline import TimedEvent


@dataclass(frozen=True)
class AgreementTable:
    """How far two annotators agree over time; add two of them to pool hands or recordings.

    Attributes
    ----------
    weight : mapping of (str, str) to float
        Seconds in which the first annotator says the one label and the second the other.
    """

    weight: Mapping[tuple[str, str], float]

    def __add__(self, other: "AgreementTable") -> "AgreementTable":
        pairs = sorted({*self.weight, *other.weight})
        return AgreementTable(
            {pair: self.weight.get(pair, 0.0) + other.weight.get(pair, 0.0) for pair in pairs}
        )

    @property
    def seconds(self) -> float:
        """Time compared, in seconds."""
        return sum(self.weight.values())

    @property
    def observed(self) -> float:
        """Share of the time in which both say the same, 0 to 1; NaN for no time."""
        same = sum(seconds for (a, b), seconds in self.weight.items() if a == b)
        return same / self.seconds if self.seconds > 0 else float("nan")

    @property
    def expected(self) -> float:
        """Share of the time in which both would say the same by chance, 0 to 1."""
        if self.seconds <= 0:
            return float("nan")
        labels = {label for pair in self.weight for label in pair}
        return sum(self._share(0, label) * self._share(1, label) for label in labels)

    @property
    def kappa(self) -> float:
        """Cohen's kappa, ``(observed - expected) / (1 - expected)``; NaN where chance alone agrees fully."""
        left_to_chance = 1 - self.expected
        if not left_to_chance > 1e-12:
            return float("nan")
        return (self.observed - self.expected) / left_to_chance

    def _share(self, annotator: int, label: str) -> float:
        return sum(s for pair, s in self.weight.items() if pair[annotator] == label) / self.seconds


def merged_agreement(
    first: Sequence[TimedEvent],
    second: Sequence[TimedEvent],
    span_s: tuple[float, float] | None = None,
    background: str = BACKGROUND,
) -> AgreementTable:
    """Cut time at every boundary of either timeline and weigh each piece by its length.

    This is Cohen's kappa [1]_ with the time-weighted units of merged intervals, as BORIS computes its
    weighted kappa: the boundaries of both annotators together make elementary intervals, in each of which
    either says one thing (labels that overlap are joined), and the table of agreement holds seconds.

    Parameters
    ----------
    first, second : sequence of TimedEvent
        The same hand in the same recording, by two annotators.
    span_s : (float, float), optional
        Start and end of the time compared. By default from the first to the last boundary of either timeline,
        as BORIS does; give the whole recording to count the quiet at its ends as agreement too.
    background : str
        The label where an annotator says nothing.

    References
    ----------
    .. [1] J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
       Measurement 20(1):37-46, 1960.

    Examples
    --------
    >>> a = [TimedEvent("circle", 0.0, 4.0), TimedEvent("pass", 4.0, 8.0)]
    >>> b = [TimedEvent("circle", 0.0, 3.0), TimedEvent("pass", 3.0, 8.0)]
    >>> agreement = merged_agreement(a, b)
    >>> agreement.observed, round(agreement.kappa, 3)
    (0.875, 0.75)
    """
    cuts = {moment for event in (*first, *second) for moment in (event.onset_s, event.end_s)}
    if span_s is not None:
        start, end = span_s
        cuts = {start, end, *(moment for moment in cuts if start < moment < end)}
    moments = sorted(cuts)
    weight: dict[tuple[str, str], float] = {}
    for start, end in pairwise(moments):
        pair = (_label_at(first, start, end, background), _label_at(second, start, end, background))
        weight[pair] = weight.get(pair, 0.0) + end - start
    return AgreementTable(weight)


def _label_at(events: Sequence[TimedEvent], start: float, end: float, background: str) -> str:
    active = sorted({e.label for e in events if e.onset_s <= start and e.end_s >= end})
    return "+".join(active) or background
