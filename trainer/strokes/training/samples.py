"""Labelled tracks as the network is trained on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.features import MIRRORED_KINDS, Kind, features, mirrored
from trainer.strokes.grid import GRID_HZ, Grid
from trainer.strokes.palm import running_reference

IGNORED = -1
"""Label of a sample that is not trained on."""
_UNSEEN_S = 1.5
"""What happens in an unseen stretch longer than this is nobody's to say: no stroke."""


@dataclass(frozen=True, eq=False)
class LabelledTrack:
    """One hand of one session.

    Attributes
    ----------
    name : str
        Of the track.
    group : str
        The person, clip or run; groups are never split between training and test.
    rows : ndarray of float32, shape (10, n)
        Features.
    labels : ndarray of int8, shape (n,)
        `Kind` of every sample, `IGNORED` where there is none.
    """

    name: str
    group: str
    rows: NDArray[np.float32]
    labels: NDArray[np.int8]


def kind_of(event: StrokeEvent) -> Kind:
    """Return the class of an event."""
    match event.trial_type:
        case StrokeType.CIRCULAR_PRESSURE:
            return Kind.CIRCLE_CCW if event.direction == "ccw" else Kind.CIRCLE_CW
        case StrokeType.DOWNWARD_PASS:
            return Kind.DOWN
        case StrokeType.UPWARD_PASS:
            return Kind.UP
        case StrokeType.STATIC_HOLD:
            return Kind.HOLD
    return Kind.OTHER


def label_samples(time_s: NDArray[np.float64], events: Sequence[StrokeEvent]) -> NDArray[np.int8]:
    """Return the `Kind` at each time."""
    labels = np.zeros(len(time_s), np.int8)
    for event in events:
        labels[(time_s >= event.onset_s) & (time_s < event.end_s)] = kind_of(event)
    return labels


def labelled_track(
    name: str, group: str, grid: Grid, events: Sequence[StrokeEvent], *, live: bool = False
) -> LabelledTrack:
    """Return features and labels of one hand; long unseen stretches are no stroke, their edges are not trained on.

    `live` compares the palm's size with what was known at the time, as coaching has to.
    """
    labels = label_samples(grid.time_s, events)
    edges = np.flatnonzero(np.diff(np.r_[False, ~grid.known, False].astype(np.int8)))
    for start, stop in edges.reshape(-1, 2):
        if stop - start > _UNSEEN_S * GRID_HZ:
            labels[start:stop] = Kind.NONE
            labels[start : start + round(0.5 * GRID_HZ)] = IGNORED
            labels[max(start, stop - round(0.3 * GRID_HZ)) : stop] = IGNORED
    skin = running_reference(grid.palm_cm) if live else None
    return LabelledTrack(name, group, features(grid, skin), labels)


def mirror(track: LabelledTrack) -> LabelledTrack:
    """Return the mirror image about the spine."""
    swap = np.array([*MIRRORED_KINDS, IGNORED], np.int8)
    return LabelledTrack(track.name, track.group, mirrored(track.rows), swap[track.labels])


def crops(
    tracks: Sequence[LabelledTrack], length: int, batch: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return a batch of random crops, half of them mirrored: (batch, features, length) and (batch, length)."""
    sizes = np.array([track.rows.shape[1] for track in tracks], float)
    chosen = rng.choice(len(tracks), size=batch, p=sizes / sizes.sum())
    rows = np.zeros((batch, tracks[0].rows.shape[0], length), np.float32)
    labels = np.full((batch, length), IGNORED, np.int64)
    for i, index in enumerate(chosen):
        track = mirror(tracks[index]) if rng.random() < 0.5 else tracks[index]
        n = track.rows.shape[1]
        start = int(rng.integers(0, max(1, n - length + 1)))
        part = slice(start, min(n, start + length))
        rows[i, :, : part.stop - start] = track.rows[:, part]
        labels[i, : part.stop - start] = track.labels[part]
    return rows, labels
