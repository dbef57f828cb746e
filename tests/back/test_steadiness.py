"""How steadily a hand is detected says how far its position is believed."""

import numpy as np

from trainer.back.steadiness import detected_share, with_doubt
from trainer.back.trajectory import build_track


def _track(status, hz=25):
    n = len(status)
    time = np.arange(n) / hz
    nothing, place = np.full(n, np.nan), np.where(np.asarray(status) == "missing", np.nan, 4.0)
    return build_track(
        "left", time, nothing, nothing, place, place, np.where(np.isnan(place), np.nan, 0.8), np.array(status)
    )


def test_a_hand_seen_all_along_is_believed_as_before():
    track = _track(["detected"] * 200)
    assert np.allclose(with_doubt(track).sigma_cm, track.sigma_cm)


def test_a_frame_lost_now_and_then_costs_nothing():
    track = _track((["detected"] * 15 + ["missing"]) * 12)
    assert np.nanmax(with_doubt(track).sigma_cm - track.sigma_cm) < 0.05


def test_a_glimpse_that_is_followed_for_a_second_is_hardly_believed():
    track = _track(["missing"] * 50 + ["detected"] * 3 + ["tracked"] * 25 + ["missing"] * 50)
    doubted = with_doubt(track)
    seen = np.isfinite(track.lateral_cm)
    assert np.isfinite(doubted.sigma_cm[seen]).all()
    assert doubted.sigma_cm[seen].min() > 5.0


def test_doubt_grows_with_what_is_missing():
    shares = []
    for lost in (0, 3, 6, 12):
        track = _track((["detected"] * (25 - lost) + ["missing"] * lost) * 4)
        shares.append(np.nanmedian(with_doubt(track).sigma_cm))
    assert shares == sorted(shares)
    assert shares[-1] > 3.0


def test_the_share_does_not_depend_on_the_frame_rate():
    """A phone that drops frames, and one that does not, seen for the same part of each second."""
    for hz in (10, 25, 60):
        time = np.arange(4 * hz) / hz
        status = np.where(time % 1.0 < 0.5, "detected", "missing")
        assert abs(detected_share(time, status)[hz : 3 * hz].mean() - 0.5) < 0.06


def test_an_empty_track_has_no_share():
    assert len(detected_share(np.zeros(0), np.zeros(0, "<U8"))) == 0
