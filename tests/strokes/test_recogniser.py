import hashlib
import os
import shutil
import time as clock
from pathlib import Path

import numpy as np
import pytest
from simulated import sessions

from trainer.errors import PijatError
from trainer.evaluation.segmental import overlap_counts
from trainer.evaluation.timeline import TimedEvent, frame_labels
from trainer.resources import resource_path
from trainer.strokes.event import StrokeType
from trainer.strokes.features import MIRRORED_KINDS, features, mirrored
from trainer.strokes.grid import to_grid
from trainer.strokes.network import load_network
from trainer.strokes.recogniser import recognise
from trainer.strokes.track_file import track_of


def performed(rng, cycles=6, rate=1.0, noise=0.08, fps=25.0):
    """Circles, a lifted move, a pass down: by hand, with nothing of the simulator."""
    time = np.arange(0, 12, 1 / fps)
    path = np.full((len(time), 2), [4.0, 4.0])
    turning = (time >= 1) & (time < 1 + cycles / rate)
    angle = 2 * np.pi * rate * (time - 1)
    path[turning] += 1.3 * np.stack([np.sin(angle), 1 - np.cos(angle)], 1)[turning]
    u = np.clip((time - 8.5) / 2.5, 0, 1)
    path[:, 1] += 13 * u
    return time, path + noise * rng.standard_normal(path.shape)


@pytest.mark.parametrize("fps", [12.0, 25.0, 30.0, 60.0])
def test_circles_then_a_pass(fps):
    time, path = performed(np.random.default_rng(1), fps=fps)
    events = recognise({"right": track_of("right", time, path)}).events
    circle = next(e for e in events if e.trial_type == StrokeType.CIRCULAR_PRESSURE)
    down = next(e for e in events if e.trial_type == StrokeType.DOWNWARD_PASS)
    assert circle.cycles == pytest.approx(6, abs=0.5)
    assert circle.rate_hz == pytest.approx(1.0, abs=0.02)
    assert circle.radius_cm == pytest.approx(1.3, abs=0.1)
    assert circle.direction == "cw"  # From the top to the right, then down.
    assert circle.side == "right"
    assert down.length_cm == pytest.approx(13, abs=1.5)
    assert down.direction == "caudal"
    assert down.onset_s == pytest.approx(8.5, abs=0.5)


def test_the_mirror_image_is_recognised_as_such():
    time, path = performed(np.random.default_rng(2))
    right = recognise({"right": track_of("right", time, path)}).events
    left = recognise({"left": track_of("left", time, path * [-1, 1])}).events
    turn = {"cw": "ccw", "ccw": "cw"}
    assert [turn.get(e.direction, e.direction) for e in right if e.direction] == [
        e.direction for e in left if e.direction
    ]


def test_for_the_record_left_and_right_are_read_exactly_alike():
    time, path = performed(np.random.default_rng(6), noise=0.3)
    network = load_network()
    rows = features(to_grid(track_of("right", time, path)))
    here, there = network.probabilities(rows), network.probabilities(mirrored(rows))
    assert here == pytest.approx(there[:, list(MIRRORED_KINDS)], abs=1e-5)


def test_a_model_that_was_replaced_is_read_anew_whatever_time_it_carries(tmp_path):
    path = Path(shutil.copy(resource_path("models/strokes.onnx"), tmp_path / "mine.onnx"))
    assert load_network(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    times = path.stat()
    path.write_bytes(b"no model")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(PijatError, match=r"mine\.onnx"):
        load_network(path)


@pytest.mark.slow
def test_unseen_simulated_people():
    counts, right, total = None, 0, 0
    for hand, track in sessions(range(8)):
        events = recognise({hand.hand: track}).events
        given = [TimedEvent(e.trial_type.value, e.onset_s, e.end_s) for e in events]
        truth = [TimedEvent(e.trial_type, e.onset_s, e.onset_s + e.duration_s) for e in hand.events]
        predicted, real = (
            frame_labels(given, track.time_s).tolist(),
            frame_labels(truth, track.time_s).tolist(),
        )
        found = overlap_counts(predicted, real, 0.5)
        counts = found if counts is None else counts + found
        right += sum(a == b for a, b in zip(predicted, real, strict=True))
        total += len(real)
    assert counts.f1 > 0.79
    assert right / total > 0.865


def test_nothing_is_claimed_of_a_thumb_that_was_not_seen():
    time = np.arange(0, 10, 0.04)
    events = recognise({"left": track_of("left", time, np.full((len(time), 2), np.nan))}).events
    assert events == ()


def test_a_long_gap_ends_a_stroke():
    time, path = performed(np.random.default_rng(3))
    path[(time > 3) & (time < 6.5)] = np.nan
    events = recognise({"right": track_of("right", time, path)}).events
    for event in events:
        assert min(event.end_s, 6.3) - max(event.onset_s, 3.6) < 1.0 or event.observed > 0.5


@pytest.mark.parametrize("rate_hz", [1000.0])
def test_a_kilohertz_tracker(rate_hz):
    time, path = performed(np.random.default_rng(4), fps=rate_hz, noise=0.1)
    events = recognise({"right": track_of("right", time, path)}).events
    circle = next(e for e in events if e.trial_type == StrokeType.CIRCULAR_PRESSURE)
    assert circle.rate_hz == pytest.approx(1.0, abs=0.02)


def test_a_constant_track_is_a_hold_or_nothing():
    time = np.arange(0, 10, 0.04)
    events = recognise({"right": track_of("right", time, np.full((len(time), 2), 5.0))}).events
    assert {e.trial_type for e in events} <= {StrokeType.STATIC_HOLD}


@pytest.mark.slow
def test_four_hours():
    import resource

    time, path = performed(np.random.default_rng(5))
    rounds = 1200
    whole = np.concatenate([time + 12.0 * k for k in range(rounds)])
    track = track_of("right", whole, np.tile(path, (rounds, 1)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = clock.process_time()
    events = recognise({"right": track}).events
    assert clock.process_time() - begun < 120
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000
    circles = [e for e in events if e.trial_type == StrokeType.CIRCULAR_PRESSURE]
    assert abs(len(circles) - rounds) <= 0.02 * rounds
