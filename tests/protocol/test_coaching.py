"""What the coach says, when, and when it keeps quiet."""

import itertools
from dataclasses import replace

import pytest

from trainer.protocol.coaching import LEAST_GAP_S, MOST_REPEATS, Coach
from trainer.protocol.library import builtin
from trainer.strokes.event import StrokeEvent, StrokeType

C, D, U = StrokeType.CIRCULAR_PRESSURE, StrokeType.DOWNWARD_PASS, StrokeType.UPWARD_PASS
PROTOCOL = builtin("tegalagung-2022")
GOOD = StrokeEvent(
    0.0, 2.0, C, "left", side="left", lateral_cm=-3.0, caudal_cm=8.0, cycles=2.0, rate_hz=1.0, radius_cm=1.0,
    confidence=0.95,
)  # fmt: skip


def right(stroke):
    return (
        None if stroke is None else replace(stroke, hand="right", side="right", lateral_cm=-stroke.lateral_cm)
    )


def coached(timeline, coach=None, fps=10):
    """Run (seconds, left, right) stretches past a coach; return the cues with their times."""
    coach = coach or Coach(PROTOCOL)
    cues, frame = [], 0
    for seconds, left, right_hand in timeline:
        began = frame / fps
        for _ in range(round(seconds * fps)):
            now = frame / fps
            hands = {
                name: None
                if stroke is None
                else replace(stroke, onset_s=began, duration_s=max(1.5, now - began))
                for name, stroke in (("left", left), ("right", right_hand))
            }
            cue = coach.advise(now, hands)
            if cue is not None:
                cues.append((now, cue))
            frame += 1
    return cues


def test_nothing_is_said_to_who_does_it_right():
    assert coached([(60, GOOD, right(GOOD))]) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"lateral_cm": 0.2}, "f:on_spine"),
        ({"lateral_cm": -14.0}, "f:wrong_region"),
        ({"rate_hz": 2.6}, "f:circles_too_fast"),
        ({"rate_hz": 0.3}, "f:circles_too_slow"),
        ({"radius_cm": 3.4}, "f:circles_too_wide"),
        ({"trial_type": U, "cycles": None}, "g:wrong_direction"),
        ({"trial_type": StrokeType.OTHER, "cycles": None}, "only:other_strokes"),
    ],
)
def test_each_fault_is_named_in_both_languages(change, expected):
    wrong = replace(GOOD, **change)
    cues = coached([(3, wrong, right(wrong))])
    assert [cue.id for _, cue in cues] == [expected]
    (at, cue) = cues[0]
    assert at >= 1.0 and cue.kind == "correct" and cue.text.id and cue.text.en
    places = expected.rpartition(":")[2] in ("on_spine", "wrong_region", "wrong_direction")
    assert bool(cue.target) is places


def test_an_idle_thumb_is_told_only_when_the_hand_is_seen():
    assert [cue.id for _, cue in coached([(8, GOOD, None)])] == ["f:one_thumb_idle"]
    coach = Coach(PROTOCOL)
    unseen = [coach.advise(t / 10, {"left": replace(GOOD, duration_s=t / 10)}) for t in range(100)]
    assert unseen == [None] * 100


def test_the_gravest_first_one_at_a_time_and_never_nagging():
    wrong = replace(GOOD, lateral_cm=0.0, rate_hz=3.0, radius_cm=4.0)
    cues = coached([(300, wrong, right(wrong))])
    assert cues[0][1].id == "f:on_spine"
    gaps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(cues)]
    assert min(gaps) >= LEAST_GAP_S - 1e-9
    assert sum(cue.id == "f:on_spine" for _, cue in cues) == MOST_REPEATS
    assert cues[-1][0] < 100  # and then it keeps quiet


def test_mending_is_praised_once():
    wrong = replace(GOOD, lateral_cm=0.0)
    cues = coached([(3, wrong, right(wrong)), (30, GOOD, right(GOOD))])
    assert [(cue.kind, cue.id) for _, cue in cues] == [
        ("correct", "f:on_spine"),
        ("praise", "f:on_spine:mended"),
    ]
    # Stopping is not mending.
    assert len(coached([(3, wrong, right(wrong)), (10, None, None)])) == 1


def test_unsure_strokes_and_flickers_are_not_spoken_of():
    wrong = replace(GOOD, lateral_cm=0.0)
    unsure = replace(wrong, confidence=0.6)
    assert coached([(20, unsure, right(unsure))]) == []
    flicker = [(0.5, wrong, right(wrong)), (1.5, GOOD, right(GOOD))] * 8
    assert coached(flicker) == []


def test_upward_is_praised_where_it_is_right():
    upward = replace(GOOD, trial_type=U, cycles=None)
    cues = coached([(10, upward, right(upward))], Coach(builtin("jabodetabek-2025")))
    assert [cue.id for _, cue in cues] == []
