"""The back-landmark model on renders it has not seen (seeds from 900000 on), and on pictures without a back."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from trainer.back.frame import BACK_LANDMARKS
from trainer.errors import PijatError
from trainer.perception.back_landmarks import LANDMARKS, BackDetection, BackLandmarkDetector, combine
from trainer.perception.back_plausibility import plausibility
from trainer.perception.setup_advice import setup_advice, sharpness


@pytest.fixture(scope="module")
def detector():
    return BackLandmarkDetector()


@pytest.fixture(scope="module")
def pictures(repository: Path):
    folder = repository / "tests" / "data" / "backs"
    labels = json.loads((folder / "labels.json").read_text())
    return {name: (_read(folder / name), label) for name, label in labels.items()}


def _read(path: Path):
    return np.ascontiguousarray(cv2.imread(str(path))[:, :, ::-1])


def _errors_cm(found: BackDetection, truth) -> np.ndarray:
    points = dict(zip(LANDMARKS, truth, strict=True))
    scale = np.hypot(*np.subtract(points["C7"], points["T7"])) / 17.5
    return np.array([np.hypot(*np.subtract(p, points[n])) / scale for n, p in found.landmarks.items()])


def test_names_are_those_of_the_back_frame():
    assert LANDMARKS == BACK_LANDMARKS


def test_backs_are_found_where_they_are(detector, pictures):
    errors = []
    for name, (image, label) in pictures.items():
        if not label["back"]:
            continue
        found = detector.detect(image)
        assert found is not None, name
        assert found.landmarks.keys() == found.sigma_px.keys()
        errors.extend(_errors_cm(found, label["landmarks"]))
    assert np.median(errors) < 2.0
    assert np.percentile(errors, 95) < 6.0


def test_stated_sigma_covers_the_error(detector, pictures):
    standard = []
    for image, label in pictures.values():
        found = detector.detect(image) if label["back"] else None
        if found is not None:
            truth = dict(zip(LANDMARKS, label["landmarks"], strict=True))
            for name, p in found.landmarks.items():
                standard.extend(np.abs(np.subtract(p, truth[name])) / found.sigma_px[name])
    assert np.mean(np.array(standard) < 2) > 0.85


def test_nothing_is_reported_where_no_back_is(detector, pictures):
    for name, (image, label) in pictures.items():
        if not label["back"]:
            assert detector.detect(image) is None, name


def test_skin_all_over_the_picture_is_no_back(detector):
    rng = np.random.default_rng(3)
    for rgb in ((205, 150, 120), (90, 60, 45)):
        shade = cv2.resize(rng.normal(0, 8, (6, 8, 1)).astype(np.float32), (320, 240))[..., None]
        image = np.clip(np.array(rgb) + shade + rng.normal(0, 3, (240, 320, 3)), 0, 255).astype(np.uint8)
        assert detector.detect(image) is None


def test_black_and_noise_are_no_back(detector):
    assert detector.detect(np.zeros((240, 320, 3), np.uint8)) is None
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3)).astype(np.uint8)
    assert detector.detect(noise) is None


def test_scale_of_the_picture_does_not_matter(detector, pictures):
    image, _ = pictures["900007_0.jpg"]
    small, large = detector.detect(image), detector.detect(cv2.resize(image, None, fx=2.5, fy=2.5))
    assert small is not None and large is not None
    for name in small.landmarks.keys() & large.landmarks.keys():
        a, b = np.array(small.landmarks[name]), np.array(large.landmarks[name]) / 2.5
        assert np.hypot(*(a - b)) < 3 * small.sigma_px[name]


def test_a_mirrored_recipient_keeps_left_and_right_of_a_back(detector, pictures):
    """A mirror cannot be seen in a picture: what lies on the picture's right stays the recipient's right."""
    image, _ = pictures["900007_0.jpg"]
    found = detector.detect(np.ascontiguousarray(image[:, ::-1]))
    assert found is not None
    assert found.landmarks["right_scapula_spine_root"][0] > found.landmarks["left_scapula_spine_root"][0]


def test_two_recipients_are_noticed(detector, pictures):
    one, other = (cv2.resize(pictures[name][0], (320, 240)) for name in ("900007_0.jpg", "900001_1.jpg"))
    both = detector.detect(np.ascontiguousarray(np.hstack([one, other])), look_for_second=True)
    alone = detector.detect(one, look_for_second=True)
    assert both is not None and both.second_back
    assert alone is not None and not alone.second_back


@pytest.mark.slow
def test_landmarks_on_whole_clips(detector, clips):
    """The clips' views, joined over frames: what `pijat analyze` starts from without a calibration."""
    errors = []
    for folder in sorted(clips.glob("dev_*")):
        truth = json.loads((folder / "truth.json").read_text())
        capture, found = cv2.VideoCapture(str(folder / "clip.mp4")), []
        order = truth["back_landmark_names"]
        for i in range(0, 400, 80):
            capture.set(cv2.CAP_PROP_POS_FRAMES, i)
            found.append(detector.detect(np.ascontiguousarray(capture.read()[1][:, :, ::-1])))
        seen = [f for f in found if f is not None]
        assert seen, folder.name
        where = dict(zip(order, truth["frames"][0]["back"], strict=True))
        errors.extend(_errors_cm(combine(seen), [where[name] for name in LANDMARKS]))
    assert np.median(errors) < 1.5
    assert np.percentile(errors, 90) < 4.0


