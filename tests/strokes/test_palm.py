"""The palm's size as a cue for lift: what it is compared with, and that everything works without it."""

from dataclasses import replace

import numpy as np
import pytest
from test_recogniser import performed

from trainer.strokes.event import StrokeType
from trainer.strokes.features import FEATURES, features
from trainer.strokes.grid import to_grid
from trainer.strokes.palm import RunningReference, reference, running_reference
from trainer.strokes.recogniser import recognise
from trainer.strokes.track_file import track_of

PALM, KNOWN = FEATURES.index("palm"), FEATURES.index("palm_known")


def still(seconds=20.0, fps=25.0):
    time = np.arange(0, seconds, 1 / fps)
    return track_of("right", time, np.tile([4.0, 9.0], (len(time), 1)))


def test_a_hand_is_compared_with_how_small_it_looks_for_a_good_part_of_the_time():
    sizes = np.r_[np.full(300, 10.3), np.full(200, 9.2), np.full(40, np.nan)]
    assert reference(sizes) == pytest.approx(9.2)
    assert np.isnan(reference(sizes[:10]))
    rows = features(to_grid(replace(still(), palm_cm=sizes[:500])))
    assert rows[PALM, :300] == pytest.approx(np.log(10.3 / 9.2) / 0.1, abs=1e-4)
    assert rows[PALM, 300:] == pytest.approx(0.0, abs=1e-4)
    assert (rows[KNOWN] == 1).all()


@pytest.mark.parametrize("palm", [None, np.full(500, np.nan), np.zeros(500), np.full(500, -3.0)])
def test_no_size_is_said_to_be_unknown(palm):
    rows = features(to_grid(replace(still(), palm_cm=palm)))
    assert (rows[KNOWN] == 0).all() and (rows[PALM] == 0).all()


@pytest.mark.parametrize("fps", [10.0, 25.0, 60.0, 200.0])
def test_gaps_in_the_sizes_are_bridged_only_when_short(fps):
    track = still(fps=fps)
    sizes = np.full(len(track), 9.0)
    sizes[(track.time_s > 5) & (track.time_s < 5.3)] = np.nan
    sizes[(track.time_s > 10) & (track.time_s < 13)] = np.nan
    grid = to_grid(replace(track, palm_cm=sizes))
    unknown = grid.time_s[np.isnan(grid.palm_cm)]
    assert unknown.min() == pytest.approx(10.4, abs=0.15) and unknown.max() == pytest.approx(12.6, abs=0.15)


def test_live_knows_only_what_has_been_seen():
    sizes = np.r_[np.full(250, 10.5), np.full(250, 9.0)]
    running = running_reference(sizes)
    assert np.isnan(running[:50]).all()
    assert running[200] == pytest.approx(10.5) and running[-1] == pytest.approx(9.0)
    live = RunningReference()
    for moment, size in zip(np.arange(500) / 25, sizes, strict=True):
        live.add(float(moment), float(size))
    assert live.cm == pytest.approx(9.0)


def test_a_still_hand_that_looks_larger_is_no_hold():
    """Six circles on the skin, then five seconds still: on the skin, or fourteen centimetres above it."""
    rng = np.random.default_rng(3)
    time, path = performed(rng)
    keep = time < 7.0
    end = np.flatnonzero(keep)[-1]
    waits = np.arange(1, 126) / 25
    time = np.r_[time[keep], time[end] + waits]
    path = np.concatenate([path[keep], path[end] + 0.08 * rng.standard_normal((len(waits), 2))])
    touching = 9.0 * np.exp(0.012 * rng.standard_normal(len(time)))
    lifted = touching * np.where(time > 7.2, 1.16, 1.0)

    def held(palm):
        track = replace(track_of("right", time, path), palm_cm=palm)
        events = recognise({"right": track}).events
        return sum(e.duration_s for e in events if e.trial_type == StrokeType.STATIC_HOLD and e.onset_s > 6)

    assert held(touching) > 3.5
    assert held(None) > 3.5
    assert held(lifted) < 1.0
