"""What works on this machine, and what to do about what does not: the checks of ``pijat doctor``."""

import ctypes
import hashlib
import importlib.metadata
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.errors import PijatError

State = Literal["ok", "warning", "failed"]

NEEDED = ("mediapipe", "numpy", "scipy", "av", "onnxruntime", "pandas", "pyarrow", "PyYAML", "Jinja2")
"""Distributions without which nothing runs."""
_OPENCV = (
    "opencv-contrib-python",
    "opencv-python",
    "opencv-contrib-python-headless",
    "opencv-python-headless",
)
_GL_LIBRARIES = ("libEGL.so.1", "libGLESv2.so.2")
_ENOUGH_BYTES = 2_000_000_000
"""An hour of practice at 640 x 480 with its recording takes less."""
_LIVE_HZ = 15.0
_MEASURED_S = 4.0


@dataclass(frozen=True)
class Check:
    """The outcome of one check.

    Attributes
    ----------
    name : str
        What was looked at.
    state : {"ok", "warning", "failed"}
        ``failed`` only for what Pijat cannot do without.
    detail : str
        What was found.
    advice : str
        What to do; empty when nothing needs doing.
    value : float or None
        A measured figure, with its unit in `detail`.
    """

    name: str
    state: State
    detail: str
    advice: str = ""
    value: float | None = None


def check_python() -> Check:
    """Check the version and the word size of this Python."""
    version = platform.python_version()
    bits = 64 if sys.maxsize > 2**32 else 32
    detail = f"{version}, {bits} bit, {platform.platform(terse=True)} {platform.machine()}"
    if sys.version_info < (3, 11) or bits == 32:
        return Check(
            "Python", "failed", detail, "Install a 64-bit Python 3.11 or newer and set Pijat up again."
        )
    return Check("Python", "ok", detail)


def check_packages(version_of: Callable[[str], str] = importlib.metadata.version) -> Check:
    """Check that the distributions in `NEEDED` are installed."""
    found, missing = [], []
    for name in NEEDED:
        try:
            found.append(f"{name} {version_of(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check(
            "packages",
            "failed",
            f"missing: {', '.join(missing)}",
            f"Run: {_python()} -m pip install pijat-trainer",
        )
    return Check("packages", "ok", ", ".join(found))


