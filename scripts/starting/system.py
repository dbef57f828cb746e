"""What the tests need of the system besides Python packages: what is missing, and the one command that brings it."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """One thing that tests need: the Debian package that brings it and what is not tested without it."""

    package: str
    tested: str
    present: Callable[[], bool]


def _library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _program(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


def _postgresql() -> bool:
    return _program("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def _font() -> bool:
    fonts = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts"))
    return any(next(Path(folder).glob("**/*.[to]t[fc]"), None) for folder in fonts)


NEEDS = (
    Need("libegl1", "the hand tracker", lambda: _library("libEGL.so.1")),
    Need("libgles2", "the hand tracker", lambda: _library("libGLESv2.so.2")),
    Need("chromium", "the pages in a browser", lambda: _program("chromium", "google-chrome")),
    Need("postgresql", "the library on PostgreSQL", _postgresql),
    Need("fonts-dejavu-core", "print and writing in pictures", _font),
    Need("git", "the commit in the version", lambda: _program("git")),
)


def missing() -> list[Need]:
    """Return what the tests need and this system lacks. The libraries are of Linux; elsewhere they come with it."""
    linux = sys.platform.startswith("linux")
    return [
        need
        for need in NEEDS
        if (linux or not need.package.startswith(("lib", "fonts"))) and not need.present()
    ]


def command(needs: list[Need]) -> str:
    """Return the one command that brings what is missing."""
    packages = " ".join(need.package for need in needs)
    if sys.platform == "darwin":
        return f"brew install {packages}"
    if sys.platform == "win32":
        return "winget install Google.Chrome Git.Git"
    return f"sudo apt-get install -y {packages}"


def install(needs: list[Need]) -> None:
    """Install what is missing where that needs no question: as root on Debian and its kin."""
    if not needs or not _program("apt-get") or os.geteuid() != 0:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = [need.package for need in needs]
    print(f"Installing {' '.join(packages)} ...", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], env=quiet)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        env=quiet,
        stdout=subprocess.DEVNULL,
    )


def report(needs: list[Need]) -> str:
    """Say what was not tested and the one command that brings it."""
    tested = ", ".join(dict.fromkeys(need.tested for need in needs))
    return f"Not tested here: {tested}. To test that too:\n    {command(needs)}"
