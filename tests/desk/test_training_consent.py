"""The desk's form on which mother and companion let a session's pictures train Pijat, and take it back."""

import datetime as dt

import pytest

from trainer.collection.dataset import prepare, write_pictures
from trainer.session.consent import read_consent, with_collected, write_consent

TODAY = dt.date.today()
FORM = {
    "mother": "Bu <b>Sari</b>",
    "companion": "Pak Budi",
    "agreed_on": TODAY.isoformat(),
    "mother_agrees": "1",
    "companion_agrees": "1",
}


@pytest.fixture
def session(library, session_ids):
    """The session of which the video was kept."""
    return library.sessions.get(session_ids["pak-budi"])


@pytest.fixture
def agreed(browser, session):
    """Its people agree."""
    assert browser.post(f"/sessions/{session.id}/training", FORM).status_code == 303
    return session


def collected_into(folder, session):
    """A data set that holds one picture of the session."""
    consent = read_consent(session.folder)
    prepare(folder)
    write_consent(session.folder, with_collected(consent, [folder]))
    write_pictures(folder, consent.id, [(b"picture", {"file": f"{consent.id}_0000000.jpg"})])
    return folder


def test_both_agree_and_the_page_says_who_and_when(agreed, browser, library):
    consent = read_consent(agreed.folder)
    assert consent.newest.given and consent.newest.date == TODAY
    assert (consent.newest.mother, consent.newest.companion) == ("Bu <b>Sari</b>", "Pak Budi")
    assert consent.newest.taken_by == "Bidan Ani"
    page = browser.get(f"/sessions/{agreed.id}").text
    assert "Bu &lt;b&gt;Sari&lt;/b&gt; (ibu) dan Pak Budi (pendamping) setuju" in page
    assert "mother_agrees" not in page
    newest = library.audit.list().items[0]
    assert (newest.action, newest.subject) == ("give training consent", f"session:{agreed.id}")
    assert "Sari" not in str(newest)
    # What people say of it changes nothing of the session.
    assert library.folders.check() == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"companion_agrees": ""}, "companion_agrees"),
        ({"mother_agrees": ""}, "mother_agrees"),
        ({"companion": " "}, "companion"),
        ({"agreed_on": "2199-01-01"}, "agreed_on"),
    ],
)
def test_what_is_lacking_is_said_beside_its_field_and_nothing_is_noted(browser, session, changed, field):
    answer = browser.post(f"/sessions/{session.id}/training", FORM | changed)
    assert answer.status_code == 422
    assert f'id="{field}-refusal"' in answer.text and "Bu &lt;b&gt;Sari" in answer.text
    assert read_consent(session.folder) is None


def test_taking_it_back_deletes_the_pictures_and_says_where(agreed, browser, tmp_path):
    data = collected_into(tmp_path / "data", agreed)
    assert str(data) in browser.get(f"/sessions/{agreed.id}").text
    answer = browser.post(f"/sessions/{agreed.id}/training/withdraw")
    assert answer.status_code == 200 and f"{data}: 1 gambar dihapus." in answer.text
    assert [path.name for path in data.iterdir()] == ["dataset.json"]
    assert not read_consent(agreed.folder).newest.given
    assert "Dicabut pada" in browser.get(f"/sessions/{agreed.id}").text


def test_a_person_who_refuses_takes_it_back_too_and_is_not_asked_again(agreed, browser, library, tmp_path):
    data = collected_into(tmp_path / "data", agreed)
    person = library.people.add()
    library.sessions.assign(agreed.id, person.id)
    browser.post(f"/people/{person.id}/consent", {"kind": "research", "given": "0"})
    assert not read_consent(agreed.folder).newest.given and not list(data.glob("*.jpg"))
    assert "mother_agrees" not in browser.get(f"/sessions/{agreed.id}").text
    assert browser.post(f"/sessions/{agreed.id}/training", FORM).status_code == 422
    assert not read_consent(agreed.folder).newest.given


def test_pictures_that_cannot_be_found_are_named(agreed, browser, library, tmp_path):
    data = collected_into(tmp_path / "data", agreed)
    data.rename(tmp_path / "moved")
    person = library.people.add()
    library.sessions.assign(agreed.id, person.id)
    answer = browser.post(f"/people/{person.id}/consent", {"kind": "video", "given": "0"})
    assert answer.status_code == 200 and str(data) in answer.text and "belum terhapus" in answer.text


def test_deleting_a_person_deletes_collected_pictures(agreed, library, tmp_path):
    data = collected_into(tmp_path / "data", agreed)
    person = library.people.add()
    library.sessions.assign(agreed.id, person.id)
    receipt = library.people.delete(person.id)
    assert receipt.verified and not agreed.folder.exists()
    assert [path.name for path in data.iterdir()] == ["dataset.json"]


def test_deleting_a_person_names_pictures_that_were_moved_away(agreed, library, tmp_path):
    data = collected_into(tmp_path / "data", agreed)
    data.rename(tmp_path / "moved")
    person = library.people.add()
    library.sessions.assign(agreed.id, person.id)
    receipt = library.people.delete(person.id)
    assert not receipt.verified and any(str(data) in left.en for left in receipt.remaining)


def test_a_damaged_consent_is_said_and_the_rest_of_the_page_is_there(session, browser):
    (session.folder / "consent.json").write_text("[]", encoding="utf-8")
    page = browser.get(f"/sessions/{session.id}")
    assert page.status_code == 200 and "consent.json" in page.text and "mother_agrees" not in page.text
