"""Files and folders are there whole or not at all."""

import os
import stat
import sys
import threading

import pytest

from trainer import files
from trainer.files import atomic_file, atomic_folder, write_atomically


class BrokenOffError(Exception):
    """Whatever goes wrong while somebody writes."""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("content", "read"), [("kué\n", "kué\n".encode()), (b"\x00\xff", b"\x00\xff")])
def test_a_file_is_written_over_an_older_one(tmp_path, content, read):
    path = tmp_path / "one.txt"
    path.write_text("older")
    write_atomically(path, content)
    assert path.read_bytes() == read
    assert names(tmp_path) == ["one.txt"]


def test_nobody_sees_a_part(tmp_path):
    path = tmp_path / "one.bin"
    with atomic_file(path) as file:
        file.write(b"a" * 100_000)
        file.flush()
        assert not path.exists()
    assert path.stat().st_size == 100_000


def test_what_breaks_off_leaves_the_older_file_and_nothing_else(tmp_path):
    path = tmp_path / "one.bin"
    path.write_bytes(b"older")
    with pytest.raises(BrokenOffError), atomic_file(path) as file:
        file.write(b"half")
        raise BrokenOffError
    assert path.read_bytes() == b"older"
    assert names(tmp_path) == ["one.bin"]


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(tmp_path / "one.bin", b"data")
    assert names(tmp_path) == []


def test_the_file_can_be_sought_in(tmp_path):
    with atomic_file(tmp_path / "one.bin") as file:
        file.write(b"abcd")
        file.seek(1)
        assert file.read(1) == b"b"
        file.seek(0)
        file.write(b"A")
    assert (tmp_path / "one.bin").read_bytes() == b"Abcd"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_a_private_file_is_hidden_from_others(tmp_path):
    before = os.umask(0o022)
    try:
        write_atomically(tmp_path / "open.txt", "x")
        with atomic_file(tmp_path / "private.txt", private=True):
            pass
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"open.txt": 0o644, "private.txt": 0o600}


def test_many_write_the_same_file_at_once(tmp_path):
    path = tmp_path / "one.bin"
    threads = [threading.Thread(target=write_atomically, args=(path, bytes([n]) * 50_000)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    content = path.read_bytes()
    assert len(content) == 50_000
    assert len(set(content)) == 1
    assert names(tmp_path) == ["one.bin"]


def test_a_name_as_long_as_the_file_system_allows(tmp_path):
    write_atomically(tmp_path / ("n" * 255), b"x")
    assert names(tmp_path) == ["n" * 255]


def test_a_folder_takes_an_empty_ones_place(tmp_path):
    place = tmp_path / "session"
    place.mkdir()
    with atomic_folder(place) as folder:
        (folder / "a").write_text("1")
        assert names(place) == []
    assert names(place) == ["a"]
    assert names(tmp_path) == ["session"]


def test_a_folder_replaces_an_older_one_only_when_told(tmp_path):
    place = tmp_path / "session"
    place.mkdir()
    (place / "older").write_text("1")
    with pytest.raises(OSError, match="not empty"), atomic_folder(place) as folder:
        (folder / "a").write_text("1")
    assert names(place) == ["older"]
    with atomic_folder(place, replace=True) as folder:
        (folder / "a").write_text((place / "older").read_text())
    assert names(place) == ["a"]
    assert names(tmp_path) == ["session"]


def test_a_folder_that_breaks_off_leaves_what_was_there(tmp_path):
    place = tmp_path / "session"
    place.mkdir()
    (place / "older").write_text("1")
    with pytest.raises(BrokenOffError), atomic_folder(place, replace=True) as folder:
        (folder / "a").write_text("1")
        raise BrokenOffError
    assert names(place) == ["older"]
    assert names(tmp_path) == ["session"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_a_private_folder_is_hidden_from_others(tmp_path):
    with atomic_folder(tmp_path / "open"), atomic_folder(tmp_path / "private", private=True):
        pass
    assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o700
