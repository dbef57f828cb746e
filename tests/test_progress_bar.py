"""The one progress bar: what it says on a terminal, and that it is silent anywhere else."""

import io

import pytest

from trainer.progress_bar import BYTES, SECONDS_OF_VIDEO, SESSIONS, VIDEOS, ProgressBar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def stderr_to(monkeypatch, stream):
    """Put a stream in the place of stderr; in the test itself, for pytest puts its own there before each."""
    monkeypatch.setattr("sys.stderr", stream)
    return stream


@pytest.mark.parametrize(
    ("unit", "done", "total", "read"),
    [
        (SECONDS_OF_VIDEO, 7.0, 20.0, "7/20 s"),
        (SECONDS_OF_VIDEO, 7.0, None, " s of video"),
        (BYTES, 2_000_000, 4_000_000, "2.00M/4.00M"),
        (SESSIONS, 3, 8, "3/8"),
        (VIDEOS, 1.5, 4, "1.5/4 videos"),
    ],
)
def test_it_reads_as_its_unit_does(monkeypatch, unit, done, total, read):
    terminal = stderr_to(monkeypatch, Terminal())
    with ProgressBar("title", unit) as bar:
        bar.move(done, total)
    assert "title" in terminal.getvalue()
    assert read in terminal.getvalue()


def test_it_never_goes_back(monkeypatch):
    terminal = stderr_to(monkeypatch, Terminal())
    with ProgressBar("title", SESSIONS) as bar:
        bar.move(5, 8)
        bar.move(3, 8)
        bar.retitle("one failed ")
    assert "one failed" in terminal.getvalue()
    assert "5/8" in terminal.getvalue().rsplit("\r", 1)[-1]


def test_it_is_silent_elsewhere_and_where_nothing_happens(monkeypatch):
    terminal = stderr_to(monkeypatch, Terminal())
    with ProgressBar("title", SESSIONS, show=False) as bar:
        bar.move(5, 8)
    with ProgressBar("title", SESSIONS):
        pass
    assert terminal.getvalue() == ""
    plain = stderr_to(monkeypatch, io.StringIO())
    with ProgressBar("title", SESSIONS) as bar:
        bar.move(5, 8)
    assert plain.getvalue() == ""
