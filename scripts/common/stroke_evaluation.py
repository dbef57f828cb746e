"""What the stroke scripts share: simulated truth in the words of `trainer.evaluation`, and reading with any model."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scripts.stroke_simulator import SimulatedHand, simulate_session
from scripts.stroke_simulator.camera import Camera
from trainer.back.track import ThumbTrack
from trainer.back.trajectory import build_track
from trainer.evaluation.compare import Comparison, compare
from trainer.evaluation.timeline import TimedEvent, frame_labels
from trainer.evaluation.truth import HandTruth, Truth, read_truth
from trainer.perception.observation import HANDS, Hand
from trainer.session.tables import events_frame, thumbs_frame, tracks_from_frame
from trainer.strokes.decoder import DurationModel
from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.features import features
from trainer.strokes.grid import to_grid
from trainer.strokes.recogniser import events_of, segments_of
from trainer.strokes.training.samples import kind_of

TRAINING, VALIDATION, HELD_OUT = 1, 2, 3
"""First word of a simulated person's seed: nobody is in two sets."""


class Reader(Protocol):
    """Anything that gives class probabilities, shape (n, 7), for features, shape (8, n)."""

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return probabilities in the order of `trainer.strokes.features.Kind`."""
        ...


def product_track(hand: SimulatedHand) -> ThumbTrack:
    """Return the track that the product itself makes of a simulated hand's sightings."""
    seen = hand.seen
    nowhere = np.full(len(seen.time_s), np.nan)
    sigma = np.where(seen.seen, np.hypot(hand.camera.white_cm, hand.camera.slow_cm) + 0.1, np.nan)
    status = np.where(seen.seen, "detected", "missing")
    name: Hand = "left" if hand.hand == "left" else "right"
    return build_track(
        name,
        seen.time_s,
        nowhere,
        nowhere,
        seen.raw_cm[:, 0],
        seen.raw_cm[:, 1],
        sigma,
        status,
        palm_cm=seen.palm_cm,
    )


@dataclass(frozen=True, eq=False)
class Unit:
    """One hand of one session: its track and the truth."""

    name: str
    group: str
    track: ThumbTrack
    truth: Truth


def simulated_units(
    persons: Iterable[int],
    duration_s: float = 40.0,
    part: int = HELD_OUT,
    camera: Callable[[np.random.Generator], Camera] | None = None,
) -> Iterator[Unit]:
    """Yield both hands of simulated sessions; `camera` draws how each is seen."""
    for person in persons:
        view = camera(np.random.default_rng([part, person, 7])) if camera is not None else None
        for hand in simulate_session([part, person], duration_s, view):
            track = product_track(hand)
            events = tuple(
                TimedEvent(
                    e.trial_type,
                    e.onset_s,
                    e.onset_s + e.duration_s,
                    e.cycles,
                    e.rate_hz,
                    e.direction,
                    e.radius_cm,
                )
                for e in hand.events
            )
            own = HandTruth(events, frame_labels(events, track.time_s))
            truth = Truth(str(person), "rendered", track.time_s, {h: own for h in HANDS})
            yield Unit(f"person {person} {track.hand}", f"{part}-{person}", track, truth)


def recorded_units(sessions: Path, clips: Sequence[Path]) -> Iterator[Unit]:
    """Yield both hands of analysed clips: ``SESSIONS/<clip>/thumbs.parquet`` and ``<clip>/truth.json``."""
    import pandas as pd

    for clip in clips:
        thumbs = sessions / clip.name / "thumbs.parquet"
        if thumbs.is_file():
            truth = read_truth(clip / "truth.json")
            for hand, track in tracks_from_frame(pd.read_parquet(thumbs)).items():
                yield Unit(f"{clip.name} {hand}", clip.name, track, truth)


def read_unit(unit: Unit, reader: Reader, durations: DurationModel | None = None) -> list[StrokeEvent]:
    """Return the events that a model reads, with the product's decoder and measures."""
    grid = to_grid(unit.track)
    probabilities = reader.probabilities(features(grid))
    segments = segments_of(unit.track, grid, probabilities, durations)
    return events_of(unit.track, grid, probabilities, segments)


def hold_against_truth(unit: Unit, events: Sequence[StrokeEvent]) -> Comparison:
    """Return the figures of one hand."""
    thumbs = thumbs_frame({unit.track.hand: unit.track}, np.arange(len(unit.track)))
    return compare(events_frame(events), thumbs, unit.truth)[unit.track.hand]


def evaluate(
    units: Iterable[Unit], reader: Reader, durations: DurationModel | None = None
) -> list[tuple[str, Comparison]]:
    """Return one comparison a hand."""
    return [(unit.name, hold_against_truth(unit, read_unit(unit, reader, durations))) for unit in units]


def truth_kinds(unit: Unit, time_s: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the true `Kind` at each time."""
    kinds = np.zeros(len(time_s), np.int64)
    for event in unit.truth.hands[unit.track.hand].events:
        kind = kind_of(
            StrokeEvent(
                event.onset_s,
                event.duration_s,
                StrokeType(event.label),
                unit.track.hand,
                direction=event.direction,  # type: ignore[arg-type]
            )
        )
        kinds[(time_s >= event.onset_s) & (time_s < event.end_s)] = kind
    return kinds
