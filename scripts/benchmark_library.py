"""Fill a library with synthetic sessions and measure how long its list, filters and one session take to open.

    python -m scripts.benchmark_library --sessions 10000 --postgres postgresql://user@127.0.0.1/empty_database

Everything in it is synthetic: rows of the shape that imports, gradings and a cohort make, with no folders behind them.
Prints Markdown. Without --postgres a cluster is started in a temporary directory where PostgreSQL is installed.
"""

import datetime as dt
import os
import platform
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.common.arguments import argument_parser
from trainer.library.dump import insert_rows
from trainer.library.records import SessionFilter
from trainer.library.store import Library, open_library
from trainer.library.tables import Base
from trainer.protocol.library import BUILTIN_IDS, builtin

START = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)
BATCH = 5000


def synthetic_rows(sessions: int, seed: int = 7) -> dict[str, list[dict[str, Any]]]:
    """Return rows of a library: `sessions` sessions, a person to four of them, two of three graded."""
    chance = random.Random(seed)
    people, groups, facilitators = max(sessions // 4, 1), 40, 12
    rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in Base.metadata.sorted_tables}
    rows["study_group"] = [
        {"id": n, "name": f"Synthetic group {n:03}", "description": "", "created_at": START}
        for n in range(1, groups + 1)
    ]
    rows["person"] = [
        {
            "id": n, "code": f"P-{n:04}", "role": chance.choice(("trainee", "mother")),
            "name": f"Synthetic Name{n}" if n % 3 else None, "group_id": 1 + n % groups, "active": True,
            "created_at": START, "note": "",
        }
        for n in range(1, people + 1)
    ]  # fmt: skip
    rows["consent"] = [
        {"person_id": n, "kind": "video", "given": n % 10 > 0, "recorded_at": START, "recorded_by": "F-01"}
        for n in range(1, people + 1)
    ]
    rows["facilitator"] = [
        {"id": n, "code": f"F-{n:02}", "name": f"Facilitator {n}", "created_at": START, "active": True}
        for n in range(1, facilitators + 1)
    ]
    protocols = [builtin(name) for name in BUILTIN_IDS]
    for number in range(1, sessions + 1):
        protocol = chance.choices(protocols, (8, 1, 1))[0]
        at = START + dt.timedelta(minutes=37 * number)
        digest = f"{number:064x}"
        rows["session"].append(
            {
                "id": number, "uid": digest, "folder": f"sessions/practice-{number:05}",
                "title": f"practice-{at:%Y%m%d-%H%M%S}", "person_id": 1 + number % people if number % 20 else None,
                "attempt": 1 + number // people, "protocol_id": protocol.id, "protocol_version": protocol.version,
                "protocol_hash": protocol.hash, "recorded_at": at, "duration_s": 900.0, "complete": True,
                "recording": digest, "percent": chance.uniform(20, 100), "passed": chance.random() < 0.5,
                "has_video": number % 3 == 0, "digest": digest, "state": "present" if number % 50 else "missing",
                "checked_at": at, "imported_at": at,
            }
        )  # fmt: skip
        rows["session_file"] += [
            {"session_id": number, "name": name, "sha256": digest, "bytes": 100_000}
            for name in ("session.json", "score.json", "events.tsv", "landmarks.parquet", "thumbs.parquet")
        ]
        for place, step in enumerate(protocol.steps):
            most = 2.0 * step.weight
            rows["verdict"].append(
                {
                    "session_id": number, "item_id": step.id, "position": place,
                    "verdict": chance.choice(("met", "partly_met", "not_met", "not_observed")),
                    "points": most / 2, "max_points": most, "to_be_confirmed": False, "by_camera": True,
                }
            )  # fmt: skip
            rows["measure"] += [
                {
                    "session_id": number, "item_id": step.id, "name": name, "position": 10 * place + index,
                    "value": chance.uniform(0, 10), "sigma": 0.1, "unit": "Hz",
                }
                for index, name in enumerate(("rate", "radius", "inside_share"))
            ]  # fmt: skip
        for who in chance.sample(range(1, facilitators + 1), chance.choice((0, 1, 2))):
            grading = len(rows["grading"]) + 1
            rows["grading"].append(
                {
                    "id": grading, "session_id": number, "facilitator_id": who, "blind": True, "started_at": at,
                    "signed_at": at if chance.random() < 0.9 else None, "spent_s": 170.0, "version": 12,
                }
            )  # fmt: skip
            rows["grade"] += [
                {
                    "grading_id": grading, "item_id": step.id, "revision": 1, "rating": step.weight,
                    "decision": "rated", "comment": "", "at": at,
                }
                for step in protocol.steps
            ]  # fmt: skip
    return rows


