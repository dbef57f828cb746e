"""Grading over HTTP: decisions, conflicts, signature, history, and what a blind grader is never sent."""

import json
import re
import shutil
from dataclasses import replace

import pytest
from desk_client import Browser

from scripts.common.drawn_folders import builtin_score, write_folder
from scripts.common.drawn_score import mixed_score
from scripts.common.drawn_sessions import synthetic
from trainer.desk.app import PAGES
from trainer.desk.demonstration import read_demonstration
from trainer.desk.desk import Desk
from trainer.desk.scales import Rules, rules_of
from trainer.library.store import open_library
from trainer.protocol.library import builtin
from trainer.protocol.ratings import RATINGS
from trainer.session.score_file import score_of

MARK = "PENANDA"


def document_of(page):
    found = re.search(r'<script type="application/json" id="document">(.*?)</script>', page.text, re.S)
    return json.loads(found.group(1))


def read_score(folder):
    return json.loads((folder / "score.json").read_text(encoding="utf-8"))


def begin(browser, session_id, *, blind=False):
    assert browser.post(f"/sessions/{session_id}/start", {"blind": "1" if blind else "0"}).status_code == 303
    return document_of(browser.get(f"/sessions/{session_id}/grade"))


def grade(browser, session_id, item, level, version, comment=""):
    return browser.send(
        f"/api/sessions/{session_id}/grades",
        {"item": item, "level": level, "comment": comment, "version": version, "spent_s": 12},
    )


def grade_all(browser, session_id, document, level=2, comment="alasan"):
    version = document["version"]
    for item in document["items"]:
        answer = grade(browser, session_id, item["id"], level, version, comment)
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
    return version


def test_each_item_shows_the_cameras_word_with_reason_measures_and_evidence(browser, session_ids):
    document = begin(browser, session_ids["bu-siti-1"])
    by_id = {item["id"]: item for item in document["items"]}
    circles = by_id["f"]["camera"]
    assert (circles["verdict"], circles["level"]) == ("met", 2)
    assert "Lingkaran Anda kecil" in circles["reason"]
    assert circles["measures"][0] == {
        "text": "Kecepatan melingkar: 1,08 ± 0,06\N{NO-BREAK SPACE}putaran/detik (0,5–2)",
        "inside": True,
    }
    assert circles["evidence"][0] == [6, 210.0, None, False]
    assert by_id["g"]["camera"]["level"] == 1
    assert by_id["e"]["camera"]["level"] is None
    assert by_id["a"]["person"] and by_id["a"]["camera"]["level"] is None
    assert [level["level"] for level in document["levels"]] == [0, 1, 2]


def test_what_a_browser_keeps_unsent_belongs_to_one_grading_of_one_library(drawn_folders, tmp_path):
    """Another library, served later at the same address, counts its sessions and gradings from 1 too."""
    marks = []
    for name in ("monday", "tuesday"):
        top = shutil.copytree(drawn_folders, tmp_path / name)
        with open_library(top) as library:
            library.folders.add(top)
            document = begin(Browser(Desk(library, port=8090)).sit_down(), 1)
        assert document["grading"] == 1
        marks.append(document["mark"])
    assert marks[0] != marks[1]


@pytest.mark.parametrize(
    ("item", "level", "decision", "points"),
    [
        ("f", 2, "confirmed", 2.0),
        ("f", 0, "overridden", 0.0),
        ("g", 1, "confirmed", 1.0),
        ("e", 1, "rated", 1.0),  # the camera did not see it
        ("a", 2, "ticked", 2.0),
        ("f", None, "not_observed", None),
    ],
)
def test_what_a_rating_amounts_to(browser, session_ids, item, level, decision, points):
    session_id = session_ids["bu-siti-1"]
    document = begin(browser, session_id)
    answer = grade(browser, session_id, item, level, document["version"], "karena").json()
    assert answer["grade"] == {"level": level, "decision": decision, "comment": "karena", "revision": 1}
    (grading,) = browser.desk.library.sessions.open(session_id).gradings
    assert grading.grade(item).rating == points
    assert grading.spent_s == 12


@pytest.mark.parametrize("level", [3, -1, 0.5, "2", True, [1]])
def test_ratings_off_the_scale_are_refused(browser, session_ids, level):
    session_id = session_ids["bu-siti-1"]
    document = begin(browser, session_id)
    answer = grade(browser, session_id, "f", level, document["version"])
    assert answer.status_code == 422 and "0 sampai 2" in answer.json()["error"]
    assert grade(browser, session_id, "nosuch", 1, document["version"]).status_code == 404
    assert grade(browser, session_id, "f", 1, document["version"], "x" * 3000).status_code == 422


