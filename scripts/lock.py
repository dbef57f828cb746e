"""Write the lock: requirements/*.txt, every package that Pijat is tested with, by version and SHA-256.

.venv/bin/python -m scripts.lock              after a change to pyproject.toml: keeps the versions that still fit
.venv/bin/python -m scripts.lock --upgrade    the newest of everything that pyproject.toml allows

Needs a network and the test extra. The files hold for every Python and machine named below; plain pip installs them.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

from scripts.common.arguments import argument_parser

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
COMMAND = "python -m scripts.lock"
UV = "uv==0.13.9"
"""Resolves for all systems at once and writes what pip reads; only this script needs it."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
BUILD = ("hatchling>=1.27", "editables>=0.5")
"""What installs Pijat itself, locked too, so that pip never fetches a build tool without a hash."""


@dataclass(frozen=True)
class Machine:
    """One kind of machine: how Python names it, and which wheels run there."""

    name: str
    sys_platform: str
    machine: str
    platforms: tuple[str, ...]

    def environment(self, python: str) -> dict[str, str]:
        """Return the values of the environment markers of a Python on this machine."""
        return {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": self.sys_platform,
            "platform_machine": self.machine,
            "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[self.sys_platform],
            "os_name": "nt" if self.sys_platform == "win32" else "posix",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }

    def tags(self, python: str) -> set[Tag]:
        """Return the tags of the wheels that a Python takes on this machine."""
        version = tuple(map(int, python.split(".")))
        interpreter = "cp" + python.replace(".", "")
        return {
            *cpython_tags(version, platforms=self.platforms),
            *compatible_tags(version, interpreter, self.platforms),
        }


def _manylinux(machine: str) -> tuple[str, ...]:
    """Return the platform tags of a Linux with glibc 2.28 or newer: Debian 10, Ubuntu 20.04, RHEL 8."""
    names = [f"manylinux_2_{minor}" for minor in range(28, 4, -1)]
    return tuple(f"{name}_{machine}" for name in [*names, "manylinux2014", "manylinux2010", "manylinux1"])


MACHINES = (
    Machine("Linux x86-64, glibc 2.28", "linux", "x86_64", _manylinux("x86_64")),
    Machine("Linux aarch64, glibc 2.28", "linux", "aarch64", _manylinux("aarch64")),
    Machine("Windows x86-64", "win32", "AMD64", ("win_amd64",)),
    Machine("macOS 15, Apple silicon", "darwin", "arm64", tuple(mac_platforms((15, 0), "arm64"))),
)
"""Where Pijat runs. MediaPipe and ONNX Runtime have no wheels for Intel Macs, PyArrow has none for Windows on ARM."""


@dataclass(frozen=True)
class Lock:
    """One file of the lock: which extras it holds, and whose versions it must share."""

    name: str
    extras: tuple[str, ...] = ()
    within: str | None = None
    everywhere: bool = True

    @property
    def path(self) -> Path:
        """The file."""
        return FOLDER / f"{self.name}.txt"


LOCKS = (
    Lock("run"),
    Lock("test", ("test", "plots", "cluster"), within="run"),
    Lock("train", ("train",), within="test"),
    Lock("render", ("render",), within="test", everywhere=False),
)


def declared(lock: Lock, pyproject: Path = ROOT / "pyproject.toml") -> str:
    """Return the SHA-256 of everything that a file of the lock is made from: what is declared, and for which machines.

    Notes
    -----
    It stands in the head of the file; a file whose pyproject.toml has changed since is out of date.
    """
    document = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    project = document["project"]
    outer = next((one for one in LOCKS if one.name == lock.within), None)
    source = {
        "within": declared(outer, pyproject) if outer else None,
        "build": [document["build-system"]["requires"], BUILD],
        "requires-python": project["requires-python"],
        "dependencies": sorted(project["dependencies"]),
        "extras": {name: sorted(project["optional-dependencies"][name]) for name in lock.extras},
        "pythons": PYTHONS,
        "machines": [machine.name for machine in MACHINES],
    }
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode()).hexdigest()


def head(lock: Lock) -> str:
    """Return the lines that a file of the lock begins with; scripts/start.py reads the Pythons from them."""
    extras = f" with {', '.join(lock.extras)}" if lock.extras else ""
    return (
        f"# Every package of Pijat{extras}, as tested. Made by: {COMMAND}\n"
        f"# pythons: {' '.join(PYTHONS)}\n"
        f"# machines: {'; '.join(machine.name for machine in MACHINES)}\n"
        f"# declared: {declared(lock)}\n"
    )


def find_uv(scratch: Path) -> list[str]:
    """Return the command of uv: the one at hand, else one installed into a scratch environment."""
    beside = shutil.which("uv", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    if beside:
        return [beside]
    venv.create(scratch / "uv", with_pip=True)
    python = scratch / "uv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", UV], check=True)
    return [str(python), "-m", "uv"]


def resolve(uv: list[str], lock: Lock, scratch: Path, upgrade: bool) -> Path:
    """Write one file of the lock and return uv's own record of it, which names every wheel."""
    build = scratch / "build.in"
    build.write_text("\n".join(BUILD) + "\n", encoding="utf-8")
    target, record = scratch / f"{lock.name}.txt", scratch / f"pylock.{lock.name}.toml"
    if lock.path.exists() and not upgrade:
        shutil.copy(lock.path, target)
    command = [*uv, "pip", "compile", "--quiet", "--universal", "--python-version", PYTHONS[0], "--no-header"]
    command += ["--no-annotate", "--only-binary", ":all:", str(ROOT / "pyproject.toml"), str(build)]
    for extra in lock.extras:
        command += ["--extra", extra]
    if lock.within:
        command += ["--constraint", str(scratch / f"{lock.within}.txt")]
    subprocess.run([*command, "--generate-hashes", "--output-file", target], check=True)
    subprocess.run(
        [*command, "--constraint", target, "--format", "pylock.toml", "--output-file", record], check=True
    )
    lines = [line for line in target.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    target.write_text(head(lock) + "\n".join(lines) + "\n", encoding="utf-8")
    return record


def lacking(record: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (machine, Python, package) for each locked package that has no wheel for a machine it is locked for."""
    packages = tomllib.loads(record.read_text(encoding="utf-8"))["packages"]
    for machine in MACHINES:
        for python in PYTHONS:
            environment, tags = machine.environment(python), machine.tags(python)
            for package in packages:
                if "marker" in package and not Marker(package["marker"]).evaluate(environment):
                    continue
                names = [unquote(wheel["url"].rsplit("/", 1)[-1]) for wheel in package.get("wheels", [])]
                if not any(parse_wheel_filename(name)[3] & tags for name in names):
                    yield machine.name, python, f"{package['name']} {package['version']}"


def main() -> int:
    """Write the lock, unless a package of it has no wheel somewhere that Pijat is to run."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest version of everything")
    args = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        uv = find_uv(scratch)
        for lock in LOCKS:
            gaps = sorted(set(lacking(resolve(uv, lock, scratch, args.upgrade))))
            for machine, python, package in gaps:
                print(f"{lock.name}: no wheel of {package} for Python {python} on {machine}", file=sys.stderr)
            if gaps and lock.everywhere:
                print(
                    "Not written: allow another version in pyproject.toml, or drop the machine.",
                    file=sys.stderr,
                )
                return 1
        for lock in LOCKS:
            shutil.copy(scratch / f"{lock.name}.txt", lock.path)
            print(f"{lock.path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
