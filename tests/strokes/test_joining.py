import numpy as np
import pytest

from trainer.strokes.decoder import DecodedSegment
from trainer.strokes.features import Kind
from trainer.strokes.grid import to_grid
from trainer.strokes.joining import join_circles
from trainer.strokes.track_file import track_of

TIME = np.arange(0, 8, 0.04)


def parted(path, gap=(3.0, 4.6), kinds=(Kind.CIRCLE_CW, Kind.CIRCLE_CW), noise=0.1):
    """A thumb unseen between these seconds, read as two circles with nothing between them."""
    path = path + noise * np.random.default_rng(3).standard_normal(path.shape)
    path[(gap[0] <= TIME) & (gap[1] > TIME)] = np.nan
    track = track_of("right", TIME, path)
    start, stop = round(gap[0] * 25), round(gap[1] * 25)
    segments = [
        DecodedSegment(0, start, kinds[0]),
        DecodedSegment(start, stop, Kind.NONE),
        DecodedSegment(stop, len(TIME), kinds[1]),
    ]
    return join_circles(track, to_grid(track), segments), segments


def turning(rate=1.0, radius=1.2, centre=(4.0, 4.0)):
    angle = 2 * np.pi * rate * TIME
    return np.asarray(centre) + radius * np.stack([np.sin(angle), -np.cos(angle)], 1)


@pytest.mark.parametrize("rate", [0.6, 1.0, 1.7])
@pytest.mark.parametrize("gap", [(3.0, 4.0), (3.0, 5.2)])
def test_a_circle_that_goes_on_unseen_is_one(rate, gap):
    found, _ = parted(turning(rate), gap)
    assert found == [DecodedSegment(0, len(TIME), Kind.CIRCLE_CW)]


def test_a_circle_that_went_on_elsewhere_is_another():
    path = turning()
    path[TIME > 4] += [0, 4]
    found, segments = parted(path)
    assert found == segments


def test_another_rate_is_another_circle():
    path = np.where(TIME[:, None] < 4, turning(0.7), turning(1.6))
    found, segments = parted(path)
    assert found == segments


def test_circles_of_two_senses_stay_two():
    found, segments = parted(turning(), kinds=(Kind.CIRCLE_CW, Kind.CIRCLE_CCW))
    assert found == segments


def test_what_was_seen_between_them_parts_them():
    path = turning()
    path[(TIME >= 3.0) & (TIME < 4.6)] = [4, 4]
    track = track_of("right", TIME, path)
    segments = [
        DecodedSegment(0, 75, Kind.CIRCLE_CW),
        DecodedSegment(75, 115, Kind.HOLD),
        DecodedSegment(115, len(TIME), Kind.CIRCLE_CW),
    ]
    assert join_circles(track, to_grid(track), segments) == segments


def test_longer_than_three_seconds_is_nobodys_to_say():
    found, segments = parted(turning(), (2.0, 5.4))
    assert found == segments
