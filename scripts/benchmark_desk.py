"""Measure how long the desk's pages take over HTTP with many sessions in the library.

    python -m scripts.benchmark_desk --sessions 10000 --postgres postgresql://user@127.0.0.1/empty_database

The library is filled as scripts/benchmark_library.py fills it (synthetic rows without folders); the first sessions get
a real folder of a quarter of an hour each, so that opening one for grading reads what it would read. A real `pijat
desk` answers one request after the other over one connection, as a facilitator's browser would send them. Prints
Markdown.
Without --postgres a cluster is started in a temporary directory where PostgreSQL is installed.
"""

import http.client
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from scripts.benchmark_library import fill, postgres_address, synthetic_rows
from scripts.common.arguments import argument_parser
from scripts.common.drawn_folders import write_folder

HERE = Path(__file__).resolve().parent.parent
WITH_FOLDER = 40
GOAL_MS = 200.0


class Page:
    """A browser's connection to the desk, with its cookie."""

    def __init__(self, port: int, process: int) -> None:
        self.process = process
        self._host = f"127.0.0.1:{port}"
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookie = ""

    def get(self, path: str) -> bytes:
        """Ask for a page and read all of it."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> bytes:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> bytes:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body is not None:
            headers |= {"Origin": f"http://{self._host}", "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        given = answer.getheader("set-cookie")
        if given:
            self._cookie = given.partition(";")[0]
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return content


def workloads(page: Page, sessions: int, seed: int = 3) -> dict[str, Callable[[], object]]:
    """Return what a facilitator does, each call with another choice."""
    chance = random.Random(seed)
    people, last = max(sessions // 4, 1), max(-(-sessions // 50), 1)
    with_folder = min(WITH_FOLDER, sessions)

    def real() -> int:
        return chance.randint(1, with_folder)

    return {
        "list of sessions, first page": lambda: page.get("/"),
        "list, any page": lambda: page.get(f"/?page={chance.randint(1, last)}"),
        "search a code": lambda: page.get(f"/?search=P-{chance.randint(1, people):04}"),
        "search a name": lambda: page.get(f"/?search=name{chance.randint(1, people)}"),
        "of a group": lambda: page.get(f"/?group={chance.randint(1, 40)}"),
        "not graded, by title": lambda: page.get(
            f"/?graded=no&sort=title&page={chance.randint(1, max(last // 4, 1))}"
        ),
        "missing folders": lambda: page.get("/?state=missing"),
        "by the camera's score": lambda: page.get(f"/?sort=percent&page={chance.randint(1, last)}"),
        "open a session": lambda: page.get(f"/sessions/{real()}"),
        "open it for grading": lambda: page.get(f"/sessions/{real()}/grade"),
        "its thumbs to replay": lambda: page.get(f"/api/sessions/{real()}/thumbs"),
        "its strokes over time": lambda: page.get(f"/api/sessions/{real()}/timeline"),
        "list of people": lambda: page.get(f"/people?page={chance.randint(1, max(people // 50, 1))}"),
        "a person": lambda: page.get(f"/people/{chance.randint(1, people)}"),
        "log of who did what": lambda: page.get("/audit"),
        "results of a group": lambda: page.get(f"/results?group={chance.randint(1, 40)}"),
        "agreement in a group": lambda: page.get(
            f"/agreement?protocol=tegalagung-2022&group={chance.randint(1, 40)}"
        ),
        "agreement of everybody": lambda: page.get("/agreement?protocol=tegalagung-2022"),
    }


def cpu_s(process: int) -> float | None:
    """Return the processor time of a process so far; None where the system does not say (it does on Linux)."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(
    call: Callable[[], object], repeats: int, longest_s: float, process: int
) -> tuple[float, float, float | None]:
    """Return the median and 95th percentile of a call's time, and the desk's mean processor time for it, in ms."""
    call()
    took: list[float] = []
    before = cpu_s(process)
    until = time.perf_counter() + longest_s
    while len(took) < repeats and (len(took) < 5 or time.perf_counter() < until):
        began = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - began))
    after = cpu_s(process)
    busy = None if before is None or after is None else 1000 * (after - before) / len(took)
    took.sort()
    return took[len(took) // 2], took[min(round(0.95 * len(took)), len(took) - 1)], busy


@contextmanager
def running_desk(library: str, root: Path) -> Iterator[Page]:
    """Open a real desk in a process of its own."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "trainer", "desk", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--library", library, "--root", str(root)],
        cwd=HERE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    try:
        assert process.stdout is not None
        if "http://" not in process.stdout.readline():
            raise RuntimeError("the desk did not open")
        page = Page(port, process.pid)
        page.get("/who")
        page.post("/who", facilitator="1")
        yield page
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def give_folders(root: Path) -> None:
    """Write real session folders behind the first rows."""
    first = root / "sessions" / "practice-00001"
    first.parent.mkdir(parents=True)
    write_folder(first, 900)
    for number in range(2, WITH_FOLDER + 1):
        shutil.copytree(first, root / "sessions" / f"practice-{number:05}")


def main() -> None:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--sessions", type=int, default=10_000, metavar="N", help="how many (default: 10000)")
    parser.add_argument(
        "--repeats", type=int, default=100, metavar="N", help="calls of each kind (default: 100)"
    )
    parser.add_argument(
        "--longest",
        type=float,
        default=20.0,
        metavar="S",
        help="seconds for each kind, at least 5 calls (default: 20)",
    )
    parser.add_argument("--postgres", metavar="URL", help="an empty PostgreSQL database")
    args = parser.parse_args()
    from trainer.library.store import open_library

    rows = synthetic_rows(args.sessions)
    print(
        f"{args.sessions} synthetic sessions ({sum(map(len, rows.values()))} rows), up to {args.repeats} requests of "
        f"each kind; Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} at the start.\n",
        flush=True,
    )
    results: dict[str, dict[str, tuple[float, float, float | None]]] = {}
    with tempfile.TemporaryDirectory() as folder, postgres_address(args.postgres) as address:
        root = Path(folder)
        give_folders(root)
        for name, place in (("SQLite", folder), ("PostgreSQL", address)):
            if place is None:
                continue
            with open_library(place, root=root) as library:
                fill(library, rows)
                if name == "PostgreSQL":
                    # Rows were numbered by us; what the desk adds goes on from there.
                    from sqlalchemy import text

                    with library.database.writing() as db:
                        # What the server does by itself some time after so many rows.
                        db.execute(text("ANALYZE"))
                        for table in ("audit", "grading", "grade", "person", "facilitator"):
                            db.execute(
                                text(
                                    f"SELECT setval('{table}_id_seq', (SELECT coalesce(max(id), 1) FROM {table}))"
                                )
                            )
                for number in range(1, WITH_FOLDER + 1):
                    library.gradings.start(number, 1, False)
            with running_desk(str(place), root) as page:
                results[name] = {
                    what: measure(call, args.repeats, args.longest, page.process)
                    for what, call in workloads(page, args.sessions).items()
                }
    print("| milliseconds | " + " | ".join(f"{name} median | p95 | processor" for name in results) + " |")
    print("|---" * (1 + 3 * len(results)) + "|")
    for what in next(iter(results.values())):
        cells = " | ".join(
            " | ".join("–" if value is None else f"{value:.0f}" for value in results[name][what])
            for name in results
        )
        print(f"| {what} | {cells} |")
    over = [what for name in results for what in results[name] if results[name][what][1] > GOAL_MS]
    print(f"\nOver {GOAL_MS:g} ms at the 95th percentile: {', '.join(sorted(set(over))) or 'none'}.")


if __name__ == "__main__":
    main()
