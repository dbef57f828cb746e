"""Every format, read back by a reader that somebody else wrote; times must agree to the millisecond."""

import json
import subprocess
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from export_sample import EXPECTED_MS, META

from trainer.export.formats import FORMATS, export_sessions
from trainer.export.source import ExportSource


def ms(seconds: float) -> int:
    return round(float(seconds) * 1000)


def test_tsv_in_pandas(source: ExportSource, tmp_path: Path) -> None:
    table_path, sidecar_path = export_sessions([source], "tsv", tmp_path / "out")
    table = pd.read_csv(table_path, sep="\t", na_values="n/a")
    assert table["onset"].is_monotonic_increasing
    for hand, expected in EXPECTED_MS.items():
        rows = table[table["hand"] == hand]
        got = [
            (ms(o), ms(o) + ms(d), t)
            for o, d, t in zip(rows.onset, rows.duration, rows.trial_type, strict=True)
        ]
        assert got == expected
    sidecar = json.loads(sidecar_path.read_text())
    assert set(table.columns) <= set(sidecar)
    assert sidecar["rate_hz"]["Units"] == "Hz"
    check_provenance(sidecar["GeneratedBy"])


def test_eaf_in_pympi(source: ExportSource, tmp_path: Path) -> None:
    from pympi.Elan import Eaf

    (path,) = export_sessions([source], "eaf", tmp_path / "out")
    eaf = Eaf(str(path))
    names = set(eaf.get_tier_names())
    assert {"strokes_left", "strokes_right", "revolutions_left", "figures_right", "checklist_f_left"} <= names
    for hand, expected in EXPECTED_MS.items():
        assert [tuple(a[:3]) for a in sorted(eaf.get_annotation_data_for_tier(f"strokes_{hand}"))] == expected
    left_turns = sorted(eaf.get_annotation_data_for_tier("revolutions_left"))
    assert [value for _, _, value in left_turns] == ["1", "2", "3", "4"]
    assert [(start, end) for start, end, _ in left_turns] == [
        (1034 + 1000 * k, 2034 + 1000 * k) for k in range(4)
    ]
    # Evidence of one item that overlaps stands on two tiers.
    assert [a[2] for a in eaf.get_annotation_data_for_tier("checklist_f_left_2")] == ["fault"]
    assert eaf.get_linked_files()[0]["RELATIVE_MEDIA_URL"] == "./pijat & doa <1>.mp4"
    assert set(eaf.get_controlled_vocabulary_names()) == {"stroke_catalogue"}
    properties = {name: value for name, value in eaf.get_properties() if name.startswith("pijat:")}
    check_provenance({name.removeprefix("pijat:"): json.loads(value) for name, value in properties.items()})


def test_textgrid_in_praatio(source: ExportSource, tmp_path: Path) -> None:
    from praatio import textgrid

    paths = export_sessions([source], "textgrid", tmp_path / "out")
    grid = textgrid.openTextgrid(str(paths[0]), includeEmptyIntervals=False, reportingMode="error")
    assert ms(grid.maxTimestamp) == 12000
    for hand, expected in EXPECTED_MS.items():
        entries = grid.getTier(f"strokes_{hand}").entries
        assert [(ms(e.start), ms(e.end), e.label) for e in entries] == expected
    check_provenance(json.loads(paths[1].read_text()))


def test_captions_in_webvtt_py(source: ExportSource, tmp_path: Path) -> None:
    import webvtt

    paths = export_sessions([source], "vtt", tmp_path / "out")
    assert [p.name for p in paths] == ["ibu-siti 01.id.vtt", "ibu-siti 01.en.vtt"]
    for path, left in zip(paths, ("Tangan kiri", "Left hand"), strict=True):
        captions = webvtt.read(path)
        got = sorted(
            (c.start_time.in_seconds() * 1000 + c.start_time.milliseconds % 1000, c.identifier)
            for c in captions
        )
        assert len(got) == 5
        spans = {c.identifier: (c.start, c.end) for c in captions}
        assert spans["left-1"] == ("00:00:01.034", "00:00:05.034")
        assert spans["right-3"] == ("00:00:09.500", "00:00:10.750")
        assert any(c.text.startswith(left) for c in captions)
    note = paths[1].read_text().split("NOTE ", 1)[1].split("\n\n", 1)[0]
    check_provenance(json.loads(note))


def test_boris_table_in_pandas(source: ExportSource, tmp_path: Path) -> None:
    path = export_sessions([source], "boris", tmp_path / "out")[0]
    table = pd.read_csv(path, sep="\t", keep_default_na=False)
    states = table[table["Behavior type"] == "STATE"]
    for hand, expected in EXPECTED_MS.items():
        rows = states[states["Subject"] == f"{hand} hand"].sort_values("Start (s)")
        got = [
            (ms(a), ms(b), c)
            for a, b, c in zip(rows["Start (s)"], rows["Stop (s)"], rows["Behavior"], strict=True)
        ]
        assert got == expected
    assert (table.loc[table["Behavior type"] == "POINT", "Behavior"] == "revolution").all()
    assert len(table[table["Behavior type"] == "POINT"]) == 10


