import numpy as np
import pytest

from trainer.errors import PijatError
from trainer.strokes.grid import GRID_HZ, resample, to_grid
from trainer.strokes.track_file import track_of


def wave(time):
    return np.stack([np.sin(2 * np.pi * time), np.cos(2 * np.pi * time)], 1)


@pytest.mark.parametrize("fps", [10, 15, 29.97, 60, 1000])
def test_any_frame_rate_gives_the_same_path(fps):
    time = np.arange(0, 4, 1 / fps)
    grid = to_grid(track_of("left", time, wave(time)))
    assert abs(len(grid) - 4 * GRID_HZ) <= 1 + GRID_HZ / fps
    assert grid.known[1:-2].all()
    assert np.abs(grid.position_cm - wave(grid.time_s))[1:-2].max() < (0.06 if fps < 20 else 0.03)


def test_gaps_longer_than_two_slow_frames_are_not_joined():
    time = np.r_[np.arange(0, 1, 0.04), np.arange(2, 3, 0.04)]
    grid = to_grid(track_of("left", time, wave(time)))
    unknown = grid.time_s[~grid.known]
    assert unknown.min() == pytest.approx(1.0, abs=0.05)
    assert unknown.max() == pytest.approx(1.96, abs=0.05)


def test_bridged_positions_are_known_but_not_seen():
    time = np.arange(0, 2, 0.04)
    position = wave(time)
    position[20:28] = np.nan
    grid = to_grid(track_of("left", time, position))
    assert grid.known.all()
    assert not grid.seen[21:27].any()
    assert grid.seen[:19].all()


def test_empty_and_unseen_tracks():
    assert len(resample(np.empty(0), np.empty((0, 2)), np.empty(0, bool))) == 0
    time = np.arange(0, 1, 0.04)
    grid = to_grid(track_of("left", time, np.full((len(time), 2), np.nan)))
    assert not grid.known.any()
    assert np.isfinite(grid.position_cm).all()


def test_times_must_increase():
    with pytest.raises(PijatError, match="increase"):
        to_grid(track_of("left", np.array([0.0, 0.1, 0.05]), np.zeros((3, 2))))
