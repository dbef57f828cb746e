"""A real PostgreSQL for tests and benchmarks: a cluster of its own in a temporary directory, gone afterwards."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

USER = "pijat"
"""Whom the cluster belongs to; loopback needs no password."""


def find_binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl: the newest of Debian's, else what is on the path."""

    def version(folder: Path) -> float:
        return float(folder.parent.name) if folder.parent.name.replace(".", "").isdigit() else 0.0

    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version)
    for folder in reversed(debian):
        if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("pg_ctl") else None


@contextlib.contextmanager
def running_cluster(binaries: Path) -> Iterator[str]:
    """Start a cluster; give its address, without the name of a database."""
    with tempfile.TemporaryDirectory(prefix="pijat-pg-") as folder:
        top = Path(folder)
        runner: list[str] = []
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # the server refuses to run as root
            import pwd  # Unix only

            account = pwd.getpwnam("postgres")
            os.chown(top, account.pw_uid, account.pw_gid)
            runner = ["runuser", "-u", "postgres", "--"]

        def run(program: str, *words: str) -> None:
            done = subprocess.run(
                [*runner, str(binaries / program), *words],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                text=True, cwd="/", timeout=120,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr

        data, log = str(top / "data"), str(top / "log")
        run("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        for attempt in range(5):
            port = _free_port()
            settings = (
                f"-p {port} -k {top} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
            )
            try:
                run("pg_ctl", "-D", data, "-l", log, "-w", "-o", settings, "start")
                break
            except AssertionError:  # somebody else took the port
                if attempt == 4:
                    raise
        # Ends the server when this process does, however that ends: the pipe is closed then.
        stop = [*runner, str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop"]
        watch = subprocess.Popen(
            ["sh", "-c", 'cat > /dev/null; "$@" > /dev/null 2>&1', "watch", *stop],
            stdin=subprocess.PIPE, start_new_session=True, cwd="/",
        )  # fmt: skip
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}"
        finally:
            watch.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
