"""The calibration file: what is good is kept, what is bad gets one sentence that names the field."""

import copy
import json

import pytest

from trainer.back.calibration import load_calibration, parse_calibration, save_calibration
from trainer.errors import PijatError


@pytest.fixture
def document(scene):
    return {
        "schema_version": 1,
        "image_size": [640, 480],
        "time_s": 2.5,
        "landmarks": {name: list(place) for name, place in scene.landmarks.items()},
        "source": "manual",
        "scale": {"from": "C7", "to": "T7", "cm": 18.0},
    }


def test_what_is_saved_is_loaded_again(document, tmp_path):
    calibration = parse_calibration(document)
    path = tmp_path / "deep" / "back.json"
    save_calibration(calibration, path)
    assert load_calibration(path).document() == calibration.document() == document
    assert [p.name for p in path.parent.iterdir()] == ["back.json"]


def test_minimal_file(document):
    four = ("C7", "T12", "left_rib_angle", "right_scapula_inferior_angle")
    bare = {
        "schema_version": 1,
        "image_size": [640, 480],
        "landmarks": {name: document["landmarks"][name] for name in four},
    }
    calibration = parse_calibration(bare)
    assert (calibration.time_s, calibration.source, calibration.scale) == (0.0, "manual", None)


def test_it_registers(document):
    registration = parse_calibration(document).register()
    assert registration.size.ratio == pytest.approx(18.0 / 17.5)
    assert registration.suspects == ()


def test_same_shape_is_scaled_another_shape_refused(document):
    calibration = parse_calibration(document)
    double = calibration.for_video((1280, 960))
    assert double.landmarks["C7"] == (640.0, 300.0)
    assert calibration.for_video((640, 480)) is calibration
    with pytest.raises(PijatError, match=r"image_size 1280 x 720.*640 x 480"):
        calibration.for_video((1280, 720))


def _set(path, value):
    def change(document):
        *parents, last = path
        for key in parents:
            document = document[key]
        document[last] = value

    return change


def _keep(*names):
    def change(document):
        document["landmarks"] = {name: document["landmarks"][name] for name in names}

    return change


def _mirror(document):
    document["landmarks"] = {name: [640 - x, y] for name, (x, y) in document["landmarks"].items()}


BAD = {
    "version": (_set(["schema_version"], 2), "schema_version"),
    "no size": (_set(["image_size"], None), "image_size"),
    "size": (_set(["image_size"], [640, -1]), "image_size"),
    "time": (_set(["time_s"], -3), "time_s"),
    "time nan": (_set(["time_s"], float("nan")), "time_s"),
    "source": (_set(["source"], "guess"), "source"),
    "landmarks list": (_set(["landmarks"], [1, 2]), "landmarks"),
    "three": (_keep("C7", "T7", "left_rib_angle"), r"landmarks.*at least 4, got 3"),
    "collinear": (_keep("C7", "T3", "T7", "T12"), "one line"),
    "outside": (_set(["landmarks", "T7"], [700, 200]), r"landmarks\.T7 within the image"),
    "nan": (_set(["landmarks", "T3"], [float("nan"), 2]), r"landmarks\.T3"),
    "text": (_set(["landmarks", "T3"], "here"), r"landmarks\.T3"),
    "bool": (_set(["landmarks", "T3"], [True, False]), r"landmarks\.T3"),
    "unknown name": (_set(["landmarks", "left_hip"], [3, 3]), "left_hip"),
    "mirrored": (_mirror, "left and right"),
    "C7 below T12": (_set(["landmarks", "C7"], [320, 400]), "left and right|below"),
    "T3 below T7": (_set(["landmarks", "T3"], [320, 280]), r"landmarks\.T7 below landmarks\.T3"),
    "scale cm": (_set(["scale", "cm"], -1), r"scale\.cm"),
    "scale inches": (_set(["scale", "cm"], 6.9), r"scale\.cm"),
    "scale names": (_set(["scale", "to"], "hip"), "scale"),
    "scale text": (_set(["scale"], "18 cm"), "scale"),
    "automatic": (_set(["automatic_landmarks"], ["T99"]), "automatic_landmarks"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_one_sentence(document, name):
    change, words = BAD[name]
    broken = copy.deepcopy(document)
    change(broken)
    with pytest.raises(PijatError, match=words) as caught:
        parse_calibration(broken)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSON"),
        (b"back", "JSON"),
        (b"[1]", "object"),
        (b"\xff\xfe\x00", "text file"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_files_that_are_no_calibration(tmp_path, content, words):
    path = tmp_path / "c.json"
    path.write_bytes(content)
    with pytest.raises(PijatError, match=words):
        load_calibration(path)


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(PijatError, match="readable"):
            load_calibration(path)


def test_unwritable_place(document, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PijatError, match="write"):
        save_calibration(parse_calibration(document), tmp_path / "file" / "c.json")
    assert json.dumps(document)
