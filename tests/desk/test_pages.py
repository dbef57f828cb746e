"""Every page, with little and with much in the library; forms that refuse and keep what was typed."""

import datetime as dt
import io
import re

import pytest
from desk_client import Browser
from english import english_on

from trainer.desk.app import PAGES
from trainer.desk.desk import Desk
from trainer.desk.messages import every_word, words
from trainer.library.store import open_library

YESTERDAY = (dt.date.today() - dt.timedelta(days=1)).isoformat()
TOMORROW = (dt.date.today() + dt.timedelta(days=1)).isoformat()


def shown_words(page):
    """The text of a page as a person reads it, tags and data away."""
    text = re.sub(r"<(script|style|textarea|svg)\b.*?</\1>", " ", page.text, flags=re.S)
    return re.sub(r"<[^>]+>", " ", text)


@pytest.fixture
def filled(browser, session_ids):
    """One of everything: a group, people with tests, care at home, outcomes, and a demonstration of theirs."""
    library = browser.desk.library
    group, other = library.groups.add("Kelas A"), library.groups.add("Kelas B")
    people = [library.people.add(group_id=group.id) for _ in range(3)]
    people.append(library.people.add(group_id=other.id, role="mother"))
    for place, person in enumerate(people):
        for phase in ("pre", "post"):
            browser.post(f"/people/{person.id}/tests", {"phase": phase})
            sitting = library.knowledge.list(person_id=person.id)[-1]
            from trainer.desk.testing import _sheet

            sheet = _sheet(type("Call", (), {"desk": browser.desk})(), sitting)
            for number, item in enumerate(sheet.questions[:8]):
                if phase == "post" or number % (place + 2) == 0:
                    library.knowledge.answer(sitting.id, item.question.id, item.question.answer)
            library.knowledge.finish(sitting.id)
        library.home_care.add(person.id, dt.date.fromisoformat(YESTERDAY), 2, 30.0, "suami", pain=place == 0)
        for phase, value in (("before", 14.0 + place), ("after", 23.0 + 2 * place)):
            moment = dt.datetime.now().astimezone() - dt.timedelta(hours=2 if phase == "before" else 1)
            library.outcomes.add(person.id, "milk_ml", phase, moment, value)
    library.sessions.assign(session_ids["bu-siti-1"], people[0].id)
    library.sessions.assign(session_ids["bu-siti-2"], people[0].id)
    return people


def addresses(person=1, session=1):
    for method, path, _, _ in PAGES:
        if method != "GET" or "grading" in path or path.startswith("/api"):
            continue
        for name, value in (("person", person), ("session", session), ("sitting", 1)):
            path = path.replace(f"{{{name}:int}}", str(value))
        yield path.replace("{protocol:str}", "tegalagung-2022").replace("{table:str}", "people")


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_opens_in_both_languages(browser, filled, session_ids, language):
    browser.post("/language", {"language": language})
    for path in addresses(filled[0].id, session_ids["pak-budi"]):
        answer = browser.get(path)
        assert answer.status_code in (200, 303), (path, answer.text[-400:])
        own = not any(word in path for word in ("handout", "report", "feedback", "downloads", "video"))
        if own and answer.status_code == 200:
            assert f'<html lang="{language}"' in answer.text, path


def test_every_page_opens_with_nothing_in_the_library(desk, tmp_path):
    with open_library(tmp_path / "empty") as empty:
        visitor = Browser(Desk(empty, port=8090)).sit_down()
        for path in addresses():
            assert visitor.get(path).status_code in (200, 303, 404), path


def test_the_other_language_has_no_words_of_this_one(browser, filled):
    indonesian = [
        text.id for _, text in every_word() if len(text.id) > 12 and "{" not in text.id and text.id != text.en
    ]
    browser.post("/language", {"language": "en"})
    for path in addresses(filled[0].id, 1):
        if "handouts" in path or "report" in path or "feedback" in path or "downloads" in path:
            continue
        text = shown_words(browser.get(path))
        assert [word for word in indonesian if word in text] == [], path


def test_an_indonesian_page_has_no_english(browser, filled, session_ids):
    shown = [(path, browser.get(path)) for path in addresses(filled[0].id, session_ids["pak-budi"])]
    assert sum(answer.headers.get("content-type", "").startswith("text/html") for _, answer in shown) > 15
    for path, answer in shown:
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert english_on(answer.text) == [], path


