"""What the camera does not see is said within three seconds, and taken back when it is seen again."""

import json

import numpy as np
import pytest
from covered_hands import contacts_of, covered

from trainer.analysis.pipeline import FrameResult, ThumbSighting
from trainer.back.frame import BACK_LANDMARKS
from trainer.capture.video import open_video
from trainer.live.model import Choices
from trainer.live.session import LiveSession
from trainer.live.sight import Sight
from trainer.perception.fetching import ensure_model
from trainer.perception.observation import HAND_KEYPOINTS, HandObservation, HandPair, Status
from trainer.perception.tracker import HandTracker
from trainer.protocol.library import builtin

FPS = 12.0
SOON_S = 3.0


def _result(time_s, hands, places=None):
    """A picture with those hands, their thumbs on the back or where `places` says."""
    seen = {
        hand: HandObservation(
            hand, np.zeros((len(HAND_KEYPOINTS), 2)), 0.9, Status.DETECTED, np.zeros(2), 2.0, 40.0
        )
        for hand in hands
    }
    thumbs = {
        hand: ThumbSighting((0.0, 0.0), (places or {}).get(hand, (3.0, 8.0)), 0.5, Status.DETECTED)
        for hand in hands
    }
    back = np.zeros((len(BACK_LANDMARKS), 2))
    pair = HandPair(seen.get("left"), seen.get("right"))
    return FrameResult(round(time_s * FPS), time_s, pair, object(), back, thumbs)


def _told(sight, began_s, seconds, hands, status="followed", places=None):
    """Tell of some seconds; return when what was said, by code."""
    said = []
    for step in range(round(seconds * FPS)):
        time_s = began_s + step / FPS
        sight.add(_result(time_s, hands, places), status)
        now = sight.missing_now()
        said.append((time_s - began_s, None if now is None else now.code))
    return said


@pytest.mark.parametrize(
    ("hands", "status", "code"),
    [
        ((), "followed", "hands"),
        (("right",), "followed", "one_hand"),
        (("left",), "followed", "one_hand"),
        (("left", "right"), "lost", "back"),
        (("left", "right"), "held", "back"),
        ((), None, "back"),
    ],
)
def test_what_vanishes_is_said_and_taken_back(hands, status, code):
    sight = Sight()
    assert {one for _, one in _told(sight, 0.0, 5.0, ("left", "right"))} == {None}
    gone = _told(sight, 5.0, 5.0, hands, status)
    first = next(at for at, one in gone if one is not None)
    assert 1.0 < first < SOON_S
    assert gone[-1][1] == code
    back = _told(sight, 10.0, 3.0, ("left", "right"))
    assert next(at for at, one in back if one is None) < 1.0
    assert {one for at, one in back if at > 1.0} == {None}


def test_a_short_gap_is_no_news():
    sight = Sight()
    for second in range(8):
        hands = ("left", "right") if second % 2 else ("right",)
        assert {one for _, one in _told(sight, float(second), 1.0, hands)} == {None}


def test_a_hand_beside_the_back_is_not_one_that_massages_it():
    sight = Sight()
    beside = {"left": (np.nan, np.nan)}
    assert _told(sight, 0.0, 4.0, ("left", "right"), places=beside)[-1][1] == "one_hand"


def test_nothing_is_said_of_the_first_moments():
    sight = Sight()
    early = _told(sight, 0.0, 4.0, ())
    assert {one for at, one in early if at < 1.5} == {None}
    assert next(at for at, one in early if one) < SOON_S
    sight.restart()
    assert sight.missing_now() is None


def test_in_set_up_what_was_seen_once_counts():
    sight = Sight()
    assert sight.never_seen(has_back=False).code == "back"
    assert sight.never_seen(has_back=True).code == "hands"
    _told(sight, 0.0, 2.0, ("left",))
    assert sight.never_seen(has_back=True).code == "one_hand"
    _told(sight, 2.0, 2.0, ("left", "right"))
    _told(sight, 4.0, 20.0, ())  # gone to press Start
    assert sight.never_seen(has_back=True) is None
    assert sight.never_seen(has_back=False).code == "back"
    sight.forget()  # the camera was moved
    assert sight.never_seen(has_back=True).code == "hands"


def test_a_hand_that_changes_its_name_is_still_one():
    """Of a single hand it is not sure which it is."""
    sight = Sight()
    _told(sight, 0.0, 3.0, ("left", "right"))
    _told(sight, 3.0, 2.0, ("right",))
    assert {one for _, one in _told(sight, 5.0, 3.0, ("left",))} == {"one_hand"}


def test_a_glimpse_is_not_enough_to_be_ready():
    sight = Sight()
    _told(sight, 0.0, 3.0, ())
    _told(sight, 3.0, 0.3, ("left", "right"))
    _told(sight, 3.3, 3.0, ())
    assert sight.never_seen(has_back=True).code == "hands"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hidden", "codes"), [(("left",), {"one_hand"}), (("left", "right"), {"hands", "back"})]
)
def test_hands_that_a_sleeve_covers_are_missed(sample, sample_calibration, tmp_path, hidden, codes):
    """The real pipeline on the demonstration, every third picture, a sleeve over the thumbs for four seconds."""
    contacts = contacts_of(sample)
    marks = json.loads(sample_calibration.read_text(encoding="utf-8"))["landmarks"]
    live = LiveSession(
        tmp_path,
        Choices(builtin("tegalagung-2022"), "tegalagung-2022"),
        HandTracker(ensure_model("hand_landmarker")),
        None,
    )
    said, covered_s, since = [], [], None
    with open_video(sample) as video:
        for frame in video:
            if frame.index % 3 or frame.index > 300:
                continue
            image = frame.image
            if 130 <= frame.index < 230:
                image = covered(image, contacts[frame.index], hidden)
                covered_s.append(frame.time_s)
            result = live.frame(np.ascontiguousarray(image), frame.time_s)
            if frame.index == 0:
                assert result.unseen.code == "back"
                live.place_back({name: tuple(at) for name, at in marks.items()}, None)
            if frame.index == 45:
                assert result.unseen is None  # Start looks ready
                live.start()
            if since is None and frame.index > 45:
                since = frame.time_s
            said.append((frame.time_s, None if result.unseen is None else result.unseen.code))
    live.discard()
    live.close()
    assert {code for at, code in said if since <= at < covered_s[0]} == {None}
    first = next(at for at, code in said if at >= covered_s[0] and code)
    assert first - covered_s[0] < SOON_S
    assert {code for at, code in said if covered_s[0] <= at <= covered_s[-1]} - {None} == codes
    if hidden == ("left",):
        assert {code for at, code in said if at > covered_s[-1] + 1.5} == {None}
