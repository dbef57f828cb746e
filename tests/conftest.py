"""Fixtures that every part shares."""

import re
import shutil
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let CI refuse a test that is skipped, for whatever reason."""
    parser.addoption("--no-skips", action="store_true", help="a test that is skipped has failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With --no-skips, fail what was skipped, but for want of a right that nothing installed here could bring."""
    return not_skipped(item.config, (yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """With --no-skips, fail a whole module that was skipped."""
    return not_skipped(collector.config, (yield))


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def not_skipped(config: pytest.Config, report: Report) -> Report:
    """Turn a skip into a failure that says why it was skipped, where none is allowed."""
    if config.getoption("no_skips") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if "needs the right" in reason:
            # No package brings what a container's owner denies.
            return report
        report.outcome, report.longrepr = "failed", f"{reason}; --no-skips allows none"
    return report


def pytest_configure(config: pytest.Config) -> None:
    """Make every warning about our own code an error, deprecations above all, and let Ctrl-C mean what it means."""
    ours = {"trainer", "scripts", "tests", *(path.stem for path in REPOSITORY.glob("tests/**/*.py"))}
    config.addinivalue_line("filterwarnings", f"error:::({'|'.join(sorted(ours))})\\b")
    # How long an example takes says how busy the machine is.
    hypothesis.settings.register_profile("pijat", deadline=None)
    hypothesis.settings.load_profile("pijat")
    # A shell starts its background jobs with the signal ignored, and they hand that down.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs the train extra (gigabytes) unless it is asked for: ``pytest -m train``."""
    if re.search(r"\btrain\b", config.option.markexpr or ""):
        return
    left_out = [item for item in items if item.get_closest_marker("train") is not None]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item.get_closest_marker("train") is None]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def clips(repository: Path) -> Path:
    """Six rendered clips, each a folder with ``clip.mp4`` and ``truth.json``; see the README there."""
    return repository / "tests" / "data" / "clips"


@pytest.fixture(scope="session")
def sample(repository: Path) -> Path:
    """The bundled rendered demonstration; its calibration and truth lie beside it."""
    return repository / "datasets" / "samples" / "oxytocin-demo.mp4"


@pytest.fixture(scope="session")
def sample_calibration(sample: Path) -> Path:
    """The landmarks of the back on the sample's first frame."""
    return sample.with_suffix(".calibration.json")


@pytest.fixture(scope="session")
def short_clip(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first three seconds of the sample, as a video of their own."""
    return cut(sample, tmp_path_factory.mktemp("clips") / "short.mp4", 3.0)


@pytest.fixture(scope="session")
def round_clip(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first sixteen seconds of the sample, a whole round, as a video of their own."""
    return cut(sample, tmp_path_factory.mktemp("clips") / "round.mp4", 16.0)


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """Where Chromium lies; the tests in a browser skip without it."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("needs Chromium (Debian: apt install chromium), found none")
    return program


@pytest.fixture(scope="module")
def chromium(chromium_program: str) -> Iterator[object]:
    """A real Chromium."""
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium_program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def scene() -> SimpleNamespace:
    """The drawn scene of `drawn_back`: its landmarks, `draw_scene` and `hand_at`."""
    from drawn_back import LANDMARKS, draw_scene, hand_at

    return SimpleNamespace(landmarks=LANDMARKS, draw=draw_scene, hand_at=hand_at, size=(640, 480))


@pytest.fixture(scope="session")
def draw_markers() -> object:
    """Draw printed markers on a curved back; see `marked_back.draw_markers`."""
    from marked_back import draw_markers

    return draw_markers


def cut(source: Path, target: Path, seconds: float) -> Path:
    """Encode the start of a video anew."""
    import av

    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        stream = new.add_stream("libx264", rate=25, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for frame in old.decode(video=0):
            if frame.time is not None and frame.time >= seconds:
                break
            picture = av.VideoFrame.from_ndarray(frame.to_ndarray(format="rgb24"), format="rgb24")
            new.mux(stream.encode(picture))
        new.mux(stream.encode(None))
    return target
