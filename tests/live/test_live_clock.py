"""One clock for a session of several connections."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import PijatError
from trainer.live.clock import SessionClock


def test_the_capture_clock_rules_within_a_connection():
    clock = SessionClock()
    # Pictures that arrive in bursts were not taken in bursts.
    assert [clock.at(100 + t / 30, 5.0 + t // 10) for t in range(20)] == pytest.approx(
        [t / 30 for t in range(20)]
    )


def test_the_gap_between_connections_is_the_servers():
    clock = SessionClock()
    clock.at(100.0, 10.0)
    clock.at(101.0, 11.0)
    clock.rejoin()
    assert clock.at(0.5, 16.0) == pytest.approx(6.0)
    assert clock.at(0.6, 16.1) == pytest.approx(6.1)


@pytest.mark.parametrize("later", [100.0, 99.0, float("nan"), float("inf"), 9000.0])
def test_times_that_cannot_be_are_refused(later):
    clock = SessionClock()
    clock.at(100.0, 10.0)
    with pytest.raises(PijatError):
        clock.at(later, 10.1)
    assert clock.at(100.1, 10.2) == pytest.approx(0.1)


@given(st.lists(st.tuples(st.floats(0.0001, 5.0), st.floats(0.0, 5.0), st.booleans()), max_size=30))
def test_it_always_rises(steps):
    clock, captured, received, last = SessionClock(), 50.0, 0.0, -1.0
    for capture_step, receive_step, reload in steps:
        captured, received = captured + capture_step, received + receive_step
        if reload:
            captured = 0.0
            clock.rejoin()
        now = clock.at(captured, received)
        assert now > last
        last = now
