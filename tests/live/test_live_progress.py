"""Live counts against demonstrations counted by hand."""

from trainer.live.model import SideCount
from trainer.live.progress import ProgressCounter
from trainer.protocol.library import builtin
from trainer.strokes.event import StrokeEvent, StrokeType

C, D, U = StrokeType.CIRCULAR_PRESSURE, StrokeType.DOWNWARD_PASS, StrokeType.UPWARD_PASS


def stroke(kind, side, onset, cycles=None):
    return StrokeEvent(onset, 2.0, kind, "left", side=side, cycles=cycles)


def both(kind, onset, cycles=None):
    return [stroke(kind, side, onset, cycles) for side in ("left", "right")]


def test_three_rounds_of_tegalagung():
    counter = ProgressCounter(builtin("tegalagung-2022"))
    assert counter.progress(0, {}).step == "f"
    for round_number in range(3):
        counter.add(both(C, 10 * round_number, cycles=3.1))
        assert counter.progress(1, {}).step == "g"
        counter.add(both(D, 10 * round_number + 5))
        now = counter.progress(1, {})
        assert (now.rounds, now.rounds_wanted) == (round_number + 1, 3)
        assert now.step == "f"
    assert now.counts == {"left": SideCount(9, 3), "right": SideCount(9, 3)}
    assert set(now.steps_done) == {"f", "g", "h"}
    assert now.remaining_s == 13 * 60 - 1
    assert counter.progress(13 * 60, {}).step is None


def test_what_does_not_count():
    counter = ProgressCounter(builtin("tegalagung-2022"))
    counter.add([stroke(C, "spine", 0, 5.0), stroke(U, "left", 3), stroke(C, "left", 6, 0.5)])
    assert counter.progress(9, {}).counts == {"left": SideCount(), "right": SideCount()}
    # One side alone finishes no round.
    counter.add([stroke(C, "left", 10, 4.0), stroke(D, "left", 13)])
    now = counter.progress(16, {})
    assert (now.rounds, now.steps_done) == (0, ())


def test_circles_count_as_they_come_and_passes_when_done():
    counter = ProgressCounter(builtin("tegalagung-2022"))
    going_on = {"left": stroke(C, "left", 0, 2.2), "right": stroke(D, "right", 0)}
    assert counter.progress(2, going_on).counts == {"left": SideCount(2, 0), "right": SideCount(0, 0)}


def test_upward_is_right_where_the_protocol_says_so():
    counter = ProgressCounter(builtin("jabodetabek-2025"))
    for onset in (0, 5, 10):
        counter.add(both(U, onset) + both(D, onset + 2))
    now = counter.progress(60, {})
    assert now.counts["left"].passes == 3
    assert now.rounds is None and now.rounds_wanted is None
    assert now.remaining_s == 2 * 3 * 60 - 60
