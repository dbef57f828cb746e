"""The coach over whole practices, asked ten times a second and told only what each hand is doing now."""

from dataclasses import replace
from itertools import pairwise

import pytest
from demonstrations import Writer

from trainer.protocol.coaching import LEAST_GAP_S, MOST_REPEATS, REPEAT_S, Coach
from trainer.protocol.faults import DEFAULT_MESSAGES, Fault
from trainer.protocol.library import BUILTIN_IDS, builtin

A = builtin("tegalagung-2022")
C = builtin("jabodetabek-2025")


def practise(writer, protocol=A, seen=("left", "right"), seconds=None):
    """Return every cue with its time; a stroke is known up to now while it goes on."""
    coach, cues = Coach(protocol), []
    for tick in range(int((seconds or writer.now) * 10)):
        now = tick / 10
        doing = dict.fromkeys(seen)
        for event in writer.events:
            if event.onset_s <= now < event.end_s and event.hand in seen:
                so_far = now - event.onset_s
                cycles = None if event.cycles is None else so_far * event.rate_hz
                doing[event.hand] = replace(event, duration_s=so_far, cycles=cycles)
        cue = coach.advise(now, doing)
        if cue is not None:
            cues.append((now, cue))
    return cues


def said(cues):
    return [(cue.kind, cue.id) for _, cue in cues]


def test_a_good_massage_is_left_alone():
    assert practise(Writer().rounds(4)) == []
    upward = Writer()
    for _ in range(8):
        upward.passes(start=17, end=8)
    assert practise(upward, C) == []


def test_a_fault_is_pointed_out_once_and_praised_when_mended():
    cues = practise(Writer().circles(6, lateral=0.2).circles(14))
    assert said(cues) == [("correct", "f:on_spine"), ("praise", "f:on_spine:mended")]
    (told_s, told), (praised_s, _) = cues
    assert told.text == dict(A.step("f").messages)[Fault.ON_SPINE] and 1.5 <= told_s <= 3
    assert praised_s - told_s >= LEAST_GAP_S and 8 <= praised_s <= 12
    assert told.target in {region.polygon for region in A.regions if region.kind == "target"}


@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        ({"lateral": 11.0}, "wrong_region"),
        ({"rate": 2.8}, "circles_too_fast"),
        ({"rate": 0.35}, "circles_too_slow"),
        ({"radius": 4.0}, "circles_too_wide"),
        ({"radius": 0.2}, "circles_too_small"),
        ({"lateral": 0.2, "rate": 2.8, "radius": 4.0}, "on_spine"),
    ],
)
def test_one_cue_at_a_time_and_the_gravest(figures, fault):
    assert said(practise(Writer().circles(5, **figures))) == [("correct", f"f:{fault}")]


def test_direction_is_the_protocols():
    cues = practise(Writer().circles(6).passes(start=17, end=1))
    assert said(cues) == [("correct", "g:wrong_direction")]
    start, end = cues[0][1].target
    assert start[1] < end[1]
    down = practise(Writer().circles(1).passes(start=8, end=17), C)
    assert said(down) == [("correct", "upward:wrong_direction")]
    start, end = down[0][1].target
    assert start[1] > end[1]


def test_other_strokes():
    assert said(practise(Writer().circles(4).hold(5, kind="other"))) == [("correct", "only:other_strokes")]


def test_an_idle_thumb_is_one_that_is_seen():
    one = Writer().circles(6, hands=("right",))
    assert said(practise(one)) == [("correct", "f:one_thumb_idle")]
    assert practise(one, seen=("right",)) == []


def test_never_nagging():
    cues = practise(Writer().circles(150, lateral=0.2, rate=3.0, radius=4.0))
    assert min(b - a for (a, _), (b, _) in pairwise(cues)) >= LEAST_GAP_S
    for identity in {cue.id for _, cue in cues}:
        times = [time for time, cue in cues if cue.id == identity]
        assert len(times) <= MOST_REPEATS
        assert all(b - a >= REPEAT_S for a, b in pairwise(times))
    assert {cue.kind for _, cue in cues} == {"correct"}


def test_a_pause_is_noticed_when_the_hands_are_seen():
    writer = Writer().circles(10)
    assert said(practise(writer, seconds=26)) == [("correct", "duration:long_pause")]
    assert practise(writer, seconds=26, seen=()) == []


def test_unsure_strokes_bring_no_cue():
    assert practise(Writer().circles(10, lateral=0.2, confidence=0.4)) == []
    assert practise(Writer().circles(3).passes(start=17, end=1, confidence=0.6)) == []


@pytest.mark.parametrize("protocol_id", BUILTIN_IDS)
def test_force_is_never_spoken_of(protocol_id):
    words = ("lebih kuat", "lebih keras", "harder", "firmer", "force", "press more")
    protocol = builtin(protocol_id)
    texts = [*DEFAULT_MESSAGES.values(), *(text for step in protocol.steps for _, text in step.messages)]
    for text in texts:
        assert not any(word in f"{text.id} {text.en}".lower() for word in words), text