def test_an_indonesian_refusal_has_no_english(browser, filled, monkeypatch):
    """Not there, not as it must be, not allowed, and a fault of ours; before anybody said who they are, and after."""
    person = filled[0].id
    forms = {
        f"/people/{person}/home-care": {"day": TOMORROW, "sessions": "x", "by_whom": ""},
        f"/people/{person}/outcomes": {"kind": "milk_ml", "phase": "before", "day": "", "value": "-4"},
        f"/people/{person}": {"role": "somebody"},
        f"/people/{person}/consent": {"given": "perhaps"},
        f"/people/{person}/delete": {"code": "another"},
        "/people": {"group": "99", "code": "x" * 500},
        "/groups": {"name": ""},
        "/who": {"facilitator": "99"},
        "/language": {"language": "xx"},
        "/nowhere": {},
    }
    stranger, faulty = Browser(browser.desk), Browser(browser.desk).sit_down()
    refused = [
        browser.get(path) for path in [*addresses(9999, 9999), "/nowhere", f"/people/{2**40}", "/?page=x"]
    ]
    refused += [browser.post(path, fields) for path, fields in forms.items()]
    refused += [
        browser.post(path, fields, headers={"sec-fetch-site": "cross-site"}) for path, fields in forms.items()
    ]
    refused += [
        browser.get("/api/sessions/9999/thumbs"),
        browser.send("/api/tests/1/answers", {"question": "x"}),
    ]
    refused += [browser.send("/questions", {}), browser.client.put("/people"), stranger.get("/people")]
    monkeypatch.setattr(browser.desk.library.people, "list", lambda *_, **__: 1 / 0)
    refused.append(faulty.get("/people"))
    monkeypatch.undo()
    assert {answer.status_code for answer in refused} >= {403, 404, 405, 422, 500}
    for answer in refused:
        if answer.status_code >= 400:
            # No page can be asked which language it is in where the framework itself refuses: both are said.
            said = (
                answer.text.splitlines()[0]
                if answer.headers["content-type"].startswith("text/plain")
                else answer.text
            )
            assert english_on(said) == [], (answer.status_code, answer.request.url.path)


def test_results_say_figures_with_method_and_warn_of_few(browser, filled):
    browser.post("/language", {"language": "en"})
    page = browser.get("/results?group=1&other=2").text
    assert "Paired t test" in page or "paired t" in page.lower()
    assert "n = 3" in page and "d_z" in page and "Wilcoxon" in page
    assert page.count("<svg") >= 3
    assert "Kelas A" in page and "Kelas B" in page


def test_tables_come_as_csv_and_workbook(browser, filled):
    from openpyxl import load_workbook

    browser.desk.library.people.change(filled[0].id, note="=HYPERLINK(1)")
    people = browser.get("/downloads/people.csv")
    assert people.headers["content-disposition"] == 'attachment; filename="pijat-people.csv"'
    assert "'=HYPERLINK(1)" in people.content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(browser.get("/downloads/tables.xlsx").content))
    assert {"people", "sessions", "verdicts", "grades", "tests", "home_care", "outcomes"} <= set(
        book.sheetnames
    )
    assert book["outcomes"].max_row == 9
    assert not any(
        isinstance(c.value, str) and c.value.startswith("=") for sheet in book for row in sheet for c in row
    )


