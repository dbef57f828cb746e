"""A library of real session folders, and a desk over it that is asked over HTTP."""

import shutil
from pathlib import Path

import pytest
from desk_client import Browser

from scripts.common.drawn_folders import write_folder
from trainer.desk.desk import Desk
from trainer.library.store import open_library


@pytest.fixture(scope="session")
def video(tmp_path_factory) -> Path:
    """Three seconds of a square that moves, as the practice page would keep them."""
    import av
    import numpy as np

    path = tmp_path_factory.mktemp("video") / "practice.webm"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(30):
            picture = np.full((120, 160, 3), 90, dtype=np.uint8)
            picture[40:80, 4 * number : 4 * number + 30] = 230
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def drawn_folders(tmp_path_factory, video) -> Path:
    """Three demonstrations: a quarter of an hour, a minute, and one of which the video was kept."""
    top = tmp_path_factory.mktemp("sessions")
    write_folder(top / "bu-siti-1", 900, seed=1, created="2026-11-02T09:40:00+07:00")
    write_folder(top / "bu-siti-2", 60, seed=2, created="2026-11-04T09:40:00+07:00")
    write_folder(top / "pak-budi", 30, seed=3, video=video, created="2026-11-05T09:40:00+07:00")
    return top


@pytest.fixture(scope="session")
def drawn_library(drawn_folders, tmp_path_factory) -> Path:
    """A library of them in the same folder."""
    top = Path(shutil.copytree(drawn_folders, tmp_path_factory.mktemp("drawn") / "library"))
    with open_library(top) as opened:
        opened.folders.add(top)
    return top


@pytest.fixture
def folders(drawn_library, tmp_path) -> Path:
    """A copy of folders and library that a test may change."""
    return Path(shutil.copytree(drawn_library, tmp_path / "library"))


@pytest.fixture
def library(folders):
    """The library of those folders."""
    with open_library(folders) as opened:
        yield opened


@pytest.fixture
def desk(library):
    """A desk on this computer only."""
    return Desk(library, port=8090)


@pytest.fixture
def browser(desk):
    """Somebody who grades."""
    return Browser(desk).sit_down()


@pytest.fixture
def another(desk):
    """Somebody else who grades, in a browser of their own."""
    return Browser(desk).sit_down("F-02", "Bidan Rina")


@pytest.fixture
def session_ids(library):
    """Numbers of the sessions by title."""
    return {record.title: record.id for record in library.sessions.list().items}
