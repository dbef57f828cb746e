"""The home-care log against what the protocol asks for at home."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from trainer.errors import PijatError
from trainer.language import Text
from trainer.protocol.model import DurationCheck, Protocol, Range

MOST_SESSIONS_A_DAY = 12
MOST_MINUTES_A_DAY = 24 * 60.0


@dataclass(frozen=True)
class HomeCareEntry:
    """One day's massages by one person.

    Attributes
    ----------
    day : date
    sessions : int
        Massages that day; 0 is an entry that says that there was none.
    minutes : float or None
        All of that day's massages together; None when nobody looked at the clock.
    by_whom : str
        Husband, mother, cadre ...
    pain, irritation : bool
        Felt during or after a massage that day: the sign to stop.
    note : str
    """

    day: date
    sessions: int
    minutes: float | None
    by_whom: str
    pain: bool = False
    irritation: bool = False
    note: str = ""


@dataclass(frozen=True)
class HomeCareGoal:
    """What is asked for at home.

    Attributes
    ----------
    sessions_a_day : int
        At least so many.
    days : int or None
        For so many days from the first; None for no set end.
    minutes : Range
        Of one massage, whole.
    source : str
        Citation; of the minutes, the protocol itself.
    """

    sessions_a_day: int
    days: int | None
    minutes: Range
    source: str


@dataclass(frozen=True)
class Adherence:
    """How far a home-care log reaches the goal.

    A day without an entry is not known: it is neither a day without massage nor a day reached, and is counted
    on its own.

    Attributes
    ----------
    goal : HomeCareGoal
    first, last : date or None
        Of the days that count; None for an empty log.
    days_due, days_logged, days_reached : int
        Days of the period, those with an entry, and those with enough massages.
    sessions_due, sessions_done : int
        `sessions_done` as logged, not capped.
    percent_of_due : float or None
        Days reached of days due: the least that adherence can be.
    percent_of_logged : float or None
        Days reached of days with an entry.
    minutes_a_session : float or None
        Mean, of the days with minutes.
    days_with_minutes, days_within_minutes : int
        Days whose minutes are known, and those whose mean per massage lies in the goal's range.
    pain_days, irritation_days : tuple of date
    words : Text
        The result in a sentence.
    stop : Text or None
        What to do where pain or irritation was logged.
    """

    goal: HomeCareGoal
    first: date | None
    last: date | None
    days_due: int
    days_logged: int
    days_reached: int
    sessions_due: int
    sessions_done: int
    percent_of_due: float | None
    percent_of_logged: float | None
    minutes_a_session: float | None
    days_with_minutes: int
    days_within_minutes: int
    pain_days: tuple[date, ...]
    irritation_days: tuple[date, ...]
    words: Text
    stop: Text | None


_SCHEDULES: dict[str, tuple[int, int | None, str]] = {
    "tegalagung-2022": (1, None, "tegalagung-2022, 1-2 times a day, no end given"),
    "jabodetabek-2025": (2, 14, "jabodetabek-2025, at least 2 times a day for the first 2 weeks"),
}
"""Sessions a day, days and citation of the built-in protocols whose source gives them."""


def goal_of(protocol: Protocol) -> HomeCareGoal | None:
    """Return what a built-in protocol asks for at home; None where its source says nothing.

    The minutes come from the protocol's own duration item; minutes per side count for both sides.
    """
    schedule = _SCHEDULES.get(protocol.id)
    if schedule is None:
        return None
    sessions, days, source = schedule
    found = protocol.first_check(DurationCheck)
    minutes = found[1].minutes if found else Range()
    if found and found[1].scope == "per_side":
        minutes = Range(*(None if end is None else 2 * end for end in (minutes.minimum, minutes.maximum)))
    return HomeCareGoal(sessions, days, minutes, source)


def check_entry(entry: HomeCareEntry, *, today: date | None = None) -> HomeCareEntry:
    """Return the entry; refuse what cannot be.

    Raises
    ------
    PijatError
        For a day to come, or numbers that no day holds.
    """
    if today is not None and entry.day > today:
        raise PijatError(
            Text(
                f"Tulis hari sampai hari ini ({today.isoformat()}), bukan {entry.day.isoformat()}.",
                f"Expected a day up to today ({today.isoformat()}), got {entry.day.isoformat()}.",
            )
        )
    if not 0 <= entry.sessions <= MOST_SESSIONS_A_DAY:
        raise PijatError(
            Text(
                f"Tulis 0 sampai {MOST_SESSIONS_A_DAY} kali pijat dalam sehari, bukan {entry.sessions}.",
                f"Expected 0 to {MOST_SESSIONS_A_DAY} massages in a day, got {entry.sessions}.",
            )
        )
    if entry.minutes is not None and not 0 <= entry.minutes <= MOST_MINUTES_A_DAY:
        raise PijatError(
            Text(
                "Tulis 0 sampai {most} menit dalam sehari, bukan {got}.",
                "Expected 0 to {most} minutes in a day, got {got}.",
            ).fill(most=int(MOST_MINUTES_A_DAY), got=float(entry.minutes))
        )
    if entry.sessions == 0 and entry.minutes:
        raise PijatError(
            Text(
                "Hari tanpa pijat tidak punya menit, tertulis {got}.",
                "Expected no minutes on a day without a massage, got {got}.",
            ).fill(got=float(entry.minutes))
        )
    return entry


def adherence(
    entries: Iterable[HomeCareEntry],
    goal: HomeCareGoal,
    *,
    start: date | None = None,
    until: date | None = None,
) -> Adherence:
    """Hold one mother's log against the goal.

    Parameters
    ----------
    entries : iterable of HomeCareEntry
        Several entries of a day (by different people) add up.
    goal : HomeCareGoal
    start : date, optional
        First day due; the first day logged by default.
    until : date, optional
        Last day known, such as today; the last day logged by default. Days after the goal's end do not count.
    """
    logged: dict[date, list[HomeCareEntry]] = {}
    for entry in entries:
        logged.setdefault(entry.day, []).append(entry)
    pain = tuple(sorted(day for day, rows in logged.items() if any(row.pain for row in rows)))
    irritation = tuple(sorted(day for day, rows in logged.items() if any(row.irritation for row in rows)))
    first = start or min(logged, default=None)
    last = until or max(logged, default=None)
    if first is not None and last is not None and goal.days is not None:
        last = min(last, first + timedelta(days=goal.days - 1))
    if first is None or last is None or last < first:
        return Adherence(
            goal, None, None, 0, 0, 0, 0, 0, None, None, None, 0, 0, pain, irritation, _NOTHING_LOGGED,
            _stop(pain, irritation),
        )  # fmt: skip
    due = (last - first).days + 1
    within = {day: rows for day, rows in logged.items() if first <= day <= last}
    done = {day: sum(row.sessions for row in rows) for day, rows in within.items()}
    reached = sum(count >= goal.sessions_a_day for count in done.values())
    means = [mean for rows in within.values() if (mean := _minutes_a_session(rows)) is not None]
    low, high = goal.minutes.minimum, goal.minutes.maximum
    return Adherence(
        goal=goal,
        first=first,
        last=last,
        days_due=due,
        days_logged=len(within),
        days_reached=reached,
        sessions_due=due * goal.sessions_a_day,
        sessions_done=sum(done.values()),
        percent_of_due=100 * reached / due,
        percent_of_logged=100 * reached / len(within) if within else None,
        minutes_a_session=sum(means) / len(means) if means else None,
        days_with_minutes=len(means),
        days_within_minutes=sum(
            (low is None or mean >= low) and (high is None or mean <= high) for mean in means
        ),
        pain_days=pain,
        irritation_days=irritation,
        words=_words(goal, due, len(within), reached),
        stop=_stop(pain, irritation),
    )


_NOTHING_LOGGED = Text("Belum ada catatan di rumah.", "Nothing has been logged at home yet.")


def _minutes_a_session(rows: list[HomeCareEntry]) -> float | None:
    """Mean minutes of that day's massages; None when those of any are not known."""
    massaged = [row for row in rows if row.sessions]
    if not massaged or any(row.minutes is None for row in massaged):
        return None
    return sum(row.minutes or 0.0 for row in massaged) / sum(row.sessions for row in massaged)