@pytest.mark.parametrize(
    ("address", "fields", "field", "key"),
    [
        ("/people/{p}/home-care", {"day": TOMORROW, "sessions": "2", "by_whom": "x"}, "day", "future_date"),
        ("/people/{p}/home-care", {"day": "1999-01-01", "sessions": "2", "by_whom": "x"}, "day", "old_date"),
        ("/people/{p}/home-care", {"day": "kemarin", "sessions": "2", "by_whom": "x"}, "day", "not_a_date"),
        (
            "/people/{p}/home-care",
            {"day": YESTERDAY, "sessions": "-1", "by_whom": "x"},
            "sessions",
            "out_of_range",
        ),
        (
            "/people/{p}/home-care",
            {"day": YESTERDAY, "sessions": "dua", "by_whom": "x"},
            "sessions",
            "not_a_number",
        ),
        (
            "/people/{p}/home-care",
            {"day": YESTERDAY, "sessions": "nan", "by_whom": "x"},
            "sessions",
            "not_a_number",
        ),
        ("/people/{p}/home-care", {"day": YESTERDAY, "sessions": "2", "by_whom": ""}, "by_whom", "needed"),
        (
            "/people/{p}/home-care",
            {"day": YESTERDAY, "sessions": "2", "by_whom": "x" * 90},
            "by_whom",
            "too_long",
        ),
        ("/people/{p}/outcomes", {"kind": "latch", "value": "11"}, "value", "out_of_range"),
        ("/people/{p}/outcomes", {"kind": "latch", "value": "7,5"}, "value", "not_whole"),
        ("/people/{p}/outcomes", {"kind": "milk_ml", "value": "1e9"}, "value", "out_of_range"),
        ("/people/{p}/outcomes", {"kind": "nosuch", "value": "1"}, "kind", "not_a_choice"),
        ("/people", {"role": "queen", "group": "", "code": "A", "name": "Bu Ani"}, "role", "not_a_choice"),
        (
            "/people",
            {"role": "mother", "group": "999", "code": "A", "name": "Bu Ani"},
            "group",
            "not_a_choice",
        ),
        ("/people", {"role": "mother", "group": "", "code": "x" * 90, "name": "Bu Ani"}, "code", "too_long"),
        ("/import", {"path": "sesi/satu"}, "path", "not_absolute"),
        ("/import", {"path": "/no/such/folder"}, "path", "no_such_folder"),
        ("/import", {"path": ""}, "path", "needed"),
        ("/who/new", {"code": "", "name": "Bu Ani"}, "code", "needed"),
    ],
)
def test_bad_input_gets_a_sentence_beside_the_field_and_stays(browser, address, fields, field, key):
    person = browser.desk.library.people.add()
    if "outcomes" in address:
        fields = {"phase": "before", "measured_on": YESTERDAY, "measured_at": "08:00", **fields}
    for language in ("id", "en"):
        browser.post("/language", {"language": language})
        answer = browser.post(address.format(p=person.id), fields)
        assert answer.status_code == 422
        sentence = re.search(rf'id="{field}-refusal" role="alert">([^<]+)<', answer.text).group(1)
        pattern = re.escape(words(language)[key])
        assert re.fullmatch(re.sub(r"\\\{\w+\\\}", ".*", pattern), sentence.replace("&#39;", "'"))
        for name, value in fields.items():
            if value and name not in ("kind", "phase", "role", "group"):
                assert f'value="{value}"' in answer.text, name


def test_what_there_is_already_is_refused_and_stays(browser):
    library = browser.desk.library
    person = library.people.add(code="K-1")
    library.groups.add("Kelas A")
    again = browser.post("/people", {"code": "k-1", "name": "Bu Ani", "role": "trainee", "group": ""})
    assert again.status_code == 422 and 'value="k-1"' in again.text and "code-refusal" in again.text
    assert (
        'name="next" value="/people?group=1"'
        in browser.post(
            "/groups", {"group_name": "Kelas A"}, headers={"referer": "http://127.0.0.1:8090/people?group=1"}
        ).text
    )
    day = {"day": YESTERDAY, "sessions": "2", "by_whom": "suami"}
    assert browser.post(f"/people/{person.id}/home-care", day).status_code == 303
    assert browser.post(f"/people/{person.id}/home-care", day).status_code == 422
    assert len(library.home_care.list()) == 1


def test_a_test_is_taken_stopped_gone_on_with_and_looked_through_after_the_second(browser):
    person = browser.desk.library.people.add()
    browser.post(f"/people/{person.id}/tests", {"phase": "pre"})
    page = browser.get("/tests/1").text
    questions = re.findall(r'name="(q-[\w-]+)" value="([\w-]+)"', page)
    first, option = questions[0]
    assert (
        browser.send("/api/tests/1/answers", {"question": first[2:], "option": option}).json()["answered"]
        == 1
    )
    assert browser.send("/api/tests/1/answers", {"question": "nosuch", "option": "x"}).status_code == 422
    assert f'value="{option}" checked' in browser.get("/tests/1").text
    browser.post(f"/people/{person.id}/tests", {"phase": "pre"})
    assert len(browser.desk.library.knowledge.list()) == 1
    asked = browser.post("/tests/1/finish")
    assert asked.status_code == 422 and 'name="anyway"' in asked.text
    assert browser.post("/tests/1/finish", {"anyway": "1"}).status_code == 303
    assert browser.send("/api/tests/1/answers", {"question": first[2:], "option": option}).status_code == 409
    assert words("id")["review_later"] in browser.get("/tests/1/review").text
    browser.post(f"/people/{person.id}/tests", {"phase": "post"})
    answers = dict(questions)  # without a script they all come at the end
    assert browser.post("/tests/2/finish", {**answers, "anyway": "1"}).status_code == 303
    assert words("id")["review_later"] not in browser.get("/tests/1/review").text
    assert browser.desk.library.knowledge.get(2).finished_at is not None


