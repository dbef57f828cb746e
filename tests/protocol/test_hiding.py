"""Hiding any part of any session never turns a verdict to met or not met."""

import os
from dataclasses import replace

import numpy as np
import pytest
from demonstrations import Writer, minutes_of_rounds
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trainer.perception.observation import HANDS
from trainer.protocol import intervals
from trainer.protocol.library import BUILTIN_IDS, builtin
from trainer.protocol.score import Verdict
from trainer.protocol.scoring import score

EXAMPLES = int(os.environ.get("PIJAT_EXAMPLES", "120"))
SEEK = "PIJAT_EXAMPLES" in os.environ
"""The suite tries the same sessions every time; with PIJAT_EXAMPLES=2000, others on every run."""
DECIDED = (Verdict.MET, Verdict.NOT_MET)

part = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["circles", "passes", "hold", "other", "rest", "rounds"]),
        "seconds": st.floats(1.5, 12),
        "lateral": st.sampled_from([0.3, 2.5, 4.0, 4.0, 4.0, 9.0]),
        "hands": st.sampled_from([("left", "right"), ("left", "right"), ("left",), ("right",)]),
        "rate": st.sampled_from([0.3, 0.8, 1.2, 3.5]),
        "up": st.booleans(),
        "short": st.booleans(),
    }
)


def performed(parts):
    writer = Writer(idle_in_sight=True)
    for one in parts:
        seconds, lateral, hands = one["seconds"], one["lateral"], one["hands"]
        match one["what"]:
            case "circles":
                writer.circles(seconds, lateral=lateral, rate=one["rate"], hands=hands)
            case "passes":
                ends = (3.0, 8.0) if one["short"] else (0.0, 17.0)
                start, end = reversed(ends) if one["up"] else ends
                writer.passes(seconds / 2 + 1, start=start, end=end, lateral=lateral, hands=hands)
            case "hold" | "other" as kind:
                writer.hold(
                    seconds, lateral=lateral, hands=hands, kind="other" if kind == "other" else "static_hold"
                )
            case "rest":
                writer.rest(seconds)
            case "rounds":
                writer.rounds(1, circling=6.0)
    return writer


def hide(demonstration, hands, start, end):
    """Take from the camera what these hands did between two times: the recogniser then sees the rest of each stroke."""
    tracks, events = dict(demonstration.tracks), []
    for hand in hands:
        track = tracks[hand]
        gone = (track.time_s >= start) & (track.time_s < end)
        fields = {
            name: np.where(gone, np.nan, getattr(track, name))
            for name in ("lateral_cm", "caudal_cm", "lateral_cm_raw", "caudal_cm_raw", "sigma_cm")
        }
        tracks[hand] = replace(track, status=np.where(gone, "missing", track.status), **fields)
    for event in demonstration.events:
        whole = [(event.onset_s, event.end_s)]
        left = intervals.difference(whole, [(start, end)]) if event.hand in hands else whole
        for begin, stop in left:
            share = (stop - begin) / max(event.duration_s, 1e-9)
            if stop - begin < 0.5:
                continue
            track = tracks[event.hand]
            chosen = (track.time_s >= begin - 1e-6) & (track.time_s < stop - 1e-6)
            chosen &= np.isfinite(track.lateral_cm)
            if not chosen.any():
                continue
            events.append(
                replace(
                    event,
                    onset_s=begin,
                    duration_s=stop - begin,
                    cycles=None if event.cycles is None else event.cycles * share,
                    length_cm=None if event.length_cm is None else event.length_cm * share,
                    lateral_cm=float(np.mean(track.lateral_cm[chosen])),
                    caudal_cm=float(np.mean(track.caudal_cm[chosen])),
                )
            )
    return replace(demonstration, tracks=tracks, events=tuple(events))


