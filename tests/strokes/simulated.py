"""Held-out simulated sessions, made by code that knows nothing of the recogniser."""

from dataclasses import replace

from scripts.stroke_simulator import simulate_session
from trainer.strokes.track_file import track_of

HELD_OUT = 3


def sessions(persons, duration_s=30.0, **options):
    """Yield hand by hand: the simulated hand with its truth, and the track as seen."""
    for person in persons:
        for hand in simulate_session([HELD_OUT, person], duration_s, **options):
            track = track_of(hand.hand, hand.seen.time_s, hand.seen.raw_cm)
            yield hand, replace(track, palm_cm=hand.seen.palm_cm)
