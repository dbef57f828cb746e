"""Whatever a timeline holds, a score is sound: nothing crashes, nothing unseen costs, everything is finite."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.back.track import ThumbTrack
from trainer.protocol.demonstration import Demonstration
from trainer.protocol.library import BUILTIN_IDS, builtin
from trainer.protocol.score import Verdict
from trainer.protocol.scoring import score
from trainer.strokes.event import StrokeEvent, StrokeType

maybe = lambda low, high: st.none() | st.floats(low, high)  # noqa: E731

events = st.builds(
    StrokeEvent,
    onset_s=st.floats(0, 60),
    duration_s=st.floats(0, 20),
    trial_type=st.sampled_from(StrokeType),
    hand=st.sampled_from(["left", "right"]),
    lateral_cm=maybe(-20, 20),
    caudal_cm=maybe(-10, 40),
    cycles=maybe(0, 30),
    rate_hz=maybe(0, 5),
    radius_cm=maybe(0, 10),
    length_cm=maybe(0, 30),
    speed_cm_s=maybe(0, 50),
    confidence=st.floats(0, 1),
    observed=st.floats(0, 1),
)


@st.composite
def tracks(draw, hand):
    n = draw(st.integers(0, 40))
    time = np.cumsum(draw(st.lists(st.floats(0.01, 3), min_size=n, max_size=n)) or [])
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    place = rng.uniform(-20, 30, (n, 2))
    status = (
        rng.choice(["detected", "tracked", "interpolated", "missing"], n) if n else np.empty(0, dtype=str)
    )
    place[status == "missing"] = np.nan
    sigma = np.where(status == "missing", np.nan, rng.uniform(0.1, 4, n))
    lateral, caudal = place[:, 0], place[:, 1]
    return ThumbTrack(
        hand, np.asarray(time, float), lateral, caudal, lateral, caudal, sigma, status, lateral, caudal
    )


@st.composite
def demonstrations(draw):
    hands = draw(st.sampled_from([(), ("left",), ("left", "right")]))
    return Demonstration(
        tuple(draw(st.lists(events, max_size=25))),
        {hand: draw(tracks(hand)) for hand in hands},
        0.0,
        draw(st.floats(1, 90)),
        stopped_s=draw(st.none() | st.floats(0, 90)),
    )


@pytest.mark.parametrize("protocol_id", BUILTIN_IDS)
@settings(max_examples=40, deadline=None)
@given(demonstrations())
def test_any_timeline_gives_a_sound_score(protocol_id, demonstration):
    scored = score(builtin(protocol_id), demonstration)
    json.dumps(asdict(scored), allow_nan=False)
    assert scored.percent is None or 0 <= scored.percent <= 100
    for item in scored.items:
        assert 0 <= item.points <= item.max_points
        if item.verdict == Verdict.NOT_OBSERVED:
            assert item.points == 0 and item.faults == ()
        if item.verdict == Verdict.MET:
            assert item.faults == () and item.points == item.max_points
        if item.verdict == Verdict.NOT_MET and item.observer == "camera":
            assert item.faults, item
        assert all(e.start_s <= e.end_s for e in item.evidence)
    assert set(scored.advice) <= {
        item.id for item in scored.items if item.verdict in ("not_met", "partly_met")
    }
