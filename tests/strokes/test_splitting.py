import numpy as np
import pytest

from trainer.strokes.decoder import DecodedSegment
from trainer.strokes.features import Kind
from trainer.strokes.grid import to_grid
from trainer.strokes.splitting import split_circles
from trainer.strokes.track_file import track_of

TIME = np.arange(0, 8, 0.04)
WHOLE = [DecodedSegment(0, len(TIME), Kind.CIRCLE_CW)]


def doubtful(seconds, doubt=0.4):
    """A network that hears one circle, with a doubt between these seconds."""
    out = np.full((len(TIME), len(Kind)), 0.01, np.float32)
    out[:, Kind.CIRCLE_CW] = 0.94
    begin, end = seconds
    moment = (begin <= TIME) & (end > TIME)
    out[moment, Kind.NONE], out[moment, Kind.CIRCLE_CW] = doubt, 0.95 - doubt
    return out


def turning(time, rate, radius, centre):
    angle = 2 * np.pi * rate * time
    return np.asarray(centre) + radius * np.stack([np.sin(angle), -np.cos(angle)], 1)


def two(shift, rate=(1.0, 1.0), radius=(1.2, 1.2)):
    """Circles for 3.6 s, a move of 0.5 s, circles again."""
    first = turning(TIME, rate[0], radius[0], [4, 4])
    second = turning(TIME - 4.1, rate[1], radius[1], [4, 4 + shift])
    u = np.clip((TIME - 3.6) / 0.5, 0, 1)[:, None]
    path = np.where(TIME[:, None] < 3.6, first, second)
    moving = ((TIME >= 3.6) & (TIME < 4.1))[:, None]
    start, stop = (
        turning(np.array([3.6]), rate[0], radius[0], [4, 4]),
        turning(np.zeros(1), rate[1], radius[1], [4, 4 + shift]),
    )
    return np.where(moving, start + u * (stop - start), path)


@pytest.mark.parametrize("path", [two(5.0), two(1.0, rate=(1.6, 0.8)), two(1.5, radius=(0.8, 1.8))])
def test_two_circles_are_parted_where_the_network_doubts(path):
    noisy = path + 0.1 * np.random.default_rng(1).standard_normal(path.shape)
    track = track_of("right", TIME, noisy)
    found = split_circles(track, to_grid(track), doubtful((3.7, 4.0)), WHOLE)
    assert [s.kind for s in found] == [Kind.CIRCLE_CW, Kind.NONE, Kind.CIRCLE_CW]
    assert found[1].start / 25 == pytest.approx(3.7, abs=0.05) and found[1].stop / 25 == pytest.approx(
        4.0, abs=0.05
    )


@pytest.mark.parametrize("drift, doubt", [(0.0, 0.4), (0.5, 0.4), (0.5, 0.9)])
def test_one_circle_stays_one_whatever_the_network_doubts(drift, doubt):
    path = turning(TIME, 1.0, 1.2, [4, 4]) + TIME[:, None] * [0, drift]
    track = track_of("right", TIME, path + 0.1 * np.random.default_rng(2).standard_normal(path.shape))
    assert split_circles(track, to_grid(track), doubtful((3.7, 4.0), doubt), WHOLE) == WHOLE


def test_without_a_doubt_nothing_is_asked():
    path = two(5.0)
    track = track_of("right", TIME, path)
    assert split_circles(track, to_grid(track), doubtful((0, 0)), WHOLE) == WHOLE


def test_nothing_seen_is_nothing_parted():
    track = track_of("right", TIME, np.full((len(TIME), 2), np.nan))
    assert split_circles(track, to_grid(track), doubtful((3.7, 4.0)), WHOLE) == WHOLE
