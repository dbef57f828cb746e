"""The ``pijat`` command: one subcommand per module of `trainer.commands`, each loaded only when asked for."""

import argparse
import importlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from types import FrameType
from typing import Any, NoReturn, Protocol, cast

from trainer import __version__
from trainer.commands.native_logs import quiet_native_logs
from trainer.errors import PijatError
from trainer.language import system_language


class Command(Protocol):
    """What a module of `trainer.commands` offers."""

    EXAMPLE: str
    """A command line that works, shown at the end of its help."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, args: argparse.Namespace) -> int | None:
        """Do the work; return the exit status, None for 0."""


COMMANDS: dict[str, str] = {
    "practice": "practise in front of a camera, with a trainer that watches",
    "analyze": "score a recorded massage and write its session folder",
    "calibrate": "mark the landmarks of the back on a frame of a video",
    "strokes": "recognise strokes in a thumb trajectory (CSV)",
    "protocol": "list, show or check protocols",
    "report": "write a session's report again",
    "handout": "write a blank daftar tilik, feedback or a group's report, for paper",
    "evaluate": "compare a session with ground truth or a human timeline",
    "export": "write sessions in the formats of other tools",
    "import": "read a person's annotation as a timeline beside the predicted one",
    "agree": "say how far annotators, or the program and a person, agree",
    "consent": "note, show or take back the consent to train Pijat with a session's pictures",
    "collect": "collect pictures of own sessions for training, of those whose people agreed",
    "train": "teach the stroke recogniser your own labelled sessions",
    "desk": "grade demonstrations and follow a cohort, in the browser",
    "library": "import and check the sessions of a library, back it up, delete or export a person",
    "batch": "analyse many videos into one data set, on all cores or on a cluster",
    "models": "fetch, list or check the model files",
    "doctor": "say what works on this machine and what to do about what does not",
}
"""Every subcommand and what it does, in the order of the help."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one sentence, as every other error is said."""

    def error(self, message: str) -> NoReturn:
        """Leave with status 2."""
        self.exit(2, f"pijat: {message}; see `{self.prog} --help`.\n")


class _Version(argparse.Action):
    """Asks for the commit only when the version is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it and leave with status 0."""
        from trainer.commit import describe, this_commit

        sys.stdout.write(f"pijat {describe(__version__, this_commit())}\n")
        parser.exit()


def _build_parser(chosen: str | None) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="pijat",
        description="Watches an oxytocin massage through a camera, scores it and writes a stroke timeline.",
        epilog="example: pijat analyze massage.mp4 --out my-session",
    )
    parser.add_argument(
        "--version", action=_Version, help="say which Pijat this is, its commit too, and leave"
    )
    parser.add_argument("--verbose", action="store_true", help="log what happens, for a report of a fault")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == chosen:
            command = _load(name)
            command.configure(subparser)
            subparser.epilog = f"example: {command.EXAMPLE}"
    return parser


def _load(name: str) -> Command:
    # "import" is a word of Python and can name no module.
    module = {"import": "import_timeline"}.get(name, name)
    return cast(Command, importlib.import_module(f"trainer.commands.{module}"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``pijat``; return the exit status: 0, 1 (the work failed) or 2 (bad usage)."""
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in words if word in COMMANDS), None)
    parser = _build_parser(chosen)
    args = parser.parse_args(words)
    if args.command is None:
        parser.print_help()
        return 2
    logging.basicConfig(
        level=logging.INFO if args.verbose else logging.WARNING,
        format="%(levelname)s: %(message)s",
        handlers=[_ToStandardError()],
    )
    interrupted = _Interrupted()
    try:
        with interrupted, nullcontext() if args.verbose else quiet_native_logs():
            return _load(args.command).run(args) or 0
    except PijatError as error:
        sys.stderr.write(f"pijat: {error.text.say(system_language(os.environ))}\n")
        return error.exit_status
    except KeyboardInterrupt:
        return _stopped()
    except (ImportError, SystemError):
        if interrupted.told:
            return _stopped()
        raise
    except BrokenPipeError:
        return 1


class _ToStandardError(logging.StreamHandler[Any]):
    """Writes to what ``sys.stderr`` is when something is logged: `quiet_native_logs` changes it under way."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        self.stream = sys.stderr
        super().emit(record)


def _stopped() -> int:
    sys.stderr.write("pijat: stopped.\n")
    return 1


class _Interrupted:
    """Remembers that Ctrl-C was pressed: inside the import of a native library it comes out as an ImportError."""

    def __init__(self) -> None:
        self.told = False
        self._before: Any = None

    def __enter__(self) -> None:
        # An ignored SIGINT (a job in the background of a shell) stays ignored; other threads may set no handler.
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            return
        with suppress(ValueError):
            self._before = signal.signal(signal.SIGINT, self._handle)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.told = True
        signal.default_int_handler(number, frame)


if __name__ == "__main__":
    raise SystemExit(main())
