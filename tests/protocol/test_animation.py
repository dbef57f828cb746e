"""The drawn demonstration must itself be a faultless demonstration."""

from dataclasses import replace

import numpy as np
import pytest

from trainer.back.track import ThumbTrack
from trainer.protocol.animation import FRAMES_PER_S, motion_of
from trainer.protocol.demonstration import Demonstration
from trainer.protocol.geometry import signed_distance_cm
from trainer.protocol.library import BUILTIN_IDS, builtin
from trainer.protocol.model import Range
from trainer.protocol.scoring import score
from trainer.strokes.event import StrokeEvent, StrokeType

STEPS = [
    ("tegalagung-2022", "f"),
    ("tegalagung-2022", "g"),
    ("tegalagung-2022", "h"),
    ("bulukumba-2023", "circles"),
    ("bulukumba-2023", "along"),
    ("jabodetabek-2025", "upward"),
]


@pytest.mark.parametrize(("protocol_id", "step_id"), STEPS)
def test_paths_are_loops_in_the_region_at_a_steady_clock(protocol_id, step_id):
    protocol = builtin(protocol_id)
    motion = motion_of(protocol, protocol.step(step_id))
    polygons = [protocol.region(name).polygon for name in motion.regions]
    for hand, frames in motion.thumbs:
        times = np.array([frame.time_s for frame in frames])
        assert (np.diff(times) > 0).all() and times[0] == 0 and times[-1] == motion.duration_s < 40
        touching = np.array([[f.lateral_cm, f.caudal_cm] for f in frames if f.touching])
        depth = np.max([signed_distance_cm(touching, polygon) for polygon in polygons], axis=0)
        assert depth.min() > 0
        assert (np.sign(touching[:, 0]) == (1 if hand == "right" else -1)).all()
        assert (frames[0].lateral_cm, frames[0].caudal_cm) == pytest.approx(
            (frames[-1].lateral_cm, frames[-1].caudal_cm)
        ) or step_id == "h"


def test_steps_without_movement_have_none():
    for protocol_id in BUILTIN_IDS:
        protocol = builtin(protocol_id)
        moving = {step.id for step in protocol.steps if motion_of(protocol, step)}
        assert moving == {step for owner, step in STEPS if owner == protocol_id}


@pytest.mark.parametrize(("protocol_id", "direction"), [("tegalagung-2022", 1), ("jabodetabek-2025", -1)])
def test_the_pass_goes_the_way_the_protocol_asks_and_scores_as_met(protocol_id, direction):
    protocol = builtin(protocol_id)
    step = next(s for s in protocol.steps if s.id in ("g", "upward"))
    motion = motion_of(protocol, step)
    events, tracks = [], {}
    for hand, frames in motion.thumbs:
        stroke = [f for f in frames if f.touching]
        assert np.sign(stroke[-1].caudal_cm - stroke[0].caudal_cm) == direction
        loops = [
            replace(f, time_s=f.time_s + loop * (motion.duration_s + 1 / FRAMES_PER_S))
            for loop in range(8)
            for f in frames
        ]
        time, lateral, caudal = (
            np.array([getattr(f, name) for f in loops]) for name in ("time_s", "lateral_cm", "caudal_cm")
        )
        n = len(time)
        tracks[hand] = ThumbTrack(
            hand, time, lateral, caudal, lateral, caudal, np.full(n, 0.4), np.full(n, "detected"), time, time
        )
        kind = StrokeType.DOWNWARD_PASS if direction > 0 else StrokeType.UPWARD_PASS
        events += [
            StrokeEvent(
                loop * (motion.duration_s + 1 / FRAMES_PER_S),
                stroke[-1].time_s + 1 / FRAMES_PER_S,
                kind,
                hand,
            )
            for loop in range(8)
        ]
    scored = score(protocol, Demonstration(tuple(events), tracks, 0.0, float(time[-1])))
    assert {i.id: i for i in scored.items}[step.id].verdict == "met"


def test_rate_and_radius_follow_the_protocol():
    protocol = builtin("tegalagung-2022")
    step = protocol.step("f")
    slow = replace(step, check=replace(step.check, rate_hz=Range(0.2, 0.4), radius_cm=Range(None, 0.8)))
    frames = dict(motion_of(protocol, slow).thumbs)["right"]
    assert max(f.caudal_cm for f in frames[:50]) - min(f.caudal_cm for f in frames[:50]) <= 1.6 + 1e-6
    assert motion_of(protocol, slow).duration_s > motion_of(protocol, step).duration_s