@pytest.mark.parametrize("scale", ["done_not_done", "0-2", "1-4"])
def test_every_verdict_has_a_level_on_every_scale(scale):
    rules = Rules(scale, None, True)
    levels = [value for value, _ in RATINGS[scale]]
    assert rules.level_of(9.0, 9.0) == levels[-1]
    assert rules.level_of(3.0 * levels[0] / rules.best, 3.0) == levels[0]
    for level in levels:
        assert rules.level_of(level / rules.best * 3.0, 3.0) == level


def test_each_builtin_protocol_is_rated_on_its_own_scale():
    meta = synthetic(10, rounds=1).meta
    for name in ("tegalagung-2022", "bulukumba-2023", "jabodetabek-2025"):
        score = score_of(builtin_score(dict(mixed_score()), name))
        assert rules_of(meta, score).scale == builtin(name).scale
    assert not rules_of(meta, replace(score, protocol_id="milik-sendiri")).known


def test_a_grade_saved_meanwhile_is_told_and_nothing_is_lost(browser, session_ids):
    session_id = session_ids["bu-siti-1"]
    document = begin(browser, session_id)
    here = grade(browser, session_id, "f", 2, document["version"])
    # The same facilitator on a second screen, which still shows the old version.
    late = grade(browser, session_id, "f", 0, document["version"], "lingkaran terlalu besar")
    assert late.status_code == 409
    told = late.json()
    assert told["version"] == here.json()["version"]
    assert told["grades"]["f"]["level"] == 2
    assert grade(browser, session_id, "f", 0, told["version"], "lingkaran terlalu besar").status_code == 200
    history = browser.get(f"/sessions/{session_id}/gradings/{document['grading']}/history").text
    assert "lingkaran terlalu besar" in history and "membenarkan kamera" in history


def test_two_facilitators_at_once_lose_nothing(browser, another, session_ids):
    session_id = session_ids["bu-siti-1"]
    first, second = begin(browser, session_id), begin(another, session_id)
    versions = [first["version"], second["version"]]
    for item in [item["id"] for item in first["items"]]:
        for place, (who, level) in enumerate(((browser, 2), (another, 1))):
            answer = grade(who, session_id, item, level, versions[place], "alasan")
            assert answer.status_code == 200
            versions[place] = answer.json()["version"]
    gradings = browser.desk.library.sessions.open(session_id).gradings
    assert [len(grading.grades) for grading in gradings] == [13, 13]
    assert {grade.rating for grade in gradings[1].grades} == {1.0}


def test_an_unfinished_grading_is_not_signed(browser, session_ids):
    session_id = session_ids["bu-siti-1"]
    document = begin(browser, session_id)
    version = grade(browser, session_id, "f", 0, document["version"]).json()["version"]
    refused = browser.send(f"/api/sessions/{session_id}/sign", {"version": version, "spent_s": 60})
    assert refused.status_code == 422
    assert refused.json()["unsaid"] == ["f"] and len(refused.json()["left"]) == 12
    assert browser.desk.library.sessions.open(session_id).gradings[0].signed_at is None


def test_signed_and_then_changed_keeps_both(browser, session_ids):
    session_id = session_ids["bu-siti-1"]
    document = begin(browser, session_id)
    version = grade_all(browser, session_id, document)
    signed = browser.send(f"/api/sessions/{session_id}/sign", {"version": version, "spent_s": 95})
    assert signed.status_code == 200
    assert grade(browser, session_id, "e", 1, signed.json()["version"], "dilihat lagi").status_code == 200
    page = browser.get(f"/sessions/{session_id}").text
    assert "diubah setelah ditandatangani" in page
    history = browser.get(f"/sessions/{session_id}/gradings/{document['grading']}/history").text
    assert "dilihat lagi" in history and "setelah tanda tangan" in history
    (grading,) = browser.desk.library.sessions.open(session_id).gradings
    assert grading.spent_s == 95


@pytest.fixture
def marked(folders, library):
    """A session whose every word and figure from the camera can be told when it is met."""
    score = builtin_score(dict(mixed_score(60.0)))
    for item in score["items"]:
        item["message"] = {"id": f"{MARK} pesan {item['id']}", "en": f"{MARK} message {item['id']}"}
        for measure in item["measures"]:
            measure["label"] = {"id": f"{MARK} ukuran", "en": f"{MARK} measure"}
            measure["value"] = 7.7777
    score["percent"] = 73.0 + 7 / 9
    write_folder(folders / "buta", 60, seed=9, score=score, warnings=[{"id": MARK, "en": MARK}])
    library.folders.add(folders / "buta")
    session_id = next(record.id for record in library.sessions.list().items if record.title == "buta")
    person = library.people.add(code="P-0042")
    library.sessions.assign(session_id, person.id)
    return session_id


