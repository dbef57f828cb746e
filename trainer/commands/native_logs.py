"""Keeps what MediaPipe's native code writes to the terminal away from the person, who cannot act on it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_native_logs() -> Iterator[None]:
    """Send the process's file descriptor 2 to nowhere; Python's own ``sys.stderr`` goes on reaching the terminal.

    TensorFlow Lite and Abseil write there before any of their own log levels can be set, dozens of lines a run.
    """
    try:
        terminal = os.dup(2)
    except OSError:  # no stderr at all, as under pythonw
        yield
        return
    python_stderr = sys.stderr
    redirected = python_stderr is not None and _writes_to(python_stderr, 2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if redirected:
        python_stderr.flush()
        sys.stderr = os.fdopen(
            os.dup(terminal), "w", buffering=1, encoding=python_stderr.encoding, errors="replace"
        )
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
        if redirected:
            sys.stderr.close()
            sys.stderr = python_stderr


def _writes_to(stream: object, descriptor: int) -> bool:
    try:
        return stream.fileno() == descriptor  # type: ignore[attr-defined, no-any-return]
    except (AttributeError, OSError, ValueError):
        return False
