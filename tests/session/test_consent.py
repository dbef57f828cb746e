"""``consent.json``: every word kept, the newest counts, strictly read."""

import datetime as dt
import json

import pytest

from scripts.common.drawn_folders import write_folder
from trainer.errors import PijatError, UsageError
from trainer.session.consent import give_consent, read_consent, take_back

DAY = dt.date(2026, 3, 1)
WORD = {"given": True, "date": "2026-03-01", "taken_by": "C", "mother": "A", "companion": "B"}
GOOD = {"schema_version": 1, "id": "0" * 32, "words": [WORD], "collected": ["/data"]}


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "session", 5.0)


def test_every_word_is_kept_and_the_newest_counts(folder):
    assert read_consent(folder) is None
    first = give_consent(folder, mother="  Bu   Sari ", companion="Pak Budi", taken_by="Bidan Ani", date=DAY)
    assert first.newest.mother == "Bu Sari" and len(first.id) == 32
    taken = take_back(folder, first, taken_by="Bidan Rina", date=DAY)
    again = give_consent(folder, mother="Bu Sari", companion="Bu Dewi", taken_by="Bidan Ani", date=DAY)
    assert read_consent(folder) == again
    assert again.id == taken.id == first.id
    assert [word.given for word in again.words] == [True, False, True]
    assert again.words[1].mother is None and again.newest.companion == "Bu Dewi"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"mother": " "}, "the mother's name"),
        ({"companion": ""}, "the companion's name"),
        ({"taken_by": "x" * 201}, "who took the consent"),
        ({"mother": "a\u202eb"}, "the mother's name"),
        ({"date": dt.date(2199, 1, 1)}, "today or before"),
    ],
)
def test_who_agreed_is_named_and_the_day_has_come(folder, changed, named):
    fields = {"mother": "A", "companion": "B", "taken_by": "C", "date": DAY} | changed
    with pytest.raises(UsageError, match=named):
        give_consent(folder, **fields)
    assert not (folder / "consent.json").exists()


def test_only_a_session_can_be_agreed_to(tmp_path):
    with pytest.raises(PijatError, match=r"session\.json"):
        give_consent(tmp_path, mother="A", companion="B", taken_by="C", date=DAY)


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (GOOD | {"id": "../../../etc"}, "id"),
        (GOOD | {"id": None}, "id"),
        (GOOD | {"words": []}, "words"),
        (GOOD | {"words": [WORD | {"given": 1}]}, "given"),
        (GOOD | {"words": [WORD | {"date": "soon"}]}, "date"),
        (GOOD | {"words": [WORD | {"date": "0001-01-01"}]}, "date"),
        (GOOD | {"words": [{k: v for k, v in WORD.items() if k != "mother"}]}, "mother"),
        (GOOD | {"words": [WORD | {"companion": ""}]}, "companion"),
        (GOOD | {"collected": "/data"}, "collected"),
        (GOOD | {"collected": [["/data"]]}, "collected"),
        ({k: v for k, v in GOOD.items() if k != "collected"}, "collected"),
        (GOOD | {"schema_version": 2}, "schema version"),
        ([], "JSON"),
    ],
)
def test_what_is_damaged_is_one_sentence_that_names_the_field(folder, document, named):
    (folder / "consent.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(PijatError) as refused:
        read_consent(folder)
    said = refused.value.text
    assert named in said.en and "consent.json" in said.en and "consent.json" in said.id
    assert "analyse" not in said.en and "\n" not in said.en


def test_a_good_one_is_read(folder):
    (folder / "consent.json").write_text(json.dumps(GOOD), encoding="utf-8")
    consent = read_consent(folder)
    assert (
        consent is not None
        and consent.newest.given
        and [str(path) for path in consent.collected] == ["/data"]
    )


def test_a_link_to_elsewhere_is_refused(folder, tmp_path):
    (tmp_path / "other.json").write_text(json.dumps(GOOD), encoding="utf-8")
    (folder / "consent.json").symlink_to(tmp_path / "other.json")
    with pytest.raises(PijatError, match="link"):
        read_consent(folder)
