"""Where the back is during practice: printed markers say it where they are seen, unless a person has said it."""

import numpy as np
import pytest

from trainer.analysis.pipeline import FrameResult, landmark_pixels
from trainer.back.atlas import load_atlas
from trainer.back.frame import BACK_LANDMARKS
from trainer.capture.frame import Frame
from trainer.live.back import LiveBack
from trainer.perception.observation import HandPair

RATIO = 1.12
NO_HANDS = HandPair(left=None, right=None)


def seen(back, frame):
    """What the pipeline would say of a frame without hands."""
    found = None if back.follower is None else back.follower.update(frame)
    marks = None if found is None else landmark_pixels(found)
    return FrameResult(frame.index, frame.time_s, NO_HANDS, found, marks, {})


def look(back, image, time_s, *, setting_up=True):
    frame = Frame(round(30 * time_s), time_s, image)
    return back.look(frame, seen(back, frame), setting_up=setting_up)


@pytest.fixture
def marked(draw_markers):
    """A picture with markers, and what takes cm of the atlas to its pixels."""
    return draw_markers(RATIO, 0.25)


def test_markers_register_the_back_at_once_and_with_its_size(marked):
    image, pixels = marked
    back = LiveBack(None)  # without the network too
    assert look(back, image, 0.0)
    assert back.source == "automatic"
    assert back.follower.registration.size_ratio == pytest.approx(RATIO, abs=0.03)
    assert back.calibration.scale.cm == pytest.approx(RATIO * load_atlas().levels["T7"], abs=0.6)
    where = landmark_pixels(back.follower.registration)
    true = pixels(np.array([load_atlas().landmarks[name].at for name in BACK_LANDMARKS]))
    # The shoulders' tops lie beyond the modelled back.
    assert np.nanmax(np.hypot(*(where - true).T)) < 3.0  # of 1280 x 720; a centimetre is about 14
    assert back.state(back.follower.registration).sigma_cm < 0.6


def test_known_from_markers_it_is_not_registered_again_until_it_moves(marked):
    image, _ = marked
    back = LiveBack(None)
    assert look(back, image, 0.0)
    assert not any(look(back, image, time_s) for time_s in (0.6, 1.2, 1.8))
    moved = np.roll(image, 120, axis=1)
    back.follower.update(Frame(70, 2.3, image))
    frame = Frame(75, 2.5, moved)
    stale = FrameResult(
        75, 2.5, NO_HANDS, back.follower.registration, landmark_pixels(back.follower.registration), {}
    )
    assert back.look(frame, stale, setting_up=True)


def test_a_persons_word_is_not_overruled_by_markers(marked):
    image, pixels = marked
    back = LiveBack(None)
    names = ("C7", "T7", "T12", "left_scapula_inferior_angle", "right_scapula_inferior_angle")
    places = {name: tuple(pixels(load_atlas().landmarks[name].at)[0] + 12.0) for name in names}
    back.place(places, Frame(0, 0.0, image), NO_HANDS)
    assert not look(back, image, 1.0)
    assert back.source == "manual"


def test_in_practice_markers_change_nothing(marked):
    image, _ = marked
    back = LiveBack(None)
    assert not look(back, image, 0.0, setting_up=False)
    assert back.follower is None
