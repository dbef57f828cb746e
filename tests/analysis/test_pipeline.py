"""The pipeline's own part: where hands may be, as told by the back."""

from dataclasses import replace

import numpy as np

from trainer.analysis.pipeline import Pipeline, locate
from trainer.back.following import BackFollower
from trainer.back.registration import register
from trainer.capture.frame import Frame
from trainer.perception.observation import HandPair


class AskedWhere:
    """Sees no hand, and writes down where it was told to look."""

    def __init__(self):
        self.roi = []

    def update(self, frame, roi_px=None):
        self.roi.append(roi_px)
        return HandPair(None, None)

    def close(self):
        pass


def test_where_a_lost_back_was_says_nothing_after_a_second(scene):
    """A box of a back that is gone would refuse every hand elsewhere for good."""
    hands = AskedWhere()
    follower = BackFollower(register(scene.landmarks, 2.0, scene.size), Frame(0, 0.0, scene.draw()))
    with Pipeline(hands, follower) as pipeline:
        for i in range(1, 100):
            away = i > 25
            image = (
                np.random.default_rng(i).integers(0, 255, (480, 640, 3), np.uint8)
                if away
                else scene.draw(seed=i)
            )
            pipeline.process(Frame(i, i / 25, image))
    assert follower.status == "lost"
    assert hands.roi[20] is not None
    assert hands.roi[-1] is None


def test_a_hand_far_on_the_other_side_has_no_place(scene):
    """What is named left and lies 10 cm to the right of the spine is no left thumb; 6 cm may be a misnamed hand."""
    back = register(scene.landmarks, 2.0, scene.size)
    for lateral, placed in ((-8.0, True), (6.0, True), (10.0, False)):
        hand = scene.hand_at("left", tuple(back.to_image(np.array([[lateral, 10.0]]))[0]))
        hand = replace(hand, contact_px=back.to_image(np.array([[lateral, 10.0]]))[0])
        thumb = locate({"left": hand}, back)["left"]
        assert bool(np.isfinite(thumb.back_cm).all()) is placed
