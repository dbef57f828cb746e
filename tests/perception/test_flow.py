"""Optical flow on a picture whose motion is known."""

import cv2
import numpy as np
import pytest
from hand_shapes import SHAPE

from trainer.perception.flow import FlowPictures, follow, grey

HAND = 1.5 * SHAPE + (300, 260)
SIZE = 75.0


@pytest.fixture(scope="module")
def texture():
    noise = np.random.default_rng(3).normal(128, 60, (480, 640)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    smooth = (smooth - smooth.mean()) / smooth.std() * 40 + 128
    return np.repeat(np.clip(smooth, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def shifted(image, dx, dy):
    return cv2.warpAffine(image, np.float32([[1, 0, dx], [0, 1, dy]]), (image.shape[1], image.shape[0]))


@pytest.mark.parametrize(("dx", "dy"), [(0.0, 0.0), (3.4, -2.2), (-14.0, 9.0)])
def test_measures_a_shift_to_a_tenth_of_a_pixel(texture, dx, dy):
    before, scale = grey(texture, 640)
    after, _ = grey(shifted(texture, dx, dy), 640)
    shift = follow(before, after, scale, HAND, SIZE)
    assert shift is not None
    np.testing.assert_allclose(shift.offset, (dx, dy), atol=0.1)
    assert shift.share > 0.5


def test_answers_in_raw_pixels_of_a_large_frame(texture):
    large = cv2.resize(texture, (1920, 1440), interpolation=cv2.INTER_CUBIC)
    pictures = FlowPictures(640)
    pictures.keep(large)
    shift = pictures.follow(shifted(large, 12.0, -6.0), 3 * HAND, 3 * SIZE)
    assert shift is not None
    np.testing.assert_allclose(shift.offset, (12, -6), atol=0.5)


def test_a_picture_without_texture_is_not_followed(texture):
    before, scale = grey(texture, 640)
    other = np.random.default_rng(4).integers(0, 255, before.shape).astype(np.uint8)
    assert follow(before, other, scale, HAND, SIZE) is None


def test_likeness_falls_when_the_thumb_is_gone(texture):
    pictures = FlowPictures(640)
    pictures.keep(texture)
    portrait = pictures.portrait(HAND, SIZE)
    assert pictures.follow(shifted(texture, 2, 2), HAND, SIZE) is not None
    assert pictures.likeness(portrait, HAND + 2, SIZE) > 0.9
    assert pictures.likeness(portrait, HAND + 60, SIZE) < 0.5


def test_nothing_to_follow_without_a_frame_or_outside_it(texture):
    pictures = FlowPictures(640)
    assert pictures.follow(texture, HAND, SIZE) is None
    pictures.keep(texture)
    assert pictures.follow(texture, HAND + 2000, SIZE) is None
    assert pictures.follow(texture[:240], HAND, SIZE) is None
