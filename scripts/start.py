r"""Set Pijat up and run it: finds a Python that Pijat has packages for, and goes on with that one (scripts/starting).

python3 scripts/start.py            install, then open the trainer (with --demo: no camera needed)
python3 scripts/start.py --test     install what the tests need, then run them

On Windows: py scripts\start.py. This file alone keeps to the words of Python 3.6, so that an old one can say which is
wanted.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MACHINES = {"linux": ("x86_64", "aarch64"), "win32": ("amd64",), "darwin": ("arm64",)}
"""What packages exist for, as scripts/lock.py has checked."""
MACOS = 15
PROBE = """
import json, platform, sys, sysconfig
try:
    import ensurepip, venv
    makes_environments = True
except ImportError:
    makes_environments = False
windows = sys.platform == "win32"
print(json.dumps({
    "version": list(sys.version_info[:2]),
    "machine": sysconfig.get_platform()[4:] if windows else platform.machine(),
    "cpython": platform.python_implementation() == "CPython",
    "wide": sys.maxsize > 2 ** 32,
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "makes_environments": makes_environments,
}))
"""


def locked_pythons(lock: "Path" = ROOT / "requirements" / "run.txt") -> "list[tuple[int, ...]]":
    """Return the Pythons that the lock holds packages for, oldest first, as (major, minor)."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.startswith("# pythons: "):
            return [tuple(int(part) for part in name.split(".")) for name in line.split()[2:]]
    raise ValueError(f"expected a line '# pythons: ...' in {lock}, got none")


def probe(python: "str") -> "dict[str, object] | None":
    """Return what a Python says of itself, or None when it is none that runs."""
    try:
        answer = subprocess.run(
            [python, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60
        )
        facts: dict[str, object] = json.loads(answer.stdout.decode("utf-8"))
        return facts if answer.returncode == 0 else None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def fits(facts: "dict[str, object]", pythons: "list[tuple[int, ...]]") -> "bool":
    """Say whether packages exist for a Python, as `probe` describes it."""
    return (
        facts["version"] in [list(python) for python in pythons]
        and runs_here(facts)
        and bool(facts["cpython"] and facts["wide"] and not facts["free_threaded"])
    )


def runs_here(facts: "dict[str, object]") -> "bool":
    """Say whether packages exist for the machine that a Python is made for."""
    return str(facts["machine"]).lower() in MACHINES.get(sys.platform, ())


def launcher_pythons() -> "list[str]":
    """Return the Pythons that the Windows launcher knows (``py -0p``), the newest first."""
    if sys.platform != "win32" or not shutil.which("py"):
        return []
    answer = subprocess.run(["py", "-0p"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return re.findall(r"[A-Za-z]:\\.*?\.exe", answer.stdout.decode("utf-8", "replace"))


def candidates(pythons: "list[tuple[int, ...]]") -> "list[str]":
    """Return the Pythons of this machine: the one that runs this, then the newest first, wherever they are usual."""
    home = Path.home()
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    folders += ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", str(home / ".local" / "bin")]
    found: list[str | None] = [sys.executable, *launcher_pythons()]
    for major, minor in reversed(pythons):
        name = f"{major}.{minor}"
        more = [f"/Library/Frameworks/Python.framework/Versions/{name}/bin"]
        more += map(str, sorted((home / ".pyenv" / "versions").glob(f"{name}.*/bin")))
        found += [shutil.which("python" + name, path=folder) for folder in folders + more]
        if "LOCALAPPDATA" in os.environ:
            programs = Path(os.environ["LOCALAPPDATA"], "Programs", "Python")
            found.append(str(programs / f"Python{major}{minor}" / "python.exe"))
    found += [shutil.which("python3"), shutil.which("python")]
    return [python for python in dict.fromkeys(found) if python and Path(python).exists()]


def find_python(pythons: "list[tuple[int, ...]]") -> "tuple[str | None, str | None]":
    """Return a Python that fits or None, and one that would fit if it could make environments or None."""
    bare = None
    for python in candidates(pythons):
        facts = probe(python)
        if facts and fits(facts, pythons):
            if facts["makes_environments"]:
                return python, None
            bare = bare or python
    return None, bare


def advice(pythons: "list[tuple[int, ...]]", bare: "str | None" = None) -> "str":
    """Say in both languages what to install, when no Python fits."""
    oldest, newest = ("{}.{}".format(*version) for version in (pythons[0], pythons[-1]))
    if bare:
        return (
            "Python di komputer ini belum lengkap. Jalankan: sudo apt install python3-venv\n"
            "The Python of this computer is not whole. Run: sudo apt install python3-venv"
        )
    here = probe(sys.executable)
    if here and not runs_here(here):
        known = "Windows (x86-64), Linux (x86-64, aarch64), macOS (Apple silicon)"
        machine = f"{sys.platform} {here['machine']}"
        return (
            f"Pijat tidak dapat berjalan dengan Python untuk {machine}; yang bisa: {known}.\n"
            f"Pijat cannot run with a Python for {machine}; it runs on: {known}."
        )
    if sys.platform == "win32":
        how = f"py install {newest}  (https://www.python.org/downloads/)"
    elif sys.platform == "darwin":
        how = "https://www.python.org/downloads/"
    elif sys.version_info[:2] < pythons[0]:
        how = "sudo apt install python3 python3-venv  (Debian 12+, Ubuntu 24.04+)"
    else:
        how = f"uv python install {newest}  (https://docs.astral.sh/uv/)"
    got = sys.version.split()[0]
    return (
        f"Pijat memerlukan Python {oldest} sampai {newest} (64-bit), yang ada: {got}. "
        f"Pasanglah Python {newest}, lalu mulai lagi: {how}\n"
        f"Pijat needs Python {oldest} to {newest} (64-bit), got {got}. "
        f"Install Python {newest}, then start again: {how}"
    )


def main() -> "int":
    """Go on in ``scripts.starting`` with a Python that fits, or say which to install."""
    system = platform.mac_ver()[0]
    if system and int(system.split(".")[0]) < MACOS:
        sys.exit(
            f"Pijat memerlukan macOS {MACOS} atau lebih baru, yang ada: {system}.\n"
            f"Pijat needs macOS {MACOS} or newer, got {system}."
        )
    pythons = locked_pythons()
    python, bare = find_python(pythons)
    if python is None:
        sys.exit(advice(pythons, bare))
    command = [python, "-m", "scripts.starting", *sys.argv[1:]]
    os.chdir(str(ROOT))
    if sys.platform == "win32":  # exec there gives the prompt back at once
        process = subprocess.Popen(command)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # the trainer was told too, and ends by itself
    os.execv(python, command)


if __name__ == "__main__":
    raise SystemExit(main())
