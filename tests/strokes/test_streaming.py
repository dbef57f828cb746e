import time as clock
from itertools import pairwise

import numpy as np
import pytest
from simulated import sessions
from test_recogniser import performed

from trainer.evaluation.segmental import overlap_counts
from trainer.evaluation.timeline import TimedEvent, frame_labels
from trainer.perception.observation import Status
from trainer.strokes.event import StrokeType
from trainer.strokes.streaming import StreamingRecogniser


def stream(time, path, hand="right", palm=None):
    recogniser = StreamingRecogniser(hand)
    palm = np.full(len(time), np.nan) if palm is None else palm
    answers = [
        recogniser.push(t, x, y, palm_cm=size) for t, (x, y), size in zip(time, path, palm, strict=True)
    ]
    finished = [event for answer in answers for event in answer.finished]
    return recogniser, answers, [*finished, *recogniser.finish()]


def test_the_answer_is_never_more_than_seven_tenths_of_a_second_old():
    time, path = performed(np.random.default_rng(1), fps=20)
    recogniser, answers, _ = stream(time, path)
    assert recogniser.delay_s <= 0.7
    late = np.array([t - answer.time_s for t, answer in zip(time, answers, strict=True)])
    assert late[40:].max() <= 0.7


def test_circles_and_passes_are_counted_live():
    time, path = performed(np.random.default_rng(2), fps=30)
    _, answers, events = stream(time, path)
    circle = next(e for e in events if e.trial_type == StrokeType.CIRCULAR_PRESSURE)
    assert circle.cycles == pytest.approx(6, abs=1)
    assert any(e.trial_type == StrokeType.DOWNWARD_PASS for e in events)
    halfway = next(a for a in answers if a.time_s > 5)
    assert halfway.current.trial_type == StrokeType.CIRCULAR_PRESSURE
    assert halfway.current.cycles == pytest.approx(4, abs=0.8)


def test_no_flicker():
    time, path = performed(np.random.default_rng(3), noise=0.3)
    _, answers, _ = stream(time, path)
    kinds = [a.current.trial_type if a.current else None for a in answers]
    assert sum(a != b for a, b in pairwise(kinds)) <= 12


def test_gaps_and_times_that_run_back_do_no_harm():
    time, path = performed(np.random.default_rng(4))
    path[50:110] = np.nan
    recogniser = StreamingRecogniser("left")
    for t, (x, y) in zip(time, path, strict=True):
        status = Status.DETECTED if np.isfinite(x) else Status.MISSING
        recogniser.push(t, x, y, status)
        recogniser.push(t - 0.5, x, y, status)
    recogniser.finish()


@pytest.mark.slow
def test_live_reading_of_unseen_simulated_people():
    counts = None
    for hand, track in sessions(range(3), 20.0):
        path = np.stack([track.lateral_cm_raw, track.caudal_cm_raw], 1)
        _, _, events = stream(track.time_s, path, hand.hand, track.palm_cm)
        given = [TimedEvent(e.trial_type.value, e.onset_s, e.end_s) for e in events]
        truth = [TimedEvent(e.trial_type, e.onset_s, e.onset_s + e.duration_s) for e in hand.events]
        found = overlap_counts(
            frame_labels(given, track.time_s).tolist(), frame_labels(truth, track.time_s).tolist(), 0.5
        )
        counts = found if counts is None else counts + found
    assert counts.f1 > 0.48


@pytest.mark.slow
def test_a_frame_costs_little():
    time, path = performed(np.random.default_rng(5), fps=30)
    begun = clock.process_time()
    stream(time, path)
    assert (clock.process_time() - begun) / len(time) < 0.004
