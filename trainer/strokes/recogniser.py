"""Thumb tracks in, strokes with their figures out: the reading for the record, with full context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.back.track import ThumbTrack
from trainer.perception.observation import Hand, Status
from trainer.strokes.decoder import DecodedSegment, DurationModel, decode
from trainer.strokes.event import StrokeEvent
from trainer.strokes.features import STROKE_OF_KIND, TURNS, Kind, features
from trainer.strokes.grid import GRID_HZ, Grid, to_grid
from trainer.strokes.joining import join_circles
from trainer.strokes.measure import describe
from trainer.strokes.network import StrokeNetwork, load_network
from trainer.strokes.passes import moving_part
from trainer.strokes.splitting import split_circles

UNSURE_BELOW = 0.5
"""Confidence below which an event is to be shown as unsure and must cost nothing in a score."""


@dataclass(frozen=True, eq=False)
class HandTimeline:
    """One hand's strokes and what they were read from.

    Attributes
    ----------
    time_s : ndarray of float, shape (n,)
        The recogniser's clock.
    probabilities : ndarray of float32, shape (n, 7)
        Calibrated, in the order of `trainer.strokes.features.Kind`.
    events : tuple of StrokeEvent
        In order of onset.
    """

    time_s: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    events: tuple[StrokeEvent, ...]


@dataclass(frozen=True, eq=False)
class StrokeTimeline:
    """Strokes of all hands.

    Attributes
    ----------
    hands : mapping of hand to HandTimeline
    """

    hands: Mapping[Hand, HandTimeline]

    @property
    def events(self) -> tuple[StrokeEvent, ...]:
        """All events, in order of onset, then hand."""
        every = [event for timeline in self.hands.values() for event in timeline.events]
        return tuple(sorted(every, key=lambda event: (event.onset_s, event.hand)))


def recognise(
    tracks: Mapping[Hand, ThumbTrack],
    model_path: Path | str | None = None,
    durations: DurationModel | None = None,
) -> StrokeTimeline:
    """Recognise the strokes of each hand.

    Parameters
    ----------
    tracks : mapping of hand to ThumbTrack
        In cm and seconds.
    model_path : path, optional
        An ONNX stroke model; the one that ships if not given.
    durations : DurationModel, optional
        What is known about how long strokes last.

    Raises
    ------
    PijatError
        When the model cannot be loaded or times do not increase.
    """
    network = load_network(model_path)
    return StrokeTimeline({hand: recognise_hand(track, network, durations) for hand, track in tracks.items()})


def recognise_hand(
    track: ThumbTrack, network: StrokeNetwork, durations: DurationModel | None = None
) -> HandTimeline:
    """Recognise one hand's strokes with a loaded model."""
    grid = to_grid(track)
    probabilities = network.probabilities(features(grid))
    segments = segments_of(track, grid, probabilities, durations)
    return HandTimeline(grid.time_s, probabilities, tuple(events_of(track, grid, probabilities, segments)))


def segments_of(
    track: ThumbTrack,
    grid: Grid,
    probabilities: NDArray[np.float32],
    durations: DurationModel | None = None,
) -> list[DecodedSegment]:
    """Decode probabilities; part circles that are two, join those that are one."""
    decoded = decode(probabilities, durations)
    return join_circles(track, grid, split_circles(track, grid, probabilities, decoded))


def events_of(
    track: ThumbTrack, grid: Grid, probabilities: NDArray[np.float32], segments: Sequence[DecodedSegment]
) -> list[StrokeEvent]:
    """Turn decoded segments into events with their figures."""
    if not len(track):
        return []
    usable = np.isfinite(track.lateral_cm_raw) & np.isfinite(track.caudal_cm_raw)
    usable &= np.isin(track.status, (Status.DETECTED.value, Status.TRACKED.value))
    raw = np.stack([track.lateral_cm_raw, track.caudal_cm_raw], 1)
    events = []
    for segment in segments:
        if segment.kind == Kind.NONE or not grid.known[segment.start : segment.stop].any():
            continue
        # A sample stands for the time around it.
        onset = max(float(grid.time_s[segment.start]) - 0.5 / GRID_HZ, float(track.time_s[0]))
        end = min(float(grid.time_s[segment.stop - 1]) + 0.5 / GRID_HZ, float(track.time_s[-1]))
        if segment.kind in (Kind.DOWN, Kind.UP):
            onset, end = _of_motion(track, onset, end)
        inside = slice(
            int(np.searchsorted(track.time_s, onset)), int(np.searchsorted(track.time_s, end, "right"))
        )
        good = usable[inside]
        sure = _mean_probability(probabilities[segment.start : segment.stop], segment.kind)
        events.append(
            describe(
                STROKE_OF_KIND[segment.kind],
                track.hand,
                onset,
                end,
                track.time_s[inside][good],
                raw[inside][good],
                confidence=sure,
                observed=float(grid.seen[segment.start : segment.stop].mean()),
                clockwise=TURNS.get(segment.kind),
            )
        )
    return events


def _of_motion(track: ThumbTrack, onset_s: float, end_s: float) -> tuple[float, float]:
    """Return the moving part of a pass."""
    inside = (track.time_s >= onset_s) & (track.time_s <= end_s)
    inside &= np.isfinite(track.lateral_cm) & np.isfinite(track.caudal_cm)
    path = np.stack([track.lateral_cm[inside], track.caudal_cm[inside]], 1)
    return moving_part(track.time_s[inside], path, onset_s, end_s)


def _mean_probability(probabilities: NDArray[np.float32], kind: Kind) -> float:
    """Return the mean probability of the stroke type; both senses of a circle are one type."""
    if kind in (Kind.CIRCLE_CW, Kind.CIRCLE_CCW):
        return float(probabilities[:, [Kind.CIRCLE_CW, Kind.CIRCLE_CCW]].sum(1).mean())
    return float(probabilities[:, kind].mean())
