"""A view that hides something is said so, in the same words and from the same degree on everywhere."""

from dataclasses import replace

import pytest

from trainer.back.registration import register
from trainer.back.view import HIGH_DEG, HIGH_OBLIQUE_DEG, OBLIQUE_DEG, oblique_advice, view_advice
from trainer.calibrate.verdict import judge
from trainer.live.model import BackState, HandsSeen
from trainer.live.setup import ticks


def test_a_good_view_is_left_alone(clips, load_truth):
    truth = load_truth(clips / "dev_1" / "truth.json")
    assert view_advice(register(truth.landmarks(0), 1.0, truth.size)) == []


def test_a_back_cut_off_and_far_away_is_said_so(scene):
    cut = {name: (x + 310, y) for name, (x, y) in scene.landmarks.items()}
    assert [one.code for one in view_advice(register(cut, 2.0, scene.size))] == ["cut_off"]
    small = {name: (300 + 0.3 * (x - 320), 200 + 0.3 * (y - 200)) for name, (x, y) in scene.landmarks.items()}
    assert "too_far" in [one.code for one in view_advice(register(small, 2.0, scene.size))]


@pytest.mark.parametrize(
    ("limit", "elevation"), [(OBLIQUE_DEG, HIGH_DEG - 0.1), (HIGH_OBLIQUE_DEG, HIGH_DEG)], ids=["low", "high"]
)
@pytest.mark.parametrize(
    ("off", "oblique"), [(-0.1, False), (0.0, False), (0.1, True), (float("nan"), False)]
)
def test_recorded_video_practice_and_marking_call_the_same_view_oblique(
    scene, off, oblique, limit, elevation
):
    angle = limit + off
    seen = replace(register(scene.landmarks, 1.0, scene.size), view_angle_deg=angle, elevation_deg=elevation)
    words = oblique_advice(angle, elevation)
    assert (words is not None) is oblique
    assert [one.text for one in view_advice(seen)] == ([words.text] if oblique else [])
    assert (oblique and words.text in judge(seen).advice) is oblique
    state = BackState(
        status="followed",
        source="manual",
        view_angle_deg=angle,
        azimuth_deg=angle,
        elevation_deg=elevation,
        sigma_cm=0.5,
    )
    picture = scene.draw()
    tick = next(one for one in ticks(picture, state, None, HandsSeen(1.0, 1.0), 20.0) if one.code == "angle")
    assert tick.ok is not oblique
    assert not oblique or tick.text == words.text


def test_the_drawn_place_is_not_called_wrong():
    """What renders from 75 degrees to the side measure: 45 degrees up is where the drawing puts the camera."""
    assert oblique_advice(62.0, 31.0) is None
    for low in ((69.0, 4.0), (62.0, 18.0)):  # 15 and 30 degrees up
        assert "lebih tinggi" in oblique_advice(*low).text.id
