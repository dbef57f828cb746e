import numpy as np
import pytest

from trainer.errors import PijatError
from trainer.strokes.track_file import read_tracks

TIME = np.arange(0, 6, 0.04)
LATERAL, CAUDAL = 4 + np.cos(6 * TIME), 9 + np.sin(6 * TIME)


def write(
    tmp_path,
    time=TIME,
    lateral=LATERAL,
    caudal=CAUDAL,
    name="track.csv",
    heading="time_s,lateral_cm,caudal_cm",
):
    path = tmp_path / name
    rows = [",".join(map(str, row)) for row in zip(time, lateral, caudal, strict=True)]
    path.write_text("\n".join([heading, *rows]) + "\n")
    return path


def test_a_plain_track_is_the_right_hand(tmp_path):
    tracks = read_tracks(write(tmp_path))
    assert list(tracks) == ["right"]
    assert tracks["right"].lateral_cm == pytest.approx(LATERAL)
    assert set(tracks["right"].status) == {"detected"}


def test_tab_separated_with_hands_and_missing_values(tmp_path):
    path = tmp_path / "track.tsv"
    lines = ["hand\ttime_s\tlateral_cm\tcaudal_cm"]
    for i, t in enumerate(TIME):
        lines.append(f"left\t{t}\t{'n/a' if 10 <= i < 15 else -4}\t9")
        lines.append(f"right\t{t}\t4\t{'' if 40 <= i < 80 else 9}")
    path.write_text("\n".join(lines))
    tracks = read_tracks(path)
    assert set(tracks["left"].status[10:15]) == {"interpolated"}
    assert set(tracks["right"].status[40:80]) == {"missing"}
    assert np.isnan(tracks["right"].lateral_cm[40:80]).all()


def test_the_palm_may_be_there_too(tmp_path):
    path = tmp_path / "track.csv"
    rows = [f"{t},4,9,{'' if i < 20 else 9.2}" for i, t in enumerate(TIME)]
    path.write_text("\n".join(["time_s,lateral_cm,caudal_cm,palm_cm", *rows]))
    palm = read_tracks(path)["right"].palm_cm
    assert np.isnan(palm[:20]).all() and palm[20:] == pytest.approx(9.2)
    assert read_tracks(write(tmp_path, name="bare.csv"))["right"].palm_cm is None


def test_infinite_and_not_a_number_are_gaps(tmp_path):
    lateral = LATERAL.copy()
    lateral[5], lateral[6], lateral[7] = np.nan, np.inf, -np.inf
    track = read_tracks(write(tmp_path, lateral=lateral))["right"]
    assert set(track.status[5:8]) == {"interpolated"}
    assert np.isfinite(track.lateral_cm).all()


@pytest.mark.parametrize(
    "case, sentence",
    [
        (dict(time=[], lateral=[], caudal=[]), "got none: the table has a heading and no rows"),
        (dict(time=[0.0], lateral=[1.0], caudal=[2.0]), "several positions"),
        (dict(lateral=np.full(len(TIME), np.nan)), "every value for the right hand is missing"),
        (dict(time=TIME[::-1]), "Expected times that increase"),
        (dict(lateral=LATERAL / 100, caudal=CAUDAL / 100), "metres"),
        (dict(lateral=LATERAL * 100, caudal=CAUDAL * 100), "Expected centimetres"),
        (dict(time=TIME * 1000), "time_s must be in seconds"),
        (dict(time=TIME / 1000), "Expected seconds"),
        (dict(heading="t,x,y"), "time_s is missing"),
        (dict(lateral=["left"] * len(TIME)), "Expected numbers in column lateral_cm"),
    ],
)
def test_bad_tracks_get_one_sentence(tmp_path, case, sentence):
    with pytest.raises(PijatError, match=sentence) as caught:
        read_tracks(write(tmp_path, **case))
    assert "\n" not in str(caught.value)


def test_no_file_and_no_table(tmp_path):
    with pytest.raises(PijatError, match="found no file"):
        read_tracks(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(PijatError, match="Expected a table"):
        read_tracks(tmp_path / "empty.csv")
    (tmp_path / "clip.csv").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(PijatError):
        read_tracks(tmp_path / "clip.csv")


def test_an_unknown_hand(tmp_path):
    path = tmp_path / "track.csv"
    path.write_text("time_s,lateral_cm,caudal_cm,hand\n0,1,2,kiri\n0.04,1,2,kiri\n")
    with pytest.raises(PijatError, match="left or right"):
        read_tracks(path)
