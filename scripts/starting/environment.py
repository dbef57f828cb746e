"""Make the virtual environment that Pijat runs in, from the lock, and leave alone what is already right."""

import os
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.starting.messages import fail, say
from scripts.starting.stamp import NAME, State, digest, environment_python, read_stamp, state_of, write_stamp

NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "ProtocolError",
    "Network is unreachable",
)
"""What pip says of a network that is not there."""


def prepare(folder: Path, root: Path, lock: Path) -> Path:
    """Return the interpreter of an environment that holds exactly a file of the lock, and Pijat itself.

    Parameters
    ----------
    folder, root : Path
        The environment and the checkout.
    lock : Path
        Such as ``requirements/run.txt``.

    Raises
    ------
    SystemExit
        When it could not be made; says why in both languages.
    """
    if state_of(folder, root, lock) is State.READY:
        return environment_python(folder)
    with alone(folder):
        state = state_of(folder, root, lock)  # another start may have just made it
        if state is State.BROKEN:
            create(folder)
        if state is not State.READY:
            install(folder, root, lock)
    return environment_python(folder)


def prepare_newest(folder: Path, root: Path, extras: str) -> Path:
    """Return the interpreter of an environment that holds the newest of everything, whatever the lock says."""
    python = environment_python(folder)
    with alone(folder):
        if not python.exists():
            create(folder)
        announce()
        pip(python, "--upgrade", "--upgrade-strategy", "eager", "--editable", f"{root}{extras}")
    return python


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other start installs into an environment: whoever sees nothing happen clicks twice."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("a+b") as file:
        waited = False
        while not _take(file.fileno()):
            if not waited:
                say(
                    "Pemasangan lain sedang berjalan; menunggu ...",
                    "Another start is installing; waiting ...",
                )
            waited = True
            time.sleep(0.5)
        yield


def _take(descriptor: int) -> bool:
    """Lock an open file for this process, until it is closed; say whether that was possible."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def create(folder: Path) -> None:
    """Make an empty environment, in the place of a broken one."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").exists():
        fail(
            f"{folder} berisi berkas lain, bukan lingkungan Python; pilihlah folder lain dengan --venv.",
            f"{folder} holds other files and is no Python environment; choose another folder with --venv.",
        )
    try:
        venv.create(folder, clear=True, with_pip=True)
    except subprocess.CalledProcessError as error:
        fail(
            f"Lingkungan Python tidak dapat dibuat ({error}). Di Debian/Ubuntu: sudo apt install python3-venv",
            f"Could not make a Python environment ({error}). On Debian/Ubuntu: sudo apt install python3-venv",
        )
    except OSError as error:
        fail(
            f"{folder} tidak dapat dibuat ({error.strerror}). Tutup Pijat yang masih terbuka, lalu mulai lagi.",
            f"Could not make {folder} ({error.strerror}). Close any Pijat that is still open, then start again.",
        )


def install(folder: Path, root: Path, lock: Path) -> None:
    """Install a file of the lock and Pijat itself, and state so in the environment."""
    python, stamp = environment_python(folder), read_stamp(folder)
    (folder / NAME).unlink(missing_ok=True)
    if stamp is None or stamp.locks.get(lock.name) != digest(lock):
        announce()
        pip(python, "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock))
    # Nothing is fetched for this: what builds it is in the lock.
    pip(python, "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(root))
    write_stamp(folder, root, contained(lock))


def contained(lock: Path) -> tuple[Path, ...]:
    """Return the files of the lock that are installed with one: whatever is tested holds what is run."""
    run = lock.with_name("run.txt")
    return (lock,) if lock == run else (run, lock)


def announce() -> None:
    """Say that it may take a while."""
    say(
        "Memasang Pijat; pertama kali mengunduh beberapa ratus megabita ...",
        "Installing Pijat; the first time fetches several hundred megabytes ...",
    )


def pip(python: Path, *arguments: str) -> None:
    """Run ``pip install``, naming each file as it is fetched; end with one sentence when it fails."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_NO_INPUT": "1"}
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
        *arguments,
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    )
    said = []
    with process:
        for line in process.stdout or ():
            said.append(line)
            if line.lstrip().startswith("Downloading "):
                print("  " + line.split("Downloading ", 1)[1].strip().rsplit("/", 1)[-1], flush=True)
    if process.returncode:
        explain("".join(said))


def explain(said: str) -> None:
    """End with a sentence that says why pip failed."""
    if "No space left on device" in said:
        fail(
            "Penyimpanan komputer ini penuh. Kosongkan sekitar 2 GB, lalu mulai lagi.",
            "This computer's disk is full. Free about 2 GB, then start again.",
        )
    if any(sign in said for sign in NO_NETWORK):
        fail(
            "Tidak ada sambungan internet, padahal pemasangan pertama memerlukannya. "
            "Sambungkan internet sekali saja, lalu mulai lagi.",
            "There is no internet connection, and the first installation needs one. "
            "Connect once, then start again.",
        )
    print(said[-4000:], file=sys.stderr)
    fail("Pemasangan gagal; sebabnya ada pada baris di atas.", "Installing failed; the lines above say why.")
