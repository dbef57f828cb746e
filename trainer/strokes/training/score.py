"""How well a model reads labelled tracks; the figures of the before-and-after table."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.network import StrokeNetwork
from trainer.strokes.recogniser import recognise_hand
from trainer.strokes.training.dataset import TrackRecording
from trainer.strokes.training.samples import label_samples


@dataclass
class Tally:
    """Counts over many hands.

    Attributes
    ----------
    frames, frames_right : int
        Samples of the recogniser's clock, and those with the right stroke.
    hits, predicted, real : int
        Strokes found (same type, intersection over union of at least a half), predicted, and to be found.
    counts_right, counted : int
        Circular strokes found whose count is off by at most one, and all with a known count.
    onset_errors_s : list of float
        Predicted minus labelled onset of strokes found.
    """

    frames: int = 0
    frames_right: int = 0
    hits: int = 0
    predicted: int = 0
    real: int = 0
    counts_right: int = 0
    counted: int = 0
    onset_errors_s: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Return the figures by name; NaN where there was nothing to measure."""

        def share(part: float, whole: float) -> float:
            return part / whole if whole else float("nan")

        errors = np.abs(self.onset_errors_s)
        return {
            "frame accuracy": share(self.frames_right, self.frames),
            "F1@50": share(2 * self.hits, self.predicted + self.real),
            "counted within 1": share(self.counts_right, self.counted),
            "onset error, median (s)": float(np.median(errors)) if len(errors) else float("nan"),
        }


def score(network: StrokeNetwork, recordings: Iterable[TrackRecording]) -> Tally:
    """Read recordings with a model and hold the strokes against the labels."""
    tally = Tally()
    for recording in recordings:
        for hand, track in recording.tracks.items():
            timeline = recognise_hand(track, network)
            truth = recording.events.get(hand, ())
            merge = np.array([0, 1, 1, 3, 4, 5, 6])  # Both senses of a circle are one stroke.
            given = merge[label_samples(timeline.time_s, timeline.events)]
            real = merge[label_samples(timeline.time_s, truth)]
            tally.frames += len(real)
            tally.frames_right += int((given == real).sum())
            _match(tally, timeline.events, truth)
    return tally


def _match(tally: Tally, predicted: tuple[StrokeEvent, ...], real: tuple[StrokeEvent, ...]) -> None:
    tally.predicted += len(predicted)
    tally.real += len(real)
    taken: set[int] = set()
    for event in real:
        overlaps = [
            _overlap(event, other) if other.trial_type == event.trial_type and i not in taken else 0.0
            for i, other in enumerate(predicted)
        ]
        best = int(np.argmax(overlaps)) if overlaps else -1
        if best < 0 or overlaps[best] < 0.5:
            continue
        taken.add(best)
        tally.hits += 1
        found = predicted[best]
        tally.onset_errors_s.append(found.onset_s - event.onset_s)
        if event.trial_type == StrokeType.CIRCULAR_PRESSURE and event.cycles is not None:
            tally.counted += 1
            tally.counts_right += found.cycles is not None and abs(found.cycles - event.cycles) <= 1


def _overlap(a: StrokeEvent, b: StrokeEvent) -> float:
    shared = min(a.end_s, b.end_s) - max(a.onset_s, b.onset_s)
    return max(0.0, shared) / max(max(a.end_s, b.end_s) - min(a.onset_s, b.onset_s), 1e-9)
