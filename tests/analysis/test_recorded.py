"""The main job on real video files: real decoding, real MediaPipe, the shipped models."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trainer.analysis.recorded import Settings, analyze
from trainer.back.calibration import load_calibration
from trainer.commit import this_commit
from trainer.errors import PijatError, UsageError
from trainer.perception.fetching import ensure_model
from trainer.resources import resource_path
from trainer.session.model import EVENTS_COLUMNS, LANDMARKS_COLUMNS, THUMBS_COLUMNS, Session
from trainer.session.reader import open_session

FILES = {
    "session.json",
    "landmarks.parquet",
    "thumbs.parquet",
    "events.tsv",
    "events.json",
    "revolutions.tsv",
    "score.json",
    "report.html",
}


def video_of(path: Path, images: list[np.ndarray], rate: int = 25) -> Path:
    """Encode pictures as a video."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for image in images:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def whole(sample: Path, sample_calibration: Path, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The bundled sample, analysed."""
    folder = tmp_path_factory.mktemp("sessions") / "sample"
    return analyze(sample, folder, Settings(calibration=load_calibration(sample_calibration)))


@pytest.mark.slow
class TestSample:
    """Against what the renderer knows: `datasets/samples/oxytocin-demo.truth.json`."""

    def test_folder_holds_every_file_of_the_contract(self, whole: Session) -> None:
        assert {path.name for path in whole.path.iterdir()} == FILES
        again = open_session(whole.path)
        assert tuple(again.thumbs.columns) == THUMBS_COLUMNS
        assert tuple(again.landmarks.columns) == LANDMARKS_COLUMNS
        assert tuple(again.events.columns) == EVENTS_COLUMNS
        assert again.meta == whole.meta and again.score == whole.score
        for name in ("thumbs", "landmarks", "events"):
            pd.testing.assert_frame_equal(
                getattr(again, name), getattr(whole, name), check_dtype=False, check_categorical=False
            )
        assert again.meta.complete is True
        assert again.meta.calibration_source == "manual"

    def test_thumbs_lie_where_the_renderer_put_them(self, whole: Session, sample: Path) -> None:
        truth = json.loads(sample.with_suffix(".truth.json").read_text())["frames"]
        errors = []
        for hand in ("left", "right"):
            rows = whole.thumbs[whole.thumbs["hand"] == hand]
            assert len(rows) == len(truth)
            for row, frame in zip(rows.itertuples(), truth, strict=True):
                true = frame["hands"][hand]
                if true["contact"]:
                    errors.append(
                        np.hypot(row.lateral_cm - true["lateral_cm"], row.caudal_cm - true["down_cm"])
                    )
        errors = np.array(errors)
        assert np.isfinite(errors).mean() > 0.95
        assert np.nanmedian(errors) < 0.8
        assert np.nanpercentile(errors, 95) < 2.0

    def test_strokes_are_those_that_were_made(self, whole: Session, sample: Path) -> None:
        segments = json.loads(sample.with_suffix(".truth.json").read_text())["segments"]
        kinds = {"circle": "circular_pressure", "on_spine": "circular_pressure", "pass_down": "downward_pass"}
        found, wanted = 0, 0
        for hand in ("left", "right"):
            events = whole.events[whole.events["hand"] == hand]
            for segment in segments[hand]:
                wanted += 1
                middle = (segment["eff_start_s"] + segment["end_s"]) / 2
                at = events[(events["onset"] <= middle) & (events["onset"] + events["duration"] >= middle)]
                found += bool(len(at)) and at.iloc[0]["trial_type"] == kinds[segment["label"]]
        assert wanted == 22
        assert found >= 20

    def test_the_fault_on_the_spine_is_noticed(self, whole: Session) -> None:
        spine = [item for item in whole.score.items if "spine" in item.id]
        assert spine and spine[0].verdict in ("partly_met", "not_met")

    def test_tables_are_the_same_bytes_again(
        self, short_clip: Path, sample_calibration: Path, tmp_path: Path
    ) -> None:
        settings = Settings(calibration=load_calibration(sample_calibration))
        for name in ("one", "two"):
            analyze(short_clip, tmp_path / name, settings)
        for name in FILES - {"session.json", "report.html"}:
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


