"""The cookie of a visit and the wait after a wrong passphrase."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from trainer.desk.visitors import IDLE_S, LONGEST_S, RateLimiter, Visits


class Clock:
    def __init__(self):
        self.at = 1_000_000.0

    def __call__(self):
        return self.at


def test_a_visit_outlives_the_desk_that_began_it():
    clock = Clock()
    visitor = replace(Visits(b"key", now=clock).fresh(), facilitator_id=7, blind=True, language="en")
    cookie = Visits(b"key", now=clock).write(visitor)
    assert Visits(b"key", now=clock).read(cookie) == visitor


def test_another_key_ends_all_visits():
    clock = Clock()
    cookie = Visits(b"key", now=clock).write(Visits(b"key", now=clock).fresh())
    assert Visits(b"other", now=clock).read(cookie) is None


def test_idle_and_long_visits_end():
    clock = Clock()
    visits = Visits(b"key", now=clock)
    visitor = visits.fresh()
    cookie = visits.write(visitor)
    clock.at += IDLE_S - 1
    assert visits.read(cookie) is not None
    clock.at += 2
    assert visits.read(cookie) is None
    clock.at = visitor.since
    while clock.at - visitor.since < LONGEST_S:
        cookie = visits.write(visits.read(cookie))
        clock.at += IDLE_S - 1
    assert visits.read(cookie) is None


def test_entering_ends_the_visit_before():
    clock = Clock()
    visits = Visits(b"key", now=clock)
    before = visits.fresh()
    cookie = visits.write(before)
    after = visits.enter(before)
    assert after.entered and after.id != before.id and after.facilitator_id is None
    assert visits.read(cookie) is None


@given(st.text(max_size=200), st.binary(max_size=50))
def test_no_made_up_cookie_is_read(text, tail):
    visits = Visits(b"key", now=Clock())
    assert visits.read(text) is None
    assert visits.read(visits.write(visits.fresh()) + tail.hex() + "x") is None


def test_a_changed_cookie_is_refused():
    visits = Visits(b"key", now=Clock())
    body, _, mark = visits.write(visits.fresh()).partition(".")
    other, _, _ = visits.write(replace(visits.fresh(), entered=True)).partition(".")
    assert visits.read(f"{other}.{mark}") is None
    assert visits.read(f"{body}.{mark}") is not None


def test_the_wait_grows_and_ends():
    clock = Clock()
    door = RateLimiter(now=clock)
    waits = []
    for _ in range(10):
        door.failed("10.0.0.9")
        waits.append(door.wait_s("10.0.0.9"))
    assert waits[:5] == [0.0, 0.0, 2.0, 4.0, 8.0]
    assert max(waits) == 60.0
    assert door.wait_s("10.0.0.8") == 0.0
    clock.at += 60.0
    assert door.wait_s("10.0.0.9") == 0.0
    door.entered("10.0.0.9")
    door.failed("10.0.0.9")
    assert door.wait_s("10.0.0.9") == 0.0
