"""Measure what installing and starting Pijat takes: megabytes, and seconds until the page can be opened.

    python -m scripts.benchmark_start
    python -m scripts.benchmark_start --no-cache

Starts a clone of this checkout (the last commit) the way the README says, `scripts/start.py`: the first time, again,
again without a network (Linux: in a network namespace of its own), and in the end with a broken environment. Needs a
network or pip's cache for the first one; --no-cache has pip fetch every file.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from scripts.common.arguments import argument_parser

ROOT = Path(__file__).resolve().parent.parent
ALONE = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 1))
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Run in a network namespace of its own: raises the loopback interface, where the page is served, and goes on."""


def without_network() -> list[str]:
    """Return what to put before a command so that it reaches nothing but its own machine."""
    for unshare in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        command = [*unshare, sys.executable, "-c", ALONE]
        try:
            subprocess.run([*command, "/bin/true"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return command
    sys.exit("Expected a Linux that lets a program have no network (unshare -n), got none.")


def seconds_until_open(
    checkout: Path, environment: Mapping[str, str], before: list[str]
) -> tuple[float, bool]:
    """Start Pijat, wait for the address of its page, end it; return the seconds and whether it installed anything."""
    words = ["--demo", "--no-browser", "--sessions", str(checkout.parent / "sessions")]
    command = [*before, sys.executable, str(checkout / "scripts" / "start.py"), *words]
    begun, said = time.perf_counter(), ""
    with subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            said += line
            if re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        took = time.perf_counter() - begun
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    if "http://" not in said:
        sys.exit(f"Expected a start, got: {said}")
    return took, "Installing Pijat" in said


def megabytes(folder: Path) -> float:
    """Return what the files of a folder come to."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


def main() -> int:
    """Clone, start four times, print a table."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--no-cache", action="store_true", help="let pip fetch every file anew")
    args = parser.parse_args()
    ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    if args.no_cache:
        environment["PIP_NO_CACHE_DIR"] = "1"
    offline = without_network()
    with tempfile.TemporaryDirectory(prefix="pijat-start-", ignore_cleanup_errors=True) as name:
        checkout = Path(name) / "pijat"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(checkout)], check=True)
        rows = [("first start", *seconds_until_open(checkout, environment, []))]
        size = megabytes(checkout / ".venv")
        rows.append(("second start", *seconds_until_open(checkout, environment, [])))
        rows.append(("again, without a network", *seconds_until_open(checkout, environment, offline)))
        (checkout / ".venv" / "pijat-installed.json").unlink()
        rows.append(("half-made environment, made anew", *seconds_until_open(checkout, environment, [])))
    print("| | seconds until the page can be opened | installs |\n|---|---|---|")
    for title, seconds, installed in rows:
        print(f"| {title} | {seconds:.1f} | {'yes' if installed else 'nothing'} |")
    print(f"\nInstalled, without extras: {size:.0f} MB.")
    print(f"Load while measuring: {os.getloadavg()[1]:.1f} over 5 minutes on {os.cpu_count()} cores.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
