"""The revolutions of circular strokes as intervals."""

from typing import TYPE_CHECKING

from trainer.export.source import ExportSource, milliseconds

if TYPE_CHECKING:
    import pandas as pd


def revolution_intervals(source: ExportSource, hand: str) -> list[tuple[int, int, int]]:
    """Return one hand's full revolutions.

    Parameters
    ----------
    source : ExportSource
        Without ``revolutions.tsv`` there are none.
    hand : {"left", "right"}
        The practitioner's hand.

    Returns
    -------
    list of (int, int, int)
        Number within its stroke (from 1), start and end in milliseconds. A revolution ends where the next one
        of its stroke starts; the last lasts one period at the stroke's rate, within the stroke.
    """
    if source.revolutions is None:
        return []
    intervals: list[tuple[int, int, int]] = []
    events = source.session.events
    for number, rows in source.revolutions[source.revolutions["hand"] == hand].groupby("event"):
        event = events.iloc[int(str(number))]
        onsets = sorted(float(onset) for onset in rows["onset"])
        ends = [*onsets[1:], _last_end(onsets[-1], event)]
        intervals += [
            (k, milliseconds(start), milliseconds(end))
            for k, (start, end) in enumerate(zip(onsets, ends, strict=True), start=1)
        ]
    return sorted(intervals, key=lambda turn: turn[1:])


def _last_end(onset: float, event: "pd.Series") -> float:
    stop = float(event["onset"]) + float(event["duration"])
    rate = float(event["rate_hz"])
    return min(stop, onset + 1 / rate) if rate > 0 else stop
