"""Figures laid out for people: plain text for a terminal, Markdown for the docs."""

import math
from collections.abc import Mapping, Sequence

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("thumb_error_median_cm", "thumb median (cm)", ".2f"),
    ("thumb_error_p95_cm", "thumb p95 (cm)", ".2f"),
    ("observed_share", "observed", ".1%"),
    ("seen_share", "really seen", ".1%"),
    ("within_1_sigma", "within 1 sigma", ".0%"),
    ("within_2_sigma", "within 2 sigma", ".0%"),
    ("frame_accuracy", "frame accuracy", ".3f"),
    ("edit", "edit", ".3f"),
    ("f1_10", "F1@10", ".3f"),
    ("f1_25", "F1@25", ".3f"),
    ("f1_50", "F1@50", ".3f"),
    ("event_f1_250ms", "event F1 (250 ms)", ".3f"),
    ("onset_error_median_s", "onset median (s)", ".3f"),
    ("circles_counted_within_one", "counted within 1", ".1%"),
    ("cycle_error_mean", "count error mean", ".2f"),
    ("cycle_error_max", "count error max", ".2f"),
    ("rate_error_p95_hz", "rate error p95 (Hz)", ".3f"),
    ("direction_right", "direction right", ".1%"),
    ("lifted_called_stroke", "lifted, called a stroke", ".1%"),
)
"""Figure, heading and number format, in the order of the table of goals."""

Row = tuple[str, Mapping[str, float | int]]


def text_table(rows: Sequence[Row], columns: Sequence[tuple[str, str, str]] = COLUMNS) -> str:
    """Return the figures as aligned plain text, a line a figure; for more than four rows, a line a row."""
    names = [name for name, _ in rows]
    if len(rows) <= 4:
        grid = [["", *names]] + [
            [heading, *(_cell(figures.get(key), form) for _, figures in rows)]
            for key, heading, form in columns
        ]
        return _aligned(grid)
    grid = [["", *(heading for _, heading, _ in columns)]] + [
        [name, *(_cell(figures.get(key), form) for key, _, form in columns)] for name, figures in rows
    ]
    return _aligned(grid)


def markdown_table(rows: Sequence[Row], columns: Sequence[tuple[str, str, str]] = COLUMNS) -> str:
    """Return the figures as a Markdown table, a line a figure; for more than four rows, a line a row."""
    if len(rows) > 4:
        lines = ["| | " + " | ".join(heading for _, heading, _ in columns) + " |"]
        lines.append("|---|" + "---|" * len(columns))
        for name, figures in rows:
            cells = (_cell(figures.get(key), form) for key, _, form in columns)
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"
    lines = ["| | " + " | ".join(name for name, _ in rows) + " |", "|---|" + "---|" * len(rows)]
    for key, heading, form in columns:
        cells = (_cell(figures.get(key), form) for _, figures in rows)
        lines.append(f"| {heading} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def json_figures(figures: Mapping[str, float | int]) -> dict[str, float | int | None]:
    """Return the figures with None for NaN, which JSON does not know."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in figures.items()
    }


def _cell(value: float | int | None, form: str) -> str:
    return "n/a" if value is None or not math.isfinite(value) else format(value, form)


def _aligned(grid: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in grid) for column in range(len(grid[0]))]
    return "".join(
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        + "\n"
        for line in grid
    )
