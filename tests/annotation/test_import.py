"""People's annotation from ELAN, BORIS and tables; what cannot be placed is named, never dropped."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from trainer.annotation.mapping import LabelMapping, apply_mapping, read_mapping
from trainer.annotation.model import Annotation
from trainer.annotation.timeline import import_timeline, read_annotations, write_timeline
from trainer.errors import PijatError
from trainer.session.table_files import read_events


@pytest.fixture
def elan(tmp_path: Path) -> Path:
    """A document written by pympi, as a person would with ELAN."""
    from pympi.Elan import Eaf

    document = Eaf(author="ani")
    document.add_tier("Tangan kiri")
    document.add_tier("Tangan kanan")
    document.add_tier("catatan")
    document.add_annotation("Tangan kiri", 1034, 5034, "gerakan melingkar")
    document.add_annotation("Tangan kanan", 1100, 5100, "putar-putar")
    document.add_annotation("catatan", 0, 500, "mulai")
    document.remove_tier("default")
    path = tmp_path / "ani.eaf"
    document.to_file(str(path))
    return path


BORIS = {
    "observations": {
        "siti": {
            "events": [
                [1.5, "left hand", "circular_pressure", "cw|left", "", 37],
                [1.25, "right hand", "static_hold", "", "", 31],
                [2.0, "right hand", "mark", "", "", 50],
                [4.5, "left hand", "circular_pressure", "cw|left", "", 112],
                [5.75, "right hand", "static_hold", "", "", 143],
            ],
            "time offset": 0.0,
        }
    },
    "behaviors_conf": {
        "0": {
            "code": "circular_pressure",
            "type": "State event",
            "modifiers": {"0": {"name": "direction"}, "1": {"name": "side"}},
        },
        "1": {"code": "static_hold", "type": "State event", "modifiers": {}},
        "2": {"code": "mark", "type": "Point event", "modifiers": {}},
    },
}


def test_elan_with_a_mapping(elan: Path, tmp_path: Path) -> None:
    mapping_file = tmp_path / "map.yaml"
    mapping_file.write_text("labels:\n  putar-putar: circular_pressure\ntracks:\n  catatan: ignore\n")
    mapping = read_mapping(mapping_file)
    imported = import_timeline(elan, mapping)
    assert [(e.hand, e.event.label, e.event.onset_s, e.event.end_s) for e in imported.events] == [
        ("left", "circular_pressure", 1.034, 5.034),
        ("right", "circular_pressure", 1.1, 5.1),
    ]
    assert imported.ignored == {"track catatan": 1}
    target = tmp_path / "events_human.tsv"
    write_timeline(imported, target, elan, mapping)
    table = read_events(target)
    assert table["source"].tolist() == ["human", "human"]
    assert table["onset"].tolist() == [1.034, 1.1]
    assert table["duration"].tolist() == [4.0, 4.0]
    sidecar = json.loads(target.with_suffix(".json").read_text())
    assert sidecar["Source"]["ignored"] == {"track catatan": 1}
    assert len(sidecar["Source"]["sha256"]) == 64
    with pytest.raises(PijatError, match="--overwrite"):
        write_timeline(imported, target, elan, mapping)


def test_unknown_labels_and_tracks_are_all_listed(elan: Path) -> None:
    with pytest.raises(PijatError) as caught:
        import_timeline(elan, LabelMapping())
    assert "'putar-putar' (1)" in str(caught.value)
    assert "'catatan' (1)" in str(caught.value)
    assert "--mapping" in str(caught.value)


def test_boris_project_pairs_states_and_names_points(tmp_path: Path) -> None:
    path = tmp_path / "study.boris"
    path.write_text(json.dumps(BORIS))
    imported = import_timeline(path, LabelMapping())
    assert [(e.hand, e.event.label, e.event.onset_s, e.event.end_s) for e in imported.events] == [
        ("right", "static_hold", 1.25, 5.75),
        ("left", "circular_pressure", 1.5, 4.5),
    ]
    assert imported.events[1].details == {"direction": "cw", "side": "left"}
    assert imported.ignored == {"point mark": 1}
    packed = tmp_path / "study.boris.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert import_timeline(packed, LabelMapping()) == imported


def test_boris_state_without_an_end_is_refused(tmp_path: Path) -> None:
    broken = json.loads(json.dumps(BORIS))
    del broken["observations"]["siti"]["events"][3]
    path = tmp_path / "study.boris"
    path.write_text(json.dumps(broken))
    with pytest.raises(PijatError, match="circular_pressure"):
        read_annotations(path)


def test_boris_asks_which_observation(tmp_path: Path) -> None:
    two = {**BORIS, "observations": {"a": BORIS["observations"]["siti"], "b": BORIS["observations"]["siti"]}}
    path = tmp_path / "study.boris"
    path.write_text(json.dumps(two))
    with pytest.raises(PijatError, match="a, b"):
        read_annotations(path)
    assert len(read_annotations(path, "b")) == 3


def test_aggregated_table_of_boris(tmp_path: Path) -> None:
    path = tmp_path / "aggregated.tsv"
    table = pd.DataFrame(
        {
            "Observation id": "siti",
            "Subject": ["left hand", "left hand"],
            "Behavior": ["downward_pass", "mark"],
            "Behavior type": ["STATE", "POINT"],
            "Start (s)": [1.0, 2.0],
            "Stop (s)": [2.5, 2.0],
            "Duration (s)": ["1.500", "NA"],
        }
    )
    table.to_csv(path, sep="\t", index=False)
    imported = import_timeline(path, LabelMapping())
    assert [(e.event.onset_s, e.event.end_s, e.event.label) for e in imported.events] == [
        (1.0, 2.5, "downward_pass")
    ]
    assert imported.ignored == {"point mark": 1}


def test_plain_table_in_indonesian(tmp_path: Path) -> None:
    path = tmp_path / "catatan.csv"
    path.write_text(
        "mulai,durasi,gerakan,tangan,rate_hz\n1,2,usapan ke bawah,kanan,n/a\n4,1,gerakan melingkar,kiri,1.5\n"
    )
    imported = import_timeline(path, LabelMapping())
    assert [(e.hand, e.event.label) for e in imported.events] == [
        ("right", "downward_pass"),
        ("left", "circular_pressure"),
    ]
    assert imported.events[1].details == {"rate_hz": "1.5"}


def test_what_pijat_exports_comes_back_the_same(tmp_path: Path) -> None:
    """Export to ELAN and BORIS, import again: the strokes agree to the millisecond."""
    from export_sample import EXPECTED_MS, write_session

    from trainer.export.formats import export_sessions
    from trainer.export.source import open_source

    source = open_source(write_session(tmp_path / "siti"))
    for name, pattern in (
        ("eaf", "*.eaf"),
        ("boris-project", "*.boris"),
        ("boris", "*.tsv"),
        ("tsv", "*.tsv"),
    ):
        out = tmp_path / name
        export_sessions([source], name, out)
        imported = import_timeline(next(out.glob(pattern)), LabelMapping())
        for hand, expected in EXPECTED_MS.items():
            got = [
                (round(e.event.onset_s * 1000), round(e.event.end_s * 1000), e.event.label)
                for e in imported.events
                if e.hand == hand
            ]
            assert got == expected, name


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, prologue: str) -> None:
    path = tmp_path / "hostile.eaf"
    path.write_text(f'<?xml version="1.0"?>{prologue}<ANNOTATION_DOCUMENT>&x;</ANNOTATION_DOCUMENT>')
    with pytest.raises(PijatError, match="document type"):
        read_annotations(path)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.eaf", "not xml", "XML"),
        ("a.eaf", "<html/>", "html"),
        ("a.eaf", "", "XML"),
        ("a.boris", "[1]", "list"),
        ("a.boris", "{", "BORIS"),
        ("a.tsv", "onset\tduration\n1\t2\n", "label"),
        ("a.tsv", "onset\tduration\ttrial_type\thand\nsoon\t2\tother\tleft\n", "line 2"),
        ("a.csv", "start,end,label,hand\n5,2,other,left\n", "after the start"),
        ("a.docx", "", ".eaf"),
    ],
)
def test_bad_files_get_one_sentence(tmp_path: Path, name: str, content: str, word: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(PijatError, match=word) as caught:
        read_annotations(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("labels: {a: tickling}", "tickling"),
        ("tracks: {a: up}", "up"),
        ("label: {}", "label"),
        ("- 1", "labels and tracks"),
        ("labels:\n  x: other\n  x: ignore", 'line 3: expected the field "x" once'),
        ("a: [", "line 1: this is no valid YAML"),
        ("a: &x [1]\nb: *x", "anchors and aliases"),
        ("[" * 100_000, "at most 8 levels, got more"),
    ],
)
def test_bad_mappings_get_one_sentence(tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(content)
    with pytest.raises(PijatError, match=word):
        read_mapping(path)


def test_words_are_taken_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("labels: {no: ignore, 1.0: other}\ntracks: {Off: left}")
    assert read_mapping(path) == LabelMapping({"no": "ignore", "1.0": "other"}, {"off": "left"})


def test_a_track_of_both_hands_is_nobodys() -> None:
    with pytest.raises(PijatError, match="left and right"):
        apply_mapping([Annotation(0, 1, "other", "left and right")], LabelMapping(), "x")
