"""A library of some hundred synthetic sessions: its lists go through indexes and ask little of the database."""

import time

import pytest
from sqlalchemy import event, text

from scripts import benchmark_library as benchmark
from trainer.library.records import SessionFilter

SESSIONS = 400


@pytest.fixture
def full(library):
    """A library of many sessions, whose database knows how its rows are spread."""
    benchmark.fill(library, benchmark.synthetic_rows(SESSIONS))
    with library.database.writing() as db:
        db.execute(text("ANALYZE"))
    return library


def statements_of(library, call):
    """Return the queries that a call runs, with their parameters."""
    seen = []

    def listen(_connection, _cursor, statement, parameters, *_):
        seen.append((statement, parameters))

    event.listen(library.database._reader, "before_cursor_execute", listen)
    call()
    event.remove(library.database._reader, "before_cursor_execute", listen)
    return [(statement, parameters) for statement, parameters in seen if statement.startswith("SELECT")]


def plan_of(library, statement, parameters):
    sqlite = library.database.location.database is not None
    with library.database.reading() as db:
        connection = db.connection()
        if not sqlite:  # small tables are read whole otherwise
            for way in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
                connection.exec_driver_sql(f"SET LOCAL {way} = off")
        explain = ("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + statement
        return "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(explain, parameters))


def timed(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


@pytest.mark.slow
def test_lists_and_sessions_are_found_through_indexes_in_few_statements(full):
    for what, call in benchmark.workloads(full, SESSIONS).items():
        assert len(statements_of(full, call)) <= 7, what
        # These take some milliseconds. The tests share their machine, so one quiet moment will do.
        assert any(timed(call) < 1.0 for _ in range(10)), what
    newest = statements_of(full, lambda: full.sessions.list(SessionFilter(page=3)))
    person = statements_of(full, lambda: full.sessions.list(SessionFilter(person_id=7)))
    assert "ix_session_recorded_at_id" in plan_of(full, *newest[0])
    assert "ix_session_person_id_recorded_at" in plan_of(full, *person[0])
    for statement, parameters in statements_of(full, lambda: full.sessions.open(7)):
        plan = plan_of(full, statement, parameters)
        for large in ("verdict", "measure", "session_file", "grade"):
            assert f"SCAN {large}" not in plan and f"Seq Scan on {large}" not in plan, plan
    pages = [full.sessions.list(SessionFilter(page=number, sort="person")) for number in range(1, 10)]
    assert len({record.id for page in pages for record in page.items}) == SESSIONS