class TestBadInput:
    """Each gets one sentence, or a session that says what could not be seen."""

    @pytest.mark.slow
    @pytest.mark.parametrize("colour", [0, 128])
    def test_nobody_in_view_is_not_observed(self, tmp_path: Path, colour: int) -> None:
        video = video_of(tmp_path / "empty.mp4", [np.full((240, 320, 3), colour, np.uint8)] * 10)
        session = analyze(video, tmp_path / "out")
        assert session.meta.calibration_source == "none"
        assert len(session.events) == 0
        assert (session.thumbs["status"] == "missing").all()
        assert {item.verdict for item in session.score.items} == {"not_observed"}
        assert session.score.passed is None

    def test_one_frame(self, short_clip: Path, tmp_path: Path) -> None:
        import av

        with av.open(str(short_clip)) as container:
            image = next(container.decode(video=0)).to_ndarray(format="rgb24")
        session = analyze(video_of(tmp_path / "one.mp4", [image]), tmp_path / "out")
        assert len(session.thumbs) == 2
        assert len(session.events) == 0

    def test_one_frame_a_second(self, tmp_path: Path) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (4, 120, 160, 3), dtype=np.uint8)
        session = analyze(video_of(tmp_path / "slow.mp4", list(noise), rate=1), tmp_path / "out")
        assert session.thumbs["time_s"].max() == pytest.approx(3.0, abs=0.01)

    def test_text_named_video(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.mp4"
        path.write_text("this is no video\n" * 100)
        with pytest.raises(PijatError, match=r"notes\.mp4"):
            analyze(path, tmp_path / "out")
        assert not (tmp_path / "out").exists()

    def test_output_with_other_files_is_left_alone(self, short_clip: Path, tmp_path: Path) -> None:
        keep = tmp_path / "thesis.txt"
        keep.write_text("years of work")
        for overwrite in (False, True):
            with pytest.raises(UsageError, match="--out"):
                analyze(short_clip, tmp_path, Settings(overwrite=overwrite))
        assert keep.read_text() == "years of work"

    def test_output_that_cannot_be_written(self, short_clip: Path) -> None:
        with pytest.raises(UsageError, match="--out"):
            analyze(short_clip, Path("/proc/pijat/session"))

    def test_calibration_of_another_size(
        self, short_clip: Path, sample_calibration: Path, tmp_path: Path
    ) -> None:
        document = json.loads(sample_calibration.read_text())
        document["image_size"] = [1000, 480]
        path = tmp_path / "other.json"
        path.write_text(json.dumps(document))
        with pytest.raises(PijatError, match="image_size"):
            analyze(short_clip, tmp_path / "out", Settings(calibration=load_calibration(path)))

    @pytest.mark.slow
    @pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare (Linux)")
    def test_full_disk_leaves_nothing_half_written(
        self, short_clip: Path, sample_calibration: Path, tmp_path: Path
    ) -> None:
        """On a small file system that only this command sees; Linux lets users have such a view, too."""
        small = tmp_path / "small"
        small.mkdir()
        script = (
            'mount -t tmpfs -o size=48k tmpfs "$1" || exit 77; '
            '"$2" -m trainer analyze "$3" --calibration "$4" --out "$1/out" --json; '
            'echo "status $?, left: $(ls -A "$1")"'
        )
        view = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "-U", "-r", "--mount"]
        words = [small, sys.executable, short_clip, sample_calibration]
        done = subprocess.run(
            [*view, "sh", "-c", script, "sh", *map(str, words)], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip("needs the right to mount a small file system, which this system denies")
        assert done.stdout == "status 1, left: \n"
        assert "disk is full" in done.stderr and done.stderr.count("\n") == 1

    @pytest.mark.slow
    @pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
    def test_ctrl_c_keeps_what_was_analysed(
        self, sample: Path, sample_calibration: Path, tmp_path: Path
    ) -> None:
        import termios

        out = tmp_path / "out"
        command = [sys.executable, "-m", "trainer", "analyze", str(sample), "--out", str(out)]
        terminal, theirs = os.openpty()  # in a terminal it shows how far it is
        termios.tcsetwinsize(terminal, (24, 120))
        process = subprocess.Popen([*command, "--calibration", str(sample_calibration)], stderr=theirs)
        os.close(theirs)
        said, begun = "", False
        with suppress(OSError):  # Linux ends a terminal that nobody writes to any more with an error
            while piece := os.read(terminal, 1000):
                said += piece.decode()
                if not begun and re.search(r"\| [1-9]\d*/39 s", said):
                    begun = True
                    process.send_signal(signal.SIGINT)
        os.close(terminal)
        assert process.wait(timeout=120) == 1
        assert "Traceback" not in said
        *_, bar, last = re.split(r"[\r\n]+", said.strip())
        assert "/39 s" in bar
        assert last.startswith("pijat: Stopped after") and "what was analysed is in" in last
        session = open_session(out)
        assert session.meta.complete is False
        assert 0 < session.meta.video.duration_s < 38


@pytest.mark.slow
def test_the_record_names_the_models_that_were_used(
    short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, strokes = tmp_path / "mine.task", tmp_path / "mine.onnx"
    bundle.write_bytes(ensure_model("hand_landmarker"))
    strokes.write_bytes(resource_path("models/strokes.onnx").read_bytes())
    monkeypatch.setenv("PIJAT_HAND_LANDMARKER", str(bundle))

    def replaced(_done_s: float, _total_s: float | None) -> None:
        with zipfile.ZipFile(bundle, "w") as archive:
            for name in ("hand_detector.tflite", "hand_landmarks_detector.tflite"):
                archive.writestr(name, b"another network")

    used = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (bundle, strokes)}
    session = analyze(short_clip, tmp_path / "out", Settings(stroke_model=strokes), replaced)
    commit = this_commit()
    assert session.meta.software_commit == commit
    models = session.meta.models
    assert models["hand_landmarker.task"] == used[bundle]
    assert models["mine.onnx"] == used[strokes]
    assert set(models) == {"hand_landmarker.task", "back_landmarks.onnx", "contact.onnx", "mine.onnx"}


@pytest.mark.slow
def test_events_table_reads_as_bids(whole: Session) -> None:
    table = pd.read_csv(whole.path / "events.tsv", sep="\t", na_values="n/a")
    assert list(table.columns[:3]) == ["onset", "duration", "trial_type"]
    assert table["onset"].is_monotonic_increasing
    assert set(json.loads((whole.path / "events.json").read_text())) == set(EVENTS_COLUMNS)
