"""Which state of the source this program is: asked of git in a checkout, written down when a package is built.

Nothing of Pijat is imported here: the build hook (hatch_build.py) runs this file by itself.
"""

import json
import re
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

PACKAGED = "_commit.json"
"""Lies in the package where it was built from a checkout; `write_commit` makes it."""
_ARCHIVED = ".git_archival.txt"
"""Git fills it in when it packs an archive, such as the one that GitHub offers for download."""
_PACKAGE = Path(__file__).parent
_GIT_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Commit:
    """A state of the source.

    Attributes
    ----------
    id : str
        Hash of the commit, 40 or 64 hexadecimal digits.
    date : str or None
        When it was committed, ``YYYY-MM-DD``; None where git could not be asked.
    changed : bool or None
        Whether tracked files differed from it; None where git could not be asked.
    """

    id: str
    date: str | None
    changed: bool | None


@cache
def this_commit() -> Commit | None:
    """Return the commit that this program is of; None when it was packed without git, from files that name none."""
    return find_commit(_PACKAGE)


def find_commit(package: Path) -> Commit | None:
    """Return the commit of a package's folder: of the checkout it lies in, else what was written down in it.

    Parameters
    ----------
    package : Path
        The folder ``trainer``.
    """
    top = package.parent
    if (top / ".git").exists():
        return _from_git(top) or _from_git_files(top)
    return _from_package(package / PACKAGED) or _from_archive(top / _ARCHIVED)


def write_commit(package: Path, target: Path) -> bool:
    """Write down the commit of a package's folder for `find_commit` to read; say whether there is one."""
    commit = find_commit(package)
    if commit is not None:
        target.write_text(json.dumps(asdict(commit)) + "\n", encoding="utf-8")
    return commit is not None


def describe(version: str, commit: Commit | None) -> str:
    """Return a version with its commit, in one line.

    Examples
    --------
    >>> describe("0.1.0", Commit("1d5a3f9" + 33 * "0", "2026-11-30", changed=False))
    '0.1.0 (commit 1d5a3f9, 2026-11-30)'
    >>> describe("0.1.0", None)
    '0.1.0 (commit unknown: packed without git)'
    """
    if commit is None:
        return f"{version} (commit unknown: packed without git)"
    parts = [f"commit {commit.id[:7]}", commit.date, "with changes since" if commit.changed else None]
    return f"{version} ({', '.join(part for part in parts if part)})"


def _from_git(top: Path) -> Commit | None:
    said = _git(top, "log", "-1", "--format=%H %cs")
    found = _parse(said or "")
    if found is None:
        return None
    changes = _git(top, "status", "--porcelain", "--untracked-files=no")
    return Commit(*found, None if changes is None else bool(changes.strip()))


def _git(top: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(top), *words],
            capture_output=True,
            text=True,
            timeout=_GIT_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout


def _from_git_files(top: Path) -> Commit | None:
    """Read the hash where git is not installed, or refuses a folder of another user."""
    try:
        folder = top / ".git"
        if folder.is_file():  # a worktree of its own
            folder = top / folder.read_text("utf-8").removeprefix("gitdir:").strip()
        head = (folder / "HEAD").read_text("utf-8").strip()
        name = head.removeprefix("ref:").strip()
        if name == head:
            return _bare(head)
        common = folder / "commondir"
        shared = folder / common.read_text("utf-8").strip() if common.is_file() else folder
        loose = shared / name
        if loose.is_file():
            return _bare(loose.read_text("utf-8").strip())
        packed = (shared / "packed-refs").read_text("utf-8").splitlines()
        return next((_bare(line.split(" ")[0]) for line in packed if line.endswith(f" {name}")), None)
    except (OSError, UnicodeDecodeError):
        return None


def _bare(text: str) -> Commit | None:
    return Commit(text, None, None) if re.fullmatch(r"[0-9a-f]{40,64}", text) else None


def _from_package(path: Path) -> Commit | None:
    try:
        return Commit(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _from_archive(path: Path) -> Commit | None:
    try:
        found = _parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return None if found is None else Commit(*found, changed=None)


def _parse(text: str) -> tuple[str, str] | None:
    found = re.match(r"([0-9a-f]{40,64}) (\d{4}-\d\d-\d\d)\s*$", text)
    return None if found is None else (found[1], found[2])
