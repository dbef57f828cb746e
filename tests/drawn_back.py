"""A back drawn on a table, enough to be followed: a scene made here, whose landmarks are known."""

from functools import cache

import cv2
import numpy as np

from trainer.perception.observation import HandObservation, Status

LANDMARKS = {
    "C7": (320.0, 150.0),
    "T3": (320.0, 190.0),
    "T7": (320.0, 253.0),
    "T12": (320.0, 325.0),
    "left_scapula_spine_root": (280.0, 190.0),
    "right_scapula_spine_root": (360.0, 190.0),
    "left_scapula_inferior_angle": (268.0, 254.0),
    "right_scapula_inferior_angle": (372.0, 254.0),
    "left_rib_angle": (282.0, 230.0),
    "right_rib_angle": (358.0, 230.0),
}
"""A back seen nearly face on in a picture of 640 x 480."""


@cache
def _noise(seed):
    return np.random.default_rng(seed).normal(0, 2.0, (480, 640, 3)).astype(np.float32)


def draw_scene(back_shift=(0.0, 0.0), hands=(), person=True, light=1.0, seed=5):
    """Draw a person's back on a table in front of a wall, 640 x 480 RGB: enough to be followed, made here."""
    image = np.full((480, 640, 3), (120, 115, 105), np.float32)
    image[:120] = (150, 150, 140)
    cv2.rectangle(image, (40, 90), (600, 260), (140, 100, 60), -1)
    cv2.rectangle(image, (60, 10), (160, 80), (60, 70, 120), -1)
    cv2.rectangle(image, (500, 300), (620, 460), (40, 60, 40), -1)
    if person:
        x, y = back_shift
        body = np.array(
            [[250, 150], [390, 150], [430, 200], [400, 300], [395, 390], [245, 390], [240, 300], [210, 200]]
        )
        polygon = np.rint((body + np.array([x, y])) * 16).astype(np.int32)
        cv2.fillPoly(image, [polygon], (205, 160, 135), cv2.LINE_AA, 4)
        hips = np.array([[240, 385], [400, 385], [420, 480], [220, 480]])
        cv2.fillPoly(
            image, [np.rint((hips + np.array([x, y])) * 16).astype(np.int32)], (50, 60, 90), cv2.LINE_AA, 4
        )
        centre = (int(16 * (320 + x)), int(16 * (105 + y)))
        cv2.ellipse(image, centre, (16 * 48, 16 * 50), 0, 0, 360, (45, 35, 30), -1, cv2.LINE_AA, 4)
        moles = np.random.default_rng(11).uniform((260, 170), (380, 370), (14, 2))
        for mole in moles:
            spot = tuple(np.rint((mole + np.array([x, y])) * 16).astype(int).tolist())
            cv2.circle(image, spot, 16 * 3, (160, 115, 95), -1, cv2.LINE_AA, 4)
    for hand in hands:
        cv2.circle(image, tuple(np.rint(hand).astype(int).tolist()), 38, (150, 105, 80), -1, cv2.LINE_AA)
    image = cv2.GaussianBlur(image, (0, 0), 1.2) * light + _noise(seed % 5)
    return np.clip(image, 0, 255).astype(np.uint8)


def hand_at(hand, place):
    """A hand whose keypoints fill the disc that `draw_scene` draws at `place`."""
    angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 34
    keypoints = np.concatenate([[[0.0, 34.0]], ring]) + place
    keypoints[9] = np.array(place) - [0.0, 20.0]
    return HandObservation(hand, keypoints, 0.9, Status.DETECTED, keypoints[4], 2.0)