def test_boris_project_is_whole(source: ExportSource, tmp_path: Path) -> None:
    """What BORIS itself checks when it opens a project: coded behaviours, subjects, pairs, media."""
    (path,) = export_sessions([source], "boris-project", tmp_path / "out")
    project = json.loads(path.read_text())
    observation = project["observations"]["ibu-siti 01"]
    codes = {b["code"]: b for b in project["behaviors_conf"].values()}
    subjects = {s["name"] for s in project["subjects_conf"].values()}
    open_since: dict[tuple[str, str, str], float] = {}
    spans = []
    for time_s, subject, code, modifiers, _, _ in observation["events"]:
        assert subject in subjects
        assert len([m for m in modifiers.split("|") if m]) == len(codes[code]["modifiers"])
        if codes[code]["type"] == "State event":
            key = (subject, code, modifiers)
            if key in open_since:
                spans.append((subject, ms(open_since.pop(key)), ms(time_s), code))
            else:
                open_since[key] = time_s
    assert not open_since
    for hand, expected in EXPECTED_MS.items():
        assert sorted(s[1:] for s in spans if s[0] == f"{hand} hand") == sorted(expected)
    (media,) = observation["file"]["1"]
    for info in ("length", "fps", "hasVideo", "hasAudio"):
        assert media in observation["media_info"][info]
    variables = observation["independent_variables"]
    assert {v["label"] for v in project["independent_variables"].values()} == set(variables)
    assert json.loads(variables["models"]) == META["models"]


def test_parquet_in_pandas_and_its_metadata(source: ExportSource, tmp_path: Path) -> None:
    paths = export_sessions([source], "parquet", tmp_path / "out")
    by_name = {p.stem: p for p in paths}
    assert set(by_name) == {
        "events",
        "thumbs",
        "landmarks",
        "revolutions",
        "score_items",
        "score_measures",
        "score_evidence",
    }
    for path in paths:
        assert (pd.read_parquet(path)["session"] == "ibu-siti 01").all()
        check_provenance(json.loads(pq.read_schema(path).metadata[b"pijat"]))
    pd.testing.assert_frame_equal(
        pd.read_parquet(by_name["thumbs"]).drop(columns="session"), source.session.thumbs
    )
    events = pd.read_parquet(by_name["events"])
    assert events["onset"].tolist() == source.session.events["onset"].tolist()
    assert pq.read_schema(by_name["thumbs"]).field("sigma_cm").metadata[b"unit"] == b"cm"


def test_label_studio_spans_are_frames_from_one(source: ExportSource, tmp_path: Path) -> None:
    tasks_path, config_path = export_sessions([source], "label-studio", tmp_path / "out")
    (task,) = json.loads(tasks_path.read_text())
    times = source.session.thumbs.drop_duplicates("frame")["time_s"].to_numpy()
    regions = task["predictions"][0]["result"]
    assert len(regions) == 5
    for region in regions:
        (span,) = region["value"]["ranges"]
        assert (
            times[span["start"] - 1]
            >= region["meta"]["onset_ms"] / 1000 - 1e-3
            > times[span["start"] - 2] - 1e-3
        )
        assert times[span["end"] - 1] < region["meta"]["end_ms"] / 1000
        assert f'name="{region["from_name"]}"' in config_path.read_text()
    check_provenance(task["meta"])


def test_bids_folder_passes_the_validator(source: ExportSource, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_sessions([source], "bids", out)
    motion = pd.read_csv(
        out / "sub-ibusiti01/motion/sub-ibusiti01_task-oxytocinmassage_tracksys-camera_motion.tsv",
        sep="\t",
        header=None,
        na_values="n/a",
    )
    channels = pd.read_csv(
        out / "sub-ibusiti01/motion/sub-ibusiti01_task-oxytocinmassage_tracksys-camera_channels.tsv", sep="\t"
    )
    assert motion.shape == (source.session.thumbs["frame"].nunique(), len(channels))
    column = channels.index[channels["name"] == "left_thumb_lateral_cm"][0]
    left = source.session.thumbs[source.session.thumbs["hand"] == "left"]
    assert abs(motion[column] - left["lateral_cm"].to_numpy()).max() < 1e-6
    check_provenance(json.loads(next(out.glob("sub-*/motion/*_motion.json")).read_text())["GeneratedBy"][0])
    assert bids_errors(out) == []


def bids_errors(folder: Path) -> list[str]:
    import shutil
    import sys

    program = shutil.which("bids-validator-deno", path=str(Path(sys.executable).parent))
    assert program is not None, "bids-validator-deno is part of the test extra"
    result = subprocess.run([program, str(folder), "--json"], capture_output=True, text=True, timeout=120)
    report = json.loads(result.stdout)
    return [
        f"{issue['code']} {issue.get('subCode', '')} {issue.get('location', '')}"
        for issue in report["issues"]["issues"]
        if issue["severity"] == "error"
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_two_exports_are_identical_byte_by_byte(name: str, source: ExportSource, tmp_path: Path) -> None:
    first = export_sessions([source], name, tmp_path / "one")
    second = export_sessions([source], name, tmp_path / "two")
    assert [p.relative_to(tmp_path / "one") for p in first] == [
        p.relative_to(tmp_path / "two") for p in second
    ]
    for a, b in zip(first, second, strict=True):
        assert a.read_bytes() == b.read_bytes()


def check_provenance(document: dict) -> None:
    for key in ("software_version", "models", "protocol", "calibration", "parameters"):
        assert document[key] == META[key]