MORE = {
    "/": ("?sort=percent",),
    "/agreement": ("?protocol=tegalagung-2022&first=camera&second=F-02",),
    "/results": ("?group=",),
}
"""Addresses that show something else when more is asked."""


def everything(browser, session_id, *grading_ids, person_id=1, languages=("id", "en")):
    """Every page and file that the desk gives to a GET."""
    values = {"session": session_id, "person": person_id, "protocol": "tegalagung-2022"}
    for language in languages:
        browser.post("/language", {"language": language})
        for method, path, _, _ in PAGES:
            if method != "GET" or "sitting" in path or path == "/questions":
                continue
            for name, value in values.items():
                path = re.sub(rf"\{{{name}:\w+\}}", str(value), path)
            for grading_id in grading_ids if "{grading" in path else grading_ids[:1]:
                for table in ("sessions", "verdicts", "grades") if "{table" in path else ("",):
                    here = path.replace("{grading:int}", str(grading_id)).replace("{table:str}", table)
                    for more in ("", *MORE.get(path, ())):
                        yield browser.get(here + more)


def leaks(answer):
    # Workbooks are packed; their text must be looked for inside.
    content = answer.content
    if content[:2] == b"PK":
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"".join(packed.read(name) for name in packed.namelist())
    text = content.decode("utf-8", "replace")
    return [
        sign
        for sign in (MARK, "7.7777", "7,7777", "7.78", "7,78", "73.7", "73,7", "74 %", "74%", "74&nbsp;%")
        if sign in text
    ]


@pytest.mark.slow
def test_a_blind_grader_is_sent_nothing_of_the_camera(desk, marked):
    seeing = Browser(desk).sit_down("F-02", "Bidan Rina")
    version = grade_all(seeing, marked, begin(seeing, marked), level=1)
    seeing.send(f"/api/sessions/{marked}/sign", {"version": version, "spent_s": 60})
    seen = [leaks(answer) for answer in everything(seeing, marked, 1, languages=("id",))]
    assert any(MARK in found for found in seen)  # the test would notice

    blind = Browser(desk).sit_down("F-03", "Bidan Sari")
    document = begin(blind, marked, blind=True)
    assert all(item["camera"] is None for item in document["items"])
    assert document["timeline"] is None and document["colours"] == {}
    for answer in everything(blind, marked, 1, document["grading"]):
        assert leaks(answer) == [], answer.url
    assert "overridden" not in blind.get("/audit").text and "overridden" in seeing.get("/audit").text
    for path in (
        f"/api/sessions/{marked}/timeline",
        f"/sessions/{marked}/report",
        f"/sessions/{marked}/feedback",
    ):
        assert blind.get(path).status_code == 403
    assert blind.get(f"/sessions/{marked}/gradings/1/history").status_code == 403
    assert blind.get(f"/api/sessions/{marked}/thumbs").status_code == 200

    # What comes back from a save depends on nothing that the camera said.
    decisions = set()
    version = document["version"]
    for item in document["items"]:
        answer = grade(blind, marked, item["id"], 1, version)
        assert leaks(answer) == []
        decisions.add((item["person"], answer.json()["grade"]["decision"]))
        version = answer.json()["version"]
    assert decisions == {(True, "ticked"), (False, "rated")}
    conflict = grade(blind, marked, "f", 0, 1)
    assert conflict.status_code == 409 and leaks(conflict) == []

    signed = blind.send(f"/api/sessions/{marked}/sign", {"version": version, "spent_s": 60})
    assert signed.status_code == 200
    shown = document_of(blind.get(f"/sessions/{marked}/grade"))
    assert not shown["hidden"] and MARK in shown["items"][0]["camera"]["reason"]
    assert blind.get(f"/api/sessions/{marked}/timeline").status_code == 200


@pytest.mark.slow
def test_who_wishes_to_be_blind_sees_no_result_before_grading(desk, marked):
    blind = Browser(desk).sit_down("F-03", "Bidan Sari", blind=True)
    for answer in everything(blind, marked, 1):
        assert leaks(answer) == [], answer.url


def test_what_is_watched_is_the_same_for_all(browser, session_ids, library):
    import numpy as np
    import pandas as pd

    session_id = session_ids["bu-siti-1"]
    content = browser.get(f"/api/sessions/{session_id}/thumbs").content
    assert content[:4] == b"PJT1"
    left, right = np.frombuffer(content, "<u4", 2, 4)
    table = pd.read_parquet(library.sessions.open(session_id).folder / "thumbs.parquet")
    assert left == (table["hand"] == "left").sum() and right == (table["hand"] == "right").sum()
    rows = table[table["hand"] == "left"].sort_values("time_s")
    times = np.frombuffer(content, "<f4", left, 12)
    assert np.allclose(times, rows["time_s"], atol=1e-3)
    lateral = np.frombuffer(content, "<i2", left, 12 + 4 * left).astype(float)
    lateral[lateral == -32768] = np.nan
    assert np.allclose(lateral / 100, rows["lateral_cm"].astype(float), atol=0.006, equal_nan=True)
    timeline = browser.get(f"/api/sessions/{session_id}/timeline").json()
    assert len(timeline["strokes"]) == len(
        pd.read_csv(library.sessions.open(session_id).folder / "events.tsv", sep="\t")
    )


