"""Every table of a group for spreadsheets: one row a thing, people by code, units in the columns' names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from trainer.desk.blindness import hidden_sessions
from trainer.desk.calls import Call
from trainer.desk.cohort_data import GroupData, all_sessions, report_of
from trainer.desk.pages import tell
from trainer.desk.queries import grade_rows, verdict_rows
from trainer.desk.results import group_of
from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("people", "sessions", "verdicts", "grades", "tests", "home_care", "outcomes")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(call: Call) -> Response:
    """Send all tables as one workbook."""
    from trainer.handouts.cohort_tables import group_tables
    from trainer.handouts.tables import tables_to_xlsx_bytes

    data = group_of(call)
    report = report_of(data, data.name or tell(call, "everybody"))
    computed = group_tables(report, call.visitor.language)
    content = tables_to_xlsx_bytes({**build_tables(call, data), **computed})
    return _attached(content, "pijat.xlsx", _XLSX)


def csv(call: Call) -> Response:
    """Send one table; with a byte order mark, so that spreadsheets take it for UTF-8."""
    name = call.request.path_params["table"]
    if name not in TABLES:
        raise PijatError(
            Text("Tabel itu tidak ada: pilih dari daftar.", "Expected one of the tables, got another."),
            "missing",
        )
    table = build_tables(call, group_of(call))[name]
    from trainer.handouts.tables import table_to_csv

    content = table_to_csv(table).encode("utf-8-sig")
    return _attached(content, f"pijat-{name}.csv", "text/csv; charset=utf-8")


def build_tables(call: Call, data: GroupData) -> dict[str, pd.DataFrame]:
    """Return all tables of a group; the camera's results that this visitor must not know yet are left out."""
    import pandas as pd

    group_id = data.group.id if data.group else None
    hides = hidden_sessions(call)
    records = all_sessions(call, group_id)
    visible = [record.id for record in records if not hides(record.id)]
    rows: dict[str, list[dict[str, Any]]] = {
        "people": [
            {"code": p.code, "role": p.role, "group": p.group_name, "active": p.active, "note": p.note}
            for p in data.people
        ],
        "sessions": [
            {
                "session": r.id,
                "title": r.title,
                "code": r.person_code,
                "attempt": r.attempt,
                "protocol": r.protocol_id,
                "protocol_version": r.protocol_version,
                "recorded_at": r.recorded_at.isoformat(),
                "duration_s": r.duration_s,
                "complete": r.complete,
                "camera_percent": None if hides(r.id) else r.percent,
                "camera_passed": None if hides(r.id) else r.passed,
                "state": r.state,
            }
            for r in records
        ],
        "tests": [
            {
                "code": s.person_code,
                "phase": s.phase,
                "bank": s.bank_id,
                "started_at": s.started_at.isoformat(),
                "finished_at": s.finished_at.isoformat() if s.finished_at else None,
                "answered": len(s.answers),
                "correct": s.correct if s.finished_at else None,
                "total": s.total,
            }
            for s in data.sittings
        ],
        "home_care": [
            {
                "code": e.person_code,
                "day": e.day.isoformat(),
                "massages": e.sessions,
                "minutes": e.minutes,
                "by_whom": e.by_whom,
                "pain": e.pain,
                "irritation": e.irritation,
                "note": e.note,
            }
            for e in data.home_care
        ],
        "outcomes": [
            {
                "code": e.code,
                "outcome": e.kind,
                "phase": e.phase,
                "measured_at": e.measured_at.isoformat(),
                "value": e.value,
            }
            for e in data.outcomes
        ],
        "verdicts": verdict_rows(call.desk.library, visible),
        "grades": grade_rows(call.desk.library, visible),
    }
    return {name: pd.DataFrame(rows[name]) for name in TABLES}


def _attached(content: bytes, name: str, kind: str) -> Response:
    return Response(
        content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'}
    )
