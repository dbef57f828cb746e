"""Files and folders that are there whole or not at all, however the writing ends."""

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_NAME_KEPT = 100
"""Characters of a file's name that its temporary file takes over; file systems allow 255 bytes."""


@contextlib.contextmanager
def atomic_file(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a new file that takes its place only once all of it is on the disk.

    It is written beside its place under another name. Whoever reads meanwhile sees the older file or none; when the
    writing fails, that is what stays and nothing else.

    Parameters
    ----------
    path : Path
        The place; its folder must be there. What lies there is replaced.
    private : bool
        Whether only the owner may read it.

    Yields
    ------
    file object
        Binary, to write, read and seek in.

    Raises
    ------
    OSError
        When the disk is full or the place cannot be written to.
    """
    temporary = path.with_name(f".{path.name[:_NAME_KEPT]}.{secrets.token_hex(4)}.part")
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o600 if private else 0o666), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_atomically(path: Path, content: bytes | str) -> None:
    """Write a file, text as UTF-8; see `atomic_file`.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as name:
    ...     write_atomically(Path(name) / "note.txt", "pijat")
    ...     [path.name for path in Path(name).iterdir()]
    ['note.txt']
    """
    with atomic_file(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextlib.contextmanager
def atomic_folder(folder: Path, *, private: bool = False, replace: bool = False) -> Iterator[Path]:
    """Make a folder that takes its place only once all of it is written.

    Parameters
    ----------
    folder : Path
        The place; its parent must be there.
    private : bool
        Whether only the owner may look into it.
    replace : bool
        Whether a folder with something in it may lie there; without it, only an empty one.

    Yields
    ------
    Path
        The folder to fill, beside its place.

    Raises
    ------
    OSError
        When it cannot be written, or something lies there that is not to be replaced. What lay there stays.
    """
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        if not private:
            temporary.chmod(0o755)
        yield temporary
        _move_into_place(temporary, folder, replace=replace)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _move_into_place(temporary: Path, folder: Path, *, replace: bool) -> None:
    if not folder.exists():
        temporary.rename(folder)
        return
    if not replace or not any(folder.iterdir()):
        folder.rmdir()
        temporary.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    set_aside = old / folder.name
    folder.rename(set_aside)
    try:
        temporary.rename(folder)
    except OSError:
        set_aside.rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
