"""What the judges look at: strokes with their place on the back, and when each thumb was really seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trainer.perception.observation import HANDS, Hand
from trainer.protocol import intervals
from trainer.protocol.demonstration import Demonstration
from trainer.protocol.geometry import signed_distance_cm
from trainer.protocol.intervals import Interval
from trainer.protocol.model import Protocol, Region
from trainer.protocol.placed_strokes import Stroke, join_parts, placed_stroke
from trainer.protocol.sightings import moving_intervals, seen_intervals
from trainer.strokes.event import StrokeType

Place = Literal["inside", "outside", "avoid", "unknown", "cut"]
"""Unknown: too near a border to say. Cut: a part of the stroke was hidden."""

_DROPOUT_S = 0.5
"""Shorter gaps in what was seen of a hand are dropouts: what goes on before and after them goes on in them."""
_TOUCHES_S = 0.3
_REST_OF_STROKE_S = 0.5
"""What is left of a stroke beside a time in which its hand was hidden is recognised from this length on."""
_SHORTEST_PASS_S = 1.5
_SHORTEST_ROUND_S = 4.0
_COMING_AND_GOING_S = 1.5
"""At either end of a session a hand takes up to this long to come or to leave; nothing is missed in it."""
_LOST_BESIDE_S = 1.0
"""However short a hidden stretch is, so much of a pass about it may be too short to be recognised."""
_FRAME_S = 0.1
"""Of the slowest camera."""
_PASSES = (StrokeType.DOWNWARD_PASS, StrokeType.UPWARD_PASS)


def _passes_in(gap_s: float) -> int:
    """Return how many passes fit into so many seconds, the last of them too little of it seen to be recognised."""
    return max(0, int(gap_s / _SHORTEST_PASS_S + 0.4))


def _touches(stroke: Stroke, gap: Interval) -> bool:
    start, end = stroke.interval
    return gap[0] < end + _TOUCHES_S and gap[1] > start - _TOUCHES_S


@dataclass(frozen=True, eq=False)
class Facts:
    """A demonstration made ready for judging against a protocol.

    Attributes
    ----------
    start_s, end_s : float
        The session, cut at the moment STOP was pressed.
    """

    protocol: Protocol
    demonstration: Demonstration
    start_s: float
    end_s: float

    @cached_property
    def all_strokes(self) -> tuple[Stroke, ...]:
        """Strokes that begin before the end, unsure ones included, in order of time."""
        demo, unsure_below = self.demonstration, self.protocol.judging.unsure_below
        events = sorted(demo.events, key=lambda event: (event.onset_s, event.hand))
        return tuple(
            placed_stroke(event, demo.tracks.get(event.hand), unsure_below)
            for event in events
            if event.onset_s < self.end_s
        )

    @cached_property
    def strokes(self) -> tuple[Stroke, ...]:
        """The strokes that are sure."""
        return tuple(stroke for stroke in self.all_strokes if stroke.sure)

    def of(self, *kinds: StrokeType) -> list[Stroke]:
        """Return the sure strokes of these kinds."""
        return [stroke for stroke in self.strokes if stroke.event.trial_type in kinds]

    def blamed(self, *kinds: StrokeType) -> list[Stroke]:
        """Return the strokes of these kinds that are sure enough to be held against the trainee."""
        least = self.protocol.judging.fault_confidence
        return [stroke for stroke in self.of(*kinds) if stroke.event.confidence >= least]

    @cached_property
    def passes(self) -> tuple[Stroke, ...]:
        """The sure passes; what a hidden stretch has cut in two, of one hand and direction, is one."""
        joined: list[Stroke] = []
        last: dict[Hand, int] = {}
        for stroke in self.of(*_PASSES):
            hand = stroke.event.hand
            before = joined[last[hand]] if hand in last else None
            if before is not None and self._goes_on(before, stroke):
                joined[last[hand]] = join_parts(before, stroke)
                continue
            last[hand] = len(joined)
            joined.append(stroke)
        return tuple(joined)

    def _goes_on(self, before: Stroke, after: Stroke) -> bool:
        same = before.event.trial_type == after.event.trial_type
        return same and any(
            _touches(before, gap) and _touches(after, gap) and gap[0] >= before.event.onset_s
            for gap in self.hidden(after.event.hand)
        )

    @cached_property
    def massage(self) -> list[Interval]:
        """The session's time of massage: all of it up to its end, without announced pauses."""
        pauses = intervals.union(self.demonstration.pauses_s)
        return intervals.difference([(self.start_s, self.end_s)], pauses) if self.end_s > self.start_s else []

    @cached_property
    def _seen_by_hand(self) -> dict[Hand, list[Interval] | None]:
        tracks = self.demonstration.tracks
        return {hand: seen_intervals(tracks[hand]) if hand in tracks else None for hand in HANDS}

    def seen_share(self, hand: Hand) -> float:
        """Share of the time of massage in which the thumb was seen."""
        seen = self._seen_by_hand[hand]
        if seen is None:
            stated = self.demonstration.observed.get(hand)
            if stated is not None:
                return stated
            return 1.0 if any(stroke.event.hand == hand for stroke in self.all_strokes) else 0.0
        whole = intervals.length_s(self.massage)
        return intervals.length_s(intervals.intersection(seen, self.massage)) / whole if whole > 0 else 0.0

    def seen(self, hand: Hand) -> list[Interval]:
        """Return when the thumb was seen; the whole session for a hand without a track."""
        seen = self._seen_by_hand[hand]
        return [(self.start_s, self.end_s)] if seen is None else seen

    def any_seen_share(self) -> float:
        """Share of the time of massage in which at least one thumb was seen."""
        single = max(self.seen_share(hand) for hand in HANDS)
        whole = intervals.length_s(self.massage)
        if whole <= 0:
            return single
        seen = intervals.union(interval for hand in HANDS for interval in self._seen_by_hand[hand] or [])
        return max(single, intervals.length_s(intervals.intersection(seen, self.massage)) / whole)

    @cached_property
    def _hidden_by_hand(self) -> dict[Hand, list[Interval]]:
        return {hand: self._find_hidden(hand) for hand in HANDS}

    def _find_hidden(self, hand: Hand) -> list[Interval]:
        seen = self._seen_by_hand[hand]
        if seen is None:
            # Nobody says when; all that was not seen may have been at one time.
            unseen_s = (1.0 - self.demonstration.observed.get(hand, 1.0)) * (self.end_s - self.start_s)
            return [(self.start_s, self.start_s + unseen_s)] if unseen_s > _DROPOUT_S else []
        # A stroke that was recognised through a gap goes on in it.
        strokes = intervals.union(stroke.interval for stroke in self.strokes if stroke.event.hand == hand)
        unseen = intervals.difference(intervals.difference(self.massage, seen), strokes)
        return [
            (start, end)
            for start, end in unseen
            if end - start > (_COMING_AND_GOING_S if self._is_edge(start, end) else _DROPOUT_S)
        ]

    def _is_edge(self, start: float, end: float) -> bool:
        return start <= self.start_s + _DROPOUT_S or end >= self.end_s - _DROPOUT_S

    def hidden(self, hand: Hand) -> list[Interval]:
        """Return the stretches of massage in which the thumb was unseen for longer than a dropout lasts."""
        return self._hidden_by_hand[hand]

    @cached_property
    def hidden_s(self) -> float:
        """Seconds of both hands, added up, of which nothing is known: hidden, or strokes too unsure to count."""
        # When a hidden stretch begins and ends, and what was cut there, is not known to the frame.
        return sum(
            intervals.length_s(self.hidden(hand))
            + intervals.length_s(self._unsure(hand))
            + _LOST_BESIDE_S / 2 * len(self.hidden(hand))
            for hand in HANDS
        )

    def _unsure(self, hand: Hand) -> list[Interval]:
        """Return when a hand in sight did what is not known well enough to count.

        That are strokes too unsure, and what lies so near to a time in which it was hidden that the rest of a stroke
        was too short to be recognised.
        """
        own = [stroke for stroke in self.all_strokes if stroke.event.hand == hand]
        unsure = [stroke.interval for stroke in own if not stroke.sure]
        sure = intervals.union(stroke.interval for stroke in own if stroke.sure)
        hidden = self.hidden(hand)
        beside = [(start - _REST_OF_STROKE_S, end + _REST_OF_STROKE_S) for start, end in hidden]
        unknown = intervals.intersection(intervals.union(unsure + beside), self.massage)
        return intervals.difference(intervals.difference(unknown, sure), hidden)

    @cached_property
    def unseen_s(self) -> float:
        """As `hidden_s`, with every dropout, and with the hands' coming and going."""
        unseen = sum(
            intervals.length_s(intervals.difference(self.massage, self.seen(hand))) for hand in HANDS
        )
        return max(self.hidden_s, unseen + sum(intervals.length_s(self._unsure(hand)) for hand in HANDS))

    def passes_hidden(self, hand: Hand) -> int:
        """Return how many passes a hand may at most have done unseen.

        They take 1.5 s and more; with 0.9 s of it unseen, a pass is recognised no more.
        """
        return sum(_passes_in(end - start) for start, end in self.hidden(hand))

    def passes_hidden_s(self, cut: Iterable[Stroke]) -> float:
        """Return for how many seconds hands may at most have done passes unseen, besides those that are cut.

        The rest of a pass that is cut, where it is long enough to matter, takes its part of what was hidden.
        """
        cut = list(cut)
        total = 0.0
        for hand in HANDS:
            for gap in self.hidden(hand):
                rests = sum(s.event.duration_s / 2 for s in cut if s.event.hand == hand and _touches(s, gap))
                left = gap[1] - gap[0] - rests
                total += max(left if _passes_in(left) else 0.0, _LOST_BESIDE_S)
        return total

    def rounds_hidden(self, hand: Hand) -> int:
        """Return how many rounds a hand may at most have finished unseen: one that lacked its pass, or whole ones."""
        gaps = [end - start for start, end in self.hidden(hand)]
        return sum(int(gap / _SHORTEST_ROUND_S) + (_passes_in(gap) >= 1) for gap in gaps)

    def is_cut(self, stroke: Stroke) -> bool:
        """Whether a stroke may have gone on while its hand was hidden."""
        return any(_touches(stroke, gap) for gap in self.hidden(stroke.event.hand))

    def _seen_part(self, stroke: Stroke) -> float:
        """Return the share of a stroke that was seen, 0 to 1, had it filled all hidden stretches that it touches.

        And gone on beyond them, for too short to be recognised.
        """
        gaps = [
            (max(start, self.start_s) - _REST_OF_STROKE_S, min(end, self.end_s) + _REST_OF_STROKE_S)
            for start, end in self.hidden(stroke.event.hand)
            if _touches(stroke, (start, end))
        ]
        # A frame on either side is not known to have been seen in full.
        inner = [(start - _FRAME_S, end + _FRAME_S) for start, end in self.hidden(stroke.event.hand)]
        gaps = intervals.difference(intervals.union(gaps), [stroke.interval]) + intervals.intersection(
            inner, [stroke.interval]
        )
        whole_s = intervals.length_s(intervals.union([stroke.interval, *gaps], bridge_s=_TOUCHES_S))
        return 1.0 - intervals.length_s(gaps) / whole_s if whole_s > 0 else 1.0

    @cached_property
    def explained_share(self) -> float | None:
        """Share of the time in which a thumb moved on the back that a recognised stroke explains.

        All that was hidden counts as movement that none explains. None when none was seen moving, or there are no
        tracks.
        """
        moving = explained = 0.0
        for hand, track in self.demonstration.tracks.items():
            spells = intervals.intersection(moving_intervals(track), self.massage)
            strokes = intervals.union(s.interval for s in self.strokes if s.event.hand == hand)
            moving += intervals.length_s(spells)
            explained += intervals.length_s(intervals.intersection(spells, strokes))
        return explained / (moving + self.hidden_s) if moving > 0 else None

    @cached_property
    def _places(self) -> dict[tuple[int, tuple[str, ...]], Place]:
        return {}

    def place(self, stroke: Stroke, region_ids: Sequence[str]) -> Place:
        """Say where a stroke lies: in the regions, in one to avoid, outside, or too unsure to say."""
        key = (id(stroke), tuple(region_ids))
        if key not in self._places:
            self._places[key] = self._find_place(stroke, region_ids)
        return self._places[key]

    def _find_place(self, stroke: Stroke, region_ids: Sequence[str]) -> Place:
        if not len(stroke.path_cm) or stroke.sigma_cm > self.protocol.judging.maximum_sigma_cm:
            return "unknown"
        if stroke.event.trial_type in _PASSES:
            return self._place_of_path(stroke, region_ids)
        return self._place_of_points(np.array([stroke.centre_cm]), stroke.sigma_cm, region_ids)

    def _place_of_points(self, points: NDArray[np.float64], sigma: float, region_ids: Sequence[str]) -> Place:
        depth = float(np.mean(self._depth(points, [self.protocol.region(name) for name in region_ids])))
        avoid = float(np.mean(self._depth(points, [r for r in self.protocol.regions if r.kind == "avoid"])))
        if avoid > max(depth, 0.25 * sigma):
            return "avoid"
        if depth >= -0.5 * sigma:
            return "inside"
        return "outside" if depth < -sigma else "unknown"

    def _place_of_path(self, stroke: Stroke, region_ids: Sequence[str]) -> Place:
        """A pass belongs where most of its way lies: at most a third of it may be elsewhere.

        A part of it that was hidden may have been anywhere; where that decides, the pass is cut.
        """
        seen = self._seen_part(stroke)
        wanted = self._depth(stroke.path_cm, [self.protocol.region(name) for name in region_ids])
        avoid = self._depth(stroke.path_cm, [r for r in self.protocol.regions if r.kind == "avoid"])
        if seen * float(np.mean(avoid > np.maximum(wanted, 0.25 * stroke.sigma_cm))) > 0.5:
            return "avoid"
        if seen * float(np.mean(wanted >= -0.5 * stroke.sigma_cm)) >= 2 / 3:
            return "inside"
        outside = float(np.mean(wanted < -stroke.sigma_cm))
        if seen * outside > 1 / 3:
            return "outside"
        return "cut" if seen < 1.0 else "unknown"

    @staticmethod
    def _depth(points: NDArray[np.float64], regions: Sequence[Region]) -> NDArray[np.float64]:
        if not regions:
            return np.full(len(points), -np.inf)
        return np.asarray(np.max([signed_distance_cm(points, region.polygon) for region in regions], axis=0))


def gather(protocol: Protocol, demonstration: Demonstration) -> Facts:
    """Prepare a demonstration for judging; what came after STOP is left out."""
    end = demonstration.end_s
    if demonstration.stopped_s is not None:
        end = min(end, demonstration.stopped_s)
    return Facts(protocol, demonstration, demonstration.start_s, end)
