"""The group report's figures as tables, one heading row each, with the unit in the heading."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainer.cohort.axes import say
from trainer.cohort.result_rows import ResultRow, group_statements, paired_statements
from trainer.cohort.results import NotComputed
from trainer.handouts.model import Feedback, GroupReport
from trainer.language import Language, Text
from trainer.protocol.score import Verdict
from trainer.report.messages import VERDICT_NAMES

if TYPE_CHECKING:
    import pandas as pd

_H: dict[str, Text] = {
    "participant": Text("peserta (kode)", "participant (code)"),
    "before": Text("sebelum (poin dari 100)", "before (points of 100)"),
    "after": Text("sesudah (poin dari 100)", "after (points of 100)"),
    "gain": Text("selisih (poin)", "gain (points)"),
    "empty_before": Text("tidak dijawab sebelum (pertanyaan)", "not answered before (questions)"),
    "empty_after": Text("tidak dijawab sesudah (pertanyaan)", "not answered after (questions)"),
    "attempt": Text("latihan ke-", "attempt (number)"),
    "recorded": Text("waktu rekaman (ISO 8601)", "recorded at (ISO 8601)"),
    "percent": Text("nilai dari yang terlihat (%)", "score of what was observed (%)"),
    "passed": Text("lulus (ya/tidak)", "passed (true/false)"),
    "not_observed": Text("tidak terlihat (butir)", "not observed (items)"),
    "day": Text("hari (tanggal)", "day (date)"),
    "massages": Text("pijat (kali)", "massages (count)"),
    "minutes": Text("lama (menit, semua pijat hari itu)", "duration (minutes, all massages of that day)"),
    "by_whom": Text("oleh siapa", "by whom"),
    "pain": Text("sakit (ya/tidak)", "pain (true/false)"),
    "irritation": Text("iritasi (ya/tidak)", "irritation (true/false)"),
    "note": Text("catatan", "note"),
    "days_due": Text("hari seharusnya (hari)", "days due (days)"),
    "days_logged": Text("hari dicatat (hari)", "days logged (days)"),
    "days_reached": Text("hari cukup pijat (hari)", "days with enough massages (days)"),
    "of_due": Text("cukup pijat dari hari seharusnya (%)", "enough massages of days due (%)"),
    "mean_minutes": Text("rata-rata lama pijat (menit)", "mean duration of a massage (minutes)"),
    "pain_days": Text("hari sakit atau iritasi (hari)", "days with pain or irritation (days)"),
    "outcome": Text("ukuran", "outcome"),
    "unit": Text("satuan", "unit"),
    "value_before": Text("sebelum (satuan di kolom satuan)", "before (unit as in column unit)"),
    "value_after": Text("sesudah (satuan di kolom satuan)", "after (unit as in column unit)"),
    "analysis": Text("analisis", "analysis"),
    "figure": Text("angka", "figure"),
    "value": Text("nilai", "value"),
    "how": Text("cara dan artinya", "how, and what it means"),
    "first": Text("penilai pertama", "first grader"),
    "second": Text("penilai kedua", "second grader"),
    "item": Text("butir", "item"),
    "n": Text("dinilai keduanya (kali)", "rated by both (count)"),
    "left_out": Text("tidak terlihat, tidak diikutkan (kali)", "not observed, left out (count)"),
    "agree": Text("sepakat (%)", "agreement (%)"),
    "kappa": Text("kappa Cohen (-1 sampai 1)", "Cohen's kappa (-1 to 1)"),
    "weighted": Text("kappa berbobot kuadrat (-1 sampai 1)", "quadratically weighted kappa (-1 to 1)"),
    "bias": Text("kedua dikurangi pertama (nilai skala)", "second minus first (points of the scale)"),
    "title": Text("langkah", "step"),
    "verdict": Text("penilaian", "verdict"),
    "points": Text("poin (berbobot)", "points (weighted)"),
    "max_points": Text("poin tertinggi (berbobot)", "points at most (weighted)"),
    "judged_by": Text("dinilai oleh", "judged by"),
}
SHEETS: dict[str, Text] = {
    "knowledge": Text("Tes pengetahuan", "Knowledge test"),
    "attempts": Text("Latihan", "Attempts"),
    "home_log": Text("Catatan di rumah", "Home-care log"),
    "adherence": Text("Kepatuhan di rumah", "Adherence at home"),
    "outcomes": Text("Hasil pada ibu", "Outcomes"),
    "statistics": Text("Statistik", "Statistics"),
    "agreement": Text("Kesepakatan penilai", "Agreement of graders"),
}
"""Names of the group's tables, in order."""


def group_tables(report: GroupReport, language: Language = "id") -> "dict[str, pd.DataFrame]":
    """Return every table of a group's report by name; empty ones keep their headings."""
    by_key = {
        "knowledge": _knowledge(report, language),
        "attempts": _attempts(report, language),
        "home_log": _home_log(report, language),
        "adherence": _adherence(report, language),
        "outcomes": _outcomes(report, language),
        "statistics": _statistics(report, language),
        "agreement": _agreement(report, language),
    }
    return {say(SHEETS[key], language): table for key, table in by_key.items()}


