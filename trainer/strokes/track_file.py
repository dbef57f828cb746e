"""Anybody's trajectory: a table of times and places on the back, read with suspicion."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.back.track import ThumbTrack
from trainer.errors import PijatError
from trainer.language import Text, number
from trainer.perception.observation import HANDS, Hand, Status

if TYPE_CHECKING:
    import pandas as pd

REQUIRED_COLUMNS: tuple[str, ...] = ("time_s", "lateral_cm", "caudal_cm")
PALM_COLUMN = "palm_cm"
BRIDGED_S = 0.5
"""Gaps up to this long are bridged by a straight line and marked as interpolated."""
_BACK_CM = 200.0
"""Nobody's back is wider or longer: larger figures are millimetres or pixels."""
_METRES_BELOW_CM = 0.4
"""A thumb that stays within this for long stretches of varied motion is in metres, or does not move."""


_HAND_WORDS: Mapping[Hand, Text] = {"left": Text("kiri", "left"), "right": Text("kanan", "right")}


def read_tracks(path: Path) -> dict[Hand, ThumbTrack]:
    """Read thumb tracks from a CSV or TSV file.

    Columns ``time_s, lateral_cm, caudal_cm`` and, if there are two hands, ``hand``; one hand without a name is the
    right one. ``palm_cm``, how large the palm looks (`trainer.back.track.ThumbTrack`), may be there too. Empty,
    ``n/a``, ``nan`` and infinite values are gaps, as are missing rows.

    Raises
    ------
    PijatError
        With one sentence on what is wrong with the file.
    """
    import pandas as pd

    if not path.is_file():
        raise PijatError(
            Text(
                f"Tidak ada tabel gerak tangan (CSV) di {path}: periksa namanya.",
                f"Expected a trajectory (CSV) at {path}, found no file.",
            ),
            "missing",
        )
    try:
        table = pd.read_csv(
            path,
            sep=_separator(path),
            na_values=["n/a", "N/A", "NA", "", "nan", "NaN", "inf", "-inf"],
            keep_default_na=True,
            skipinitialspace=True,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, ValueError) as error:
        raise PijatError(
            Text(
                f"{path.name} bukan tabel dengan kolom {', '.join(REQUIRED_COLUMNS)}: simpan sebagai CSV.",
                f"Expected a table with columns {', '.join(REQUIRED_COLUMNS)} in {path.name}, "
                f"could not read one: {str(error).strip()}.",
            )
        ) from error
    return tracks_from_table(table, path.name)


def tracks_from_table(table: "pd.DataFrame", name: str = "the table") -> dict[Hand, ThumbTrack]:
    """Return the track of each hand in a table; see `read_tracks`."""
    table = table.rename(columns=lambda column: str(column).strip())
    missing = [column for column in REQUIRED_COLUMNS if column not in table.columns]
    if missing:
        raise PijatError(
            Text(
                f"Kolom {missing[0]} tidak ada dalam {name}; yang harus ada {', '.join(REQUIRED_COLUMNS)}.",
                f"Expected columns {', '.join(REQUIRED_COLUMNS)} in {name}, got "
                f"{', '.join(map(str, table.columns)) or 'none'}: {missing[0]} is missing.",
            )
        )
    if not len(table):
        raise PijatError(
            Text(
                f"{name} hanya berisi judul kolom, belum ada isinya.",
                f"Expected positions in {name}, got none: the table has a heading and no rows.",
            )
        )
    if "hand" not in table.columns:
        return {"right": _track(table, "right", name)}
    hands = table["hand"].astype(str).str.strip().str.lower()
    unknown = sorted(set(hands) - set(HANDS))
    if unknown:
        raise PijatError(
            Text(
                f"Kolom hand dalam {name} harus left atau right, bukan {unknown[0]!r}.",
                f"Expected left or right in column hand of {name}, got {unknown[0]!r}.",
            )
        )
    return {hand: _track(table[hands == hand], hand, name) for hand in HANDS if (hands == hand).any()}


