"""What a group's report shows, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from trainer.cohort.agreement import ANY_FACILITATOR, CAMERA, RaterAgreement
from trainer.cohort.axes import say
from trainer.cohort.calendar_plot import home_care_svg
from trainer.cohort.comparison import PairedComparison
from trainer.cohort.messages import NO_CONTROL
from trainer.cohort.outcomes import OutcomeSummary
from trainer.cohort.plots import gain_svg, learning_curves_svg, paired_lines_svg
from trainer.cohort.result_rows import ResultRow, group_statements, paired_statements
from trainer.cohort.results import Estimate, NotComputed
from trainer.handouts.messages import WORDS
from trainer.handouts.model import GroupReport
from trainer.language import Language, Text, join, number
from trainer.report.formats import date, plain

POINTS_OF_100 = Text("poin dari 100", "points of 100")
_TEST = Text("Tes pengetahuan", "Knowledge test")
_HOME_ROWS = 24
_NARROW = 420.0
"""Width of a plot that shares its line with another: the same letters, less air."""


@dataclass(frozen=True)
class Paired:
    """A before-after part: heading, sentence, figures, plots, what to beware of, classes."""

    title: str
    reading: str
    statements: tuple[tuple[str, str, str], ...]
    lines: Markup
    gains: Markup | None
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    classes: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Tile:
    """A number of the summary; `of` is empty or what it is of."""

    value: str
    label: str


@dataclass(frozen=True)
class GroupView:
    """A group's report, ready for its template."""

    made: str
    tiles: tuple[Tile, ...]
    test: Paired | None
    curves: Markup | None
    home: Markup | None
    home_words: tuple[tuple[str, str], ...]
    stops: tuple[tuple[str, str], ...]
    outcomes: tuple[Paired, ...]
    comparisons: tuple[tuple[str, str, tuple[tuple[str, str, str], ...], tuple[str, ...]], ...]
    agreement: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    people: tuple[tuple[str, ...], ...]


def group_view(report: GroupReport, language: Language) -> GroupView:
    """Lay a group's report out."""
    columns, people = _people(report, language)
    return GroupView(
        made=say(date(report.made_at.isoformat()), language),
        tiles=_tiles(report, language),
        test=_test_part(report, language),
        curves=_curves(report, language),
        home=_home(report, language),
        home_words=tuple((plain(row.code, 24), say(row.result.words, language)) for row in report.home_care),
        stops=tuple(
            (plain(row.code, 24), say(row.result.stop, language))
            for row in report.home_care
            if row.result.stop is not None
        ),
        outcomes=tuple(_outcome_part(outcome, language) for outcome in report.outcomes),
        comparisons=tuple(
            (
                plain(say(title, language), 160),
                say(found.reading, language),
                _rows(group_statements(found), language),
                tuple(say(warning, language) for warning in found.warnings),
            )
            for title, found in report.comparisons
        ),
        agreement=tuple(_agreement_row(row, language) for row in report.agreement),
        columns=columns,
        people=people,
    )


def _tiles(report: GroupReport, language: Language) -> tuple[Tile, ...]:
    tiles = [Tile(str(len(report.codes)), say(WORDS["participants_n"], language))]
    if report.test is not None:
        tiles.append(Tile(str(report.test.n), say(WORDS["both_tests"], language)))
        if isinstance(report.test.gain, Estimate):
            tiles.append(Tile(_signed(report.test.gain.value, language), say(WORDS["mean_gain"], language)))
    if report.curves:
        tiles.append(
            Tile(
                str(sum(len(curve.attempts) for curve in report.curves)),
                say(WORDS["demonstrations"], language),
            )
        )
        passed = sum(curve.passed_at is not None for curve in report.curves)
        tiles.append(Tile(f"{passed} / {len(report.curves)}", say(WORDS["have_passed"], language)))
    known = [row.result.percent_of_due for row in report.home_care if row.result.percent_of_due is not None]
    if known:
        mean = say(number(sum(known) / len(known), 0), language)
        tiles.append(Tile(f"{mean}%", f"{say(WORDS['adherent'], language)} (n = {len(known)})"))
    return tuple(tiles)


def _test_part(report: GroupReport, language: Language) -> Paired | None:
    comparison = report.test
    if comparison is None:
        return None
    empty = sum(row.unanswered_before + row.unanswered_after for row in report.knowledge)
    before, after = [row.before for row in report.knowledge], [row.after for row in report.knowledge]
    return Paired(
        title=say(WORDS["knowledge"], language),
        reading=say(comparison.reading, language),
        statements=_rows(paired_statements(comparison), language),
        lines=Markup(
            paired_lines_svg(
                before,
                after,
                title=_TEST,
                unit=POINTS_OF_100,
                language=language,
                limits=(0, 100),
                width=_NARROW,
            )
        ),
        gains=_gains(comparison, POINTS_OF_100, language),
        facts=(say(WORDS["unanswered"], language).format(n=empty),) if empty else (),
        notes=_notes(comparison, language),
    )


