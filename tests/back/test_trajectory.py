"""A thumb's path out of noisy, interrupted sightings, offline and live, against known motion."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.back.causal import CausalTrackFilter
from trainer.back.trajectory import TrajectorySettings, build_track, penalised_curve
from trainer.errors import PijatError
from trainer.perception.observation import Status

NOISE = 0.12


def circle(times, rate_hz=1.0, radius_cm=1.2):
    angle = 2 * np.pi * rate_hz * times
    return np.column_stack([4 + radius_cm * np.cos(angle), 8 + radius_cm * np.sin(angle)])


def times_at(fps, seconds=8.0, wobble=0.0, seed=0):
    steps = np.full(int(fps * seconds), 1 / fps)
    steps *= 1 + wobble * np.random.default_rng(seed).uniform(-1, 1, len(steps))
    return np.cumsum(steps)


def track_of(times, path, seen=None, sigma=NOISE, **options):
    seen = np.ones(len(times), dtype=bool) if seen is None else seen
    raw = np.where(seen[:, None], path, np.nan)
    status = np.where(seen, "detected", "missing")
    nothing = np.full(len(times), np.nan)
    options = TrajectorySettings(**options)
    return build_track("left", times, nothing, nothing, *raw.T, np.full(len(times), sigma), status, options)


def path_of(track):
    return np.column_stack([track.lateral_cm, track.caudal_cm])


def radius(path, times):
    """Radius of the circle in a path, from its Fourier component."""
    inner = (times > times[0] + 1) & (times < times[-1] - 1)
    return inner, path - path[inner].mean(axis=0)


@pytest.mark.parametrize("fps", [15, 25, 30, 60])
@pytest.mark.parametrize("rate_hz", [0.5, 1.0, 2.5])
def test_circles_keep_their_radius_and_phase(fps, rate_hz):
    times = times_at(fps)
    true = circle(times, rate_hz)
    path = path_of(track_of(times, true))
    inner = (times > 1) & (times < 7)
    off = np.hypot(*(path - true)[inner].T)
    assert off.max() < (0.05 if fps >= 25 else 0.09) * 1.2


@pytest.mark.parametrize("fps", [10, 25, 60])
def test_noise_shrinks_and_never_grows(fps):
    times = times_at(fps, wobble=0.3)
    true = circle(times, 0.7)
    noisy = true + np.random.default_rng(1).normal(0, NOISE, true.shape)
    before = np.sqrt(np.mean((noisy - true) ** 2))
    after = np.sqrt(np.mean((path_of(track_of(times, noisy)) - true) ** 2))
    assert after < (0.75 if fps >= 25 else 1.0) * before


@pytest.mark.parametrize(("gap_s", "most_cm"), [(0.12, 0.35), (0.24, 0.6), (0.48, 1.3)])
def test_gaps_are_bridged_and_sigma_says_how_well(gap_s, most_cm):
    times = times_at(25, 20)
    seen = (times % 1.7) > gap_s
    seen[[0, -1]] = True
    random = np.random.default_rng(2)
    true = circle(times, 0.8)
    noisy = true + random.normal(0, NOISE, true.shape)
    track = track_of(times, noisy, seen)
    off = path_of(track) - true
    gap = ~seen
    assert (track.status[gap] == Status.INTERPOLATED.value).all()
    assert np.percentile(np.hypot(*off[gap].T), 95) < most_cm
    normalised = np.sqrt(np.mean((off[gap] / track.sigma_cm[gap, None]) ** 2))
    assert 0.4 < normalised < 1.6
    assert track.sigma_cm[gap].mean() > track.sigma_cm[seen].mean()


def test_long_gaps_stay_missing():
    times = times_at(25, 6)
    seen = (times < 2) | (times > 3.2)
    track = track_of(times, circle(times), seen)
    assert (track.status[~seen] == Status.MISSING.value).all()
    assert np.isnan(path_of(track)[~seen]).all()
    assert np.isnan(track.sigma_cm[~seen]).all()
    assert np.isfinite(path_of(track)[seen]).all()


def test_outliers_are_rejected_and_marked():
    times = times_at(25, 10)
    true = circle(times)
    noisy = true + np.random.default_rng(5).normal(0, 0.05, true.shape)
    wrong = np.array([40, 90, 91, 92, 160])
    noisy[wrong] += (9.0, -4.0)
    track = track_of(times, noisy)
    assert (track.status[wrong] == Status.INTERPOLATED.value).all()
    assert np.hypot(*(path_of(track) - true).T).max() < 0.8
    np.testing.assert_allclose(track.lateral_cm_raw[wrong], noisy[wrong, 0])


def test_quick_passes_are_no_outliers():
    times = times_at(25, 4)
    down = np.column_stack([np.full(len(times), 4.0), np.clip((times - 1) * 25, 0, 20)])
    track = track_of(times, down)
    assert (track.status == "detected").all()
    assert np.abs(path_of(track) - down)[:, 1].max() < 0.8


def test_doubtful_sightings_weigh_less():
    times = times_at(25, 8)
    true = circle(times, 0.6)
    sigma = np.where((np.arange(len(times)) % 2) == 0, 0.1, 1.5)
    noisy = true + np.random.default_rng(3).normal(0, 1, true.shape) * sigma[:, None]
    status = np.full(len(times), "detected")
    weighed = build_track("left", times, times, times, *noisy.T, sigma, status)
    blind = build_track("left", times, times, times, *noisy.T, np.full(len(times), 0.5), status)

    def error(track):
        return np.sqrt(np.mean((path_of(track) - true) ** 2))

    assert error(weighed) < 0.5 * error(blind)


@settings(max_examples=40, deadline=None)
@given(
    x=st.floats(-20, 20),
    y=st.floats(-20, 20),
    angle=st.floats(-3, 3),
    seed=st.integers(0, 10**6),
    missing=st.floats(0, 0.4),
)
def test_moving_or_turning_the_back_moves_or_turns_the_path(x, y, angle, seed, missing):
    random = np.random.default_rng(seed)
    times = times_at(25, 3, wobble=0.4, seed=seed)
    path = circle(times) + random.normal(0, 0.2, (len(times), 2))
    seen = random.random(len(times)) >= missing
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    here, there = track_of(times, path, seen), track_of(times, path @ turn.T + (x, y), seen)
    np.testing.assert_allclose(path_of(there), path_of(here) @ turn.T + (x, y), atol=1e-4)
    np.testing.assert_array_equal(here.status, there.status)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_input_gives_a_consistent_track(data):
    count = data.draw(st.integers(0, 60))
    random = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    times = np.cumsum(random.uniform(0.002, 0.4, count))
    path = random.uniform(-40, 40, (count, 2))
    seen = random.random(count) < data.draw(st.floats(0, 1))
    track = track_of(times, path, seen)
    assert len(track) == count
    known = np.isfinite(path_of(track)).all(axis=1)
    np.testing.assert_array_equal(known, track.status != Status.MISSING.value)
    np.testing.assert_array_equal(known, np.isfinite(track.sigma_cm))
    assert known[seen].sum() <= count
    assert set(track.status) <= {"detected", "interpolated", "missing"}


def test_bad_input_is_said_plainly():
    times = np.array([0.0, 0.1, 0.1])
    with pytest.raises(PijatError, match="strictly increasing times"):
        track_of(times, np.zeros((3, 2)))
    with pytest.raises(PijatError, match="Expected 3 entries of image_x, got 2"):
        build_track("left", [0, 1, 2], [0, 1], [0, 1, 2], [0] * 3, [0] * 3, [0] * 3, ["detected"] * 3)


def test_an_hour_takes_seconds():
    times = times_at(30, 3600)
    track = track_of(times, circle(times))
    assert len(track) == 108000


def test_curve_of_a_line_is_the_line():
    times = times_at(25, 2, wobble=0.5)
    line = np.column_stack([3 * times, 1 - times])
    weights = np.where(np.arange(len(times)) % 7 == 3, 0.0, 0.04)
    np.testing.assert_allclose(penalised_curve(times, line, weights, 5.0, 4.0), line, atol=1e-5)


class TestCausal:
    def run(self, times, path, seen=None, sigma=0.3):
        seen = np.ones(len(times), dtype=bool) if seen is None else seen
        live = CausalTrackFilter()
        nothing = (float("nan"),) * 3
        points = [
            live.update(t, *((*p, sigma) if ok else nothing), Status.DETECTED if ok else Status.MISSING)
            for t, p, ok in zip(times.tolist(), path.tolist(), seen, strict=True)
        ]
        return points, np.array([(p.lateral_cm, p.caudal_cm) for p in points])

    @pytest.mark.parametrize("fps", [10, 15, 25, 30, 60])
    @pytest.mark.parametrize("rate_hz", [0.5, 1.0, 2.0])
    def test_follows_circles_without_lag(self, fps, rate_hz):
        times = times_at(fps)
        true = circle(times, rate_hz)
        _, path = self.run(times, true)
        after = times > 1
        assert np.hypot(*(path - true)[after].T).max() < 0.3

    def test_uses_no_future(self):
        times = times_at(25, 4)
        noisy = circle(times) + np.random.default_rng(0).normal(0, 0.1, (len(times), 2))
        _, whole = self.run(times, noisy)
        _, part = self.run(times[:50], noisy[:50])
        np.testing.assert_array_equal(whole[:50], part)

    def test_carries_on_through_a_short_gap_and_gives_up_in_a_long_one(self):
        times = times_at(25, 4)
        seen = ~(((times > 1) & (times < 1.2)) | ((times > 2) & (times < 3)))
        points, path = self.run(times, circle(times), seen)
        status = np.array([point.status for point in points])
        short, long = (times > 1) & (times < 1.2), (times > 2.4) & (times < 3)
        assert (status[short] == Status.INTERPOLATED).all()
        assert np.hypot(*(path - circle(times))[short].T).max() < 1.5
        assert points[np.flatnonzero(short)[-1]].sigma_cm > points[np.flatnonzero(short)[0] - 1].sigma_cm
        assert (status[long] == Status.MISSING).all()
        assert np.isnan(path[long]).all()
        assert status[-1] == Status.DETECTED

    def test_an_outlier_is_refused_and_a_real_move_believed(self):
        times = times_at(25, 4)
        path = circle(times)
        path[30] += 10
        path[60:] += 10
        points, filtered = self.run(times, path)
        assert points[30].status == Status.INTERPOLATED
        assert np.hypot(*(filtered[30] - circle(times)[30])) < 0.5
        assert np.hypot(*(filtered[70:] - path[70:]).T).max() < 0.5

    def test_time_must_go_on(self):
        live = CausalTrackFilter()
        live.update(1.0, 0.0, 0.0, 0.1, Status.DETECTED)
        with pytest.raises(PijatError, match="feed frames in order"):
            live.update(1.0, 0.0, 0.0, 0.1, Status.DETECTED)
