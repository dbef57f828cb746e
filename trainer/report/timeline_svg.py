"""The timeline: what each hand did when, and when it was not seen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from trainer.language import Text, join, number
from trainer.perception.observation import HANDS, Hand
from trainer.report.formats import clock, duration
from trainer.report.messages import HAND_NAMES, TEXTS
from trainer.report.palette import FAULT, INK, LANE, LINE, STROKE_COLOURS
from trainer.report.patterns import marks, marks_path, unseen
from trainer.report.svg import chart, element, group, hint, words
from trainer.strokes.event import StrokeEvent, StrokeType
from trainer.strokes.names import STROKE_TITLES
from trainer.strokes.recogniser import UNSURE_BELOW

_WIDTH, _GUTTER, _MARGIN = 920.0, 62.0, 8.0
_LANE, _BAR, _LANE_GAP, _AXIS = 32.0, 25.0, 9.0, 22.0
_LONGEST_ROW_S = 330.0
_MOST_ROWS = 3
_NARROWEST_MEDIAN = 2.2
_MOST_BARS = 1600
_MOST_GAPS = 900
_COLUMN = 3.0
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)


@dataclass(frozen=True)
class FaultMark:
    """A moment at which the score found a fault, of one hand or of both."""

    start_s: float
    end_s: float
    hand: Hand | None
    item: Text


@dataclass(frozen=True)
class TimelineRow:
    """One strip of the timeline, from `start_s` to `end_s` seconds."""

    start_s: float
    end_s: float

    def x(self, time_s: float) -> float:
        """Horizontal place of a moment."""
        share = (time_s - self.start_s) / (self.end_s - self.start_s)
        return _GUTTER + share * (_WIDTH - _GUTTER - _MARGIN)

    @property
    def per_second(self) -> float:
        """Drawing units per second."""
        return (_WIDTH - _GUTTER - _MARGIN) / (self.end_s - self.start_s)


def rows_for(seconds: float) -> list[TimelineRow]:
    """Split a session into at most three strips of equal, round length."""
    seconds = max(seconds, 1.0)
    count = min(_MOST_ROWS, max(1, math.ceil(seconds / _LONGEST_ROW_S)))
    length = seconds / count
    if count > 1:
        unit = next((s for s in (30, 60, 300, 600, 1800) if length / s <= 20), 3600)
        length = math.ceil(length / unit) * unit
    return [
        TimelineRow(i * length, (i + 1) * length if count > 1 else seconds)
        for i in range(count)
        if i * length < seconds
    ]


def timeline(
    events: Sequence[StrokeEvent],
    gaps: dict[Hand, tuple[tuple[float, float], ...]],
    faults: Sequence[FaultMark],
    seconds: float,
    title: Text,
    description: Text,
    unsure_below: float = UNSURE_BELOW,
) -> tuple[Markup, float | None]:
    """Draw the timeline.

    Parameters
    ----------
    events : sequence of StrokeEvent
        In order of onset.
    gaps : dict of hand to intervals
        When each hand was not seen, in seconds.
    faults : sequence of FaultMark
        Marked above the lanes.
    seconds : float
        Length of the session.
    title, description : Text
        For those who do not see the chart.
    unsure_below : float
        Strokes of less confidence are drawn hollow.

    Returns
    -------
    svg : Markup
        The chart.
    column_s : float or None
        None when every stroke has its own bar; else the seconds that one column of stacked shares stands for
        (strokes too many to be drawn one by one).
    """
    rows = rows_for(seconds)
    lengths = [event.duration_s for event in events]
    narrow = bool(lengths) and float(np.median(lengths)) * rows[0].per_second < _NARROWEST_MEDIAN
    crowded = narrow or len(events) > _MOST_BARS
    height = 0.0
    drawn: list[Markup] = []
    row_height = 14 + 2 * _LANE + _LANE_GAP + _AXIS
    for row in rows:
        end = min(row.end_s, seconds)
        parts: list[Markup] = []
        for lane, hand in enumerate(HANDS):
            top = 14 + lane * (_LANE + _LANE_GAP)
            mine = [e for e in events if e.hand == hand and e.end_s > row.start_s and e.onset_s < end]
            parts.append(_lane(row, end, top, hand, gaps.get(hand, ())))
            strokes = _columns(row, end, mine) if crowded else _bars(row, end, mine, unsure_below)
            parts.append(group([strokes], transform=f"translate(0 {top:g})"))
        parts.append(_faults(row, end, faults))
        parts.append(_axis(row, end, 14 + 2 * _LANE + _LANE_GAP))
        drawn.append(group(parts, transform=f"translate(0 {height:.1f})"))
        height += row_height + 8
    svg = chart("timeline", title, description, _WIDTH, height - 8, *drawn, class_="chart timeline")
    return svg, _COLUMN / rows[0].per_second if crowded else None


def _lane(
    row: TimelineRow, end: float, top: float, hand: Hand, gaps: Sequence[tuple[float, float]]
) -> Markup:
    left, width = row.x(row.start_s), max(row.x(end) - row.x(row.start_s), 0.5)
    shown = [(max(a, row.start_s), min(b, end)) for a, b in gaps if b > row.start_s and a < end]
    smallest = 0.0 if len(shown) <= _MOST_GAPS else sorted(b - a for a, b in shown)[-_MOST_GAPS]
    boxes = [(row.x(a), top, (b - a) * row.per_second, _LANE) for a, b in shown if b - a >= smallest]
    return group([
        words(_GUTTER - 9, top + _LANE / 2 + 4.5, HAND_NAMES[hand], text_anchor="end", class_="lane-name"),
        element("rect", x=left, y=top, width=width, height=_LANE, rx=4, fill=LANE),
        unseen([box for box in boxes if box[2] >= 0.4]),
        element("rect", x=left, y=top, width=width, height=_LANE, rx=4, fill="none", stroke=LINE),
    ])  # fmt: skip


def _bars(row: TimelineRow, end: float, events: Sequence[StrokeEvent], unsure_below: float) -> Markup:
    bars = []
    for event in events:
        left, right = row.x(max(event.onset_s, row.start_s)), row.x(min(event.end_s, end))
        width = max(right - left - 0.6, 0.8)
        colour = STROKE_COLOURS[event.trial_type.value]
        box: dict[str, float | str] = {
            "x": left,
            "y": 0,
            "width": width,
            "height": _BAR,
            "rx": min(3.5, width / 3),
        }
        if event.confidence < unsure_below:
            hollow = {"x": left + 0.75, "y": 0.75, "width": max(width - 1.5, 0.5), "height": _BAR - 1.5}
            bars.append(group([
                hint(join(_describe(event), ", ", TEXTS["unsure"])),
                element("rect", **{**box, **hollow}, fill=LANE, stroke=colour, stroke_width=1.5,
                        stroke_dasharray="3 2"),
                words(left + width / 2, _BAR / 2 + 4.6, "?", text_anchor="middle", class_="bar-unsure")
                if width >= 9 else None,
            ]))  # fmt: skip
            continue
        label = _bar_label(event) if width >= 24 else None
        bars.append(group([
            hint(_describe(event)),
            element("rect", **box, fill=colour),
            marks_path(marks(event.trial_type.value, left, 0, width, _BAR, keep_free=40 if label else 0)),
            words(left + width / 2, _BAR / 2 + 4.6, label, text_anchor="middle", class_="bar-name") if label else None,
        ]))  # fmt: skip
    return group(bars)


def _bar_label(event: StrokeEvent) -> Text | None:
    if event.trial_type is StrokeType.CIRCULAR_PRESSURE and event.cycles is not None:
        return join(number(round(event.cycles, 1)), "×")
    arrows = {StrokeType.DOWNWARD_PASS: "↓", StrokeType.UPWARD_PASS: "↑"}
    return Text(arrow, arrow) if (arrow := arrows.get(event.trial_type)) else None


def _describe(event: StrokeEvent) -> Text:
    parts: list[Text | str] = [
        STROKE_TITLES[event.trial_type.value],
        f", {clock(event.onset_s)}–{clock(event.end_s)} (",
        duration(event.duration_s),
        ")",
    ]
    if event.cycles is not None:
        parts += [", ", number(round(event.cycles, 1)), Text(" putaran", " circles")]
    if event.rate_hz is not None:
        parts += [", ", number(event.rate_hz), Text(" putaran/detik", " circles/s")]
    if event.length_cm is not None:
        parts += [", ", number(event.length_cm), " cm"]
    if event.observed is not None and event.observed < 0.995:
        parts += [", ", number(100 * event.observed, 0), Text(" % terlihat", "% seen")]
    return join(*parts)


def _columns(row: TimelineRow, end: float, events: Sequence[StrokeEvent]) -> Markup:
    """Stacked shares of each stroke per column, where single strokes would be too narrow to see."""
    step = _COLUMN / row.per_second
    count = max(1, math.ceil((end - row.start_s) / step))
    kinds = list(STROKE_COLOURS)
    filled = np.zeros((len(kinds), count))
    for event in events:
        a, b = (
            (max(event.onset_s, row.start_s) - row.start_s) / step,
            (min(event.end_s, end) - row.start_s) / step,
        )
        k = kinds.index(event.trial_type.value)
        for column in range(int(a), min(count, math.ceil(b))):
            filled[k, column] += min(b, column + 1) - max(a, column)
    bars: list[Markup | None] = []
    bottom = np.full(count, _BAR)
    for k, kind in enumerate(kinds):
        heights = np.clip(filled[k], 0, 1) * _BAR
        shown = [i for i, height in enumerate(heights) if height >= 0.15]
        d = "".join(
            f"M{_GUTTER + i * _COLUMN:.1f} {bottom[i]:.1f}v-{heights[i]:.1f}h{_COLUMN:g}v{heights[i]:.1f}z"
            for i in shown
        )
        marked = "".join(
            marks(kind, _GUTTER + (i - 1) * _COLUMN, bottom[i] - heights[i], 3 * _COLUMN, heights[i])
            for i in shown
            if i % 3 == 1 and heights[i] >= 7
        )
        bottom -= heights
        if d:
            bars += [element("path", d=d, fill=STROKE_COLOURS[kind]), marks_path(marked)]
    return group(bars)


def _faults(row: TimelineRow, end: float, faults: Sequence[FaultMark]) -> Markup:
    marks = []
    last = -99.0
    for fault in sorted(faults, key=lambda f: f.start_s):
        if fault.end_s <= row.start_s or fault.start_s >= end:
            continue
        x = row.x(max(fault.start_s, row.start_s))
        if x - last < 9:  # the marks would run into each other
            continue
        last = x
        note = join(fault.item, f", {clock(fault.start_s)}–{clock(fault.end_s)}")
        marks.append(group([hint(note), element("path", d=f"M{x - 4.5:.1f} 2.5h9l-4.5 8z", fill=FAULT)]))
    return group(marks, class_="fault-marks")


def _axis(row: TimelineRow, end: float, top: float) -> Markup:
    span = row.end_s - row.start_s
    step = next((s for s in _STEPS_S if span / s <= 12), _STEPS_S[-1])
    ticks = []
    moment = math.ceil(row.start_s / step - 1e-9) * step
    while moment <= end + 1e-6:
        x = row.x(moment)
        ticks.append(element("path", d=f"M{x:.1f} {top}v5", stroke=INK, stroke_opacity=0.5))
        ticks.append(words(x, top + 18, clock(moment), text_anchor="middle", class_="tick"))
        moment += step
    line = element("path", d=f"M{_GUTTER} {top}H{row.x(end):.1f}", stroke=INK, stroke_opacity=0.5)
    return group([line, *ticks])