def fill(library: Library, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Put the rows into an empty library."""
    with library.database.writing() as db:
        for table in Base.metadata.sorted_tables:
            listed = rows[table.name]
            for start in range(0, len(listed), BATCH):
                insert_rows(db.connection(), table, listed[start : start + BATCH])


def workloads(library: Library, sessions: int, seed: int = 3) -> dict[str, Callable[[], object]]:
    """Return what a facilitator does, each call with another choice."""
    chance = random.Random(seed)
    people = max(sessions // 4, 1)
    last = max(-(-sessions // 50), 1)

    def listing(**filters: Any) -> Callable[[], object]:
        def call() -> object:
            chosen = {key: value() if callable(value) else value for key, value in filters.items()}
            return library.sessions.list(SessionFilter(**chosen))

        return call

    return {
        "list, first page": listing(),
        "list, last page": listing(page=last),
        "list, any page": listing(page=lambda: chance.randint(1, last)),
        "search a code": listing(search=lambda: f"P-{chance.randint(1, people):04}"),
        "search a name": listing(search=lambda: f"name{chance.randint(1, people)}"),
        "search what is nowhere": listing(search="nowhere"),
        "of a group": listing(group_id=lambda: chance.randint(1, 40)),
        "of a protocol": listing(protocol_id=lambda: chance.choice(BUILTIN_IDS)),
        "of a person": listing(person_id=lambda: chance.randint(1, people)),
        "graded": listing(graded=True),
        "not graded": listing(graded=False),
        "graded, of a group, searched": listing(
            graded=True, group_id=lambda: chance.randint(1, 40), search="name"
        ),
        "missing folders": listing(state="missing"),
        "video without consent": listing(video_without_consent=True),
        "by title": listing(sort="title", page=lambda: chance.randint(1, last)),
        "by person": listing(sort="person", page=lambda: chance.randint(1, last)),
        "by score": listing(sort="percent", page=lambda: chance.randint(1, last)),
        "open a session": lambda: library.sessions.open(chance.randint(1, sessions)),
        "list people": lambda: library.people.list(page=chance.randint(1, max(people // 50, 1))),
    }


def measure(call: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the median and the 95th percentile of a call's time, in milliseconds."""
    call()
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    return took[len(took) // 2], took[min(round(0.95 * len(took)), len(took) - 1)]


@contextmanager
def postgres_address(given: str | None) -> Iterator[str | None]:
    """Give an empty PostgreSQL database: the given one, or one of a cluster of our own; None without PostgreSQL."""
    if given is not None:
        yield given
        return
    from scripts.common.postgres_cluster import find_binaries, running_cluster

    binaries = find_binaries()
    if binaries is None:
        yield None
        return
    with running_cluster(binaries) as address:
        yield f"{address}/postgres"


def main() -> None:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--sessions", type=int, default=10_000, metavar="N", help="how many (default: 10000)")
    parser.add_argument(
        "--repeats", type=int, default=200, metavar="N", help="calls of each kind (default: 200)"
    )
    parser.add_argument("--postgres", metavar="URL", help="an empty PostgreSQL database")
    args = parser.parse_args()
    rows = synthetic_rows(args.sessions)
    print(
        f"{sum(map(len, rows.values()))} synthetic rows of {args.sessions} sessions; {args.repeats} calls each; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start.\n"
    )
    results: dict[str, dict[str, tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, postgres_address(args.postgres) as address:
        for name, place in (("SQLite", folder), ("PostgreSQL", address)):
            if place is None:
                continue
            with open_library(place, root=Path(folder)) as library:
                fill(library, rows)
                results[name] = {
                    what: measure(call, args.repeats)
                    for what, call in workloads(library, args.sessions).items()
                }
    print("| milliseconds | " + " | ".join(f"{name} median | p95" for name in results) + " |")
    print("|---" * (1 + 2 * len(results)) + "|")
    for what in next(iter(results.values())):
        cells = " | ".join(f"{results[name][what][0]:.1f} | {results[name][what][1]:.1f}" for name in results)
        print(f"| {what} | {cells} |")


if __name__ == "__main__":
    main()