def test_questions_can_be_changed_and_old_tests_keep_theirs(browser):
    person = browser.desk.library.people.add()
    browser.post(f"/people/{person.id}/tests", {"phase": "pre"})
    page = browser.get("/questions").text
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S).group(1)
    import html

    text = html.unescape(text).lstrip("\n")
    assert browser.post("/questions", {"bank": "{nonsense"}).status_code == 422
    same = browser.post(
        "/questions", {"bank": text.replace("Oxytocin massage knowledge test", "Another test")}
    )
    assert same.status_code == 422
    changed = text.replace("version: 1.0.0", "version: 1.1.0")
    assert browser.post("/questions", {"bank": changed}).status_code == 303
    assert "1.1.0" in browser.get("/questions").text
    assert browser.desk.library.knowledge.list()[0].bank_id == 1
    browser.post(f"/people/{person.id}/tests", {"phase": "post"})
    assert {s.bank_id for s in browser.desk.library.knowledge.list()} == {1}


def test_consent_refused_takes_the_video_away(browser, session_ids):
    session_id = session_ids["pak-budi"]
    person = browser.desk.library.people.add()
    browser.post(f"/sessions/{session_id}/person", {"code": person.code})
    assert browser.get(f"/sessions/{session_id}/video").status_code == 200
    assert "pak-budi" in browser.get("/privacy").text
    browser.post(f"/people/{person.id}/consent", {"kind": "video", "given": "0"})
    assert browser.get(f"/sessions/{session_id}/video").status_code == 404
    browser.post(f"/sessions/{session_id}/start", {"blind": "0"})
    assert 'id="back"' in browser.get(f"/sessions/{session_id}/grade").text
    assert browser.post(f"/sessions/{session_id}/video/delete").status_code == 303
    assert not browser.desk.library.sessions.open(session_id).record.has_video


def test_export_delete_and_the_log(browser, session_ids, folders):
    person = browser.desk.library.people.add(code="K-7", name="Bu Wati")
    browser.post(f"/sessions/{session_ids['bu-siti-2']}/person", {"code": person.code})
    exported = browser.post(f"/people/{person.id}/export")
    assert exported.status_code == 200
    (folder,) = (folders / "exports" / "K-7").iterdir()
    assert (folder / "person.json").is_file() and str(folder) in exported.text
    assert browser.post(f"/people/{person.id}/delete", {"code": "K-8"}).status_code == 422
    receipt = browser.post(f"/people/{person.id}/delete", {"code": "K-7"})
    assert words("id")["receipt_ok"] in receipt.text
    assert not (folders / "bu-siti-2").exists() and not folder.exists()
    log = browser.get("/audit").text
    assert "Bu Wati" not in log and "K-7" not in log
    assert browser.get(f"/people/{person.id}").status_code == 404


def test_a_locked_or_missing_database_is_said_and_comes_back(folders):
    import sqlite3

    with open_library(folders, busy_s=0.5) as library:
        _lock_and_lose(Browser(Desk(library, port=8090)).sit_down(), folders, sqlite3)


def _lock_and_lose(browser, folders, sqlite3):
    from trainer.library.location import DATABASE_NAME

    database = folders / DATABASE_NAME
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answer = browser.post("/groups", {"group_name": "Kelas B"})
    holder.execute("ROLLBACK")
    holder.close()
    assert answer.status_code == 503 and words("id")["busy"] in answer.text
    assert browser.post("/groups", {"group_name": "Kelas B"}).status_code == 303
    away = database.with_name("away")
    database.rename(away)
    gone = browser.get("/people")
    assert gone.status_code == 503 and "hilang atau diganti" in gone.text
    away.rename(database)
    assert browser.get("/people").status_code == 200
