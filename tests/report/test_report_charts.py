"""The charts' data: what was seen and done, and where on the paper it goes."""

import re
from itertools import pairwise

import numpy as np
import pytest

from scripts.common import drawn_sessions as made
from trainer.back.atlas import load_atlas
from trainer.language import Text
from trainer.protocol.score import Measure
from trainer.report.anatomy import body, smooth_path
from trainer.report.back_map_svg import stroking
from trainer.report.bullet_svg import bullet
from trainer.report.regions import areas_of
from trainer.report.summary import HandTrack, events_of, runs, summarise, track_of
from trainer.report.timeline_svg import rows_for, timeline
from trainer.strokes.event import StrokeEvent, StrokeType

WORDS = Text("a", "b")


def test_runs_reach_to_the_frame_after_their_last():
    time = np.arange(10) / 10
    mask = np.array([1, 1, 0, 0, 1, 0, 0, 0, 1, 1], dtype=bool)
    assert [tuple(np.round(run, 3)) for run in runs(time, mask)] == [(0.0, 0.2), (0.4, 0.5), (0.8, 1.0)]
    assert runs(time, np.zeros(10, dtype=bool)) == []
    assert runs(np.empty(0), np.empty(0, dtype=bool)) == []


def test_summary_counts_what_the_table_holds():
    session = made.synthetic(90, rounds=1)
    events = events_of(session.events)
    track = track_of(session.thumbs, "left")
    summary = summarise(track, events, 90.0)
    rows = session.thumbs[session.thumbs["hand"] == "left"]
    for status, share in summary.shares.items():
        assert share == pytest.approx(float((rows["status"] == status).mean()))
    circles = session.events.query("hand == 'left' and trial_type == 'circular_pressure'")
    count = summary.strokes["circular_pressure"]
    assert (count.count, count.cycles) == (len(circles), pytest.approx(circles["cycles"].sum()))
    assert count.rate_hz == pytest.approx(circles["cycles"].sum() / circles["duration"].sum())
    unseen = sum(b - a for a, b in summary.gaps)
    assert unseen == pytest.approx(90 * (1 - summary.seen), abs=0.05)


def test_a_hand_without_rows_was_not_seen_all_the_time():
    nothing = np.empty(0)
    track = HandTrack("left", nothing, nothing, nothing, nothing, np.empty(0, dtype=np.str_))
    summary = summarise(track, [], 12.0)
    assert summary.gaps == ((0.0, 12.0),) and summary.shares["missing"] == 1.0
    assert summary.sigma_median_cm is None


def test_stroking_frames_are_those_within_the_hands_own_strokes():
    time = np.arange(100) / 10
    track = HandTrack("left", time, time, time, time, np.full(100, "detected"))
    events = [
        StrokeEvent(1.0, 2.0, StrokeType.OTHER, "left"), StrokeEvent(2.5, 1.0, StrokeType.OTHER, "left"),
        StrokeEvent(6.0, 2.0, StrokeType.OTHER, "right"),
    ]  # fmt: skip
    inside = (time >= 1.0) & (time < 3.5)
    assert np.array_equal(stroking(track, events), inside)


@pytest.mark.parametrize("seconds", [0.0, 3.0, 20.0, 330.0, 331.0, 900.0, 3600.0, 14400.0])
def test_rows_hold_the_whole_session(seconds):
    rows = rows_for(seconds)
    assert 1 <= len(rows) <= 3
    assert rows[0].start_s == 0 and rows[-1].end_s >= seconds
    assert all(a.end_s == b.start_s for a, b in pairwise(rows))
    assert len({round(row.per_second, 9) for row in rows}) == 1


def test_bars_lie_where_their_strokes_are():
    events = [StrokeEvent(5.0, 2.5, StrokeType.DOWNWARD_PASS, "right", observed=0.5)]
    svg, column_s = timeline(events, {}, [], 20.0, WORDS, WORDS)
    assert column_s is None
    bar = re.search(r'<rect x="([\d.]+)"[^>]*width="([\d.]+)"[^>]*fill="#B4531A"', str(svg))
    row = rows_for(20.0)[0]
    assert float(bar[1]) == pytest.approx(row.x(5.0), abs=0.01)
    assert float(bar[2]) == pytest.approx(2.5 * row.per_second, abs=0.7)
    assert "50% seen" in svg


def test_too_many_strokes_become_columns_of_shares():
    events = [StrokeEvent(i * 1.0, 0.5, StrokeType.CIRCULAR_PRESSURE, "left") for i in range(7000)]
    svg, column_s = timeline(events, {}, [], 7000.0, WORDS, WORDS)
    assert column_s is not None and len(svg) < 100_000
    heights = [float(h) for h in re.findall(r"v-([\d.]+)h3v", str(svg))]
    # strokes fill half of the time, so columns are half of the bar's 25
    assert np.mean(heights[2:-2]) == pytest.approx(12.5, abs=0.5)


def test_bullet_marks_by_shape_whether_the_value_is_allowed():
    inside = bullet("a", Measure("r", WORDS, 1.0, "Hz", 0.1, 0.5, 2.0))
    outside = bullet("b", Measure("r", WORDS, 3.0, "Hz", 0.1, 0.5, 2.0))
    diamond = "M0 -9L6.5 0L0 9L-6.5 0Z"
    assert diamond in inside and diamond not in outside
    assert "min 0.5" in inside and "max 2" in inside


@pytest.mark.parametrize(
    "limits", [(None, 5.0), (3.0, None), (3.0, 3.0), (0.0, 0.0), (-5.0, None), (13.0, 20.0)]
)
@pytest.mark.parametrize("value", [0.0, 4.0, 1e6, -2.0])
def test_bullet_survives_every_range(limits, value):
    svg = str(bullet("a", Measure("r", WORDS, value, "x", None, *limits), [1.0, 2.0]))
    assert "nan" not in svg and "inf" not in svg


def test_the_drawn_back_hangs_on_the_atlas():
    atlas = load_atlas()
    drawn = str(body(atlas, 25.0, "t"))
    for name in ("C7", "T3", "T6"):
        assert f"translate(0 {atlas.levels[name] * 100:.0f})" in drawn
    start = smooth_path(atlas.outlines["right_rib_5"]).split("C")[0]
    assert start in drawn


def test_areas_are_those_that_the_session_was_scored_by():
    areas = areas_of(made.synthetic(10, rounds=1).meta)
    assert [area.wanted for area in areas] == [True, True, False]
    assert [[list(corner) for corner in area.polygon] for area in areas] == [
        region["polygon"] for region in made.REGIONS
    ]
