"""The doctor: it names what is missing and says what to do."""

import importlib.metadata
import json

import pytest

from trainer.cli import main
from trainer.doctor import (
    check_cameras,
    check_disk,
    check_gl,
    check_models,
    check_opencv,
    check_packages,
    check_python,
    check_speed,
)


def versions(**installed):
    def version_of(name):
        try:
            return installed[name.replace("-", "_")]
        except KeyError:
            raise importlib.metadata.PackageNotFoundError(name) from None

    return version_of


def test_this_python_is_good_enough():
    assert check_python().state == "ok"
    assert check_packages().state == "ok"


def test_missing_package_is_named():
    check = check_packages(versions(mediapipe="1.2.2"))
    assert check.state == "failed" and "onnxruntime" in check.detail and "pip install" in check.advice


def test_clashing_opencv_wheels_are_named():
    check = check_opencv(versions(opencv_contrib_python="5.0", opencv_python="4.11"))
    assert check.state == "warning"
    assert "uninstall -y opencv-contrib-python opencv-python" in check.advice
    assert check_opencv(versions(opencv_contrib_python="5.0")).state == "ok"
    assert check_opencv(versions()).state == "failed"


def test_missing_gl_library_gives_the_debian_hint():
    def load(name):
        if "GLES" in name:
            raise OSError(f"{name}: cannot open shared object file")

    check = check_gl(load, "linux")
    assert check.state == "failed" and check.detail == "missing: libGLESv2.so.2"
    assert "apt install libegl1 libgles2" in check.advice
    assert check_gl(load, "darwin").state == "ok"


def test_missing_model_says_how_to_fetch_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PIJAT_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("PIJAT_HAND_LANDMARKER", raising=False)
    check = check_models()[0]
    assert check.state == "failed" and "pijat models fetch" in check.advice
    assert check_speed(0.1).state == "warning"
    monkeypatch.setenv("PIJAT_HAND_LANDMARKER", str(tmp_path / "none.task"))
    assert check_models()[0].state == "failed"


def test_no_camera_is_no_obstacle(tmp_path):
    check = check_cameras([], "linux")
    assert check.state == "warning" and "recordings work without" in check.advice
    node = tmp_path / "video0"
    node.touch()
    assert check_cameras([node], "linux").state in {"ok", "warning"}  # a camera that is none must not end it


def test_disk_is_measured_where_sessions_will_lie(tmp_path):
    check = check_disk(tmp_path / "not" / "yet" / "there")
    assert str(tmp_path) in check.detail and check.value is not None and check.value > 0


def test_command_prints_json_and_fails_when_something_essential_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PIJAT_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("PIJAT_HAND_LANDMARKER", raising=False)
    assert main(["doctor", "--quick", "--json", "--out", str(tmp_path)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["ready"] is False
    assert {"Python", "OpenCV", "GL libraries", "disk"} <= {check["name"] for check in document["checks"]}
    assert main(["doctor", "--quick"]) == 1
    out = capsys.readouterr().out
    assert "-> Connect to the internet and run: pijat models fetch" in out


@pytest.mark.slow
def test_speed_is_measured_on_the_bundled_sample():
    from trainer.perception.fetching import ensure_model

    ensure_model("hand_landmarker")
    check = check_speed(1.0)
    assert check.value is not None and check.value > 1 and "frames/s" in check.detail
