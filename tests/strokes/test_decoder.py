from itertools import pairwise

import numpy as np

from trainer.strokes.decoder import decode
from trainer.strokes.features import Kind


def probabilities(kinds, sure=0.9):
    rows = np.full((len(kinds), len(Kind)), (1 - sure) / (len(Kind) - 1))
    rows[np.arange(len(kinds)), kinds] = sure
    return rows


def test_segments_cover_everything_once():
    rng = np.random.default_rng(0)
    rows = rng.dirichlet(np.full(len(Kind), 0.5), 500)
    segments = decode(rows)
    assert segments[0].start == 0
    assert segments[-1].stop == 500
    assert all(a.stop == b.start and a.kind != b.kind for a, b in pairwise(segments))


def test_clear_boundaries_are_found_to_the_sample():
    kinds = np.r_[
        np.full(40, Kind.NONE),
        np.full(60, Kind.CIRCLE_CW),
        np.full(50, Kind.CIRCLE_CCW),
        np.full(30, Kind.UP),
    ]
    found = decode(probabilities(kinds))
    assert [(s.start, s.stop, s.kind) for s in found] == [
        (0, 40, Kind.NONE),
        (40, 100, Kind.CIRCLE_CW),
        (100, 150, Kind.CIRCLE_CCW),
        (150, 180, Kind.UP),
    ]


def test_flicker_is_no_stroke():
    kinds = np.full(200, Kind.HOLD)
    kinds[50:54] = Kind.DOWN
    kinds[120:123] = Kind.CIRCLE_CW
    assert [s.kind for s in decode(probabilities(kinds))] == [Kind.HOLD]


def test_a_minute_long_stroke_is_one_stroke():
    kinds = np.r_[np.full(25, Kind.NONE), np.full(1500, Kind.CIRCLE_CW), np.full(25, Kind.NONE)]
    assert [s.kind for s in decode(probabilities(kinds, 0.7))] == [Kind.NONE, Kind.CIRCLE_CW, Kind.NONE]


def test_nothing_in_nothing_out():
    assert decode(np.empty((0, len(Kind)))) == []
