"""What was installed into an environment, and whether that is still what stands there."""

import csv
import hashlib
import json
import os
import subprocess
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

NAME = "pijat-installed.json"
FACTS = "import json, sys, sysconfig; print(json.dumps([sys.version, sysconfig.get_path('purelib')]))"


class State(Enum):
    """What a start has to do to an environment."""

    READY = "nothing to install"
    OLD = "whole, but of another lock, pyproject.toml or folder"
    BROKEN = "absent, half made or damaged: to be made anew"


@dataclass(frozen=True)
class Stamp:
    """What an environment was made from and what it holds; lies in it as `NAME` once everything is installed.

    Attributes
    ----------
    python : str
        ``sys.version`` of its interpreter.
    root : str
        The checkout whose ``pijat`` it runs.
    project : str
        `digest` of pyproject.toml.
    locks : dict of str to str
        `digest` of each file of the lock that it holds.
    distributions : tuple of str
        The names of the ``.dist-info`` folders.
    """

    python: str
    root: str
    project: str
    locks: dict[str, str]
    distributions: tuple[str, ...]


def environment_python(folder: Path) -> Path:
    """Return where the interpreter of a virtual environment lies."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's lines but for remarks, whatever its line ends: Git may have written them anew."""
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if not line.startswith("#")]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def interpreter_facts(folder: Path) -> tuple[str, Path] | None:
    """Return (``sys.version``, site-packages) of an environment's interpreter, or None when it does not run."""
    command = [str(environment_python(folder)), "-c", FACTS]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        version, packages = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return version, Path(packages)


def intact(distribution: Path) -> bool:
    """Say whether every file of an installed distribution is there in the size that its RECORD states."""
    try:
        with (distribution / "RECORD").open(encoding="utf-8", newline="") as record:
            for name, _, size in csv.reader(record):
                if name.endswith(".pyc"):
                    continue
                found = (distribution.parent / name).stat().st_size
                if size and found != int(size):
                    return False
    except (OSError, ValueError):
        return False
    return True


def write_stamp(folder: Path, root: Path, locks: tuple[Path, ...]) -> None:
    """State what an environment now holds; the last step of installing."""
    facts = interpreter_facts(folder)
    if facts is None:
        raise OSError(f"expected an interpreter that runs in {folder}, got none")
    version, packages = facts
    stamp = Stamp(
        python=version,
        root=str(root),
        project=digest(root / "pyproject.toml"),
        locks={lock.name: digest(lock) for lock in locks},
        distributions=tuple(sorted(path.name for path in packages.glob("*.dist-info"))),
    )
    (folder / NAME).write_text(json.dumps(asdict(stamp), indent=1) + "\n", encoding="utf-8")


def read_stamp(folder: Path) -> Stamp | None:
    """Return what an environment says of itself, or None when it says nothing that can be read."""
    try:
        document = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Stamp(**{**document, "distributions": tuple(document["distributions"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def state_of(folder: Path, root: Path, lock: Path) -> State:
    """Say what a start has to do to an environment before a file of the lock is installed in it."""
    stamp, facts = read_stamp(folder), interpreter_facts(folder)
    if stamp is None or facts is None or facts[0] != stamp.python:
        return State.BROKEN
    if not all(intact(facts[1] / name) for name in stamp.distributions):
        return State.BROKEN
    wanted = (str(root), digest(root / "pyproject.toml"), digest(lock))
    return State.READY if wanted == (stamp.root, stamp.project, stamp.locks.get(lock.name)) else State.OLD