def _words(goal: HomeCareGoal, due: int, logged: int, reached: int) -> Text:
    missing = due - logged
    said = Text(
        f"Cukup pijat ({goal.sessions_a_day} kali sehari) pada {reached} dari {due} hari",
        f"Enough massages ({goal.sessions_a_day} a day) on {reached} of {due} days",
    )
    if not missing:
        return Text(f"{said.id}.", f"{said.en}.")
    return Text(
        f"{said.id}; {missing} hari tidak dicatat, jadi tidak diketahui.",
        f"{said.en}; {missing} {'day was' if missing == 1 else 'days were'} not logged, so not known.",
    )


def _stop(pain: tuple[date, ...], irritation: tuple[date, ...]) -> Text | None:
    days = sorted({*pain, *irritation})
    if not days:
        return None
    what = (
        Text("Sakit dan iritasi", "Pain and irritation")
        if pain and irritation
        else Text("Sakit", "Pain")
        if pain
        else Text("Iritasi", "Irritation")
    )
    shown = ", ".join(day.isoformat() for day in days[:4]) + (" …" if len(days) > 4 else "")
    return Text(
        f"{what.id} dicatat pada {shown}: hentikan pijat dan hubungi bidan atau fasilitator.",
        f"{what.en} logged on {shown}: stop the massage and ask the midwife or facilitator.",
    )
