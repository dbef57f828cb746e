"""The hand tracker on rendered video with ground truth: real decoding, real MediaPipe."""

import json
from itertools import islice

import numpy as np
import pytest

from trainer.capture.frame import Frame
from trainer.capture.video import open_video
from trainer.errors import PijatError
from trainer.perception.contact import hand_size
from trainer.perception.fetching import ensure_model
from trainer.perception.landmarker import HandLandmarker
from trainer.perception.observation import HANDS, Status
from trainer.perception.tracker import HandTracker

FRAMES = 80


@pytest.fixture(scope="module")
def model():
    return ensure_model("hand_landmarker")


@pytest.fixture(scope="module")
def truth(sample):
    return json.loads(sample.with_name("oxytocin-demo.truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def frames(sample):
    with open_video(sample) as video:
        return list(islice(video, FRAMES))


def back_of(truth, index=0):
    back = np.array(truth["frames"][index]["back"])
    return (*back.min(axis=0).tolist(), *back.max(axis=0).tolist())


def errors(pairs, truth):
    """Pixels from the true contact, in frames in which the thumb touches; NaN where it was not seen."""
    found = []
    for index, pair in pairs:
        for hand in HANDS:
            true = truth["frames"][index]["hands"][hand]
            if true["contact"]:
                seen = pair.get(hand)
                off = np.full(2, np.nan) if seen is None else seen.contact_px - true["contact_px"]
                sigma = np.nan if seen is None else seen.contact_sigma_px
                size = np.nan if seen is None else hand_size(seen.keypoints)
                found.append((*off, sigma, size))
    return np.array(found)


@pytest.mark.slow
def test_finds_both_hands_and_where_they_touch(model, frames, truth):
    with HandTracker(model) as tracker:
        pairs = [(frame.index, tracker.update(frame, back_of(truth))) for frame in frames]
    table = errors(pairs, truth)
    error = np.hypot(table[:, 0], table[:, 1])
    assert len(table) > FRAMES / 2
    assert np.isfinite(error).mean() >= 0.98
    assert np.nanmedian(error / table[:, 3]) < 0.08
    assert np.nanpercentile(error / table[:, 3], 95) < 0.2
    # Sigma is honest: neither a boast nor an excuse.
    assert 0.3 < np.sqrt(np.nanmean((table[:, :2] / table[:, 2:3]) ** 2)) < 2.0


@pytest.mark.slow
def test_follows_a_covered_hand_for_a_while_then_says_that_it_is_gone(model, frames, truth):
    """A grey card over the frame from the second second on: nothing to detect, nothing to follow."""
    with HandTracker(model) as tracker:
        last = None
        for frame in frames[:50]:
            last = tracker.update(frame, back_of(truth))
        assert last is not None
        assert last.left is not None or last.right is not None
        for frame in frames[50:60]:
            card = Frame(frame.index, frame.time_s, np.full_like(frame.image, 128))
            last = tracker.update(card, back_of(truth))
        assert last.left is None
        assert last.right is None
        again = [tracker.update(frame, back_of(truth)) for frame in frames[60:70]]
    assert again[-1].left is not None
    assert again[-1].right is not None


def test_same_in_a_larger_frame(model, frames, truth):
    """Pixels are those of the raw frame, whatever is shrunk inside."""
    import cv2

    touching = [frame for frame in frames if truth["frames"][frame.index]["hands"]["right"]["contact"]][:5]
    with HandTracker(model) as small, HandTracker(model) as large:
        for frame in touching:
            image = cv2.resize(frame.image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
            back = np.array(back_of(truth))
            here = small.update(frame, tuple(back))
            there = large.update(Frame(frame.index, frame.time_s, image), tuple(3 * back))
    for hand in HANDS:
        assert np.hypot(*(there.get(hand).contact_px / 3 - here.get(hand).contact_px)) < 3.0


@pytest.mark.slow
def test_without_a_back_box(model, frames, truth):
    with HandTracker(model) as tracker:
        pairs = [(frame.index, tracker.update(frame)) for frame in frames]
    assert np.isfinite(errors(pairs, truth)[:, 0]).mean() >= 0.9


def test_empty_room(model):
    noise = np.random.default_rng(0).integers(90, 110, (480, 640, 3)).astype(np.uint8)
    with HandTracker(model) as tracker:
        for index in range(5):
            pair = tracker.update(Frame(index, index / 25, noise), (200, 100, 400, 300))
            assert pair.left is None
            assert pair.right is None


def test_time_must_go_on(model, frames):
    with HandTracker(model) as tracker:
        tracker.update(frames[1])
        with pytest.raises(PijatError, match="feed frames in order"):
            tracker.update(frames[0])


def test_times_closer_than_a_millisecond(model, frames):
    with HandTracker(model) as tracker:
        for index, frame in enumerate(frames[:4]):
            tracker.update(Frame(index, index * 1e-4, frame.image))


def test_closed_twice_and_used_after(model, frames):
    tracker = HandTracker(model)
    tracker.close()
    tracker.close()
    with pytest.raises(PijatError, match="open a new HandTracker"):
        tracker.update(frames[0])


def test_no_model_at_all():
    with pytest.raises(PijatError, match=r"Expected a hand_landmarker\.task bundle, got 3 bytes"):
        HandLandmarker(b"abc")


def test_statuses_are_those_of_sightings(model, frames, truth):
    with HandTracker(model) as tracker:
        for frame in frames[:30]:
            pair = tracker.update(frame, back_of(truth))
            for hand in HANDS:
                seen = pair.get(hand)
                if seen is not None:
                    assert seen.hand == hand
                    assert seen.status in (Status.DETECTED, Status.TRACKED)
                    assert 0 <= seen.score <= 1


def near_lens(frame, truth):
    """A hand that fills the picture: the practitioner's own, cut out and enlarged."""
    import cv2

    x, y = np.rint(truth["frames"][frame.index]["hands"]["right"]["contact_px"]).astype(int)
    x0, y0, x1, y1 = max(x - 40, 0), max(y - 40, 0), x + 80, y + 50
    return cv2.resize(frame.image[y0:y1, x0:x1], frame.image.shape[1::-1], interpolation=cv2.INTER_CUBIC)


@pytest.mark.slow
@pytest.mark.parametrize("known_back", [True, False])
@pytest.mark.parametrize("at", [0, 30])
def test_a_hand_at_the_lens_changes_nothing_after_half_a_second(model, frames, truth, known_back, at):
    """It comes for a second, before the hands or amid them, and was seen as a hand."""
    stepping = [frame for frame in frames if truth["frames"][frame.index]["hands"]["right"]["contact"]]
    large = near_lens(stepping[0], truth)
    second = [np.clip(large.astype(int) + step, 0, 255).astype(np.uint8) for step in range(25)]
    pictures = [frame.image for frame in frames[:at]] + second + [frame.image for frame in frames[at:]]
    roi = back_of(truth) if known_back else None
    with HandTracker(model) as tracker:
        pairs = [tracker.update(Frame(k, k / 25, picture), roi) for k, picture in enumerate(pictures)]
    after = errors([(k - 25, pair) for k, pair in enumerate(pairs) if k >= at + 25 + 12], truth)
    with HandTracker(model) as tracker:
        plain = [tracker.update(frame, roi) for frame in frames]
    without = errors([(k, pair) for k, pair in enumerate(plain) if k >= at + 12], truth)
    if not known_back:
        assert any(pair.left is not None or pair.right is not None for pair in pairs[at + 5 : at + 25])
    assert np.isfinite(after[:, 0]).mean() >= np.isfinite(without[:, 0]).mean() - 0.01
    off, usual = (np.nanpercentile(np.hypot(table[:, 0], table[:, 1]), 95) for table in (after, without))
    assert off <= usual + 1.0