def _outcome_part(outcome: OutcomeSummary, language: Language) -> Paired:
    scale, comparison = outcome.scale, outcome.comparison
    before, after = [pair.before for pair in outcome.pairs], [pair.after for pair in outcome.pairs]
    facts = []
    if comparison.n and not scale.classes:
        changed = say(WORDS["changed"], language)
        facts.append(changed.format(improved=outcome.improved, same=outcome.same, worse=outcome.worse))
    if scale.ordinal:
        facts.append(say(WORDS["ordinal"], language))
    lines = paired_lines_svg(
        before,
        after,
        title=scale.name,
        unit=scale.unit,
        language=language,
        limits=(scale.minimum - (0.3 if scale.classes else 0), scale.maximum + (0.3 if scale.classes else 0)),
        classes=scale.classes,
        width=_NARROW,
    )
    return Paired(
        title=say(scale.name, language),
        reading=say(outcome.reading, language),
        statements=_rows(paired_statements(comparison, ranks_only=bool(scale.classes)), language),
        lines=Markup(lines),
        gains=None if scale.classes else _gains(comparison, scale.unit, language),
        facts=tuple(facts),
        notes=_notes(comparison, language),
        classes=tuple((say(name, language), first, second) for name, first, second in outcome.classes),
    )


def _gains(comparison: PairedComparison, unit: Text, language: Language) -> Markup | None:
    if not comparison.n:
        return None
    return Markup(gain_svg(comparison, title=WORDS["gain_plot"], unit=unit, language=language, width=_NARROW))


def _notes(comparison: PairedComparison, language: Language) -> tuple[str, ...]:
    warnings = [*comparison.warnings, *([NO_CONTROL] if comparison.n >= 2 else [])]
    return tuple(say(warning, language) for warning in warnings)


def _rows(statements: Sequence[ResultRow], language: Language) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (say(row.name, language), say(row.value, language), say(row.note, language)) for row in statements
    )


def _curves(report: GroupReport, language: Language) -> Markup | None:
    if not report.curves:
        return None
    return Markup(
        learning_curves_svg(
            report.curves,
            title=WORDS["progress"],
            pass_mark_percent=report.pass_mark_percent,
            language=language,
        )
    )


def _home(report: GroupReport, language: Language) -> Markup | None:
    """The calendar of the first mothers that have one; the others stand below it in words."""
    rows = [(row.code, row.result, row.log) for row in report.home_care if row.result.days_due]
    if not rows:
        return None
    return Markup(home_care_svg(rows[:_HOME_ROWS], title=WORDS["home"], language=language))


def _agreement_row(found: RaterAgreement, language: Language) -> tuple[str, ...]:
    def name(rater: str) -> str:
        key = {CAMERA: "camera", ANY_FACILITATOR: "any_facilitator"}.get(rater)
        return say(WORDS[key], language) if key else plain(rater, 24)

    kappa, icc = found.overall_weighted, found.totals
    return (
        f"{name(found.first)} – {name(found.second)}",
        str(found.sessions),
        "–" if found.overall_percent is None else say(number(found.overall_percent, 0), language),
        "–" if isinstance(kappa, NotComputed) else say(number(kappa, 2), language),
        "–"
        if isinstance(icc, NotComputed)
        else f"{say(number(icc.value, 2), language)} ({say(number(icc.lower, 2), language)} – "
        f"{say(number(icc.upper, 2), language)})",
        str(found.overall_left_out),
    )


def _people(report: GroupReport, language: Language) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """A line per participant, with the columns for which anybody has a value."""
    knowledge = {row.code: row for row in report.knowledge}
    curves = {curve.code: curve for curve in report.curves}
    home = {row.code: row.result for row in report.home_care}
    outcomes = [(_measured(o), {pair.code: pair for pair in o.pairs}) for o in report.outcomes]

    def shown(value: float | None, digits: int | None = None) -> str:
        return say(number(value, digits), language)

    columns = [say(WORDS["code"], language)]
    if knowledge:
        test = say(Text("Tes", "Test"), language)
        columns += [f"{test}: {say(WORDS[key], language)}" for key in ("before", "after", "gain")]
    if curves:
        columns += [say(WORDS[key], language) for key in ("attempts", "best", "latest", "passed_at")]
    if home:
        columns += [say(WORDS[key], language) for key in ("enough_days", "pain_short")]
    change = f"{say(WORDS['before'], language)} → {say(WORDS['after'], language)}"
    columns += [f"{say(name, language)}: {change}" for name, _ in outcomes]
    codes = sorted({*report.codes, *knowledge, *curves, *home, *(c for _, pairs in outcomes for c in pairs)})
    rows = []
    for code in codes:
        row = [plain(code, 24)]
        if knowledge:
            score = knowledge.get(code)
            before, after = (score.before, score.after) if score else (None, None)
            gain = after - before if before is not None and after is not None else None
            row += [shown(before, 0), shown(after, 0), "–" if gain is None else _signed(gain, language, 0)]
        if curves:
            curve = curves.get(code)
            row += [
                str(len(curve.attempts)) if curve else "–",
                shown(curve.best if curve else None, 0),
                shown(curve.latest if curve else None, 0),
                str(curve.passed_at) if curve and curve.passed_at is not None else "–",
            ]
        if home:
            log = home.get(code)
            row += [
                f"{log.days_reached} ({log.days_due})" if log and log.days_due else "–",
                str(len({*log.pain_days, *log.irritation_days})) if log else "–",
            ]
        for _, pairs in outcomes:
            pair = pairs.get(code)
            row.append(f"{shown(pair.before)} → {shown(pair.after)}" if pair else "–")
        rows.append(tuple(row))
    return tuple(columns), tuple(rows)


def _measured(outcome: OutcomeSummary) -> Text:
    """Name an outcome with the unit of its values."""
    scale = outcome.scale
    return scale.name if scale.ordinal else join(scale.name, " (", scale.unit, ")")


def _signed(value: float, language: Language, digits: int = 1) -> str:
    shown = say(number(value, digits), language)
    return f"+{shown}" if value > 0 and shown.strip("0.,") else shown
