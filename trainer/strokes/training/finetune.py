"""Teaching the shipped model one's own sessions, and measuring honestly whether that helped."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.errors import PijatError
from trainer.language import Text
from trainer.resources import resource_path
from trainer.strokes.grid import to_grid
from trainer.strokes.network import load_network
from trainer.strokes.training.dataset import TrackRecording
from trainer.strokes.training.export import load_weights, save_onnx
from trainer.strokes.training.fit import Recipe, fit
from trainer.strokes.training.samples import LabelledTrack, labelled_track
from trainer.strokes.training.score import Tally, score


@dataclass(frozen=True)
class TrainingComparison:
    """Figures on people the model was not taught.

    Attributes
    ----------
    before, after : Tally
        Of the model started from and of the taught ones, each on the people left out of its lessons.
    folds : int
        How many times people were left out; 1 when there was only one person, and then `after` is on what was taught.
    honest : bool
        Whether `after` was measured on people left out.
    """

    before: Tally
    after: Tally
    folds: int
    honest: bool


def labelled(recordings: Sequence[TrackRecording]) -> list[LabelledTrack]:
    """Return the training samples of recordings."""
    return [
        labelled_track(
            f"{recording.name}-{hand}", recording.group, to_grid(track), recording.events.get(hand, ())
        )
        for recording in recordings
        for hand, track in recording.tracks.items()
    ]


def folds(recordings: Sequence[TrackRecording], most: int, seed: int) -> list[set[str]]:
    """Divide the people into groups of about equal length, each to be left out once."""
    people = sorted({recording.group for recording in recordings})
    length = {
        person: sum(len(t) for r in recordings if r.group == person for t in r.tracks.values())
        for person in people
    }
    order = list(np.random.default_rng(seed).permutation(people))
    order.sort(key=lambda person: -length[person])
    parts: list[set[str]] = [set() for _ in range(min(most, len(people)))]
    for person in order:
        min(parts, key=lambda part: sum(length[p] for p in part)).add(str(person))
    return parts


def finetune(
    recordings: Sequence[TrackRecording],
    out: Path,
    start: Path | None = None,
    steps: int = 300,
    most_folds: int = 4,
    seed: int = 1,
    say: Callable[[str], None] = lambda text: None,
) -> TrainingComparison:
    """Teach a model recordings, write it, and compare it with what it started from.

    The comparison leaves each group of people out once; the model that is written has been taught all of them.

    Parameters
    ----------
    recordings : sequence of TrackRecording
        Labelled.
    out : Path
        The ONNX file to write.
    start : Path, optional
        The model to start from; the shipped one if not given.
    steps : int
        Optimiser steps of each training.
    most_folds : int
        How many times people are left out at most.
    seed : int
        Of folds and crops.
    say : callable
        Gets a line whenever a part is done.
    """
    source = start if start is not None else resource_path("models/strokes.onnx")
    recipe = Recipe(steps=steps, batch=8, rate=5e-4, seed=seed, anchor=1e-2)
    if sum((track.labels > 0).sum() for track in labelled(recordings)) == 0:
        raise PijatError(
            Text(
                "Tidak ada gerakan berlabel di dalam jejak: periksa apakah waktunya cocok.",
                "Expected at least one labelled stroke inside the tracks, found none: do their times fit?",
            )
        )
    parts = folds(recordings, most_folds, seed)
    before, after = Tally(), Tally()
    if len(parts) > 1:
        for number, left_out in enumerate(parts, 1):
            taught = [recording for recording in recordings if recording.group not in left_out]
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "fold.onnx"
                _teach(taught, source, path, recipe)
                held = [recording for recording in recordings if recording.group in left_out]
                _add(before, score(load_network(source), held))
                _add(after, score(load_network(path), held))
            say(f"left out {number} of {len(parts)}: {', '.join(sorted(left_out))}")
    _teach(recordings, source, out, recipe)
    say(f"taught all {len(recordings)} recordings")
    if len(parts) <= 1:
        _add(before, score(load_network(source), recordings))
        _add(after, score(load_network(out), recordings))
    return TrainingComparison(before, after, len(parts), len(parts) > 1)


def _teach(recordings: Sequence[TrackRecording], source: Path, out: Path, recipe: Recipe) -> None:
    net = fit(labelled(recordings), recipe, start_from=load_weights(source))
    # The temperatures of the model started from are folded into its weights and stay.
    save_onnx(
        net, out, {"record": 1.0, "coach": 1.0}, {"taught": str(len(recordings)), "steps": str(recipe.steps)}
    )


def _add(total: Tally, part: Tally) -> None:
    for name in ("frames", "frames_right", "hits", "predicted", "real", "counts_right", "counted"):
        setattr(total, name, getattr(total, name) + getattr(part, name))
    total.onset_errors_s.extend(part.onset_errors_s)