def test_wrong_shape_is_said_plainly(detector):
    with pytest.raises(PijatError, match="RGB"):
        detector.detect(np.zeros((240, 320), np.uint8))


def test_missing_and_foreign_models_are_said_plainly(tmp_path: Path):
    with pytest.raises(PijatError, match="found no file"):
        BackLandmarkDetector(tmp_path / "none.onnx")
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    with pytest.raises(PijatError, match="could not read"):
        BackLandmarkDetector(tmp_path / "broken.onnx")


def _sound() -> np.ndarray:
    left = [[40, 45], [62, 90], [66, 62], [68, 78]]
    right = [[160, 45], [138, 90], [134, 62], [132, 78]]
    return np.array([[100, 40], [100, 60], [100, 90], [100, 125], *left, *right], float)


def test_plausibility_of_a_back_a_front_and_a_jumble():
    points, sigma = _sound(), np.full(12, 2.0)
    assert plausibility(points, sigma) == 1.0
    turned = points @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    assert plausibility(turned, sigma) == 1.0
    front = points[[0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7]]
    assert plausibility(front, sigma) == 0.0
    jumble = points[[3, 1, 0, 2, 4, 5, 6, 7, 8, 9, 10, 11]]
    assert plausibility(jumble, sigma) < 0.5


def _detection(shift: float = 0.0, drop: tuple[str, ...] = ()) -> BackDetection:
    points = {n: (float(p[0] + shift), float(p[1])) for n, p in zip(LANDMARKS, _sound(), strict=True)}
    kept = {n: p for n, p in points.items() if n not in drop}
    return BackDetection(kept, dict.fromkeys(kept, 3.0), 0.9, (200, 160), missing=drop)


def test_combine_takes_the_middle_and_ignores_an_outlier():
    joined = combine([_detection(d) for d in (-1.0, -0.5, 0.0, 0.5, 60.0)])
    assert joined.landmarks["C7"] == pytest.approx((100.0, 40.0), abs=0.6)
    # what every frame states may be wrong in every frame alike, so joining does not shrink it
    assert joined.sigma_px["C7"] >= 3.0


def test_combine_leaves_out_what_few_frames_show():
    joined = combine([_detection(0.0, ("T12",)), _detection(0.2, ("T12",)), _detection(0.1)])
    assert "T12" in joined.missing
    assert "C7" in joined.landmarks
    with pytest.raises(PijatError):
        combine([])


def _codes(detection, image):
    return [a.code for a in setup_advice(detection, image)]


def _sharp(brightness: float = 130.0) -> np.ndarray:
    """Shapes of many sizes, as a room, hands and cloth have them, and a little noise."""
    rng = np.random.default_rng(1)
    image = np.full((160, 200, 3), float(brightness))
    for _ in range(40):
        centre, radius = rng.uniform(0, 200, 2).astype(int).tolist(), int(rng.integers(4, 30))
        cv2.circle(image, centre, radius, [brightness * float(rng.uniform(0.6, 1.4))] * 3, -1)
    return np.clip(image + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8)


def test_advice_says_what_is_wrong():
    good = _detection()
    assert _codes(good, _sharp()) == []
    assert _codes(None, _sharp()) == ["no_back"]
    assert _codes(None, _sharp(5)) == ["no_back", "too_dark"]
    assert "cut_off" in _codes(_detection(drop=("T12", "left_rib_angle")), _sharp())
    assert "too_dark" in _codes(good, _sharp(15))
    blurred = cv2.GaussianBlur(_sharp(), (0, 0), 4)
    assert "blurred" in _codes(good, blurred)
    far = BackDetection(
        {n: (x / 3, y / 3) for n, (x, y) in good.landmarks.items()}, good.sigma_px, 0.9, (200, 160)
    )
    assert "too_far" in _codes(far, _sharp())
    unsure = BackDetection(good.landmarks, dict.fromkeys(good.landmarks, 20.0), 0.9, (200, 160))
    assert "hidden" in _codes(unsure, _sharp())


def test_sharpness_tells_blur_from_low_contrast():
    image = _sharp().astype(float).mean(2)
    pale = 128 + (image - 128) * 0.3
    assert sharpness(pale) == pytest.approx(sharpness(image), rel=0.1)
    assert sharpness(cv2.GaussianBlur(image, (0, 0), 3)) < 0.7 * sharpness(image)


def test_advice_is_in_both_languages():
    for advice in setup_advice(_detection(drop=("T12",)), _sharp(5)):
        assert advice.text.id and advice.text.en and advice.text.id != advice.text.en
