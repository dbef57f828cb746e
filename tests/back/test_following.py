"""Following against motion that is known because the test made it."""

import cv2
import numpy as np
import pytest

from trainer.back.following import BackFollower
from trainer.back.registration import register
from trainer.capture.frame import Frame
from trainer.perception.observation import HandPair

PLACE = np.array([[3.0, 8.0], [-4.0, 15.0], [0.0, 22.0]])


@pytest.fixture(scope="module")
def registration(scene):
    return register(scene.landmarks, 2.0, scene.size)


def _moved(image, matrix):
    return cv2.warpAffine(image, matrix[:2], image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def _similarity(x=0.0, y=0.0, turn_deg=0.0, growth=1.0):
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D((320, 240), turn_deg, growth)
    matrix[:2, 2] += x, y
    return matrix


def _error_cm(registration, found, matrix):
    """How far the map puts three places of the back that moved by `matrix`."""
    pixels = registration.to_image(PLACE) @ matrix[:2, :2].T + matrix[:2, 2]
    return float(np.hypot(*(found.to_back(pixels)[0] - PLACE).T).max())


def test_a_drifting_camera_is_followed(scene, registration):
    still = scene.draw()
    follower = BackFollower(registration, Frame(0, 0.0, still))
    worst = 0.0
    for i in range(1, 75):
        t = i / 25
        matrix = _similarity(20 * np.sin(t), 12 * np.sin(1.3 * t), 2 * np.sin(0.8 * t), 1 + 0.03 * np.sin(t))
        found = follower.update(Frame(i, t, _moved(scene.draw(seed=i), matrix)))
        assert found is not None
        worst = max(worst, _error_cm(registration, found, matrix))
    assert worst < 0.4


def test_a_bump_is_taken_at_once(scene, registration):
    follower = BackFollower(registration, Frame(0, 0.0, scene.draw()))
    for i in range(1, 30):
        matrix = _similarity(28, -18, 1.5) if i >= 15 else np.eye(3)
        found = follower.update(Frame(i, i / 25, _moved(scene.draw(seed=i), matrix)))
        if i < 15 or i > 18:
            assert found is not None
            assert _error_cm(registration, found, matrix) < 0.4


def test_the_back_shifts_by_itself_under_working_hands(scene, registration):
    follower = BackFollower(registration, Frame(0, 0.0, scene.draw()))
    errors = []
    for i in range(1, 150):
        t = i / 25
        x, y = 18 * np.clip(t - 2, 0, 1), 1.5 * np.sin(2 * np.pi * 0.3 * t)
        hands = [
            (285 + 15 * np.sin(5 * t), 220 + 60 * np.sin(t)),
            (355 + 15 * np.cos(5 * t), 220 + 60 * np.sin(t)),
        ]
        image = scene.draw((x, y), hands, seed=i)
        pair = HandPair(scene.hand_at("left", hands[0]), scene.hand_at("right", hands[1]))
        found = follower.update(Frame(i, t, image), pair if i % 3 else HandPair(pair.left, None))
        assert found is not None
        errors.append(_error_cm(registration, found, _similarity(x, y)))
    assert np.median(errors) < 0.4
    assert max(errors[100:]) < 0.8


def test_a_lamp_switched_on_is_no_motion(scene, registration):
    follower = BackFollower(registration, Frame(0, 0.0, scene.draw()))
    for i in range(1, 40):
        found = follower.update(Frame(i, i / 25, scene.draw(light=0.65 if i > 20 else 1.0, seed=i)))
        assert found is not None
        assert _error_cm(registration, found, np.eye(3)) < 0.3


def test_loss_is_noticed_and_the_back_found_again(scene, registration):
    follower = BackFollower(registration, Frame(0, 0.0, scene.draw()))
    lost_after = None
    for i in range(1, 100):
        t = i / 25
        gone = 1.0 <= t < 2.2
        matrix = np.eye(3) if t < 1.0 else _similarity(40, 22)
        image = np.full((480, 640, 3), 90, np.uint8) if gone else _moved(scene.draw(seed=i), matrix)
        found = follower.update(Frame(i, t, image))
        if gone and found is None and lost_after is None:
            lost_after = t - 1.0
        if gone and t > 1.6:
            assert found is None
            assert follower.status == "lost"
    assert lost_after is not None
    assert lost_after <= 0.5
    assert found is not None
    assert _error_cm(registration, found, matrix) < 0.4


def test_the_person_leaves_and_the_map_goes_with_her(scene, registration):
    follower = BackFollower(registration, Frame(0, 0.0, scene.draw()))
    for i in range(1, 60):
        found = follower.update(Frame(i, i / 25, scene.draw(person=i < 25, seed=i)))
    assert found is None


def test_a_calibration_from_later_in_the_video(scene, registration):
    follower = BackFollower(registration, Frame(700, 28.0, scene.draw()))
    matrix = _similarity(-30, 15, -2.0)
    found = None
    for i in range(12):
        found = follower.update(Frame(i, i / 25, _moved(scene.draw(seed=i), matrix)))
    assert found is not None
    assert _error_cm(registration, found, matrix) < 0.4


def test_a_redetection_tells_where_to_look(scene, registration):
    follower = BackFollower(registration, Frame(0, 0.0, scene.draw()))
    for i in range(1, 20):
        follower.update(Frame(i, i / 25, scene.draw(seed=i)))
    bias = np.array([4.0, -3.0])
    assert follower.correct({k: np.array(v) + bias for k, v in scene.landmarks.items()}, 4.0)
    found = follower.update(Frame(20, 0.8, scene.draw(seed=20)))
    assert _error_cm(registration, found, np.eye(3)) < 0.3
    assert not follower.correct({k: np.array(v) * [1, -1] for k, v in scene.landmarks.items()}, 4.0)


def test_long_sequences_do_not_drift(scene, registration):
    """Fifteen minutes at two pictures a second, the camera swaying all the while."""
    still = [scene.draw(seed=k) for k in range(8)]
    follower = BackFollower(registration, Frame(0, 0.0, still[0]))
    rng = np.random.default_rng(2)
    x = y = 0.0
    for i in range(1, 600):
        x, y = 0.97 * x + rng.normal(0, 1.5), 0.97 * y + rng.normal(0, 1.0)
        matrix = _similarity(x, y)
        found = follower.update(Frame(i, 1.5 * i, _moved(still[i % 8], matrix)))
        assert found is not None
    assert _error_cm(registration, found, matrix) < 0.3


def test_a_frame_of_another_size_is_refused(scene, registration):
    with pytest.raises(ValueError, match="640"):
        BackFollower(registration, Frame(0, 0.0, np.zeros((240, 320, 3), np.uint8)))
