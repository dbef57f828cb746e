"""What the command line does with interruptions, whatever the command."""

import os
import signal
from types import SimpleNamespace

import pytest

from trainer import cli
from trainer.errors import PijatError


def command(run):
    return SimpleNamespace(EXAMPLE="pijat doctor", configure=lambda parser: None, run=run)


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_ctrl_c_is_one_sentence_even_where_a_native_library_turns_it_into_an_import_error(
    monkeypatch, capsys
):
    def run(args):
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            # As NumPy and OpenCV do when the signal comes while they are being imported.
            raise ImportError("PyCapsule_Import could not import module") from None

    monkeypatch.setattr(cli, "_load", lambda name: command(run))
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().err == "pijat: stopped.\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_broken_installation_is_not_called_an_interruption(monkeypatch):
    def run(args):
        raise ImportError("no module named numpy")

    monkeypatch.setattr(cli, "_load", lambda name: command(run))
    with pytest.raises(ImportError, match="numpy"):
        cli.main(["doctor"])


def test_an_expected_fault_is_one_sentence(monkeypatch, capsys):
    def run(args):
        raise PijatError("Expected a video, got none: name one.")

    monkeypatch.setattr(cli, "_load", lambda name: command(run))
    assert cli.main(["doctor"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "pijat: Expected a video, got none: name one.\n")