def decided_anew(protocol, before, after):
    """Return the items whose verdict became met or not met by hiding."""
    old = {item.id: item.verdict for item in score(protocol, before).items}
    return [
        (item.id, old[item.id].value, item.verdict.value, item.faults)
        for item in score(protocol, after).items
        if item.verdict in DECIDED and item.verdict != old[item.id]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("protocol_id", BUILTIN_IDS)
@settings(max_examples=EXAMPLES, deadline=None, derandomize=not SEEK)
@given(
    parts=st.lists(part, min_size=3, max_size=9),
    hands=st.sampled_from([("left",), ("right",), HANDS]),
    at=st.floats(0, 1),
    share=st.floats(0.02, 1.0),
)
def test_hiding_a_part_decides_nothing(protocol_id, parts, hands, at, share):
    demonstration = performed(parts).done()
    start = at * demonstration.end_s
    end = start + max(0.6, share * demonstration.end_s)
    # A hand may come and go at either end without anything being missed.
    assume(start > 0.1 or end > 2.0)
    assume(end < demonstration.end_s - 0.1 or demonstration.end_s - start > 2.0)
    hidden = hide(demonstration, hands, start, end)
    assert decided_anew(builtin(protocol_id), demonstration, hidden) == []


@pytest.mark.parametrize("hidden", [("left",), ("right",), HANDS])
@pytest.mark.parametrize("window", [(0.0, 0.5), (0.3, 0.6), (0.45, 0.5), (0.7, 1.0), (0.0, 1.0)])
def test_hiding_a_part_of_a_whole_massage_decides_nothing(hidden, window):
    demonstration = minutes_of_rounds(14).done()
    start, end = (share * demonstration.end_s for share in window)
    assert (
        decided_anew(builtin("tegalagung-2022"), demonstration, hide(demonstration, hidden, start, end)) == []
    )


def test_less_than_60_percent_seen_decides_nothing():
    demonstration = minutes_of_rounds(14).done()
    hidden = hide(demonstration, HANDS, 0.0, 0.45 * demonstration.end_s)
    found = score(builtin("tegalagung-2022"), hidden)
    assert {item.verdict for item in found.items} == {Verdict.NOT_OBSERVED}
    assert found.percent is None and found.passed is None


def test_a_percentage_needs_60_percent_of_the_cameras_weight():
    """Both hands seen for most of the time, but not for long enough at a time to judge most of the items."""
    good = minutes_of_rounds(14).done()
    assert score(builtin("tegalagung-2022"), good).percent is not None
    patchy = hide(good, ("left",), 100.0, 400.0)
    found = score(builtin("tegalagung-2022"), patchy)
    camera = [item for item in found.items if item.observer == "camera"]
    judged = sum(item.max_points for item in camera if item.verdict != Verdict.NOT_OBSERVED)
    assert 0 < judged < 0.6 * sum(item.max_points for item in camera)
    assert found.percent is None and found.passed is None


def test_short_dropouts_hide_nothing():
    """A hand that is lost for half a second now and then is judged as if it had been seen all along."""
    good = minutes_of_rounds(14).done()
    track = good.tracks["left"]
    gone = (track.time_s % 5.0) < 0.5
    lost = replace(
        track,
        status=np.where(gone, "missing", track.status),
        **{name: np.where(gone, np.nan, getattr(track, name)) for name in ("lateral_cm", "caudal_cm")},
    )
    patchy = replace(good, tracks={**good.tracks, "left": lost})
    wanted, found = (
        {item.id: item.verdict for item in score(builtin("tegalagung-2022"), one).items}
        for one in (good, patchy)
    )
    assert found == wanted
    assert wanted["f"] == wanted["g"] == wanted["only"] == Verdict.MET


def test_a_thumb_that_may_be_anywhere_was_not_seen():
    """Positions with a sigma of a hand's breadth are no sightings: nothing is decided by them."""
    good = minutes_of_rounds(14).done()
    doubted = {hand: replace(track, sigma_cm=np.full(len(track), 4.0)) for hand, track in good.tracks.items()}
    found = score(builtin("tegalagung-2022"), replace(good, tracks=doubted))
    assert {item.verdict for item in found.items} == {Verdict.NOT_OBSERVED}
