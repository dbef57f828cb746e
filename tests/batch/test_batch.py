"""Many videos: bad ones, copies, a killed process, a second run, a cluster; always the real analysis."""

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from trainer.batch.jobs import JobOutcome, find_videos, make_jobs, read_outcome, resume, write_outcome
from trainer.batch.keys import code_key
from trainer.batch.local import run_local
from trainer.batch.work import run_job
from trainer.cli import main
from trainer.errors import UsageError
from trainer.perception.models import built_note, cached_path, find_model


def cut(source: Path, target: Path, seconds: float) -> Path:
    """Write the first seconds of a video, packets as they are."""
    import av

    with av.open(str(source)) as video, av.open(str(target), "w") as output:
        stream = video.streams.video[0]
        copy = output.add_stream_from_template(stream)
        for packet in video.demux(stream):
            if packet.pts is not None and packet.pts * stream.time_base < seconds:
                packet.stream = copy
                output.mux(packet)
    return target


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Three short videos of different content, their calibration beside two of them."""
    folder = tmp_path_factory.mktemp("recordings")
    sample = repository / "datasets" / "samples" / "oxytocin-demo.mp4"
    marks = sample.with_name("oxytocin-demo.calibration.json").read_text()
    for name, seconds in (("satu", 2.0), ("dua", 2.4), ("tiga", 2.8)):
        cut(sample, folder / f"{name}.mp4", seconds)
        (folder / f"{name}.calibration.json").write_text(marks)
    return folder


def test_videos_are_found_in_folders(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("a/x.MP4", "a/b/y.webm", "a/notes.txt"):
        (tmp_path / name).write_bytes(b"")
    assert [p.name for p in find_videos([tmp_path])] == ["y.webm", "x.MP4"]
    assert [p.name for p in find_videos([tmp_path / "a" / "notes.txt"])] == ["notes.txt"]
    with pytest.raises(UsageError, match="found none"):
        find_videos([tmp_path / "gone"])


def test_jobs_are_keyed_by_content_and_settings(tmp_path: Path) -> None:
    for name, content in (("a.mp4", b"1"), ("copy.mp4", b"1"), ("b.mp4", b"2")):
        (tmp_path / name).write_bytes(content)
    videos = find_videos([tmp_path])
    jobs = make_jobs(videos, tmp_path / "out", None, None)
    assert [Path(job.video).name for job in jobs] == ["a.mp4", "b.mp4"], "a copy is the same work"
    other = make_jobs(videos, tmp_path / "out", None, "bulukumba-2023")
    assert {job.key for job in jobs}.isdisjoint({job.key for job in other})
    (tmp_path / "a.calibration.json").write_text("{}")
    assert make_jobs(videos[:1], tmp_path / "out", None, None)[0].key != jobs[0].key


def key_of(video: Path) -> str:
    return make_jobs([video], video.parent / "out", None, None)[0].key


def test_a_key_is_the_same_before_and_after_the_hand_model_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIJAT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("PIJAT_HAND_LANDMARKER", raising=False)
    video = tmp_path / "a.mp4"
    video.write_bytes(b"1")
    before = key_of(video)
    bundle = cached_path("hand_landmarker")
    bundle.parent.mkdir(parents=True)
    bundle.write_bytes(b"as this machine's release of flatbuffers lays it out")
    built_note(bundle).write_text(hashlib.sha256(bundle.read_bytes()).hexdigest())
    assert find_model("hand_landmarker") == bundle.read_bytes()
    assert key_of(video) == before


def test_another_hand_model_is_other_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(b"1")
    keys = [key_of(video)]
    for comment in (b"first", b"second"):
        bundle = tmp_path / f"{comment.decode()}.task"
        with zipfile.ZipFile(bundle, "w") as archive:
            archive.comment = comment
            for name in ("hand_detector.tflite", "hand_landmarks_detector.tflite"):
                archive.writestr(name, b"network")
        monkeypatch.setenv("PIJAT_HAND_LANDMARKER", str(bundle))
        keys.append(key_of(video))
    assert len(set(keys)) == 3


def test_the_code_that_computes_a_session_is_part_of_the_key(tmp_path: Path) -> None:
    def package(name: str, **content: bytes) -> Path:
        for place, text in content.items():
            file = tmp_path / name / place.replace("__", "/")
            file = file.with_suffix(".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
        return tmp_path / name

    first = code_key(package("one", back__a=b"x = 1\n", session__b=b"y = 2\n"))
    assert first == code_key(package("windows", session__b=b"y = 2\r\n", back__a=b"x = 1\r\n"))
    assert first == code_key(package("pages", back__a=b"x = 1\n", session__b=b"y = 2\n", web__c=b"z = 3\n"))
    assert first != code_key(package("other", back__a=b"x = 2\n", session__b=b"y = 2\n"))
    assert first != code_key(package("moved", back__b=b"x = 1\n", session__b=b"y = 2\n"))


def test_a_session_is_found_again_when_its_video_was_renamed_or_copied(tmp_path: Path) -> None:
    videos, out = tmp_path / "videos", tmp_path / "out"
    videos.mkdir()
    (videos / "m.mp4").write_bytes(b"1")
    (job,) = make_jobs(find_videos([videos]), out, None, None)
    assert resume([job]) == ([job], {})
    job.session.mkdir(parents=True)
    (job.session / "session.json").write_text("{}")
    write_outcome(job, JobOutcome(job.video, job.name, job.key, "done"))
    (videos / "a-copy.mp4").write_bytes(b"1")
    for change in (lambda: None, lambda: (videos / "m.mp4").rename(videos / "z.mp4")):
        change()
        again = make_jobs(find_videos([videos]), out, None, None)
        assert [Path(one.video).name for one in again] == ["a-copy.mp4"]
        (named,), done = resume(again)
        assert named.session == job.session and set(done) == {job.key}
    (job.session / "session.json").unlink()
    assert resume(again) == (again, {})


def test_a_machine_with_another_program_does_not_do_the_job(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"1")
    (job,) = make_jobs([tmp_path / "a.mp4"], tmp_path / "out", None, None)
    assert "same version on every machine" not in run_job(job).reason
    outcome = run_job(replace(job, settings="0" * 64))
    assert outcome.status == "failed" and "same version on every machine" in outcome.reason


@pytest.mark.slow
def test_bad_files_fail_alone_with_a_sentence_each(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.mp4").write_text(f"no video {number}")
    jobs = make_jobs(find_videos([tmp_path]), tmp_path / "out", None, None)
    outcomes = list(run_local(jobs, 2))
    assert {outcome.status for outcome in outcomes} == {"failed"}
    assert len({outcome.key for outcome in outcomes}) == 5
    assert all("Expected" in outcome.reason for outcome in outcomes)
    assert read_outcome(jobs[0]).status == "failed"


def test_jobs_below_one_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(tmp_path), "--out", str(tmp_path / "out"), "--jobs", "0"]) == 2
    assert "--jobs 0" in capsys.readouterr().err


@pytest.mark.slow
def test_a_batch_is_whole_and_not_done_twice(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "rusak.mp4"
    bad.write_text("no video")
    out = tmp_path / "out"
    arguments = ["batch", str(recordings), str(bad), "--out", str(out), "--json"]
    assert main(arguments) == 1
    first = json.loads(capsys.readouterr().out)
    assert (first["videos"], first["done"], first["done_before"]) == (4, 3, 0)
    assert [Path(f["video"]).name for f in first["failed"]] == ["rusak.mp4"]
    summary = pd.read_csv(out / "summary.tsv", sep="\t", na_values="n/a")
    assert summary["status"].tolist() == ["done", "done", "done", "failed"]
    assert (summary["frames"].dropna() >= 40).all()
    thumbs = pd.read_parquet(out / "dataset" / "thumbs.parquet")
    assert thumbs["session"].nunique() == 3
    assert len(thumbs) == 2 * summary["frames"].sum()
    before = {path: path.stat().st_mtime_ns for path in out.glob("sessions/*/session.json")}
    tables = {path.name: path.read_bytes() for path in out.glob("dataset/*.parquet")}
    assert main(arguments) == 1
    second = json.loads(capsys.readouterr().out)
    assert (second["done"], second["done_before"]) == (3, 3)
    assert before == {path: path.stat().st_mtime_ns for path in out.glob("sessions/*/session.json")}
    assert tables == {path.name: path.read_bytes() for path in out.glob("dataset/*.parquet")}


def children_of(pid: int) -> list[int]:
    text = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True
    ).stdout
    return [int(line.split()[0]) for line in text.splitlines() if "spawn_main" in line]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_killed_process_costs_its_own_video_and_the_next_run_mends_it(
    recordings: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "trainer.cli", "batch", str(recordings), "--out", str(out), "--jobs", "2",
               "--json"]  # fmt: skip
    batch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    deadline = time.monotonic() + 240  # a loaded machine takes minutes to start the workers
    while not (victims := children_of(batch.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    while not list(out.glob("logs/*.log")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(victims[0], signal.SIGKILL)
    said = json.loads(batch.communicate(timeout=300)[0])
    assert batch.returncode == 1
    assert said["done"] == 2
    assert "signal 9" in said["failed"][0]["reason"]
    again = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert again.returncode == 0
    assert json.loads(again.stdout)["done_before"] == 2


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_cluster_gives_what_one_machine_gives_though_a_worker_dies(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "distributed.cli.dask_"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [
        subprocess.Popen([*dask[:2], "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port),
                          "--no-dashboard"], env=environment, **quiet),
        *(
            subprocess.Popen([*dask[:2], "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1",
                              "--no-dashboard"], env=environment, **quiet)
            for _ in range(2)
        ),
    ]  # fmt: skip
    try:
        out = tmp_path / "cluster"
        command = [sys.executable, "-m", "trainer.cli", "batch", str(recordings), "--out", str(out), "--scheduler",
                   address, "--json"]  # fmt: skip
        batch = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        deadline = time.monotonic() + 240
        while not list(out.glob("jobs/*.json")) and batch.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        processes[1].kill()
        stdout, stderr = batch.communicate(timeout=400)
        assert batch.returncode == 0, stderr
        assert json.loads(stdout)["done"] == 3
    finally:
        for process in processes:
            process.kill()
            process.wait()
    local = tmp_path / "local"
    assert main(["batch", str(recordings), "--out", str(local), "--jobs", "1", "--json"]) == 0
    capsys.readouterr()
    names = {path.name for path in local.glob("dataset/*.parquet")}
    assert {"events.parquet", "thumbs.parquet"} <= names
    for name in names:
        assert (local / "dataset" / name).read_bytes() == (out / "dataset" / name).read_bytes(), name
    assert (local / "summary.tsv").read_bytes() == (out / "summary.tsv").read_bytes()
    assert not re.search("failed", (out / "summary.tsv").read_text())


def test_one_scheduler_does_the_same_video_for_two_folders(tmp_path: Path) -> None:
    import distributed

    from trainer.batch.cluster import run_cluster

    video = tmp_path / "a.mp4"
    video.write_text("no video")
    with distributed.LocalCluster(
        n_workers=1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=None
    ) as cluster:
        running = []
        for out in (tmp_path / "one", tmp_path / "two"):
            (job,) = make_jobs([video], out, None, None)
            # Not exhausted: the first batch still holds its result when the second one asks.
            running.append(run_cluster([job], cluster.scheduler_address))
            assert next(running[-1]).status == "failed"
            assert read_outcome(job) is not None
        for batch in running:
            batch.close()


def test_a_scheduler_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import trainer.batch.cluster as cluster

    (tmp_path / "a.mp4").write_bytes(b"1")
    jobs = make_jobs([tmp_path / "a.mp4"], tmp_path / "out", None, None)
    with pytest.raises(Exception, match=r"scheduler at tcp://127\.0\.0\.1:9"):
        list(cluster.run_cluster(jobs, "tcp://127.0.0.1:9", timeout_s=1.0))