def test_only_the_sessions_own_video_is_sent_and_in_parts(browser, session_ids, library, folders, tmp_path):
    session_id = session_ids["pak-budi"]
    whole = browser.get(f"/sessions/{session_id}/video")
    assert whole.status_code == 200 and whole.headers["content-type"] == "video/webm"
    part = browser.get(f"/sessions/{session_id}/video", headers={"range": "bytes=100-199"})
    assert part.status_code == 206 and part.content == whole.content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert browser.get(f"/sessions/{session_ids['bu-siti-1']}/video").status_code == 404
    secret = tmp_path / "rahasia.webm"
    secret.write_bytes(b"secret")
    (folders / "pak-budi" / "practice.webm").unlink()
    (folders / "pak-budi" / "practice.webm").symlink_to(secret)
    assert browser.get(f"/sessions/{session_id}/video").status_code == 404


def test_a_report_from_elsewhere_runs_apart_from_the_desk(browser, session_ids, folders):
    (folders / "bu-siti-2" / "report.html").write_text(
        '<meta http-equiv="Content-Security-Policy" content="default-src *"><script>fetch("/people")</script>',
        encoding="utf-8",
    )
    policy = browser.get(f"/sessions/{session_ids['bu-siti-2']}/report").headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy and "allow-same-origin" not in policy
    assert "default-src 'none'" in policy and "connect-src" not in policy


def test_missing_and_damaged_folders_are_said(browser, session_ids, folders):
    session_id = session_ids["bu-siti-2"]
    (folders / "bu-siti-2" / "score.json").write_text("{", encoding="utf-8")
    page = browser.get(f"/sessions/{session_id}")
    assert page.status_code == 200 and "score.json" in page.text
    assert browser.get(f"/sessions/{session_id}/grade").status_code == 303
    (folders / "bu-siti-2").rename(folders / ".away")
    assert browser.post("/check").status_code == 200
    listed = browser.get("/").text
    assert "folder hilang" in listed and "1 folder hilang" in listed
    assert browser.get(f"/api/sessions/{session_id}/thumbs").status_code == 404


def test_marks_of_the_demonstration_are_read_as_written(folders):
    demonstration = read_demonstration(folders / "bu-siti-1")
    assert len(demonstration.score.items) == len(read_score(folders / "bu-siti-1")["items"])
    assert demonstration.meta.video.duration_s == 900


def figures(page):
    """The first row of figures of the agreement page, without markup."""
    row = re.search(r"<tr data-row[^>]*>(.*?)</tr>", page.text, re.S).group(1)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip()


def test_agreement_follows_every_change_also_with_very_many_ratings(
    browser, another, session_ids, monkeypatch
):
    from trainer.desk import agreement

    session_id = session_ids["bu-siti-2"]
    for who, level in ((browser, 2), (another, 1)):
        document = begin(who, session_id)
        version = grade_all(who, session_id, document, level=level)
        assert (
            who.send(f"/api/sessions/{session_id}/sign", {"version": version, "spent_s": 9}).status_code
            == 200
        )
    address = "/agreement?protocol=tegalagung-2022&first=F-01&second=F-02"
    all_pairs = browser.get(address)
    assert all_pairs.text.count("<tr data-row") >= 4
    monkeypatch.setattr(agreement, "_MOST_AT_ONCE", 1)
    one_pair = browser.get(address)
    assert "first=camera&amp;second=F-02" in one_pair.text
    assert figures(one_pair).startswith("F-01 – F-02 1 13 0 0 %")
    assert figures(one_pair) in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", all_pairs.text))
    # A rating that is changed counts at once, although ratings are kept between two looks.
    later = begin(another, session_id)
    assert grade(another, session_id, "f", 2, later["version"], "dilihat lagi").status_code == 200
    assert figures(browser.get(address)).startswith("F-01 – F-02 1 13 0 8 %")


def test_a_desk_for_others_needs_a_passphrase(library):
    from trainer.desk.serving import DeskOptions, make_server
    from trainer.errors import PijatError
    from trainer.serving.address import Address

    address = Address(("127.0.0.1:8090",), "unused")
    with pytest.raises(PijatError, match="pijat library passphrase"):
        make_server(DeskOptions(lan=True), library, address)
    library.passphrase.set("pijat punggung ibu")
    make_server(DeskOptions(lan=True), library, address)
