"""What follows a picture is done behind its answer: in order, none left out, and its failures are told."""

import numpy as np
import pytest

from trainer.back.causal import CausalPoint
from trainer.errors import PijatError
from trainer.language import Text
from trainer.live.strokes import StrokeWorker
from trainer.perception.observation import Status

RATE_HZ = 1.0


@pytest.fixture
def behind():
    made = StrokeWorker()
    yield made
    made.close()


def circling(time_s):
    """The right thumb, a circle of 1.5 cm a second beside the spine."""
    turn = 2 * np.pi * RATE_HZ * time_s
    speed = 2 * np.pi * RATE_HZ * 1.5 * np.array([-np.sin(turn), np.cos(turn)])
    return {
        "right": CausalPoint(3.0 + 1.5 * np.cos(turn), 8.0 + 1.5 * np.sin(turn), speed, 0.2, Status.DETECTED)
    }


def test_a_pictures_work_begins_with_the_next_picture_and_not_before(behind):
    done = []
    behind.push(0.0, {}, lambda: done.append(0))
    assert done == []
    behind.push(0.04, {}, lambda: done.append(1))
    behind.drain()
    assert done == [0, 1]


@pytest.mark.parametrize("ending", ["go_on", "drain", "close"])
def test_the_last_picture_is_not_left_out(ending):
    done = []
    behind = StrokeWorker()
    for number in range(5):
        behind.push(number / 25, {}, lambda number=number: done.append(number))
    getattr(behind, ending)()
    behind.close()
    assert done == [0, 1, 2, 3, 4]


def test_what_the_hand_does_is_told_with_a_later_picture(behind):
    for number in range(200):
        now = behind.push(number / 25, circling(number / 25), lambda: None)
        behind.go_on()
    now = behind.drain()
    assert now.current["right"].trial_type.value == "circular_pressure"
    assert 5 <= now.current["right"].cycles <= 8  # of 8 s, the last 0.7 s of them not read yet
    assert "left" not in now.current


def test_a_full_disk_is_told_once_with_a_later_picture(behind):
    def full():
        raise PijatError(Text("disk penuh", "disk full"))

    behind.push(0.0, {}, full)
    with pytest.raises(PijatError, match="disk full"):
        behind.drain()
    behind.push(0.04, {}, lambda: None)
    behind.drain()
