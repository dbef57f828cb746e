"""What the command line does with interruptions, whatever the command."""

import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from trainer import cli
from trainer.errors import PijatError, UsageError
from trainer.language import Text


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


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"LANG": "en_GB.UTF-8"}, "Expected a video, got none: name one."),
        ({"LANG": "C"}, "Expected a video, got none: name one."),
        ({"LANG": "id_ID.UTF-8"}, "Tidak ada video: sebutkan satu."),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "id_ID.UTF-8"}, "Expected a video, got none: name one."),
    ],
)
@pytest.mark.parametrize(("error", "status"), [(PijatError, 1), (UsageError, 2)])
def test_an_expected_fault_is_one_sentence_in_the_language_of_the_terminal(
    error, status, settings, sentence, monkeypatch, capsys
):
    def run(args):
        raise error(Text("Tidak ada video: sebutkan satu.", "Expected a video, got none: name one."))

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cli, "_load", lambda name: command(run))
    assert cli.main(["doctor"]) == status
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"pijat: {sentence}\n")


def test_what_goes_wrong_under_way_is_logged_although_native_libraries_are_silenced(tmp_path):
    script = tmp_path / "fault.py"
    script.write_text(
        "import logging, os, sys\n"
        "from trainer import cli\n"
        "class Fault:\n"
        "    @staticmethod\n"
        "    def configure(parser): pass\n"
        "    EXAMPLE = 'pijat doctor'\n"
        "    @staticmethod\n"
        "    def run(args):\n"
        "        os.write(2, b'native noise')\n"
        "        try:\n"
        "            raise ValueError('the cause')\n"
        "        except ValueError:\n"
        "            logging.getLogger('trainer.desk').exception('a request failed')\n"
        "cli._load = lambda name: Fault\n"
        "sys.exit(cli.main(['doctor']))\n",
        encoding="utf-8",
    )
    said = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True).stderr
    assert "ERROR: a request failed" in said and "ValueError: the cause" in said
    assert "native noise" not in said