def check_opencv(version_of: Callable[[str], str] = importlib.metadata.version) -> Check:
    """Check that exactly one OpenCV wheel is installed: two overwrite each other's files."""
    found: dict[str, str] = {}
    for name in _OPENCV:
        try:
            found[name] = version_of(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    detail = ", ".join(f"{name} {version}" for name, version in found.items()) or "not installed"
    again = f"{_python()} -m pip install --force-reinstall --no-deps opencv-contrib-python"
    if not found:
        return Check("OpenCV", "failed", detail, f"Run: {again}")
    if len(found) > 1:
        others = " ".join(found)
        return Check(
            "OpenCV", "warning", f"{detail}: they overwrite each other",
            f"Run: {_python()} -m pip uninstall -y {others}; then: {again}",
        )  # fmt: skip
    return Check("OpenCV", "ok", detail)


def check_gl(load: Callable[[str], object] = ctypes.CDLL, system: str = sys.platform) -> Check:
    """Check the GL libraries that MediaPipe loads on Linux, with or without a graphics card."""
    if not system.startswith("linux"):
        return Check("GL libraries", "ok", "part of the system")
    missing = []
    for name in _GL_LIBRARIES:
        try:
            load(name)
        except OSError:
            missing.append(name)
    if missing:
        return Check(
            "GL libraries", "failed", f"missing: {', '.join(missing)}",
            "Debian, Ubuntu: sudo apt install libegl1 libgles2; Fedora: sudo dnf install libglvnd-{egl,gles}",
        )  # fmt: skip
    return Check("GL libraries", "ok", ", ".join(_GL_LIBRARIES))


def check_models() -> list[Check]:
    """Check the fetched bundle and the networks that ship with Pijat."""
    from trainer.perception.models import find_model, shipped_networks
    from trainer.perception.sources import MODELS

    checks = []
    for name in MODELS:
        title = f"model {name}"
        try:
            data = find_model(name)
        except PijatError as error:
            checks.append(Check(title, "failed", str(error), "Name another file, or unset the variable."))
            continue
        if data is None:
            checks.append(
                Check(
                    title,
                    "failed",
                    "not on this machine yet",
                    "Connect to the internet and run: pijat models fetch",
                )
            )
            continue
        digest = hashlib.sha256(data).hexdigest()
        checks.append(Check(title, "ok", f"{len(data) / 1e6:.1f} MB, SHA-256 {digest[:12]}"))
    try:
        shipped = [(path.name, _opens_with_onnx(path)) for path in shipped_networks()]
    except PijatError as error:
        return [*checks, Check("shipped networks", "failed", str(error), "Install pijat-trainer again.")]
    broken = [f"{name}: {wrong}" for name, wrong in shipped if wrong]
    names = [name for name, _ in shipped]
    advice = "Install pijat-trainer again."
    if broken or "strokes.onnx" not in names:
        detail = "; ".join(broken) or "strokes.onnx is missing"
        checks.append(Check("shipped networks", "failed", detail, advice))
    elif "back_landmarks.onnx" not in names:
        detail = "back_landmarks.onnx is missing: without a calibration file the back is not found"
        checks.append(Check("shipped networks", "warning", detail, advice))
    else:
        checks.append(Check("shipped networks", "ok", ", ".join(names)))
    return checks


def check_cameras(devices: Sequence[Path] | None = None, system: str = sys.platform) -> Check:
    """Look for cameras; opening one for a moment is the only way to know that it answers."""
    if system.startswith("linux"):
        nodes = sorted(Path("/dev").glob("video*")) if devices is None else list(devices)
        if not nodes:
            return Check(
                "camera", "warning", "none found", "Connect one to practise live; recordings work without."
            )
        locked = [node for node in nodes if not os.access(node, os.R_OK | os.W_OK)]
        if len(locked) == len(nodes):
            return Check(
                "camera", "warning", f"{locked[0]} may not be opened by you",
                "Run: sudo usermod -aG video $USER; then log in again.",
            )  # fmt: skip
        candidates = [
            int(n.name.removeprefix("video")) for n in nodes if n.name.removeprefix("video").isdigit()
        ]
    else:
        candidates = list(range(3))
    found = [text for index in candidates if (text := _probe_camera(index)) is not None]
    if not found:
        return Check(
            "camera", "warning", "none gives a picture",
            "Close other programs that use it and allow camera access; recordings work without.",
        )  # fmt: skip
    return Check("camera", "ok", "; ".join(found))


def check_disk(folder: Path) -> Check:
    """Check the room for sessions in `folder` (or the nearest folder above it that exists)."""
    place = folder.resolve()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    detail = f"{free / 1e9:.1f} GB free in {place}"
    if not os.access(place, os.W_OK):
        return Check(
            "disk", "warning", f"{place} may not be written to", "Give another folder with --out.", free / 1e9
        )
    if free < _ENOUGH_BYTES:
        return Check(
            "disk", "warning", detail, "Free some room: an hour of practice takes up to 2 GB.", free / 1e9
        )
    return Check("disk", "ok", detail, value=free / 1e9)


def check_speed(seconds: float = _MEASURED_S) -> Check:
    """Measure how many frames a second are decoded and searched for hands, on the bundled sample.

    Parameters
    ----------
    seconds : float
        Wall-clock time to measure for.
    """
    from trainer.capture.video import open_video
    from trainer.perception.landmarker import HandLandmarker
    from trainer.perception.models import find_model
    from trainer.resources import resource_path

    name = "speed"
    try:
        model = find_model("hand_landmarker")
        if model is None:
            return Check(
                name, "warning", "not measured: the hand model is missing", "Run: pijat models fetch"
            )
        video = open_video(resource_path("datasets/samples/oxytocin-demo.mp4"))
        landmarker = HandLandmarker(model)
    except PijatError as error:
        return Check(
            name, "failed", f"MediaPipe does not start: {error}", "Mend what is named above, then try again."
        )
    frames, found, decoding_s, hands_s = 0, 0, 0.0, 0.0
    with video, landmarker:
        start = last = time.perf_counter()
        for frame in video:
            got = time.perf_counter()
            hands = landmarker.detect(frame.image, frame.time_s)
            done = time.perf_counter()
            if frames or done - start > seconds:  # the first call also loads the networks
                decoding_s += got - last
                hands_s += done - got
            frames += 1
            found += len(hands)
            last = done
            if done - start > seconds:
                break
    timed = max(1, frames - 1)
    rate = timed / max(decoding_s + hands_s, 1e-9)
    detail = (
        f"{rate:.0f} frames/s at {video.width} x {video.height} (decoding {1000 * decoding_s / timed:.1f}, "
        f"hands {1000 * hands_s / timed:.1f} ms a frame; {found / max(1, frames):.1f} hands found in each)"
    )
    if found == 0:
        return Check(name, "failed", "no hand found in the bundled sample", "Run: pijat models check", rate)
    if rate < _LIVE_HZ:
        return Check(
            name, "warning", detail, "Close other programs; live feedback will lag at this rate.", rate
        )
    return Check(name, "ok", detail, value=rate)


def all_checks(folder: Path, *, quick: bool = False) -> list[Check]:
    """Run every check; `quick` leaves out the camera and the measurement of speed."""
    checks = [check_python(), check_packages(), check_opencv(), check_gl()]
    ready = all(check.state != "failed" for check in checks)
    if ready:
        checks += check_models()
    checks.append(check_disk(folder))
    if not quick and ready:
        checks += [check_cameras(), check_speed()]
    return checks


def _opens_with_onnx(path: Path) -> str:
    """Return what ONNX Runtime says against a network, nothing when it opens."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    try:
        onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (RuntimeError, ValueError) as error:
        return str(error).splitlines()[0]
    return ""


def _probe_camera(index: int) -> str | None:
    import cv2

    logging: Any = cv2.utils.logging  # type: ignore[attr-defined, unused-ignore]
    level = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        capture = cv2.VideoCapture(index)
        try:
            if not capture.isOpened():
                return None
            seen, image = capture.read()
            if not seen or image is None:
                return None
            return f"camera {index}: {image.shape[1]} x {image.shape[0]}"
        finally:
            capture.release()
    except cv2.error:
        return None
    finally:
        logging.setLogLevel(level)


def _python() -> str:
    return Path(sys.executable).name or "python"