def feedback_table(feedback: Feedback, language: Language = "id") -> "pd.DataFrame":
    """Return one demonstration's checklist as a table."""
    person = {True: Text("fasilitator", "facilitator"), False: Text("kamera", "camera")}
    rows = []
    for item in feedback.score.items:
        seen = item.verdict != Verdict.NOT_OBSERVED
        rows.append(
            (
                item.id,
                say(item.title, language),
                say(VERDICT_NAMES[item.state], language),
                item.points if seen else None,
                item.max_points,
                say(person[item.by_facilitator], language) if seen else None,
                feedback.comment_on(item) or None,
            )
        )
    return _frame(("item", "title", "verdict", "points", "max_points", "judged_by", "note"), rows, language)


def _knowledge(report: GroupReport, language: Language) -> "pd.DataFrame":
    rows = [
        (
            row.code,
            row.before,
            row.after,
            row.after - row.before if row.before is not None and row.after is not None else None,
            row.unanswered_before if row.before is not None else None,
            row.unanswered_after if row.after is not None else None,
        )
        for row in report.knowledge
    ]
    columns = ("participant", "before", "after", "gain", "empty_before", "empty_after")
    return _frame(columns, rows, language)


def _attempts(report: GroupReport, language: Language) -> "pd.DataFrame":
    rows = [
        (
            attempt.code,
            attempt.number,
            attempt.recorded_at.isoformat() if attempt.recorded_at else None,
            attempt.percent,
            attempt.passed,
            attempt.not_observed,
        )
        for curve in report.curves
        for attempt in curve.attempts
    ]
    return _frame(("participant", "attempt", "recorded", "percent", "passed", "not_observed"), rows, language)


def _home_log(report: GroupReport, language: Language) -> "pd.DataFrame":
    rows = [
        (
            home.code,
            entry.day.isoformat(),
            entry.sessions,
            entry.minutes,
            entry.by_whom,
            entry.pain,
            entry.irritation,
            entry.note,
        )
        for home in report.home_care
        for entry in sorted(home.log, key=lambda entry: (entry.day, entry.by_whom))
    ]
    columns = ("participant", "day", "massages", "minutes", "by_whom", "pain", "irritation", "note")
    return _frame(columns, rows, language)


def _adherence(report: GroupReport, language: Language) -> "pd.DataFrame":
    rows = [
        (
            home.code,
            home.result.days_due,
            home.result.days_logged,
            home.result.days_reached,
            home.result.percent_of_due,
            home.result.minutes_a_session,
            len({*home.result.pain_days, *home.result.irritation_days}),
        )
        for home in report.home_care
    ]
    columns = (
        "participant",
        "days_due",
        "days_logged",
        "days_reached",
        "of_due",
        "mean_minutes",
        "pain_days",
    )
    return _frame(columns, rows, language)


def _outcomes(report: GroupReport, language: Language) -> "pd.DataFrame":
    rows = [
        (
            pair.code,
            say(outcome.scale.name, language),
            say(outcome.scale.unit, language),
            pair.before,
            pair.after,
        )
        for outcome in report.outcomes
        for pair in outcome.pairs
    ]
    return _frame(("participant", "outcome", "unit", "value_before", "value_after"), rows, language)


def _statistics(report: GroupReport, language: Language) -> "pd.DataFrame":
    rows: list[tuple[object, ...]] = []
    if report.test is not None:
        name = say(SHEETS["knowledge"], language)
        rows += [(name, *_said(row, language)) for row in paired_statements(report.test)]
    for outcome in report.outcomes:
        name = say(outcome.scale.name, language)
        found = paired_statements(outcome.comparison, ranks_only=bool(outcome.scale.classes))
        rows += [(name, *_said(row, language)) for row in found]
    for title, comparison in report.comparisons:
        rows += [(say(title, language), *_said(row, language)) for row in group_statements(comparison)]
    return _frame(("analysis", "figure", "value", "how"), rows, language)


def _agreement(report: GroupReport, language: Language) -> "pd.DataFrame":
    rows = [
        (
            found.first,
            found.second,
            item.item.id,
            item.n,
            item.left_out,
            item.percent,
            None if isinstance(item.kappa, NotComputed) else item.kappa,
            None if isinstance(item.weighted, NotComputed) else item.weighted,
            item.mean_difference,
        )
        for found in report.agreement
        for item in found.items
    ]
    columns = ("first", "second", "item", "n", "left_out", "agree", "kappa", "weighted", "bias")
    return _frame(columns, rows, language)


def _said(row: ResultRow, language: Language) -> tuple[str, str, str]:
    return say(row.name, language), say(row.value, language), say(row.note, language)


def _frame(keys: tuple[str, ...], rows: Sequence[tuple[object, ...]], language: Language) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows, columns=[say(_H[key], language) for key in keys], dtype=object)