def _separator(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        heading = file.readline()
    return max(("\t", ";", ","), key=heading.count) if heading else ","


def _numbers(table: "pd.DataFrame", column: str, name: str) -> NDArray[np.float64]:
    import pandas as pd

    values = pd.to_numeric(table[column], errors="coerce")
    strange = table[column].notna() & values.isna()
    if strange.any():
        row = int(np.flatnonzero(strange)[0]) + 2
        raise PijatError(
            Text(
                f"Kolom {column} dalam {name} harus berisi angka, bukan {table[column][strange].iloc[0]!r} di "
                f"baris {row}.",
                f"Expected numbers in column {column} of {name}, got {table[column][strange].iloc[0]!r} "
                f"in line {row}.",
            )
        )
    return values.to_numpy(dtype=float)


def _track(table: "pd.DataFrame", hand: Hand, name: str) -> ThumbTrack:
    time = _numbers(table, "time_s", name)
    position = np.stack([_numbers(table, "lateral_cm", name), _numbers(table, "caudal_cm", name)], 1)
    position[~np.isfinite(position).all(1)] = np.nan
    palm = _numbers(table, PALM_COLUMN, name) if PALM_COLUMN in table.columns else np.full(len(time), np.nan)
    timed = np.isfinite(time)
    time, position, palm = time[timed], position[timed], palm[timed]
    if len(time) < 2:
        raise PijatError(
            Text(
                f"{name} harus berisi beberapa letak; tangan {_HAND_WORDS[hand].id} hanya punya {len(time)}.",
                f"Expected a trajectory of several positions in {name}, got {len(time)} for the {hand} hand.",
            )
        )
    back = np.flatnonzero(np.diff(time) < 0)
    if len(back):
        raise PijatError(
            Text(
                f"Waktu dalam kolom time_s dari {name} mundur dari {number(float(time[back[0]])).id} ke "
                f"{number(float(time[back[0] + 1])).id} detik: urutkan baris menurut waktu.",
                f"Expected times that increase in column time_s of {name}, got {time[back[0] + 1]:g} s after "
                f"{time[back[0]]:g} s: sort the rows by time.",
            )
        )
    fresh = np.r_[True, np.diff(time) > 0]  # A time twice is the same frame twice.
    time, position, palm = time[fresh], position[fresh], palm[fresh]
    if not np.isfinite(position).any():
        raise PijatError(
            Text(
                f"Tidak ada satu pun letak tangan {_HAND_WORDS[hand].id} dalam {name}.",
                f"Expected positions in {name}, got none: every value for the {hand} hand is missing.",
            )
        )
    _check_clock(time, name)
    _check_unit(position, name)
    track = track_of(hand, time, position)
    return replace(track, palm_cm=palm) if np.isfinite(palm).any() else track


def _check_clock(time: NDArray[np.float64], name: str) -> None:
    step = float(np.median(np.diff(time)))
    if step > 0.25:
        raise PijatError(
            Text(
                f"{name} hanya punya satu letak setiap {number(step).id} detik; perlu sedikitnya 5 setiap detik: "
                "time_s harus dalam detik, dan gerakan perlu kamera yang lebih cepat.",
                f"Expected at least 5 positions a second in {name}, got one every {step:g} s: "
                "time_s must be in seconds, and strokes need a faster camera.",
            )
        )
    if step < 1e-4:
        raise PijatError(
            Text(
                f"Kolom time_s dalam {name} harus dalam detik; selisih barisnya hanya {step:g}.",
                f"Expected seconds in column time_s of {name}, got steps of {step:g}.",
            )
        )


def _check_unit(position: NDArray[np.float64], name: str) -> None:
    known = position[np.isfinite(position).all(1)]
    middle = np.median(known, axis=0)
    low, high = np.percentile(known, [1, 99], axis=0)
    extent = float((high - low).max())
    if float(np.abs(middle).max()) > _BACK_CM or extent > _BACK_CM:
        raise PijatError(
            Text(
                f"Letak dalam {name} harus sentimeter pada punggung, tetapi nilainya di sekitar {middle[0]:.0f}, "
                f"{middle[1]:.0f} selebar {extent:.0f}: bagi milimeter dengan sepuluh, atau petakan dahulu piksel "
                "ke punggung.",
                f"Expected centimetres on the back in {name}, got values around {middle[0]:.0f}, {middle[1]:.0f} "
                f"over {extent:.0f}: divide millimetres by ten, or map pixels to the back first.",
            )
        )
    # All of it within 40 cm of the origin looks like 0.4 in metres; a resting thumb elsewhere on the back does not.
    if 0.005 < extent < _METRES_BELOW_CM and float(np.abs(known).max()) < _METRES_BELOW_CM:
        raise PijatError(
            Text(
                f"Letak dalam {name} harus sentimeter pada punggung, tetapi lebarnya hanya {number(extent).id}: "
                "agaknya ini meter; kalikan dengan 100.",
                f"Expected centimetres on the back in {name}, got a trajectory {extent:.2g} wide near the origin: "
                "these look like metres; multiply them by 100.",
            )
        )


def track_of(
    hand: Hand, time_s: NDArray[np.float64], position_cm: NDArray[np.float64], sigma_cm: float = float("nan")
) -> ThumbTrack:
    """Return a track of bare positions, shape (n, 2), NaN where missing; short gaps are bridged and say so."""
    good = np.isfinite(position_cm).all(1)
    filled = position_cm.copy()
    status = np.where(good, Status.DETECTED.value, Status.MISSING.value).astype("<U12")
    if good.any() and not good.all():
        index = np.arange(len(time_s))
        before = np.maximum.accumulate(np.where(good, index, -1))
        after = np.minimum.accumulate(np.where(good, index, len(index))[::-1])[::-1]
        inside = ~good & (before >= 0) & (after < len(index))
        gap = time_s[np.minimum(after, len(index) - 1)] - time_s[np.maximum(before, 0)]
        bridged = inside & (gap <= BRIDGED_S)
        for k in range(2):
            filled[bridged, k] = np.interp(time_s[bridged], time_s[good], position_cm[good, k])
        status[bridged] = Status.INTERPOLATED.value
    nowhere = np.full(len(time_s), np.nan)
    return ThumbTrack(
        hand=hand,
        time_s=time_s,
        lateral_cm_raw=position_cm[:, 0],
        caudal_cm_raw=position_cm[:, 1],
        lateral_cm=filled[:, 0],
        caudal_cm=filled[:, 1],
        sigma_cm=np.where(np.isfinite(filled[:, 0]), sigma_cm, np.nan),
        status=status,
        image_x=nowhere,
        image_y=nowhere,
    )


def summary(tracks: Mapping[Hand, ThumbTrack]) -> str:
    """Return one line on what was read, for the log."""
    return "; ".join(
        f"{hand}: {len(track)} rows, {track.time_s[-1] - track.time_s[0]:.1f} s, "
        f"{np.isfinite(track.lateral_cm_raw).mean():.0%} with a position"
        for hand, track in tracks.items()
    )
