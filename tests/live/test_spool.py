"""The spool: what was seen is on disk within a second, whatever happens to the program."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trainer.analysis.frame_columns import FrameColumns
from trainer.analysis.pipeline import FrameResult, ThumbSighting
from trainer.back.frame import BACK_LANDMARKS
from trainer.errors import PijatError
from trainer.live.spool import RECORD, SessionSpool, find_spools, read_spool, spool_folder
from trainer.perception.observation import HAND_KEYPOINTS, HandObservation, HandPair, Status


def result(index, rng):
    hands, thumbs = {"left": None, "right": None}, {}
    for hand in hands:
        if rng.random() < 0.3:
            continue
        status = Status.DETECTED if rng.random() < 0.7 else Status.TRACKED
        contact = rng.uniform(0, 640, 2)
        points = rng.uniform(0, 640, (len(HAND_KEYPOINTS), 2)).astype(np.float32).astype(float)
        hands[hand] = HandObservation(hand, points, 0.875, status, contact, 2.5)
        mapped = rng.random() < 0.8
        back = tuple(rng.normal(size=2)) if mapped else (np.nan, np.nan)
        thumbs[hand] = ThumbSighting(tuple(contact), back, 0.4 if mapped else np.nan, status)
    back_px = rng.uniform(0, 640, (len(BACK_LANDMARKS), 2)) if rng.random() < 0.8 else None
    return FrameResult(index, index / 30, HandPair(**hands), None, back_px, thumbs)


def results(count=200):
    rng = np.random.default_rng(5)
    return [result(index, rng) for index in range(count)]


def columns_of(sequence):
    columns = FrameColumns()
    for entry in sequence:
        columns.append(entry)
    return columns


def test_what_was_spooled_makes_the_same_tables(tmp_path):
    made = results()
    folder = spool_folder(tmp_path / "session")
    with SessionSpool(folder, {"protocol": "tegalagung-2022"}) as spool:
        for entry in made:
            spool.append(entry)
        spool.note(3.25, "stop", reason="nyeri")
    again = read_spool(folder)
    assert again.start["protocol"] == "tegalagung-2022"
    assert again.notes == ({"time_s": 3.25, "kind": "stop", "reason": "nyeri"},)
    before, after = columns_of(made), columns_of(again.results())
    pd.testing.assert_frame_equal(before.landmarks_frame(), after.landmarks_frame())
    for hand in ("left", "right"):
        for name in ("time_s", "lateral_cm_raw", "lateral_cm", "sigma_cm", "status", "image_x"):
            np.testing.assert_array_equal(getattr(before.track(hand), name), getattr(after.track(hand), name))
    assert find_spools(tmp_path) == [folder]
    spool.discard()
    assert find_spools(tmp_path) == [] and list(tmp_path.iterdir()) == []


def test_record_or_line_cut_off_is_left_out(tmp_path):
    folder = tmp_path / ".s.partial"
    with SessionSpool(folder, {}) as spool:
        for entry in results(10):
            spool.append(entry)
        spool.note(0.1, "stop")
    frames, notes = folder / "frames.bin", folder / "notes.jsonl"
    assert frames.stat().st_size == 10 * RECORD.itemsize
    frames.write_bytes(frames.read_bytes()[:-7])
    notes.write_bytes(notes.read_bytes() + b'{"time_s": 0.2, "ki')
    again = read_spool(folder)
    assert [entry.index for entry in again.results()] == list(range(9))
    assert len(again.notes) == 1


@pytest.mark.slow
def test_killed_session_keeps_all_but_the_last_second(tmp_path):
    """A real process killed by a real SIGKILL while it works at 50 frames a second."""
    folder = tmp_path / ".s.partial"
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "import test_spool as t\n"
        "spool = t.SessionSpool(Path(sys.argv[1]), {})\n"
        "for entry in t.results(1000):\n"
        "    spool.append(entry)\n"
        "    if entry.index % 10 == 0:\n        print(entry.index, flush=True)\n"
        "    time.sleep(0.02)\n"
    )
    command = [sys.executable, "-c", code, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent)
    last = 0
    for line in process.stdout:
        last = int(line)
        if last >= 100:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    kept = [entry.index for entry in read_spool(folder).results()]
    assert kept == list(range(len(kept)))
    assert len(kept) >= last - 50


def test_spool_in_the_way_is_not_overwritten(tmp_path):
    folder = tmp_path / ".s.partial"
    SessionSpool(folder, {}).close()
    with pytest.raises(PijatError, match="recover or remove"):
        SessionSpool(folder, {})


def test_full_disk_keeps_records_in_step(tmp_path, monkeypatch):
    """A disk that takes half of what is written and then no more."""
    folder = tmp_path / ".s.partial"
    spool = SessionSpool(folder, {}, every_s=0.0)
    entries = results(6)
    for entry in entries[:3]:
        spool.append(entry)
    write = os.write

    def half(handle, data):
        if len(data) < RECORD.itemsize:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, bytes(data)[: RECORD.itemsize // 2])

    with monkeypatch.context() as patched:
        patched.setattr("trainer.live.spool.os.write", half)
        with pytest.raises(PijatError, match="disk is full"):
            spool.append(entries[3])
    assert len(read_spool(folder).records) == 3
    for entry in entries[4:]:
        spool.append(entry)  # somebody freed some room
    spool.close()
    assert [entry.index for entry in read_spool(folder).results()] == list(range(6))


@pytest.mark.parametrize("content", [None, "text", '{"spool_version": 99}', "[]"])
def test_what_is_no_spool_gets_one_sentence(tmp_path, content):
    if content is not None:
        (tmp_path / "start.json").write_text(content)
    with pytest.raises(PijatError, match="unfinished session"):
        read_spool(tmp_path)
