"""Where to look, and how often again."""

import numpy as np
from hand_shapes import SHAPE

from trainer.perception.landmarker import Window
from trainer.perception.second_look import CropWindow, Ration, crop_target


def test_window_stays_while_its_target_trembles_and_follows_when_it_leaves():
    crop = CropWindow()
    first = crop.update((200, 100, 400, 300), 640, 480)
    assert first is not None
    assert first.contains(200, 100)
    assert first.contains(400, 300)
    assert crop.update((206, 96, 409, 303), 640, 480) == first
    later = crop.update((300, 150, 500, 350), 640, 480)
    assert later != first
    assert later.contains(499, 349)


def test_window_lies_inside_the_frame_and_is_none_when_it_is_nearly_the_frame():
    window = CropWindow().update((-300, -50, 200, 200), 640, 480)
    assert window is not None
    assert window.x >= 0
    assert window.y >= 0
    assert CropWindow().update((0, 0, 640, 480), 640, 480) is None
    assert CropWindow().update(None, 640, 480) is None
    assert CropWindow().update((900, 900, 1200, 1200), 640, 480) is None


def test_square_window_of_any_frame():
    assert Window.square((5, 5), 5000, 640, 480) == Window(0, 0, 640, 480)


def test_target_holds_back_and_hands():
    box = crop_target((100, 100, 300, 300), [SHAPE + np.array((420, 220))], 50.0)
    assert box is not None
    assert box[0] <= 100 - 50
    assert box[2] >= 420 + 19
    assert crop_target(None, [], None) is None


def test_ration_keeps_to_its_rate_and_rests_in_an_empty_room():
    lucky, unlucky = Ration(0.12), Ration(0.12)
    looks = [0, 0]
    for _ in range(1000):
        for k, (ration, luck) in enumerate(((lucky, True), (unlucky, False))):
            ration.tick(0)
            if ration.may_look():
                ration.spend(luck)
                looks[k] += 1
    assert 115 <= looks[0] <= 122
    assert looks[1] <= 40


def test_a_change_of_what_the_main_view_finds_ends_the_rest():
    ration, looks = Ration(0.12), 0
    while looks < 8:
        ration.tick(0)
        if ration.may_look():
            ration.spend(False)
            looks += 1
    for _ in range(12):  # enough to afford a look, were it not resting
        ration.tick(0)
    assert not ration.may_look()
    ration.tick(1)
    assert ration.may_look()
