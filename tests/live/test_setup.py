"""The points of the set-up: what hides a hand or the back, how to mend it, and whether it got better."""

import math
from dataclasses import replace

import numpy as np
import pytest

from trainer.back.view import LOW_DEG, STRAIGHT_DEG, unhide_advice
from trainer.live.model import BackState, HandsSeen, Tick
from trainer.live.setup import UNSURE_S, ticks
from trainer.live.trend import BEFORE_S, Trends
from trainer.perception.back_detection import LANDMARKS, BackDetection
from trainer.perception.setup_advice import setup_advice

IMAGE = np.random.default_rng(3).integers(60, 200, (240, 320, 3)).astype(np.uint8)
BOTH, NONE = HandsSeen(1.0, 1.0), HandsSeen(0.0, 0.0)
BACK = BackState("followed", "automatic", 45.0, STRAIGHT_DEG + 10, LOW_DEG + 10, 0.5)
SEEN = BackDetection(
    {name: (120.0 + 8 * i, 60.0 + 9 * i) for i, name in enumerate(LANDMARKS)},
    dict.fromkeys(LANDMARKS, 2.0),
    0.9,
    (320, 240),
)


def _points(back=BACK, seen=SEEN, hands=BOTH, **more):
    return {tick.code: tick for tick in ticks(IMAGE, back, seen, hands, 20.0, **more)}


def test_a_hidden_hand_is_told_with_what_hides_it():
    assert _points()["hands"].ok is True
    assert _points(hands=NONE)["hands"].ok is None  # perhaps not laid there yet
    one = HandsSeen(0.9, 0.1)
    hidden = _points(hands=one)["hands"]
    assert hidden.ok is False and "satu tangan" in hidden.text.id and "lengan" in hidden.text.id
    low = replace(BACK, elevation_deg=LOW_DEG - 5)
    assert "rendah" in _points(low, hands=one)["hands"].text.id
    straight = replace(low, azimuth_deg=STRAIGHT_DEG - 5)
    assert "badan" in _points(straight, hands=one)["hands"].text.id
    assert "sesekali" in _points(hands=HandsSeen(0.4, 0.2))["hands"].text.id
    assert unhide_advice(math.nan, math.nan).id  # no back, no angle


def test_a_back_that_is_not_found_says_why():
    said = {
        "body": _points(None, None, HandsSeen(0.8, 0.0))["back"],
        "nothing": _points(None, None, NONE)["back"],
        "early": _points(None, SEEN, NONE, seen_for_s=UNSURE_S / 2)["back"],
        "unsure": _points(None, SEEN, NONE, seen_for_s=UNSURE_S)["back"],
        "by hand": _points(None, None, NONE, finds_back=False)["back"],
    }
    assert {name: tick.ok for name, tick in said.items()} == {
        "body": False,
        "nothing": False,
        "early": None,
        "unsure": False,
        "by hand": False,
    }
    assert len({tick.text.id for tick in said.values()}) == len(said)
    assert "badan" in said["body"].text.id
    assert "Tandai punggung" in said["unsure"].text.id


@pytest.mark.parametrize(
    ("names", "where"),
    [
        (("T12",), "bawah"),
        (("C7", "left_acromion", "right_acromion"), "atas"),
        (("left_acromion", "left_rib_angle"), "kiri ibu"),
        (("right_acromion", "right_rib_angle"), "kanan ibu"),
        (LANDMARKS, ""),
    ],
)
def test_what_is_cut_off_or_hidden_is_told_in_plain_words(names, where):
    kept = {name: at for name, at in SEEN.landmarks.items() if name not in names}
    cut = BackDetection(
        kept or {"T7": (9.0, 9.0)}, dict.fromkeys(kept or {"T7"}, 2.0), 0.9, (320, 240), names
    )
    (words,) = [one.text.id for one in setup_advice(cut, IMAGE) if one.code == "cut_off"]
    assert where in words and "_" not in words and "{" not in words
    unsure = replace(SEEN, sigma_px={name: 60.0 for name in LANDMARKS})
    (advice,) = [one for one in setup_advice(unsure, IMAGE) if one.code == "hidden"]
    assert "badan atau lengan" in advice.text.id and advice.off == 1.0


def _angle(degrees):
    return _points(replace(BACK, view_angle_deg=degrees))["angle"]


def test_better_worse_and_mended_are_said():
    trends, at = Trends(), 0.0

    def seen(degrees):
        nonlocal at
        at += 0.5
        return trends.noted(at, [_angle(degrees)])[0].trend

    assert seen(80.0) is None  # nothing to compare with
    assert seen(79.0) is None  # as before
    assert seen(70.0) == "better"
    assert seen(60.0) == "better"
    assert seen(30.0) == "mended"
    while at < BEFORE_S + 4:
        last = seen(30.0)
    assert last is None  # old news
    seen(55.0)
    assert seen(75.0) == "worse"


def test_a_point_that_is_not_known_has_no_trend():
    trends = Trends()
    wrong = Tick("hands", False, BACK_TEXT, off=0.9)
    trends.noted(0.0, [wrong])
    assert trends.noted(1.0, [replace(wrong, ok=None)])[0].trend is None
    assert trends.noted(2.0, [replace(wrong, off=0.2)])[0].trend == "better"


BACK_TEXT = _angle(20.0).text
